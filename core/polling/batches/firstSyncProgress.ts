import type { Delivery } from '../../contact/contact';
import type { TriggerMemory } from '../pollRegister';

/** What a batch of a first sync says of how far it is. */
export interface FirstSyncBatch {
	readonly contacts: number;
	/** Records that are followed with this batch. */
	readonly members: number | undefined;
	/** How many the source holds in all, by its own count. */
	readonly expected: number | undefined;
}

/**
 * How far a first sync is with a batch: of how many contacts, and about when it ends at the pace since this process took it up.
 * Nothing where the source does not know how many there are.
 */
export function firstSyncProgress(
	memory: TriggerMemory,
	{ contacts, members, expected }: FirstSyncBatch,
	now: number,
): Pick<Delivery, 'expected' | 'endsAbout'> {
	if (members === undefined || expected === undefined) return {};
	const before = members - contacts;
	// A sync that began again has fewer than it had.
	if (memory.firstSync === undefined || memory.firstSync.members > before)
		memory.firstSync = { members: before, at: now };
	const { members: atStart, at: startedAt } = memory.firstSync;
	const msEach = (now - startedAt) / (before - atStart);
	const left = Math.max(0, expected - before);
	if (!Number.isFinite(msEach) || msEach <= 0) return { expected };
	return { expected, endsAbout: new Date(now + left * msEach).toISOString() };
}
