import type { SalesforceSetUp } from '../../../../clients/salesforce/destination/setUp/checkSetUp';
import { checkSalesforceSetUp } from '../../../../clients/salesforce/destination/setUp/checkSetUp';
import type { MappingRow } from '../../../../core/mapping/mapping';
import type { RunningSalesforce } from '../../../../sandbox/salesforce';
import { startSalesforce } from '../../../../sandbox/salesforce';
import { clientOf, operate } from '../support/organisation';
import { KEY_FIELD } from './upsertIntoSalesforce';

let salesforce: RunningSalesforce;
beforeAll(async () => {
	salesforce = await startSalesforce({ contacts: 0, leads: 0, awkward: false });
});
beforeEach(() => salesforce.reset());
afterAll(async () => await salesforce.close());

const rows = (...names: string[]): MappingRow[] =>
	names.map((destination) => ({ destination, from: { kind: 'field', name: destination } }));

const GOOD = { node: 'Map', rows: rows('Email', 'LastName', 'Title') };

async function check(more: Partial<SalesforceSetUp> = {}) {
	const campaign = { kind: 'ok', value: { id: salesforce.ids.campaigns.newsletter } } as const;
	const setUp: SalesforceSetUp = { object: 'Contact', mappings: [GOOD], keyField: KEY_FIELD, campaign, ...more };
	return await checkSalesforceSetUp(clientOf(salesforce), setUp);
}

/** Checks that are not passed. */
const troubles = async (more: Partial<SalesforceSetUp> = {}): Promise<string[]> =>
	(await check(more))
		.filter(({ status }) => status !== 'ok')
		.map((one) => `${one.status} ${one.check}: ${one.message} ${one.fix}`);

it('a set-up that fits passes every check, with few calls and without a write', async () => {
	const findings = await check();
	expect(findings.map(({ check: name, status }) => `${name} ${status}`)).toEqual([
		'Salesforce API ok',
		'Organisation ok',
		'Contact Records ok',
		"Mapping of 'Map' ok",
		'Key Field ok',
		'Email Opt Out ok',
		'Campaign ok',
		'Duplicate Rules ok',
		'Salesforce Calls Left ok',
	]);
	expect(salesforce.requests.total).toBeLessThanOrEqual(5);
	expect(salesforce.requests.entries.every(({ method }) => method === 'GET')).toBe(true);
});

describe('what does not fit', () => {
	it('is a right that the user lacks', async () => {
		await operate(salesforce, 'setObjectAccess', { object: 'Contact', create: false });
		expect((await troubles())[0]).toMatch(/^problem Contact Records: .* may not create Contact.*permission set/);
	});

	it.each([
		['Nothing__c', /problem Mapping of 'Map': Salesforce shows no Contact field 'Nothing__c'/],
		['Account_Rating__c', /problem Mapping of 'Map': The Contact field 'Account_Rating__c' cannot be written/],
	])('is a mapped field: %s (S20)', async (name, message) => {
		const mappings = [{ node: 'Map', rows: rows('Email', 'LastName', name) }];
		expect(await troubles({ mappings })).toEqual([expect.stringMatching(message)]);
	});

	it('is a mapping without the address, or without what new records need (S25)', async () => {
		await operate(salesforce, 'setField', { object: 'Contact', name: 'Region__c', label: 'Region', type: 'string', required: true }); // prettier-ignore
		const mappings = [{ node: 'Map', rows: rows('LastName') }];
		expect(await troubles({ mappings })).toEqual([
			expect.stringMatching(/problem .*Email is not mapped/),
			expect.stringMatching(/warning .*Salesforce creates no contact without 'Region'/),
		]);
		expect(await troubles({ mappings: [GOOD], mode: 'updateOnly' })).toEqual([]);
	});

	it('is a missing key field, with the steps to one', async () => {
		expect(await troubles({ keyField: undefined })).toEqual([
			expect.stringMatching(/warning Key Field: No field carries .*Object Manager, Contact.*'Contact_Sync_Key'/),
		]);
		expect(await troubles({ keyField: 'Legacy_Code__c' })).toEqual([
			expect.stringMatching(/problem Key Field: .*40 characters/),
		]);
	});

	it('is a key field that is not unique', async () => {
		await operate(salesforce, 'setField', { object: 'Contact', name: 'Contact_Sync_Key__c', type: 'string', externalId: true }); // prettier-ignore
		expect(await troubles({ keyField: undefined })).toEqual([expect.stringMatching(/warning Key Field: .*not unique/)]);
	});

	it.each(['hidden', 'readOnly'])('is an opt-out field that is %s', async (access) => {
		await operate(salesforce, 'setAccess', { object: 'Contact', field: 'HasOptedOutOfEmail', access });
		expect(await troubles()).toEqual([expect.stringMatching(/^problem Email Opt Out/)]);
		expect(await troubles({ optOuts: 'ignore' })).toEqual([expect.stringMatching(/^warning Email Opt Out/)]);
	});

	it('is a campaign that is gone, or a status it does not have', async () => {
		const gone = { kind: 'ok', value: { id: '701000000000001AAA' } } as const;
		expect(await troubles({ campaign: gone })).toEqual([expect.stringMatching(/^problem Campaign/)]);
		expect(await troubles({ memberStatus: 'Excited' })).toEqual([expect.stringMatching(/^problem Member Status/)]);
		const named = { kind: 'ok', value: { name: 'Autumn', create: false } } as const;
		expect(await troubles({ campaign: named })).toEqual([]);
	});

	it('is a contact behind a converted lead that cannot be written', async () => {
		const leads = { object: 'Lead' as const, mappings: [{ node: 'Map', rows: rows('Email', 'LastName', 'Company') }] };
		expect((await check(leads)).map((one) => `${one.check} ${one.status}`)).toContain('Converted Leads ok');
		await operate(salesforce, 'setAccess', { object: 'Contact', field: 'HasOptedOutOfEmail', access: 'readOnly' });
		expect(await troubles(leads)).toEqual([expect.stringMatching(/^warning Converted Leads: .*Contact/)]);
		expect(await troubles({ ...leads, convertedLeads: 'skip' })).toEqual([]);
	});

	it('is an API that is switched off for the user (SB-05)', async () => {
		await operate(salesforce, 'setUser', { username: 'sync@sandbox.example', apiEnabled: false });
		expect(await troubles()).toEqual([expect.stringMatching(/^problem Salesforce API/)]);
	});
});
