import type { INodeExecutionData, INodeType, INodeTypeDescription, IPollFunctions } from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';
import { pollContacts } from '../shared/trigger/pollContacts';
import { getContactProperties, searchLists } from '../shared/records/hubSpotPickers';
import { searchTimeZones } from '../shared/n8n/timeZoneField';
import { consentHint } from '../shared/trigger/fields';
import { triggerPanel } from '../shared/trigger/triggerPanel';
import { hubSpotListTriggerCredentials, hubSpotListTriggerProperties } from './description';
import { openSource } from './openSource';

export class HubSpotListTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'HubSpot List Trigger',
		name: 'hubSpotListTrigger',
		icon: { light: 'file:hubSpotListTrigger.svg', dark: 'file:hubSpotListTrigger.dark.svg' },
		group: ['trigger'],
		version: 1,
		// Of what is picked, n8n's expressions have the value and not the name.
		subtitle: '={{ $parameter["list"] ? "List " + $parameter["list"] : "" }}',
		description: 'Starts the workflow with the contacts that join a HubSpot list, change in it or leave it',
		defaults: { name: 'HubSpot List Trigger' },
		polling: true,
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: hubSpotListTriggerCredentials,
		activationMessage:
			'The members of the list are now passed on in batches, and from then on every change. Each batch shows up as an execution.',
		triggerPanel: triggerPanel('contacts'),
		hints: [consentHint('the contacts of this list')],
		properties: hubSpotListTriggerProperties,
	};

	methods = { listSearch: { searchLists, searchTimeZones }, loadOptions: { getContactProperties } };

	async poll(this: IPollFunctions): Promise<INodeExecutionData[][] | null> {
		return await pollContacts(this, { open: openSource, noContact: NO_CONTACT });
	}
}

const NO_CONTACT = {
	message: "The list in 'List' has no members yet",
	description:
		'Add a contact to the list in HubSpot, or pick another list, and fetch again. An active workflow waits for members by itself.',
};
