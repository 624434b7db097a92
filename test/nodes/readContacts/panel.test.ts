import type { IDataObject, INodeListSearchResult, INodePropertyOptions } from 'n8n-workflow';
import { NodeHelpers } from 'n8n-workflow';
import { ReadContacts } from '../../../nodes/ReadContacts/ReadContacts.node';
import { startHubSpot } from '../../../sandbox/hubspot';
import { startSalesforce } from '../../../sandbox/salesforce';
import { callMethod } from '../../support/n8n/engine';
import { hubSpotCredential, readNode, salesforceCredential, types } from './readRun';

const { description } = new ReadContacts();

/** Names of the parameters that the panel shows, with the defaults of those that are not set. */
function shown(parameters: IDataObject): string[] {
	const node = readNode(parameters);
	const values = NodeHelpers.getNodeParameters(description.properties, node.parameters, true, false, node, description);
	const all = { ...values, ...parameters } as typeof node.parameters;
	return description.properties
		.filter((property) => NodeHelpers.displayParameter(all, property, node, description))
		.map(({ name }) => name)
		.filter((name) => !['source', 'credentials', 'options'].includes(name));
}

const HUBSPOT_ALWAYS = ['authentication', 'contacts'];
const SALESFORCE_ALWAYS = ['salesforceAuthentication', 'object', 'scope'];

describe('the panel of Read Contacts', () => {
	it.each<[string, IDataObject, string[]]>([
		['a HubSpot list', { source: 'hubSpot' }, [...HUBSPOT_ALWAYS, 'list', 'returnAll', 'limit', 'propertySelection']],
		[
			'all members',
			{ source: 'hubSpot', returnAll: true },
			[...HUBSPOT_ALWAYS, 'list', 'returnAll', 'propertySelection'],
		],
		[
			'named HubSpot contacts',
			{ source: 'hubSpot', contacts: 'named' },
			[...HUBSPOT_ALWAYS, 'namedBy', 'propertySelection'],
		],
		[
			'all Salesforce records',
			{ source: 'salesforce' },
			[...SALESFORCE_ALWAYS, 'returnAll', 'limit', 'fieldSelection'],
		],
		[
			'a campaign',
			{ source: 'salesforce', scope: 'campaign' },
			[...SALESFORCE_ALWAYS, 'campaign', 'returnAll', 'limit', 'fieldSelection'],
		],
		[
			'conditions',
			{ source: 'salesforce', scope: 'conditions' },
			[...SALESFORCE_ALWAYS, 'combine', 'conditions', 'returnAll', 'limit', 'fieldSelection'],
		],
		[
			'named records by an expression',
			{ source: 'salesforce', scope: 'named', namedBy: 'expression' },
			[...SALESFORCE_ALWAYS, 'namedBy', 'contactName', 'fieldSelection'],
		],
		[
			'HubSpot after Salesforce was set',
			{ source: 'hubSpot', scope: 'campaign' },
			[...HUBSPOT_ALWAYS, 'list', 'returnAll', 'limit', 'propertySelection'],
		],
	])('shows for %s what it asks for', (_name, parameters, names) => {
		expect(shown(parameters)).toEqual(names);
	});

	it('offers lists and properties of HubSpot', async () => {
		const hubspot = await startHubSpot({ members: 3, extraLists: 0 });
		const options = { types, credentials: hubSpotCredential(hubspot) };
		const lists = (await callMethod(readNode({}), 'listSearch', 'searchLists', options)) as INodeListSearchResult;
		expect(lists.results.map(({ value }) => value)).toContain('101');
		const properties = await callMethod(readNode({}), 'loadOptions', 'getContactProperties', options);
		expect((properties as INodePropertyOptions[]).map(({ value }) => value)).toContain('email');
		await hubspot.close();
	});

	it('offers list views, campaigns and fields of Salesforce', async () => {
		const salesforce = await startSalesforce({ contacts: 3, leads: 0, awkward: false });
		const options = { types, credentials: salesforceCredential(salesforce) };
		const node = readNode({ source: 'salesforce' });
		const ask = async (name: string) =>
			((await callMethod(node, 'listSearch', name, options)) as INodeListSearchResult).results.map(
				({ value }) => value,
			);
		expect(await ask('searchListViews')).toContain(salesforce.ids.listViews.newsletterContacts);
		expect(await ask('searchCampaigns')).toContain(salesforce.ids.campaigns.newsletter);
		for (const name of ['getReadableFields', 'getConditionFields']) {
			const fields = (await callMethod(node, 'loadOptions', name, options)) as INodePropertyOptions[];
			expect(fields.map(({ value }) => value)).toContain('Email');
		}
		await salesforce.close();
	});
});
