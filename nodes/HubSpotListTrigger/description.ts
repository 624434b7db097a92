import type { INodeProperties } from 'n8n-workflow';
import { hubSpotAuthenticationField } from '../shared/credentials/hubSpotAuthentication';
import { quotaPauseFields, quotaPauseOptions } from '../shared/quota/quotaPauseFields';
import {
	acknowledgedOption,
	batchSizeOption,
	consentField,
	credentialsPlace,
	dailyReserveOption,
	firstSyncField,
	lookbackOption,
	syncAgainOption,
} from '../shared/trigger/fields';

const list: INodeProperties = {
	displayName: 'List',
	name: 'list',
	type: 'resourceLocator',
	default: { mode: 'list', value: '' },
	required: true,
	description: 'The contact list whose members are followed. HubSpot also calls lists segments.',
	modes: [
		{
			displayName: 'From List',
			name: 'list',
			type: 'list',
			placeholder: 'Select a list...',
			typeOptions: { searchListMethod: 'searchLists', searchable: true },
		},
		{
			displayName: 'By ID',
			name: 'id',
			type: 'string',
			placeholder: 'e.g. 248',
			validation: [
				{ type: 'regex', properties: { regex: '^\\s*[0-9]+\\s*$', errorMessage: 'A list ID is a whole number' } },
			],
		},
	],
};

const propertiesToRead: INodeProperties[] = [
	{
		displayName: 'Properties to Read',
		name: 'propertySelection',
		type: 'options',
		noDataExpression: true,
		options: [
			{
				name: 'Automatic',
				value: 'automatic',
				description:
					'The properties that the nodes after this trigger use: those mapped in Map Contact Fields, and those named in expressions, of a filter for instance; without a mapping the most common ones',
			},
			{ name: 'Selected', value: 'selected', description: 'The properties you pick' },
		],
		default: 'automatic',
		description:
			'Which properties of a contact are read. A member is passed on again only when one of them changes, or the opt-out.',
	},
	{
		displayName: 'Property Names or IDs',
		name: 'properties',
		type: 'multiOptions',
		typeOptions: { loadOptionsMethod: 'getContactProperties' },
		displayOptions: { show: { propertySelection: ['selected'] } },
		default: [],
		description:
			'Choose from the list, or specify IDs using an <a href="https://docs.n8n.io/code/expressions/">expression</a>',
	},
];

const firstSync = firstSyncField({
	all: { name: 'All Existing Members', description: 'Pass on every contact in the list, then every change' },
	fromNow: 'Pass on only contacts that join, change or leave after the workflow is published',
	description: 'What happens when the workflow is published for the first time, or after another list was picked',
});

const options: INodeProperties = {
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	placeholder: 'Add option',
	default: {},
	options: [
		{
			displayName: 'Active Lists Only',
			name: 'activeListsOnly',
			type: 'boolean',
			default: false,
			description: 'Whether to offer and accept only lists whose members HubSpot keeps up to date by filters',
		},
		batchSizeOption,
		dailyReserveOption("the account's daily HubSpot calls"),
		{
			displayName: 'Hold Changes Back (Seconds)',
			name: 'settleSeconds',
			type: 'number',
			typeOptions: { minValue: 0 },
			default: 60,
			description:
				'How long a changed contact is held back, so that HubSpot has worked out by then whether it is still in an active list. Needed where the list decides which contacts may be synced. Opt-outs never wait; at most as long as the lookback.',
		},
		lookbackOption(2, 'HubSpot needs some time until changes can be found'),
		...quotaPauseOptions,
		syncAgainOption,
		acknowledgedOption,
	],
};

export const hubSpotListTriggerProperties: INodeProperties[] = [
	credentialsPlace,
	hubSpotAuthenticationField('Authentication'),
	list,
	consentField('the contacts of this list'),
	firstSync,
	...propertiesToRead,
	...quotaPauseFields,
	options,
];
