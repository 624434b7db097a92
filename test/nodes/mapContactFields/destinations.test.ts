import type { IDataObject } from 'n8n-workflow';
import type { RunningHubSpot } from '../../../sandbox/hubspot';
import { startHubSpot } from '../../../sandbox/hubspot';
import type { RunningSalesforce } from '../../../sandbox/salesforce';
import { startSalesforce } from '../../../sandbox/salesforce';
import type { CredentialValues, RunResult } from '../../support/n8n/engine';
import { mappingTable } from '../../../nodes/MapContactFields/table/toSavedTable';
import { plainHttp } from '../../support/http/plainHttp';
import { callMethod, runNodes, testNode } from '../../support/n8n/engine';
import type { TableField } from './mapNode';
import { MAP, mappingOf, storedAs, types } from './mapNode';

const SALESFORCE = 'contactSyncSalesforceClientCredentialsApi';
const HUBSPOT = 'contactSyncHubSpotApi';

let hubSpot: RunningHubSpot;
let salesforce: RunningSalesforce;
let credentials: CredentialValues;

beforeAll(async () => {
	[hubSpot, salesforce] = await Promise.all([
		startHubSpot({ members: 5, extraProperties: 110 }),
		startSalesforce({ contacts: 2, leads: 2 }),
	]);
	const { url: myDomainUrl, app } = salesforce;
	const { consumerKey, consumerSecret } = app;
	credentials = {
		[SALESFORCE]: { myDomainUrl, consumerKey, consumerSecret },
		[HUBSPOT]: { accessToken: hubSpot.token, baseUrl: hubSpot.url },
	};
});
afterAll(async () => void (await Promise.all([hubSpot.close(), salesforce.close()])));

/** The ways a contact can go between the two systems. */
const WAYS = {
	'Contact to HubSpot': { source: 'salesforce', salesforceObject: 'Contact', destination: 'hubSpot' },
	'Lead to HubSpot': { source: 'salesforce', salesforceObject: 'Lead', destination: 'hubSpot' },
	'HubSpot to Contact': { source: 'hubSpot', destination: 'salesforce', destinationObject: 'Contact' },
	'HubSpot to Lead': { source: 'hubSpot', destination: 'salesforce', destinationObject: 'Lead' },
} as const;
type Way = keyof typeof WAYS;

const node = (way: Way, parameters: IDataObject) =>
	testNode(
		'Map',
		MAP,
		{ authentication: 'accessToken', salesforceAuthentication: 'clientCredentials', ...WAYS[way], ...parameters },
		[HUBSPOT, SALESFORCE],
	);

const openTable = async (way: Way, mapping: IDataObject = mappingOf(null)): Promise<readonly TableField[]> => {
	const table = await callMethod(node(way, { mapping }), 'resourceMapping', 'getMappingTable', { types, credentials });
	return (table as { fields: TableField[] }).fields;
};

const suggestionsOf = (fields: readonly TableField[]): Record<string, string> =>
	Object.fromEntries(fields.flatMap(({ id, defaultValue }) => (defaultValue ? [[id, defaultValue]] : [])));

const run = async (way: Way, parameters: IDataObject, fields: IDataObject): Promise<RunResult> => {
	const fromHubSpot = WAYS[way].source === 'hubSpot';
	const object = way.startsWith('Lead') ? 'Lead' : 'Contact';
	const source = fromHubSpot
		? { system: 'hubspot', account: '1', object: 'contact', id: '5' }
		: { system: 'salesforce', account: '00D1', object, id: '0031' };
	const item = {
		key: `${source.system}:${source.account}:${source.object}:${source.id}`,
		change: 'updated',
		source,
		changedAt: '2026-11-20T10:00:00.000Z',
		optedOut: false,
		fields,
	};
	return await runNodes([node(way, parameters)], { types, credentials, input: [item] });
};

