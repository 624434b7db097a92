import { CIRCLE, followCursor } from '../../../../core/calls/pages/cursorCircle';
import { readPages } from '../../../../core/calls/pages/readPages';
import { isMember } from '../../../../core/polling/memory/memberMemory';
import { ok } from '../../../../core/result';
import type { ListCursor } from '../listCursor';
import type { BatchResult, PollContext } from '../pollContext';
import { missingFrom, withMissing } from '../readChanges';

type RecycleBin = NonNullable<ListCursor['removals']['recycleBin']>;

/** Most pages of one look. */
const MAX_PAGES = 20;

/** Members in the recycle bin: whether deleted contacts leave their lists is not documented. */
export async function readRecycleBin(context: PollContext, at: ListCursor, from: RecycleBin): Promise<BatchResult> {
	const { client } = context;
	let deleted: string[] = [];
	let { after, circle } = from;
	let done = false;
	for await (const page of readPages(async (cursor) => await client.archivedContacts(cursor), {
		from: after,
		maxPages: MAX_PAGES,
	})) {
		if (page.kind === 'refused' && page.code !== 'UNEXPECTED_ANSWER' && after !== undefined) {
			// The saved cursor went bad: the next daily look begins anew.
			done = true;
			break;
		}
		if (page.kind !== 'ok') return page;
		deleted = deleted.concat(page.value.items.filter((id) => isMember(at.memory, id)));
		after = page.value.next;
		done = after === undefined;
		const followed = after === undefined ? undefined : followCursor(circle, after);
		if (followed === 'circle') return CIRCLE;
		circle = followed;
	}
	const { memory, removals } = at;
	const next: ListCursor = {
		...at,
		memory: { ...memory, missing: withMissing(memory, deleted, missingFrom(context, at)) },
		removals: { ...removals, recycleBin: done ? undefined : { after, circle } },
	};
	return ok({ changes: [], phase: 'live', next, more: true });
}
