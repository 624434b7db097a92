import { readMappedContact } from '../../../core/contact/readMappedContact';
import { mapped } from '../../support/mappedContacts';

const read = (contact: Record<string, unknown>) => readMappedContact({ ...mapped(1, {}), contact })?.contact;

describe('reading a mapped contact', () => {
	it('brings addresses and numbers into one form', () => {
		expect(read({ email: ' Ada@X.example ', phone: '0049 (0)30-123.456' })).toEqual({
			email: 'ada@x.example',
			phone: '+49030123456',
			attributes: {},
		});
		expect(read({ phone: '030 123' })?.phone).toBe('030123');
		expect(read({ phone: 'call me' })?.phone).toBe('callme');
	});

	it('takes empty and absent values for none', () => {
		expect(read({ email: '', phone: null, attributes: { CITY: null, NOTES: undefined } })).toEqual({
			attributes: { CITY: null },
		});
	});

	it.each([
		['text', 'hello'],
		['a list', []],
		['no key', { ...mapped(1, {}), key: ' ' }],
		['an unknown change', { ...mapped(1, {}), change: 'moved' }],
		['no source', { ...mapped(1, {}), source: null }],
		['a value that is an object', { ...mapped(1, {}), contact: { attributes: { CITY: {} } } }],
	])('refuses %s', (_what, value) => expect(readMappedContact(value)).toBeUndefined());
});
