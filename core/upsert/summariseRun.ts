import type { MappedContact } from '../contact/contact';
import type { OutcomeStatus, ReasonCode } from '../outcome';
import { adviceFor, eventOf, OUTCOME_STATUSES } from '../outcome';
import type { ContactResult } from './contactResult';
import type { UpsertReport } from './upsertContacts';

/** How many ended with one reason. */
export interface ReasonCount {
	readonly status: OutcomeStatus;
	readonly code: ReasonCode;
	readonly count: number;
	/** What happened, or what to do about it. */
	readonly reason: string;
}

/** A run in numbers. In a dry run the statuses are those that the real run would have. */
export interface RunSummary {
	readonly dryRun: boolean;
	readonly contacts: number;
	/** All of them together are `contacts`. */
	readonly statuses: Readonly<Partial<Record<OutcomeStatus, number>>>;
	readonly reasons: readonly ReasonCount[];
	/** Contacts that opted out at the source. */
	readonly optOuts: {
		readonly contacts: number;
		/** Written in this run, or would be. */
		readonly written: number;
		/** Among those: addresses that no contact has. */
		readonly addresses: number;
		/** They were blocked before. */
		readonly already: number;
	};
	/** Where marketing contacts were to be set: how many were, or would be, and how many were not stored. */
	readonly marketing?: { readonly set: number; readonly notSet: number };
	readonly tasks: number;
	readonly calls: number;
	/** Of a dry run: calls among them that opt out one address each. */
	readonly optOutCalls?: number;
	/** At the speed that the account allows, where that is known. */
	readonly minutes?: number;
	readonly failure?: { readonly code: ReasonCode; readonly reason: string };
}

/** Counts what became of the contacts; `results[i]` is about `contacts[i]`. */
export function summariseRun(
	contacts: ReadonlyArray<MappedContact | undefined>,
	{ results, cost, failure, marketing }: UpsertReport,
	dryRun: boolean,
): RunSummary {
	const optedOut = results.filter((_result, index) => contacts[index]?.optedOut === true);
	const isWritten = (one: ContactResult): boolean => !['unchanged', 'excluded', 'failed'].includes(statusOf(one));
	const written = optedOut.filter(isWritten);
	return {
		dryRun,
		contacts: results.length,
		statuses: Object.fromEntries(
			OUTCOME_STATUSES.flatMap((status) => {
				const count = results.filter((one) => statusOf(one) === status).length;
				return count === 0 ? [] : [[status, count]];
			}),
		),
		reasons: reasonsOf(results),
		optOuts: {
			contacts: optedOut.length,
			written: written.length,
			addresses: written.filter(({ outcome }) => outcome.code === 'ADDRESS_OPTED_OUT').length,
			already: optedOut.filter((one) => statusOf(one) === 'unchanged' && one.outcome.code !== 'OPT_OUT_IMPORTED')
				.length,
		},
		...(marketing ? { marketing: { set: marketing.set, notSet: marketing.notSet } } : {}),
		tasks: cost?.tasks ?? 0,
		calls: cost?.calls ?? 0,
		...(cost?.optOutCalls === undefined ? {} : { optOutCalls: cost.optOutCalls }),
		...(cost?.callsPerSecond === undefined ? {} : { minutes: minutesFor(cost.calls, cost.callsPerSecond) }),
		...(failure ? { failure: { code: failure.code, reason: failure.reason } } : {}),
	};
}

/** In tenths. */
export const minutesFor = (calls: number, callsPerSecond: number): number =>
	Math.ceil((calls / callsPerSecond / 60) * 10) / 10;

const statusOf = ({ outcome: { status, wouldBe } }: ContactResult): OutcomeStatus => wouldBe ?? status;

function reasonsOf(results: readonly ContactResult[]): ReasonCount[] {
	const counts = new Map<string, ReasonCount>();
	for (const result of results) {
		const { code } = result.outcome;
		if (code === undefined) continue;
		const status = statusOf(result);
		const known = counts.get(`${status} ${code}`);
		const reason = eventOf(code) ?? adviceFor(code);
		counts.set(`${status} ${code}`, { status, code, count: (known?.count ?? 0) + 1, reason });
	}
	return [...counts.values()].sort((a, b) => b.count - a.count);
}
