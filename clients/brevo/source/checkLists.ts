import type { Result } from '../../../core/result';
import { ok } from '../../../core/result';
import type { BrevoClient } from '../api/brevoClient';

/** Whether every list that is followed exists: a call each. */
export async function checkLists(client: BrevoClient, listIds: readonly number[]): Promise<Result<unknown>> {
	for (const id of listIds) {
		const list = await client.getList(id);
		if (list.kind === 'refused')
			return { kind: 'stop', code: 'LIST_NOT_FOUND', reason: `There is no Brevo list with ID ${id}` };
		if (list.kind !== 'ok') return list;
	}
	return ok(undefined);
}
