import { z } from 'zod';
import type { ChangeKind, ContactChange } from '../../contact/contact';
import type { PackedInstants } from './handledChanges';
import { instantsOf, NO_INSTANTS, packedInstants, packInstants } from './handledChanges';
import type { PackedIds } from './packedIds';
import { changedIds, hasId, idsOf, NO_IDS, packedIds } from './packedIds';

/** Former members are kept in up to `GENERATIONS` groups of `GENERATION` ids; the oldest group is dropped as a whole. */
const GENERATION = 50_000;
const GENERATIONS = 4;

/**
 * The contacts that were emitted, so that the ones that leave can be found. Part of the cursor.
 *
 * | kind      | the destination has it                     | leaves the source      | comes (back) into it  |
 * | --------- | ------------------------------------------ | ---------------------- | --------------------- |
 * | `members` | on the list: its last batch was confirmed  | emitted as removed     | -                     |
 * | `pending` | unknown                                    | emitted as removed     | emitted as added      |
 * | `former`  | off the list: emitted as removed, deleted  | opt-outs are still emitted | emitted as added  |
 * | `optedOut` | the same, with its opt-out                | only merges still count | emitted as added     |
 * | no kind   | never emitted                              | -                      | emitted as added      |
 */
export const memberMemory = z.object({
	/** Emitted as members, and not as removed or deleted since. */
	members: packedIds,
	/**
	 * Membership unknown: the last batch with the contact failed, its outcome was lost, or the contact was seen outside of the source while
	 * removals were held back. Emitted again on a later poll: as added if the contact is in the list, as removed if it is not.
	 */
	pending: packedIds.default(() => NO_IDS),
	/** Of a sync that began without a memory: the ids that the destination held then. Absent once compared with the members. */
	held: packedIds.optional(),
	/** False: `members` is still to be filled by a walk that emits nothing (started from now on, or by an older version). */
	complete: z.boolean(),
	/** Emitted as removed or deleted, the oldest first: their opt-outs still count. At most 200,000. */
	former: z.array(packedIds),
	/**
	 * Emitted as removed or deleted with an opt-out, the oldest first: nothing is emitted of them any more, but a member that they are
	 * merged into has to have their block. At most 200,000.
	 */
	optedOut: z.array(packedIds).default(() => []),
	/** Members that the source no longer finds, with the instant at which that was noticed. */
	missing: packedInstants,
});

export type MemberMemory = z.output<typeof memberMemory>;

export const emptyMemory = (complete: boolean): MemberMemory => ({
	members: NO_IDS,
	pending: NO_IDS,
	complete,
	former: [],
	optedOut: [],
	missing: NO_INSTANTS,
});

/** Where more than this share of the ids held at the destination are unknown here, they are taken for the contacts of another sync. */
const MOST_LEFT = 0.25;
/** Of few ids, up to this share; where nearly all are unknown, none of them was ever a member. */
const FEW = 20;
const MOST_OF_FEW_LEFT = 0.5;

/**
 * The memory once the ids held at the destination were compared with the members: those that are not remembered become pending,
 * so that a walk emits them as removed or deleted. `unexplained`: how many they are where they are too many for that; those are
 * left alone.
 */
export function comparedWithHeld({ held, ...memory }: MemberMemory): {
	readonly memory: MemberMemory;
	readonly unexplained: number;
} {
	if (!held) return { memory, unexplained: 0 };
	const unknown = idsOf(held).filter((id) => !isRemembered(memory, id));
	const most = Math.max(held.count * MOST_LEFT, Math.min(FEW, held.count * MOST_OF_FEW_LEFT));
	if (unknown.length > most) return { memory, unexplained: unknown.length };
	return { memory: { ...memory, pending: changedIds(memory.pending, unknown, new Set()) }, unexplained: 0 };
}

/**
 * The same for the cursor of a source that looks for pending contacts on a walk: once it is live and all members are remembered.
 * The walk is wanted where contacts became pending.
 */
export function cursorComparedWithHeld<
	C extends { readonly phase: string; readonly memory: MemberMemory; readonly walkWanted: boolean },
>(cursor: C): { readonly at: C; readonly unexplained: number } {
	if (cursor.phase !== 'live' || !cursor.memory.complete || !cursor.memory.held) return { at: cursor, unexplained: 0 };
	const { memory, unexplained } = comparedWithHeld(cursor.memory);
	return { at: { ...cursor, memory, walkWanted: cursor.walkWanted || memory.pending.count > 0 }, unexplained };
}

/** The memory with the ids of records that the destination held when the sync began. */
export const withHeld = (memory: MemberMemory, ids: readonly string[]): MemberMemory => ({
	...memory,
	held: changedIds(memory.held ?? NO_IDS, ids, new Set()),
});

/** The line for the log where the comparison left contacts over. */
export const unexplainedNote = (count: number): string =>
	`The destination list holds ${count} contacts of this source that this sync does not follow; they are left alone, because another sync may bring them there. Who of them left or unsubscribed before this sync began is not known`;

