import type { IDataObject, INodePropertyOptions } from 'n8n-workflow';
import type { RunningBrevo } from '../../../sandbox/brevo';
import { startBrevo } from '../../../sandbox/brevo';
import type { Field } from '../../../sandbox/salesforce/schema/fields';
import type { RunningSalesforce } from '../../../sandbox/salesforce';
import { startSalesforce } from '../../../sandbox/salesforce';
import type { CredentialValues, RunResult } from '../../support/n8n/engine';
import { callMethod, runNodes, testNode } from '../../support/n8n/engine';
import type { TableField } from './mapNode';
import { MAP, mappingOf, storedAs, types } from './mapNode';

const CREDENTIAL = 'contactSyncSalesforceClientCredentialsApi';

let salesforce: RunningSalesforce;
let brevo: RunningBrevo;
let credentials: CredentialValues;

/** Definitions are kept for a minute and an account: each test has its own. */
beforeEach(async () => await start());
afterEach(async () => void (await Promise.all([salesforce.close(), brevo.close()])));

async function start(extraAttributes = 0): Promise<void> {
	[salesforce, brevo] = await Promise.all([
		startSalesforce({ contacts: 2, leads: 2 }),
		startBrevo({ people: [], strangers: 0, extraAttributes }),
	]);
	const { url: myDomainUrl, app } = salesforce;
	const { consumerKey, consumerSecret } = app;
	credentials = {
		[CREDENTIAL]: { myDomainUrl, consumerKey, consumerSecret },
		contactSyncBrevoApi: { apiKey: brevo.apiKey, baseUrl: brevo.url },
	};
}

const node = (parameters: IDataObject, salesforceObject = 'Contact') =>
	testNode(
		'Map',
		MAP,
		{
			...{
				source: 'salesforce',
				salesforceAuthentication: 'clientCredentials',
				salesforceObject,
				destination: 'brevo',
			},
			...parameters,
		},
		[CREDENTIAL, 'contactSyncBrevoApi'],
	);

const openTable = async (mapping: IDataObject, object?: string): Promise<TableField[]> => {
	const table = await callMethod(node({ mapping }, object), 'resourceMapping', 'getMappingTable', {
		types,
		credentials,
	});
	return (table as { fields: TableField[] }).fields;
};
const suggestionsOf = (fields: readonly TableField[]): Record<string, string> =>
	Object.fromEntries(fields.flatMap(({ id, defaultValue }) => (defaultValue ? [[id, defaultValue]] : [])));
const offeredIn = (fields: readonly TableField[]): Set<string> =>
	new Set(fields.flatMap(({ options }) => options.map(({ value }) => value)));

const contact = (fields: IDataObject, object = 'Contact'): IDataObject => ({
	key: `salesforce:00DgK0000000001UAA:${object}:003000000000001AAA`,
	change: 'updated',
	source: { system: 'salesforce', account: '00DgK0000000001UAA', object, id: '003000000000001AAA' },
	changedAt: '2026-11-20T10:00:00.000Z',
	fields,
	optedOut: false,
});
const run = async (value: Record<string, string>, fields: IDataObject, more: IDataObject = {}): Promise<RunResult> =>
	await runNodes([node({ mapping: mappingOf(value), ...more })], { types, credentials, input: [contact(fields)] });
const attributesOf = (result: RunResult): unknown =>
	(result.json('Map')[0]?.contact as IDataObject | undefined)?.attributes;

