import type { MappedContact } from '../contact/contact';
import type { Clock } from '../ports';
import type { Failure } from '../result';
import type { PlanReport, Run } from './plan/batchPlan';
import { LOST, runRounds } from './plan/batchPlan';
import { asRunFailure, identifiersOf, planDoubles, planTakenAnew } from './planAgain';
import type { Intent, UnwrittenOptOut } from './plan/collapse';
import { collapse } from './plan/collapse';
import type { ContactResult } from './contactResult';
import { failed, warning } from './contactResult';
import type { Destination, Holdings } from './destination';
import type { MarketingReport } from './write/marketingContacts';
import { setMarketingContacts } from './write/marketingContacts';
import { optOutAddresses } from './write/optOutAddresses';
import type { PlanSettings } from './plan/planContact';
import { noteTold } from './plan/whoWins/noteWrites';

export interface UpsertSettings extends PlanSettings {
	/** Write nothing: what the real run would write ends as `planned`. */
	readonly dryRun: boolean;
	/** How long to wait for writes that the destination carries out later. */
	readonly longestWaitMs: number;
}

/** What a run costs, or would cost: contacts written, and calls to the destination. */
export interface UpsertCost {
	readonly tasks: number;
	readonly calls: number;
	/** Of a dry run: calls among them that opt out one address each. */
	readonly optOutCalls?: number;
	/** Calls a second that the account allows, where that is known. */
	readonly callsPerSecond?: number;
}

/** `results[i]` is about `contacts[i]`. `failure`: something passing or a stop left contacts unsynced. */
export interface UpsertReport {
	readonly results: readonly ContactResult[];
	readonly failure?: Failure;
	readonly cost?: UpsertCost;
	/** Present where marketing contacts were to be set. */
	readonly marketing?: MarketingReport;
}

/**
 * Brings contacts into one list of a destination: collapse, read, plan, apply, verify. Every contact gets exactly one
 * result, whatever happens; undefined stands for an item that is no contact. Repeating a batch writes nothing new. A dry
 * run takes every decision of the real one and only leaves out the writes. Contacts whose identifier another contact has are
 * read anew once before that is their result, and planned once more where it is free by then, or was refused in the write.
 */
export async function upsertContacts(
	contacts: ReadonlyArray<MappedContact | undefined>,
	destination: Destination,
	settings: UpsertSettings,
	clock: Clock,
): Promise<UpsertReport> {
	const { newest, listId } = destination;
	// The days in export files are of their rows, and some have none: which file is newer is for the person who imports them to say.
	const hasAges = settings.optOuts !== 'blockOnly';
	const isOlder = (change: MappedContact): boolean => hasAges && newest?.isOlder(listId, change) === true;
	const reachable = destination.withoutPhones === true ? contacts.map(withoutPhone) : contacts;
	const { intents, optOuts, settled } = collapse(reachable, isOlder);
	const again = contacts.some((contact) => contact?.delivery?.again === true);
	const run = { destination, settings, clock, again };
	const involved = [...intents, ...optOuts.map(({ intent }) => intent)];
	if (!settings.dryRun) noteTold(involved, settings.written);
	const results = new Map<number, ContactResult>(settled);
	const { callsPerSecond } = destination;
	const report = (failure: Failure | undefined, cost: UpsertCost): UpsertReport => ({
		results: contacts.map((contact, index) => {
			const told = results.get(index) ?? failed(LOST);
			const isLeftOut = destination.withoutPhones === true && contact?.contact.email && contact.contact.phone;
			return isLeftOut
				? { ...told, warnings: [...told.warnings, warning(destination.names.phone, 'PHONE_NOT_USED')] }
				: told;
		}),
		failure,
		cost: { ...cost, ...(callsPerSecond === undefined ? {} : { callsPerSecond }) },
	});
	if (involved.length === 0) return report(undefined, { tasks: 0, calls: destination.callsMade() });
	const holdings = await destination.read(involved.map(identifiersOf), {
		again,
		longestWaitMs: settings.longestWaitMs,
	});
	if (holdings.kind !== 'ok') {
		for (const { position } of involved) results.set(position, failed(holdings));
		return report(asRunFailure(holdings), { tasks: 0, calls: destination.callsMade() });
	}

	const first = await runInOrder(intents, optOuts, holdings.value, run);
	const ended = await planDoubles(await planTakenAnew(first, intents, run), intents, run);
	const { failure, tasks, estimate, optOutCalls } = ended;
	for (const { key, position } of involved) {
		const result = ended.results.get(key) ?? failed(LOST);
		results.set(position, settings.dryRun ? planned(result) : result);
	}
	for (const { key, position } of intents.flatMap(({ doubles }) => doubles)) {
		const result = ended.results.get(key);
		if (result) results.set(position, settings.dryRun ? planned(result) : result);
	}
	// Of a failed run nothing is noted: its batch comes again under the same number.
	if (!failure && !settings.dryRun && newest) for (const contact of contacts) if (contact) newest.note(listId, contact);
	const { marketing } = destination;
	// Of a failed run the batch comes again.
	const set =
		marketing && !failure
			? await setMarketingContacts(marketing, { contacts, intents: involved, results, settings })
			: undefined;
	const calls = destination.callsMade() + estimate + (set?.estimate ?? 0);
	const cost = { tasks, calls, ...(settings.dryRun && optOutCalls > 0 ? { optOutCalls } : {}) };
	return { ...report(failure, cost), ...(set ? { marketing: set } : {}) };
}

