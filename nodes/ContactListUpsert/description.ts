import type { INodeProperties } from 'n8n-workflow';
import { updateDisplayOptions } from 'n8n-workflow';
import { destinationFields, destinationOptions } from './destinationFields';

const operation: INodeProperties = {
	displayName: 'Operation',
	name: 'operation',
	type: 'options',
	noDataExpression: true,
	options: [
		// First in n8n's node creator as well, which keeps this order.
		{
			name: 'Upsert Contacts',
			value: 'upsertContacts',
			action: 'Upsert contacts',
			description: 'Bring the contacts into the list and keep them up to date',
		},
		{
			name: 'Check Set-Up',
			value: 'checkSetUp',
			action: 'Check set up',
			description: 'Look at key, account, list, mapping and limits, say what to change, and write nothing',
		},
	],
	default: 'upsertContacts',
};

const modeField: INodeProperties = {
	displayName: 'Mode',
	name: 'mode',
	type: 'options',
	noDataExpression: true,
	options: [
		{
			name: 'Create and Update',
			value: 'createAndUpdate',
			description: 'New contacts are created, known ones updated',
		},
		{
			name: 'Create Only',
			value: 'createOnly',
			description: 'Contacts that exist stay as they are; opt-outs still pass',
		},
		{
			name: 'Opt-Outs Only',
			value: 'optOutsOnly',
			description:
				'Contacts that opted out at the source are opted out; no other value is written, and no contact created or taken off a list',
		},
		{
			name: 'Update Only',
			value: 'updateOnly',
			description: 'No contact is created, so a mistyped address makes none',
		},
	],
	default: 'createAndUpdate',
	description: 'Which contacts are written',
};

const ruleFields: INodeProperties[] = [
	{
		displayName: 'Opt-Outs',
		name: 'optOuts',
		type: 'options',
		noDataExpression: true,
		options: [
			{
				name: 'Carry as a Block',
				value: 'block',
				description:
					'A contact that opted out at the source is blocklisted in Brevo, unsubscribed from all e-mail in HubSpot, or gets Email Opt Out in Salesforce',
			},
			{
				name: 'Carry as a Block, and Nothing Else',
				value: 'blockOnly',
				description:
					'It is neither created nor changed otherwise, and comes off the list. All of them come before the first other contact, as a migration needs it.',
			},
			{ name: 'Ignore', value: 'ignore', description: 'The subscription status of the source is not carried over' },
		],
		default: 'block',
		description:
			'What to do with contacts that opted out at the source. A contact that is blocklisted at the destination stays so either way.',
	},
	{
		displayName: 'Marketing Contacts',
		name: 'marketingContacts',
		type: 'options',
		displayOptions: { show: { destination: ['hubSpot'] } },
		options: [
			{ name: 'Leave As They Are', value: 'leave', description: 'No contact becomes a marketing contact by this node' },
			{
				name: 'Set Contacts That May Be Mailed',
				value: 'set',
				description:
					'HubSpot bills them at once. Set through an import, once the contacts of the batch are written; none that opted out, bounced, or of which that is not known.',
			},
		],
		default: 'leave',
		description:
			'Whether contacts become marketing contacts, which HubSpot bills and without which it sends them no marketing e-mail',
	},
	{
		displayName: 'Contacts That Leave',
		name: 'leavers',
		type: 'options',
		noDataExpression: true,
		options: [
			{ name: 'Keep on the List', value: 'keep', description: 'They stay on the destination list' },
			{
				name: 'Take Off the List',
				value: 'remove',
				description: 'They leave the destination list but stay in the account, with their unsubscribes',
			},
		],
		default: 'remove',
		description:
			'What to do with contacts that left the source list or were deleted there. Contacts are never deleted.',
		displayOptions: { show: { destination: ['brevo', 'hubSpot'] } },
	},
	{
		displayName: 'Contacts That Leave',
		name: 'leavers',
		type: 'options',
		noDataExpression: true,
		options: [
			{ name: 'Keep on the Campaign', value: 'keep', description: 'They stay members of the campaign' },
			{
				name: 'Take Off the Campaign',
				value: 'remove',
				description: 'They leave the campaign, if one is filled; their records stay',
			},
			{
				name: 'Take Off, and Delete the Record of a Deleted Contact',
				value: 'delete',
				description:
					'As above, and where the contact was deleted at the source, its record goes to the recycle bin of Salesforce. One with a case stays.',
			},
		],
		default: 'remove',
		description:
			'What to do with contacts that left the source list or were deleted there. A contact that only left never loses its record.',
		displayOptions: { show: { destination: ['salesforce'] } },
	},
];

/** Check Set-Up asks as well whether opt-outs are to be carried, and marketing contacts to be set: both need scopes of their own. */
const isChecked = ({ name }: INodeProperties): boolean => name === 'optOuts' || name === 'marketingContacts';

const optionFields: INodeProperties = {
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	placeholder: 'Add option',
	default: {},
	options: [
		{
			displayName: 'Dry Run',
			name: 'dryRun',
			type: 'boolean',
			default: true,
			description:
				'Whether to stop before the first write and show what would be changed. Of a published workflow nothing counts as delivered until this is off.',
		},
		...destinationOptions,
		{
			displayName: 'Longest Wait (Seconds)',
			name: 'longestWait',
			type: 'number',
			typeOptions: { minValue: 5, maxValue: 3600 },
			default: 120,
			description:
				'How long to wait for the destination to finish an import. What is not confirmed by then is sent again later.',
		},
		{
			displayName: 'On Temporary Failure',
			name: 'onTemporaryFailure',
			type: 'options',
			noDataExpression: true,
			options: [
				{
					name: 'Fail the Run',
					value: 'fail',
					description: 'A trigger of this package then delivers the same contacts again',
				},
				{
					name: 'Send to Not Synced',
					value: 'notSynced',
					description: 'The run succeeds and the workflow takes care of these contacts',
				},
			],
			default: 'fail',
			description: 'What to do when the destination cannot be reached or holds the account back',
		},
		{
			displayName: 'Other Source Lists',
			name: 'otherLists',
			type: 'string',
			default: '',
			placeholder: 'e.g. 102, 248',
			description:
				'IDs of other lists of the same source account that fill the same destination list through workflows of their own. A contact that leaves one list and is still in one of these stays.',
		},
		{
			displayName: 'Save Keys to Execution Data',
			name: 'saveKeys',
			type: 'boolean',
			default: true,
			description:
				"Whether to store the totals and as many keys of contacts as fit with the execution, so that n8n's list of executions can be searched for a contact",
		},
		{
			displayName: 'Summary Output',
			name: 'summary',
			type: 'boolean',
			default: true,
			description:
				'Whether to add an output with one item that counts what became of the contacts and what it cost, for Migration Report and reports of your own',
		},
	],
};

export const contactListUpsertProperties: INodeProperties[] = [
	operation,
	...destinationFields,
	...ruleFields.filter(isChecked),
	...updateDisplayOptions({ show: { operation: ['upsertContacts'] } }, [
		modeField,
		...ruleFields.filter((field) => !isChecked(field)),
		optionFields,
	]),
];
