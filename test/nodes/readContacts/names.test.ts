import type { Place } from '../../../nodes/ReadContacts/names';
import { nameOfItem, nameOfText } from '../../../nodes/ReadContacts/names';

const HUBSPOT: Place = { source: 'hubSpot', account: '7', object: 'contact' };
const ORGANISATION = '00D000000000001AAA';
const CONTACTS: Place = { source: 'salesforce', account: ORGANISATION, object: 'Contact' };
const ID = '003000000000001AAA';
const KEY = `salesforce:${ORGANISATION}:Contact:${ID}`;

const byId = (id: string) => ({ kind: 'id', id });
const byEmail = (email: string) => ({ kind: 'email', email });

describe('how an item names a contact', () => {
	it.each<[string, Place, Record<string, unknown>, object]>([
		['its own key', HUBSPOT, { key: 'hubspot:7:contact:5', fields: { email: 'a@x.example' } }, byId('5')],
		['IS-17: the address of a contact of another system', CONTACTS, { key: 'hubspot:7:contact:5', fields: { email: 'A@x.example' } }, byEmail('a@x.example')],
		['IS-17: a field with the key of the record', CONTACTS, { key: 'hubspot:7:contact:5', fields: { email: 'a@x.example', contact_sync_key: KEY } }, byId(ID)],
		['the contact that a lead became', CONTACTS, { key: `salesforce:${ORGANISATION}:Lead:00Q000000000001AAA`, convertedTo: KEY }, byId(ID)],
		['the address of a contact of another account', HUBSPOT, { key: 'hubspot:8:contact:5', fields: { email: 'a@x.example' } }, byEmail('a@x.example')],
		['a mapped contact', HUBSPOT, { key: KEY, contact: { email: 'a@x.example' } }, byEmail('a@x.example')],
		['the field of a form', HUBSPOT, { email: ' a@x.example ', id: 12 }, byEmail('a@x.example')],
		['a record ID as a number', HUBSPOT, { id: 12 }, byId('12')],
		['a record ID of 15 characters', CONTACTS, { Id: ID.slice(0, 15) }, byId(ID)],
	])('%s', (_name, place, json, name) => {
		expect(nameOfItem(json, place)).toEqual(name);
	}); // prettier-ignore

	it.each<[string, Place, Record<string, unknown>, string]>([
		['the ID of a contact of another place', HUBSPOT, { id: 12, key: KEY, source: {} }, 'contact key'],
		['nothing', HUBSPOT, {}, "'email'"],
		['an ID of another system', CONTACTS, { id: 12 }, 'Salesforce'],
		['an address that is none', HUBSPOT, { email: 'a@b@c' }, 'more than one @'],
	])('not by %s', (_name, place, json, says) => {
		expect(nameOfItem(json, place)).toEqual({ kind: 'none', reason: expect.stringContaining(says) as string });
	});
});

describe('how a text names a contact', () => {
	it.each<[string, Place, object]>([
		[' 12 ', HUBSPOT, byId('12')],
		['hubspot:7:contact:5', HUBSPOT, byId('5')],
		['ADA@x.example', CONTACTS, byEmail('ada@x.example')],
		[KEY, CONTACTS, byId(ID)],
	])('%s', (text, place, name) => {
		expect(nameOfText(text, place)).toEqual(name);
	});

	it.each<[string, Place]>([
		['', HUBSPOT],
		['0', HUBSPOT],
		['hubspot:8:contact:5', HUBSPOT],
		['twelve', HUBSPOT],
		[KEY.replace('Contact', 'Lead'), CONTACTS],
		['12', CONTACTS],
		[ID.replace('AAA', 'AAB'), CONTACTS],
		['00Q000000000001AAA', CONTACTS],
	])('not by %j', (text, place) => {
		expect(nameOfText(text, place).kind).toBe('none');
	});

	it('a reason never repeats what was given', () => {
		for (const text of ['someone@at@x', 'some name', 'hubspot:8:contact:5'])
			expect(JSON.stringify(nameOfText(text, HUBSPOT))).not.toContain(text);
	});
});
