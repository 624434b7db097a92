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
		['true', true],
		[' TRUE ', true],
		[1, true],
		['1', true],
		['false', false],
		[0, false],
		['', null],
		[undefined, null],
	])('an opt-out that another node wrote as %p is never lost', (written, optedOut) => {
		expect(readMappedContact({ ...mapped(1, {}), optedOut: written })?.optedOut).toBe(optedOut);
	});

	it('half characters, which no address in a URL can hold, go', () => {
		const halves = { ...mapped('1\ud800', { email: 'a\udc00da@x.example' }), previousEmail: 'old\ud83d@x.example' };
		expect(readMappedContact(halves)).toMatchObject({
			key: 'hubspot:1:contact:1',
			previousEmail: 'old@x.example',
			contact: { email: 'ada@x.example' },
		});
	});

	it.each([
		['an opt-out that is neither yes nor no', { ...mapped(1, {}), optedOut: 'perhaps' }],
		['text', 'hello'],
		['a list', []],
		['no key', { ...mapped(1, {}), key: ' ' }],
		['an unknown change', { ...mapped(1, {}), change: 'moved' }],
		['no source', { ...mapped(1, {}), source: null }],
		['a value that is an object', { ...mapped(1, {}), contact: { attributes: { CITY: {} } } }],
	])('refuses %s', (_what, value) => expect(readMappedContact(value)).toBeUndefined());
});