describe('mapping Salesforce contacts and leads', () => {
	it('SB-08 SB-09: suggests what fits, by name, label and meaning, for contacts and for leads', async () => {
		const contacts = suggestionsOf(await openTable(mappingOf(null)));
		expect(contacts).toMatchObject({
			EMAIL: 'Email',
			SMS: 'MobilePhone',
			FIRSTNAME: 'FirstName',
			LASTNAME: 'LastName',
			JOB_TITLE: 'Title',
			COMPANY_NAME: 'Account.Name',
			CITY: 'MailingCity',
			COUNTRY: 'MailingCountry',
			BIRTHDAY: 'Birthdate',
			INTERESTS: 'Interests__c',
		});
		const leads = suggestionsOf(await openTable(mappingOf(null), 'Lead'));
		expect(leads).toMatchObject({ SMS: 'MobilePhone', COMPANY_NAME: 'Company', CITY: 'City', COUNTRY: 'Country' });
	});

	it('SB-20: formulas are offered neither in the table nor below it', async () => {
		const formulas = ['Account_Rating__c', 'Days_Since_Visit__c'];
		const offered = offeredIn(await openTable(mappingOf(null)));
		const below = await callMethod(node({}), 'loadOptions', 'getSourceFields', { types, credentials });
		const names = (below as INodePropertyOptions[]).map(({ value }) => value);
		expect(names).toEqual(expect.arrayContaining(['Email', 'Account.Name', 'Customer_Tier__c']));
		for (const name of [...formulas, 'SystemModstamp', 'IsDeleted']) {
			expect(offered.has(name)).toBe(false);
			expect(names).not.toContain(name);
		}
	});

	it('SB-28 lifted: yes/no, picklists and multi-picklists by option, related fields, days and addresses', async () => {
		const result = await run(
			{
				EMAIL: 'Email',
				IS_CUSTOMER: 'Newsletter__c',
				INTERESTS: 'Interests__c',
				COMPANY_NAME: 'Account.Name',
				BIRTHDAY: 'Birthdate',
			},
			{
				...{ Email: 'Ann@Example.com', Newsletter__c: true, 'Account.Name': 'Café “Zoë”', Birthdate: '1990-09-25' },
				Interests__c: ['Books', 'Tea'],
			},
		);
		expect(result.error).toBeUndefined();
		expect(result.json('Map')).toMatchObject([{ contact: { email: 'ann@example.com' } }]);
		expect(attributesOf(result)).toMatchObject({
			IS_CUSTOMER: true,
			COMPANY_NAME: 'Café “Zoë”',
			BIRTHDAY: '1990-09-25',
		});
		expect((attributesOf(result) as IDataObject).INTERESTS).toEqual(expect.arrayContaining(['Books']));
	});

	it('SB-22, SB-23: nobody without e-mail and phone; what is empty leaves the attribute alone', async () => {
		const excluded = await run({ EMAIL: 'Email', SMS: 'MobilePhone' }, { Email: null, MobilePhone: null });
		expect(excluded.json('Map', 1)).toMatchObject([{ outcome: { code: 'NO_IDENTIFIER' } }]);
		const kept = await run(
			{ EMAIL: 'Email', SMS: 'MobilePhone', CITY: 'MailingCity' },
			{ Email: 'a@b.co', MailingCity: null },
		);
		expect(attributesOf(kept)).toEqual({});
	});

	it('a contact of another object or system is named and left out; who leaves or opted out passes', async () => {
		const hubSpot = { ...contact({ Email: 'a@b.co' }), source: { system: 'hubspot', account: '1', object: 'contact', id: '1' } }; // prettier-ignore
		const lead = contact({ Email: 'b@b.co' }, 'Lead');
		const ownSystem = { ...contact({ Email: 'c@b.co' }), source: { system: 'shop', account: '1', object: 'buyer', id: '7' } }; // prettier-ignore
		const input = [hubSpot, lead, { ...lead, change: 'removed' }, { ...lead, optedOut: true }, ownSystem];
		const result = await runNodes([node({ mapping: mappingOf({ EMAIL: 'Email' }) })], { types, credentials, input });
		expect(result.error).toBeUndefined();
		expect(result.json('Map', 1).map(({ outcome }) => outcome)).toMatchObject([
			{
				code: 'WRONG_SOURCE',
				message:
					"These contacts come from HubSpot, but 'Source' is Salesforce: choose HubSpot, or give them a Map Contact Fields of their own.",
			},
			{
				code: 'WRONG_SOURCE',
				message:
					"These contacts come from the Salesforce object Lead, but 'Salesforce Object' is Contact: choose Lead, or give them a Map Contact Fields of their own.",
			},
		]);
		expect(result.hints.join()).toContain('2 × WRONG_SOURCE: These contacts come from the Salesforce object Lead');
		expect(result.json('Map').map(({ change, optedOut }) => [change, optedOut])).toEqual([['removed', false], ['updated', true], ['updated', false]]); // prettier-ignore
		const leads = await runNodes([node({ mapping: mappingOf({ EMAIL: 'Email' }) }, 'Lead')], { types, credentials, input: [lead] }); // prettier-ignore
		expect(leads.json('Map')).toHaveLength(1);
	});

	it('instants become days in the time zone of the organisation', async () => {
		const late = { Email: 'a@b.co', Last_Visit__c: '2026-10-24T22:30:00.000Z' };
		expect(attributesOf(await run({ EMAIL: 'Email', BIRTHDAY: 'Last_Visit__c' }, late))).toEqual({
			BIRTHDAY: '2026-10-25',
		});
	});

	it('a field that is gone or hidden stops the run and is named, with the system it is missing from', async () => {
		const { error } = await run({ EMAIL: 'Email', CITY: 'Town__c' }, { Email: 'a@b.co' });
		expect(error?.message).toMatch(/Salesforce has no field 'Town__c'/);
		const { error: nothing } = await run({}, { Email: 'a@b.co' });
		expect(nothing?.message).toBe('No Brevo attribute has a Salesforce field');
	});

	it('a sign-in that does not work is told by name, and nothing leaves', async () => {
		Object.assign(credentials[CREDENTIAL] ?? {}, { consumerSecret: 'wrong' });
		const result = await run({ EMAIL: 'Email' }, { Email: 'a@b.co' });
		expect(result.error?.message).toMatch(/'Consumer Secret' is wrong/);
		const table = await callMethod(node({ mapping: mappingOf(null) }), 'resourceMapping', 'getMappingTable', {
			types,
			credentials,
		});
		expect((table as { emptyFieldsNotice?: string }).emptyFieldsNotice).toMatch(/Consumer Secret/);
	});

	it('60 attributes × 250 fields: the stored table has at most 100 KB', async () => {
		await Promise.all([salesforce.close(), brevo.close()]);
		const { length } = await (async () => {
			await start();
			return await openTable(mappingOf(null));
		})();
		await Promise.all([salesforce.close(), brevo.close()]);
		await start(60 - length);
		const fields = salesforce.store.schema.must('Contact').fields as Map<string, Field>;
		const pattern = fields.get('legacy_code__c');
		if (!pattern) throw new Error('no custom field to copy');
		for (let index = 0; fields.size < 290; index++) {
			const name = `Custom_Field_Of_Common_Length_${index}__c`;
			salesforce.store.schema.setField(
				'Contact',
				{ ...pattern, name, label: `Custom field of common length ${index}` },
				0,
			);
		}
		const rows = await openTable(mappingOf(null));
		expect(rows).toHaveLength(60);
		const stored = storedAs(rows, suggestionsOf(rows));
		expect(Buffer.byteLength(JSON.stringify(stored))).toBeLessThanOrEqual(100_000);
		expect(rows.filter(({ options }) => options.length >= 8).length).toBeGreaterThan(48);
	});
});
