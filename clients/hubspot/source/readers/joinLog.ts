import { max, min } from 'lodash';
import { z } from 'zod';
import { CIRCLE, cursorCircle, followCursor } from '../../../../core/calls/pages/cursorCircle';
import { readPages } from '../../../../core/calls/pages/readPages';
import type { Failure, Result } from '../../../../core/result';
import { ok } from '../../../../core/result';
import type { Page } from '../../api/hubSpotClient';
import { HUBSPOT_LIMITS } from '../../api/limits';
import type { Member } from '../../api/types';

/**
 * Follows a list's membership log. HubSpot's pages disagree about which end of the log comes first, so the direction is learned
 * from the first entry of a walk and the last one of a page. A log may be read in many portions; everything needed to go on is
 * in the position.
 *
 * | walk   | begun                                 | begins at                       | ends at                               |
 * | ------ | ------------------------------------- | ------------------------------- | ------------------------------------- |
 * | `full` | otherwise                             | the first page                  | the last page; newest first: the edge |
 * | `tail` | oldest first, or the log was one page | the last page of the walk before | the last page                         |
 * | `head` | newest first                          | the first page                  | the edge                              |
 *
 * A full walk also takes the place of one whose cursor, or whose page, was lost.
 *
 * The edge (`known`) is the newest instant that was read, and ids beside it: oldest first those of the last page, else those of
 * that instant. `cut`: there are more of them than are kept.
 *
 * An entry is new unless it lies within `skip`, and if one of these holds:
 *
 * - nothing is known yet,
 * - it is later than the edge,
 * - it is not among the ids of the edge, and the walk is a tail,
 * - it is not among the ids of the edge, has the instant of the edge, and the ids are not cut.
 */

/** Ids kept at the edge of what was read: one page. More members of one instant count as known together. */
const MAX_EDGE = HUBSPOT_LIMITS.membersPage;

const edge = z.object({
	/** Newest joining instant that was read, ms since 1970. */
	at: z.number(),
	/** Oldest first: the ids of the last page. Otherwise: the ids of that instant. */
	ids: z.array(z.string()),
	/** There are more such ids than are kept. */
	cut: z.boolean().optional(),
});

const range = z.object({ from: z.number(), to: z.number() });

const walk = z.object({
	/** `full`: all pages. `tail`: from the last known page on. `head`: from the newest entry back to the known ones. */
	kind: z.enum(['full', 'tail', 'head']),
	/** Cursor of the next page; absent: the first page. */
	after: z.string().optional(),
	/** Joining instant of the first entry of this walk. */
	firstAt: z.number().optional(),
	/** Cursor of the last page that held members; absent: the first page. */
	filledPage: z.string().optional(),
	/** What the edge will be once the walk has ended. */
	newest: edge.optional(),
	/** Instants between which everything was read. */
	covered: range.optional(),
	/** The same from before a lost cursor made the walk begin again. */
	skip: range.optional(),
	/** Notices cursors that lead round in a circle. */
	circle: cursorCircle.optional(),
	/** How often it began again without having read anything new. */
	fruitless: z.number().optional(),
});

export const joinLogPosition = z.object({
	direction: z.enum(['oldestFirst', 'newestFirst']).optional(),
	/** Edge of what was read; absent until the log was read through once. */
	known: edge.optional(),
	/** Oldest first: the cursor that led to the last page, which has none of its own. Absent: the log was one page. */
	lastPage: z.string().optional(),
	/** The walk under way. */
	walk: walk.optional(),
});

export type JoinLogPosition = z.output<typeof joinLogPosition>;
type Walk = z.output<typeof walk>;
type Edge = z.output<typeof edge>;
type Range = z.output<typeof range>;

export interface LogPortion {
	/** Members that joined after the position, as the log gives them; each id once. */
	readonly joined: readonly Member[];
	readonly position: JoinLogPosition;
	/** The walk has reached its end. */
	readonly complete: boolean;
}

export interface PortionLimits {
	readonly maxPages: number;
	/** Members that joined earlier are left out, ms since 1970. */
	readonly since?: number;
}

