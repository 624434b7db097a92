import type { IDataObject } from 'n8n-workflow';
import { MapContactFields } from '../../../nodes/MapContactFields/MapContactFields.node';
import { mappedSourceFields } from '../../../nodes/shared/mapping/mappingRows';
import { callMethod } from '../../support/n8n/engine';
import { change, mapNode, mappingOf, openTable, runMap, startVendors, storedAs, types } from './mapNode';
import type { TableField, Vendors } from './mapNode';

let vendors: Vendors;

beforeAll(async () => {
	vendors = await startVendors();
});
afterAll(async () => await vendors.close());

const rowOf = (fields: readonly TableField[], id: string): TableField => {
	const row = fields.find((field) => field.id === id);
	if (!row) throw new Error(`no row ${id}`);
	return row;
};
const suggestionsOf = (fields: readonly TableField[]): Record<string, string> =>
	Object.fromEntries(
		fields.flatMap(({ id, defaultValue }) => (defaultValue === undefined ? [] : [[id, defaultValue]])),
	);

describe('the mapping table', () => {
	it('HB-09: a row per Brevo attribute, with suggestions', async () => {
		const { fields } = await openTable(vendors, mappingOf(null));
		expect(fields.slice(0, 2).map(({ id, displayName }) => [id, displayName])).toEqual([
			['EMAIL', 'Email (this or SMS required)'],
			['SMS', 'SMS (this or Email required)'],
		]);
		expect(suggestionsOf(fields)).toMatchObject({
			EMAIL: 'email',
			SMS: 'mobilephone',
			FIRSTNAME: 'firstname',
			LASTNAME: 'lastname',
			JOB_TITLE: 'jobtitle',
			COMPANY_NAME: 'company',
			CITY: 'city',
			COUNTRY: 'country',
			BIRTHDAY: 'birthday',
			LIFECYCLE: 'lifecyclestage',
		});
		expect(rowOf(fields, 'BIRTHDAY')).toMatchObject({ type: 'options', displayName: 'BIRTHDAY (date)' });
	});

	it('HB-26: neither formulas of Brevo nor read-only properties of HubSpot are offered', async () => {
		const { fields } = await openTable(vendors, mappingOf(null));
		expect(fields.map(({ id }) => id)).not.toEqual(expect.arrayContaining(['BLACKLIST']));
		for (const id of ['READERS', 'ORDERS_LAST_YEAR', 'ORDER_ID', 'EXT_ID', 'DOUBLE_OPT-IN'])
			expect(fields.map((field) => field.id)).not.toContain(id);
		const offered = new Set(fields.flatMap(({ options }) => options.map(({ value }) => value)));
		for (const name of [
			'hubspotscore',
			'createdate',
			'hs_email_domain',
			'hs_analytics_source',
			'hs_full_name_or_email',
			'lastmodifieddate',
		]) {
			expect(offered.has(name)).toBe(false);
		}
	});

	it('HB-27 lifted: yes/no, category and multiple-choice attributes are offered', async () => {
		const { fields } = await openTable(vendors, mappingOf(null));
		expect(rowOf(fields, 'IS_CUSTOMER').options.map(({ value }) => value)).toContain('vip');
		expect(rowOf(fields, 'LIFECYCLE').options.map(({ value }) => value)).toContain('lifecyclestage');
		expect(rowOf(fields, 'INTERESTS').options.map(({ value }) => value)).toContain('interests');
	});

	it('suggests NOM and PRENOM in an account opened in French', async () => {
		const french = await startVendors({ language: 'fr' });
		try {
			const { fields } = await openTable(french, mappingOf(null));
			expect(suggestionsOf(fields)).toMatchObject({ PRENOM: 'firstname', NOM: 'lastname' });
		} finally {
			await french.close();
		}
	});

	it.each<[string, IDataObject | undefined]>([
		['no parameter', undefined],
		['value: null', mappingOf(null)],
		['a value without a schema', mappingOf({ EMAIL: 'email' })],
		[
			'a schema of another account',
			mappingOf({ OTHER: 'x' }, [{ id: 'OTHER', displayName: 'OTHER', type: 'options', options: [] }]),
		],
		['nonsense', { value: 'nonsense', schema: 7 }],
	])('opens with %s', async (_name, mapping) => {
		const { fields, emptyFieldsNotice } = await openTable(vendors, mapping);
		expect(fields.length).toBeGreaterThan(10);
		expect(emptyFieldsNotice).toBeUndefined();
	});

	it('keeps the stored field of a row among its options, even one that is not offered', async () => {
		const { fields } = await openTable(vendors, mappingOf({ FIRSTNAME: 'hubspotscore', EMAIL: '={{ 1 }}' }));
		expect(rowOf(fields, 'FIRSTNAME').options[0]).toEqual({ name: 'HubSpot Score', value: 'hubspotscore' });
		expect(rowOf(fields, 'EMAIL').options[0]).toEqual({ name: 'Email', value: 'email' });
	});

	it('keeps a field that was picked and is gone from HubSpot', async () => {
		const schema = [{ id: 'CITY', displayName: 'CITY', type: 'options', options: [{ name: 'Town', value: 'town' }] }];
		const { fields } = await openTable(vendors, mappingOf({ CITY: 'town' }, schema));
		expect(rowOf(fields, 'CITY').options[0]).toEqual({
			name: 'town (no longer there)',
			value: 'town',
			drifted: true,
		});
	});

	it('lists no result of an expression, which the editor sends in its place', async () => {
		const { fields } = await openTable(vendors, mappingOf({ FIRSTNAME: 'Ada Lovelace' }));
		expect(JSON.stringify(fields)).not.toContain('Ada');
	});

	it('keeps a note that somebody picked in the list, and maps nothing by it', async () => {
		const noted = { EMAIL: 'email', BIRTHDAY: '__moreMappings', CITY: '__notRefreshed' };
		const { fields } = await openTable(vendors, mappingOf(noted));
		const run = await runMap(vendors, { mapping: storedAs(fields, noted) }, [
			change(1, { email: 'a@b.co', city: 'Köln' }),
		]);
		expect(run.json('Map')).toMatchObject([{ contact: { email: 'a@b.co', attributes: {} } }]);
	});

	it('does not suggest numbers that two contacts cannot share', async () => {
		const { fields } = await openTable(vendors, mappingOf(null));
		expect(suggestionsOf(fields)).not.toHaveProperty('LANDLINE_NUMBER');
	});

	it("passes n8n's own check of the stored values", async () => {
		const { fields } = await openTable(vendors, mappingOf(null));
		const run = await runMap(vendors, { mapping: storedAs(fields, suggestionsOf(fields)) }, [
			change(1, { email: 'a@b.co' }),
		]);
		expect(run.json('Map')).toHaveLength(1);
	});
});

