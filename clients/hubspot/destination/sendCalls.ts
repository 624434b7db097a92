import { addressForm } from '../../../core/contact/email';
import { ownValue } from '../../../core/contact/ownValues';
import { inParallel } from '../../../core/calls/inParallel';
import { mayBeTooMuch } from '../../../core/calls/pages/smallerPages';
import type { Failure, Result } from '../../../core/result';
import { ok } from '../../../core/result';
import type { FieldValue, Warning } from '../../../core/contact/contact';
import { warning } from '../../../core/upsert/contactResult';
import type { ContactWrite, HeldContact, SentCall } from '../../../core/upsert/destination';
import type { TakenBy } from '../api/classifyWrite';
import type { BatchAnswer, ContactInput, HubSpotWriter, LegalBasis } from '../api/hubSpotWriter';
import { EMAIL_PROPERTY, MARKETING_PROPERTY } from '../api/propertyNames';
import type { HubSpotContact } from '../api/types';
import type { HubSpotCall } from './arrangeWrites';
import { chunksOf } from '../api/hubSpotClient';
import { HUBSPOT_LIMITS } from '../api/limits';
import { addressesToOptOut } from './arrangeWrites';
import type { LookUp } from './lookUpContacts';
import { toStored } from './propertyValues';

/** Opt-outs under way at once, one address each. */
const PARALLEL = 6;
/** As many passing faults in a row and the rest is left for the next run. */
const FAULTS_BEFORE_HALT = 3;

export interface SendSettings extends LookUp {
	readonly writer: HubSpotWriter;
	readonly legalBasis?: LegalBasis;
	/** What this run learned that holds for all of its contacts. */
	readonly learned: { legalBasisMissing?: Failure };
}

/** Sends one call of `arrangeHubSpotWrites`. */
export async function sendHubSpotCall(call: HubSpotCall, settings: SendSettings): Promise<Result<SentCall>> {
	switch (call.step) {
		case 'optOut':
			return await optOut(call, settings);
		case 'create':
		case 'update':
			return await writeValues(call, settings);
		case 'join':
		case 'leave':
			return await changeMembers(call, settings);
	}
}

async function optOut(call: HubSpotCall, settings: SendSettings): Promise<Result<SentCall>> {
	if (call.bulk) {
		const answer = await optOutTogether(call.writes.map(addressesToOptOut), settings);
		if (answer !== 'singly')
			return answer.kind === 'ok' ? ok({ pending: false, warnings: billed(call, settings) }) : answer;
	}
	return await optOutSingly(call, settings);
}

/** Warnings for marketing contacts: opting out does not end that (H21). */
function billed({ writes }: HubSpotCall, { memory }: SendSettings): ReadonlyMap<string, readonly Warning[]> {
	const marketing = writes.filter(({ held }) => held !== undefined && memory.marketing.get(held.id) === true);
	return new Map(marketing.map(({ key }) => [key, [warning(MARKETING_PROPERTY, 'OPTED_OUT_BUT_BILLED')]]));
}

type OptOutSettings = Pick<SendSettings, 'writer' | 'memory' | 'legalBasis' | 'learned'>;

/**
 * Opts out addresses, many at once where the account can. The answer has those that failed, by address; after a stop, or three passing
 * faults in a row, those that were not sent have that failure.
 */
export async function optOutAddresses(
	emails: readonly string[],
	settings: OptOutSettings,
): Promise<Result<ReadonlyMap<string, Failure>>> {
	const failures = new Map<string, Failure>();
	let halted: Failure | undefined;
	let faultsInARow = 0;
	for (const chunk of chunksOf(emails, HUBSPOT_LIMITS.optOutsWrite)) {
		const answer = halted || chunk.length === 1 ? 'singly' : await optOutMany(chunk, settings);
		if (answer !== 'singly') {
			if (answer.kind !== 'ok') halted = answer;
			if (halted) for (const email of chunk) failures.set(email, halted);
			continue;
		}
		await inParallel(chunk, PARALLEL, async (email) => {
			const failure = halted ?? (await optOutOne(email, settings));
			if (!failure) return void (faultsInARow = 0);
			failures.set(email, failure);
			faultsInARow = failure.kind === 'retry' ? faultsInARow + 1 : 0;
			if (failure.kind === 'stop' || faultsInARow >= FAULTS_BEFORE_HALT) halted = failure;
		});
	}
	return ok(failures);
}

