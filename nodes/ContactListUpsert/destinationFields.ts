import type { INodeProperties } from 'n8n-workflow';
import { hubSpotAuthenticationField } from '../shared/credentials/hubSpotAuthentication';
import { salesforceAuthenticationField } from '../shared/credentials/salesforceAuthentication';
import { fromListMode, numberMode } from '../shared/n8n/locatorModes';
import { destinationField, destinationObjectField } from '../shared/vendors/destinationSystems';

type Show = NonNullable<NonNullable<INodeProperties['displayOptions']>['show']>;

const only = (destination: string, more: Show = {}): INodeProperties['displayOptions'] => ({
	show: { destination: [destination], ...more },
});

const byNameMode = {
	displayName: 'By Name',
	name: 'name',
	type: 'string' as const,
	placeholder: 'e.g. Customers',
	hint: 'Found again by its name in later runs; created if there is none',
};

const brevoFields: INodeProperties[] = [
	{
		displayName: 'List',
		name: 'destinationList',
		type: 'resourceLocator',
		default: { mode: 'list', value: '' },
		required: true,
		description: 'The list the contacts are put on and kept in sync with',
		displayOptions: only('brevo'),
		modes: [fromListMode('Select a list...', 'searchLists'), numberMode('12', 'list'), byNameMode],
	},
	{
		displayName: 'Folder for a New List',
		name: 'folder',
		type: 'resourceLocator',
		default: { mode: 'list', value: '' },
		description:
			"Where the list is created if there is none of that name. Without a folder the account's first one is taken.",
		displayOptions: only('brevo', { '/destinationList.mode': ['name'] }),
		modes: [fromListMode('Select a folder...', 'searchFolders'), numberMode('1', 'folder', { optional: true })],
	},
];

const hubSpotFields: INodeProperties[] = [
	{
		displayName: 'Static List',
		name: 'destinationList',
		type: 'resourceLocator',
		default: { mode: 'list', value: '' },
		description:
			'The static list the contacts are put on and kept in sync with. Left empty, contacts are only created and updated. Active lists are filled by HubSpot itself, from their filters.',
		displayOptions: only('hubSpot'),
		modes: [
			fromListMode('None: only create and update', 'searchLists'),
			numberMode('12', 'list', { optional: true }),
			byNameMode,
		],
	},
	{
		displayName: 'Inclusion Segment',
		name: 'inclusionSegment',
		type: 'resourceLocator',
		default: { mode: 'list', value: '' },
		description:
			'An active list: only its members are updated, and opt-outs always pass. Left empty, every contact is synced.',
		displayOptions: only('hubSpot'),
		modes: [fromListMode('None: every contact', 'searchSegments'), numberMode('101', 'list', { optional: true })],
	},
	{
		displayName: 'New Contacts Outside the Segment',
		name: 'newOutsideSegment',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { destination: ['hubSpot'] }, hide: { '/inclusionSegment.value': [''] } },
		options: [
			{
				name: 'Create With the Email Address Alone',
				value: 'emailOnly',
				description: 'The other properties follow once the contact joins the segment',
			},
			{ name: 'Do Not Create', value: 'hold', description: "They leave by 'Not Synced' as outside of the segment" },
		],
		default: 'emailOnly',
		description: 'What to do with a contact that HubSpot does not hold yet, so that it cannot be in the segment',
	},
];

const salesforceFields: INodeProperties[] = [
	destinationObjectField,
	{
		displayName: 'Campaign',
		name: 'destinationList',
		type: 'resourceLocator',
		default: { mode: 'list', value: '' },
		description:
			'The campaign whose members the contacts or leads become. Left empty, records are only created and updated.',
		displayOptions: only('salesforce'),
		modes: [
			fromListMode('None: only create and update', 'searchLists'),
			{ displayName: 'By ID', name: 'id', type: 'string', placeholder: 'e.g. 701000000000001AAA' },
			byNameMode,
		],
	},
];

/** Where the contacts go to: system, sign-in, list. What a destination does not have is hidden. */
export const destinationFields: INodeProperties[] = [
	destinationField,
	hubSpotAuthenticationField('HubSpot Authentication', { destination: ['brevo', 'salesforce'] }),
	salesforceAuthenticationField('Salesforce Authentication', { destination: ['brevo', 'hubSpot'] }),
	...brevoFields,
	...hubSpotFields,
	...salesforceFields,
];

