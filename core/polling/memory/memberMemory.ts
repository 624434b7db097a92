import { z } from 'zod';
import type { ChangeKind, ContactChange } from '../../contact/contact';
import type { PackedInstants } from './handledChanges';
import { instantsOf, NO_INSTANTS, packedInstants, packInstants } from './handledChanges';
import type { PackedIds } from './packedIds';
import { changedIds, hasId, idsOf, NO_IDS, packedIds } from './packedIds';

/** Former members that are remembered at least and at most; the oldest are forgotten a generation at a time. */
const GENERATION = 50_000;
const GENERATIONS = 4;

/** Who was handed on, so that those who leave can be told. Part of the cursor. */
export const memberMemory = z.object({
	/** Handed on as members, and not as removed or deleted since. */
	members: packedIds,
	/**
	 * May be members for whoever was told, or gone: a batch that said so was under way when its outcome was lost or it failed. They
	 * are handed on again, as added if they are in the list, and as removed if they are not.
	 */
	pending: packedIds.default(() => NO_IDS),
	/** Of a sync that began without a memory: who was at the destination then. Absent once that was compared with the members. */
	held: packedIds.optional(),
	/** False: `members` is still to be filled by a silent walk (started from now on, or by an older version). */
	complete: z.boolean(),
	/** Handed on as removed or deleted, the oldest first: their opt-outs still count. At most 200,000. */
	former: z.array(packedIds),
	/** Members that the source no longer finds, with the instant at which that was noticed. */
	missing: packedInstants,
});

export type MemberMemory = z.output<typeof memberMemory>;

export const emptyMemory = (complete: boolean): MemberMemory => ({
	members: NO_IDS,
	pending: NO_IDS,
	complete,
	former: [],
	missing: NO_INSTANTS,
});

/** More of those held at the destination than this share are not taken to have left unseen: another sync brings them there. */
const MOST_LEFT = 0.25;
/** Of few, up to this share; where nearly all are strangers, none of them was ever a member. */
const FEW = 20;
const MOST_OF_FEW_LEFT = 0.5;

/**
 * The memory with what was held at the destination compared with the members, once those are known: who is not a member is in
 * doubt, so that a walk hands them on as removed or deleted. `unexplained`: too many for that, they are left alone.
 */
export function comparedWithHeld({ held, ...memory }: MemberMemory): {
	readonly memory: MemberMemory;
	readonly unexplained: number;
} {
	if (!held) return { memory, unexplained: 0 };
	const gone = idsOf(held).filter((id) => !isRemembered(memory, id));
	const most = Math.max(held.count * MOST_LEFT, Math.min(FEW, held.count * MOST_OF_FEW_LEFT));
	if (gone.length > most) return { memory, unexplained: gone.length };
	return { memory: { ...memory, pending: changedIds(memory.pending, gone, new Set()) }, unexplained: 0 };
}

/** The memory with the ids of records that the destination held when the sync began. */
export const withHeld = (memory: MemberMemory, ids: readonly string[]): MemberMemory => ({
	...memory,
	held: changedIds(memory.held ?? NO_IDS, ids, new Set()),
});

/** Said when comparing left contacts over. */
export const unexplainedNote = (count: number): string =>
	`The destination list holds ${count} contacts of this source that this sync does not follow; they are left alone, because another sync may bring them there. Who of them left or unsubscribed before this sync began is not known`;

export const isMember = ({ members }: MemberMemory, id: string): boolean => hasId(members, id);

export const mayBeMember = ({ members, pending }: MemberMemory, id: string): boolean =>
	hasId(members, id) || hasId(pending, id);

export const isFormer = ({ former }: MemberMemory, id: string): boolean => former.some((some) => hasId(some, id));

/** Whether anybody was, or may have been, told of a contact. */
export const isRemembered = (memory: MemberMemory, id: string): boolean =>
	mayBeMember(memory, id) || isFormer(memory, id);

/** How many members there are at most. */
export const mostMembers = ({ members, pending }: MemberMemory): number => members.count + pending.count;

export interface MemoryChanges {
	/** Handed on as members now. */
	readonly joined?: Iterable<string>;
	/** Handed on as removed or deleted now, or to be followed as such. */
	readonly left?: Iterable<string>;
	/** Records that were merged into others. */
	readonly forgotten?: Iterable<string>;
}

/** The memory after a delivery. */
export function remembering(memory: MemberMemory, changes: MemoryChanges): MemberMemory {
	const joined = new Set(changes.joined);
	const left = new Set(changes.left);
	const forgotten = new Set(changes.forgotten);
	const members = changedIds(memory.members, joined, new Set([...left, ...forgotten]));
	const back = new Set([...joined, ...forgotten]);
	const former = left.size > 0 || back.size > 0 ? changedFormer(memory.former, left, back) : memory.former;
	const pending = changedIds(memory.pending, [], new Set([...joined, ...left, ...forgotten]));
	return { ...memory, members, pending, former, missing: without(memory.missing, [...joined, ...left, ...forgotten]) };
}

function without(missing: PackedInstants, ids: readonly string[]): PackedInstants {
	if (missing.count === 0) return missing;
	const kept = new Map(instantsOf(missing));
	for (const id of ids) kept.delete(id);
	return kept.size === missing.count ? missing : packInstants(kept);
}

function changedFormer(
	former: readonly PackedIds[],
	left: ReadonlySet<string>,
	back: ReadonlySet<string>,
): PackedIds[] {
	// Somebody who leaves again belongs to the newest generation, so that they are not forgotten with the oldest.
	const gone = new Set([...back, ...left]);
	const kept = former.map((some) => changedIds(some, [], gone)).filter(({ count }) => count > 0);
	if (left.size === 0) return kept;
	const newest = kept.at(-1);
	const joinsNewest = newest !== undefined && newest.count < GENERATION;
	const generations = joinsNewest ? kept.slice(0, -1) : kept;
	return [...generations, changedIds(joinsNewest ? newest : NO_IDS, left, new Set())].slice(-GENERATIONS);
}

/**
 * The memory while a batch is under way: who joins or leaves with it may have been told when nobody is left to hear of the
 * outcome. `idOf` gives the id of a contact in the form that is remembered.
 */
export function awaiting(
	memory: MemberMemory,
	changes: readonly ContactChange[],
	idOf: (id: string) => string = (id) => id,
): MemberMemory {
	const moving = changes.flatMap(({ change, source }) => {
		const id = idOf(source.id);
		return isMemberChange(change) === isMember(memory, id) ? [] : [id];
	});
	return {
		...memory,
		members: changedIds(memory.members, [], new Set(moving)),
		pending: changedIds(memory.pending, moving, new Set()),
	};
}

const isMemberChange = (change: ChangeKind): boolean => change !== 'removed' && change !== 'deleted';
