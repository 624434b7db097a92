import type { IDataObject } from 'n8n-workflow';
import type { RunningHubSpot } from '../../../sandbox/hubspot';
import { startHubSpot } from '../../../sandbox/hubspot';
import { callMethod, runNodes, testNode } from '../../support/n8n/engine';
import type { TableField } from './mapNode';
import { MAP, mappingOf, types } from './mapNode';

let hubSpot: RunningHubSpot;

beforeAll(async () => void (hubSpot = await startHubSpot({ members: 2, awkward: false })));
afterAll(async () => await hubSpot.close());

const credentials = () => ({ contactSyncHubSpotApi: { accessToken: hubSpot.token, baseUrl: hubSpot.url } });
const node = (parameters: IDataObject) =>
	testNode('Map', MAP, { source: 'export', destination: 'hubSpot', authentication: 'accessToken', ...parameters }, [
		'contactSyncHubSpotApi',
	]);

const item = (fields: IDataObject, more: IDataObject = {}): IDataObject => ({
	key: 'export:mailchimp:contact:1',
	change: 'added',
	source: { system: 'export', account: 'mailchimp', object: 'contact', id: '1' },
	changedAt: '2026-11-20T10:00:00.000Z',
	optedOut: false,
	fields,
	...more,
});

describe('Map Contact Fields from export files', () => {
	it('suggests rows from the names of the columns, and needs no credential of a source', async () => {
		const table = (await callMethod(
			node({ mapping: mappingOf(null), exportColumns: 'Email Address, First Name\nLast Name;Phone Number' }),
			'resourceMapping',
			'getMappingTable',
			{ types, credentials: credentials() },
		)) as { fields: TableField[] };
		const suggested = Object.fromEntries(
			table.fields.flatMap(({ id, defaultValue }) => (defaultValue ? [[id, defaultValue]] : [])),
		);
		expect(suggested).toMatchObject({ email: 'Email Address', firstname: 'First Name', lastname: 'Last Name' });
	});

	it('maps its contacts, and lets an opt-out through', async () => {
		const mapping = mappingOf({ email: 'Email Address', firstname: 'First Name' });
		const input = [
			item({ 'Email Address': 'Ada@Example.com', 'First Name': 'Ada' }),
			item({ 'Email Address': 'out@example.com', 'First Name': '' }, { optedOut: true, change: 'optedOut' }),
		];
		const ran = await runNodes([node({ mapping })], { types, credentials: credentials(), input });
		expect(ran.error).toBeUndefined();
		expect(ran.json('Map')).toMatchObject([
			{ contact: { email: 'ada@example.com', attributes: { firstname: 'Ada' } }, optedOut: false },
			{ contact: { email: 'out@example.com' }, optedOut: true },
		]);
	});

	it('names a contact that comes from elsewhere', async () => {
		const mapping = mappingOf({ email: 'Email Address' });
		const source = { system: 'hubspot', account: '1', object: 'contact', id: '5' };
		const ran = await runNodes([node({ mapping })], {
			types,
			credentials: credentials(),
			input: [item({ 'Email Address': 'a@example.com' }, { source, key: 'hubspot:1:contact:5' })],
		});
		expect(JSON.stringify(ran.json('Map', 1))).toMatch(/WRONG_SOURCE.*Contact Export|Contact Export.*WRONG_SOURCE/);
	});
});
