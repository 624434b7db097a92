import { contactKey } from '../../../core/contact/contact';
import { addressForm, otherSpellings } from '../../../core/contact/email';
import { ownValue } from '../../../core/contact/ownValues';
import { inParallel } from '../../../core/calls/inParallel';
import type { Failure, Result } from '../../../core/result';
import { ok } from '../../../core/result';
import type { BatchOrigin, HeldContact, Identifiers } from '../../../core/upsert/destination';
import type { HubSpotClient } from '../api/hubSpotClient';
import { chunksOf } from '../api/hubSpotClient';
import { HUBSPOT_LIMITS } from '../api/limits';
import {
	EMAIL_PROPERTY,
	hidesOptOuts,
	MARKETING_PROPERTY,
	OPT_OUT_PROPERTY,
	OTHER_EMAILS_PROPERTY,
	otherEmailsOf,
	STAMP_PROPERTY,
} from '../api/propertyNames';
import type { HubSpotContact } from '../api/types';
import type { AccountMemory } from './accountMemory';

/** Reads under way at once; the rate limit is shared, so more would only wait. */
const PARALLEL = 4;

/** What is read of each contact, and what it is compared with. */
export interface LookUp {
	readonly client: HubSpotClient;
	readonly memory: AccountMemory;
	/** The account's own id. */
	readonly portalId: string;
	/** The properties that the batch writes. */
	readonly propertyNames: readonly string[];
	/** The unique property that carries our key; absent: contacts carry none. */
	readonly keyProperty?: string;
	/** The static list that is filled. */
	readonly listId?: string;
	/** The active list whose members alone are updated (IS-09). */
	readonly segmentId?: string;
	/** True: contacts that do not say whether they opted out are taken as they are. */
	readonly ignoresOptOuts?: boolean;
}

/** Without the property nothing tells who opted out in HubSpot. */
export const OPT_OUTS_HIDDEN: Failure = {
	kind: 'stop',
	code: 'OPT_OUTS_HIDDEN',
	reason: `HubSpot does not show the credential the property '${OPT_OUT_PROPERTY}' (Unsubscribed from all email), so that nothing tells who opted out there`,
};

/**
 * The contacts that HubSpot holds for these identifiers: by address, a hundred a call, then by key where the address did not
 * lead to it. Never by search, which lags behind (H2). Their lists are read where a list is filled or a segment decides.
 */
export async function lookUpContacts(
	wanted: readonly Identifiers[],
	look: LookUp,
	{ again = false }: Partial<BatchOrigin> = {},
): Promise<Result<readonly HeldContact[]>> {
	const found = new Map<string, HubSpotContact>();
	const emails = new Set(wanted.flatMap((one) => [...one.emails, ...one.otherEmails]));
	const spellings = [...emails].flatMap((email) => [email, ...otherSpellings(email)]);
	const byEmail = await readAll(look, EMAIL_PROPERTY, [...new Set(spellings)], found);
	if (byEmail.kind !== 'ok') return byEmail;
	const further = await readHolders(look, emails, found);
	if (further.kind !== 'ok') return further;
	const linked = await readLinked(wanted, look, found);
	if (linked.kind !== 'ok') return linked;
	const keys = await keysToLookUp(wanted, look, found, again);
	if (keys.kind !== 'ok') return keys;
	const byKey = look.keyProperty ? await readAll(look, look.keyProperty, keys.value, found) : ok(undefined);
	if (byKey.kind !== 'ok') return byKey;
	return await toHeldContacts([...found.values()], look);
}

/** Contacts that records of other systems are linked to, and that their address did not lead to. */
async function readLinked(
	wanted: readonly Identifiers[],
	look: LookUp,
	found: Map<string, HubSpotContact>,
): Promise<Result<unknown>> {
	const start = ownKeyOf(look.portalId, '');
	const ids = wanted
		.flatMap(({ linkedTo = [] }) => linkedTo)
		.flatMap((key) => (key.startsWith(start) ? [key.slice(start.length)] : []));
	const unread = [...new Set(ids)].filter((id) => /^[1-9]\d*$/.test(id) && !found.has(id));
	return await readById(unread, look, found);
}

const ownKeyOf = (account: string, id: string): string =>
	contactKey({ system: 'hubspot', account, object: 'contact', id });

async function readById(
	ids: readonly string[],
	look: LookUp,
	found: Map<string, HubSpotContact>,
): Promise<Result<unknown>> {
	return await inChunks(ids, async (chunk) => {
		const answer = await look.client.contacts(chunk, propertiesToRead(look));
		if (answer.kind === 'ok') for (const contact of answer.value) found.set(contact.id, contact);
		return answer;
	});
}

/** These contacts by record id, as they are now. */
export async function readContacts(ids: readonly string[], look: LookUp): Promise<Result<readonly HeldContact[]>> {
	const found = new Map<string, HubSpotContact>();
	const read = await readById(ids, look, found);
	return read.kind === 'ok' ? await toHeldContacts([...found.values()], look) : read;
}

/** With the lists they are in, where those matter. */
async function toHeldContacts(
	contacts: readonly HubSpotContact[],
	look: LookUp,
): Promise<Result<readonly HeldContact[]>> {
	if (look.ignoresOptOuts !== true && hidesOptOuts(contacts)) return OPT_OUTS_HIDDEN;
	const asksLists = contacts.length > 0 && (look.listId !== undefined || look.segmentId !== undefined);
	const lists = asksLists ? await look.client.listsOf(contacts.map(({ id }) => id)) : ok(NO_LISTS);
	if (lists.kind !== 'ok') return lists;
	for (const contact of contacts) noteMarketing(contact, look);
	return ok(contacts.map((contact) => toHeldContact(contact, look, lists.value.get(contact.id))));
}

