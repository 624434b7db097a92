import type { Clock } from '../../../core/ports';
import { RecentAnswers } from '../../../core/calls/cache/answerCache';
import { DefinitionCache, type WantedFields } from '../../../core/calls/cache/definitionCache';
import type { Result } from '../../../core/result';
import type { SalesforceClient } from './salesforceClient';
import type { Organisation, SalesforceObject } from './types';

/** An organisation hardly ever moves to another time zone. */
const KEEP_ORGANISATION_MS = 600_000;

const objects = new DefinitionCache<SalesforceObject>(({ fields }) => fields.map(({ name }) => name));
const organisations = new RecentAnswers<Organisation>(KEEP_ORGANISATION_MS);

/** An object with its fields, see `DefinitionCache`. `account`: see `accountKey`. */
export async function recentObject(
	client: SalesforceClient,
	account: string,
	object: string,
	clock: Clock,
	wanted?: WantedFields,
): Promise<Result<SalesforceObject>> {
	return await objects.get(`${account} ${object}`, clock, async () => await client.describe(object), wanted);
}

/** The organisation with its time zone, at most 10 minutes old. `account`: see `accountKey`. */
export async function recentOrganisation(
	client: SalesforceClient,
	account: string,
	clock: Clock,
): Promise<Result<Organisation>> {
	return await organisations.get(account, clock, async () => await client.organisation());
}
