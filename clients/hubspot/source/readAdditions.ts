import { ok } from '../../../core/result';
import { remember } from '../../../core/polling/memory/handledChanges';
import type { BatchResult, PollContext } from './pollContext';
import { ListHandover } from './handover';
import { handledFrom } from './pollContext';
import { readJoinedContacts } from './readers/joinedContacts';
import { withChains } from './readers/mergedRecords';
import type { ListCursor } from './listCursor';
import { figuresOf } from './listCursor';
import { remembering } from '../../../core/polling/memory/memberMemory';

/** Members in the order of the log: all of them in the first sync, later those that joined since. */
export async function readAdditions(context: PollContext, at: ListCursor): Promise<BatchResult> {
	const { lookbackMs, list } = context;
	const figures = figuresOf(list);
	const firstSync = at.phase === 'firstSync';
	const silent = firstSync && at.fromNow;
	const figuresAtWalk = at.log.walk ? (at.gateAtWalk ?? figures) : figures;
	const read = await readJoinedContacts(context, at, silent ? at.startedAt : undefined);
	if (read.kind !== 'ok') return read;
	const { joined, toEmit, found, position, complete, stamps, settings } = read.value;
	// In a first sync too: one whose memory was lost has emitted those records before.
	const chained = await withChains(context.contacts, [...found.values()]);
	if (chained.kind !== 'ok') return chained;
	const handover = new ListHandover(at.memory);
	for (const { id, at: joinedAt } of toEmit) {
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
