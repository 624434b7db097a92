import { countBy } from 'lodash';
import { isContactKey } from '../../../contact/contact';
import type { Intent } from '../collapse';
import type { HeldContact, Holdings } from '../../destination';
import { keysOf, sameAccount, sameSource, sharersOf, wasOf } from '../../keys';

/** Which held contact each intent is about; each held contact belongs to one intent at most. */
export interface Assignment {
	/** By the key of the intent; absent: the destination does not hold the contact. */
	readonly held: ReadonlyMap<string, HeldContact>;
	/** By the id of the held contact. */
	readonly owners: ReadonlyMap<string, Intent>;
	/** Leavers whose contact belongs to another intent of the batch, with the key of that one. */
	readonly superseded: ReadonlyMap<string, string>;
	/** Contacts that records with an address of their own now leave to those that stay at the shared one, by the key of the mover. */
	readonly left: ReadonlyMap<string, HeldContact>;
	/** Keys of records that leave, or leave a shared contact, in this run. */
	readonly gone: ReadonlySet<string>;
}

/**
 * Identity: the source key first, then the contact it is linked to, then the address, then the key of the record that this one was converted to, then those of
 * records that were merged into it, then a former address, then the phone. So a changed address becomes an update and not a
 * second contact (HB-24). Only the address may find a contact that another record of the same source made: there it is unique,
 * so that record has lost it.
 */
export function assignContacts(intents: readonly Intent[], holdings: Holdings): Assignment {
	const held = new Map<string, HeldContact>();
	const owners = new Map<string, Intent>();
	const superseded = new Map<string, string>();
	const staying = intents.filter(({ leaving }) => !leaving);
	const gone = new Set(intents.flatMap(({ key, leaving }) => (leaving ? [key] : [])));
	const left = contactsLeft(staying, holdings, gone);
	for (const key of left.keys()) gone.add(key);
	const claim = (intent: Intent, contact: HeldContact | undefined): void => {
		if (!contact || held.has(intent.key) || owners.has(contact.id)) return;
		if (left.get(intent.key)?.id === contact.id) return;
		owners.set(contact.id, intent);
		held.set(intent.key, contact);
	};

	const byFormerKey = (intent: Intent, former: string): HeldContact | undefined => {
		const contact = holdings.byKey(former);
		return contact && sharersOf(contact, intent, gone).length === 0 ? contact : undefined;
	};

	for (const intent of staying) claim(intent, holdings.byKey(intent.key));
	for (const intent of staying) claim(intent, linkedContact(intent, holdings));
	for (const intent of staying) claim(intent, atAddress(intent, holdings));
	for (const intent of staying) claim(intent, byConvertedKey(intent, holdings));
	for (const intent of staying) for (const former of intent.formerKeys) claim(intent, byFormerKey(intent, former));
	for (const intent of staying) for (const former of atFormerAddresses(intent, holdings)) claim(intent, former);
	for (const intent of staying) claim(intent, byPhone(intent, holdings));

	const leaving = intents.filter((intent) => intent.leaving);
	for (const intent of leaving) claim(intent, holdings.byKey(intent.key));
	for (const intent of leaving) {
		const candidates = candidatesOf(intent, holdings);
		for (const candidate of candidates) claim(intent, candidate);
		const by = candidates.flatMap(({ id }) => owners.get(id) ?? [])[0];
		if (by && !held.has(intent.key)) superseded.set(intent.key, by.key);
	}
	return { held, owners, superseded, left, gone };
}

/**
 * Records that go to an address of their own while others stay at the one they shared: the contact stays with those. When all of
 * them go, it goes along with the one it was made from.
 */
function contactsLeft(
	staying: readonly Intent[],
	holdings: Holdings,
	leaving: ReadonlySet<string>,
): ReadonlyMap<string, HeldContact> {
	const left = new Map<string, HeldContact>();
	const gone = new Set(leaving);
	const found = staying.flatMap((intent) => {
		const contact = holdings.byKey(intent.key);
		return contact ? [{ intent, contact }] : [];
	});
	const finders = countBy(found, ({ contact }) => contact.id);
	const movers = found.filter(({ intent, contact }) => hasLeft(intent, contact, (finders[contact.id] ?? 0) > 1));
	movers.sort((a, b) => Number(a.contact.sourceKey === a.intent.key) - Number(b.contact.sourceKey === b.intent.key));
	for (const { intent, contact } of movers) {
		if (sharersOf(contact, intent, gone).length === 0) continue;
		left.set(intent.key, contact);
		gone.add(intent.key);
	}
	return left;
}

