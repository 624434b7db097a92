import type { Clock } from '../../../core/ports';
import { RecentAnswers } from '../../../core/calls/cache/answerCache';
import { DefinitionCache, type WantedFields } from '../../../core/calls/cache/definitionCache';
import type { Result } from '../../../core/result';
import type { BrevoClient } from './brevoClient';
import { EMAIL, PHONE } from './contactValues';
import type { BrevoAttribute, BrevoList } from './types';

const KEEP_LIST_MS = 60_000;

/** Every account has e-mail address and number, whether it lists them or not. */
const attributes = new DefinitionCache<readonly BrevoAttribute[]>((all) => [
	EMAIL,
	PHONE,
	...all.map(({ name }) => name),
]);
const lists = new RecentAnswers<BrevoList>(KEEP_LIST_MS);

/** The attributes of an account, see `DefinitionCache`. `account`: see `accountKey`. */
export async function recentAttributes(
	client: BrevoClient,
	account: string,
	clock: Clock,
	wanted?: WantedFields,
): Promise<Result<readonly BrevoAttribute[]>> {
	return await attributes.get(account, clock, async () => await client.listAttributes(), wanted);
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
