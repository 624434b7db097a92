import { IN_ANY_BATCH, sizeWithin } from '../../../../core/polling/batches/batchBytes';
import { isMember } from '../../../../core/polling/memory/memberMemory';
import type { Result } from '../../../../core/result';
import { ok } from '../../../../core/result';
import { HUBSPOT_LIMITS } from '../../api/limits';
import type { Member } from '../../api/types';
import type { ListCursor } from '../listCursor';
import type { PollContext } from '../pollContext';
import type { ContactsRead } from './contactReader';
import type { LogPortion } from './joinLog';
import { readJoined } from './joinLog';

/** Members that joined, and as contacts those of them that are to be emitted: all that are not remembered, and perhaps those that came back. */
export interface JoinedContacts extends LogPortion, Pick<ContactsRead, 'found' | 'stamps' | 'settings'> {
	/** To be emitted, in the order of the log. */
	readonly toEmit: readonly Member[];
}

/** Bounds on one batch that finds nothing to emit. */
const MAX_SILENT_PAGES = 20;

/**
 * The members of the next batch, as few pages of the log as possible. `since`: those that joined earlier, in ms since 1970, are passed
 * over. A batch that need not have its whole size is read in two portions, because the first one shows how large the contacts are.
 */
export async function readJoinedContacts(
	context: PollContext,
	at: ListCursor,
	since?: number,
): Promise<Result<JoinedContacts>> {
	const { batchSize, keepsSize } = context;
	if (keepsSize || since !== undefined) return await readPortion(context, at, batchSize, since);
	const first = await readPortion(context, at, Math.min(batchSize, IN_ANY_BATCH));
	if (first.kind !== 'ok' || first.value.complete) return first;
	const left = sizeWithin(batchSize, [...first.value.found.values()]) - IN_ANY_BATCH;
	if (left < HUBSPOT_LIMITS.membersPage) return first;
	const second = await readPortion(context, { ...at, log: first.value.position }, left);
	// What was read before a failure is emitted; the next batch meets the failure again.
	return second.kind === 'ok' ? ok(together(first.value, second.value)) : first;
}

async function readPortion(
	context: PollContext,
	at: ListCursor,
	size: number,
	since?: number,
): Promise<Result<JoinedContacts>> {
	const { client, contacts, listId } = context;
	const pageCount = Math.ceil(size / HUBSPOT_LIMITS.membersPage);
	const pageSize = Math.max(1, Math.floor(size / pageCount));
	const portion = await readJoined(async (after) => await client.membersByJoinOrder(listId, after, pageSize), at.log, {
		maxPages: since === undefined ? pageCount : MAX_SILENT_PAGES,
		since,
	});
	if (portion.kind !== 'ok') return portion;
	const toEmit = portion.value.joined.filter((member) => isToBeEmitted(member, context, at));
	const read = await contacts.read(
		toEmit.map(({ id }) => id),
		'plain',
	);
	if (read.kind !== 'ok') return read;
	const { found, stamps, settings } = read.value;
	return ok({ ...portion.value, toEmit, found, stamps, settings });
}

/**
 * A member that is remembered left and came back between two polls: the search finds what changed of it, but not what a workflow that
 * runs the other way held back meanwhile. Once the log was read, it shows a member again only when that came back.
 */
function isToBeEmitted({ id }: Member, { returningMembers }: PollContext, { phase, log, memory }: ListCursor): boolean {
	if (!memory.complete || !isMember(memory, id)) return true;
	return returningMembers && phase === 'live' && log.known !== undefined;
}

/** Two portions as one; a member that the log showed in both is there once, as in one portion. */
function together(first: JoinedContacts, second: JoinedContacts): JoinedContacts {
	const known = new Set(first.toEmit.map(({ id }) => id));
	return {
		joined: [...first.joined, ...second.joined],
		position: second.position,
		complete: second.complete,
		toEmit: [...first.toEmit, ...second.toEmit.filter(({ id }) => !known.has(id))],
		found: new Map([...first.found, ...second.found]),
		stamps: [...first.stamps, ...second.stamps],
		settings: second.toEmit.length > 0 ? second.settings : first.settings,
	};
}
