import { instantsOf, packInstants } from '../../../core/polling/memory/handledChanges';
import { remembering } from '../../../core/polling/memory/memberMemory';
import type { ContactCursor } from './contactCursor';
import type { RecordHandover } from './handover';
import type { ResolvedScope } from '../scope/scope';
import { wholeSecond } from './readers/rowReader';
import { withHandled } from './readers/modstampPosition';

/** A record that was read within this time of its stamp may change once more under the same stamp. */
const FRESH_MS = 2_000;

/**
 * The cursor once these changes are confirmed. A record that was emitted in its final state is not emitted again when its stamp is
 * read; `readAt` is Salesforce's time when it was read.
 */
export function withHandover(at: ContactCursor, handover: RecordHandover, readAt: number): ContactCursor {
	const final = handover.emitted.filter((row) => row.at < wholeSecond(readAt) - FRESH_MS);
	const memory = remembering(at.memory, handover);
	const { unseen } = handover;
	const missing =
		unseen.length === 0
			? memory.missing
			: packInstants(new Map([...instantsOf(memory.missing), ...unseen.map((id) => [id, readAt] as const)]));
	return {
		...at,
		memory: { ...memory, missing },
		walkWanted: at.walkWanted || (unseen.length > 0 && at.walk === undefined),
		records: { ...at.records, handled: withHandled(at.records, final) },
	};
}

/** The cursor with the scope as it is now. Another filter of a list view moves records in and out, which only a walk finds. */
export function withScope(at: ContactCursor, { where, mine, drifts }: ResolvedScope, now: number): ContactCursor {
	const before = at.scope;
	const isOther = before !== undefined && (before.where !== where || before.mine !== mine);
	return { ...at, scope: { where, mine, drifts, seenAt: now }, walkWanted: at.walkWanted || isOther };
}
