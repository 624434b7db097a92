import type { Result } from '../../../../core/result';
import { ok } from '../../../../core/result';
import type { PollContext } from '../pollContext';
import { idQueries, readAll } from '../../api/readAll';
import type { Row } from '../readers/rowReader';
import { toRow } from '../readers/rowReader';
import { select } from '../../soql/buildSoql';
import { fieldsToRead } from './toContactChange';

export const isDeleted = ({ record }: Row): boolean => record.IsDeleted === true;
export const isConverted = ({ record }: Row): boolean => record.IsConverted === true;
export const isLive = (row: Row): boolean => !isDeleted(row) && !isConverted(row);

export const isMerged = (row: Row): boolean => masterOf(row) !== undefined;

/** Id of the record that a merge put in place of this one. */
export function masterOf(row: Row): string | undefined {
	const { MasterRecordId: id } = row.record;
	return isDeleted(row) && typeof id === 'string' ? id : undefined;
}

/** What reading records by id needs. */
export type RecordContext = Pick<PollContext, 'client' | 'object' | 'settings'>;

/** Records by id as they are now, those in the recycle bin too. */
export async function readRows(
	{ client, object, settings }: RecordContext,
	ids: readonly string[],
): Promise<Result<readonly Row[]>> {
	if (ids.length === 0) return ok([]);
	const reading = await settings();
	if (reading.kind !== 'ok') return reading;
	const fields = fieldsToRead(reading.value.fields, reading.value.described);
	const queries = idQueries([...new Set(ids)], (where) => ({
		soql: select({ fields, from: object, where }),
		deleted: true,
	}));
	const answers = await readAll(client, queries, `reading ${object === 'Lead' ? 'leads' : 'contacts'}`);
	return answers.kind === 'ok' ? ok(answers.value.flat().map(toRow)) : answers;
}
