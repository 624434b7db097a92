import type { INodeProperties, NodeHint } from 'n8n-workflow';
import { updateDisplayOptions } from 'n8n-workflow';
import { timeZoneOption } from '../shared/n8n/timeZoneField';

const operation: INodeProperties = {
	displayName: 'Operation',
	name: 'operation',
	type: 'options',
	noDataExpression: true,
	options: [
		{
			name: 'Look Up',
			value: 'lookUp',
			action: 'Look up why a contact did not sync',
			description: 'Tell why a contact is not in sync, since when, what to do and when it is tried again',
		},
		{
			name: 'Record',
			value: 'record',
			action: 'Record the health of a sync',
			description: 'Keep which contacts of this sync are excluded, failing or waiting, and pass all items on',
		},
		{
			name: 'Report',
			value: 'report',
			action: 'Report the health of syncs',
			description: 'Tell how syncs stand and stood, by cause, with a picture, ready for an e-mail or a page',
		},
		{
			name: 'Resend',
			value: 'resend',
			action: 'Resend contacts that did not sync',
			description: 'Emit the contacts of a cause, for Read Contacts to read them anew',
		},
	],
	default: 'record',
};

const recordFields: INodeProperties[] = [
	{
		displayName: 'Sync',
		name: 'sync',
		type: 'string',
		default: '={{ $workflow.name }}',
		required: true,
		placeholder: 'e.g. Newsletter from HubSpot',
		description:
			'Name of the sync. A workflow that resends its contacts names the same one. By default the name of the workflow: write a fixed name if you may rename it.',
	},
];

const otherFields: INodeProperties[] = [
	{
		displayName: 'Sync',
		name: 'syncName',
		type: 'string',
		default: '',
		placeholder: 'e.g. Newsletter from HubSpot',
		description: "Name of the sync, as in 'Sync' of its node with the operation Record. Left empty, all syncs.",
	},
];

const lookUpFields: INodeProperties[] = [
	{
		displayName: 'Record ID, E-Mail or Key',
		name: 'contact',
		type: 'string',
		default: '={{ $json.email }}',
		required: true,
		placeholder: 'e.g. ada@example.com',
		description:
			'The contact to look up: a record ID of HubSpot or Salesforce, an e-mail address, or a contact key (system:account:object:ID). Which of them it is shows by its form.',
	},
];

const resendFields: INodeProperties[] = [
	{
		displayName: 'Contacts to Resend',
		name: 'which',
		type: 'options',
		noDataExpression: true,
		options: [
			{ name: 'All That Are Not in Sync', value: 'all', description: 'Failing, waiting and excluded contacts' },
			{ name: 'Excluded', value: 'excluded', description: 'Contacts that a rule or a setting leaves out' },
			{ name: 'Failing', value: 'failing', description: 'Contacts of which something has to be mended first' },
			{
				name: 'Failing and Waiting',
				value: 'failingAndWaiting',
				description: 'All contacts that ought to be in sync and are not',
			},
			{ name: 'Of One Reason', value: 'reason', description: 'Contacts with the reason code below' },
		],
		default: 'failingAndWaiting',
		description: 'Which contacts are emitted, each as an item that Read Contacts takes as the name of a contact',
	},
	{
		displayName: 'Reason Code',
		name: 'reason',
		type: 'string',
		displayOptions: { show: { which: ['reason'] } },
		default: '',
		required: true,
		placeholder: 'e.g. DESTINATION_REFUSED',
		description: 'The reason code as the report and the data table show it',
	},
	{
		displayName: 'Return All',
		name: 'returnAll',
		type: 'boolean',
		default: false,
		description: 'Whether to return all results or only up to a given limit',
	},
	{
		displayName: 'Limit',
		name: 'limit',
		type: 'number',
		displayOptions: { show: { returnAll: [false] } },
		typeOptions: { minValue: 1 },
		default: 50,
		description: 'Max number of results to return',
	},
];

const reportFields: INodeProperties[] = [
	{
		displayName: 'Days',
		name: 'days',
		type: 'number',
		typeOptions: { minValue: 1, maxValue: 366, numberPrecision: 0 },
		default: 14,
		description: 'How many days the picture shows, today included',
	},
];

const tableOption: INodeProperties = {
	displayName: 'Table',
	name: 'table',
	type: 'string',
	default: 'Contact Sync Health',
	placeholder: 'e.g. Contact Sync Health',
	description:
		"Name of the n8n data table with how each sync stands and stood. The contacts are in a second one, whose name has 'Contacts' at its end. Both are made if there are none.",
};

const timeZone = timeZoneOption({
	description: 'Where days begin. Left empty, it is the time zone of the workflow.',
	placeholder: 'Of the workflow',
});

const options: INodeProperties = {
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	placeholder: 'Add option',
	default: {},
	options: [
		{
			displayName: 'Keep Addresses and Values',
			name: 'keepDetails',
			type: 'boolean',
			displayOptions: { show: { '/operation': ['record'] } },
			default: false,
			description:
				'Whether the data table also holds the e-mail address of a contact that is not in sync, its mapped values and the message of the destination. Off: no values of contacts are kept, and an address is found by a keyed hash.',
		},
		tableOption,
		timeZone,
	],
};

const only = (name: string, fields: INodeProperties[]): INodeProperties[] =>
	updateDisplayOptions({ show: { operation: [name] } }, fields);

export const syncHealthProperties: INodeProperties[] = [
	operation,
	...only('record', recordFields),
	...only('lookUp', lookUpFields),
	...updateDisplayOptions({ hide: { operation: ['record'] } }, otherFields),
	...only('resend', resendFields),
	...only('report', reportFields),
	options,
];

/** What the editor says beside the parameters before anything runs. */
export const syncHealthHints: NodeHint[] = [
	{
		message:
			"<b>Record belongs behind a sync:</b> both outputs of Contact List Upsert, and 'Excluded' of Map Contact Fields to 'Left Out'. What comes in by an input leaves by the output of the same name.",
		type: 'info',
		location: 'ndv',
		whenToDisplay: 'beforeExecution',
		displayCondition: '={{ $parameter["operation"] === "record" }}',
	},
];