describe('when the definitions cannot be read', () => {
	const wrongKey = () => ({
		credentials: {
			...vendors.credentials,
			contactSyncBrevoApi: { apiKey: 'wrong', baseUrl: `${vendors.brevo.url}//` },
		},
	});

	it.each([
		['a wrong key', async () => await openTable(wrongKey(), mappingOf(null)), /key/i],
		[
			'no credential',
			async () => await openTable(vendors, mappingOf(null), { credentials: {} }),
			/^Select a HubSpot credential\. If you have just selected one, open 'Fields to Map' above and pick its entry\.$/,
		],
		[
			'HubSpot that is down',
			async () =>
				await openTable(
					{
						credentials: { ...vendors.credentials, contactSyncHubSpotApi: { accessToken: 'x', baseUrl: 'not a url' } },
					},
					mappingOf(null),
				),
			/Base URL/,
		],
	])('%s: an empty table says why', async (_name, open, reason) => {
		const { fields, emptyFieldsNotice } = await open();
		expect(fields).toEqual([]);
		expect(emptyFieldsNotice).toMatch(reason);
	});

	it("'Fields to Map' has one entry, which says what can be read or why it cannot", async () => {
		const entry = async (credentials: Vendors['credentials']) =>
			await callMethod(mapNode({ mapping: mappingOf(null) }), 'listSearch', 'searchFieldsToMap', {
				types,
				credentials,
			});
		const value = 'Read once the credentials are selected';
		expect(await entry(vendors.credentials)).toEqual({ results: [{ name: 'Of HubSpot and Brevo', value }] });
		expect(await entry(wrongKey().credentials)).toEqual({
			results: [{ name: expect.stringMatching(/does not accept the API key/) as string, value }],
		});
	});

	it('is to be found by opening the panel again where values came without rows', async () => {
		const open = async (value: Record<string, string> | null) =>
			(await openTable(vendors, mappingOf(value), { credentials: {} })).emptyFieldsNotice;
		expect(await open({ EMAIL: 'email' })).toContain('close this panel and open it again');
		expect(await open({})).toContain("open 'Fields to Map' above");
	});

	it('shows the reason as text, not as HTML', async () => {
		const credentials = { ...vendors.credentials, contactSyncBrevoApi: { apiKey: 'x', baseUrl: '<img src=x>' } };
		const { emptyFieldsNotice } = await openTable({ credentials }, mappingOf(null));
		expect(emptyFieldsNotice).not.toContain('<');
	});

	it('a filled table keeps its rows and values, because the editor drops the values of rows it is not given', async () => {
		const { fields } = await openTable(vendors, mappingOf(null));
		const value = suggestionsOf(fields);
		const kept = await openTable(wrongKey(), storedAs(fields, value));
		expect(kept.fields.map(({ id }) => id)).toEqual(fields.map(({ id }) => id));
		expect(rowOf(kept.fields, 'CITY')).toMatchObject(rowOf(fields, 'CITY'));
		expect(kept.fields[0]?.displayName).toBe('Email (this or SMS required) – not refreshed');
		expect(kept.fields[0]?.options.at(-1)?.name).toMatch(
			/does not accept the API key.*then choose 'Refresh Attribute List' in the menu at the right of 'Destination Attributes'/,
		);
		const again = await openTable(wrongKey(), storedAs(kept.fields, value));
		expect(again.fields[0]).toMatchObject(kept.fields[0] as object);
		const refreshed = await openTable(vendors, storedAs(again.fields, value));
		expect(refreshed.fields[0]?.displayName).toBe('Email (this or SMS required)');
	});

	it('gives an imported mapping that was never opened no rows at all, so that the editor leaves its values alone', async () => {
		const kept = await openTable(wrongKey(), mappingOf({ EMAIL: 'email', CITY: '={{ 1 }}' }));
		expect(kept).toEqual({ emptyFieldsNotice: expect.stringMatching(/API key/) as string });
	});
});

