import type { MemberMemory } from '../../../../core/polling/memory/memberMemory';
import { isMember, mayBeHeld, mayBeMember } from '../../../../core/polling/memory/memberMemory';
import type { Result } from '../../../../core/result';
import { ok } from '../../../../core/result';
import type { PollContext } from '../pollContext';
import { RecordHandover } from '../handover';
import { classifyRecords } from './classifyRecords';
import { packedId } from '../../api/fields/recordIds';
import { readRows } from './readRecords';

/**
 * Emits the records that joined or left without a change of the record itself, or may have: the ids in which Salesforce, as of
 * now, and the memory differ. A possible member that is not found any more was deleted for good or is out of the user's sight:
 * `unseen`.
 */
export async function classifyIds(
	context: PollContext,
	memory: MemberMemory,
	ids: readonly string[],
): Promise<Result<RecordHandover>> {
	const { scope, time } = context;
	if (ids.length === 0) return ok(new RecordHandover());
	const now = scope.isWholeObject ? ok(undefined) : await scope.membersAmong(ids);
	if (now.kind !== 'ok') return now;
	const members = now.value;
	const open = ids.filter((id) => {
		const packed = packedId(id);
		if (members?.has(id) === true) return !isMember(memory, packed);
		// Former members too: they may have been merged into others.
		return mayBeHeld(memory, packed) || members === undefined;
	});
	const rows = await readRows(context, open);
	if (rows.kind !== 'ok') return rows;
	const noticedAt = time.now();
	const classified = await classifyRecords(context, memory, rows.value, { membershipOnly: true, noticedAt, members });
	if (classified.kind !== 'ok') return classified;
	const found = new Set(rows.value.map(({ id }) => id));
	const unseen = open.filter((id) => !found.has(id)).map(packedId);
	classified.value.unseen.push(...unseen.filter((id) => mayBeMember(memory, id)));
	return classified;
}
