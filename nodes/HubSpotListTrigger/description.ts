import type { INodeProperties } from 'n8n-workflow';
import { hubSpotAuthenticationField } from '../shared/hubSpotAuthentication';

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
					'The properties that Map Contact Fields nodes after this trigger use; without such a node the most common ones',
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

const consent: INodeProperties = {
	displayName: 'Confirm Consent',
	name: 'consentConfirmed',
	type: 'boolean',
	noDataExpression: true,
	default: false,
	required: true,
	description:
		'Whether you confirm that the contacts of this list agreed to be contacted. The workflow runs only when this is on.',
};

const firstSync: INodeProperties = {
	displayName: 'First Sync',
	name: 'firstSync',
	type: 'options',
	noDataExpression: true,
	options: [
		{
			name: 'All Existing Members',
			value: 'all',
			description: 'Pass on everyone who is in the list, then every change',
		},
		{
			name: 'Only Changes From Now On',
			value: 'fromNow',
			description: 'Pass on only who joins, changes or leaves after the workflow is published',
		},
	],
	default: 'all',
	description: 'What happens when the workflow is published for the first time, or after another list was picked',
};

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
		{
			displayName: 'Batch Size',
			name: 'batchSize',
			type: 'number',
			default: 1000,
			typeOptions: { minValue: 1, maxValue: 5000, numberPrecision: 0 },
			description: 'Most contacts of one execution',
		},
		{
			displayName: 'Daily Call Reserve (%)',
			name: 'dailyReserve',
			type: 'number',
			default: 10,
			typeOptions: { minValue: 0, maxValue: 90 },
			description:
				"Share of the account's daily HubSpot calls that is left to other tools. When fewer are left, the sync pauses until the limit renews.",
		},
		{
			displayName: 'Lookback (Minutes)',
			name: 'lookbackMinutes',
			type: 'number',
			default: 2,
			typeOptions: { minValue: 0, maxValue: 1440 },
			description:
				'How far each search for changes reaches back before the last one. HubSpot needs some time until changes can be found; raise it if changes go missing.',
		},
		{
			displayName: 'Wait for the Workflow',
			name: 'acknowledged',
			type: 'boolean',
			default: true,
			description:
				'Whether a batch counts as delivered only when its execution succeeded. When it did not, the same contacts are delivered again. Off: batches are started and not followed up.',
		},
	],
};

export const hubSpotListTriggerProperties: INodeProperties[] = [
	hubSpotAuthenticationField('Authentication'),
	list,
	consent,
	firstSync,
	...propertiesToRead,
	options,
];
