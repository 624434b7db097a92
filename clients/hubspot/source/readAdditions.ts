import { ok } from '../../../core/result';
import { remember } from '../../../core/polling/memory/handledChanges';
import type { BatchResult, PollContext } from './pollContext';
import { ListHandover } from './handover';
import { handledFrom } from './pollContext';
import { readJoined } from './readers/joinLog';
import { withChains } from './readers/mergedRecords';
import { HUBSPOT_LIMITS } from '../api/limits';
import type { ListCursor } from './listCursor';
import { figuresOf } from './listCursor';
import { isMember, remembering } from '../../../core/polling/memory/memberMemory';

/** Bounds on one batch that finds nothing to emit. */
const MAX_SILENT_PAGES = 20;

/** Members in the order of the log: all of them in the first sync, later those that joined since. */
export async function readAdditions(context: PollContext, at: ListCursor): Promise<BatchResult> {
	const { batchSize, client, listId, lookbackMs, list } = context;
	const figures = figuresOf(list);
	const firstSync = at.phase === 'firstSync';
	const silent = firstSync && at.fromNow;
	const figuresAtWalk = at.log.walk ? (at.gateAtWalk ?? figures) : figures;
	// As few pages as possible, and together no more than a batch.
	const pageCount = Math.ceil(batchSize / HUBSPOT_LIMITS.membersPage);
	const pageSize = Math.max(1, Math.floor(batchSize / pageCount));
	const portion = await readJoined(async (after) => await client.membersByJoinOrder(listId, after, pageSize), at.log, {
		maxPages: silent ? MAX_SILENT_PAGES : pageCount,
		since: silent ? at.startedAt : undefined,
	});
	if (portion.kind !== 'ok') return portion;
	const { joined, position, complete } = portion.value;
	// A contact that left and came back between two polls is remembered; the search finds what changed of it.
	const unknown = at.memory.complete ? joined.filter(({ id }) => !isMember(at.memory, id)) : joined;
	const read = await context.contacts.read(
		unknown.map(({ id }) => id),
		'plain',
	);
	if (read.kind !== 'ok') return read;
	const { stamps, settings } = read.value;
	// Before anything was emitted no record has gone over to another.
	const chained = firstSync ? ok(read.value.found) : await withChains(context.contacts, [...read.value.found.values()]);
	if (chained.kind !== 'ok') return chained;
	const handover = new ListHandover(at.memory);
	for (const { id, at: joinedAt } of unknown) {
		const contact = chained.value.get(id);
		if (contact) handover.addJoined(contact, joinedAt, settings);
	}
	const showedNone = complete && !at.log.walk && joined.length === 0;
	const unseen = !firstSync && showedNone && at.gate?.lastAddedAt !== figures.lastAddedAt;
	const next: ListCursor = {
		...at,
		log: position,
		phase: complete ? 'live' : at.phase,
		gate: complete ? figuresAtWalk : at.gate,
		gateAtWalk: complete ? undefined : figuresAtWalk,
		quietPolls: 0,
		handled: remember(at.handled, stamps, handledFrom(at.watermark, lookbackMs)),
		memory: remembering(at.memory, handover),
		removals: unseen ? { ...at.removals, unseenAddition: true } : at.removals,
	};
	return ok({
		changes: handover.changes,
		phase: silent ? 'live' : at.phase,
		next,
		...(complete && firstSync && !silent ? { endsFirstSync: true } : {}),
		// After a first sync the next poll goes on, unless the members have still to be remembered.
		more: !complete || !firstSync || silent,
	});
}
