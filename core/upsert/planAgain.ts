import type { Failure } from '../result';
import type { ContactResult } from './contactResult';
import { failed } from './contactResult';
import type { Holdings, Identifiers } from './destination';
import type { PlanReport, Run } from './plan/batchPlan';
import { LOST, runRounds } from './plan/batchPlan';
import type { Intent } from './plan/collapse';

/**
 * Reads the contacts anew whose identifier another contact has, and plans those once more where it is free by now, or was refused in the
 * write. The report of both runs together.
 */
export async function planTakenAnew(first: PlanReport, intents: readonly Intent[], run: Run): Promise<PlanReport> {
	const taken = first.failure ? [] : intents.filter(({ key }) => isTaken(first.results.get(key)));
	if (taken.length === 0) return first;
	const results = new Map(first.results);
	const anew = await run.destination.read(taken.map(identifiersOf), { again: false, longestWaitMs: 0, anew: true });
	if (anew.kind !== 'ok') {
		const failure = asRunFailure(anew);
		for (const { key } of taken) results.set(key, failed(failure));
		return { ...first, results, failure };
	}
	const free = taken.filter((one) => first.refused.has(one.key) || isFree(one, anew.value));
	if (free.length === 0) return first;
	return await plannedBeside(first, free, anew.value, run);
}

/**
 * Of records with one address in a batch the newest is written, and the others are its doubles. Where it has a contact of its own, which
 * it keeps because a double has the contact at the address, that double is planned in its place. The report of all runs together.
 */
export async function planDoubles(first: PlanReport, intents: readonly Intent[], run: Run): Promise<PlanReport> {
	const refused = first.failure
		? []
		: intents.filter(({ key, doubles }) => doubles.length > 0 && isTaken(first.results.get(key)));
	if (refused.length === 0) return first;
	const doubles = refused.flatMap((intent) => intent.doubles);
	const anew = await run.destination.read(doubles.map(identifiersOf), { again: false, longestWaitMs: 0, anew: true });
	const results = new Map(first.results);
	if (anew.kind !== 'ok') {
		const failure = asRunFailure(anew);
		for (const { key } of refused) results.set(key, failed(failure));
		return { ...first, results, failure };
	}
	const holds = ({ key, contact: { email } }: Intent): boolean =>
		email !== undefined && anew.value.byKey(key)?.email === email;
	const inPlace = refused.flatMap((intent) => intent.doubles.find(holds) ?? []);
	if (inPlace.length === 0) return first;
	const ended = await plannedBeside(first, inPlace, anew.value, run);
	return {
		...ended,
		results: new Map([...ended.results].map(([key, told]) => [key, withCarried(told, first.results.get(key))])),
	};
}

/** A contact that got its block while it was a double has changed, whatever is left to write. */
function withCarried(told: ContactResult, before: ContactResult | undefined): ContactResult {
	const wasBlocked = before !== told && before?.warnings.some(({ code }) => code === 'OPT_OUT_CARRIED') === true;
	if (!wasBlocked || told.outcome.status !== 'unchanged') return told;
	return { ...told, outcome: { ...told.outcome, status: 'updated' } };
}

async function plannedBeside(
	first: PlanReport,
	intents: readonly Intent[],
	holdings: Holdings,
	run: Run,
): Promise<PlanReport> {
	const second = await runRounds(intents, [], holdings, run);
	const results = new Map(first.results);
	for (const { key } of intents) results.set(key, second.results.get(key) ?? failed(second.failure ?? LOST));
	return {
		results,
		refused: first.refused,
		tasks: first.tasks + second.tasks,
		estimate: first.estimate + second.estimate,
		optOutCalls: first.optOutCalls + second.optOutCalls,
		failure: second.failure,
	};
}

const isTaken = (result: ContactResult | undefined): boolean =>
	result?.outcome.code === 'IDENTIFIER_TAKEN' || result?.outcome.code === 'ADDRESSES_EXCHANGED';

/** Whether no other contact has the address, or the number of a contact without one. */
function isFree({ key, contact: { email, phone } }: Intent, holdings: Holdings): boolean {
	const own = holdings.byKey(key);
	const byPhone = phone === undefined ? undefined : holdings.byPhone(phone);
	const holder = email === undefined ? byPhone : holdings.byEmail(email);
	return holder === undefined || holder.id === own?.id;
}

/** By what the destination finds a contact. */
export function identifiersOf(intent: Intent): Identifiers {
	const {
		key,
		formerKeys,
		sharedKeys,
		convertedTo,
		contact,
		previousEmails,
		otherEmails,
		leaving,
		joins,
		firstSync,
		linkedTo,
	} = intent;
	return {
		key,
		// Those of records with its address: one that has a contact of its own keeps it.
		otherKeys: [...formerKeys, ...sharedKeys, ...(convertedTo === undefined ? [] : [convertedTo])],
		emails: contact.email === undefined ? previousEmails : [contact.email, ...previousEmails],
		otherEmails,
		// A leaver is not found by a number: offices share them.
		phone: leaving ? undefined : contact.phone,
		...(leaving ? {} : { joins }),
		...(firstSync ? { firstSync } : {}),
		...(linkedTo === undefined ? {} : { linkedTo }),
	};
}

/** A refused read cannot be about one contact: the whole run cannot go on. */
export function asRunFailure(failure: Failure): Failure {
	return failure.kind === 'refused' ? { kind: 'stop', code: failure.code, reason: failure.reason } : failure;
}