/** Reads up to `maxPages` pages from the position on. */
export async function readJoined(
	readPage: (after: string | undefined) => Promise<Result<Page<Member>>>,
	from: JoinLogPosition,
	limits: PortionLimits,
): Promise<Result<LogPortion>> {
	let position: JoinLogPosition = from.walk ? from : { ...from, walk: beginWalk(from) };
	const joined = new Map<string, Member>();
	let complete = false;
	let pages = 0;
	for await (const read of readPages(readPage, { from: position.walk?.after, maxPages: limits.maxPages })) {
		if (read.kind !== 'ok') {
			const again = pages === 0 && isLostCursor(read, position.walk) ? beginAgain(position) : undefined;
			if (again) return await readJoined(readPage, again, limits);
			// What was read before the failure is emitted; the next portion meets the failure again.
			if (joined.size > 0) return ok({ joined: [...joined.values()], position, complete: false });
			return read;
		}
		pages++;
		const { items, at, next } = read.value;
		if (lostItsPlace(position, items, at))
			return await readJoined(readPage, { ...position, walk: { kind: 'full' } }, limits);
		const step = takePage(position, items, at, next, limits.since);
		position = step.position;
		if (position.walk && next !== undefined) {
			const circle = followCursor(position.walk.circle, next);
			// The whole portion fails: its new position would only lead into the circle again.
			if (circle === 'circle') return CIRCLE;
			position = { ...position, walk: { ...position.walk, circle } };
		}
		for (const member of step.joined) {
			if (member.at >= (joined.get(member.id)?.at ?? 0)) joined.set(member.id, member);
		}
		complete = step.complete;
		if (complete) break;
	}
	return ok({ joined: [...joined.values()], position, complete });
}

function beginWalk({ known, direction, lastPage }: JoinLogPosition): Walk {
	if (!known) return { kind: 'full' };
	if (direction === 'newestFirst') return { kind: 'head' };
	// One page, or oldest first. With several pages of one instant only a full walk shows where new entries appear.
	if (direction === 'oldestFirst' || lastPage === undefined) return { kind: 'tail', after: lastPage };
	return { kind: 'full' };
}

/** How often a walk begins again although the one before came no further. */
const MOST_FRUITLESS = 3;

/** A saved cursor may go bad: begin at the start, and pass over what was read. Undefined: that has led nowhere for too often. */
function beginAgain(position: JoinLogPosition): JoinLogPosition | undefined {
	const { covered, skip, fruitless = 0 } = position.walk ?? {};
	const isFurther = !skip || (covered !== undefined && (covered.from < skip.from || covered.to > skip.to));
	if (!isFurther && fruitless >= MOST_FRUITLESS) return undefined;
	const passed = covered && skip ? joinedRanges(covered, skip) : (covered ?? skip);
	return { ...position, walk: { kind: 'full', skip: passed, fruitless: isFurther ? 0 : fruitless + 1 } };
}

/** Both ranges, if nothing lies between them that neither has read; else the earlier one, which was mostly the longer. */
function joinedRanges(covered: Range, skip: Range): Range {
	const overlap = covered.from < skip.to && skip.from < covered.to;
	return overlap ? hull([covered.from, covered.to, skip.from, skip.to]) : skip;
}

const isLostCursor = (failure: Failure, current: Walk | undefined): boolean =>
	failure.kind === 'refused' && failure.code === 'SOURCE_REFUSED' && current?.after !== undefined;

interface Step {
	readonly joined: readonly Member[];
	readonly position: JoinLogPosition;
	readonly complete: boolean;
}

