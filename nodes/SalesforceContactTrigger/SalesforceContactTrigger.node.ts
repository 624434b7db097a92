import type { INodeExecutionData, INodeType, INodeTypeDescription, IPollFunctions } from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';
import { pollContacts } from '../shared/trigger/pollContacts';
import {
	getConditionFields,
	getReadableFields,
	searchCampaigns,
	searchListViews,
} from '../shared/records/salesforcePickers';
import { searchTimeZones } from '../shared/n8n/timeZoneField';
import { consentHint } from '../shared/trigger/fields';
import { triggerPanel } from '../shared/trigger/triggerPanel';
import { salesforceContactTriggerCredentials, salesforceContactTriggerProperties } from './description';
import { openSource } from './openSource';

const SUBTITLE = `={{ $parameter["object"] + "s" + ({
	listView: " in a List View",
	campaign: " in a Campaign",
	conditions: " That Meet Conditions",
}[$parameter["scope"]] ?? "") }}`;

export class SalesforceContactTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Salesforce Contact Trigger',
		name: 'salesforceContactTrigger',
		icon: { light: 'file:salesforceContactTrigger.svg', dark: 'file:salesforceContactTrigger.dark.svg' },
		group: ['trigger'],
		version: 1,
		subtitle: SUBTITLE,
		description: 'Starts the workflow with Salesforce contacts or leads that are new, change, or leave',
		defaults: { name: 'Salesforce Contact Trigger' },
		polling: true,
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: salesforceContactTriggerCredentials,
		activationMessage:
			'The contacts or leads are now passed on in batches, and from then on every change. Each batch shows up as an execution.',
		triggerPanel: triggerPanel('contacts or leads'),
		hints: [consentHint('the contacts or leads it passes on')],
		properties: salesforceContactTriggerProperties,
	};

	methods = {
		listSearch: { searchListViews, searchCampaigns, searchTimeZones },
		loadOptions: { getConditionFields, getReadableFields },
	};

	async poll(this: IPollFunctions): Promise<INodeExecutionData[][] | null> {
		return await pollContacts(this, { open: openSource, noContact: NO_CONTACT });
	}
}

const NO_CONTACT = {
	message: "No record meets 'Which Records' yet",
	description:
		'Look at the records in Salesforce as the user of the credential, who may see fewer than you do, or choose others. An active workflow waits for them by itself.',
};
