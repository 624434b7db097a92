import { changesSince, typedValue } from '../../../../clients/hubspot/source/toContactChange';
import type { HubSpotContact } from '../../../../clients/hubspot/api/types';

const contact = (
	history: HubSpotContact['history'],
	properties: HubSpotContact['properties'] = {},
): HubSpotContact => ({ id: '1', properties, history });
const settings = { fields: ['email', 'firstname', 'score'], definitions: new Map() };

describe('what changed since the last delivery', () => {
	it('nothing, when no read property has a newer version', () => {
		expect(changesSince(contact({ firstname: [{ value: 'A', at: 100 }] }), 100, settings)).toBeUndefined();
		expect(changesSince(contact({ city: [{ value: 'B', at: 200 }] }), 100, settings)).toBeUndefined();
	});

	it('nothing, when the same value was written again', () => {
		const history = {
			firstname: [
				{ value: 'A', at: 200 },
				{ value: 'A', at: 50 },
			],
		};
		expect(changesSince(contact(history), 100, settings)).toBeUndefined();
	});

	it('a value that went there and back, because the one in between may have been delivered', () => {
		const history = {
			firstname: [
				{ value: 'A', at: 300 },
				{ value: 'B', at: 200 },
				{ value: 'A', at: 50 },
			],
		};
		expect(changesSince(contact(history), 100, settings)).toMatchObject({
			change: 'updated',
			at: 300,
			changedFields: ['firstname'],
		});
	});

	it('HB-24: the address before the change', () => {
		const history = {
			email: [
				{ value: 'c@x.org', at: 300 },
				{ value: 'b@x.org', at: 200 },
				{ value: 'a@x.org', at: 50 },
			],
		};
		expect(changesSince(contact(history), 100, settings)).toMatchObject({
			previousEmail: 'a@x.org',
			changedFields: ['email'],
		});
	});

	it('HB-22: an opt-out alone is emitted as such, one among others is an update', () => {
		const out = {
			hs_email_optout: [
				{ value: 'true', at: 200 },
				{ value: '', at: 50 },
			],
		};
		expect(changesSince(contact(out, { hs_email_optout: 'true' }), 100, settings)).toMatchObject({
			change: 'optedOut',
		});
		const both = { ...out, firstname: [{ value: 'A', at: 150 }] };
		expect(changesSince(contact(both, { hs_email_optout: 'true' }), 100, settings)).toMatchObject({
			change: 'updated',
			changedFields: ['firstname'],
		});
		const back = {
			hs_email_optout: [
				{ value: '', at: 200 },
				{ value: 'true', at: 50 },
			],
		};
		expect(changesSince(contact(back, { hs_email_optout: '' }), 100, settings)).toMatchObject({
			change: 'updated',
			changedFields: ['hs_email_optout'],
		});
	});

	it('a calculated property gets a new stamp whenever it is read; only another value counts', () => {
		const definitions = new Map([
			[
				'score',
				{
					name: 'score',
					label: 'Score',
					type: 'number',
					fieldType: 'number',
					options: [],
					hidden: false,
					calculated: true,
					readOnly: true,
					hubspotDefined: true,
					unique: false,
				},
			],
		]);
		expect(
			changesSince(contact({ score: [{ value: '5', at: 900 }] }), 100, { ...settings, definitions }),
		).toBeUndefined();
		const history = {
			score: [
				{ value: '6', at: 900 },
				{ value: '5', at: 50 },
			],
		};
		expect(changesSince(contact(history), 100, { ...settings, definitions })).toMatchObject({
			changedFields: ['score'],
		});
	});
});

describe('typed values', () => {
	it.each([
		['', 'string', 'text', null],
		[null, 'number', 'number', null],
		['0', 'number', 'number', 0],
		['-3.5', 'number', 'number', -3.5],
		['12345678901234567890', 'number', 'number', '12345678901234567890'],
		['not a number', 'number', 'number', 'not a number'],
		['true', 'bool', 'booleancheckbox', true],
		['false', 'enumeration', 'booleancheckbox', false],
		['a;b; c', 'enumeration', 'checkbox', ['a', 'b', 'c']],
		['a;b', 'enumeration', 'select', 'a;b'],
		['1990-09-25', 'date', 'date', '1990-09-25'],
		['😀 "x" <b>', 'string', 'text', '😀 "x" <b>'],
	])('%p of type %s/%s', (value, type, fieldType, expected) => {
		expect(typedValue(value, { type, fieldType })).toEqual(expected);
	});

	it('stays as it is without a definition', () => {
		expect(typedValue('1', undefined)).toBe('1');
		// JavaScript takes these for 0, 16 and 1,000.
		for (const text of [' ', '0x10', '1_000'])
			expect(typedValue(text, { type: 'number', fieldType: 'number' })).toBe(text);
	});
});