function noteMarketing({ id, properties }: HubSpotContact, { memory }: LookUp): void {
	if (properties[MARKETING_PROPERTY] === 'true') memory.marketing.set(id, true);
	else memory.marketing.delete(id);
}

const NO_LISTS: ReadonlyMap<string, ReadonlySet<string>> = new Map();

/** A contact as the engine sees it. A contact of which no lists are known is in none. */
export function toHeldContact(
	{ id, properties, changedAt }: HubSpotContact,
	{ memory, portalId, propertyNames, keyProperty, listId, segmentId }: LookUp,
	lists: ReadonlySet<string> | undefined,
): HeldContact {
	const spelled = properties[EMAIL_PROPERTY] || undefined;
	const email = spelled === undefined ? undefined : addressForm(spelled);
	const furtherEmails = [...new Set(otherEmailsOf({ properties }).flatMap((other) => [addressForm(other), other]))];
	const sourceKey = keyProperty === undefined ? undefined : ownValue(properties, keyProperty) || undefined;
	return {
		id,
		ownKey: ownKeyOf(portalId, id),
		...(email === undefined ? {} : { email }),
		...(spelled === email ? {} : { spelledEmail: spelled }),
		...(furtherEmails.length > 0 ? { furtherEmails } : {}),
		...(sourceKey === undefined ? {} : { sourceKey }),
		optedOut: properties[OPT_OUT_PROPERTY] === 'true' || memory.justOptedOut(email),
		onList: listId !== undefined && lists?.has(listId) === true,
		...(segmentId === undefined || lists?.has(segmentId) === true ? {} : { outsideSegment: true }),
		...(changedAt === undefined ? {} : { version: String(changedAt) }),
		attributes: Object.fromEntries(propertyNames.map((name) => [name, ownValue(properties, name) ?? null])),
	};
}

export const propertiesToRead = ({ propertyNames, keyProperty }: LookUp): string[] => [
	...new Set([
		...propertyNames,
		EMAIL_PROPERTY,
		OTHER_EMAILS_PROPERTY,
		OPT_OUT_PROPERTY,
		MARKETING_PROPERTY,
		STAMP_PROPERTY,
		...(keyProperty === undefined ? [] : [keyProperty]),
	]),
];

async function readAll(
	look: LookUp,
	idProperty: string,
	values: readonly string[],
	found: Map<string, HubSpotContact>,
): Promise<Result<unknown>> {
	return await inChunks(values, async (chunk) => {
		const answer = await look.client.contactsBy(idProperty, chunk, propertiesToRead(look));
		if (answer.kind === 'ok') for (const contact of answer.value) found.set(contact.id, contact);
		return answer;
	});
}

/** Contacts that HubSpot named when it refused one of these addresses for another contact. */
async function readHolders(
	look: LookUp,
	emails: ReadonlySet<string>,
	found: Map<string, HubSpotContact>,
): Promise<Result<unknown>> {
	const ids = new Map(
		[...emails].flatMap((email) => {
			const id = look.memory.holders.get(email);
			return id === undefined || found.has(id) ? [] : [[id, email] as const];
		}),
	);
	return await inChunks([...ids.keys()], async (chunk) => {
		const answer = await look.client.contacts(chunk, propertiesToRead(look));
		if (answer.kind !== 'ok') return answer;
		for (const contact of answer.value) found.set(contact.id, contact);
		for (const id of chunk) if (!found.has(id)) look.memory.holders.delete(ids.get(id) ?? '');
		return answer;
	});
}

/**
 * The keys by which contacts may be found that their address did not lead to. A contact of a first sync comes to its trigger for the
 * first time: where no contact of the account carries a key yet, it carries none either.
 */
async function keysToLookUp(
	wanted: readonly Identifiers[],
	{ client, memory, keyProperty }: LookUp,
	found: ReadonlyMap<string, HubSpotContact>,
	again: boolean,
): Promise<Result<readonly string[]>> {
	if (keyProperty === undefined) return ok([]);
	const known = new Set([...found.values()].map(({ properties }) => properties[keyProperty]));
	const open = wanted.filter(({ key }) => !known.has(key));
	const fresh = open.filter(({ firstSync }) => firstSync === true && !again);
	if (fresh.length > 0 && !memory.hasNoKeys) {
		const keyed = await client.searchContacts({
			filterGroups: [{ filters: [{ propertyName: keyProperty, operator: 'HAS_PROPERTY' }] }],
			sort: { propertyName: 'hs_object_id', direction: 'ASCENDING' },
			properties: [keyProperty],
		});
		if (keyed.kind !== 'ok') return keyed;
		if (keyed.value.items.length === 0) memory.noteNoKeys();
	}
	const mayCarry = memory.hasNoKeys ? open.filter((one) => !fresh.includes(one)) : open;
	const others = wanted.flatMap(({ otherKeys }) => otherKeys).filter((key) => !known.has(key));
	return ok([...new Set([...mayCarry.map(({ key }) => key), ...others])]);
}

/** Reads a hundred at a time, several at once; the first failure is the answer. */
export async function inChunks(
	values: readonly string[],
	read: (chunk: readonly string[]) => Promise<Result<unknown>>,
): Promise<Result<unknown>> {
	const failures: Failure[] = [];
	await inParallel(chunksOf(values, HUBSPOT_LIMITS.batchRead), PARALLEL, async (chunk) => {
		if (failures.length > 0) return;
		const answer = await read(chunk);
		if (answer.kind !== 'ok') failures.push(answer);
	});
	return failures[0] ?? ok(undefined);
}
