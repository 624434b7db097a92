import { HUBSPOT_LIMITS } from '../../api/limits';
import type { ListCursor, ListFigures } from '../listCursor';
import { figuresOf } from '../listCursor';
import type { PollContext } from '../pollContext';
import { WALK_START } from '../readers/membershipWalk';

const HOUR_MS = 60 * 60_000;
const DAY_MS = 24 * HOUR_MS;
/** A list of so many pages is walked each hour, which costs 72 calls a day at most. */
const PAGES_OF_SMALL_LIST = 3;
/** Share of the day's calls that the walks of one list may use, however often contacts leave it. */
const WALK_SHARE = 0.1;
/** The smallest daily limit there is (free accounts); OAuth apps get no header that names one. */
const SMALLEST_DAILY_LIMIT = 250_000;

/** Begins a walk or a look into the recycle bin when one is due. */
export function beginDueWalk(context: PollContext, at: ListCursor): ListCursor {
	const { removals, memory } = at;
	if (removals.walk) return at;
	const figures = figuresOf(context.list);
	const now = context.time.now();
	const sinceWalk = elapsed(removals.walkedAt ?? at.startedAt, now);
	const routinely = sinceWalk >= (isSmall(at) ? HOUR_MS : DAY_MS);
	const begun = { ...removals, figures, unseenAddition: undefined, heldBack: undefined };
	const suspicion =
		!memory.complete || memory.pending.count > 0 || removals.heldBack === true || showUnseenRemoval(at, figures);
	const spaced = removals.walkedAt === undefined || sinceWalk >= spacingMs(context, at);
	if (routinely || (suspicion && spaced)) {
		return { ...at, removals: { ...begun, walk: { ...WALK_START, startedAt: now, figures, unread: 0 } } };
	}
	// Counted from the last look, because where contacts leave every few hours no walk is a daily one.
	if (!removals.recycleBin && elapsed(removals.recycleBinAt ?? at.startedAt, now) >= DAY_MS) {
		return { ...at, removals: { ...removals, recycleBin: {}, recycleBinAt: now } };
	}
	// What moved is explained, e.g. by a contact that the search showed outside of the list.
	return !suspicion && isExplained(at, figures) ? { ...at, removals: begun } : at;
}

/** HubSpot dates its answers in whole seconds, so two of them differ by that much. */
const TIME_SLACK_MS = 60_000;

/** An instant that lies well ahead comes from an answer with a wrong date: nothing waits for it. */
const elapsed = (since: number, now: number): number => (since > now + TIME_SLACK_MS ? Infinity : now - since);

/** Whether as many members are remembered as the list has, but for those that cannot be read. */
const isExplained = ({ memory, removals }: ListCursor, { size }: ListFigures): boolean =>
	size !== undefined && size - (memory.members.count - memory.missing.count) === removals.unread;

/** Whether the figures show a removal, or the return of a contact, that was not found otherwise. */
function showUnseenRemoval(at: ListCursor, now: ListFigures): boolean {
	const { figures: before, unseenAddition } = at.removals;
	const removed =
		before?.lastRemovedAt !== now.lastRemovedAt ||
		(before?.size !== undefined && now.size !== undefined && now.size < before.size);
	const explained = isExplained(at, now);
	return (removed && !explained) || (unseenAddition === true && (removed || !explained));
}

/** HubSpot's figures of a list are estimates; where a walk costs next to nothing they are not relied on. */
const isSmall = ({ memory }: ListCursor): boolean =>
	memory.members.count <= PAGES_OF_SMALL_LIST * HUBSPOT_LIMITS.membersPage;

/** Time between two walks: longer lists are walked less often. */
function spacingMs({ client }: PollContext, { memory }: ListCursor): number {
	const pages = Math.ceil(memory.members.count / HUBSPOT_LIMITS.membersPage) + 1;
	const dailyLimit = client.limits.daily?.limit ?? SMALLEST_DAILY_LIMIT;
	return (pages * DAY_MS) / (dailyLimit * WALK_SHARE);
}
