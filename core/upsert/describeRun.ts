import type { Outcome, OutcomeStatus, ReasonCode } from '../outcome';
import { OUTCOME_STATUSES } from '../outcome';
import type { UpsertReport } from './upsertContacts';

type Results = UpsertReport['results'];

/** A run in few words, for a search in past executions, such as `1,000 contacts: 980 created, 15 updated, 5 failed (DESTINATION_REFUSED 5)`. */
export function describeTotals(results: Results): string {
	const parts = countsOf(results, ({ status, wouldBe = status }) => wouldBe).map(
		({ status, count, codes }) => `${count} ${status}${codes}`,
	);
	return [inWords(results.length, 'contact'), ...(parts.length > 0 ? [parts.join(', ')] : [])].join(': ');
}

interface Count {
	readonly status: OutcomeStatus;
	readonly count: string;
	/** ` (CODE 3, OTHER_CODE 1)`, or nothing. */
	readonly codes: string;
}

/** How many results there are of each status, in the order of `OUTCOME_STATUSES`. */
function countsOf(results: Results, statusOf: (outcome: Outcome) => OutcomeStatus): readonly Count[] {
	const counts = new Map<OutcomeStatus, { count: number; codes: Map<ReasonCode, number> }>();
	for (const { outcome } of results) {
		const status = statusOf(outcome);
		const entry = counts.get(status) ?? { count: 0, codes: new Map<ReasonCode, number>() };
		entry.count += 1;
		if (outcome.code) entry.codes.set(outcome.code, (entry.codes.get(outcome.code) ?? 0) + 1);
		counts.set(status, entry);
	}
	return OUTCOME_STATUSES.flatMap((status) => {
		const entry = counts.get(status);
		if (!entry) return [];
		const codes = [...entry.codes].map(([code, count]) => `${code} ${grouped(count)}`);
		return [{ status, count: grouped(entry.count), codes: codes.length > 0 ? ` (${codes.join(', ')})` : '' }];
	});
}

export const grouped = (count: number): string => count.toLocaleString('en-US');

export const inWords = (count: number, noun: string): string => `${grouped(count)} ${noun}${count === 1 ? '' : 's'}`;
