import { handledFrom, membersIn } from '../pollContext';
import type { BatchResult, PollContext } from '../pollContext';
import { instantsOf, remember } from '../../../../core/polling/memory/handledChanges';
import { mayBeMember, remembering, seenOutside } from '../../../../core/polling/memory/memberMemory';
import { changedIds, hasId, idsOf } from '../../../../core/polling/memory/packedIds';
import type { Result } from '../../../../core/result';
import { ok } from '../../../../core/result';
import type { Member } from '../../api/types';
import { ListHandover } from '../handover';
import type { ListCursor } from '../listCursor';
import { missingFrom, withMissing } from '../readChanges';
import type { ContactsRead } from '../readers/contactReader';
import { withChains } from '../readers/mergedRecords';
import type { WalkPortion } from '../readers/membershipWalk';
import { walkOn } from '../readers/membershipWalk';

type Walk = NonNullable<ListCursor['removals']['walk']>;

/** Most pages of one part of a walk. */
const MAX_PAGES = 20;

/** One part of a walk through the members. */
export async function walkMembers(context: PollContext, at: ListCursor, position: Walk): Promise<BatchResult> {
	const { batchSize, client, listId } = context;
	const missing = instantsOf(at.memory.missing);
	const { members, pending } = at.memory;
	const all = idsOf(changedIds(members, idsOf(pending), new Set()));
	const remembered = missing.size > 0 ? all.filter((id) => !missing.has(id)) : all;
	const portion = await walkOn(
		async (after) => await client.membersById(listId, after),
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
	if ('outside' in compared.value) {
		const inDoubt = { ...at, memory: seenOutside(at.memory, compared.value.outside) };
		return ok({ changes: [], phase: 'live', next: inDoubt, more: false });
	}
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

/** Removals are held back, of these members that are not in the list. */
interface HeldBack {
	readonly outside: readonly string[];
}

/** Reads the contacts in which list and memory differ. None counts as removed before a second call has confirmed it. */
async function compare(
	context: PollContext,
	at: ListCursor,
	missing: readonly string[],
	unknown: readonly Member[],
): Promise<Result<Compared | HeldBack>> {
	const { client, listId, time } = context;
	const lists = await client.listsOf(missing);
	if (lists.kind !== 'ok') return lists;
	const members = membersIn(listId, lists.value);
	const gone = missing.filter((id) => !members.has(id));
	if (gone.length > 0) {
		const held = await context.isHeldBackNow(at);
		if (held.kind !== 'ok') return held;
		if (held.value) return ok({ outside: gone });
	}
	const read = await context.contacts.read([...gone, ...unknown.map(({ id }) => id)], 'plain');
	if (read.kind !== 'ok') return read;
	const { found, stamps, settings } = read.value;
	const joined = await withChains(
		context.contacts,
		unknown.flatMap(({ id }) => found.get(id) ?? []),
	);
	if (joined.kind !== 'ok') return joined;
	const handover = new ListHandover(at.memory);
	const noticedAt = time.now();
	for (const id of gone) {
		const contact = found.get(id);
		if (contact) handover.addRemoved(contact, noticedAt, settings, lists.value.get(id));
	}
	for (const contact of joined.value.values()) handover.addJoined(contact, noticedAt, settings);
	return ok({
		handover,
		stamps,
		// Of unreadable contacts only those count that may have been emitted.
		notFound: [...gone, ...unknown.map(({ id }) => id)].filter((id) => !found.has(id) && mayBeMember(at.memory, id)),
		unread: unknown.filter(({ id }) => !found.has(id)).length,
	});
}