/**
 * Whether a record no longer has the address of the contact that is found by its key, where others may have it. `isShared`: another one
 * of the batch finds the same contact, which can be written for one of them alone; without an address a record is not that one.
 */
function hasLeft({ key, contact: { email }, uniqueEmails }: Intent, held: HeldContact, isShared: boolean): boolean {
	if (isShared || wasOf(held, key)) return email === undefined || email !== held.email;
	return !uniqueEmails && held.email !== undefined && email !== undefined && email !== held.email;
}

/** Contacts that an intent without a write may be held as, the most certain first. */
export function candidatesOf(intent: Intent, holdings: Holdings): HeldContact[] {
	const { key, formerKeys, contact } = intent;
	return [
		holdings.byKey(key),
		linkedContact(intent, holdings),
		byConvertedKey(intent, holdings),
		...formerKeys.map((former) => holdings.byKey(former)),
		ownOrFree(intent, byEmail(contact.email, holdings)),
	].filter((held): held is HeldContact => held !== undefined);
}

/** Contacts at former addresses of a person, unless another record made them. */
export function atFormerAddresses(intent: Intent, holdings: Holdings): HeldContact[] {
	return intent.previousEmails.flatMap((former) => ownOrFree(intent, holdings.byEmail(former)) ?? []);
}

/**
 * Contacts on the list at further addresses of a record whose external id is another tool's: it overwrote the key of a record that was
 * merged into this one, because an address is on one record only. Not contacts without any id: those were put on the list by hand.
 */
export function keylessAtOtherAddresses(
	{ otherEmails }: Intent,
	heldAt: (email: string) => HeldContact | undefined,
): HeldContact[] {
	const held = otherEmails.flatMap((email) => heldAt(email) ?? []);
	return held.filter((one) => one.onList && one.sourceKey !== undefined && !keysOf(one).some(isContactKey));
}

/** The contact of the very record, whatever its address: it carries the record's key, or the record says that it is linked to it. */
export const heldByKey = (intent: Intent, holdings: Holdings): HeldContact | undefined =>
	holdings.byKey(intent.key) ?? linkedContact(intent, holdings);

/** The contact that the record itself says it belongs to. */
const linkedContact = (intent: Intent, holdings: Holdings): HeldContact | undefined =>
	(intent.linkedTo ?? []).map((key) => ownOrFree(intent, holdings.byKey(key))).find((held) => held !== undefined);

/**
 * The contact at the address of an intent. A further address of a contact that another record of the source made is a former one of that
 * record, which has not lost the contact with it (H8).
 */
function atAddress(intent: Intent, holdings: Holdings): HeldContact | undefined {
	const { email } = intent.contact;
	const held = byEmail(email, holdings);
	return held?.email === email ? held : ownOrFree(intent, held);
}

const byEmail = (email: string | undefined, holdings: Holdings): HeldContact | undefined =>
	email === undefined ? undefined : holdings.byEmail(email);

/** The contact of a converted record, once the sync of what it was converted to has taken it over. */
const byConvertedKey = ({ convertedTo }: Intent, holdings: Holdings): HeldContact | undefined =>
	convertedTo === undefined ? undefined : holdings.byKey(convertedTo);

/**
 * A phone alone names a person only where no address speaks against it, and no other record of the account: offices share numbers,
 * also a contact and a lead.
 */
function byPhone(intent: Intent, holdings: Holdings): HeldContact | undefined {
	const { email, phone } = intent.contact;
	const held = phone === undefined ? undefined : ownOrFree(intent, holdings.byPhone(phone), sameAccount);
	return held && (email === undefined || held.email === undefined) ? held : undefined;
}

/** Not a contact that another record of the same source made: that record is another person. */
function ownOrFree(
	intent: Intent,
	held: HeldContact | undefined,
	isAkin: (key: string, other: string) => boolean = sameSource,
): HeldContact | undefined {
	const keys = held ? keysOf(held) : [];
	const isOwn = keys.some((key) => key === intent.key || intent.formerKeys.includes(key));
	return isOwn || !keys.some((key) => isAkin(key, intent.key)) ? held : undefined;
}