export const isMember = ({ members }: MemberMemory, id: string): boolean => hasId(members, id);

export const mayBeMember = ({ members, pending }: MemberMemory, id: string): boolean =>
	hasId(members, id) || hasId(pending, id);

export const isFormer = ({ former }: MemberMemory, id: string): boolean => former.some((some) => hasId(some, id));

/** Whether a contact was, or may have been, emitted, and its opt-out may still have to be. */
export const isRemembered = (memory: MemberMemory, id: string): boolean =>
	mayBeMember(memory, id) || isFormer(memory, id);

/** Whether the destination may hold a contact, be it as one that left with an opt-out. */
export const mayBeHeld = (memory: MemberMemory, id: string): boolean =>
	isRemembered(memory, id) || memory.optedOut.some((some) => hasId(some, id));

/** How many members there are at most. */
export const mostMembers = ({ members, pending }: MemberMemory): number => members.count + pending.count;

export interface MemoryChanges {
	/** Emitted as members. */
	readonly joined?: Iterable<string>;
	/** Emitted as removed or deleted, or to be followed as such. */
	readonly left?: Iterable<string>;
	/** Emitted as removed or deleted, with an opt-out after which nothing is to be emitted of them. */
	readonly optedOut?: Iterable<string>;
	/** Records that go on as others. */
	readonly forgotten?: Iterable<string>;
}

/** The memory once a batch is confirmed. */
export function remembering(memory: MemberMemory, changes: MemoryChanges): MemberMemory {
	const joined = new Set(changes.joined);
	const left = new Set(changes.left);
	const optedOut = new Set(changes.optedOut);
	const gone = [...left, ...optedOut, ...(changes.forgotten ?? [])];
	const elsewhere = [...joined, ...(changes.forgotten ?? [])];
	return {
		...memory,
		members: changedIds(memory.members, joined, new Set(gone)),
		former: changedGenerations(memory.former, left, new Set([...elsewhere, ...optedOut])),
		optedOut: changedGenerations(memory.optedOut, optedOut, new Set([...elsewhere, ...left])),
		pending: changedIds(memory.pending, [], new Set([...joined, ...gone])),
		missing: without(memory.missing, [...joined, ...gone]),
	};
}

function without(missing: PackedInstants, ids: readonly string[]): PackedInstants {
	if (missing.count === 0) return missing;
	const kept = new Map(instantsOf(missing));
	for (const id of ids) kept.delete(id);
	return kept.size === missing.count ? missing : packInstants(kept);
}

function changedGenerations(before: PackedIds[], left: ReadonlySet<string>, back: ReadonlySet<string>): PackedIds[] {
	if (left.size === 0 && (back.size === 0 || before.length === 0)) return before;
	// A contact that leaves again belongs to the newest generation, so that it is not forgotten with the oldest.
	const gone = new Set([...back, ...left]);
	const kept = before.map((some) => changedIds(some, [], gone)).filter(({ count }) => count > 0);
	if (left.size === 0) return kept;
	const newest = kept.at(-1);
	const joinsNewest = newest !== undefined && newest.count < GENERATION;
	const generations = joinsNewest ? kept.slice(0, -1) : kept;
	return [...generations, changedIds(joinsNewest ? newest : NO_IDS, left, new Set())].slice(-GENERATIONS);
}

/**
 * The memory while a batch is under way: its contacts that join or leave stay pending until its run reports back, in case the
 * process dies before. `idOf` gives the id of a contact in the form that is remembered.
 */
export function awaiting(
	memory: MemberMemory,
	changes: readonly ContactChange[],
	idOf: (id: string) => string = (id) => id,
): MemberMemory {
	const moving = changes.flatMap(({ change, source, optOutOnly }) => {
		const id = idOf(source.id);
		// One that is not followed is no member, whatever its run comes to.
		return optOutOnly || isMemberChange(change) === isMember(memory, id) ? [] : [id];
	});
	return doubting(memory, moving);
}

/** The memory when it is unknown of these contacts whether they are, or stay, members. */
const doubting = (memory: MemberMemory, ids: readonly string[]): MemberMemory => ({
	...memory,
	members: changedIds(memory.members, [], new Set(ids)),
	pending: changedIds(memory.pending, ids, new Set()),
});

/**
 * Members that are emitted anew when they are back, at most. Where more leave at once, the source is computing a list anew, and most of
 * them come back as they were: to emit all of them would cost as much as a first sync.
 */
const MOST_SEEN_OUTSIDE = 1_000;

/** The memory once these members were seen outside of the source while removals are held back. */
export const seenOutside = (memory: MemberMemory, ids: readonly string[]): MemberMemory =>
	doubting(memory, ids.slice(0, Math.max(0, MOST_SEEN_OUTSIDE - memory.pending.count)));

const isMemberChange = (change: ChangeKind): boolean => change !== 'removed' && change !== 'deleted';
