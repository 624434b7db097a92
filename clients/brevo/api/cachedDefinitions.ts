import type { Clock } from '../../../core/ports';
import { RecentAnswers } from '../../../core/calls/answerCache';
import type { Result } from '../../../core/result';
import type { BrevoClient } from './brevoClient';
import type { BrevoAttribute, BrevoList } from './types';

/** Long enough for the batches of a first sync to share one answer, short enough to notice a deleted attribute soon. */
const KEEP_MS = 60_000;

const attributes = new RecentAnswers<readonly BrevoAttribute[]>(KEEP_MS);
const lists = new RecentAnswers<BrevoList>(KEEP_MS);

/** The attributes of an account, at most 60 s old; all nodes of this process share them. `account`: see `accountKey`. */
export async function recentAttributes(
	client: BrevoClient,
	account: string,
	clock: Clock,
): Promise<Result<readonly BrevoAttribute[]>> {
	return await attributes.get(account, clock, async () => await client.listAttributes());
}

/** Reads the attributes anew next time: one was created. */
export function forgetAttributes(account: string): void {
	attributes.forget(account);
}

/** A list, at most 60 s old. Refused with status 404 when it does not exist. */
export async function recentList(
	client: BrevoClient,
	account: string,
	listId: number,
	clock: Clock,
): Promise<Result<BrevoList>> {
	return await lists.get(`${account}:${listId}`, clock, async () => await client.getList(listId));
}
