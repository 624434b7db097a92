import type { INodeExecutionData, INodeType, INodeTypeDescription, IPollFunctions } from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';
import { recentAttributes } from '../../clients/brevo/api/cachedDefinitions';
import { checkLists } from '../../clients/brevo/source/checkLists';
import { ContactChangeSource } from '../../clients/brevo/source/contactChangeSource';
import type { ContactCursor } from '../../clients/brevo/source/contactCursor';
import { withRequired } from '../../clients/brevo/source/toSourceFields';
import type { Result } from '../../core/result';
import { ok } from '../../core/result';
import { getBrevoAttributes, getBrevoLists } from '../shared/records/brevoLists';
import { searchTimeZones } from '../shared/n8n/timeZoneField';
import { consentHint } from '../shared/trigger/fields';
import type { OpenSource } from '../shared/trigger/pollContacts';
import { pollContacts } from '../shared/trigger/pollContacts';
import { triggerPanel } from '../shared/trigger/triggerPanel';
import { openBrevo } from '../shared/vendors/openBrevo';
import { brevoContactTriggerCredentials, brevoContactTriggerProperties } from './description';
import { readSettings } from './readSettings';

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

async function openSource(context: IPollFunctions, deadline: number): Promise<Result<OpenSource<ContactCursor>>> {
	const settings = readSettings(context);
	if (settings.kind !== 'ok') return settings;
	const opened = await openBrevo(context, { deadline });
	if (opened.kind !== 'ok') return opened;
	const { client, account, clock } = opened.value;
	const { required, requiredBy, ...following } = settings.value;
	// The attributes of the account; a failure when one that was chosen is not among them.
	const definitions = async () =>
		withRequired(await recentAttributes(client, account, clock, required), required, requiredBy);
	return ok({
		source: new ContactChangeSource(client, { ...following, credential: account, definitions }, clock),
		check: async () => {
			const lists = await checkLists(client, following.listIds);
			return lists.kind === 'ok' ? await definitions() : lists;
		},
	});
}
