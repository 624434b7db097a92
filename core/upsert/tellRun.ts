import type { OutcomeStatus, ReasonCode } from '../outcome';
import { eventOf } from '../outcome';
import { grouped, inWords } from './describeRun';
import { minutesFor } from './summariseRun';
import type { UpsertReport } from './upsertContacts';

type Results = UpsertReport['results'];

export interface RunAbout {
	/** Name of the list, where it is known. */
	readonly list?: string;
	/** Contacts that opted out at the source, and are blocked at the destination. */
	readonly blocked: number;
	/** How far a first sync is, a sentence without its full stop. */
	readonly progress?: string;
}

/** Reasons told of those left out; the rest is in the items. */
const MOST_REASONS = 3;

/**
 * A run as people read it, such as `196 contacts for 'Newsletter': 1 created, 193 updated, 2 taken off. 3 left out: 2 because the
 * contact has neither an e-mail address nor a phone number (NO_IDENTIFIER), 1 PHONE_INVALID.`
 */
export function tellRun({ results, marketing }: UpsertReport, { list, blocked, progress }: RunAbout): string {
	const statuses = results.map(({ outcome }) => doneTo(outcome.code, outcome.status));
	const subject = `${inWords(results.length, 'contact')}${list === undefined ? '' : ` for '${list}'`}`;
	const done = [
		...counted(statuses, 'created', 'created'),
		...counted(statuses, 'updated', 'updated'),
		...counted(statuses, 'removed', 'taken off'),
		...counted(statuses, 'deleted', 'deleted'),
		...counted(statuses, 'unchanged', 'unchanged'),
	];
	return sentences(
		[subject, ...(done.length > 0 ? [done.join(', ')] : [])].join(': '),
		...leftOut(results, 'excluded', 'left out'),
		...leftOut(results, 'failed', 'not synced'),
		...(blocked > 0 ? [`${grouped(blocked)} opted out and ${blocked === 1 ? 'is' : 'are'} blocked`] : []),
		...marketingSet(marketing),
		...(progress === undefined ? [] : [progress]),
	);
}

/**
 * A dry run as people read it, such as `Nothing was written. The real run would create 1 and update 193 contacts for 'Newsletter', with
 * about 4 calls. 3 would be left out: …`
 */
export function tellDryRun({ results, cost, marketing }: UpsertReport, { list, blocked }: RunAbout): string {
	const planned = results.flatMap(({ outcome }) =>
		outcome.status === 'planned' && outcome.wouldBe !== undefined ? [doneTo(outcome.code, outcome.wouldBe)] : [],
	);
	const plans = [
		...counted(planned, 'created', 'create', true),
		...counted(planned, 'updated', 'update', true),
		...counted(planned, 'removed', 'take off', true),
		...counted(planned, 'deleted', 'delete', true),
	];
	const about = list === undefined ? '' : ` for '${list}'`;
	const effort = cost ? `, with about ${inWords(cost.calls, 'call')} and ${inWords(cost.tasks, 'task')}` : '';
	const unchanged = results.filter(({ outcome }) => outcome.status === 'unchanged').length;
	const plan =
		plans.length === 0
			? `The real run would change nothing${about}`
			: `The real run would ${listed(plans)} ${planned.length === 1 ? 'contact' : 'contacts'}${about}${effort}`;
	return sentences(
		'Nothing was written',
		plan,
		...(unchanged > 0 ? [`${grouped(unchanged)} would stay unchanged`] : []),
		...leftOut(results, 'excluded', 'would be left out'),
		...leftOut(results, 'failed', 'could not be synced'),
		...(blocked > 0 ? [`${grouped(blocked)} opted out and would be blocked`] : []),
		...optOutEffort(cost),
		...marketingPlanned(marketing),
	);
}

type Done = OutcomeStatus | 'deleted';

/** A record that was deleted counts beside those that only left the list. */
const doneTo = (code: ReasonCode | undefined, status: OutcomeStatus): Done =>
	code === 'RECORD_DELETED' ? 'deleted' : status;

/** Opt-outs take most of a migration where each is a call. */
function optOutEffort(cost: UpsertReport['cost']): string[] {
	const { optOutCalls = 0, callsPerSecond } = cost ?? {};
	if (optOutCalls === 0 || callsPerSecond === undefined) return [];
	const minutes = minutesFor(optOutCalls, callsPerSecond);
	return [`${inWords(optOutCalls, 'call')} of these, about ${minutes} minutes, opt out one address each`];
}

/** What became of marketing contacts, where they were asked for. */
function marketingSet(marketing: UpsertReport['marketing']): string[] {
	const { set = 0, notSet = 0 } = marketing ?? {};
	return [
		...(set > 0 ? [`${grouped(set)} set as ${contactsOf(set)}`] : []),
		...(notSet > 0 ? [`${grouped(notSet)} not set as ${contactsOf(notSet)} (MARKETING_NOT_SET)`] : []),
	];
}

/** They cost money, so the number comes with that. */
function marketingPlanned(marketing: UpsertReport['marketing']): string[] {
	const { set = 0, estimate = 0 } = marketing ?? {};
	if (set === 0) return [];
	const are = set === 1 ? 'is' : 'are';
	return [
		`${grouped(set)} would be set as ${contactsOf(set)}, which ${are} billed, with about ${inWords(estimate, 'call')}`,
	];
}

const contactsOf = (count: number): string => (count === 1 ? 'a marketing contact' : 'marketing contacts');

function counted(statuses: readonly Done[], status: Done, word: string, wordFirst = false): string[] {
	const count = statuses.filter((one) => one === status).length;
	if (count === 0) return [];
	return [wordFirst ? `${word} ${grouped(count)}` : `${grouped(count)} ${word}`];
}

/** How many ended so, and the commonest reasons. */
function leftOut(results: Results, status: 'excluded' | 'failed', words: string): string[] {
	const codes = new Map<ReasonCode | undefined, number>();
	for (const { outcome } of results)
		if (outcome.status === status) codes.set(outcome.code, (codes.get(outcome.code) ?? 0) + 1);
	if (codes.size === 0) return [];
	const common = [...codes].sort(([, a], [, b]) => b - a);
	const count = common.reduce((sum, [, each]) => sum + each, 0);
	const reasons = common
		.slice(0, MOST_REASONS)
		.map(([code, each]) => `${common.length > 1 ? `${grouped(each)} ` : ''}${code ? reasonFor(code) : 'no reason'}`);
	const more = common.length > MOST_REASONS ? ', …' : '';
	return [`${grouped(count)} ${words}: ${reasons.join(', ')}${more}`];
}

function reasonFor(code: ReasonCode): string {
	const event = eventOf(code);
	return event === undefined ? code : `because ${event.charAt(0).toLowerCase()}${event.slice(1)} (${code})`;
}

const listed = (parts: readonly string[]): string =>
	parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts[parts.length - 1] ?? ''}`;

const sentences = (...parts: readonly string[]): string => parts.map((part) => `${part}.`).join(' ');
