import { z } from 'zod';
import type { Result } from '../../../../core/result';
import { ok } from '../../../../core/result';
import type { ContactSearch, HubSpotClient } from '../../api/hubSpotClient';
import { HUBSPOT_LIMITS } from '../../api/limits';
import { compareIds } from '../../../../core/polling/memory/packedIds';
import { mergedIdsOf, MERGE_PROPERTIES, OPT_OUT_PROPERTY, STAMP_PROPERTY } from '../../api/propertyNames';
import type { HubSpotContact } from '../../api/types';
import { instantOf } from '../../api/types';

/**
 * Walks the contacts changed since an instant, oldest change first. Pages are never counted: contacts change while they
 * are read and leave their place, and HubSpot answers no more than 10,000 hits of one query. Instead every page begins at
 * the last instant of the one before, and passes over those of its contacts that were read, up to 100; an instant with more
 * contacts than a page holds is read by record id. The order of contacts within one instant is not documented, so nothing rests on it.
 */

/** Contacts use this stamp; page views and activities move it too. */
const STAMP = STAMP_PROPERTY;
/** Read with every hit, at no further cost: opt-outs of former members and merged records count too. */
const PROPERTIES = [STAMP, OPT_OUT_PROPERTY, ...MERGE_PROPERTIES];

export const searchPosition = z.object({
	/** Changes from this instant on are still to be read, ms since 1970. */
	from: z.number(),
	/** The instant that is being read by id, and the last id read of it. */
	instant: z.object({ at: z.number(), afterId: z.string() }).optional(),
	/** Ids of contacts that were read of the instant `from`. */
	seen: z.array(z.string()).optional(),
});

export type SearchPosition = z.output<typeof searchPosition>;

/** A contact that changed in some way. */
export interface Hit {
	readonly id: string;
	/** HubSpot's last-modified stamp, ms since 1970. */
	readonly at: number;
	readonly optedOut?: boolean;
	/** Ids of records that were merged into this one. */
	readonly mergedIds?: readonly string[];
}

export interface HitPage {
	readonly hits: readonly Hit[];
	/** Absent: everything was read. */
	readonly next?: SearchPosition;
}

/**
 * Ids that a search may name. With 100 of them its body stays below 3,000 characters, once the most
 * (https://developers.hubspot.com/docs/api-reference/latest/crm/search-the-crm).
 */
const MOST_SEEN = 100;

/** A query from the epoch itself is answered with 500 (seen with a live account): begin a second later. */
const EARLIEST_INSTANT = 1_000;

/**
 * The next page of hits; one call. Hits outside of the window, which occur, are dropped. `passesOver`: pages do not overlap, for which
 * the search names contacts that were read.
 */
export async function readHits(
	client: HubSpotClient,
	position: SearchPosition,
	filters: readonly SearchFilter[] = [],
	passesOver = false,
): Promise<Result<HitPage>> {
	const { instant } = position;
	const from = Math.max(EARLIEST_INSTANT, position.from);
	const seen = passesOver ? { ids: position.seen ?? [], most: MOST_SEEN } : undefined;
	const query = instant ? queryOfInstant(instant) : queryFrom(from, seen?.ids);
	const answer = await client.searchContacts(withFilters(query, filters));
	if (answer.kind !== 'ok') return answer;
	const full = answer.value.next !== undefined || answer.value.items.length >= HUBSPOT_LIMITS.searchPage;
	const hits = toHits(answer.value.items);
	const page = instant ? pageOfInstant(hits, instant, full) : pageFrom(hits, from, full, seen);
	const outside = full && hits.length > 0 && !hits.some(({ at }) => (instant ? at === instant.at : at >= from));
	return outside ? OUTSIDE : ok(page);
}

/** A full page of hits outside of the query: the next one would be no other, so the search would never end. */
const OUTSIDE = {
	kind: 'refused',
	code: 'UNEXPECTED_ANSWER',
	reason: 'HubSpot answers a search with contacts that it was not asked for',
} as const;

/** Contacts that are unsubscribed from all e-mail. */
export const OPTED_OUT = [{ propertyName: OPT_OUT_PROPERTY, operator: 'EQ', value: 'true' }] as const;

type SearchFilter = ContactSearch['filterGroups'][number]['filters'][number];