/**
 * Plans and carries out. Where contacts that opted out are only blocked, they come before all others, and a failure among them ends the
 * run: no contact becomes mailable while an opt-out of the batch is open (MG-23).
 */
async function runInOrder(
	intents: readonly Intent[],
	optOuts: readonly UnwrittenOptOut[],
	holdings: Holdings,
	run: Run,
): Promise<PlanReport> {
	if (run.settings.optOuts !== 'blockOnly') return await runRounds(intents, optOuts, holdings, run);
	const addresses = await optOutAddresses([...intents, ...optOuts.map(({ intent }) => intent)], holdings, run);
	const isOpen = ({ key }: Intent): boolean => !addresses.results.has(key);
	const blocked = intents.filter((intent) => isOpen(intent) && intent.optedOut === true);
	const others = intents.filter(({ optedOut }) => optedOut !== true);
	const reports: PlanReport[] = [addresses];
	for (const [some, unwritten] of [
		[blocked, optOuts.filter(({ intent }) => isOpen(intent))],
		[others, []],
	] as const) {
		const failure = reports.at(-1)?.failure;
		if (failure) break;
		reports.push(await runRounds(some, unwritten, holdings, run));
	}
	const sum = (value: 'tasks' | 'estimate' | 'optOutCalls'): number =>
		reports.reduce((total, one) => total + one[value], 0);
	const results = new Map(reports.flatMap((one) => [...one.results]));
	const failure = reports.at(-1)?.failure;
	if (failure) for (const { key } of intents) if (!results.has(key)) results.set(key, failed(failure));
	return {
		results,
		refused: new Set(reports.flatMap((one) => [...one.refused])),
		tasks: sum('tasks'),
		estimate: sum('estimate'),
		optOutCalls: sum('optOutCalls'),
		failure,
	};
}

function planned({ outcome, warnings }: ContactResult): ContactResult {
	const { status } = outcome;
	if (status !== 'created' && status !== 'updated' && status !== 'removed') return { outcome, warnings };
	return { outcome: { ...outcome, status: 'planned', wouldBe: status }, warnings };
}

/** A contact that was mapped for a system that finds contacts by phone numbers, on its way to one that does not (H9). */
function withoutPhone(change: MappedContact | undefined): MappedContact | undefined {
	if (change?.contact.phone === undefined) return change;
	const { phone: _none, ...contact } = change.contact;
	return { ...change, contact };
}
