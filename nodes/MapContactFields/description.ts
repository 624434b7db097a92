import type { INodeCredentialDescription, INodeProperties } from 'n8n-workflow';
import { phoneCountries } from '../../core/contact/phoneLibrary';
import { hubSpotAuthenticationField } from '../shared/credentials/hubSpotAuthentication';
import { salesforceAuthenticationField } from '../shared/credentials/salesforceAuthentication';
import { timeZoneOption } from '../shared/n8n/timeZoneField';
import { destinationCredentials, destinationField, destinationObjectField } from '../shared/vendors/destinationSystems';
import { MAPPING_SOURCES } from '../shared/vendors/mappingSource';
import { sourceCredentials } from '../shared/vendors/sourceSystems';

const countryNames = new Intl.DisplayNames(['en'], { type: 'region' });

/** The countries whose phone numbers are known, by their English names. */
const countryOptions = phoneCountries()
	.map((code) => ({ name: `${countryNames.of(code) ?? code} (${code})`, value: code }))
	.sort((a, b) => a.name.localeCompare(b.name, 'en'));

/** Has a value where Brevo is on one of the sides; the credential is shown by it. Told when to hide, as the other two. */
const brevoSide = (hide: NonNullable<INodeProperties['displayOptions']>['hide']): INodeProperties => ({
	displayName: 'Brevo',
	name: 'brevoSide',
	type: 'hidden',
	default: 'apiKey',
	displayOptions: { hide },
});

const systemFields: INodeProperties[] = [
	{
		displayName: 'Source',
		name: 'source',
		type: 'options',
		noDataExpression: true,
		options: Object.entries(MAPPING_SOURCES).map(([value, { label }]) => ({ name: label, value })),
		default: 'hubSpot',
		description: 'Where the contacts come from',
	},
	// A side that is not HubSpot or Salesforce hides the way to sign in; both together show it once.
	hubSpotAuthenticationField('HubSpot Authentication', { source: ['salesforce', 'brevo', 'export'] }),
	salesforceAuthenticationField('Salesforce Authentication', { source: ['hubSpot', 'brevo', 'export'] }),
	brevoSide({ source: ['hubSpot', 'salesforce', 'export'] }),
	{
		displayName: 'Columns',
		name: 'exportColumns',
		type: 'string',
		typeOptions: { rows: 3 },
		displayOptions: { show: { source: ['export'] } },
		default: 'Email Address, First Name, Last Name, Phone Number, Birthday, Tags',
		description:
			"The names of the columns to map, between commas or in lines of their own. Read Contact Export lists those of your files under 'Summary'.",
	},
	{
		displayName: 'Salesforce Object',
		name: 'salesforceObject',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { source: ['salesforce'] } },
		options: [
			{ name: 'Contact', value: 'Contact' },
			{ name: 'Lead', value: 'Lead' },
		],
		default: 'Contact',
		description: 'Which records the trigger before this node passes on',
	},
	destinationField,
	hubSpotAuthenticationField('HubSpot Authentication', { source: ['hubSpot'], destination: ['brevo', 'salesforce'] }),
	salesforceAuthenticationField('Salesforce Authentication', {
		source: ['salesforce'],
		destination: ['brevo', 'hubSpot'],
	}),
	brevoSide({ source: ['brevo'], destination: ['hubSpot', 'salesforce'] }),
	destinationObjectField,
];

/** What can be picked in `fieldsToMap`, and is picked from the start. Its name tells what can be read. */
export const FIELDS_TO_MAP = 'Read once the credentials are selected';

/**
 * There as long as the table is not, and the reason why it comes by itself: of all that n8n's editor shows, a list of this kind alone
 * looks up the name of what is picked when another credential is selected, and the table depends on that name (see
 * docs/decisions/mapping-table.md). A table with rows or values must not depend on it, for it would be emptied.
 */
const fieldsToMap: INodeProperties = {
	displayName: 'Fields to Map',
	name: 'fieldsToMap',
	type: 'resourceLocator',
	default: { mode: 'list', value: FIELDS_TO_MAP },
	displayOptions: {
		show: { '/mapping.value': [null, { _cnd: { eq: {} } } as never] },
		hide: { '/mapping.schema': [{ _cnd: { exists: true } }] },
	},
	description: 'The fields of both accounts, read for the mapping table as soon as both credentials are selected',
	modes: [
		{
			displayName: 'From List',
			name: 'list',
			type: 'list',
			typeOptions: { searchListMethod: 'searchFieldsToMap', searchable: false },
		},
	],
};

const mappingTable: INodeProperties = {
	displayName: 'Mapping',
	name: 'mapping',
	type: 'resourceMapper',
	noDataExpression: true,
	default: { mappingMode: 'defineBelow', value: null },
	description: 'One source field for each attribute of the destination; what stays empty is never synced',
	typeOptions: {
		loadOptionsDependsOn: [
			'source',
			'salesforceObject',
			'exportColumns',
			'destination',
			'destinationObject',
			'fieldsToMap.cachedResultName',
		],
		resourceMapper: {
			resourceMapperMethod: 'getMappingTable',
			mode: 'add',
			valuesLabel: 'Destination Attributes',
			fieldWords: { singular: 'attribute', plural: 'attributes' },
			addAllFields: true,
			multiKeyMatch: false,
			supportAutoMap: false,
			refreshStaleSchemaOnOpen: true,
		},
	},
};

