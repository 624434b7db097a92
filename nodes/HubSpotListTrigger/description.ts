import type { INodeCredentialDescription, INodeProperties } from 'n8n-workflow';
import { hubSpotAuthenticationField, hubSpotCredentials } from '../shared/credentials/hubSpotAuthentication';
import { fieldSelectionFields } from '../shared/records/fieldSelection';
import { listField } from '../shared/records/hubSpotList';
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

const list = listField('The contact list whose members are followed. HubSpot also calls lists segments.');

const propertiesToRead = fieldSelectionFields({
	noun: 'Property',
	selection: 'propertySelection',
	picked: 'properties',
	loadOptionsMethod: 'getContactProperties',
	node: 'trigger',
	description:
		'Which properties of a contact are read. A member is passed on again only when one of them changes, or the opt-out.',
});

const firstSync = firstSyncField({
	all: { name: 'All Existing Members', description: 'Pass on every contact in the list, then every change' },
	fromNow: 'Pass on only contacts that join, change or leave after the workflow is published',
	description: 'What happens when the workflow is published for the first time, or after another list was picked',
});

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
		growingBatchSizeOption,
		dailyReserveOption("the account's daily HubSpot calls"),
		{
			displayName: 'Hold Changes Back (Seconds)',
			name: 'settleSeconds',
			type: 'number',
			typeOptions: { minValue: 0 },
			default: 60,
			description:
				'How long a changed contact is held back, so that HubSpot has worked out by then whether it is still in an active list. Needed where the list decides which contacts may be synced. Opt-outs never wait; at most as long as the lookback.',
		},
		lookbackOption(2, 'HubSpot needs some time until changes can be found'),
		{
			displayName: 'Members That Came Back',
			name: 'returningMembers',
			type: 'boolean',
			default: false,
			description:
				'Whether a contact that left the list, and was back before the trigger looked, is passed on as <code>added</code> again. Turn it on where another workflow writes to contacts only while they are in the list, because that one may have held something back meanwhile.',
		},
		{
			displayName: 'Opt-Outs of the Whole Account',
			name: 'accountOptOuts',
			type: 'boolean',
			default: true,
			description:
				'Whether to pass on the opt-outs of contacts that were never in the list, too. Of those nothing but the opt-out is written, and none is created.',
		},
		...quotaPauseOptions,
		syncAgainOption,
		acknowledgedOption,
	],
};

/** A constant of its own: the rules of n8n's scanner cannot read a list that is spread within the class. */
export const hubSpotListTriggerCredentials: INodeCredentialDescription[] = [
	...hubSpotCredentials,
	{ name: 'contactSyncN8nApi', required: true, displayOptions: forQuotaPause },
];

export const hubSpotListTriggerProperties: INodeProperties[] = [
	credentialsPlace,
	hubSpotAuthenticationField('Authentication'),
	list,
	consentField('the contacts of this list'),
	firstSync,
	...propertiesToRead,
	...quotaPauseFields,
	options,
];
