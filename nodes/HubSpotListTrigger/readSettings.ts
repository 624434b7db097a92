import type { IPollFunctions } from 'n8n-workflow';
import type { ListSourceSettings } from '../../clients/hubspot/source/listChangeSource';
import type { Result } from '../../core/result';
import { ok } from '../../core/result';
import { pollParameters } from '../shared/n8n/parameters';
import { hubSpotFieldsToRead, readListId } from '../shared/records/hubSpotList';
import type { FieldsToRead } from '../shared/trigger/fieldsToRead';
import type { CommonSettings } from '../shared/trigger/settings';
import { consentGiven, invalid, readCommonSettings } from '../shared/trigger/settings';

/** What a person set, checked. */
export type TriggerSettings = Pick<ListSourceSettings, 'listId' | 'activeListsOnly' | 'settleMs' | 'accountOptOuts'> &
	CommonSettings &
	FieldsToRead;

/** Reads and checks the parameters; the message names the one to change. */
export function readSettings(context: IPollFunctions): Result<TriggerSettings> {
	const consent = consentGiven(context);
	if (consent.kind !== 'ok') return consent;
	const read = pollParameters(context);
	const listId = readListId(read);
	if (listId.kind !== 'ok') return listId;
	const common = readCommonSettings(context, { lookbackMinutes: 2 });
	if (common.kind !== 'ok') return common;
	const fields = hubSpotFieldsToRead(context, read);
	if (fields.kind !== 'ok') return fields;
	const activeListsOnly = context.getNodeParameter('options.activeListsOnly', false) === true;
	const settleMs = Number(context.getNodeParameter('options.settleSeconds', 0)) * 1_000;
	if (!(settleMs >= 0 && settleMs <= common.value.lookbackMs))
		return invalid("'Hold Changes Back' must be a number of seconds, at most as long as 'Lookback'");
	const accountOptOuts = context.getNodeParameter('options.accountOptOuts', false) === true;
	return ok({ listId: listId.value, activeListsOnly, settleMs, accountOptOuts, ...common.value, ...fields.value });
}
