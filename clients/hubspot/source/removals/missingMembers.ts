import { instantsOf, packInstants, remember } from '../../../../core/polling/memory/handledChanges';
import { mayBeMember, remembering } from '../../../../core/polling/memory/memberMemory';
import { ok } from '../../../../core/result';
import { ListHandover } from '../handover';
import type { ListCursor } from '../listCursor';
import type { BatchResult, PollContext } from '../pollContext';
import { handledFrom, membersIn } from '../pollContext';
import { mayHaveMerged, MERGED_LOOKS, readMergedAway, toMergeChange } from '../readers/mergedRecords';
import { toDeletion } from '../toContactChange';

/**
 * Members that HubSpot did not find, and of which the search has had the time to show whether they were merged into
 * another contact: a merge must not come out as a deletion.
 */
export function missingSince({ memory, watermark }: ListCursor, lookbackMs: number): string[] {
	if (memory.missing.count === 0) return [];
	return [...instantsOf(memory.missing)].flatMap(([id, noticedAt]) =>
		noticedAt + lookbackMs <= watermark ? [id] : [],
	);
}

/** Contacts that were not found are deleted, merged into another one, or restored meanwhile. */
export async function readMissing(context: PollContext, at: ListCursor, due: readonly string[]): Promise<BatchResult> {
	const { client, contacts, listId, time } = context;
	const live = await contacts.read(due, 'plain');
	if (live.kind !== 'ok') return live;
	const vanished = due.filter((id) => !live.value.found.has(id));
	const looks = mayHaveMerged(at, vanished.length, live.value, time.now());
	if (looks && due.length > MERGED_LOOKS) return await readMissing(context, at, due.slice(0, MERGED_LOOKS));
	const merged = await readMergedAway(contacts, looks ? vanished : [], live.value);
	if (merged.kind !== 'ok') return merged;
	const restored = due.filter((id) => live.value.found.has(id));
	const lists = await client.listsOf([...restored, ...[...merged.value.keys()].map(({ id }) => id)]);
	if (lists.kind !== 'ok') return lists;
	const members = membersIn(listId, lists.value);
	const inList = new Map([...merged.value].filter(([{ id }]) => members.has(id)));
	const mergedIds = new Set([...inList.values()].flat());
	const deleted = vanished.filter((id) => !mergedIds.has(id));
	const archived = await contacts.read(deleted, 'archived');
	if (archived.kind !== 'ok') return archived;
	const held = await context.isHeldBackNow(at);
	if (held.kind !== 'ok') return held;
	if (held.value) return ok({ changes: [], phase: 'live', next: at, more: false });
	const handover = new ListHandover(at.memory);
	const noticedAt = time.now();
	for (const id of restored) {
		const contact = live.value.found.get(id);
		if (contact && !members.has(id)) handover.addRemoved(contact, noticedAt, live.value.settings, lists.value.get(id));
	}
	for (const [survivor, ids] of inList) {
		handover.changes.push(toMergeChange(survivor, ids, noticedAt, live.value.settings));
		handover.joined.push(survivor.id);
		for (const id of ids) handover.forgotten.push(id);
	}
	for (const id of deleted) {
		handover.changes.push(toDeletion(id, archived.value.found.get(id), noticedAt, archived.value.settings));
		handover.left.push(id);
	}
	// Survivors outside of the list are followed on, so that their opt-out is emitted.
	for (const { id } of merged.value.keys()) {
		if (!members.has(id) && !mayBeMember(at.memory, id)) handover.left.push(id);
	}
	const memory = remembering(at.memory, handover);
	const waiting = new Map(instantsOf(memory.missing));
	for (const id of due) waiting.delete(id);
	const next = {
		...at,
		handled: remember(at.handled, live.value.stamps, handledFrom(at.watermark, context.lookbackMs)),
		memory: { ...memory, missing: packInstants(waiting) },
	};
	return ok({ changes: handover.changes, phase: 'live', next, more: true });
}
