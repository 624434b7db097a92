import { CIRCLE, followCursor } from '../../../core/calls/cursorCircle';
import { readPages } from '../../../core/calls/readPages';
import type { Result } from '../../../core/result';
import { ok } from '../../../core/result';
import type { ContactsRead } from './readers/contactReader';
import type { BatchResult, PollContext } from './pollContext';
import { ListHandover } from './handover';
import { handledFrom, membersIn } from './pollContext';
import { instantsOf, packInstants, remember } from '../../../core/polling/memory/handledChanges';
import { HUBSPOT_LIMITS } from '../api/limits';
import type { ListCursor, ListFigures } from './listCursor';
import { figuresOf } from './listCursor';
import { isMember, mayBeMember, remembering } from '../../../core/polling/memory/memberMemory';
import { missingFrom, withMissing } from './readChanges';
import { mayHaveMerged, MERGED_LOOKS, readMergedAway, toMergeChange } from './readers/mergedRecords';
import type { WalkPortion } from './readers/membershipWalk';
import { WALK_START, walkOn } from './readers/membershipWalk';
import { changedIds, hasId, idsOf } from '../../../core/polling/memory/packedIds';
import { toDeletion } from './toContactChange';
import type { Member } from '../api/types';

type Walk = NonNullable<ListCursor['removals']['walk']>;
type RecycleBin = NonNullable<ListCursor['removals']['recycleBin']>;

const HOUR_MS = 60 * 60_000;
const DAY_MS = 24 * HOUR_MS;
/** A list of so many pages is walked each hour, which costs 72 calls a day at most. */
const PAGES_OF_SMALL_LIST = 3;
/** Share of the day's calls that the walks of one list may use, however often contacts leave it. */
const WALK_SHARE = 0.1;
/** The smallest daily limit there is (free accounts); OAuth apps get no header that names one. */
const SMALLEST_DAILY_LIMIT = 250_000;
/** Bounds on one batch that finds nothing to emit. */
const MAX_PAGES = 20;

/**
 * Contacts that left the list and that the search did not show: those that HubSpot does not find any more, the difference
 * between the members and the remembered ones, and once a day the recycle bin, because deleted contacts may stay in the list.
 */
export async function readRemovals(context: PollContext, at: ListCursor): Promise<BatchResult> {
	if (at.phase !== 'live' || context.heldBack) return nothing(at);
	const due = missingSince(at, context.lookbackMs).slice(0, context.batchSize);
	if (due.length > 0) return await readMissing(context, at, due);
	const decided = decide(context, at);
	if (decided.removals.walk) return await walk(context, decided, decided.removals.walk);
	if (decided.removals.recycleBin) return await readRecycleBin(context, decided, decided.removals.recycleBin);
	return nothing(decided);
}

const nothing = (next: ListCursor): BatchResult => ok({ changes: [], phase: 'live', next, more: false });

