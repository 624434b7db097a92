import type { IPollFunctions } from 'n8n-workflow';
import type { ListSourceSettings } from '../../clients/hubspot/source/listChangeSource';
import type { Result } from '../../core/result';
import { ok } from '../../core/result';
import type { FieldsToRead } from '../shared/trigger/fieldsToRead';
import { fieldsToRead } from '../shared/trigger/fieldsToRead';
import type { CommonSettings } from '../shared/trigger/settings';
import { chosenId, consentGiven, invalid, readCommonSettings } from '../shared/trigger/settings';

/** Read when nothing else is known: what most destinations take. */
export const COMMON_PROPERTIES: readonly string[] = [
	'email',
	'firstname',
	'lastname',
	'phone',
	'mobilephone',
	'company',
	'jobtitle',
	'address',
	'zip',
	'city',
	'state',
	'country',
	'website',
	'lifecyclestage',
];

/** What a person set, checked. */
export type TriggerSettings = Pick<ListSourceSettings, 'listId' | 'activeListsOnly' | 'settleMs'> &
	CommonSettings &
	FieldsToRead;

/** Reads and checks the parameters; the message names the one to change. */
export function readSettings(context: IPollFunctions): Result<TriggerSettings> {
	const consent = consentGiven(context);
	if (consent.kind !== 'ok') return consent;
	const listId = chosenId(context, 'list');
	if (listId === '') return { kind: 'stop', code: 'NO_LIST_SELECTED', reason: "No list is selected in 'List'" };
	if (!/^\d+$/.test(listId)) return invalid("'List' must be the ID of a list, a whole number");
	const common = readCommonSettings(context, { lookbackMinutes: 2 });
	if (common.kind !== 'ok') return common;
	const fields = fieldsToRead(context, {
		source: 'hubSpot',
		selection: 'propertySelection',
		picked: 'properties',
		pickedLabel: 'Property Names or IDs',
		common: COMMON_PROPERTIES,
		isName: (text) => /^\w+$/.test(text),
	});
	if (fields.kind !== 'ok') return fields;
	const activeListsOnly = context.getNodeParameter('options.activeListsOnly', false) === true;
	const settleMs = Number(context.getNodeParameter('options.settleSeconds', 0)) * 1_000;
	if (!(settleMs >= 0 && settleMs <= common.value.lookbackMs))
		return invalid("'Hold Changes Back' must be a number of seconds, at most as long as 'Lookback'");
	return ok({ listId, activeListsOnly, settleMs, ...common.value, ...fields.value });
}
