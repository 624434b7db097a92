import type { IPollFunctions } from 'n8n-workflow';
import { OPT_OUT_PROPERTY } from '../../clients/hubspot/api/propertyNames';
import { withOptOuts, withRequired } from '../../clients/hubspot/source/requireProperties';
import { recentProperties } from '../../clients/hubspot/api/cachedDefinitions';
import { ListChangeSource } from '../../clients/hubspot/source/listChangeSource';
import type { ListCursor } from '../../clients/hubspot/source/listCursor';
import { plainNumber } from '../../core/plainNumber';
import type { Result } from '../../core/result';
import { ok } from '../../core/result';
import { hubSpotCredentialType } from '../shared/credentials/hubSpotAuthentication';
import { openHubSpot } from '../shared/vendors/openHubSpot';
import { pollLog } from '../shared/trigger/n8nPoll';
import type { OpenSource } from '../shared/trigger/pollContacts';
import { optOutsAreIgnored } from '../shared/records/optOutsIgnored';
import type { ListSourceSettings } from '../../clients/hubspot/source/listChangeSource';
import { pollParameters, readSwitch } from '../shared/n8n/parameters';
import { hubSpotFieldsToRead, readListId } from '../shared/records/hubSpotList';
import type { FieldsToRead } from '../shared/trigger/fieldsToRead';
import type { CommonSettings } from '../shared/trigger/settings';
import { consentGiven, invalid, readCommonSettings } from '../shared/trigger/settings';

/** The source for what a person set, with the chosen credential; a failure where a setting is wrong. */
export async function openSource(context: IPollFunctions, deadline: number): Promise<Result<OpenSource<ListCursor>>> {
	const settings = readSettings(context);
	if (settings.kind !== 'ok') return settings;
	const opened = await openHubSpot(
		context,
		hubSpotCredentialType(context.getNodeParameter('authentication', 'accessToken')),
		{ deadline },
	);
	if (opened.kind !== 'ok') return opened;
	const { client, account, clock } = opened.value;
	const { required, requiredBy, ...following } = settings.value;
	// Properties of the account; a failure when one that was chosen is not among them.
	const ignoresOptOuts = optOutsAreIgnored(context);
	const wanted = ignoresOptOuts ? required : [...required, OPT_OUT_PROPERTY];
	const definitions = async () => {
		const read = await recentProperties(client, account, clock, wanted);
		return withRequired(ignoresOptOuts ? read : withOptOuts(read), required, requiredBy);
	};
	return ok({
		source: new ListChangeSource(
			client,
			{ ...following, credential: account, definitions, ignoresOptOuts, log: pollLog(context) },
			clock,
		),
		check: definitions,
	});
}

/** What a person set, checked. */
type TriggerSettings = Pick<
	ListSourceSettings,
	'listId' | 'activeListsOnly' | 'settleMs' | 'accountOptOuts' | 'returningMembers'
> &
	CommonSettings &
	FieldsToRead;

/** Reads and checks the parameters; the message names the one to change. */
function readSettings(context: IPollFunctions): Result<TriggerSettings> {
	const consent = consentGiven(context);
	if (consent.kind !== 'ok') return consent;
	const read = pollParameters(context);
	const listId = readListId(read);
	if (listId.kind !== 'ok') return listId;
	const common = readCommonSettings(context, { lookbackMinutes: 2 });
	if (common.kind !== 'ok') return common;
	const fields = hubSpotFieldsToRead(context, read);
	if (fields.kind !== 'ok') return fields;
	const activeListsOnly = readSwitch(context.getNodeParameter('options.activeListsOnly', false), 'Active Lists Only');
	if (activeListsOnly.kind !== 'ok') return activeListsOnly;
	const settleMs = (plainNumber(context.getNodeParameter('options.settleSeconds', 0)) ?? NaN) * 1_000;
	if (!(settleMs >= 0 && settleMs <= common.value.lookbackMs))
		return invalid("'Hold Changes Back' must be a number of seconds, at most as long as 'Lookback'");
	const accountOptOuts = readSwitch(
		context.getNodeParameter('options.accountOptOuts', false),
		'Opt-Outs of the Whole Account',
	);
	if (accountOptOuts.kind !== 'ok') return accountOptOuts;
	const returningMembers = readSwitch(
		context.getNodeParameter('options.returningMembers', false),
		'Members That Came Back',
	);
	if (returningMembers.kind !== 'ok') return returningMembers;
	return ok({
		listId: listId.value,
		activeListsOnly: activeListsOnly.value,
		settleMs,
		accountOptOuts: accountOptOuts.value,
		returningMembers: returningMembers.value,
		...common.value,
		...fields.value,
	});
}
