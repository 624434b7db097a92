import type { FieldValue, Warning } from '../contact/contact';
import type { FieldChange } from '../outcome';
import type { Failure } from '../result';
import type { Intent } from './collapse';
import type { ContactResult } from './contactResult';
import { failed, result, warning } from './contactResult';
import type { ContactWrite, Destination, HeldContact, Holdings } from './destination';
import type { Match } from './match';
import { matchContacts, sameSource } from './match';

export interface PlanSettings {
	/** `block`: somebody opted out at the source is blocked at the destination. `ignore`: left alone (HB-22). */
	readonly optOuts: 'block' | 'ignore';
	/** Whether somebody who left the source list is taken off the destination list. */
	readonly leavers: 'remove' | 'keep';
}

/** What to do about each intent: a write, a result without one, or wait for the writes of this plan. */
export interface Plan {
	readonly writes: readonly ContactWrite[];
	readonly settled: ReadonlyMap<string, ContactResult>;
	readonly waiting: readonly Intent[];
}

const TAKEN: Failure = {
	kind: 'refused',
	code: 'IDENTIFIER_TAKEN',
	reason: 'The e-mail address belongs to another contact of the destination',
};

/**
 * Compares what the batch wants with what the destination holds. Writes nothing. `spokenFor` are the ids of contacts
 * that earlier rounds of the batch were about: no other intent may have them.
 */
export function planContacts(
	wanted: readonly Intent[],
	holdings: Holdings,
	destination: Destination,
	settings: PlanSettings,
	spokenFor: ReadonlySet<string> = new Set(),
): Plan {
	const writes: ContactWrite[] = [];
	const settled = new Map<string, ContactResult>();
	for (const [key, refusal] of holdings.refused ?? []) settled.set(key, failed(refusal));
	const intents = wanted.filter(({ key }) => !settled.has(key));
	const waiting: Intent[] = [];
	const matches = matchContacts(intents, holdings, spokenFor);
	const phones = claimPhones(intents, matches);
	const optedOut = inheritedOptOuts(intents, matches);
	for (const planned of intents) {
		const intent = optedOut.has(planned.key) ? { ...planned, optedOut: true } : planned;
		const match: Match = matches.get(intent.key) ?? { kind: 'none' };
		if (match.kind === 'waits') waiting.push(intent);
		else if (match.kind === 'taken') settled.set(intent.key, failed(TAKEN));
		else if (match.kind === 'superseded') settled.set(intent.key, result('unchanged', 'SUPERSEDED'));
		else {
			const held = match.kind === 'found' ? match.held : undefined;
			const next = intent.leaving
				? planLeaver(intent, held, destination, settings)
				: planUpsert(intent, held, { holdings, phones, destination, settings });
			if ('outcome' in next) settled.set(intent.key, next);
			else writes.push(next);
		}
	}
	return { writes, settled, waiting };
}

function planLeaver(
	intent: Intent,
	held: HeldContact | undefined,
	destination: Destination,
	settings: PlanSettings,
): ContactWrite | ContactResult {
	if (!held) return result('unchanged', 'NOT_IN_DESTINATION');
	const leave = settings.leavers === 'remove' && held.onList;
	const block = mustBlock(intent, held, settings);
	if (!leave && !block) {
		const outcome = settings.leavers === 'keep' ? result('unchanged', 'KEPT_ON_LIST') : unchanged(held, []);
		return { ...outcome, outcome: { ...outcome.outcome, destinationId: held.id } };
	}
	const { names, listId = null } = destination;
	const changes: Record<string, FieldChange> = {
		...(leave ? { [names.list]: { from: listId, to: null } } : {}),
		...(block ? { [names.optedOut]: { from: false, to: true } } : {}),
	};
	return {
		key: intent.key,
		kind: leave ? 'leave' : 'update',
		held,
		attributes: {},
		joinList: false,
		block,
		changes,
		warnings: [],
	};
}

interface UpsertContext {
	readonly holdings: Holdings;
	readonly phones: ReadonlyMap<string, string>;
	readonly destination: Destination;
	readonly settings: PlanSettings;
}

