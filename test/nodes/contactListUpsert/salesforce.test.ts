import type { IDataObject, INode } from 'n8n-workflow';
import type { RunningSalesforce } from '../../../sandbox/salesforce';
import { startSalesforce } from '../../../sandbox/salesforce';
import type { CredentialValues } from '../../support/n8n/engine';
import { callMethod, runNodes, testNode } from '../../support/n8n/engine';
import { mapped } from '../../support/mappedContacts';
import { locator, outcomes, TYPE, types } from './upsertRun';

const CREDENTIAL = 'contactSyncSalesforceClientCredentialsApi';

let salesforce: RunningSalesforce;
let credentials: CredentialValues;

const start = async (options: Parameters<typeof startSalesforce>[0] = {}): Promise<void> => {
	salesforce = await startSalesforce({ contacts: 10, leads: 4, awkward: false, ...options });
	const { url: myDomainUrl, app } = salesforce;
	const { consumerKey, consumerSecret } = app;
	credentials = { [CREDENTIAL]: { myDomainUrl, consumerKey, consumerSecret } };
};
afterEach(async () => await salesforce.close());

const node = (parameters: INode['parameters'] = {}): INode =>
	testNode(
		'Upsert',
		TYPE,
		{ destination: 'salesforce', salesforceAuthentication: 'clientCredentials', ...parameters },
		[CREDENTIAL],
	);

async function run(input: readonly unknown[], parameters?: INode['parameters']) {
	const ran = await runNodes([node(parameters)], { types, credentials, input: input as IDataObject[] });
	return { error: ran.error, outputs: [ran.json('Upsert', 0), ran.json('Upsert', 1)] as const };
}

const contact = (n: number, more = {}, attributes: IDataObject = {}) =>
	mapped(
		n,
		{
			email: `person${n}@example.com`,
			attributes: { FirstName: 'Ada', LastName: `Lovelace ${n}`, ...(attributes as Record<string, string>) },
		},
		more,
	);

const recordOf = (email: string, object = 'Contact') =>
	[...salesforce.store.table(object).rows.values()].find(({ Email, IsDeleted }) => Email === email && !IsDeleted);

const writes = (): string[] =>
	Object.keys(salesforce.requests.counts()).filter((route) => !/^GET |oauth2|\/query/.test(route));

