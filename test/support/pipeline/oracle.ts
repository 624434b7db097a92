import type { Contact as BrevoContact } from '../../../sandbox/brevo/entities';
import type { Contact as HubSpotContact } from '../../../sandbox/hubspot';
import { contactsByKey, keysOf } from './brevo/world';
import type { Pipeline } from './pipeline';
import type { Memory } from './witness';
import { readPhone } from './readPhone';
import { HUBSPOT_LIST, keyOf } from './world';

/**
 * What Brevo has to hold, worked out from HubSpot's store and the rules alone. Shares nothing with the code under test:
 * two readings of the rules have to agree.
 */

/** A person as Brevo should have them; a string: why the sync leaves them out. */
export type Wanted = 'malformed address' | 'unusable number' | 'no identifier' | WantedContact;

export interface WantedContact {
	readonly email?: string;
	/** Digits only, as Brevo shows them. */
	readonly phone?: string;
	/** Those with a number of another kind, digits only; one that is no number is left out. */
	readonly numbers?: Readonly<Partial<Record<OtherNumber, string>>>;
	/** Empty ones are absent. */
	readonly attributes: Readonly<Record<string, string | number | boolean>>;
	readonly blocked: boolean;
}

/** Numbers that are identifiers in Brevo, beside SMS. */
export type OtherNumber = 'WHATSAPP' | 'LANDLINE_NUMBER';

const STAGE_NUMBERS: Readonly<Record<string, string>> = { subscriber: '1', lead: '2', customer: '6', other: '8' };

/** The mapping of `mapping.ts`, once more by hand. HB-25: numbers have 6 to 16 digits and a country code. */
export function wantedOf({ properties }: Pick<HubSpotContact, 'properties'>): Wanted {
	const blocked = properties.hs_email_optout === 'true';
	const email = properties.email?.trim().toLowerCase();
	if (email && !/^[^\s@]+@[^\s@.]+(\.[^\s@.]+)+$/.test(email)) return 'malformed address';
	const { digits: number, unusable } = readPhone(properties.phone);
	if (unusable && !blocked) return 'unusable number';
	if (!email && number === undefined) return unusable ? 'unusable number' : 'no identifier';
	const attributes: Record<string, string | number | boolean> = {};
	const text = (name: string, value: string | undefined): void => {
		if (value !== undefined && value.trim() !== '') attributes[name] = value;
	};
	text('FIRSTNAME', properties.firstname);
	text('LASTNAME', properties.lastname);
	text('BIRTHDAY', properties.birthday);
	text('LIFECYCLE', STAGE_NUMBERS[properties.lifecyclestage ?? '']);
	if (properties.loyalty_points) attributes.ANNUAL_REVENUE = Number(properties.loyalty_points);
	if (properties.vip) attributes.IS_CUSTOMER = properties.vip === 'true';
	const numbers = numbersOf(properties.mobilephone, properties.fax);
	return { ...(email ? { email } : {}), ...(number ? { phone: number } : {}), numbers, attributes, blocked };
}

export function numbersOf(whatsApp: string | undefined, landline: string | undefined): WantedContact['numbers'] {
	const [WHATSAPP, LANDLINE_NUMBER] = [readPhone(whatsApp).digits, readPhone(landline).digits];
	return { ...(WHATSAPP ? { WHATSAPP } : {}), ...(LANDLINE_NUMBER ? { LANDLINE_NUMBER } : {}) };
}

