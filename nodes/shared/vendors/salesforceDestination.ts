import { recentObject } from '../../../clients/salesforce/api/cachedDefinitions';
import { salesforceWriting } from '../../../clients/salesforce/api/firstSyncCost';
import type { SalesforceObjectName } from '../../../clients/salesforce/api/types';
import { isSalesforceId } from '../../../clients/salesforce/api/types';
import type { CampaignChoice } from '../../../clients/salesforce/destination/campaign';
import { keyFieldOf } from '../../../clients/salesforce/destination/keyField';
import { heldIds } from '../../../clients/salesforce/destination/lookup/keysOnCampaign';
import type { SalesforceDestinationOptions } from '../../../clients/salesforce/destination/openDestination';
import { openSalesforceDestination } from '../../../clients/salesforce/destination/openDestination';
import { checkSalesforceSetUp } from '../../../clients/salesforce/destination/setUp/checkSetUp';
import { toDestinationFields } from '../../../clients/salesforce/destination/toDestinationFields';
import { isRecord, textOf } from '../../../core/json';
import type { Result } from '../../../core/result';
import { ok } from '../../../core/result';
import { problem } from '../../../core/setUpFinding';
import { toWriteMode } from '../../../core/upsert/plan/heldBack';
import { salesforceCredentials, salesforceCredentialType } from '../credentials/salesforceAuthentication';
import type { NodeContext } from '../n8n/n8nHttp';
import type { DestinationKind, DestinationSystem, PickedList } from './destinationSystem';
import { openSalesforce } from './openSalesforce';

export const SALESFORCE: DestinationKind = {
	label: 'Salesforce',
	fieldNoun: 'field',
	listNoun: 'campaign',
	needsList: false,
	bothWays: true,
	identifiers: [{ field: 'Email', label: 'Email' }],
	credentials: salesforceCredentials,
};

/** Salesforce with the credential of the running node. */
export function salesforceDestination(context: NodeContext, parameter: (name: string) => unknown): DestinationSystem {
	const credentialType = salesforceCredentialType(parameter('salesforceAuthentication'));
	const object: SalesforceObjectName = parameter('destinationObject') === 'Lead' ? 'Lead' : 'Contact';
	const open = async (signal?: AbortSignal) => await openSalesforce(context, credentialType, { signal });
	return {
		...SALESFORCE,
		credentialType,
		checkPickedList: (list) => {
			const choice = toCampaignChoice(list);
			return choice.kind === 'ok' ? ok(list) : choice;
		},
		async fields(wanted) {
			const salesforce = await open();
			if (salesforce.kind !== 'ok') return salesforce;
			const { client, account, clock } = salesforce.value;
			const described = await recentObject(client, account, object, clock, wanted);
			return described.kind === 'ok' ? ok(toDestinationFields(described.value)) : described;
		},
		async lists() {
			const salesforce = await open();
			const campaigns = salesforce.kind === 'ok' ? await salesforce.value.client.campaigns() : salesforce;
			return campaigns.kind === 'ok' ? ok(campaigns.value.map(({ id, name }) => ({ name, value: id }))) : campaigns;
		},
		folders: async () => await Promise.resolve(ok([])),
		async connect(signal) {
			const salesforce = await open(signal);
			if (salesforce.kind !== 'ok') return salesforce;
			const { client, account, clock } = salesforce.value;
			const chosen = readSettings(parameter);
			return ok({
				account,
				clock,
				open: async (picked, fieldNames) => {
					const campaign = picked ? toCampaignChoice(picked) : ok(undefined);
					if (campaign.kind !== 'ok') return campaign;
					const settings = { ...chosen, object, fieldNames };
					const all = campaign.value ? { ...settings, campaign: campaign.value } : settings;
					return await openSalesforceDestination(client, account, clock, all);
				},
				recordsOnList: async (campaignId, source) => {
					if (campaignId === undefined) return ok(undefined);
					const described = await recentObject(client, account, object, clock);
					if (described.kind !== 'ok') return described;
					const keyField = keyFieldOf(described.value, chosen.keyField, chosen.mode);
					if (keyField.kind !== 'ok') return keyField;
					return await heldIds(client, { object, campaignId, keyField: keyField.value?.name }, source);
				},
			});
		},
		firstSyncCost: (_filled, withCampaign) => salesforceWriting(withCampaign),
		async checkSetUp({ list, mappings }, signal) {
			const salesforce = await open(signal);
			if (salesforce.kind !== 'ok') return [problem('Salesforce API', salesforce)];
			const picked = list.kind === 'ok' ? (list.value ? toCampaignChoice(list.value) : undefined) : list;
			return await checkSalesforceSetUp(salesforce.value.client, {
				...readSettings(parameter),
				object,
				mappings,
				...(picked ? { campaign: picked } : {}),
			});
		},
	};
}

type Chosen = Omit<SalesforceDestinationOptions, 'object' | 'fieldNames' | 'campaign'>;

/** The settings that only this destination has. */
function readSettings(parameter: (name: string) => unknown): Chosen {
	const given = parameter('options');
	const options = isRecord(given) ? given : {};
	const keyField = textOf(options.keyField).trim();
	const memberStatus = textOf(options.memberStatus).trim();
	const { severalMatches } = options;
	return {
		...(keyField === '' ? {} : { keyField }),
		...(memberStatus === '' ? {} : { memberStatus }),
		severalMatches: severalMatches === 'oldest' || severalMatches === 'newest' ? severalMatches : 'none',
		convertedLeads: options.convertedLeads === 'skip' ? 'skip' : 'follow',
		saveDuplicates: options.saveDuplicates === true,
		optOuts: parameter('optOuts') === 'ignore' ? 'ignore' : 'block',
		mode: toWriteMode(parameter('mode')),
		deletes: parameter('leavers') === 'delete',
	};
}

function toCampaignChoice(picked: PickedList): Result<CampaignChoice> {
	if (!('id' in picked)) return ok({ name: picked.name, create: picked.create });
	if (isSalesforceId(picked.id)) return ok({ id: picked.id });
	return {
		kind: 'stop',
		code: 'SETTING_INVALID',
		reason: `'Campaign' must be the ID of a Salesforce campaign, 15 or 18 letters and digits, and not '${picked.id.slice(0, 50)}'`,
	};
}