describe('mapping to HubSpot', () => {
	it.each(['Contact to HubSpot', 'Lead to HubSpot'] as const)('%s: suggests rows, the address first', async (way) => {
		const fields = await openTable(way);
		expect(fields[0]).toMatchObject({ id: 'email', displayName: 'Email (required)' });
		expect(suggestionsOf(fields)).toMatchObject({ email: 'Email', firstname: 'FirstName', lastname: 'LastName' });
		const ids = fields.map(({ id }) => id);
		for (const name of ['hs_email_optout', 'hs_marketable_status', 'createdate', 'hs_object_id'])
			expect(ids).not.toContain(name);
	});

	it('stays within 100 KB for an account of more than 250 properties, with at most 60 rows', async () => {
		const fields = await openTable('Contact to HubSpot');
		expect(fields.length).toBeLessThanOrEqual(60);
		const stored = storedAs(fields, suggestionsOf(fields));
		expect(Buffer.byteLength(JSON.stringify(stored))).toBeLessThanOrEqual(100_000);
	});

	it('who wins goes along with each value', async () => {
		const ran = await run(
			'Contact to HubSpot',
			{
				mapping: mappingOf({ email: 'Email', firstname: 'FirstName', city: 'MailingCity', jobtitle: 'Title' }),
				options: { onlyIfEmpty: ['firstname', 'city'], onlyWhenCreating: ['city'] },
			},
			{ Email: 'Ada@Example.com', FirstName: 'Ada', MailingCity: 'Lyon', Title: 'Countess' },
		);
		expect(ran.error).toBeUndefined();
		expect(ran.json('Map')[0]?.contact).toEqual({
			email: 'ada@example.com',
			attributes: { firstname: 'Ada', city: 'Lyon', jobtitle: 'Countess' },
			overwrite: { firstname: 'ifEmpty', city: 'onCreate' },
		});
	});

	it('names a property that is gone', async () => {
		const { error } = await run(
			'Contact to HubSpot',
			{ mapping: mappingOf({ email: 'Email', nothing: 'FirstName' }) },
			{},
		);
		expect(error?.message).toMatch(/HubSpot has no property 'nothing'/);
	});

	it('wants the address', async () => {
		const { error } = await run('Contact to HubSpot', { mapping: mappingOf({ firstname: 'FirstName' }) }, {});
		expect(error?.message).toMatch(/Email is not mapped/);
	});
});

describe('mapping to Salesforce', () => {
	it('HubSpot to Contact: suggests rows, and shows what a new record needs', async () => {
		const fields = await openTable('HubSpot to Contact');
		expect(fields[0]).toMatchObject({ id: 'Email', displayName: 'Email (required)' });
		expect(fields.find(({ id }) => id === 'LastName')?.displayName).toMatch(/required/);
		expect(suggestionsOf(fields)).toMatchObject({ Email: 'email', FirstName: 'firstname', LastName: 'lastname' });
		for (const name of ['HasOptedOutOfEmail', 'OwnerId', 'AccountId', 'Name', 'CreatedDate'])
			expect(fields.map(({ id }) => id)).not.toContain(name);
	});

	it('HubSpot to Lead: the company is required too', async () => {
		const fields = await openTable('HubSpot to Lead');
		expect(fields.find(({ id }) => id === 'Company')?.displayName).toMatch(/required/);
		expect(suggestionsOf(fields)).toMatchObject({ Email: 'email', Company: 'company' });
	});

	it('SB-25: a first name of a lead that is too long is left out with its field named', async () => {
		const ran = await run(
			'HubSpot to Lead',
			{ mapping: mappingOf({ Email: 'email', FirstName: 'firstname', LastName: 'lastname', Company: 'company' }) },
			{ email: 'ada@example.com', firstname: 'A'.repeat(41), lastname: 'Lovelace', company: 'Engines' },
		);
		expect(ran.json('Map')[0]).toMatchObject({
			contact: { attributes: { LastName: 'Lovelace', Company: 'Engines' } },
			warnings: [{ field: 'FirstName', code: 'VALUE_TOO_LONG' }],
		});
	});
});

it('a property whose name n8n does not keep in a table is no row of it, and is filled under More Mappings', async () => {
	const http = plainHttp(hubSpot.url, { authorization: `Bearer ${hubSpot.token}` });
	const body = { name: 'constructor', label: 'Constructor', type: 'string', fieldType: 'text', groupName: 'contactinformation' }; // prettier-ignore
	const made = await http.send({ method: 'POST', path: '/crm/properties/2026-09/contacts', body });
	expect(made).toMatchObject({ status: 201 });
	const rows = mappingTable(mappingOf(null), {
		sourceFields: [{ name: 'MailingCity', label: 'City', type: 'text', readOnly: false, hidden: false }],
		destinationFields: ['constructor', 'prototype', 'city'].map((name) => ({ name, label: name, type: 'text' })),
		sourceSystem: 'Salesforce',
		destinationSystem: 'HubSpot',
	});
	expect(rows.map(({ id }) => id)).toEqual(['city']);
	const row = [{ destinationField: 'constructor', sourceField: 'MailingCity' }];
	const parameters = { mapping: mappingOf({ email: 'Email' }), moreMappings: { row } };
	const went = await run('Contact to HubSpot', parameters, { Email: 'a@b.co', MailingCity: 'Lyon' });
	expect(went.json('Map')).toMatchObject([{ contact: { attributes: { constructor: 'Lyon' } } }]);
});
