import type { INodeExecutionData, INodeType, INodeTypeDescription, IPollFunctions } from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';
import { withRequired } from '../../clients/salesforce/source/requireFields';
import { ContactChangeSource } from '../../clients/salesforce/source/contactChangeSource';
import type { ContactCursor } from '../../clients/salesforce/source/contactCursor';
import { recentObject } from '../../clients/salesforce/api/cachedDefinitions';
import type { SalesforceClient } from '../../clients/salesforce/api/salesforceClient';
import { objectWithOptOuts } from '../../clients/salesforce/source/optOuts/optOutField';
import { resolveScope } from '../../clients/salesforce/scope/scope';
import type { SalesforceObject } from '../../clients/salesforce/api/types';
import type { Result } from '../../core/result';
import { ok } from '../../core/result';
import { openSalesforce } from '../shared/vendors/openSalesforce';
import type { OpenSource } from '../shared/trigger/pollContacts';
import { pollContacts } from '../shared/trigger/pollContacts';
import {
	getConditionFields,
	getReadableFields,
	searchCampaigns,
	searchListViews,
} from '../shared/records/salesforcePickers';
import { optOutsAreIgnored } from '../shared/records/optOutsIgnored';
import { salesforceCredentialType } from '../shared/credentials/salesforceAuthentication';
import { searchTimeZones } from '../shared/n8n/timeZoneField';
import { feedsBothWays } from '../shared/trigger/dryRuns';
import { consentHint } from '../shared/trigger/fields';
import { triggerPanel } from '../shared/trigger/triggerPanel';
import { salesforceContactTriggerCredentials, salesforceContactTriggerProperties } from './description';
import type { TriggerSettings } from './readSettings';
import { readSettings } from './readSettings';

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

async function openSource(context: IPollFunctions, deadline: number): Promise<Result<OpenSource<ContactCursor>>> {
	const settings = readSettings(context);
	if (settings.kind !== 'ok') return settings;
	const opened = await openSalesforce(
		context,
		salesforceCredentialType(context.getNodeParameter('salesforceAuthentication', 'oAuth2')),
		{ deadline },
	);
	if (opened.kind !== 'ok') return opened;
	const { client, account, clock } = opened.value;
	const { required, requiredBy, ...following } = settings.value;
	// The object with its fields; a failure when one that was chosen is not among them.
	const ignoresOptOuts = optOutsAreIgnored(context);
	const describe = async (object: string, wanted: readonly string[]) =>
		await recentObject(client, account, object, clock, wanted);
	const definitions = async () => {
		const described = await objectWithOptOuts({ ...following, ignoresOptOuts }, describe, required);
		return withRequired(described, required, requiredBy);
	};
	const tellsChangedFields = feedsBothWays(context);
	const sourceSettings = { ...following, credential: account, ignoresOptOuts, tellsChangedFields, definitions };
	return ok({
		source: new ContactChangeSource(client, sourceSettings, clock),
		check: async () => await checkScope(client, settings.value, await definitions()),
	});
}

/** Whether the records to follow can be told: the list view or campaign is there, every condition fits its field. */
async function checkScope(
	client: SalesforceClient,
	{ object, scope }: TriggerSettings,
	described: Result<SalesforceObject>,
): Promise<Result<unknown>> {
	if (described.kind !== 'ok') return described;
	if (scope.kind === 'campaign') return await client.campaign(scope.id);
	return await resolveScope(client, object, scope, described.value);
}
