import type { Clock } from '../../../core/ports';
import { RecentAnswers } from '../../../core/calls/cache/answerCache';
import { DefinitionCache, type WantedFields } from '../../../core/calls/cache/definitionCache';
import type { Result } from '../../../core/result';
import type { HubSpotClient } from './hubSpotClient';
import type { HubSpotAccount, HubSpotProperty } from './types';

/** An account hardly ever moves to another time zone. */
const KEEP_ACCOUNT_MS = 600_000;

const properties = new DefinitionCache<readonly HubSpotProperty[]>((all) => all.map(({ name }) => name));
const accounts = new RecentAnswers<HubSpotAccount>(KEEP_ACCOUNT_MS);

/** The contact properties of an account, see `DefinitionCache`. `account`: see `accountKey`. */
export async function recentProperties(
	client: HubSpotClient,
	account: string,
	clock: Clock,
	wanted?: WantedFields,
): Promise<Result<readonly HubSpotProperty[]>> {
	return await properties.get(account, clock, async () => await client.contactProperties(), wanted);
}

/** The account itself with its time zone, at most 10 minutes old. `account`: see `accountKey`. */
export async function recentAccount(
	client: HubSpotClient,
	account: string,
	clock: Clock,
): Promise<Result<HubSpotAccount>> {
	return await accounts.get(account, clock, async () => await client.account());
}