/**
 * Opts out the addresses of contacts in calls of many: the further ones of all contacts before their first ones, so that a call which
 * HubSpot carries out in part leaves no contact that shows as opted out and has another address still to go (`addressesToOptOut`).
 */
async function optOutTogether(
	contacts: ReadonlyArray<readonly string[]>,
	settings: OptOutSettings,
): Promise<Result<unknown> | 'singly'> {
	const further = contacts.flatMap((addresses) => addresses.slice(0, -1));
	const first = contacts.flatMap((addresses) => addresses.slice(-1));
	for (const emails of [further, first].flatMap((some) => chunksOf(some, HUBSPOT_LIMITS.optOutsWrite))) {
		const answer = await optOutMany(emails, settings);
		if (answer === 'singly' || answer.kind !== 'ok') return answer;
	}
	return ok(undefined);
}

/** `singly`: the account takes one address a call. */
async function optOutMany(
	emails: readonly string[],
	{ writer, memory }: OptOutSettings,
): Promise<Result<unknown> | 'singly'> {
	if (memory.refusesBatchOptOuts) return 'singly';
	const answer = await writer.optOutMany(emails);
	if (answer.kind === 'retry' && !mayBeTooMuch(answer)) return answer;
	if (answer.kind === 'ok' && answer.value) {
		for (const email of emails) memory.noteOptOut(addressForm(email));
		return answer;
	}
	// Without Enterprise or the scope, or an answer in time, each address takes a call of its own; what else is the reason shows there.
	if (answer.kind !== 'ok') memory.noteNoBatchOptOuts();
	return 'singly';
}

/** Undefined: it is opted out. A legal basis that is missing is missing for all. */
async function optOutOne(
	email: string,
	{ writer, memory, legalBasis, learned }: OptOutSettings,
): Promise<Failure | undefined> {
	const answer = learned.legalBasisMissing ?? (await writer.optOut(email, legalBasis));
	if (answer.kind === 'ok') memory.noteOptOut(addressForm(email));
	else if (answer.code === 'LEGAL_BASIS_MISSING') learned.legalBasisMissing = answer;
	return answer.kind === 'ok' ? undefined : answer;
}

async function optOutSingly(call: HubSpotCall, settings: SendSettings): Promise<Result<SentCall>> {
	const { writes } = call;
	const refused = new Map<string, Failure>();
	let halted: Failure | undefined;
	await inParallel(writes, PARALLEL, async (write) => {
		for (const email of addressesToOptOut(write)) {
			const failure = halted ?? (await optOutOne(email, settings));
			if (!failure) continue;
			refused.set(write.key, failure);
			if (failure.kind === 'stop') halted = failure;
			return;
		}
	});
	const [first] = refused.values();
	// One contact in the call, or a failure of all: the engine counts it as one of the call.
	if (first && (writes.length === 1 || first.kind === 'stop')) return first;
	return ok({ pending: false, refused, warnings: billed(call, settings) });
}

async function writeValues(call: HubSpotCall, settings: SendSettings): Promise<Result<SentCall>> {
	const { writer, memory } = settings;
	const inputs = call.writes.map((write) => toInput(write, settings));
	const answer = call.step === 'create' ? await writer.create(inputs) : await writer.update(inputs);
	const [only] = call.writes;
	if (answer.kind !== 'ok') {
		if (answer.kind !== 'refused' || !only || call.writes.length > 1) return withoutHolder(answer);
		noteHolder(only, answer, memory);
		return withoutHolder(answer);
	}
	const refused = new Map<string, Failure>();
	for (const write of call.writes) {
		const failure = answer.value.refused.get(write.key);
		if (!failure) continue;
		noteHolder(write, failure, memory);
		refused.set(write.key, withoutHolder(failure));
	}
	return ok({ pending: false, refused, shown: shownBy(call.writes, answer.value, settings) });
}

