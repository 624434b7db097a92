import { isContactKey } from '../../../core/contact/contact';
import type { Clock } from '../../../core/ports';
import type { Result } from '../../../core/result';
import { ok } from '../../../core/result';
import { readPages } from '../../../core/calls/pages/readPages';
import { recentProperties } from '../api/cachedDefinitions';
import type { HubSpotClient } from '../api/hubSpotClient';
import { chunksOf } from '../api/hubSpotClient';
import { HUBSPOT_LIMITS } from '../api/limits';
import { keyPropertyOf } from './openDestination';

/** Pages of a list of 100,000 members; longer lists are not compared. */
const MAX_PAGES = 400;

export interface KeysWanted {
	readonly listId: string | undefined;
	/** `system:account:object` */
	readonly source: string;
	/** The key property as chosen. */
	readonly chosen: string | undefined;
}

/**
 * The record ids of those members of a list that carry a key of this source; one call for 250 members and one for 100 contacts.
 * Undefined where contacts carry no keys, no list is filled, or the list is too long.
 */
export async function keysOnList(
	client: HubSpotClient,
	account: string,
	clock: Clock,
	{ listId, source, chosen }: KeysWanted,
): Promise<Result<readonly string[] | undefined>> {
	if (listId === undefined) return ok(undefined);
	const properties = await recentProperties(client, account, clock, chosen === undefined ? [] : [chosen]);
	if (properties.kind !== 'ok') return properties;
	const key = keyPropertyOf(properties.value, chosen);
	if (key.kind !== 'ok') return key;
	if (key.value === undefined) return ok(undefined);
	const name = key.value;
	const ids: string[] = [];
	let isWhole = false;
	const pages = readPages(async (after) => await client.membersById(listId, after), { maxPages: MAX_PAGES });
	for await (const members of pages) {
		if (members.kind !== 'ok') return members;
		for (const { id } of members.value.items) ids.push(id);
		isWhole = members.value.next === undefined;
	}
	if (!isWhole) return ok(undefined);
	const found = new Set<string>();
	for (const chunk of chunksOf(ids, HUBSPOT_LIMITS.batchRead)) {
		const contacts = await client.contacts(chunk, [name]);
		if (contacts.kind !== 'ok') return contacts;
		for (const { properties: values } of contacts.value) {
			const value = values[name] ?? '';
			if (isContactKey(value) && value.startsWith(`${source}:`)) found.add(value.slice(source.length + 1));
		}
	}
	return ok([...found]);
}
