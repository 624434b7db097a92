import type { Clock } from '../../../core/ports';
import { RecentAnswers } from '../../../core/calls/answerCache';
import type { Result } from '../../../core/result';
import type { SalesforceClient } from './salesforceClient';
import type { Organisation, SalesforceObject } from './types';

/** Long enough for the batches of a first sync to share one answer, short enough to notice a deleted field soon. */
const KEEP_MS = 60_000;

/** An organisation hardly ever moves to another time zone. */
const KEEP_ORGANISATION_MS = 600_000;

const objects = new RecentAnswers<SalesforceObject>(KEEP_MS);
const organisations = new RecentAnswers<Organisation>(KEEP_ORGANISATION_MS);

/** An object with its fields, at most 60 s old; all nodes of this process share it. `account`: see `accountKey`. */
export async function recentObject(
	client: SalesforceClient,
	account: string,
	object: string,
	clock: Clock,
): Promise<Result<SalesforceObject>> {
	return await objects.get(`${account} ${object}`, clock, async () => await client.describe(object));
}

/** The organisation with its time zone, at most 10 minutes old. `account`: see `accountKey`. */
export async function recentOrganisation(
	client: SalesforceClient,
	account: string,
	clock: Clock,
): Promise<Result<Organisation>> {
	return await organisations.get(account, clock, async () => await client.organisation());
}