describe('Contact List Upsert into Salesforce', () => {
	it('creates contacts, carries opt-outs, and never lifts one', async () => {
		await start();
		const { outputs } = await run([contact(1), contact(2, { optedOut: true })]);
		expect(outcomes([...outputs[0]])).toEqual(['created', 'created']);
		expect(recordOf('person2@example.com')).toMatchObject({ HasOptedOutOfEmail: true, LastName: 'Lovelace 2' });
		await run([contact(2, { changedAt: '2026-11-20T11:00:00.000Z' }, { FirstName: 'Augusta' })]);
		expect(recordOf('person2@example.com')).toMatchObject({ HasOptedOutOfEmail: true, FirstName: 'Augusta' });
	});

	it('SB-21, S25: a contact without a last name, or a lead without a company, is named and holds up no other', async () => {
		await start();
		const nameless = mapped(1, { email: 'person1@example.com', attributes: { FirstName: 'Ada' } });
		const first = await run([nameless, contact(2)]);
		expect(outcomes([...first.outputs[0]])).toEqual(['created']);
		expect(outcomes([...first.outputs[1]])).toEqual(['excluded REQUIRED_FIELD_MISSING']);
		expect(JSON.stringify(first.outputs[1])).toMatch(/Last Name is empty/);
		const lead = await run([contact(3)], { destinationObject: 'Lead' });
		expect(JSON.stringify(lead.outputs[1])).toMatch(/Company is empty/);
	});

	it('H9: creates no record for a phone number alone, again and again', async () => {
		await start();
		const before = salesforce.store.table('Contact').rows.size;
		const alone = mapped(1, { phone: '+33472000000', attributes: { LastName: 'Lovelace' } });
		for (let time = 0; time < 2; time++) {
			const { outputs } = await run([alone]);
			expect(outcomes(outputs[1])).toEqual(['excluded NO_IDENTIFIER']);
		}
		expect(salesforce.store.table('Contact').rows.size).toBe(before);
	});

	it.each([
		['Birthdate', '31.02.2020'],
		['Birthdate', '2020-02-31'],
		['DoNotCall', 'maybe'],
		['Last_Visit__c', 'Unit 5'],
		['Last_Visit__c', '2020-02-31T08:00:00Z'],
		['Loyalty_Points__c', ' '],
		['Loyalty_Points__c', '0x10'],
	])(
		'F4: a value that is none of its field is named and left out, and the contact is not: %s %s',
		async (field, value) => {
			await start();
			const { outputs } = await run([contact(1, {}, { [field]: value }), contact(2)]);
			expect(outcomes(outputs[0])).toEqual(['created', 'created']);
			expect(outputs[0][0]?.warnings).toEqual([expect.objectContaining({ field, code: 'VALUE_NOT_CONVERTIBLE' })]);
		},
	);

	it('SB-21: never blanks the last name', async () => {
		await start();
		await run([contact(1)]);
		const blank = mapped(1, { email: 'person1@example.com', attributes: { LastName: null, FirstName: 'Augusta' } });
		const { outputs } = await run([blank]);
		expect(JSON.stringify(outputs[0])).toMatch(/REQUIRED_VALUE_KEPT/);
		expect(recordOf('person1@example.com')).toMatchObject({ LastName: 'Lovelace 1', FirstName: 'Augusta' });
	});

	it('S4: several records of one address are a conflict with their ids, and all of them get the opt-out', async () => {
		await start();
		for (const LastName of ['One', 'Two'])
			salesforce.store.insert('Contact', { LastName, Email: 'person1@example.com' });
		const { outputs } = await run([contact(1, { optedOut: true })]);
		expect(outcomes([...outputs[1]])).toEqual(['failed SEVERAL_MATCHES']);
		const both = [...salesforce.store.table('Contact').rows.values()].filter(
			({ Email }) => Email === 'person1@example.com',
		);
		expect(both.map(({ HasOptedOutOfEmail }) => HasOptedOutOfEmail)).toEqual([true, true]);
	});

	it("SB-27: 'Contacts That Leave' deletes the record of a deleted contact, and names the one that a case keeps", async () => {
		await start();
		const options = { keyField: 'HubSpot_Id__c' };
		await run([contact(1), contact(2), contact(3)], { options });
		const withCase = recordOf('person2@example.com')?.['Id'] ?? '';
		salesforce.store.insert('Case', { CaseNumber: '00001077', ContactId: withCase });
		const gone = [1, 2].map((n) => mapped(n, {}, { change: 'deleted' }));
		const { outputs } = await run([...gone, mapped(3, {}, { change: 'removed' })], { leavers: 'delete', options });
		expect(outcomes([...outputs[0]])).toEqual(['removed RECORD_DELETED', 'unchanged']);
		expect(outcomes([...outputs[1]])).toEqual(['failed DELETE_REFUSED']);
		expect(JSON.stringify(outputs[1])).toContain('00001077');
		expect([1, 2, 3].map((n) => recordOf(`person${n}@example.com`) !== undefined)).toEqual([false, true, true]);
		await run([mapped(3, {}, { change: 'deleted' })], { leavers: 'remove', options });
		expect(recordOf('person3@example.com')).toBeDefined();
	});

	it('makes them members of a campaign that is created by its name', async () => {
		await start();
		await run([contact(1)], { destinationList: locator('name', 'Newsletter 2027') });
		const campaign = [...salesforce.store.table('Campaign').rows.values()].find(
			({ Name }) => Name === 'Newsletter 2027',
		);
		const members = [...salesforce.store.table('CampaignMember').rows.values()].filter(
			({ CampaignId }) => CampaignId === campaign?.['Id'],
		);
		expect(members.map(({ ContactId }) => ContactId)).toEqual([recordOf('person1@example.com')?.['Id']]);
	});

	it('refuses a field that is gone, and a campaign that is none', async () => {
		await start();
		expect((await run([contact(1, {}, { Nothing__c: 'x' })])).error?.message).toMatch(/Nothing__c/);
		const { error } = await run([contact(1)], { destinationList: locator('id', '12') });
		expect(error?.message).toMatch(/'Campaign' must be the ID of a Salesforce campaign/);
	});

	it('offers the campaigns of the organisation', async () => {
		await start();
		const found = (await callMethod(node(), 'listSearch', 'searchLists', { types, credentials })) as {
			results: Array<{ name: string }>;
		};
		expect(found.results.map(({ name }) => name)).toEqual(expect.arrayContaining(['Newsletter']));
	});
});

describe('Check Set-Up for Salesforce', () => {
	it('passes and writes nothing', async () => {
		await start();
		const { outputs } = await run([contact(1)], {
			operation: 'checkSetUp',
			destinationList: locator('name', 'Newsletter'),
		});
		expect(outputs[1]).toEqual([]);
		expect(outputs[0].map(({ check }) => check)).toEqual(
			expect.arrayContaining(['Salesforce API', 'Contact Records', 'Campaign', 'Email Opt Out', 'Key Field']),
		);
		expect(writes()).toEqual([]);
	});
});
