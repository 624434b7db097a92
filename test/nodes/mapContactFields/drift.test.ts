import type { IDataObject } from 'n8n-workflow';
import { setTimeout as pause } from 'node:timers/promises';
import { MapContactFields } from '../../../nodes/MapContactFields/MapContactFields.node';
import { newAttribute } from '../../../sandbox/brevo/routes/attributes';
import { change, mapNode, mappingOf, openTable, runMap, startVendors, storedAs } from './mapNode';
import type { TableField, Vendors } from './mapNode';
import { shownHints } from './shownHints';

/** An account as it was when the mapping was made, and as it is later: two, because definitions are kept for a minute. */
let before: Vendors;
let later: Vendors;

beforeEach(async () => {
	[before, later] = await Promise.all([startVendors(), startVendors()]);
});
afterEach(async () => void (await Promise.all([before.close(), later.close()])));

const VALUE = { EMAIL: 'email', FIRSTNAME: 'firstname', BIRTHDAY: 'birthday', NOTES: 'message', COUNTRY: 'country' };
const INPUT = [change(1, { email: 'a@b.co', firstname: 'Ada', birthday: '1990-09-25' })];

function retypeProperty(name: string, type: 'number' | 'string' | 'date', fieldType: string = type): void {
	const definition = later.hubSpot.store.definitions.get(name);
	if (!definition) throw new Error(`no property ${name}`);
	later.hubSpot.store.definitions.set(name, { ...definition, type, fieldType, options: [] });
}

/** Brevo cannot change a type: the attribute is deleted and made anew. */
function retypeAttribute(name: string, type: string): void {
	const { store } = later.brevo;
	store.deleteAttribute(name);
	store.attributes.push(newAttribute(store.attributes, 'normal', name, { type }));
}

/** The stored mapping, laid out in the account of before. */
async function mapped(value: Record<string, string> = VALUE): Promise<IDataObject> {
	const { fields } = await openTable(before, mappingOf(value));
	return storedAs(fields, value);
}

const row = (fields: readonly TableField[], id: string): TableField | undefined =>
	fields.find((field) => field.id === id);

