import { ok } from '../../../../core/result';
import type { ListCursor } from '../listCursor';
import type { BatchResult, PollContext } from '../pollContext';
import { beginDueWalk } from './dueWalks';
import { missingSince, readMissing } from './missingMembers';
import { readRecycleBin } from './recycleBin';
import { walkMembers } from './walkMembers';

/**
 * Contacts that left the list and that the search did not show: those that HubSpot does not find any more, the difference
 * between the members and the remembered ones, and once a day the recycle bin, because deleted contacts may stay in the list.
 */
export async function readRemovals(context: PollContext, at: ListCursor): Promise<BatchResult> {
	if (at.phase !== 'live' || context.heldBack) return nothing(at);
	const due = missingSince(at, context.lookbackMs).slice(0, context.batchSize);
	if (due.length > 0) return await readMissing(context, at, due);
	const begun = beginDueWalk(context, at);
	if (begun.removals.walk) return await walkMembers(context, begun, begun.removals.walk);
	if (begun.removals.recycleBin) return await readRecycleBin(context, begun, begun.removals.recycleBin);
	return nothing(begun);
}

const nothing = (next: ListCursor): BatchResult => ok({ changes: [], phase: 'live', next, more: false });