const moreMappings: INodeProperties = {
	displayName: 'More Mappings',
	name: 'moreMappings',
	type: 'fixedCollection',
	placeholder: 'Add Mapping',
	default: {},
	typeOptions: { multipleValues: true, sortable: true },
	description:
		'Any source field for any attribute, for fields that the table does not list. An attribute mapped here ignores its row in the table.',
	options: [
		{
			displayName: 'Mapping',
			name: 'row',
			values: [
				{
					displayName: 'Destination Attribute Name or ID',
					name: 'destinationField',
					type: 'options',
					typeOptions: {
						loadOptionsMethod: 'getDestinationFields',
						loadOptionsDependsOn: ['destination', 'destinationObject'],
					},
					default: '',
					description:
						'Choose from the list, or specify an ID using an <a href="https://docs.n8n.io/code/expressions/">expression</a>',
				},
				{
					displayName: 'Source Field Name or ID',
					name: 'sourceField',
					type: 'options',
					typeOptions: {
						loadOptionsMethod: 'getSourceFields',
						loadOptionsDependsOn: ['source', 'salesforceObject', 'exportColumns'],
					},
					default: '',
					description:
						'Choose from the list, or specify an ID using an <a href="https://docs.n8n.io/code/expressions/">expression</a>',
				},
				{
					displayName: 'Empty Values',
					name: 'emptyValues',
					type: 'options',
					noDataExpression: true,
					options: [
						{ name: 'As Set for All', value: 'asSet', description: "Do what the option 'Empty Values' says" },
						{ name: 'Clear the Attribute', value: 'clear' },
						{ name: 'Leave the Attribute Alone', value: 'leave' },
					],
					default: 'asSet',
					description: 'What an empty source field does to the attribute',
				},
				{
					displayName: 'Existing Values',
					name: 'overwrite',
					type: 'options',
					noDataExpression: true,
					options: [
						{ name: 'Always Replace', value: 'always' },
						{ name: 'Fill Only If Empty', value: 'ifEmpty', description: 'The value there stays if there is one' },
						{
							name: 'Fill Only When Creating',
							value: 'onCreate',
							description: 'Contacts that exist keep what they have, empty or not',
						},
					],
					default: 'always',
					description: 'Who wins where the destination holds a value already',
				},
			],
		},
	],
};

const mappingOptions: INodeProperties = {
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	placeholder: 'Add option',
	default: {},
	options: [
		{
			displayName: 'Choices as Text',
			name: 'choicesAs',
			type: 'options',
			noDataExpression: true,
			options: [
				{ name: 'Internal Value', value: 'value', description: 'Such as marketingqualifiedlead' },
				{
					name: 'Label',
					value: 'label',
					description: 'What people see in the source, such as Marketing Qualified Lead',
				},
			],
			default: 'label',
			description: 'What is written when a choice, such as the lifecycle stage, is mapped to a text attribute',
		},
		{
			displayName: 'Default Country',
			name: 'defaultCountry',
			type: 'options',
			noDataExpression: true,
			options: [{ name: 'None', value: '' }, ...countryOptions],
			default: '',
			description: 'Country of phone numbers that begin with neither + nor 00. Without it such numbers cannot be used.',
		},
		{
			displayName: 'Edits Come Back',
			name: 'editsComeBack',
			type: 'boolean',
			default: true,
			displayOptions: { show: { '/destination': ['brevo'] } },
			description:
				'Whether another workflow carries edits made in Brevo back to this source. Then a value that did not change at the source replaces none in Brevo.',
		},
		{
			displayName: 'Empty Values',
			name: 'emptyValues',
			type: 'options',
			noDataExpression: true,
			options: [
				{
					name: 'Clear the Attribute',
					value: 'clear',
					description: 'An empty source field empties the attribute. What a contact is found by is never emptied.',
				},
				{ name: 'Leave the Attribute Alone', value: 'leave', description: 'An empty source field changes nothing' },
			],
			default: 'leave',
			description: 'What an empty source field does to the attribute it is mapped to',
		},
		{
			displayName: 'Fill Only If Empty Names or IDs',
			name: 'onlyIfEmpty',
			type: 'multiOptions',
			typeOptions: {
				loadOptionsMethod: 'getDestinationFields',
				loadOptionsDependsOn: ['destination', 'destinationObject'],
			},
			default: [],
			description:
				'Attributes whose value in the destination stays if there is one. Choose from the list, or specify IDs using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.',
		},
		{
			displayName: 'Fill Only When Creating Names or IDs',
			name: 'onlyWhenCreating',
			type: 'multiOptions',
			typeOptions: {
				loadOptionsMethod: 'getDestinationFields',
				loadOptionsDependsOn: ['destination', 'destinationObject'],
			},
			default: [],
			description:
				'Attributes that are written with new contacts only. Choose from the list, or specify IDs using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.',
		},
		timeZoneOption({
			description: 'Where instants become days and local times. Left empty, it is the time zone of the source account.',
			placeholder: 'Of the source account',
		}),
		{
			displayName: 'When a Phone Number Cannot Be Used',
			name: 'unusablePhone',
			type: 'options',
			noDataExpression: true,
			options: [
				{
					name: 'Leave the Number Out',
					value: 'leaveOut',
					description:
						"Send the contact on without the number, with a warning; put it on the output 'Excluded' only if it has no e-mail address either",
				},
				{ name: 'Skip the Contact', value: 'excludeContact', description: "Put the contact on the output 'Excluded'" },
			],
			default: 'leaveOut',
			description: 'What to do with a contact whose phone number does not have 6 to 16 digits or has no country code',
		},
	],
};

/** A constant of its own: the rules of n8n's scanner cannot read a list that is spread within the class. */
export const mapContactFieldsCredentials: INodeCredentialDescription[] = [
	...sourceCredentials,
	...destinationCredentials.filter(({ name }) => !sourceCredentials.some((known) => known.name === name)),
];

export const mapContactFieldsProperties: INodeProperties[] = [
	...systemFields,
	fieldsToMap,
	mappingTable,
	moreMappings,
	mappingOptions,
];
