import type { ChangeKind, ContactChange, ContactSource, FieldValue } from '../../../core/contact/contact';
import { contactKey, isContactKey } from '../../../core/contact/contact';
import { ownValue, setOwnValue } from '../../../core/contact/ownValues';
import { EMAIL, emailOf, EXTERNAL_ID, isStandIn, PHONE, phoneOf } from '../api/contactValues';
import { keyNotes } from '../api/noteAttributes';
import type { BrevoAttribute, BrevoContact } from '../api/types';

const SYSTEM = 'brevo';

/** What a trigger reads of each contact. */
export interface ReadSettings {
	/** The account's own id. */
	readonly account: string;
	/** The only list that is followed; absent: all contacts, or those of several lists. */
	readonly list?: string;
	/** Names of the attributes to emit. */
	readonly fields: readonly string[];
}

export interface ChangeDetails {
	readonly change: ChangeKind;
	/** ms since 1970. */
	readonly at: number;
	readonly changedFields?: readonly string[];
	/** Ids of followed lists that the contact unsubscribed from. */
	readonly unsubscribedFrom?: readonly string[];
	/** See `ContactChange`. */
	readonly optOutOnly?: true;
	readonly optedOut: boolean;
}

/** A contact as read now, as the item that a trigger emits. */
export function toContactChange(contact: BrevoContact, details: ChangeDetails, settings: ReadSettings): ContactChange {
	const source = sourceOf(String(contact.id), settings);
	const { change, at, changedFields, unsubscribedFrom = [], optOutOnly, optedOut } = details;
	const linkedTo = linksOf(contact);
	return {
		key: contactKey(source),
		change,
		source,
		changedAt: new Date(at).toISOString(),
		fields: fieldsOf(contact, settings.fields),
		...(changedFields ? { changedFields } : {}),
		...(unsubscribedFrom.length > 0 ? { unsubscribedFrom } : {}),
		...(linkedTo.length > 0 ? { linkedTo } : {}),
		...(optOutOnly ? { optOutOnly } : {}),
		optedOut,
	};
}

/** What is told of a contact that Brevo no longer has: the records that it is remembered to have been linked to, and see `ContactChange`. */
export interface Remembered {
	readonly linkedTo: readonly string[];
	readonly emailsTaken: readonly string[];
}

/** A contact that Brevo no longer has, of which only the key is left. */
export function toDeletion(
	id: string,
	noticedAt: number,
	settings: ReadSettings,
	{ linkedTo, emailsTaken }: Remembered,
): ContactChange {
	const source = sourceOf(id, settings);
	const changedAt = new Date(noticedAt).toISOString();
	const links = { ...(linkedTo.length > 0 ? { linkedTo } : {}), ...(emailsTaken.length > 0 ? { emailsTaken } : {}) };
	return { key: contactKey(source), change: 'deleted', source, changedAt, fields: {}, ...links, optedOut: null };
}

const sourceOf = (id: string, { account, list }: ReadSettings): ContactSource => ({
	system: SYSTEM,
	account,
	object: 'contact',
	id,
	...(list === undefined ? {} : { list }),
	// An address is on one contact only, and syncs into Brevo leave their keys on it.
	uniqueEmails: true,
	keepsLinks: true,
});

/** Keys of the records of other systems that the contact is kept in sync with: its external id, and those noted beside it. */
export function linksOf(contact: BrevoContact): readonly string[] {
	const first = contact.ext_id ?? contact.attributes[EXTERNAL_ID];
	const keys = [...(typeof first === 'string' ? [first] : []), ...keyNotes(contact)];
	return [...new Set(keys)].filter((key) => isContactKey(key) && !key.startsWith(`${SYSTEM}:`));
}

/** Moved aside by a sync until its address is free: what it has now is no one's address, and it goes on in a moment. */
export const isMovedAside = (contact: BrevoContact): boolean => isStandIn(contact.email?.trim().toLowerCase() ?? '');

/** The attributes by name, address and number in the form that everything compares. An attribute without a value is empty. */
export function fieldsOf(contact: BrevoContact, names: readonly string[]): Record<string, FieldValue> {
	const fields: Record<string, FieldValue> = {};
	for (const name of names) setOwnValue(fields, name, valueOf(contact, name));
	return fields;
}

function valueOf(contact: BrevoContact, name: string): FieldValue {
	if (name === EMAIL) return emailOf(contact) ?? null;
	if (name === PHONE) return phoneOf(contact) ?? null;
	if (name === EXTERNAL_ID) return contact.ext_id ?? ownValue(contact.attributes, name) ?? null;
	const value = ownValue(contact.attributes, name) ?? null;
	// Where a day is told as an instant, its time says nothing.
	return typeof value === 'string' && /^\d{4}-\d{2}-\d{2}T00:00:00/.test(value) ? value.slice(0, 10) : value;
}

/** Read when nothing else is known: what every account has, whatever the language it was opened in. */
export const commonAttributes: readonly string[] = [EMAIL, PHONE, 'FIRSTNAME', 'LASTNAME', 'PRENOM', 'NOM', 'VORNAME', 'NACHNAME', 'NOMBRE', 'APELLIDOS', 'NOME', 'COGNOME', 'SOBRENOME']; // prettier-ignore

/** Names of the attributes as far as the account has them; address and number are there in any case. */
export function knownAttributes(names: readonly string[], definitions: readonly BrevoAttribute[]): readonly string[] {
	const known = new Set([EMAIL, PHONE, ...definitions.map(({ name }) => name)]);
	return [...new Set([EMAIL, ...names])].filter((name) => known.has(name));
}
