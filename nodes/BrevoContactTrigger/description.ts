import type { INodeCredentialDescription, INodeProperties } from 'n8n-workflow';
import { forQuotaPause, quotaPauseFields, quotaPauseOptions } from '../shared/quota/quotaPauseFields';
import { fieldSelectionFields } from '../shared/records/fieldSelection';
import {
	acknowledgedOption,
	batchSizeOption,
	consentField,
	credentialsPlace,
	firstSyncField,
	lookbackOption,
	syncAgainOption,
} from '../shared/trigger/fields';
import { BREVO_CREDENTIAL } from '../shared/vendors/openBrevo';

const scopeFields: INodeProperties[] = [
	{
		displayName: 'Which Contacts',
		name: 'scope',
		type: 'options',
		noDataExpression: true,
		options: [
			{ name: 'All Contacts', value: 'all', description: 'Every contact of the account' },
			{ name: 'Contacts of Lists', value: 'lists', description: 'Those that are on one of the lists you pick' },
		],
		default: 'all',
		description: 'Which contacts are followed. One that no longer belongs to them is passed on as having left.',
	},
	{
		displayName: 'List Names or IDs',
		name: 'lists',
		type: 'multiOptions',
		typeOptions: { loadOptionsMethod: 'getBrevoLists' },
		displayOptions: { show: { scope: ['lists'] } },
		required: true,
		default: [],
		description:
			'Lists whose contacts are followed. Choose from the list, or specify IDs using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.',
	},
	{
		displayName: 'Unsubscribes From a List',
		name: 'listUnsubscribes',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { scope: ['lists'] } },
		options: [
			{
				name: 'Count as an Opt-Out',
				value: 'optOut',
				description: 'As if the contact had unsubscribed from all e-mail',
			},
			{ name: 'Count as Leaving the List', value: 'leave', description: 'Other mail may still reach the contact' },
		],
		default: 'leave',
		description:
			'What a contact is passed on as that unsubscribed from one of these lists and not from all e-mail. Brevo has such unsubscribes only where they are switched on.',
	},
	{
		displayName: 'What to Pass On',
		name: 'changes',
		type: 'options',
		noDataExpression: true,
		options: [
			{
				name: 'All Changes',
				value: 'all',
				description: 'Contacts that are new, change, opt out, leave or are deleted',
			},
			{
				name: 'Opt-Outs Only',
				value: 'optOuts',
				description: 'Only contacts that are blocklisted; those that are so already come first',
			},
		],
		default: 'all',
		description: 'Which changes start the workflow',
	},
];

const attributesToRead = fieldSelectionFields({
	noun: 'Attribute',
	selection: 'attributeSelection',
	picked: 'attributes',
	loadOptionsMethod: 'getBrevoAttributes',
	node: 'trigger',
	description:
		'Which attributes of a contact are read. A contact is passed on again only when one of them changes, its address, or its block.',
});

const firstSync = firstSyncField({
	all: { name: 'All Existing Contacts', description: 'Pass on every contact that exists, then every change' },
	fromNow: 'Pass on only contacts that are new, change, opt out or leave after the workflow is published',
	description: 'What happens when the workflow is published for the first time, or after other contacts were chosen',
});

const options: INodeProperties = {
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	placeholder: 'Add option',
	default: {},
	options: [
		batchSizeOption,
		lookbackOption(10, 'Brevo may show some changes late'),
		...quotaPauseOptions,
		syncAgainOption,
		acknowledgedOption,
	],
};

/** A constant of its own: the rules of n8n's scanner cannot read a list that is spread within the class. */
export const brevoContactTriggerCredentials: INodeCredentialDescription[] = [
	{ name: BREVO_CREDENTIAL, required: true },
	{ name: 'contactSyncN8nApi', required: true, displayOptions: forQuotaPause },
];

export const brevoContactTriggerProperties: INodeProperties[] = [
	credentialsPlace,
	...scopeFields,
	consentField('the contacts it passes on'),
	firstSync,
	...attributesToRead,
	...quotaPauseFields,
	options,
];
