import type { IPollFunctions } from 'n8n-workflow';
import type { ContactSourceSettings } from '../../clients/brevo/source/contactChangeSource';
import type { Result } from '../../core/result';
import { ok } from '../../core/result';
import { pollParameters } from '../shared/n8n/parameters';
import { brevoFieldsToRead, readBrevoLists } from '../shared/records/brevoLists';
import type { FieldsToRead } from '../shared/trigger/fieldsToRead';
import type { CommonSettings } from '../shared/trigger/settings';
import { consentGiven, readCommonSettings } from '../shared/trigger/settings';

/** What is not documented about how late Brevo shows a change is made up for by this. */
const LOOKBACK_MINUTES = 10;

/** What a person set, checked. */
export type TriggerSettings = Pick<ContactSourceSettings, 'listIds' | 'changes' | 'listUnsubscribes'> &
	Omit<CommonSettings, 'dailyReservePercent'> &
	FieldsToRead;

/** Reads and checks the parameters; the message names the one to change. */
export function readSettings(context: IPollFunctions): Result<TriggerSettings> {
	const consent = consentGiven(context);
	if (consent.kind !== 'ok') return consent;
	const read = pollParameters(context);
	const lists = read('scope', 'all') === 'lists' ? readBrevoLists(read('lists', [])) : ok([]);
	if (lists.kind !== 'ok') return lists;
	const common = readCommonSettings(context, { lookbackMinutes: LOOKBACK_MINUTES });
	if (common.kind !== 'ok') return common;
	const fields = brevoFieldsToRead(context, read);
	if (fields.kind !== 'ok') return fields;
	const { firstSync, batchSize, lookbackMs } = common.value;
	return ok({
		listIds: lists.value,
		changes: read('changes', 'all') === 'optOuts' ? 'optOuts' : 'all',
		listUnsubscribes: read('listUnsubscribes', 'leave') === 'optOut' ? 'optOut' : 'leave',
		firstSync,
		batchSize,
		lookbackMs,
		...fields.value,
	});
}
