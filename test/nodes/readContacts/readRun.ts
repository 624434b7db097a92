import type { IDataObject, INode } from 'n8n-workflow';
import { ContactListUpsert } from '../../../nodes/ContactListUpsert/ContactListUpsert.node';
import { MapContactFields } from '../../../nodes/MapContactFields/MapContactFields.node';
import { ReadContacts } from '../../../nodes/ReadContacts/ReadContacts.node';
import type { RunningHubSpot } from '../../../sandbox/hubspot';
import type { RunningSalesforce } from '../../../sandbox/salesforce';
import type { CredentialValues, RunOptions, RunResult } from '../../support/n8n/engine';
import { runNodes, testNode } from '../../support/n8n/engine';

export const READ = 'n8n-nodes-contact-sync.readContacts';
export const MAP = 'n8n-nodes-contact-sync.mapContactFields';
export const UPSERT = 'n8n-nodes-contact-sync.contactListUpsert';
export const types = { [READ]: new ReadContacts(), [MAP]: new MapContactFields(), [UPSERT]: new ContactListUpsert() };

export const HUBSPOT = 'contactSyncHubSpotApi';
export const SALESFORCE = 'contactSyncSalesforceClientCredentialsApi';

export const picked = (value: string, mode = 'list') => ({ __rl: true, mode, value });

export const hubSpotCredential = (hubspot: RunningHubSpot, accessToken = hubspot.token): CredentialValues => ({
	[HUBSPOT]: { accessToken, baseUrl: hubspot.url },
});

export const salesforceCredential = ({ url, app }: RunningSalesforce): CredentialValues => ({
	[SALESFORCE]: { myDomainUrl: url, consumerKey: app.consumerKey, consumerSecret: app.consumerSecret },
});

/** A Read Contacts node; `parameters` as the editor stores them. */
export const readNode = (parameters: IDataObject, change: Partial<INode> = {}): INode => ({
	...testNode(
		'Read',
		READ,
		{
			source: 'hubSpot',
			authentication: 'accessToken',
			salesforceAuthentication: 'clientCredentials',
			...parameters,
		},
		[HUBSPOT, SALESFORCE],
	),
	...change,
});

/** One run of the node with these items, in n8n's own engine; `after` it further nodes. */
export async function run(
	credentials: CredentialValues,
	parameters: IDataObject,
	options: Partial<RunOptions> & { change?: Partial<INode>; after?: readonly INode[] } = {},
): Promise<RunResult> {
	const { change, after = [], ...more } = options;
	return await runNodes([readNode(parameters, change), ...after], { types, credentials, ...more });
}

/** Record ids of the contacts that leave by the first output. */
export const idsOf = (result: RunResult): string[] =>
	result.json('Read').map(({ source }) => (source as { id: string }).id);

/** Codes of the items on Not Found. */
export const codesOf = (result: RunResult): unknown[] =>
	result.json('Read', 1).map(({ outcome }) => (outcome as IDataObject).code);
