import type { Clock } from '../../../core/ports';
import { RecentAnswers } from '../../../core/calls/answerCache';
import type { Result } from '../../../core/result';
import type { HubSpotClient } from './hubSpotClient';
import type { HubSpotAccount, HubSpotProperty } from './types';

/** Long enough for the batches of a first sync to share one answer, short enough to notice a deleted property soon. */
const KEEP_MS = 60_000;

/** An account hardly ever moves to another time zone. */
const KEEP_ACCOUNT_MS = 600_000;

const properties = new RecentAnswers<readonly HubSpotProperty[]>(KEEP_MS);
const accounts = new RecentAnswers<HubSpotAccount>(KEEP_ACCOUNT_MS);

/** The contact properties of an account, at most 60 s old; all nodes of this process share them. `account`: see `accountKey`. */
export async function recentProperties(
	client: HubSpotClient,
	account: string,
	clock: Clock,
): Promise<Result<readonly HubSpotProperty[]>> {
	return await properties.get(account, clock, async () => await client.contactProperties());
}

/** The account itself with its time zone, at most 10 minutes old. `account`: see `accountKey`. */
export async function recentAccount(
	client: HubSpotClient,
	account: string,
	clock: Clock,
): Promise<Result<HubSpotAccount>> {
	return await accounts.get(account, clock, async () => await client.account());
}
