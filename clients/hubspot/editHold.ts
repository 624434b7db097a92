import type { ListCursor } from './listCursor';
import type { HubSpotList } from './types';

/**
 * How long removals are held back after the filters of a list were edited: HubSpot works the members out anew in the
 * background, and a list may be almost empty meanwhile. How long that takes is not documented.
 */
const EDIT_HOLD_MS = 5 * 60_000;

type Edits = ListCursor['edits'];

/** The list's version as seen now; a change of it is noted with the instant. */
export function notedEdits(edits: Edits, { version }: HubSpotList, now: number): Edits {
	if (version === undefined || version === edits.version) return edits;
	return { version, noticedAt: edits.version === undefined ? edits.noticedAt : now };
}

/** Whether who is not in the list now may be back in a moment, so that nobody may be taken for gone. */
export function isHeldBack(
	{ processingStatus, filtersUpdatedAt }: HubSpotList,
	{ noticedAt }: Edits,
	now: number,
): boolean {
	if (processingStatus !== undefined && processingStatus !== 'COMPLETE') return true;
	return [filtersUpdatedAt, noticedAt].some((edited) => edited !== undefined && edited > now - EDIT_HOLD_MS);
}
