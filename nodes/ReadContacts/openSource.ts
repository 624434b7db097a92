import type { IExecuteFunctions } from 'n8n-workflow';
import { recentAccount, recentProperties } from '../../clients/hubspot/api/cachedDefinitions';
import { OPT_OUT_PROPERTY } from '../../clients/hubspot/api/propertyNames';
import { readListMembers } from '../../clients/hubspot/source/onDemand/readListMembers';
import { readNamedContacts } from '../../clients/hubspot/source/onDemand/readNamedContacts';
import {
	withOptOuts as withHubSpotOptOuts,
	withRequired as withRequiredProperties,
} from '../../clients/hubspot/source/requireProperties';
import { recentObject, recentOrganisation } from '../../clients/salesforce/api/cachedDefinitions';
import { readNamedRecords } from '../../clients/salesforce/source/onDemand/readNamedRecords';
import { readScopeRecords } from '../../clients/salesforce/source/onDemand/readScopeRecords';
import { objectWithOptOuts } from '../../clients/salesforce/source/optOuts/optOutField';
import { withRequired as withRequiredFields } from '../../clients/salesforce/source/requireFields';
import type { OnDemandSource } from '../../core/contact/readOnDemand';
import type { Result } from '../../core/result';
import { ok } from '../../core/result';
import { hubSpotCredentialType } from '../shared/credentials/hubSpotAuthentication';
import { salesforceCredentialType } from '../shared/credentials/salesforceAuthentication';
import { optOutsAreIgnored } from '../shared/records/optOutsIgnored';
import { openHubSpot } from '../shared/vendors/openHubSpot';
import { openSalesforce } from '../shared/vendors/openSalesforce';
import type { HubSpotSettings, NodeSettings, SalesforceSettings } from './settings';

/** The account that the settings name. Its calls end once the execution is cancelled. */
export const openSource = async (
	context: IExecuteFunctions,
	settings: NodeSettings,
): Promise<Result<OnDemandSource>> =>
	settings.source === 'salesforce' ? await openOrganisation(context, settings) : await openPortal(context, settings);

async function openPortal(
	context: IExecuteFunctions,
	{ listId = '', fields, required, requiredBy, dailyReservePercent }: HubSpotSettings,
): Promise<Result<OnDemandSource>> {
	const credentialType = hubSpotCredentialType(context.getNodeParameter('authentication', 0, 'accessToken'));
	const opened = await openHubSpot(context, credentialType, { signal: context.getExecutionCancelSignal() });
	if (opened.kind !== 'ok') return opened;
	const { client, account, clock } = opened.value;
	const portal = await recentAccount(client, account, clock);
	if (portal.kind !== 'ok') return portal;
	const { portalId } = portal.value;
	const ignoresOptOuts = optOutsAreIgnored(context);
	const definitions = async () => {
		const wanted = ignoresOptOuts ? required : [...required, OPT_OUT_PROPERTY];
		const read = await recentProperties(client, account, clock, wanted);
		return withRequiredProperties(ignoresOptOuts ? read : withHubSpotOptOuts(read), required, requiredBy);
	};
	const reading = { client, clock, portalId, fields, dailyReservePercent, definitions, ignoresOptOuts };
	return ok({
		account: portalId,
		readRange: async (range) => await readListMembers(reading, listId, range),
		readNamed: async (names) => await readNamedContacts(reading, names),
	});
}

async function openOrganisation(
	context: IExecuteFunctions,
	{ object, scope, fields, required, requiredBy, convertedLeads, dailyReservePercent }: SalesforceSettings,
): Promise<Result<OnDemandSource>> {
	const credentialType = salesforceCredentialType(context.getNodeParameter('salesforceAuthentication', 0, 'oAuth2'));
	const opened = await openSalesforce(context, credentialType, { signal: context.getExecutionCancelSignal() });
	if (opened.kind !== 'ok') return opened;
	const { client, account: credential, clock } = opened.value;
	const organisation = await recentOrganisation(client, credential, clock);
	if (organisation.kind !== 'ok') return organisation;
	const { id: account } = organisation.value;
	const ignoresOptOuts = optOutsAreIgnored(context);
	const describe = async (name: string, wanted: readonly string[]) =>
		await recentObject(client, credential, name, clock, wanted);
	const optOuts = { object, convertedLeads, ignoresOptOuts };
	const definitions = async () =>
		withRequiredFields(await objectWithOptOuts(optOuts, describe, required), required, requiredBy);
	const reading = { client, clock, account, credential, fields, dailyReservePercent, definitions, ...optOuts };
	return ok({
		account,
		readRange: async (range) => await readScopeRecords(reading, scope, range),
		readNamed: async (names) => await readNamedRecords(reading, names),
	});
}
