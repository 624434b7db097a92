import type { Result } from '../../../../core/result';
import { ok } from '../../../../core/result';
import type { BrevoClient } from '../../api/brevoClient';
import { LIST_CHANGES_PER_CALL } from '../../api/limits';
import type { AccountContacts } from '../lookup/accountContacts';

/** Takes contacts off the list that unsubscribed from it while an import was under way that put them on it, see `LeftMeanwhile`. */
export async function takeOffAgain(
	client: BrevoClient,
	account: AccountContacts,
	listId: number | undefined,
	attributeNames: readonly string[],
): Promise<Result<unknown>> {
	const ids = account.leftMeanwhile.dueFor(listId);
	for (let start = 0; listId !== undefined && start < ids.length; start += LIST_CHANGES_PER_CALL) {
		const some = ids.slice(start, start + LIST_CHANGES_PER_CALL);
		const removed = await client.removeFromList(listId, some);
		if (removed.kind !== 'ok') return removed;
		account.leftMeanwhile.takenOff(listId, some);
		for (const id of some) account.current(attributeNames)?.takeOffList(id, listId);
	}
	return ok(undefined);
}