const withFilters = (search: ContactSearch, more: readonly SearchFilter[]): ContactSearch => ({
	...search,
	filterGroups: search.filterGroups.map(({ filters }) => ({ filters: [...filters, ...more] })),
});

const queryFrom = (from: number, seen: readonly string[] = []): ContactSearch => ({
	filterGroups:
		seen.length === 0
			? [{ filters: [{ propertyName: STAMP, operator: 'GTE', value: String(from) }] }]
			: [
					{ filters: [{ propertyName: STAMP, operator: 'GT', value: String(from) }] },
					{
						filters: [
							{ propertyName: STAMP, operator: 'GTE', value: String(from) },
							{ propertyName: STAMP, operator: 'LTE', value: String(from) },
							{ propertyName: 'hs_object_id', operator: 'NOT_IN', values: seen },
						],
					},
				],
	sort: { propertyName: STAMP, direction: 'ASCENDING' },
	properties: PROPERTIES,
});

const queryOfInstant = ({ at, afterId }: { at: number; afterId: string }): ContactSearch => ({
	filterGroups: [
		{
			filters: [
				{ propertyName: STAMP, operator: 'GTE', value: String(at) },
				{ propertyName: STAMP, operator: 'LTE', value: String(at) },
				{ propertyName: 'hs_object_id', operator: 'GT', value: afterId },
			],
		},
	],
	sort: { propertyName: 'hs_object_id', direction: 'ASCENDING' },
	properties: PROPERTIES,
});

/**
 * The hits of a page sorted by instant; its last instant may be cut and begins the next page. `seen`: those read of the instant `from`
 * before, and how many of an instant the next page can pass over; without it the last instant is read anew.
 */
export function pageFrom(
	found: readonly Hit[],
	from: number,
	full: boolean,
	seen?: { readonly ids: readonly string[]; readonly most: number },
): HitPage {
	const isSeen = ({ id, at }: Hit): boolean => at === from && seen?.ids.includes(id) === true;
	const hits = found
		.filter((hit) => hit.at >= from && !isSeen(hit))
		.sort((a, b) => a.at - b.at || compareIds(a.id, b.id));
	if (!full) return { hits };
	const last = hits.at(-1)?.at ?? from;
	const whole = hits.filter((hit) => hit.at < last);
	const ofLast = hits.slice(whole.length);
	const before = seen && last === from ? seen.ids : [];
	const most = seen ? seen.most - before.length : 0;
	if (ofLast.length > 0 && (whole.length > 0 ? most > 0 : ofLast.length <= most)) {
		const taken = ofLast.slice(0, most);
		return { hits: [...whole, ...taken], next: { from: last, seen: [...before, ...taken.map(({ id }) => id)] } };
	}
	if (whole.length > 0) return { hits: whole, next: { from: last } };
	return { hits: [], next: { from: last, instant: { at: last, afterId: '0' } } };
}

/** A page of one instant, sorted by id. */
export function pageOfInstant(found: readonly Hit[], instant: { at: number; afterId: string }, full: boolean): HitPage {
	const hits = found
		.filter((hit) => hit.at === instant.at && compareIds(hit.id, instant.afterId) > 0)
		.sort((a, b) => compareIds(a.id, b.id));
	const last = hits.at(-1);
	if (!full || !last) return { hits, next: { from: instant.at + 1 } };
	return { hits, next: { from: instant.at, instant: { at: instant.at, afterId: last.id } } };
}

/** Where to go on when a page from `position` was taken up to `last`, and `next` is the first hit left over. */
export function resumeAt({ from, instant, seen }: SearchPosition, last: Hit | undefined, next: Hit): SearchPosition {
	if (!instant) return next.at === from && seen ? { from, seen } : { from: next.at };
	return { from, instant: { at: instant.at, afterId: last?.id ?? instant.afterId } };
}

function toHits(contacts: readonly HubSpotContact[]): Hit[] {
	return contacts.flatMap((contact) => {
		const at = instantOf(contact.properties[STAMP]) ?? contact.changedAt;
		if (at === undefined) return [];
		const optedOut = contact.properties[OPT_OUT_PROPERTY] === 'true';
		return [{ id: contact.id, at, optedOut, mergedIds: mergedIdsOf(contact) }];
	});
}
