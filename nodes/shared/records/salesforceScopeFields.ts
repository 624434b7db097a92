import type { INodeProperties } from 'n8n-workflow';
import { fromListMode } from '../n8n/locatorModes';
import { CONDITION_OPERATORS } from '../../../clients/salesforce/scope/compileConditions';

/** Parameters that say which records of a Salesforce organisation are followed or read; `readScope` reads them. */

type Show = Record<string, string[]>;

export const objectField = (description: string, show?: Show): INodeProperties => ({
	displayName: 'Object',
	name: 'object',
	type: 'options',
	noDataExpression: true,
	...(show ? { displayOptions: { show } } : {}),
	options: [
		{ name: 'Contact', value: 'Contact', description: 'People of accounts you work with' },
		{ name: 'Lead', value: 'Lead', description: 'People who are not converted yet' },
	],
	default: 'Contact',
	description,
});

/** The kinds of scopes, as a dropdown offers them. */
export const SCOPE_KINDS = [
	{ name: 'All', value: 'all', description: 'Every record that the user of the credential can see' },
	{ name: 'In a Campaign', value: 'campaign', description: 'The members of one campaign' },
	{ name: 'In a List View', value: 'listView', description: 'What the filter of a list view shows' },
	{ name: 'That Meet Conditions', value: 'conditions', description: 'What conditions on fields select' },
];

type ScopeKind = 'campaign' | 'listView' | 'conditions';

/** What each kind of scope asks for. `show`: when to show the fields of a kind; `done`: what becomes of the records, "followed". */
export const scopeFields = (show: (kind: ScopeKind) => Show, done: string): INodeProperties[] => [
	listView(show('listView'), done),
	campaign(show('campaign'), done),
	combine(show('conditions')),
	conditions(show('conditions'), done),
];

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

const listView = (show: Show, done: string): INodeProperties => ({
	displayName: 'List View',
	name: 'listView',
	type: 'resourceLocator',
	default: { mode: 'list', value: '' },
	required: true,
	displayOptions: { show },
	description: `Its filter decides which records are ${done}. Salesforce pages show views of a tab, such as All Contacts.`,
	modes: [fromListMode('Select a list view...', 'searchListViews'), idMode('e.g. 00B7Q000005Pq1LUAS', 'list view')],
});

const campaign = (show: Show, done: string): INodeProperties => ({
	displayName: 'Campaign',
	name: 'campaign',
	type: 'resourceLocator',
	default: { mode: 'list', value: '' },
	required: true,
	displayOptions: { show },
	description: `Its members are ${done}, whatever their status in the campaign`,
	modes: [fromListMode('Select a campaign...', 'searchCampaigns'), idMode('e.g. 7017Q000000fEwBQAU', 'campaign')],
});

const combine = (show: Show): INodeProperties => ({
	displayName: 'Combine Conditions',
	name: 'combine',
	type: 'options',
	noDataExpression: true,
	displayOptions: { show },
	options: [
		{ name: 'All Must Be Met', value: 'all' },
		{ name: 'Any Is Enough', value: 'any' },
	],
	default: 'all',
	description: 'How several conditions work together',
});

const conditions = (show: Show, done: string): INodeProperties => ({
	displayName: 'Conditions',
	name: 'conditions',
	type: 'fixedCollection',
	placeholder: 'Add Condition',
	default: {},
	displayOptions: { show },
	typeOptions: { multipleValues: true },
	description: `Which records are ${done}`,
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
});

export const convertedLeadsOption: INodeProperties = {
	displayName: 'Converted Leads',
	name: 'convertedLeads',
	type: 'options',
	noDataExpression: true,
	displayOptions: { show: { '/object': ['Lead'] } },
	options: [
		{
			name: 'Leave the List',
			value: 'remove',
			description: 'A lead that was converted is passed on as having left; follow it on with a trigger for contacts',
		},
		{
			name: 'Stay on the List',
			value: 'keep',
			description: 'A lead that was converted stays in the destination list',
		},
	],
	default: 'remove',
	description: 'What becomes of a lead that was converted into a contact',
};
