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

/** Members that joined, and as contacts those of them that are not remembered. */
export interface JoinedContacts extends LogPortion, Pick<ContactsRead, 'found' | 'stamps' | 'settings'> {
	/** In the order of the log. */
	readonly unknown: readonly Member[];
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
	{ client, contacts, listId }: PollContext,
	{ log, memory }: ListCursor,
	size: number,
	since?: number,
): Promise<Result<JoinedContacts>> {
	const pageCount = Math.ceil(size / HUBSPOT_LIMITS.membersPage);
	const pageSize = Math.max(1, Math.floor(size / pageCount));
	const portion = await readJoined(async (after) => await client.membersByJoinOrder(listId, after, pageSize), log, {
		maxPages: since === undefined ? pageCount : MAX_SILENT_PAGES,
		since,
	});
	if (portion.kind !== 'ok') return portion;
	const { joined } = portion.value;
	// A contact that left and came back between two polls is remembered; the search finds what changed of it.
	const unknown = memory.complete ? joined.filter(({ id }) => !isMember(memory, id)) : joined;
	const read = await contacts.read(
		unknown.map(({ id }) => id),
		'plain',
	);
	if (read.kind !== 'ok') return read;
	const { found, stamps, settings } = read.value;
	return ok({ ...portion.value, unknown, found, stamps, settings });
}

/** Two portions as one; a member that the log showed in both is there once, as in one portion. */
function together(first: JoinedContacts, second: JoinedContacts): JoinedContacts {
	const known = new Set(first.unknown.map(({ id }) => id));
	return {
		joined: [...first.joined, ...second.joined],
		position: second.position,
		complete: second.complete,
		unknown: [...first.unknown, ...second.unknown.filter(({ id }) => !known.has(id))],
		found: new Map([...first.found, ...second.found]),
		stamps: [...first.stamps, ...second.stamps],
		settings: second.unknown.length > 0 ? second.settings : first.settings,
	};
}
