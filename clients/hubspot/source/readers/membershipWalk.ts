import { z } from 'zod';
import { CIRCLE, cursorCircle, followCursor } from '../../../../core/calls/pages/cursorCircle';
import { readPages } from '../../../../core/calls/pages/readPages';
import type { Failure, Result } from '../../../../core/result';
import { ok } from '../../../../core/result';
import type { Page } from '../../api/hubSpotClient';
import { compareIds, indexBehind } from '../../../../core/polling/memory/packedIds';
import type { Member } from '../../api/types';

/**
 * Walks a list's members in the order of their record ids and compares them, page by page, with the remembered ids of the
 * same range. It may take many polls; everything needed to go on is in the position.
 */

export const walkPosition = z.object({
	/** Cursor of the next page; absent: the first page. */
	after: z.string().optional(),
	/** Last id of the page before, to see that ids ascend. */
	pageBefore: z.string().optional(),
	/** Ids up to this one were compared. */
	compared: z.string(),
	/** Whether the cursors lead round in a circle. */
	circle: cursorCircle.optional(),
});

export type WalkPosition = z.output<typeof walkPosition>;

export const WALK_START: WalkPosition = { compared: '0' };

export interface WalkPortion {
	/** Remembered, but not listed. */
	readonly missing: readonly string[];
	/** Listed, but not remembered, or pending. */
	readonly unknown: readonly Member[];
	/** Absent: the walk has reached the end. */
	readonly next?: WalkPosition;
}

export interface WalkLimits {
	readonly maxPages: number;
	/** Most ids, missing and unknown together, of one portion. */
	readonly maxDifferences: number;
}

/** Reads on from a position. `remembered` ascends. Ids for which `isPending` holds are returned whether or not they are listed. */
export async function walkOn(
	readPage: (after: string | undefined) => Promise<Result<Page<Member>>>,
	from: WalkPosition,
	remembered: readonly string[],
	isPending: (id: string) => boolean,
	limits: WalkLimits,
): Promise<Result<WalkPortion>> {
	const missing: string[] = [];
	const unknown: Member[] = [];
	let at = from;
	let pages = 0;
	for await (const read of readPages(readPage, { from: from.after, maxPages: limits.maxPages })) {
		if (read.kind !== 'ok') {
			if (pages === 0 && isLostCursor(read, at)) {
				// Begin at the first page again, and pass over what was compared.
				return await walkOn(readPage, { compared: at.compared }, remembered, isPending, limits);
			}
			// What was read before the failure is kept; the next portion meets the failure again.
			return pages === 0 ? read : ok({ missing, unknown, next: at });
		}
		pages++;
		const { items, next } = read.value;
		const disorder = outOfOrder(items, at.pageBefore);
		if (disorder) return disorder;
		const last = items.at(-1)?.id;
		const found = differences(items, remembered, isPending, at.compared, next === undefined);
		const room = limits.maxDifferences - missing.length - unknown.length;
		for (const one of found.slice(0, room)) {
			if (typeof one === 'string') missing.push(one);
			else unknown.push(one);
		}
		if (found.length > room) {
			// The rest of this page belongs to the next portion.
			const end = found[room - 1];
			const compared = end === undefined ? at.compared : typeof end === 'string' ? end : end.id;
			return ok({ missing, unknown, next: { ...at, compared } });
		}
		if (next === undefined) return ok({ missing, unknown });
		const compared = last !== undefined && compareIds(last, at.compared) > 0 ? last : at.compared;
		const circle = followCursor(at.circle, next);
		if (circle === 'circle') return CIRCLE;
		at = { after: next, pageBefore: last ?? at.pageBefore, compared, circle };
	}
	return ok({ missing, unknown, next: at });
}

/** What differs behind `from` and up to the last item, by id; on the last page everything behind `from`. */
function differences(
	items: readonly Member[],
	remembered: readonly string[],
	isPending: (id: string) => boolean,
	from: string,
	isLastPage: boolean,
): Array<string | Member> {
	const found: Array<string | Member> = [];
	let index = indexBehind(remembered, from);
	const missingBefore = (end: string | undefined): void => {
		for (let id = remembered[index]; id !== undefined; id = remembered[++index]) {
			if (end !== undefined && compareIds(id, end) >= 0) return;
			found.push(id);
		}
	};
	for (const member of items) {
		if (compareIds(member.id, from) <= 0) continue;
		missingBefore(member.id);
		const known = remembered[index] === member.id;
		if (known) index++;
		if (!known || isPending(member.id)) found.push(member);
	}
	if (isLastPage) missingBefore(undefined);
	return found;
}

/** HubSpot documents that ids ascend. Without that no missing member could be found, so it is checked. */
function outOfOrder(items: readonly Member[], pageBefore: string | undefined): Failure | undefined {
	let before = pageBefore ?? '0';
	for (const { id } of items) {
		if (compareIds(id, before) <= 0) {
			return {
				kind: 'refused',
				code: 'UNEXPECTED_ANSWER',
				reason:
					'HubSpot does not list the members in the order of their record ids, so who left the list cannot be found',
			};
		}
		before = id;
	}
	return undefined;
}

const isLostCursor = (failure: Failure, at: WalkPosition): boolean =>
	failure.kind === 'refused' && failure.code === 'SOURCE_REFUSED' && at.after !== undefined;
