import { DateTime } from 'luxon';
import type { IExecuteFunctions } from 'n8n-workflow';
import { idTextOf } from '../../core/json';
import type { Result } from '../../core/result';
import { ok } from '../../core/result';
import { pickedTimeZone } from '../shared/n8n/timeZoneField';
import { invalid } from '../shared/trigger/settings';

export type Operation = 'record' | 'lookUp' | 'resend' | 'report';

const OPERATIONS: readonly Operation[] = ['record', 'lookUp', 'resend', 'report'];

export function readOperation(context: IExecuteFunctions): Operation {
	const chosen = context.getNodeParameter('operation', 0, 'record');
	return OPERATIONS.find((one) => one === chosen) ?? 'record';
}

/** Longest name of a data table (n8n's `dataTableNameSchema`), less what the second table has at its end. */
const LONGEST_TABLE = 119;
const LONGEST_SYNC = 128;

/** What every operation needs. */
export interface CommonSettings {
	/** Name of the table with the syncs and days. */
	readonly table: string;
	readonly timeZone: string;
}

export function readCommon(context: IExecuteFunctions): Result<CommonSettings> {
	const table = idTextOf(context.getNodeParameter('options.table', 0, 'Contact Sync Health')).trim();
	if (table === '' || table.length > LONGEST_TABLE)
		return invalid(`'Table' must be a name of 1 to ${LONGEST_TABLE} characters`);
	const zone = pickedTimeZone(context.getNodeParameter('options.timeZone', 0, '', { extractValue: true }));
	if (zone.kind !== 'ok') return zone;
	return ok({ table, timeZone: zone.value ?? context.getTimezone() });
}

/** The sync that is recorded. */
export function readSync(context: IExecuteFunctions): Result<string> {
	const sync = idTextOf(context.getNodeParameter('sync', 0, '')).trim();
	return sync !== '' && sync.length <= LONGEST_SYNC
		? ok(sync)
		: invalid(`'Sync' must be a name of 1 to ${LONGEST_SYNC} characters`);
}

/** The sync that is asked about; undefined: all of them. */
export function readSyncName(context: IExecuteFunctions): string | undefined {
	const sync = idTextOf(context.getNodeParameter('syncName', 0, '')).trim();
	return sync === '' ? undefined : sync;
}

/** The local day of an instant: `2026-11-29`. */
export const dayOf = (ms: number, timeZone: string): string =>
	DateTime.fromMillis(ms, { zone: timeZone }).toISODate() ?? '';
