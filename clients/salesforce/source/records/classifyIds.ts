import type { MemberMemory } from '../../../../core/polling/memory/memberMemory';
import { isMember, mayBeMember } from '../../../../core/polling/memory/memberMemory';
import type { Result } from '../../../../core/result';
import { ok } from '../../../../core/result';
import type { Following, Handover } from '../pollContext';
import { emptyHandover } from '../pollContext';
import { judge } from './classifyRecords';
import { packedId } from '../../api/recordIds';
import { readRows } from './readRecords';

/**
 * Hands on who joined or left without a change of the record itself, or may have: those of the ids in whom Salesforce, asked
 * now, and the memory differ. Who is not found any more was deleted for good or is out of the user's sight: `unseen`.
 */
export async function judgeIds(
	following: Following,
	memory: MemberMemory,
	ids: readonly string[],
): Promise<Result<Handover>> {
	const { client, scope } = following;
	if (ids.length === 0) return ok(emptyHandover());
	const asked = scope.isWholeObject ? ok(undefined) : await scope.membersAmong(ids);
	if (asked.kind !== 'ok') return asked;
	const members = asked.value;
	const open = ids.filter((id) => {
		const packed = packedId(id);
		if (members?.has(id) === true) return !isMember(memory, packed);
		return mayBeMember(memory, packed) || members === undefined;
	});
	const rows = await readRows(following, open);
	if (rows.kind !== 'ok') return rows;
	const noticedAt = client.serverNow();
	const judged = await judge(following, memory, rows.value, { moved: true, noticedAt, members });
	if (judged.kind !== 'ok') return judged;
	const found = new Set(rows.value.map(({ id }) => id));
	const unseen = open.filter((id) => !found.has(id)).map(packedId);
	judged.value.unseen.push(...unseen.filter((id) => mayBeMember(memory, id)));
	return judged;
}