describe('a mapped field whose type was changed', () => {
	it('stops the run before the first contact, naming row, old and new type (HubSpot)', async () => {
		retypeProperty('birthday', 'number');
		const run = await runMap(later, { mapping: await mapped() }, INPUT);
		expect(run.error?.message).toBe(
			"'Birthday' (birthday) of HubSpot was date and is now number, which no longer fits the date attribute BIRTHDAY of Brevo",
		);
		expect(run.error?.description).toMatch(/look at the named row and pick a field of a fitting type/);
		expect([...run.items('Map'), ...run.items('Map', 1)]).toEqual([]);
	});

	it('stops the run before the first contact, naming row, old and new type (Brevo)', async () => {
		retypeAttribute('FIRSTNAME', 'boolean');
		retypeAttribute('BIRTHDAY', 'float');
		const run = await runMap(later, { mapping: await mapped() }, INPUT);
		expect(run.error?.message).toBe(
			"BIRTHDAY of Brevo was date and is now number, which no longer fits the date field 'Birthday' (birthday) of HubSpot",
		);
	});

	it('with "continue on fail" the items leave as failed with the code', async () => {
		retypeProperty('birthday', 'number');
		const run = await runMap(later, { mapping: await mapped() }, INPUT, { onError: 'continueRegularOutput' });
		expect(run.json('Map', 1)).toMatchObject([{ outcome: { status: 'failed', code: 'FIELD_RETYPED' } }]);
	});

	it('passes when the values still fit: text to a longer text, text to number, date to date and time', async () => {
		retypeProperty('firstname', 'string', 'textarea');
		retypeProperty('birthday', 'date');
		retypeAttribute('FIRSTNAME', 'float');
		const run = await runMap(later, { mapping: await mapped() }, INPUT);
		expect(run.error).toBeUndefined();
		expect(run.json('Map')).toMatchObject([
			{
				contact: { attributes: { BIRTHDAY: '1990-09-25' } },
				warnings: [{ field: 'FIRSTNAME', code: 'VALUE_NOT_CONVERTIBLE' }],
			},
		]);
	});

	it('passes where nothing tells the type of before: a table never opened, and rows below the table', async () => {
		retypeProperty('birthday', 'number');
		const never = await runMap(later, { mapping: mappingOf(VALUE) }, [change(1, { email: 'a@b.co', birthday: '42' })]);
		expect(never.json('Map')).toMatchObject([{ warnings: [{ field: 'BIRTHDAY', code: 'VALUE_NOT_CONVERTIBLE' }] }]);
		const more = { row: [{ destinationField: 'BIRTHDAY', sourceField: 'birthday' }] };
		const below = await runMap(later, { mapping: await mapped(), moreMappings: more }, INPUT);
		expect(below.json('Map')).toHaveLength(1);
	});

	it('an expression has no type: its row goes on', async () => {
		retypeAttribute('BIRTHDAY', 'boolean');
		const value = { EMAIL: 'email', BIRTHDAY: '={{ true }}' };
		const run = await runMap(later, { mapping: await mapped(value) }, INPUT);
		expect(run.json('Map')).toMatchObject([{ contact: { attributes: { BIRTHDAY: true } } }]);
	});

	it('is shown in the table when it is opened, and stays so until the row is mapped anew', async () => {
		retypeProperty('birthday', 'number');
		let stored = await mapped();
		for (let opened = 0; opened < 2; opened++) {
			const { fields } = await openTable(later, stored);
			expect(row(fields, 'BIRTHDAY')?.options[0]).toEqual({
				name: 'Birthday (no longer fits, is number)',
				value: 'birthday',
				drifted: true,
			});
			stored = storedAs(fields, VALUE);
			expect(shownHints({ mapping: stored })).toEqual([expect.stringContaining('A mapped field is gone')]);
			expect((await runMap(later, { mapping: stored }, INPUT)).error?.message).toMatch(/was date and is now number/);
		}
		const value = { ...VALUE, BIRTHDAY: 'closedate' };
		const again = storedAs(stored.schema as TableField[], value);
		expect(shownHints({ mapping: again })).toEqual([]);
		expect((await runMap(later, { mapping: again }, INPUT)).json('Map')).toHaveLength(1);
		const { fields } = await openTable(later, again);
		expect(JSON.stringify(fields)).not.toContain('no longer');
	});
});

describe('a field that was made a moment ago', () => {
	it('is mapped, although the definitions of both sides were read before that', async () => {
		expect((await runMap(later, { mapping: await mapped() }, INPUT)).error).toBeUndefined();
		const { store } = later.brevo;
		store.attributes.push(newAttribute(store.attributes, 'normal', 'MADE_SINCE', { type: 'text' }));
		const { definitions } = later.hubSpot.store;
		const message = definitions.get('message');
		if (message) definitions.set('made_since', { ...message, name: 'made_since', label: 'Made Since' });
		const mapping = mappingOf({ ...VALUE, MADE_SINCE: 'made_since' });
		const run = await runMap(later, { mapping }, [change(1, { email: 'a@b.co', made_since: 'New' })]);
		expect(run.error).toBeUndefined();
		expect(run.json('Map')[0]).toMatchObject({ contact: { attributes: { MADE_SINCE: 'New' } } });
	});

	it('stands in the table when the panel is opened again', async () => {
		await openTable(later, await mapped());
		const { store } = later.brevo;
		store.attributes.push(newAttribute(store.attributes, 'normal', 'MADE_SINCE', { type: 'text' }));
		await pause(1_100);
		expect((await openTable(later, await mapped())).fields.map(({ id }) => id)).toContain('MADE_SINCE');
	});
});

