import type { ListCursor } from './listCursor';
import type { HubSpotList } from '../api/types';

/**
 * How long removals are held back after the filters of a list were edited: HubSpot works the members out anew in the
 * background, and a list may be almost empty meanwhile. How long that takes is not documented.
 */
const EDIT_HOLD_MS = 5 * 60_000;
/** No list is worked out for longer: a status that stays (seen of static lists, hubspot-api-php #486) must not keep removed contacts for good. */
const LONGEST_HOLD_MS = 24 * 60 * 60_000;

type Edits = ListCursor['edits'];

/** The list's version as seen now; a change of it is noted with the instant. */
export function notedEdits(edits: Edits, list: HubSpotList, now: number): Edits {
	const { version } = list;
	const known = version === undefined || version === edits.version;
	const noted = known ? edits : { ...edits, version, noticedAt: edits.version === undefined ? edits.noticedAt : now };
	// An answer that was dated ahead holds nothing back for longer than one that was not.
	const noticedAt = noted.noticedAt === undefined ? undefined : Math.min(noted.noticedAt, now);
	if (!isUnsettled(list, { noticedAt }, now)) return { version: noted.version, noticedAt };
	const heldSince = Math.min(edits.heldSince ?? now, now);
	// An edit after the longest hold is another reason, with a time of its own.
	const anew = (list.filtersUpdatedAt ?? 0) > heldSince + LONGEST_HOLD_MS;
	return anew
		? { version: noted.version, noticedAt, heldSince: now }
		: { version: noted.version, noticedAt, heldSince, hinted: edits.hinted };
}

/**
 * Whether a contact that is not in the list now may be back in a moment, so that none may be taken for gone. Only HubSpot's active lists
 * work their members out; a static list means what it says at once.
 */
export function isHeldBack(list: HubSpotList, edits: Edits, now: number): boolean {
	const heldFor = edits.heldSince === undefined ? 0 : now - edits.heldSince;
	return heldFor < LONGEST_HOLD_MS && isUnsettled(list, edits, now);
}

/** Whether the list has been held back for so long that it is not any more, which is worth a line in the log. */
export const isHeldTooLong = (list: HubSpotList, edits: Edits, now: number): boolean =>
	isUnsettled(list, edits, now) && !isHeldBack(list, edits, now);

function isUnsettled(
	{ processingType, processingStatus, filtersUpdatedAt }: HubSpotList,
	{ noticedAt }: Pick<Edits, 'noticedAt'>,
	now: number,
): boolean {
	if (processingType !== 'DYNAMIC') return false;
	if (processingStatus !== undefined && processingStatus !== 'COMPLETE') return true;
	// The version may move whenever members come and go, so it counts only where HubSpot gives no time of the last edit.
	const edited = filtersUpdatedAt ?? noticedAt;
	return edited !== undefined && edited > now - EDIT_HOLD_MS;
}
