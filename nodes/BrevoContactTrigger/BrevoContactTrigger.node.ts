import type { INodeExecutionData, INodeType, INodeTypeDescription, IPollFunctions } from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';
import { getBrevoAttributes, getBrevoLists } from '../shared/records/brevoLists';
import { searchTimeZones } from '../shared/n8n/timeZoneField';
import { consentHint } from '../shared/trigger/fields';
import { pollContacts } from '../shared/trigger/pollContacts';
import { triggerPanel } from '../shared/trigger/triggerPanel';
import { brevoContactTriggerCredentials, brevoContactTriggerProperties } from './description';
import { openSource } from './openSource';

const SUBTITLE = `={{ ($parameter["changes"] === "optOuts" ? "Opt-Outs" : "Contacts") + ($parameter["scope"] === "lists" ? " of Lists" : "") }}`;

export class BrevoContactTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Brevo Contact Trigger',
		name: 'brevoContactTrigger',
		icon: { light: 'file:brevoContactTrigger.svg', dark: 'file:brevoContactTrigger.dark.svg' },
		group: ['trigger'],
		version: 1,
		subtitle: SUBTITLE,
		description: 'Starts the workflow with Brevo contacts that are new, change, opt out, leave or are deleted',
		defaults: { name: 'Brevo Contact Trigger' },
		polling: true,
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: brevoContactTriggerCredentials,
		activationMessage:
			'The contacts are now passed on in batches, and from then on every change. Each batch shows up as an execution.',
		triggerPanel: triggerPanel('contacts'),
		hints: [consentHint('the contacts it passes on')],
		properties: brevoContactTriggerProperties,
	};

	methods = {
		listSearch: { searchTimeZones },
		loadOptions: { getBrevoLists, getBrevoAttributes },
	};

	async poll(this: IPollFunctions): Promise<INodeExecutionData[][] | null> {
		return await pollContacts(this, { open: openSource, noContact: NO_CONTACT });
	}
}

const NO_CONTACT = {
	message: "No contact meets 'Which Contacts' and 'What to Pass On' yet",
	description: 'Look at the contacts in Brevo, or choose others. An active workflow waits for them by itself.',
};
