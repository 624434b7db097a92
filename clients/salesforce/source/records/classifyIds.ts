import type { MemberMemory } from '../../../../core/polling/memory/memberMemory';
import { isMember, mayBeMember } from '../../../../core/polling/memory/memberMemory';
import type { Result } from '../../../../core/result';
import { ok } from '../../../../core/result';
import type { PollContext } from '../pollContext';
import { RecordHandover } from '../handover';
import { judge } from './classifyRecords';
import { packedId } from '../../api/recordIds';
import { readRows } from './readRecords';

/**
 * Hands on who joined or left without a change of the record itself, or may have: those of the ids in whom Salesforce, asked
 * now, and the memory differ. Who is not found any more was deleted for good or is out of the user's sight: `unseen`.
 */
export async function judgeIds(
	context: PollContext,
	memory: MemberMemory,
	ids: readonly string[],
): Promise<Result<RecordHandover>> {
	const { scope, time } = context;
	if (ids.length === 0) return ok(new RecordHandover());
	const asked = scope.isWholeObject ? ok(undefined) : await scope.membersAmong(ids);
	if (asked.kind !== 'ok') return asked;
	const members = asked.value;
	const open = ids.filter((id) => {
		const packed = packedId(id);
		if (members?.has(id) === true) return !isMember(memory, packed);
		return mayBeMember(memory, packed) || members === undefined;
	});
	const rows = await readRows(context, open);
	if (rows.kind !== 'ok') return rows;
	const noticedAt = time.now();
	const judged = await judge(context, memory, rows.value, { moved: true, noticedAt, members });
	if (judged.kind !== 'ok') return judged;
	const found = new Set(rows.value.map(({ id }) => id));
	const unseen = open.filter((id) => !found.has(id)).map(packedId);
	judged.value.unseen.push(...unseen.filter((id) => mayBeMember(memory, id)));
	return judged;
}
