import { ownValue, setOwnValue } from '../../../core/contact/ownValues';
import { readMappedContact } from '../../../core/contact/readMappedContact';

const CRAFTED = ['__proto__', 'constructor', 'toString', 'hasOwnProperty'];

describe('fields with crafted names', () => {
	it.each(CRAFTED)('%s is set, read and written as JSON like any other', (name) => {
		const values: Record<string, unknown> = {};
		expect(ownValue(values, name)).toBeUndefined();
		setOwnValue(values, name, 'x');
		expect(ownValue(values, name)).toBe('x');
		expect(JSON.stringify(values)).toBe(`{"${name}":"x"}`);
		expect(Object.getPrototypeOf({ ...values })).toBe(Object.prototype);
	});

	it.each(CRAFTED)('an attribute called %s reaches the upsert', (name) => {
		const json = JSON.parse(
			`{"key":"a:b:c:1","change":"updated","source":{"system":"a","account":"b","object":"c","id":"1"},"changedAt":"2026-11-20T10:00:00.000Z","optedOut":false,"contact":{"email":"a@b.co","attributes":{"${name}":"x"}},"warnings":[]}`,
		) as object;
		expect(JSON.stringify(readMappedContact(json as never)?.contact.attributes)).toBe(`{"${name}":"x"}`);
	});
});
