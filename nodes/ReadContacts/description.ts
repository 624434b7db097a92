import type { INodeProperties } from 'n8n-workflow';
import { hubSpotAuthenticationField } from '../shared/credentials/hubSpotAuthentication';
import { salesforceAuthenticationField } from '../shared/credentials/salesforceAuthentication';
import { fieldSelectionFields } from '../shared/records/fieldSelection';
import { listField } from '../shared/records/hubSpotList';
import { convertedLeadsOption, objectField, SCOPE_KINDS, scopeFields } from '../shared/records/salesforceScopeFields';
import { credentialsPlace, dailyReserveOption } from '../shared/trigger/fields';
import { SOURCES } from '../shared/vendors/mappingSource';

const FROM_HUBSPOT = { source: ['hubSpot'] };
const FROM_SALESFORCE = { source: ['salesforce'] };
/** Where the incoming items name the contacts, for each source. */
const NAMED = [
	{ ...FROM_HUBSPOT, contacts: ['named'] },
	{ ...FROM_SALESFORCE, scope: ['named'] },
];
/** Where they do not. */
const NOT_NAMED = [
	{ show: FROM_HUBSPOT, hide: { contacts: ['named'] } },
	{ show: FROM_SALESFORCE, hide: { scope: ['named'] } },
];

const source: INodeProperties = {
	displayName: 'Source',
	name: 'source',
	type: 'options',
	noDataExpression: true,
	options: Object.entries(SOURCES).map(([value, { label }]) => ({ name: label, value })),
	default: 'hubSpot',
	description: 'Where the contacts are read',
};

/** Which contacts are read, for each source. */
const contacts: INodeProperties[] = [
	{
		displayName: 'Contacts to Read',
		name: 'contacts',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: FROM_HUBSPOT },
		options: [
			{ name: 'Members of a List', value: 'list', description: 'Every contact that is in a list now' },
			{ name: 'Named Contacts', value: 'named', description: 'The contacts that the incoming items name' },
		],
		default: 'list',
		description: 'Which contacts are read. Members are read once, however many items come in.',
	},
	{
		displayName: 'Which Records',
		name: 'scope',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: FROM_SALESFORCE },
		options: [
			...SCOPE_KINDS,
			{ name: 'Named Records', value: 'named', description: 'The records that the incoming items name' },
		].sort((a, b) => a.name.localeCompare(b.name, 'en')),
		default: 'all',
		description: 'Which records are read. Those of a scope are read once, however many items come in.',
	},
];

const names: INodeProperties[] = NAMED.flatMap((show): INodeProperties[] => [
	{
		displayName: 'Contacts Named By',
		name: 'namedBy',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show },
		options: [
			{
				name: 'The Incoming Item',
				value: 'item',
				description:
					'Of a contact item its record, where it is one of the source that is read, else its e-mail address; of any other item the field with the e-mail address, else the one with the record ID',
			},
			{ name: 'An Expression', value: 'expression', description: 'What you enter below, worked out for each item' },
		],
		default: 'item',
		description: 'How an incoming item says which contact is meant',
	},
	{
		displayName: 'Record ID, E-Mail or Key',
		name: 'contactName',
		type: 'string',
		displayOptions: { show: { ...show, namedBy: ['expression'] } },
		default: '={{ $json.email }}',
		required: true,
		description:
			'A record ID, an e-mail address, or a contact key as items carry it (system:account:object:ID). Which of them it is shows by its form.',
	},
]);

const howMany: INodeProperties[] = NOT_NAMED.flatMap((displayOptions): INodeProperties[] => [
	{
		displayName: 'Return All',
		name: 'returnAll',
		type: 'boolean',
		displayOptions,
		default: false,
		description: 'Whether to return all results or only up to a given limit',
	},
	{
		displayName: 'Limit',
		name: 'limit',
		type: 'number',
		displayOptions: { ...displayOptions, show: { ...displayOptions.show, returnAll: [false] } },
		typeOptions: { minValue: 1 },
		default: 50,
		description: 'Max number of results to return',
	},
]);

const options: INodeProperties = {
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	placeholder: 'Add option',
	default: {},
	options: [
		{
			displayName: 'Continue After',
			name: 'continueAfter',
			type: 'string',
			default: '',
			description:
				'Record ID of the last contact of the run before, to read a large account in portions: contacts come in the order of their record IDs. Named contacts are not in portions.',
		},
		{
			...convertedLeadsOption,
			displayOptions: { show: { '/source': ['salesforce'], '/object': ['Lead'], '/scope': ['named'] } },
		},
		dailyReserveOption("the account's daily calls"),
		{
			displayName: 'Only Changed Since',
			name: 'changedSince',
			type: 'dateTime',
			default: '',
			description:
				"Reads only contacts that were changed at this time or later, or joined the HubSpot list. A time without a zone is one of the workflow's time zone.",
		},
	],
};

export const readContactsProperties: INodeProperties[] = [
	source,
	credentialsPlace,
	hubSpotAuthenticationField('HubSpot Authentication', { source: ['salesforce'] }),
	salesforceAuthenticationField('Salesforce Authentication', { source: ['hubSpot'] }),
	objectField('Which records are read', FROM_SALESFORCE),
	...contacts,
	listField('The contact list whose members are read. HubSpot also calls lists segments.', {
		...FROM_HUBSPOT,
		contacts: ['list'],
	}),
	...scopeFields((kind) => ({ ...FROM_SALESFORCE, scope: [kind] }), 'read'),
	...names,
	...howMany,
	...fieldSelectionFields({
		noun: 'Property',
		selection: 'propertySelection',
		picked: 'properties',
		loadOptionsMethod: 'getContactProperties',
		node: 'node',
		description: 'Which properties of a contact are read',
		show: FROM_HUBSPOT,
	}),
	...fieldSelectionFields({
		noun: 'Field',
		selection: 'fieldSelection',
		picked: 'fields',
		loadOptionsMethod: 'getReadableFields',
		loadOptionsDependsOn: ['object'],
		node: 'node',
		description: 'Which fields of a record are read',
		show: FROM_SALESFORCE,
	}),
	options,
];