/** How Brevo differs from what it has to hold, one line each; none when all is well. */
export function differences(pipeline: Pipeline, memory: Memory): string[] {
	const { hubspot, brevo, list } = pipeline;
	const found: string[] = [];
	const members = hubspot.store.list(HUBSPOT_LIST).members;
	const contactOf = contactsByKey(brevo.store);
	for (const contact of hubspot.store.contacts.contacts.values()) {
		if (contact.archivedAt !== undefined) continue;
		const key = keyOf(pipeline, contact.id);
		const held = contactOf(key);
		const tell = (what: string): void => void found.push(`HubSpot ${contact.id}: ${what}`);
		if (contact.properties.hs_email_optout === 'true' && held && !held.emailBlocked)
			tell(`opted out, but Brevo ${held.id} is mailable`);
		if (!members.has(contact.id)) continue;
		const wanted = wantedOf(contact);
		if (typeof wanted === 'string') {
			if (held?.listIds.has(list) && !memory.wasSynced(key)) tell(`on the list in spite of: ${wanted}`);
			continue;
		}
		if (memory.wasRefused(key)) continue;
		const own = held ?? foreign(brevo.store.contacts.get(memory.contactOf(key) ?? 0));
		if (own)
			for (const what of fieldDifferences(list, wanted, own, memory.excused(key, own.id)))
				tell(`Brevo ${own.id} ${what}`);
		else if (!memory.wasDeleted(key)) tell('is not in Brevo');
	}
	for (const contact of brevo.store.contacts.values()) {
		if (!contact.listIds.has(list)) continue;
		const tell = (what: string): void => void found.push(`Brevo ${contact.id}: ${what}`);
		const keys = keysOf(contact).filter((key) => key.startsWith('hubspot:'));
		const named = keys.length > 0 ? keys : [memory.recordOf(contact.id) ?? []].flat();
		const ids = named.map((key) => Number(key.split(':').at(-1)));
		if (ids.length === 0) tell('is on the list and nobody knows why');
		else if (!ids.some((id) => members.has(id) || isLeftOut(pipeline, memory, id)))
			tell(`is on the list, but HubSpot ${ids.join()} is no member`);
	}
	for (const { kind, via, contactId } of brevo.store.writes) {
		if (kind === 'deleted' && via !== 'control') found.push(`Brevo ${contactId}: was deleted`);
	}
	return found;
}

/** Merged into a member that cannot be sent, or was refused: what Brevo holds of that person stays as it is. */
function isLeftOut(pipeline: Pipeline, memory: Memory, id: number): boolean {
	const { contacts } = pipeline.hubspot.store.contacts;
	let contact = contacts.get(id);
	while (contact?.mergedInto !== undefined) contact = contacts.get(contact.mergedInto);
	if (contact === undefined || !pipeline.hubspot.store.list(HUBSPOT_LIST).members.has(contact.id)) return false;
	return typeof wantedOf(contact) === 'string' || memory.wasRefused(keyOf(pipeline, contact.id));
}

/** Came from another tool, whose key it keeps. */
const foreign = (contact: BrevoContact | undefined): BrevoContact | undefined =>
	contact?.identifiers.ext_id?.startsWith('hubspot:') === false ? contact : undefined;

/** The attributes that histories are about. */
const ATTRIBUTES = ['FIRSTNAME', 'LASTNAME', 'BIRTHDAY', 'LIFECYCLE', 'ANNUAL_REVENUE', 'IS_CUSTOMER'];

/** How a contact differs from what it has to be on a list. `excused`: see `Memory`. */
export function fieldDifferences(
	list: number,
	wanted: WantedContact,
	held: BrevoContact,
	excused: ReadonlySet<string>,
	attributes: readonly string[] = ATTRIBUTES,
): string[] {
	const found: string[] = [];
	const identifiers = { email: wanted.email, SMS: wanted.phone, ...wanted.numbers };
	for (const [name, value] of Object.entries(identifiers)) {
		const own = held.identifiers[name as keyof typeof identifiers];
		if (value !== undefined && own !== value && !excused.has(name)) found.push(`has ${name} ${own}, not ${value}`);
	}
	for (const name of attributes) {
		if (excused.has(name)) continue;
		const value = wanted.attributes[name];
		// Only an import clears a value, and it would put the person back on the list they left.
		if (value === undefined && held.listsLeft.has(list)) continue;
		if (plain(held.attributes[name]) !== plain(value))
			found.push(`has ${name} ${String(held.attributes[name])}, not ${String(value)}`);
	}
	if (!held.listIds.has(list) && !held.listsLeft.has(list) && !excused.has('list')) found.push('is not on the list');
	return found;
}

/** How blanks and line breaks in a text are cleaned up is for the tests of the mapping. */
const plain = (value: unknown): unknown => (typeof value === 'string' ? value.replace(/\s+/g, ' ').trim() : value);
