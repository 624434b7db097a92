import { withRetry } from '../../../../core/calls/retry';
import { inParallel } from '../../../../core/calls/inParallel';
import type { Clock } from '../../../../core/ports';
import type { Failure, Result } from '../../../../core/result';
import { ok } from '../../../../core/result';
import type { BrevoClient } from '../../api/brevoClient';
import { BREVO_RETRY } from '../../api/limits';

/** Reads under way at once. */
const PARALLEL = 6;

/**
 * Puts up to 150 contacts on a list in one call; answers the ids of those that Brevo says are on it now. Before the call is repeated,
 * each contact is read: one that left the list since stays off it.
 */
export async function joinList(
	client: BrevoClient,
	clock: Clock,
	listId: number,
	ids: readonly number[],
): Promise<Result<readonly number[]>> {
	let toAdd: readonly number[] | undefined;
	return await withRetry<readonly number[]>(
		async () => {
			if (toAdd) {
				const still = await stillToAdd(client, listId, toAdd);
				if (still.kind !== 'ok') return still;
				toAdd = still.value;
			}
			toAdd ??= ids;
			return toAdd.length === 0 ? ok([]) : await client.addToList(listId, toAdd);
		},
		BREVO_RETRY,
		clock,
	);
}

/** Those that are neither on the list nor left it. */
async function stillToAdd(
	client: BrevoClient,
	listId: number,
	ids: readonly number[],
): Promise<Result<readonly number[]>> {
	const still: number[] = [];
	let failure: Failure | undefined;
	await inParallel(ids, PARALLEL, async (id) => {
		if (failure) return;
		const now = await client.getContact(String(id), 'contact_id');
		if (now.kind !== 'ok') failure = now;
		else if (now.value && !now.value.listIds.includes(listId) && !now.value.listUnsubscribed?.includes(listId))
			still.push(id);
	});
	return failure ?? ok(still);
}