/** Remembers which record has the address, so that the contact is planned anew as an update of that one (H3). */
function noteHolder({ email }: ContactWrite, failure: Failure, memory: SendSettings['memory']): void {
	const id = failure.kind === 'refused' ? (failure.details as TakenBy | undefined)?.id : undefined;
	if (failure.code === 'IDENTIFIER_TAKEN' && email !== undefined && id !== undefined) memory.holders.set(email, id);
}

/** A taken address costs the contact, not a single value of it. */
function withoutHolder<T extends Failure>(failure: T): Failure {
	if (failure.kind !== 'refused' || failure.code !== 'IDENTIFIER_TAKEN') return failure;
	const { kind, code, reason } = failure;
	return { kind, code, reason };
}

/** The contacts as the answer shows them. What it does not name was taken as it was sent. */
function shownBy(
	writes: readonly ContactWrite[],
	{ stored }: BatchAnswer,
	{ propertyNames, keyProperty }: SendSettings,
): ReadonlyMap<string, HeldContact> {
	const shown = new Map<string, HeldContact>();
	for (const write of writes) {
		const record = stored.get(write.key);
		if (!record) continue;
		const { held } = write;
		const valueOf = (name: string): FieldValue =>
			ownValue(record.properties, name) ?? ownValue(write.attributes, name) ?? ownValue(held?.attributes, name) ?? null;
		const email = emailIn(record) ?? write.email ?? held?.email;
		const sourceKey =
			(keyProperty === undefined ? undefined : record.properties[keyProperty]) || (write.sourceKey ?? held?.sourceKey);
		shown.set(write.key, {
			...(held ?? { optedOut: false, onList: false }),
			id: record.id,
			...(email === undefined ? {} : { email }),
			...(sourceKey === undefined ? {} : { sourceKey }),
			attributes: Object.fromEntries(propertyNames.map((name) => [name, valueOf(name)])),
		});
	}
	return shown;
}

const emailIn = ({ properties }: HubSpotContact): string | undefined => {
	const email = properties[EMAIL_PROPERTY];
	return email ? addressForm(email) : undefined;
};

function toInput(write: ContactWrite, { keyProperty }: SendSettings): ContactInput {
	const { key, held, email, sourceKey, attributes } = write;
	const values = Object.entries(attributes).map(([name, value]) => [name, toStored(value)] as const);
	return {
		trace: key,
		...(held ? { id: held.id } : {}),
		properties: {
			...Object.fromEntries(values),
			...(email === undefined ? {} : { [EMAIL_PROPERTY]: email }),
			...(sourceKey === undefined || keyProperty === undefined ? {} : { [keyProperty]: sourceKey }),
		},
	};
}

async function changeMembers(call: HubSpotCall, { writer, listId }: SendSettings): Promise<Result<SentCall>> {
	if (listId === undefined) return ok({ pending: false });
	const ids = call.writes.flatMap(({ held }) => (held ? [held.id] : []));
	const joins = call.step === 'join';
	const answer = joins ? await writer.addToList(listId, ids) : await writer.removeFromList(listId, ids);
	if (answer.kind !== 'ok') return answer;
	const missing = new Set(joins ? answer.value : []);
	const refused = new Map<string, Failure>();
	const shown = new Map<string, HeldContact>();
	for (const { key, held } of call.writes) {
		if (!held) continue;
		if (missing.has(held.id)) refused.set(key, GONE);
		else shown.set(key, { ...held, onList: joins });
	}
	return ok({ pending: false, refused, shown });
}

/** Deleted or merged since it was read; the next delivery finds out which. */
const GONE: Failure = {
	kind: 'retry',
	code: 'UNAVAILABLE',
	reason: 'HubSpot does not know the contact any more that was to join the list',
};
