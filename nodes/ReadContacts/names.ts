import { isSalesforceId } from '../../clients/salesforce/api/types';
import { fullId } from '../../clients/salesforce/api/fields/recordIds';
import { isContactKey } from '../../core/contact/contact';
import { normaliseEmail } from '../../core/contact/email';
import type { ContactName } from '../../core/contact/readOnDemand';
import { idTextOf, isRecord } from '../../core/json';
import type { SourceName } from '../shared/vendors/mappingSource';
import { SOURCES } from '../shared/vendors/mappingSource';

/** The records that names are looked up among. */
export interface Place {
	readonly source: SourceName;
	/** Id of the account at the vendor. */
	readonly account: string;
	/** As contact keys name it: `contact`, `Contact`, `Lead`. */
	readonly object: string;
}

/** How an item names a contact, or why it names none. */
export type NameReading = ContactName | { readonly kind: 'none'; readonly reason: string };

/** A text that a person or an expression gave: a contact key, an e-mail address or a record id. */
export function nameOfText(text: string, place: Place): NameReading {
	const name = text.trim();
	if (name === '') return none('The name of the contact is empty');
	if (name.includes('@')) return nameOfEmail(name);
	if (isContactKey(name)) return nameOfKey(name, place) ?? none(`The contact key is not one of ${placeText(place)}`);
	return (
		nameOfId(name, place) ?? none(`The name is no e-mail address, contact key or record ID of ${placeText(place)}`)
	);
}

/**
 * What an item of any kind says, the surest first:
 *
 * | the item has | as |
 * | --- | --- |
 * | the key of a record of this place: its own, that of the contact a lead became, or in a field | contact item |
 * | an e-mail address | contact item, mapped contact, or field `email` |
 * | a record id | field `id`, unless the item is a contact of another place |
 */
export function nameOfItem(json: Readonly<Record<string, unknown>>, place: Place): NameReading {
	const fields = isRecord(json.fields) ? json.fields : {};
	const contact = isRecord(json.contact) ? json.contact : {};
	for (const key of [json.key, json.convertedTo, ...Object.values(fields)]) {
		const named = typeof key === 'string' && isContactKey(key) ? nameOfKey(key.trim(), place) : undefined;
		if (named) return named;
	}
	const emails = [contact.email, fields.email, fields.Email, json.email, json.Email];
	const email = emails.find((value): value is string => typeof value === 'string' && value.trim() !== '');
	if (email !== undefined) return nameOfEmail(email);
	const isContact = isRecord(json.source) || typeof json.key === 'string';
	const id = isContact ? '' : idTextOf(json.id ?? json.Id).trim();
	const named = nameOfId(id, place);
	if (named) return named;
	return none(
		`The item has neither a contact key nor a record ID of ${placeText(place)}, and no e-mail address where one is looked for ('email')`,
	);
}

function nameOfEmail(text: string): NameReading {
	const reading = normaliseEmail(text);
	if (reading.kind === 'email') return reading;
	return none(reading.kind === 'malformed' ? `The e-mail address ${reading.reason}` : 'The e-mail address is empty');
}

/** Undefined: the key is one of another account, system or object. */
function nameOfKey(key: string, place: Place): ContactName | undefined {
	const [system, account, object, ...id] = key.split(':');
	const isHere = system === SOURCES[place.source].system && account === place.account && object === place.object;
	return isHere ? nameOfId(id.join(':'), place) : undefined;
}

/**
 * What the ids of each object begin with (Salesforce help, "Standard Field Record ID Prefix Decoder"). Among ids of another kind no record
 * can be found, and one mistyped id makes Salesforce refuse the whole query.
 */
const ID_PREFIXES: Readonly<Record<string, string>> = { Contact: '003', Lead: '00Q' };

function nameOfId(text: string, { source, object }: Place): ContactName | undefined {
	if (source === 'hubSpot') return /^[1-9]\d{0,18}$/.test(text) ? { kind: 'id', id: text } : undefined;
	if (!isSalesforceId(text) || !text.startsWith(ID_PREFIXES[object] ?? '')) return undefined;
	// The last three of 18 characters follow from the others.
	const id = fullId(text.slice(0, 15));
	return text.length === 15 || text === id ? { kind: 'id', id } : undefined;
}

const placeText = ({ source, object }: Place): string =>
	source === 'hubSpot' ? 'this HubSpot account' : `a ${object} of this Salesforce organisation`;

const none = (reason: string): NameReading => ({ kind: 'none', reason });