describe("'More Mappings'", () => {
	const load = async (name: string) =>
		(await callMethod(mapNode({}), 'loadOptions', name, { types, credentials: vendors.credentials })) as Array<{
			name: string;
			value: string;
			description?: string;
		}>;

	it('lists every field that is offered, and every attribute', async () => {
		const [sources, destinations, { fields }] = await Promise.all([
			load('getSourceFields'),
			load('getDestinationFields'),
			openTable(vendors, mappingOf(null)),
		]);
		expect(sources.map(({ value }) => value)).toEqual(
			expect.arrayContaining(['email', 'vip', 'interests', 'twitterhandle']),
		);
		expect(sources.map(({ value }) => value)).not.toContain('hubspotscore');
		expect(sources.find(({ value }) => value === 'vip')).toMatchObject({ name: 'VIP', description: 'vip, yes/no' });
		expect(destinations.map(({ value }) => value)).toEqual(fields.map(({ id }) => id));
	});
});

describe('mappedSourceFields, which a trigger reads', () => {
	it('names the fields of rows and expressions', () => {
		const parameters = {
			mapping: mappingOf({
				EMAIL: 'email',
				CITY: "={{ $json.fields.city || $json.fields['state/region'] }}",
				NOTES: '={{ $json["fields"]["message"] + $json?.fields?.["zip"] }}',
				SMS: '__moreMappings',
				FIRSTNAME: 'firstname',
			}),
			moreMappings: { row: [{ destinationField: 'FIRSTNAME', sourceField: 'nickname' }] },
		};
		expect([...mappedSourceFields(parameters)].sort()).toEqual([
			'city',
			'email',
			'message',
			'nickname',
			'state/region',
			'zip',
		]);
		expect(mappedSourceFields({ mapping: mappingOf(null) })).toEqual([]);
		expect(mappedSourceFields(undefined)).toEqual([]);
	});
});

describe('the size of the stored parameter', () => {
	const kilobytes = (mapping: IDataObject): number => Buffer.byteLength(JSON.stringify(mapping)) / 1_000;

	/** Accounts with exactly this many mappable attributes and fields. */
	async function measure(
		rows: number,
		sources: number,
	): Promise<{ kb: number; fields: TableField[]; reopened: number }> {
		const base = await openTable(vendors, mappingOf(null));
		const names = (await callMethod(mapNode({}), 'loadOptions', 'getSourceFields', {
			types,
			credentials: vendors.credentials,
		})) as unknown[];
		const big = await startVendors({
			extraAttributes: Math.max(0, rows - base.fields.length),
			extraProperties: sources - names.length,
		});
		try {
			if (rows < base.fields.length) big.brevo.store.deleteAttribute('NOTES');
			const { fields } = await openTable(big, mappingOf(null));
			expect(fields).toHaveLength(rows);
			const stored = storedAs(fields, suggestionsOf(fields));
			// Everything mapped, as far as a row offers anything: what the table grows to in use.
			const full = Object.fromEntries(
				fields.flatMap(({ id, options }) =>
					options[0]
						? [[id, options.filter(({ value }) => !value.startsWith('__')).at(-1)?.value ?? options[0].value]]
						: [],
				),
			);
			const reopened = await openTable(big, storedAs(fields, full));
			return { kb: kilobytes(stored), fields, reopened: kilobytes(storedAs(reopened.fields, full)) };
		} finally {
			await big.close();
		}
	}

	it.each([
		[15, 120, 30],
		[60, 250, 100],
	])('%i attributes × %i source fields: at most %i KB', async (rows, sources, bound) => {
		const { kb, fields, reopened } = await measure(rows, sources);
		const listed = fields.map(({ options }) => options.length);
		process.stdout.write(
			`${rows} × ${sources}: ${kb.toFixed(1)} KB, all mapped ${reopened.toFixed(1)} KB, options per row ${Math.min(...listed)} to ${Math.max(...listed)}\n`,
		);
		expect(kb).toBeLessThanOrEqual(bound);
		expect(reopened).toBeLessThanOrEqual(bound);
		// Small is easy when nothing is listed: every row with fields that fit lists a good number of them.
		expect(fields.filter(({ options }) => options.length >= 8).length).toBeGreaterThan(rows * 0.8);
	});
});

it('has a description the editor can show', () => {
	const { description } = new MapContactFields();
	expect(description.outputNames).toEqual(['Mapped', 'Excluded']);
	expect(Buffer.byteLength(JSON.stringify(description))).toBeLessThan(40_000);
});
