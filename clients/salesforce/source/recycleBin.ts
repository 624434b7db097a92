import { mayBeHeld, mayBeMember } from '../../../core/polling/memory/memberMemory';
import { ok } from '../../../core/result';
import type { ContactCursor } from './contactCursor';
import type { BatchResult, PollContext } from './pollContext';
import { nothing } from './pollContext';
import { classifyIds } from './records/classifyIds';
import { packedId } from '../api/fields/recordIds';
import { withHandover } from './advanceCursor';
import { allOf, select, soqlText } from '../soql/buildSoql';
import { idOf } from '../api/fields/recordFields';
import type { SalesforceRecord } from '../api/types';

const DAY_MS = 24 * 60 * 60_000;
/** Pages of one look; what lies behind them is looked at the next day. */
const MAX_PAGES = 5;

/**
 * Whether deleting moves a record's stamp is not documented: once a day the recycle bin is looked through for members, and for former
 * members that were merged: their survivors get the blocks that the destination holds for them. It is the one place where deletions and
 * merges show that left no stamp.
 */
export async function readRecycleBin(context: PollContext, at: ContactCursor): Promise<BatchResult> {
	const { client, object, batchSize, time } = context;
	const now = time.now();
	if (!at.bin && now - (at.binned?.at ?? at.startedAt) < DAY_MS) return nothing(at, false);
	const bin = at.bin ?? { after: at.binned?.after, pages: 0 };
	const binned = at.bin && at.binned ? at.binned : { at: now };
	const where = allOf('IsDeleted = true', bin.after === undefined ? '' : `Id > ${soqlText(bin.after)}`);
	const soql = select({ fields: ['Id', 'MasterRecordId'], from: object, where, orderBy: 'Id' });
	const page = await client.query(soql, { deleted: true, doing: 'looking for deleted records' });
	if (page.kind === 'stop') return page;
	// A safety net only: the next daily look begins anew.
	if (page.kind !== 'ok') return nothing({ ...at, bin: undefined, binned: { ...binned, after: bin.after } });
	const { records } = page.value;
	const ids = records.map(idOf);
	const isKnown = (record: SalesforceRecord): boolean =>
		(typeof record.MasterRecordId === 'string' ? mayBeHeld : mayBeMember)(at.memory, packedId(idOf(record)));
	const ours = records.filter(isKnown).map(idOf);
	const batch = ours.slice(0, batchSize);
	const isCut = batch.length < ours.length;
	const classified = await classifyIds(context, at.memory, batch);
	if (classified.kind !== 'ok') return classified;
	const after = isCut ? batch.at(-1) : ids.at(-1);
	const isOver = !isCut && (page.value.next === undefined || bin.pages + 1 >= MAX_PAGES);
	const rest = page.value.next === undefined ? undefined : after;
	const next = {
		...withHandover(at, classified.value, now),
		bin: isOver ? undefined : { after, pages: bin.pages + 1 },
		binned: isOver ? { ...binned, after: rest } : binned,
	};
	return ok({ changes: classified.value.changes, phase: 'live', next, more: true });
}
