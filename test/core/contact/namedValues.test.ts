import { namedValue, putNamed } from '../../../core/contact/namedValues';
import { readMappedContact } from '../../../core/contact/readMappedContact';
import { queryAnswer } from '../../../clients/salesforce/types';
import { toHeldContact } from '../../../clients/brevo/toHeldContact';

const CRAFTED = ['__proto__', 'constructor', 'toString', 'hasOwnProperty'];

describe('values under crafted names neither vanish nor appear', () => {
	it.each(CRAFTED)('%s is a value like any other, and absent where it was not set', (name) => {
		const record: Record<string, string> = {};
		expect(namedValue(record, name)).toBeUndefined();
		putNamed(record, name, 'kept');
		expect([namedValue(record, name), Object.keys(record), JSON.stringify(record)]).toEqual(['kept', [name], `{"${name}":"kept"}`]); // prettier-ignore
		expect(namedValue({ ...record }, name)).toBe('kept');
		expect(Object.getPrototypeOf(record)).toBe(Object.prototype);
	});

	it.each(CRAFTED)('%s as an attribute of a mapped contact', (name) => {
		const json: unknown = JSON.parse(
			`{"key":"hubspot:1:contact:2","change":"added","source":{},"contact":{"email":"a@x.example","attributes":{"${name}":"kept"}}}`,
		);
		const attributes = readMappedContact(json)?.contact.attributes;
		expect(namedValue(attributes, name)).toBe('kept');
	});

	it.each(CRAFTED)('%s as a column of a Salesforce record', (name) => {
		const record: unknown = JSON.parse(`{"attributes":{},"Id":"1","${name}":"kept"}`);
		const page = queryAnswer.parse({ totalSize: 1, done: true, records: [record] });
		expect(namedValue(page.records[0], name)).toBe('kept');
	});

	it.each(CRAFTED)('%s as an attribute that Brevo holds', (name) => {
		const kept = { id: 1, values: ['kept'], listIds: [], emailBlocked: false, smsBlocked: false, modifiedAt: 0 };
		const held = toHeldContact(kept, [name], undefined);
		expect(namedValue(held.attributes, name)).toBe('kept');
	});
});
