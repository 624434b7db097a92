import { invalidParameter, notFound } from '../brevoError';
import type { Contact, IdentifierKind } from '../entities';
import { normalIdentifier } from './identifiers';
import type { BrevoStore } from '../store';

/** `identifierType` on the wire and the identifier it names; `contact_id` is Brevo's own number. */
const kinds: Readonly<Record<string, IdentifierKind | 'id'>> = {
	email_id: 'email',
	contact_id: 'id',
	ext_id: 'ext_id',
	phone_id: 'SMS',
	whatsapp_id: 'WHATSAPP',
	landline_number_id: 'LANDLINE_NUMBER',
};

/**
 * The contact a path names. Without a type only an e-mail, a numeric id and (where `phones` says so: GET, not PUT) an
 * SMS number are recognised. Throws 400 for an unknown type, 404 where no contact is found.
 */
export function findContact(
	store: BrevoStore,
	identifier: string,
	type: string | undefined,
	{ phones }: { phones: boolean },
): Contact {
	let contact: Contact | undefined;
	if (type !== undefined) {
		const kind = Object.hasOwn(kinds, type) ? kinds[type] : undefined;
		if (kind === undefined) throw invalidParameter('identifierType is not valid');
		contact = kind === 'id' ? byId(store, identifier) : byIdentifier(store, kind, identifier);
	} else if (identifier.includes('@')) {
		contact = byIdentifier(store, 'email', identifier);
	} else {
		contact = byId(store, identifier) ?? (phones ? byIdentifier(store, 'SMS', identifier) : undefined);
	}
	if (contact === undefined) throw notFound('Contact does not exist');
	return contact;
}

function byId(store: BrevoStore, identifier: string): Contact | undefined {
	return /^\d{1,15}$/.test(identifier) ? store.contacts.get(Number(identifier)) : undefined;
}

function byIdentifier(store: BrevoStore, kind: IdentifierKind, identifier: string): Contact | undefined {
	const value = normalIdentifier(kind, identifier);
	return value === undefined ? undefined : store.owner(kind, value);
}
