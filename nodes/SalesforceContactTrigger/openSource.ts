import type { IPollFunctions } from 'n8n-workflow';
import { withRequired } from '../../clients/salesforce/source/requireFields';
import { ContactChangeSource } from '../../clients/salesforce/source/contactChangeSource';
import type { ContactCursor } from '../../clients/salesforce/source/contactCursor';
import { recentObject } from '../../clients/salesforce/api/cachedDefinitions';
import type { SalesforceClient } from '../../clients/salesforce/api/salesforceClient';
import { objectWithOptOuts } from '../../clients/salesforce/source/optOuts/optOutField';
import { resolveScope } from '../../clients/salesforce/scope/scope';
import type { SalesforceObject } from '../../clients/salesforce/api/types';
import { plainNumber } from '../../core/plainNumber';
import type { Result } from '../../core/result';
import { ok } from '../../core/result';
import { openSalesforce } from '../shared/vendors/openSalesforce';
import type { OpenSource } from '../shared/trigger/pollContacts';
import { optOutsAreIgnored } from '../shared/records/optOutsIgnored';
import { salesforceCredentialType } from '../shared/credentials/salesforceAuthentication';
import { feedsBothWays } from '../shared/trigger/upsertsAfter';
import type { ContactSourceSettings } from '../../clients/salesforce/source/contactChangeSource';
import { pollParameters } from '../shared/n8n/parameters';
import { readConvertedLeads, readObject, readScope, salesforceFieldsToRead } from '../shared/records/salesforceScope';
import type { FieldsToRead } from '../shared/trigger/fieldsToRead';
import type { CommonSettings } from '../shared/trigger/settings';
import { consentGiven, invalid, readCommonSettings } from '../shared/trigger/settings';

/** The source for what a person set, with the chosen credential; a failure where a setting is wrong. */
export async function openSource(
	context: IPollFunctions,
	deadline: number,
): Promise<Result<OpenSource<ContactCursor>>> {
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

/** Late-visible rows: what n8n's own trigger and others look back. */
const LOOKBACK_MINUTES = 15;

/** What a person set, checked. */
type TriggerSettings = Pick<ContactSourceSettings, 'object' | 'scope' | 'convertedLeads'> &
	CommonSettings &
	FieldsToRead & {
		/** When more than this share of the members, in per cent, is hidden at once, none of them is emitted as having left. */
		readonly largestDropPercent: number;
	};

/** Reads and checks the parameters; the message names the one to change. */
function readSettings(context: IPollFunctions): Result<TriggerSettings> {
	const consent = consentGiven(context);
	if (consent.kind !== 'ok') return consent;
	const read = pollParameters(context);
	const object = readObject(read);
	const scope = readScope(read('scope', 'all'), read);
	if (scope.kind !== 'ok') return scope;
	const common = readCommonSettings(context, { lookbackMinutes: LOOKBACK_MINUTES });
	if (common.kind !== 'ok') return common;
	const fields = salesforceFieldsToRead(context, read, object);
	if (fields.kind !== 'ok') return fields;
	const largestDropPercent = plainNumber(context.getNodeParameter('options.largestDisappearance', 10)) ?? NaN;
	if (!(largestDropPercent >= 1 && largestDropPercent <= 100))
		return invalid("'Largest Disappearance' must lie between 1 and 100 %");
	return ok({
		object,
		scope: scope.value,
		convertedLeads: readConvertedLeads(read),
		largestDropPercent,
		...common.value,
		...fields.value,
	});
}
