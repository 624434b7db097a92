import { isRemembered, mayBeMember } from '../../../../core/polling/memory/memberMemory';
import type { OptOutLook } from '../../../../core/polling/changeSource';
import type { Result } from '../../../../core/result';
import { ok } from '../../../../core/result';
import type { ContactCursor } from '../contactCursor';
import type { PollContext } from '../pollContext';
import { isLive } from '../records/readRecords';
import type { Row } from '../readers/rowReader';
import { showsOptOuts } from './optOutField';
import type { ModstampPosition } from '../readers/modstampPosition';
import { modstampPosition } from '../readers/modstampPosition';
import { ModstampReader } from '../readers/modstampReader';
import { OPT_OUT_FIELD } from '../../api/fields/recordFields';
import { fieldsToRead, toContactChange } from '../records/toContactChange';

/** Opt-outs of one look at most. */
const MOST = 1_000;
/** Pages of one look; further calls read the definitions, the list view and membership: ten calls in all. */
const MOST_PAGES = 5;

/**
 * Contacts that opted out behind the position of the cursor: those that were emitted once, and members that were not yet. `seen`
 * is a position of its own, so the cursor stays where it is and the whole change is emitted later.
 */
export async function lookForOptOuts(
	context: PollContext,
	at: ContactCursor,
	seen: string | undefined,
): Promise<Result<OptOutLook>> {
	const { settings, object } = context;
	const reading = await settings();
	if (reading.kind !== 'ok') return reading;
	const { described, fields } = reading.value;
	let position = positionOf(seen) ?? at.records;
	if (!showsOptOuts(described)) return ok({ changes: [], seen: JSON.stringify(position) });
	const news = new ModstampReader(context, {
		fields: fieldsToRead(fields, described),
		from: object,
		where: `${OPT_OUT_FIELD} = true`,
		doing: 'looking for opt-outs',
	});
	const rows: Row[] = [];
	for (let pages = 0; pages < MOST_PAGES && rows.length < MOST && !news.isDone; pages++) {
		const read = await news.next(position, MOST - rows.length, 1);
		if (read.kind !== 'ok') return read;
		for (const row of read.value.rows) rows.push(row);
		({ position } = read.value);
	}
	const unknown = rows.filter((row) => !isRemembered(at.memory, row.packed) && isLive(row));
	const members = await membersAmong(context, unknown);
	if (members.kind !== 'ok') return members;
	const ours = rows.filter((row) => isRemembered(at.memory, row.packed) || members.value.has(row.id));
	// A contact that left stays removed: the opt-out is emitted, and nothing puts the contact on the list.
	const isOnList = (row: Row): boolean =>
		isLive(row) && (mayBeMember(at.memory, row.packed) || members.value.has(row.id));
	const changes = ours.map((row) =>
		toContactChange(row.record, { change: isOnList(row) ? 'optedOut' : 'removed', at: row.at }, reading.value),
	);
	return ok({ changes, seen: JSON.stringify(position) });
}

async function membersAmong({ scope }: PollContext, rows: readonly Row[]): Promise<Result<ReadonlySet<string>>> {
	const ids = rows.map(({ id }) => id);
	return scope.isWholeObject ? ok(new Set(ids)) : await scope.membersAmong(ids);
}

/** Where the last look got to; undefined for the first one of a pause. */
function positionOf(seen: string | undefined): ModstampPosition | undefined {
	if (seen === undefined || seen === '') return undefined;
	try {
		const read = modstampPosition.safeParse(JSON.parse(seen));
		return read.success ? read.data : undefined;
	} catch {
		return undefined;
	}
}
