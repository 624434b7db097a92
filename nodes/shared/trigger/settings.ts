import type { IPollFunctions } from 'n8n-workflow';
import type { BatchSizes } from '../../../core/polling/batches/batchPace';
import type { Failure, Result } from '../../../core/result';
import { ok } from '../../../core/result';
import { nodesAfter } from '../n8n/workflow/nodesAfter';
import { QUOTA_NODE } from '../n8n/workflow/ourNodes';
import { plainNumber } from '../../../core/plainNumber';
import type { ParameterReader } from '../n8n/parameters';
import { pollParameters, readSwitch } from '../n8n/parameters';

/** What a person set in any trigger, checked. */
export interface CommonSettings {
	readonly firstSync: 'all' | 'fromNow';
	/** Most contacts of one batch. */
	readonly batchSize: number;
	readonly lookbackMs: number;
	/** HB-28: share of the day's calls left to others, in per cent. */
	readonly dailyReservePercent: number;
}

/** Contacts of a batch to begin with, and the most that 'Batch Size' may be set to. */
const BATCH_SIZE = 1_000;
const LARGEST_BATCH = 5_000;
/** Ours but those that call a vendor for each contact, and n8n's that only sort, shape or keep what they get. */
const QUICK_NODE =
	/\.(mapContactFields|contactListUpsert|syncHealth|filter|if|switch|merge|set|renameKeys|sort|limit|removeDuplicates|aggregate|summarize|noOp|html|dataTable|stopAndError)$/;

/**
 * How large batches are:
 *
 * | | first | most | after a failed run |
 * | --- | --- | --- | --- |
 * | 'Batch Size' is set | as set | as set | as set |
 * | a Quota Guard follows | 1,000 | 1,000 | 1,000 |
 * | only quick nodes follow | 5,000 | 5,000 | 1,000 |
 * | others | 1,000 | 5,000 | 1,000 |
 *
 * Before a Quota Guard they do not grow: one that is delivered again must not be smaller than what was counted for it.
 */
export function batchSizes(context: IPollFunctions): BatchSizes {
	const set = context.getNodeParameter('options.batchSize', null);
	if (set !== null) return { first: wholeNumber(set), most: wholeNumber(set) };
	const after = nodesAfter(context, /./);
	if (after.some(({ type }) => QUOTA_NODE.test(type))) return { first: BATCH_SIZE, most: BATCH_SIZE };
	const areQuick = after.every(({ type }) => QUICK_NODE.test(type));
	return { first: areQuick ? LARGEST_BATCH : BATCH_SIZE, most: LARGEST_BATCH, afterFailure: BATCH_SIZE };
}

/** HB-07, SB-07: nothing is synced before a person confirms that the contacts agreed. */
export function consentGiven(context: IPollFunctions): Result<true> {
	if (context.getNodeParameter('consentConfirmed', false) === true) return ok(true);
	return {
		kind: 'stop',
		code: 'CONSENT_NOT_CONFIRMED',
		reason: "'Confirm Consent' is off: contacts may only be synced when they agreed to be contacted",
	};
}

/** Reads and checks the parameters every trigger has; the message names the one to change. */
export function readCommonSettings(
	context: IPollFunctions,
	defaults: { readonly lookbackMinutes: number },
): Result<CommonSettings> {
	const batchSize = numberOf(context, 'batchSize', BATCH_SIZE);
	if (!(batchSize >= 1 && batchSize <= LARGEST_BATCH)) return invalid("'Batch Size' must lie between 1 and 5,000");
	const again = readSwitch(context.getNodeParameter('options.syncAgain', false), 'Sync Everybody Again');
	if (again.kind !== 'ok') return again;
	const lookbackMinutes = numberOf(context, 'lookbackMinutes', defaults.lookbackMinutes);
	if (!(lookbackMinutes >= 0 && lookbackMinutes <= 1_440))
		return invalid("'Lookback' must lie between 0 and 1,440 minutes");
	const dailyReserve = readDailyReserve(pollParameters(context));
	if (dailyReserve.kind !== 'ok') return dailyReserve;
	return ok({
		firstSync: beginsFromNow(context) ? 'fromNow' : 'all',
		batchSize: Math.floor(batchSize),
		lookbackMs: lookbackMinutes * 60_000,
		dailyReservePercent: dailyReserve.value,
	});
}

/** HB-28: the share of the day's calls that is left to others, in per cent. */
export function readDailyReserve(read: ParameterReader): Result<number> {
	const percent = plainNumber(read('options.dailyReserve', 10)) ?? NaN;
	return percent >= 0 && percent <= 90 ? ok(percent) : invalid("'Daily Call Reserve' must lie between 0 and 90 %");
}

/** 'Sync Everybody Again'. */
export const syncsAgain = (context: IPollFunctions): boolean =>
	isOn(context.getNodeParameter('options.syncAgain', false));

/** Whether contacts that are there when the sync begins are left out. Not with *Sync Everybody Again*, which is about all contacts. */
export const beginsFromNow = (context: IPollFunctions): boolean =>
	context.getNodeParameter('firstSync', 'all') === 'fromNow' && !syncsAgain(context);

/** Whether a trigger with these stored parameters delivers again what a run that fails was started with. */
export const waitsForRun = (parameters: Readonly<Record<string, unknown>> = {}): boolean =>
	(parameters.options as { acknowledged?: unknown } | undefined)?.acknowledged !== false;

export const invalid = (reason: string): Failure => ({ kind: 'stop', code: 'SETTING_INVALID', reason });

const numberOf = (context: IPollFunctions, name: string, fallback: number): number =>
	plainNumber(context.getNodeParameter(`options.${name}`, fallback)) ?? NaN;

/** Of what was checked before. */
const wholeNumber = (value: unknown): number => Math.floor(plainNumber(value) ?? BATCH_SIZE);

const isOn = (value: unknown): boolean => {
	const read = readSwitch(value, '');
	return read.kind === 'ok' && read.value;
};
