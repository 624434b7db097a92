import { RecentAnswers } from '../../../core/calls/cache/answerCache';
import type { Clock } from '../../../core/ports';
import type { Failure, Result } from '../../../core/result';
import { ok } from '../../../core/result';
import type { HubSpotClient } from '../api/hubSpotClient';
import { CONTACT_TYPE, listNotFound } from '../api/hubSpotClient';
import type { HubSpotWriter } from '../api/hubSpotWriter';
import type { HubSpotList } from '../api/types';

/** The static list to fill: one that exists, or one found by its name and created if need be. */
export type ListChoice =
	| { readonly id: string }
	| {
			readonly name: string;
			/** False: a missing list is not created and the answer is undefined (dry run). */
			readonly create: boolean;
	  };

/** HubSpot's word for lists that it fills by itself, from their filters: active ones. */
const ACTIVE = 'DYNAMIC';
/** Lists of which contacts are put on and taken off (https://developers.hubspot.com/docs/api-reference/latest/crm/lists/guide). */
export const STATIC_TYPES: readonly string[] = ['MANUAL', 'SNAPSHOT'];

const KEEP_MS = 60_000;
/** The list search goes no further than 10,000 lists. */
const MOST_PAGES = 20;
/** Whether a list has the name cannot be told then, and a second one of it is not to be made. */
const ENDLESS: Failure = {
	kind: 'refused',
	code: 'UNEXPECTED_ANSWER',
	reason: "HubSpot's pages of lists do not come to an end",
};
const recentLists = new RecentAnswers<HubSpotList | undefined>(KEEP_MS);

/** The id of the static list as chosen; undefined: a list that is not created yet. Use it only within `exclusively(account)`. */
export async function staticListId(
	client: HubSpotClient,
	writer: HubSpotWriter,
	account: string,
	clock: Clock,
	choice: ListChoice,
): Promise<Result<string | undefined>> {
	const key = 'id' in choice ? `${account}:#${choice.id}` : `${account}:${folded(choice.name)}`;
	const found = await recentLists.get(key, clock, async () => await findList(client, choice));
	if (found.kind !== 'ok') return found;
	const list = found.value;
	if (list) {
		const fault = unfitAsTarget(list);
		return fault ?? ok(list.id);
	}
	recentLists.forget(key);
	if ('id' in choice) return listNotFound(choice.id);
	if (!choice.create) return ok(undefined);
	const created = await writer.createList(choice.name.trim());
	if (created.kind !== 'refused') return created;
	// Names are unique: the list may have been created meanwhile, or by a call whose answer was lost.
	const now = await findList(client, choice);
	if (now.kind !== 'ok') return now;
	if (now.value) return unfitAsTarget(now.value) ?? ok(now.value.id);
	return {
		kind: 'stop',
		code: 'SETTING_INVALID',
		reason: `The list named in 'List' could not be created. ${created.reason}`,
	};
}

/** Checks that the segment is an active list of contacts (IS-04). */
export async function checkSegment(
	client: HubSpotClient,
	account: string,
	clock: Clock,
	id: string,
): Promise<Result<HubSpotList>> {
	const found = await recentLists.get(`${account}:#${id}`, clock, async () => await findList(client, { id }));
	if (found.kind !== 'ok') return found;
	if (!found.value) return listNotFound(id);
	if (found.value.processingType === ACTIVE && isOfContacts(found.value)) return ok(found.value);
	return {
		kind: 'stop',
		code: 'SEGMENT_NOT_ACTIVE',
		reason: `The list '${found.value.name}' in 'Inclusion Segment' is not an active list of contacts`,
	};
}

/** The list itself, or undefined when there is none. Of several with one name in other cases the oldest counts. */
export async function findList(client: HubSpotClient, choice: ListChoice): Promise<Result<HubSpotList | undefined>> {
	if ('id' in choice) {
		const page = await client.searchLists({ ids: [choice.id], count: 1 });
		return page.kind === 'ok' ? ok(page.value.items.find(({ id }) => id === choice.id)) : page;
	}
	const wanted = folded(choice.name);
	const named: HubSpotList[] = [];
	for (let offset = 0, pages = 0; pages < MOST_PAGES; pages++) {
		const page = await client.searchLists({ name: choice.name.trim(), offset });
		if (page.kind !== 'ok') return page;
		for (const list of page.value.items) if (folded(list.name) === wanted) named.push(list);
		const next = Number(page.value.next ?? NaN);
		if (!(next > offset)) return ok(named.sort((a, b) => Number(a.id) - Number(b.id))[0]);
		offset = next;
	}
	return ENDLESS;
}

/** The lists of contacts that can be filled (static), or that can be a segment (active). */
export async function readContactLists(
	client: HubSpotClient,
	kind: 'static' | 'active',
): Promise<Result<readonly HubSpotList[]>> {
	const processingTypes = kind === 'static' ? STATIC_TYPES : [ACTIVE];
	const lists: HubSpotList[] = [];
	for (let offset = 0, page = 0; page < MOST_PAGES; page++) {
		const found = await client.searchLists({ processingTypes, offset });
		if (found.kind !== 'ok') return found;
		for (const list of found.value.items) if (isOfContacts(list)) lists.push(list);
		const next = Number(found.value.next ?? NaN);
		if (!(next > offset)) break;
		offset = next;
	}
	return ok(lists);
}

/** Why contacts cannot be put on a list (H25); undefined when they can. */
export function unfitAsTarget(list: HubSpotList): Failure | undefined {
	const { name, processingType } = list;
	if (!isOfContacts(list))
		return { kind: 'stop', code: 'LIST_NOT_STATIC', reason: `The list '${name}' is not one of contacts` };
	if (STATIC_TYPES.includes(processingType)) return undefined;
	const what = processingType === ACTIVE ? 'an active list' : `a list of the type ${processingType}`;
	return { kind: 'stop', code: 'LIST_NOT_STATIC', reason: `'${name}' is ${what}, and contacts cannot be put on it` };
}

const isOfContacts = ({ objectTypeId }: HubSpotList): boolean =>
	objectTypeId === undefined || objectTypeId === CONTACT_TYPE;

const folded = (name: string): string => name.trim().toLowerCase();
