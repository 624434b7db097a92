import type { INodeProperties } from 'n8n-workflow';
import { CONDITION_OPERATORS } from '../../clients/salesforce/scope/compileConditions';
import { salesforceAuthenticationField } from '../shared/credentials/salesforceAuthentication';
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

const object: INodeProperties = {
	displayName: 'Object',
	name: 'object',
	type: 'options',
	noDataExpression: true,
	options: [
		{ name: 'Contact', value: 'Contact', description: 'People of accounts you work with' },
		{ name: 'Lead', value: 'Lead', description: 'People who are not converted yet' },
	],
	default: 'Contact',
	description: 'Which records are followed. For both, use two triggers: any number may share one account.',
};

const scope: INodeProperties = {
	displayName: 'Which Records',
	name: 'scope',
	type: 'options',
	noDataExpression: true,
	options: [
		{ name: 'All', value: 'all', description: 'Every record that the user of the credential can see' },
		{ name: 'In a Campaign', value: 'campaign', description: 'The members of one campaign' },
		{ name: 'In a List View', value: 'listView', description: 'What the filter of a list view shows' },
		{ name: 'That Meet Conditions', value: 'conditions', description: 'What conditions on fields select' },
	],
	default: 'all',
	description: 'Which records are followed. One that no longer belongs to it is passed on as having left.',
};

const idMode = (placeholder: string, noun: string) => ({
	displayName: 'By ID',
	name: 'id',
	type: 'string' as const,
	placeholder,
	validation: [
		{
			type: 'regex',
			properties: {
				regex: '^\\s*[a-zA-Z0-9]{15}(?:[a-zA-Z0-9]{3})?\\s*$',
				errorMessage: `The ID of a ${noun} has 15 or 18 letters and digits`,
			},
		},
	],
});

const listView: INodeProperties = {
	displayName: 'List View',
	name: 'listView',
	type: 'resourceLocator',
	default: { mode: 'list', value: '' },
	required: true,
	displayOptions: { show: { scope: ['listView'] } },
	description:
		'Its filter decides which records are followed. Salesforce pages show views of a tab, such as All Contacts.',
	modes: [
		{
			displayName: 'From List',
			name: 'list',
			type: 'list',
			placeholder: 'Select a list view...',
			typeOptions: { searchListMethod: 'searchListViews', searchable: true },
		},
		idMode('e.g. 00B7Q000005Pq1LUAS', 'list view'),
	],
};

const campaign: INodeProperties = {
	displayName: 'Campaign',
	name: 'campaign',
	type: 'resourceLocator',
	default: { mode: 'list', value: '' },
	required: true,
	displayOptions: { show: { scope: ['campaign'] } },
	description: 'Its members are followed, whatever their status in the campaign',
	modes: [
		{
			displayName: 'From List',
			name: 'list',
			type: 'list',
			placeholder: 'Select a campaign...',
			typeOptions: { searchListMethod: 'searchCampaigns', searchable: true },
		},
		idMode('e.g. 7017Q000000fEwBQAU', 'campaign'),
	],
};

const forConditions = { show: { scope: ['conditions'] } };

const combine: INodeProperties = {
	displayName: 'Combine Conditions',
	name: 'combine',
	type: 'options',
	noDataExpression: true,
	displayOptions: forConditions,
	options: [
		{ name: 'All Must Be Met', value: 'all' },
		{ name: 'Any Is Enough', value: 'any' },
	],
	default: 'all',
	description: 'How several conditions work together',
};

