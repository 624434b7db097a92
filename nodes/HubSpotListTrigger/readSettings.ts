import type { IPollFunctions } from 'n8n-workflow';
import type { ListSourceSettings } from '../../clients/hubspot/listChangeSource';
import type { Failure, Result } from '../../core/result';
import { ok } from '../../core/result';
import { fieldsToRead } from './fieldsToRead';

/** What a person set, checked. */
export type TriggerSettings = Pick<
	ListSourceSettings,
	'listId' | 'fields' | 'activeListsOnly' | 'firstSync' | 'batchSize' | 'lookbackMs' | 'dailyReservePercent'
> & {
	/** Properties that have to exist, and where they were chosen. */
	readonly required: readonly string[];
	readonly requiredBy: string;
};

/** Whether the cursor waits for the runs it starts. */
export const isAcknowledged = (context: IPollFunctions): boolean =>
	context.getNodeParameter('options.acknowledged', true) !== false;

/** Reads and checks the parameters; the message names the one to change. */
export function readSettings(context: IPollFunctions): Result<TriggerSettings> {
	if (context.getNodeParameter('consentConfirmed', false) !== true) {
		return {
			kind: 'stop',
			code: 'CONSENT_NOT_CONFIRMED',
			reason: "'Confirm Consent' is off: a list may only be synced when its contacts agreed to be contacted",
		};
	}
	const list: unknown = context.getNodeParameter('list', '', { extractValue: true });
	const listId = typeof list === 'string' || typeof list === 'number' ? String(list).trim() : '';
	if (listId === '') return { kind: 'stop', code: 'NO_LIST_SELECTED', reason: "No list is selected in 'List'" };
	if (!/^\d+$/.test(listId)) return invalid("'List' must be the ID of a list, a whole number");
	const batchSize = numberOf(context, 'batchSize', 1_000);
	if (!(batchSize >= 1 && batchSize <= 5_000)) return invalid("'Batch Size' must lie between 1 and 5,000");
	const lookbackMinutes = numberOf(context, 'lookbackMinutes', 2);
	if (!(lookbackMinutes >= 0 && lookbackMinutes <= 1_440))
		return invalid("'Lookback' must lie between 0 and 1,440 minutes");
	const dailyReservePercent = numberOf(context, 'dailyReserve', 10);
	if (!(dailyReservePercent >= 0 && dailyReservePercent <= 90))
		return invalid("'Daily Call Reserve' must lie between 0 and 90 %");
	const { fields, required, chosenBy } = fieldsToRead(context);
	if (fields.length === 0) return invalid("'Property Names or IDs' is empty: pick at least one property");
	if (chosenBy === 'default') {
		context.logger.debug('No mapped properties were found after this trigger; the common ones are read', {
			node: context.getNode().name,
		});
	}
	return ok({
		listId,
		fields,
		required,
		requiredBy: chosenBy === 'person' ? "'Property Names or IDs'" : 'Map Contact Fields',
		activeListsOnly: context.getNodeParameter('options.activeListsOnly', false) === true,
		firstSync: context.getNodeParameter('firstSync', 'all') === 'fromNow' ? 'fromNow' : 'all',
		batchSize: Math.floor(batchSize),
		lookbackMs: lookbackMinutes * 60_000,
		dailyReservePercent,
	});
}

const numberOf = (context: IPollFunctions, name: string, fallback: number): number =>
	Number(context.getNodeParameter(`options.${name}`, fallback));

const invalid = (reason: string): Failure => ({ kind: 'stop', code: 'SETTING_INVALID', reason });