describe('HB-26, SB-20: a mapped field that is gone', () => {
	it('from HubSpot: shown in its row, and stops the run', async () => {
		later.hubSpot.store.definitions.delete('message');
		const { fields } = await openTable(later, await mapped());
		expect(row(fields, 'NOTES')?.options[0]).toMatchObject({ name: 'message (no longer there)', drifted: true });
		expect(shownHints({ mapping: storedAs(fields, VALUE) })).toHaveLength(1);
		const run = await runMap(later, { mapping: await mapped() }, INPUT);
		expect(run.error?.message).toBe("HubSpot has no field 'message' (mapped to NOTES) any more");
	});

	it('from Brevo: keeps its row until somebody removes it, and stops the run', async () => {
		later.brevo.store.deleteAttribute('COUNTRY');
		const { fields } = await openTable(later, await mapped());
		expect(fields.at(-1)).toMatchObject({ id: 'COUNTRY', displayName: 'COUNTRY (no longer in Brevo)', gone: true });
		const stored = storedAs(fields, VALUE);
		expect(shownHints({ mapping: stored })).toHaveLength(1);
		const run = await runMap(later, { mapping: stored }, INPUT);
		expect(run.error?.message).toBe("Brevo has no attribute 'COUNTRY' any more");

		const { COUNTRY: _removed, ...rest } = VALUE;
		const without = storedAs(fields, rest);
		expect(shownHints({ mapping: without })).toEqual([]);
		expect((await openTable(later, without)).fields.map(({ id }) => id)).not.toContain('COUNTRY');
		expect((await runMap(later, { mapping: without }, INPUT)).json('Map')).toHaveLength(1);
	});

	it('lists no result of an expression in the row of an attribute that is gone', async () => {
		later.brevo.store.deleteAttribute('COUNTRY');
		const { fields } = await openTable(later, mappingOf({ EMAIL: 'email', COUNTRY: 'Private Note' }));
		expect(row(fields, 'COUNTRY')?.options).toEqual([]);
		expect(JSON.stringify(fields)).not.toContain('Private');
	});
});

describe('what the editor says before a run', () => {
	it.each<[string, IDataObject, RegExp | undefined]>([
		['never opened', { mapping: undefined }, /Nothing is mapped yet/],
		['value: null', { mapping: mappingOf(null) }, /Nothing is mapped yet/],
		['all rows emptied', { mapping: mappingOf({ EMAIL: null, SMS: '' }) }, /Nothing is mapped yet/],
		['only a note picked', { mapping: mappingOf({ CITY: '__moreMappings' }) }, /Nothing is mapped yet/],
		[
			'HB-11: neither Email nor SMS',
			{ mapping: mappingOf({ FIRSTNAME: 'firstname', EMAIL: null }) },
			/Neither Email nor SMS.* required; the node stops.*comes back with 'Add attribute to send'/,
		],
		['Email', { mapping: mappingOf({ EMAIL: 'email' }) }, undefined],
		['SMS by an expression', { mapping: mappingOf({ SMS: '={{ $json.fields.phone.trim() }}' }) }, undefined],
		[
			'Email below the table',
			{ mapping: mappingOf(null), moreMappings: { row: [{ destinationField: 'EMAIL', sourceField: 'work_email' }] } },
			undefined,
		],
	])('%s', (_name, parameters, message) => {
		expect(shownHints(parameters)).toEqual(message ? [expect.stringMatching(message)] : []);
	});

	it('names no rule by its number, and neither do the descriptions', () => {
		const { hints, properties } = new MapContactFields().description;
		expect(JSON.stringify([hints, properties])).not.toMatch(/\b(?:HB|SB|IS)-\d/);
	});

	it('a marked row that is overridden below the table is no longer spoken of', () => {
		const options = [{ name: 'town (no longer there)', value: 'town', drifted: true }];
		const mapping = mappingOf({ EMAIL: 'email', CITY: 'town' }, [{ id: 'CITY', displayName: 'CITY', options }]);
		expect(shownHints({ mapping })).toHaveLength(1);
		const moreMappings = { row: [{ destinationField: 'CITY', sourceField: 'city' }] };
		expect(shownHints({ mapping, moreMappings })).toEqual([]);
	});

	it('is about the parameters of the node it belongs to', () => {
		expect(mapNode({}).parameters.mapping).toBeDefined();
		expect(shownHints({})).toEqual([]);
	});
});
