import type { Batch, Steps } from './batch';
import type { Intent } from './collapse';
import type { ContactWrite, HeldContact } from '../destination';
import { heldBack } from './heldBack';
import type { KeyWrite } from '../keys';
import { keysOf, keysWithout, sharersOf } from '../keys';
import { mayBeOnList, sharersOnList } from '../listNotes';
import { keylessAtOtherAddresses } from './match/matchContacts';
import type { Obstacles } from './obstacles';
import type { ToPlan } from './planContact';
import { besideWrite } from './planContact';

/** Writes of other contacts than the intent's own, for its sake. */

/** An opt-out is the address's: every contact that has it is blocked. `waits`: as for `leaveBehind`. */
export function blockTwins(
	{ intent, held, state, destination, optsOut, takesBlocked }: ToPlan,
	steps: Steps,
): 'blocked' | 'waits' {
	if (!optsOut && !takesBlocked) return 'blocked';
	for (const twin of held?.twins ?? []) {
		const now = state.current(twin);
		if (now.optedOut) continue;
		const write = besideWrite(`${intent.key}#twin:${twin.id}`, now, destination, { block: true });
		if (!steps.add({ intent, role: 'beside', write })) return 'waits';
	}
	return 'blocked';
}

/**
 * Takes the contacts that were made from merged records off the list. `waits`: one of them is written in this round already, such as with
 * its block; the intent is planned again in the next one.
 */
export function leaveBehind(batch: Batch, intent: Intent, steps: Steps): 'left' | 'none' | 'waits' {
	let left: 'left' | 'none' = 'none';
	const merged = [
		...intent.formerKeys.flatMap((former) => batch.state.byKey(former) ?? []),
		...keylessAtOtherAddresses(intent, (email) => batch.state.byEmail(email)),
	];
	for (const held of merged) {
		if (batch.owners.has(held.id)) continue;
		const isShared = sharersOf(held, intent, batch.gone).length > 0;
		const isShareOfList = sharersOnList(held, intent, batch.gone, batch.destination.listId).length > 0;
		const leave = !batch.writesBlocksOnly && batch.settings.leavers === 'remove' && held.onList && !isShareOfList;
		const block = batch.wantsBlock(intent) && !held.optedOut;
		const keys = isShared && !batch.writesBlocksOnly ? keysWithoutMerged(batch, intent, held) : {};
		if (!leave && !block && keys.sourceKey === undefined && keys.otherKeys === undefined) continue;
		const write = besideWrite(`${intent.key}#${held.id}`, held, batch.destination, { leave, block, ...keys });
		if (!steps.add({ intent, role: 'beside', write })) return 'waits';
		if (leave) left = 'left';
	}
	return left;
}

/**
 * What others share keeps the contact on the list; a merged record no longer does. Its key stays until its block is carried, and that of a
 * converted lead whose sync fills another list until that sync has taken the contact off there.
 */
function keysWithoutMerged(batch: Batch, intent: Intent, held: HeldContact): KeyWrite {
	const isOwed = batch.takesBlocked(intent) && batch.currentOf(intent)?.optedOut !== true;
	if (isOwed || batch.settings.leavers === 'keep') return {};
	const { listId } = batch.destination;
	return keysWithout(held, new Set(intent.formerKeys.filter((key) => mayBeOnList(held, intent, key, listId))));
}

/**
 * A record that goes to an address of its own takes its key off the shared contact first: it can be on one contact only. Returns
 * the keys of the intents that wait for that.
 */
export function releaseShared(batch: Batch, obstacles: Obstacles, steps: Steps): ReadonlySet<string> {
	const deferred = new Set<string>();
	for (const [key, held] of batch.left) {
		const intent = batch.open.get(key);
		const now = batch.state.current(held);
		if (!intent || !keysOf(now).includes(key)) continue;
		deferred.add(key);
		const owner = batch.openOwnerOf(held);
		const block = blockBeforeRelease(batch, obstacles, intent);
		if (block) {
			steps.add({ intent, role: 'beside', write: block });
			if (owner) deferred.add(owner.key);
			continue;
		}
		// A record that stays at the address writes the contact in this run anyway.
		if (owner) continue;
		const isShareOfList = sharersOnList(now, intent, batch.gone, batch.destination.listId).length > 0;
		const leave = batch.settings.leavers === 'remove' && now.onList && !isShareOfList;
		const keys = keysWithout(now, batch.gone);
		const write = besideWrite(`${key}#released`, now, batch.destination, { leave, ...keys });
		steps.add({ intent, role: 'beside', write });
	}
	return deferred;
}

/**
 * The block of the shared contact that a record leaves is at its new address first: when the run ended in between, nothing would tell any
 * more. A contact that is new there is made for it, off the list and without a key, which the shared one still has.
 */
function blockBeforeRelease(batch: Batch, obstacles: Obstacles, intent: Intent): ContactWrite | undefined {
	const { destination, settings } = batch;
	const own = batch.currentOf(intent);
	if (!batch.takesBlocked(intent) || own?.optedOut === true) return undefined;
	if (own) return besideWrite(`${intent.key}#block`, own, destination, { block: true });
	const { email } = intent.contact;
	const isHeldBack = heldBack(intent, undefined, destination, settings.mode) !== undefined;
	if (email === undefined || isHeldBack || destination.required || obstacles.of(intent, false)) return undefined;
	const kind = 'create';
	return {
		key: `${intent.key}#block`,
		kind,
		email,
		attributes: {},
		joinList: false,
		block: true,
		changes: {},
		warnings: [],
	};
}