/** What one page adds. Pure, so that each case of it can be tested without a server. */
function takePage(
	position: JoinLogPosition,
	items: readonly Member[],
	at: string | undefined,
	next: string | undefined,
	since: number | undefined,
): Step {
	const current: Walk = position.walk ?? { kind: 'full' };
	const { known } = position;
	const firstAt = current.firstAt ?? items[0]?.at;
	const direction = position.direction ?? learnDirection(firstAt, items.at(-1)?.at);
	const joined = items.filter((member) => isNew(member, current, known) && (since === undefined || member.at >= since));
	const newest = nextEdge(current, items, direction);
	const filledPage = items.length > 0 ? at : current.filledPage;
	const complete = next === undefined || reachedKnown(items, direction, current, known, since);
	if (!complete) {
		const walked: Walk = {
			...current,
			after: next,
			firstAt,
			filledPage,
			newest,
			covered: widened(current.covered, items),
		};
		return { joined, position: { ...position, direction, walk: walked }, complete };
	}
	const lastPage = direction === 'newestFirst' ? undefined : filledPage;
	return { joined, position: { direction, known: newest ?? { at: known?.at ?? 0, ids: [] }, lastPage }, complete };
}

/**
 * A tail walk begins on the page the last one ended on. None of its members there any more means that so many have left
 * that the page moved away from under the cursor.
 */
function lostItsPlace(
	{ walk: current, known }: JoinLogPosition,
	items: readonly Member[],
	at: string | undefined,
): boolean {
	if (current?.kind !== 'tail' || at !== current.after || current.firstAt !== undefined) return false;
	return known !== undefined && known.ids.length > 0 && !items.some((member) => known.ids.includes(member.id));
}

function learnDirection(firstAt: number | undefined, lastAt: number | undefined): JoinLogPosition['direction'] {
	if (firstAt === undefined || lastAt === undefined || firstAt === lastAt) return undefined;
	return firstAt < lastAt ? 'oldestFirst' : 'newestFirst';
}

function isNew(member: Member, current: Walk, known: Edge | undefined): boolean {
	if (current.skip && member.at > current.skip.from && member.at < current.skip.to) return false;
	if (!known) return true;
	if (member.at > known.at) return true;
	if (known.ids.includes(member.id)) return false;
	// A tail walk has read everything before its page, so every other entry on it came later.
	if (current.kind === 'tail') return true;
	return member.at === known.at && known.cut !== true;
}

function reachedKnown(
	items: readonly Member[],
	direction: JoinLogPosition['direction'],
	current: Walk,
	known: Edge | undefined,
	since: number | undefined,
): boolean {
	if (direction !== 'newestFirst') return false;
	const oldest = items.at(-1)?.at;
	if (oldest === undefined) return false;
	if (since !== undefined && oldest < since) return true;
	if (known === undefined || current.kind === 'tail') return false;
	return oldest < known.at || (oldest === known.at && known.cut === true);
}

/** The edge after this page: oldest first it is the page itself, newest first the entries of the newest instant. */
function nextEdge(current: Walk, items: readonly Member[], direction: JoinLogPosition['direction']): Edge | undefined {
	const before = current.newest;
	if (items.length === 0) return before;
	const newestAt = Math.max(before?.at ?? -Infinity, hull(items.map((member) => member.at)).to);
	if (direction === 'oldestFirst') return { at: newestAt, ids: items.map((member) => member.id).slice(-MAX_EDGE) };
	const kept = before && before.at === newestAt ? before.ids : [];
	const ids = [...kept, ...items.filter((member) => member.at === newestAt).map((member) => member.id)];
	if (direction === undefined && before === undefined) return { at: newestAt, ids: ids.slice(-MAX_EDGE) };
	const cut = ids.length > MAX_EDGE || (before?.at === newestAt && before.cut === true);
	return { at: newestAt, ids: ids.slice(-MAX_EDGE), ...(cut ? { cut } : {}) };
}

function widened(before: Walk['covered'], items: readonly Member[]): Walk['covered'] {
	const instants = items.map((member) => member.at);
	if (before) instants.push(before.from, before.to);
	return instants.length === 0 ? undefined : hull(instants);
}

/** Not by spreading them into the arguments of a call: of 300,000 in one page that is an error. */
const hull = (instants: readonly number[]) => ({ from: min(instants) ?? Infinity, to: max(instants) ?? -Infinity });

/** Whether the next walk takes about one call while nothing joined. */
export const followsCheaply = (position: JoinLogPosition): boolean =>
	!position.walk && beginWalk(position).kind !== 'full';
