import type { Result } from '../../../../core/result';
import { ok } from '../../../../core/result';
import { fullId } from '../../api/recordIds';
import type { RecordContext } from './readRecords';
import { masterOf, readRows } from './readRecords';
import type { Row } from '../readers/rowReader';

/** Merges one after the other that are followed from a merged record to its survivor. */
const LONGEST_CHAIN = 10;

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