const conditions: INodeProperties = {
	displayName: 'Conditions',
	name: 'conditions',
	type: 'fixedCollection',
	placeholder: 'Add Condition',
	default: {},
	displayOptions: forConditions,
	typeOptions: { multipleValues: true },
	description: 'Which records are followed. One that stops meeting them is passed on as having left.',
	options: [
		{
			displayName: 'Condition',
			name: 'row',
			values: [
				{
					displayName: 'Field Name or ID',
					name: 'field',
					type: 'options',
					typeOptions: { loadOptionsMethod: 'getConditionFields', loadOptionsDependsOn: ['object'] },
					default: '',
					description:
						'Choose from the list, or specify an ID using an <a href="https://docs.n8n.io/code/expressions/">expression</a>',
				},
				{
					displayName: 'Operator',
					name: 'operator',
					type: 'options',
					noDataExpression: true,
					options: CONDITION_OPERATORS.map(({ value, label, types }) => ({
						name: label,
						value,
						description: `For fields of these types: ${types.join(', ')}`,
					})),
					default: 'equals',
					description: 'What the field is asked for',
				},
				{
					displayName: 'Value',
					name: 'value',
					type: 'string',
					default: '',
					displayOptions: {
						hide: { operator: CONDITION_OPERATORS.filter(({ takesValue }) => !takesValue).map(({ value }) => value) },
					},
					description:
						"Days as YYYY-MM-DD, or relative to today, such as LAST_N_DAYS:30. Several values of 'Is Any Of' stand with a semicolon between them.",
				},
			],
		},
	],
};

const fieldsToRead: INodeProperties[] = [
	{
		displayName: 'Fields to Read',
		name: 'fieldSelection',
		type: 'options',
		noDataExpression: true,
		options: [
			{
				name: 'Automatic',
				value: 'automatic',
				description:
					'The fields that the nodes after this trigger use: those mapped in Map Contact Fields, and those named in expressions, of a filter for instance; without a mapping the most common ones',
			},
			{ name: 'Selected', value: 'selected', description: 'The fields you pick' },
		],
		default: 'automatic',
		description: 'Which fields of a record are read',
	},
	{
		displayName: 'Field Names or IDs',
		name: 'fields',
		type: 'multiOptions',
		typeOptions: { loadOptionsMethod: 'getReadableFields', loadOptionsDependsOn: ['object'] },
		displayOptions: { show: { fieldSelection: ['selected'] } },
		default: [],
		description:
			'Choose from the list, or specify IDs using an <a href="https://docs.n8n.io/code/expressions/">expression</a>',
	},
];

const firstSync = firstSyncField({
	all: { name: 'All Existing Records', description: 'Pass on every record that exists, then every change' },
	fromNow: 'Pass on only records that are new, change or leave after the workflow is published',
	description: 'What happens when the workflow is published for the first time, or after other records were chosen',
});

const options: INodeProperties = {
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	placeholder: 'Add option',
	default: {},
	options: [
		batchSizeOption,
		{
			displayName: 'Converted Leads',
			name: 'convertedLeads',
			type: 'options',
			noDataExpression: true,
			displayOptions: { show: { '/object': ['Lead'] } },
			options: [
				{
					name: 'Leave the List',
					value: 'remove',
					description:
						'A lead that was converted is passed on as having left; follow it on with a trigger for contacts',
				},
				{
					name: 'Stay on the List',
					value: 'keep',
					description: 'A lead that was converted stays in the destination list',
				},
			],
			default: 'remove',
			description: 'What becomes of a lead that was converted into a contact',
		},
		dailyReserveOption("the organisation's daily Salesforce calls"),
		{
			displayName: 'Largest Disappearance (%)',
			name: 'largestDisappearance',
			type: 'number',
			default: 10,
			typeOptions: { minValue: 1, maxValue: 100 },
			description:
				'When Salesforce suddenly no longer shows more of the records than this, as after a change of permissions, the workflow stops and no record is passed on as deleted. 100: never stop.',
		},
		lookbackOption(15, 'Salesforce shows some changes late, with an earlier time'),
		...quotaPauseOptions,
		syncAgainOption,
		acknowledgedOption,
	],
};

export const salesforceContactTriggerProperties: INodeProperties[] = [
	credentialsPlace,
	salesforceAuthenticationField('Authentication'),
	object,
	scope,
	listView,
	campaign,
	combine,
	conditions,
	consentField('the contacts or leads it passes on'),
	firstSync,
	...fieldsToRead,
	...quotaPauseFields,
	options,
];
