import type { INodeProperties, NodeHint } from 'n8n-workflow';

const options: INodeProperties = {
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	placeholder: 'Add option',
	default: {},
	options: [
		{
			displayName: 'Account Name',
			name: 'account',
			type: 'string',
			default: '',
			placeholder: 'e.g. main newsletter',
			description:
				'Becomes part of the key of each contact, so that two accounts of one tool stay apart. Empty: the tool that wrote the files.',
		},
		{
			displayName: 'Bounced Addresses',
			name: 'bounces',
			type: 'options',
			options: [
				{
					name: 'Block Like Opt-Outs',
					value: 'block',
					description: 'They go on as opted out, so that no mail is sent to them',
				},
				{
					name: 'Leave Out',
					value: 'leaveOut',
					description: 'They leave by the output Refused',
				},
			],
			default: 'block',
			description: 'What becomes of addresses to which mail could not be delivered',
		},
		{
			displayName: 'Columns',
			name: 'columns',
			type: 'string',
			default: '',
			placeholder: 'e.g. First Name, Last Name, TAGS',
			description:
				'Names of the columns to read, between commas. Empty: all. Large files take much less memory with the few that are mapped; the e-mail address and the status are always read.',
		},
		{
			displayName: 'Columns with Several Values',
			name: 'listColumns',
			type: 'string',
			default: '',
			placeholder: 'e.g. Interests, Languages',
			description:
				'Names of columns whose cells hold several values, between commas, such as the groups of Mailchimp. Tags and lists are known.',
		},
		{
			displayName: 'Contacts Without a Status',
			name: 'withoutStatus',
			type: 'options',
			options: [
				{
					name: 'No Consent',
					value: 'noConsent',
					description: 'They leave by the output No Consent',
				},
				{
					name: 'Subscribed: I Confirm That All of Them Agreed',
					value: 'subscribed',
					description: 'They leave by the output Subscribed unless a file says that they opted out or bounced',
				},
			],
			default: 'noConsent',
			description: 'What contacts are of whom no name of a file, column or cell says whether they agreed to mail',
		},
		{
			displayName: 'Evidence of Consent',
			name: 'leastGrade',
			type: 'options',
			options: [
				{
					name: 'Any',
					value: 'none',
					description: 'The status is enough',
				},
				{
					name: 'Confirmed Opt-In',
					value: 'confirmed',
					description: 'The address was confirmed',
				},
				{
					name: 'Sign-Up Form or Better',
					value: 'single',
					description: 'The contact filled in a form: imported ones have no consent',
				},
			],
			default: 'none',
			description: 'What subscribed contacts need; those with less leave by the output No Consent',
		},
		{
			displayName: 'Files with One Column',
			name: 'oneColumn',
			type: 'options',
			options: [
				{
					name: 'Automatic',
					value: 'auto',
					description: 'A suppression list beside other files, contacts without a status where it is alone',
				},
				{
					name: 'Contacts Without a Status',
					value: 'contacts',
				},
				{
					name: 'Suppression Lists',
					value: 'suppress',
					description: 'All of their addresses have opted out',
				},
			],
			default: 'auto',
			description: 'What lists of addresses without any other column are',
		},
		{
			displayName: 'Required Permission',
			name: 'permissionColumn',
			type: 'string',
			default: '',
			placeholder: 'e.g. Marketing Permissions',
			description:
				'Name of a column that has to say yes, or when, for a contact to be subscribed, such as a marketing permission of Mailchimp',
		},
		{
			displayName: 'Suppression Files',
			name: 'suppressionFiles',
			type: 'string',
			default: '',
			placeholder: 'e.g. bounces.csv, complaints',
			description:
				'Names of files, or parts of them, between commas: all addresses in them have opted out, whatever their columns say',
		},
		{
			displayName: 'Words for Subscribed',
			name: 'subscribedWords',
			type: 'string',
			default: '',
			placeholder: 'e.g. active, VIP',
			description:
				'Words of a status column that mean consent in your files, between commas. Words that are not known are no consent otherwise; words that forbid mail always do.',
		},
	],
};

export const readContactExportProperties: INodeProperties[] = [
	{
		displayName: 'Input Binary Fields',
		name: 'binaryFields',
		type: 'string',
		default: '',
		placeholder: 'e.g. data, suppression_list',
		hint: 'All files that belong together, in one run: the one with the opt-outs too',
		description: 'Names of the fields that hold files, between commas. Empty: all files of all items.',
	},
	options,
];

/** What the editor says beside the parameters before anything runs. */
export const readContactExportHints: NodeHint[] = [
	{
		message: '<b>All contacts without a status count as subscribed.</b> That is for you to answer for.',
		type: 'warning',
		location: 'ndv',
		whenToDisplay: 'always',
		displayCondition: '={{ $parameter["options"]["withoutStatus"] === "subscribed" }}',
	},
];
