import type { INodeCredentialDescription, INodeProperties } from 'n8n-workflow';
import { salesforceAuthenticationField, salesforceCredentials } from '../shared/credentials/salesforceAuthentication';
import { fieldSelectionFields } from '../shared/records/fieldSelection';
import { convertedLeadsOption, objectField, SCOPE_KINDS, scopeFields } from '../shared/records/salesforceScopeFields';
import { forQuotaPause, quotaPauseFields, quotaPauseOptions } from '../shared/quota/quotaPauseFields';
import {
	acknowledgedOption,
	growingBatchSizeOption,
	consentField,
	credentialsPlace,
	dailyReserveOption,
	firstSyncField,
	lookbackOption,
	syncAgainOption,
} from '../shared/trigger/fields';

const scope: INodeProperties = {
	displayName: 'Which Records',
	name: 'scope',
	type: 'options',
	noDataExpression: true,
	options: SCOPE_KINDS,
	default: 'all',
	description: 'Which records are followed. One that no longer belongs to it is passed on as having left.',
};

const fieldsToRead = fieldSelectionFields({
	noun: 'Field',
	selection: 'fieldSelection',
	picked: 'fields',
	loadOptionsMethod: 'getReadableFields',
	loadOptionsDependsOn: ['object'],
	node: 'trigger',
	description: 'Which fields of a record are read',
});

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
		growingBatchSizeOption,
		convertedLeadsOption,
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

/** A constant of its own: the rules of n8n's scanner cannot read a list that is spread within the class. */
export const salesforceContactTriggerCredentials: INodeCredentialDescription[] = [
	...salesforceCredentials,
	{ name: 'contactSyncN8nApi', required: true, displayOptions: forQuotaPause },
];

export const salesforceContactTriggerProperties: INodeProperties[] = [
	credentialsPlace,
	salesforceAuthenticationField('Authentication'),
	objectField('Which records are followed. For both, use two triggers: any number may share one account.'),
	scope,
	...scopeFields((kind) => ({ scope: [kind] }), 'followed'),
	consentField('the contacts or leads it passes on'),
	firstSync,
	...fieldsToRead,
	...quotaPauseFields,
	options,
];