function planUpsert(
	intent: Intent,
	held: HeldContact | undefined,
	context: UpsertContext,
): ContactWrite | ContactResult {
	const { destination, settings } = context;
	const { names, listId = null } = destination;
	const warnings: Warning[] = [];
	const changes: Record<string, FieldChange> = {};
	const note = (name: string, from: FieldValue | undefined, to: FieldValue): void => {
		changes[name] = { from: from ?? null, to };
	};

	const { email } = intent.contact;
	const newEmail = email !== undefined && email !== held?.email ? email : undefined;
	if (newEmail !== undefined) note(names.email, held?.email, newEmail);

	const phone = phoneToWrite(intent, held, context, warnings);
	if (phone !== undefined) note(names.phone, held?.phone, phone);
	if (!held && newEmail === undefined && phone === undefined) return failed(TAKEN, warnings);

	const sourceKey = keyToWrite(intent, held);
	if (sourceKey !== undefined) note(names.sourceKey, held?.sourceKey, sourceKey);

	const attributes: Record<string, FieldValue> = {};
	for (const [name, wanted] of Object.entries(intent.contact.attributes)) {
		const current = held?.attributes[name];
		if (wanted === undefined || (wanted === null && (current ?? null) === null)) continue;
		if (wanted !== null && destination.sameValue(name, current, wanted)) continue;
		attributes[name] = wanted;
		note(name, current, wanted);
	}
	const joinList = held?.onList !== true && held?.leftList !== true;
	if (joinList) note(names.list, null, listId);
	if (held?.leftList === true) warnings.push(warning(names.list, 'LIST_UNSUBSCRIBED'));
	const optsOut = mustBlock(intent, held, settings);
	if (optsOut) note(names.optedOut, false, true);

	if (held && Object.keys(changes).length === 0) return unchanged(held, warnings);
	return {
		key: intent.key,
		kind: held ? 'update' : 'create',
		held,
		email: newEmail,
		phone,
		sourceKey,
		attributes,
		joinList,
		// Who is blocked already is written with the block: no destination promises that a block left out of a write stays.
		block: optsOut || held?.optedOut === true,
		changes: held ? changes : {},
		warnings,
	};
}

/** The opt-out always wins: an opt-out of the source is carried, and nothing here ever lifts a block. */
function mustBlock(intent: Intent, held: HeldContact | undefined, settings: PlanSettings): boolean {
	return settings.optOuts === 'block' && intent.optedOut === true && held?.optedOut !== true;
}

/** Who took over the address of somebody that left opted out: the opt-out goes with the address. */
function inheritedOptOuts(intents: readonly Intent[], matches: ReadonlyMap<string, Match>): ReadonlySet<string> {
	const emails = new Map(intents.map(({ key, contact }) => [key, contact.email]));
	const heirs = new Set<string>();
	for (const { key, optedOut, contact } of intents) {
		const match = matches.get(key);
		if (
			optedOut === true &&
			match?.kind === 'superseded' &&
			(contact.email ?? emails.get(match.by)) === emails.get(match.by)
		)
			heirs.add(match.by);
	}
	return heirs;
}

/** Our key, unless the contact came from somewhere else and carries that key. */
function keyToWrite(intent: Intent, held: HeldContact | undefined): string | undefined {
	if (held?.sourceKey === intent.key) return undefined;
	return held?.sourceKey === undefined || sameSource(held.sourceKey, intent.key) ? intent.key : undefined;
}

/** A number can be on one contact only; whoever has it keeps it, and the others go without. */
function phoneToWrite(
	intent: Intent,
	held: HeldContact | undefined,
	context: UpsertContext,
	warnings: Warning[],
): string | undefined {
	const { phone } = intent.contact;
	if (phone === undefined || phone === held?.phone) return undefined;
	const holder = context.holdings.byPhone(phone);
	if ((holder && holder.id !== held?.id) || context.phones.get(phone) !== intent.key) {
		warnings.push(warning(context.destination.names.phone, 'PHONE_SHARED'));
		return undefined;
	}
	return phone;
}

/** Which contact of the batch gets a number that several want: its holder, else the first. */
function claimPhones(intents: readonly Intent[], matches: ReadonlyMap<string, Match>): ReadonlyMap<string, string> {
	const claims = new Map<string, string>();
	const staying = intents.filter(({ key, leaving }) => !leaving && isWritable(matches.get(key)));
	for (const { key, contact } of staying) {
		const match = matches.get(key);
		if (contact.phone !== undefined && match?.kind === 'found' && match.held.phone === contact.phone)
			claims.set(contact.phone, key);
	}
	for (const { key, contact } of staying) {
		if (contact.phone !== undefined && !claims.has(contact.phone)) claims.set(contact.phone, key);
	}
	return claims;
}

const isWritable = (match: Match | undefined): boolean => match?.kind === 'found' || match?.kind === 'none';

function unchanged(held: HeldContact, warnings: readonly Warning[]): ContactResult {
	return { outcome: { status: 'unchanged', destinationId: held.id }, warnings };
}
