import { range } from 'lodash';
import type { Result } from '../../../../core/result';
import { ok } from '../../../../core/result';
import { idQueries, readAll } from '../../api/readAll';
import { idOf, STAMP_FIELD } from '../../api/fields/recordFields';
import { fullId } from '../../api/fields/recordIds';
import { allOf, select, soqlInstant } from '../../soql/buildSoql';
import type { PlannedQuery } from '../../api/salesforceClient';
import type { RecordContext } from './readRecords';
import { masterOf, readRows } from './readRecords';
import type { Row } from '../readers/rowReader';

/** Merges one after the other that are followed from a merged record to its survivor. */
const LONGEST_CHAIN = 10;
const FIELDS_OF_MERGED = ['Id', 'MasterRecordId'];
const DAY_MS = 24 * 60 * 60_000;
/** The recycle bin keeps records for 15 days. */
const BIN_DAYS = 15;
/** Five pages. */
const MAX_RECENT = 10_000;

/** Ids of the records that were merged into others, by the id of the last one in the chain. */
export type MergedRecords = ReadonlyMap<string, readonly string[]>;

/** The survivors of merged records: see `classifyRecords`. */
export interface Survivors {
	/** The survivor, which may have been deleted since. Undefined where the record was not merged, or its survivor is not found. */
	of(row: Row): Row | undefined;
	/** Survivors that did not come with the rows. */
	readonly alsoRead: readonly Row[];
}

/** Follows those of the rows that were merged to their survivors; a call for each step of a chain at most. */
export async function findSurvivors(
	context: RecordContext,
	rows: readonly Row[],
	isFollowed: (row: Row) => boolean,
): Promise<Result<Survivors>> {
	const known = new Map(rows.map((row) => [row.id, row]));
	const followed = rows.filter(isFollowed);
	const alsoRead: Row[] = [];
	for (let step = 0; step < LONGEST_CHAIN; step++) {
		const wanted = [...followed, ...alsoRead].flatMap((row) => {
			const master = masterOf(row);
			return master === undefined || known.has(fullId(master)) ? [] : [fullId(master)];
		});
		if (wanted.length === 0) break;
		const read = await readRows(context, wanted);
		if (read.kind !== 'ok') return read;
		for (const row of read.value) {
			known.set(row.id, row);
			alsoRead.push(row);
		}
		if (read.value.length === 0) break;
	}
	const of = (row: Row): Row | undefined => {
		let last = row;
		for (let step = 0; step < LONGEST_CHAIN; step++) {
			const master = masterOf(last);
			if (master === undefined) break;
			const next = known.get(fullId(master));
			if (!next) return undefined;
			last = next;
		}
		return last === row ? undefined : last;
	};
	return ok({ of, alsoRead });
}

/**
 * Ids of records that were merged into these ones before, by the id of the last one in the chain: where that could not be sent, the
 * destination still holds them as they were. A query for a batch with merged records, one more for each step of a chain.
 */
export async function mergedBefore(
	{ client, object }: RecordContext,
	merged: readonly Row[],
): Promise<Result<MergedRecords>> {
	const before = new Map<string, string[]>();
	const seen = new Set(merged.map(({ id }) => id));
	/** By the id of a record in the chain, the one at its end. */
	const ends = new Map(merged.map(({ id }) => [id, id]));
	let open = [...seen];
	for (let step = 0; step < LONGEST_CHAIN && open.length > 0; step++) {
		const queries = idQueries(
			open,
			(where) => ({ soql: select({ fields: FIELDS_OF_MERGED, from: object, where }), deleted: true }),
			'MasterRecordId',
		);
		const read = await readAll(client, queries, 'reading records that were merged before');
		if (read.kind !== 'ok') return read;
		open = [];
		for (const record of read.value.flat()) {
			const end = ends.get(typeof record.MasterRecordId === 'string' ? fullId(record.MasterRecordId) : '');
			const id = idOf(record);
			if (end === undefined || seen.has(id)) continue;
			seen.add(id);
			ends.set(id, end);
			before.set(end, [...(before.get(end) ?? []), id]);
			open.push(id);
		}
	}
	return ok(before);
}

/**
 * The merges that the recycle bin shows, the newest first and five pages at most. A destination may hold the merged records from an
 * earlier life of the sync, whose memory is lost, or as the leads they once were. No lower limit of stamps, unless one query takes too
 * long: whether deleting moves a record's stamp is not documented.
 */
export async function recentlyMerged(
	{ client, object }: Pick<RecordContext, 'client' | 'object'>,
	now: number,
): Promise<Result<MergedRecords>> {
	const query = (...stamps: readonly string[]): PlannedQuery => {
		const where = allOf('IsDeleted = true', 'MasterRecordId != null', ...stamps);
		const orderBy = `${STAMP_FIELD} DESC`;
		return {
			soql: select({ fields: FIELDS_OF_MERGED, from: object, where, orderBy, limit: MAX_RECENT }),
			deleted: true,
		};
	};
	const daysAgo = (days: number): string => soqlInstant(now - days * DAY_MS);
	const of = (size: number): PlannedQuery[] =>
		range(0, BIN_DAYS, size).map((day) =>
			query(
				`${STAMP_FIELD} >= ${daysAgo(Math.min(BIN_DAYS, day + size))}`,
				day === 0 ? '' : `${STAMP_FIELD} < ${daysAgo(day)}`,
			),
		);
	const read = await readAll(client, [{ ...query(), parts: { count: BIN_DAYS, of } }], 'reading merged records');
	if (read.kind !== 'ok') return read;
	const masters = new Map(
		read.value.flat().flatMap((record) => {
			const { MasterRecordId: master } = record;
			return typeof master === 'string' ? [[idOf(record), fullId(master)] as const] : [];
		}),
	);
	const merged = new Map<string, string[]>();
	for (const [id, master] of masters) {
		let end = master;
		for (let step = 0; step < LONGEST_CHAIN; step++) end = masters.get(end) ?? end;
		merged.set(end, [...(merged.get(end) ?? []), id]);
	}
	return ok(merged);
}