/** Options that one destination alone has. */
export const destinationOptions: INodeProperties[] = [
	{
		displayName: 'Converted Leads',
		name: 'convertedLeads',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { '/destination': ['salesforce'] } },
		options: [
			{
				name: 'Follow to the Contact',
				value: 'follow',
				description: 'The contact that the lead became is updated, with the fields that contacts have',
			},
			{
				name: 'Leave Alone',
				value: 'skip',
				description: "They leave by 'Not Synced'; an opt-out is carried all the same",
			},
		],
		default: 'follow',
		description: 'What to do with a person whose lead was converted in Salesforce',
	},
	{
		displayName: 'External ID Field',
		name: 'keyField',
		type: 'string',
		default: '',
		placeholder: 'e.g. Contact_Sync_Key__c',
		displayOptions: { show: { '/destination': ['salesforce'] } },
		description:
			'A text field marked as external ID and unique that carries the key of the source record, so that a changed address updates the record it belongs to. Left empty, Contact_Sync_Key__c is used where the organisation has it.',
	},
	{
		displayName: 'Key Property',
		name: 'keyProperty',
		type: 'string',
		default: '',
		placeholder: 'e.g. contact_sync_key',
		displayOptions: { show: { '/destination': ['hubSpot'] } },
		description:
			'A contact property (single-line text, unique values required) that carries the key of the source record, so that a changed address updates the contact it belongs to. Left empty, contact_sync_key is used where the account has it.',
	},
	{
		displayName: 'Legal Basis',
		name: 'legalBasis',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { '/destination': ['hubSpot'] } },
		options: [
			{ name: 'Consent With Notice', value: 'CONSENT_WITH_NOTICE' },
			{ name: 'Legitimate Interest, Customer', value: 'LEGITIMATE_INTEREST_CLIENT' },
			{ name: 'Legitimate Interest, Other', value: 'LEGITIMATE_INTEREST_OTHER' },
			{ name: 'Legitimate Interest, Prospect', value: 'LEGITIMATE_INTEREST_PQL' },
			{ name: 'Not Applicable', value: 'NON_GDPR' },
			{ name: 'Performance of a Contract', value: 'PERFORMANCE_OF_CONTRACT' },
			{ name: 'Process and Store', value: 'PROCESS_AND_STORE' },
		],
		default: 'LEGITIMATE_INTEREST_CLIENT',
		description: "What HubSpot records with each opt-out; needed where the account's data privacy setting is on",
	},
	{
		displayName: 'Legal Basis Explanation',
		name: 'legalBasisExplanation',
		type: 'string',
		default: '',
		placeholder: 'e.g. Unsubscribed in Salesforce',
		displayOptions: { show: { '/destination': ['hubSpot'] } },
		description: 'The sentence HubSpot records beside the legal basis',
	},
	{
		displayName: 'Member Status',
		name: 'memberStatus',
		type: 'string',
		default: '',
		placeholder: 'e.g. Sent',
		displayOptions: { show: { '/destination': ['salesforce'] } },
		description: "Status of new members of the campaign. Left empty, it is the campaign's default.",
	},
	{
		displayName: 'Opt-Outs Without a Contact',
		name: 'addressOptOuts',
		type: 'options',
		displayOptions: { show: { '/destination': ['hubSpot'] } },
		options: [
			{
				name: 'Leave Them to an Import',
				value: 'imported',
				description: "The file of opt-outs was imported into HubSpot by hand, or is going to be, with 'Opt-out list'",
			},
			{
				name: 'Unsubscribe the Address',
				value: 'unsubscribe',
				description: 'A call each, without Marketing Hub Enterprise; no contact is created',
			},
		],
		default: 'unsubscribe',
		description:
			"With 'Carry as a Block, and Nothing Else': what becomes of addresses that opted out and that no HubSpot contact has. Those of contacts are always unsubscribed.",
	},
	{
		displayName: 'Save Despite Duplicate Alerts',
		name: 'saveDuplicates',
		type: 'boolean',
		default: true,
		displayOptions: { show: { '/destination': ['salesforce'] } },
		description:
			'Whether to save a record although a duplicate rule that only alerts finds a similar one. A rule that blocks still does.',
	},
	{
		displayName: 'Several Matches',
		name: 'severalMatches',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { '/destination': ['salesforce'] } },
		options: [
			{
				name: 'Write None',
				value: 'none',
				description:
					"The contact leaves by 'Not Synced', with the IDs of the records; an opt-out is carried to all of them",
			},
			{ name: 'Write the Newest', value: 'newest' },
			{ name: 'Write the Oldest', value: 'oldest' },
		],
		default: 'none',
		description: 'Which record to write where several have the address. An opt-out is carried to all of them.',
	},
	{
		displayName: 'Memory per Account (MB)',
		name: 'accountMemory',
		type: 'number',
		typeOptions: { minValue: 100, maxValue: 4000 },
		displayOptions: { show: { '/destination': ['brevo'] } },
		default: 250,
		description:
			'Room for what is kept of a Brevo account between batches. One of more than 8,000 contacts for each MB is kept in a shorter form, which costs about 50 calls more per 1,000 contacts.',
	},
];
