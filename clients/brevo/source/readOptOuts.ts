import { instantOf } from '../../../core/instant';
import type { ContactChange } from '../../../core/contact/contact';
import type { OptOutLook } from '../../../core/polling/changeSource';
import { isRemembered, mayBeMember } from '../../../core/polling/memory/memberMemory';
import { hasId } from '../../../core/polling/memory/packedIds';
import type { SourceTime } from '../../../core/polling/sourceTime';
import type { Result } from '../../../core/result';
import { ok } from '../../../core/result';
import type { BrevoClient } from '../api/brevoClient';
import type { ContactCursor } from './contactCursor';
import { FIRST_PAGE, readContactPage } from './readers/contactPages';
import type { FollowedLists } from './optOuts';
import { isOnList, isOptedOut, leftByOptOut, leftLists } from './optOuts';
import type { ReadSettings } from './toContactChange';
import { isMovedAside, toContactChange } from './toContactChange';

const MOST_PAGES = 10;
const MOST_OPT_OUTS = 1_000;

export interface OptOutContext extends FollowedLists {
	readonly client: BrevoClient;
	readonly time: SourceTime;
	readonly settings: ReadSettings;
	readonly lookbackMs: number;
}

/**
 * Remembered contacts that opted out since the cursor, or since the last look of the same pause (`seen`: the instant it began), and
 * contacts that unsubscribed from a followed list, where that is an opt-out.
 * Ten pages of modified contacts at most; what does not fit is emitted when the pause is over.
 */
export async function readNewOptOuts(
	{ client, time, settings, lookbackMs, ...lists }: OptOutContext,
	cursor: ContactCursor,
	seen: string | undefined,
): Promise<Result<OptOutLook>> {
	const startedAt = time.now();
	const since = Number(seen) > 0 ? Number(seen) : cursor.since;
	const modifiedSince = new Date(since - lookbackMs).toISOString();
	const changes: ContactChange[] = [];
	let page = FIRST_PAGE;
	for (let pages = 0; pages < MOST_PAGES; pages++) {
		const read = await readContactPage(client, { modifiedSince }, page);
		if (read.kind !== 'ok') return read;
		for (const contact of read.value.contacts) {
			const id = String(contact.id);
			const isNew = isOptedOut(contact, lists) && !hasId(cursor.optedOut, id) && !isMovedAside(contact);
			const counts = isRemembered(cursor.memory, id) || leftByOptOut(contact, lists).length > 0;
			if (!isNew || !counts || changes.some((change) => change.source.id === id)) continue;
			const at = instantOf(contact.modifiedAt) ?? startedAt;
			const isFollowed = mayBeMember(cursor.memory, id) && (lists.listIds.length === 0 || isOnList(contact, lists));
			const details = { change: 'optedOut', at, optedOut: true, unsubscribedFrom: leftLists(contact, lists) } as const;
			changes.push(toContactChange(contact, isFollowed ? details : { ...details, optOutOnly: true }, settings));
		}
		if (!read.value.next || changes.length >= MOST_OPT_OUTS) break;
		page = read.value.next;
	}
	// Before the first answer there was only this machine's clock.
	const seenAt = Math.min(startedAt, time.now());
	return ok({ changes: changes.slice(0, MOST_OPT_OUTS), seen: String(seenAt) });
}