/** Begins a walk or a look into the recycle bin when one is due. */
function decide(context: PollContext, at: ListCursor): ListCursor {
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

/** One part of a walk through the members. */
async function walk(context: PollContext, at: ListCursor, position: Walk): Promise<BatchResult> {
	const { batchSize, pages } = context;
	const missing = instantsOf(at.memory.missing);
	const { members, pending } = at.memory;
	const all = idsOf(changedIds(members, idsOf(pending), new Set()));
	const remembered = missing.size > 0 ? all.filter((id) => !missing.has(id)) : all;
	const portion = await walkOn(
		async (after) => await pages.byId(after),
		position,
		remembered,
		(id) => !hasId(members, id),
		{
			maxPages: MAX_PAGES,
			maxDifferences: at.memory.complete ? batchSize : Infinity,
		},
	);
	if (portion.kind !== 'ok') return portion;
	const { next } = portion.value;
	const walked = next && { ...position, after: undefined, pageBefore: undefined, circle: undefined, ...next };
	if (!at.memory.complete) return ok(silently(at, portion.value, walked));
	const compared = await compare(context, at, portion.value.missing, portion.value.unknown);
	if (compared.kind !== 'ok') return compared;
	if (compared.value === 'heldBack') return nothing(at);
	const { handover, notFound, unread, stamps } = compared.value;
	const memory = remembering(at.memory, handover);
	const after = {
		...at,
		handled: remember(at.handled, stamps, handledFrom(at.watermark, context.lookbackMs)),
		memory: { ...memory, missing: withMissing(memory, notFound, missingFrom(context, at)) },
		removals: walkedOn(at, walked && { ...walked, unread: position.unread + unread }, position.unread + unread),
	};
	return ok({ changes: handover.changes, phase: 'live', next: after, more: true });
}

/** The position after a part of a walk; `unread` counts once it has ended. */
function walkedOn({ removals }: ListCursor, walked: Walk | undefined, unread: number): ListCursor['removals'] {
	if (walked) return { ...removals, walk: walked };
	const { walk: ended } = removals;
	return {
		...removals,
		unread,
		walkedAt: ended?.startedAt,
		walk: undefined,
	};
}

/**
 * Remembers the members, without emitting any. A contact that joined after the log was read last is left to the log; one that is
 * remembered and not in the list is left to another walk.
 */
function silently(at: ListCursor, { unknown, missing }: WalkPortion, walked: Walk | undefined) {
	const { known } = at.log;
	const there = unknown.filter(({ id, at: joinedAt }) => known && (joinedAt < known.at || known.ids.includes(id)));
	const members = changedIds(
		at.memory.members,
		there.map(({ id }) => id),
		new Set(),
	);
	// Listed contacts are confirmed members: they are pending no longer, and nothing later would confirm them.
	const pending = changedIds(at.memory.pending, [], new Set(idsOf(members)));
	const removals = walkedOn(at, walked, 0);
	const next: ListCursor = {
		...at,
		memory: { ...at.memory, members, pending, complete: walked === undefined },
		removals: missing.length > 0 ? { ...removals, heldBack: true } : removals,
	};
	return { changes: [], phase: 'live', next, more: true } as const;
}

interface Compared {
	readonly handover: ListHandover;
	/** Members that HubSpot does not find any more. */
	readonly notFound: readonly string[];
	/** How many listed contacts cannot be read. */
	readonly unread: number;
	readonly stamps: ContactsRead['stamps'];
}

/** Reads the contacts in which list and memory differ. None counts as removed before a second call has confirmed it. */
async function compare(
	context: PollContext,
	at: ListCursor,
	missing: readonly string[],
	unknown: readonly Member[],
): Promise<Result<Compared | 'heldBack'>> {
	const { client, listId, time } = context;
	const lists = await client.listsOf(missing);
	if (lists.kind !== 'ok') return lists;
	const members = membersIn(listId, lists.value);
	const gone = missing.filter((id) => !members.has(id));
	if (gone.length > 0) {
		const held = await context.isHeldBackNow(at);
		if (held.kind !== 'ok') return held;
		if (held.value) return ok('heldBack');
	}
	const read = await context.contacts.read([...gone, ...unknown.map(({ id }) => id)], 'plain');
	if (read.kind !== 'ok') return read;
	const { found, stamps, settings } = read.value;
	const handover = new ListHandover(at.memory);
	const noticedAt = time.now();
	for (const id of gone) {
		const contact = found.get(id);
		if (contact) handover.addRemoved(contact, noticedAt, settings, lists.value.get(id));
	}
	for (const { id } of unknown) {
		const contact = found.get(id);
		if (contact) handover.addJoined(contact, noticedAt, settings);
	}
	return ok({
		handover,
		stamps,
		// Of unreadable contacts only those count that may have been emitted.
		notFound: [...gone, ...unknown.map(({ id }) => id)].filter((id) => !found.has(id) && mayBeMember(at.memory, id)),
		unread: unknown.filter(({ id }) => !found.has(id)).length,
	});
}

/**
 * Members that HubSpot did not find, and of which the search has had the time to show whether they were merged into
 * another contact: a merge must not come out as a deletion.
 */
function missingSince({ memory, watermark }: ListCursor, lookbackMs: number): string[] {
	if (memory.missing.count === 0) return [];
	return [...instantsOf(memory.missing)].flatMap(([id, noticedAt]) =>
		noticedAt + lookbackMs <= watermark ? [id] : [],
	);
}

/** Contacts that were not found are deleted, merged into another one, or restored meanwhile. */
async function readMissing(context: PollContext, at: ListCursor, due: readonly string[]): Promise<BatchResult> {
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
	if (held.value) return nothing(at);
	const handover = new ListHandover(at.memory);
	const noticedAt = time.now();
	for (const id of restored) {
		const contact = live.value.found.get(id);
		if (contact && !members.has(id)) handover.addRemoved(contact, noticedAt, live.value.settings, lists.value.get(id));
	}
	for (const [survivor, ids] of inList) {
		handover.changes.push(toMergeChange(survivor, ids, noticedAt, live.value.settings));
		handover.joined.push(survivor.id);
		handover.forgotten.push(...ids);
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

/** Members in the recycle bin: whether deleted contacts leave their lists is not documented. */
async function readRecycleBin(context: PollContext, at: ListCursor, from: RecycleBin): Promise<BatchResult> {
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
