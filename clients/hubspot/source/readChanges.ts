import type { Result } from '../../../core/result';
import { ok } from '../../../core/result';
import type { Hit, SearchPosition } from './readers/changeSearch';
import { readHits, resumeAt } from './readers/changeSearch';
import type { BatchResult, PollContext } from './pollContext';
import { ListHandover } from './handover';
import { handledFrom, membersIn, STAMP_SLACK_MS } from './pollContext';
import { instantsOf, isHandled, packInstants, remember } from '../../../core/polling/memory/handledChanges';
import type { ListCursor } from './listCursor';
import type { MemberMemory } from '../../../core/polling/memory/memberMemory';
import { isFormer, isMember, mayBeMember, remembering } from '../../../core/polling/memory/memberMemory';
import type { ReadSettings } from './toContactChange';
import { mergedIdsOf } from '../api/propertyNames';
import { changesSince, optedOutSince, toContactChange } from './toContactChange';
import type { HubSpotContact } from '../api/types';

/** Bounds on one batch that finds nothing to hand on. */
const MAX_SEARCH_PAGES = 50;

/**
 * What the search for changed contacts finds: members that differ in a property that is read, members that left, contacts
 * that joined and that the log has not shown yet, records merged into others, and opt-outs of former members.
 */
export async function readChanges(context: PollContext, at: ListCursor): Promise<BatchResult> {
	const { client, listId, lookbackMs, time } = context;
	const since = Math.max(0, at.watermark - lookbackMs);
	const search = at.search ?? { from: since, since, startedAt: time.now() };
	const found = await findNewHits(context, at, search);
	if (found.kind !== 'ok') return found;
	const { hits, next: searchNext, newest, mergedAt } = found.value;
	const lists = await client.listsOf(hits.map(({ id }) => id));
	if (lists.kind !== 'ok') return lists;
	const members = membersIn(listId, lists.value);
	let held = context.heldBack;
	if (!held && hits.some(({ id }) => !members.has(id) && mayBeMember(at.memory, id))) {
		const heldNow = await context.isHeldBackNow(at);
		if (heldNow.kind !== 'ok') return heldNow;
		held = heldNow.value;
	}
	const sorted = sortHits(hits, members, at.memory, held);
	const watched = await context.contacts.read([...sorted.watched, ...sorted.optedOut].map(idOf), 'history');
	if (watched.kind !== 'ok') return watched;
	const plain = await context.contacts.read([...sorted.joined, ...sorted.left].map(idOf), 'plain');
	if (plain.kind !== 'ok') return plain;

	const handover = new ListHandover(at.memory);
	const noticedAt = time.now();
	// What lies before the start was read by the first sync, or is not wanted.
	const notBefore = at.fromNow ? at.startedAt : at.startedAt - STAMP_SLACK_MS;
	const unknownSince = Math.max(search.since - STAMP_SLACK_MS, notBefore);
	const sinceOf = (id: string): number => instantsOf(at.handled).get(id) ?? unknownSince;
	const missing = sorted.lostByMerge;
	for (const hit of sorted.watched) {
		const contact = watched.value.found.get(hit.id);
		if (contact) addWatched(handover, contact, hit, sinceOf(hit.id), watched.value.settings);
	}
	for (const hit of sorted.optedOut) {
		const contact = watched.value.found.get(hit.id);
		if (contact) addOptedOut(handover, contact, hit, sinceOf(hit.id), at.memory, watched.value.settings);
	}
	for (const { id } of sorted.joined) {
		const contact = plain.value.found.get(id);
		if (contact) handover.addJoined(contact, noticedAt, plain.value.settings);
	}
	for (const { id } of sorted.left) {
		const contact = plain.value.found.get(id);
		if (contact) {
			handover.addRemoved(contact, noticedAt, plain.value.settings, lists.value.get(id));
			missing.push(...mergedIdsOf(contact).filter((other) => mayBeMember(at.memory, other)));
		} else missing.push(id);
	}
	for (const id of sorted.successors) handover.left.push(id);

	const complete = searchNext === undefined;
	const watermark = complete ? Math.max(at.watermark, search.startedAt) : at.watermark;
	const dealtWith = [...hits.map((hit) => [hit.id, hit.at] as const), ...watched.value.stamps, ...plain.value.stamps];
	const memory = remembering(at.memory, handover);
	const next: ListCursor = {
		...at,
		watermark,
		newest,
		mergedAt,
		search: complete ? undefined : { ...search, instant: undefined, ...searchNext },
		handled: remember(at.handled, dealtWith, handledFrom(watermark, lookbackMs)),
		memory: { ...memory, missing: withMissing(memory, missing, missingFrom(context, at)) },
		removals: sorted.outside ? { ...at.removals, heldBack: true } : at.removals,
	};
	return ok({ changes: handover.changes, phase: 'live', next, more: true });
}

const idOf = ({ id }: Hit): string => id;

/** From when on the search has to catch up: not from before the place it has reached, whatever the clocks say. */
export const missingFrom = ({ time }: PollContext, at: ListCursor): number => Math.max(time.now(), at.watermark);

/** Notes members that HubSpot does not find any more; whether they were merged shows when the search has caught up. */
export function withMissing(memory: MemberMemory, ids: readonly string[], noticedAt: number): MemberMemory['missing'] {
	const known = instantsOf(memory.missing);
	const fresh = ids.filter((id) => !known.has(id) && mayBeMember(memory, id));
	if (fresh.length === 0) return memory.missing;
	return packInstants(new Map([...known, ...fresh.map((id) => [id, noticedAt] as const)]));
}

interface SortedHits {
	/** Members as far as anybody was told. */
	readonly watched: Hit[];
	readonly joined: Hit[];
	readonly left: Hit[];
	/** Unsubscribed, and handed on as gone before. */
	readonly optedOut: Hit[];
	/** Members that were merged into a contact outside of the list. */
	readonly lostByMerge: string[];
	/** Contacts outside of the list that stand for somebody who was handed on. */
	readonly successors: string[];
	/** Somebody was seen outside of the list while removals are held back. */
	readonly outside: boolean;
}

function sortHits(hits: readonly Hit[], inList: ReadonlySet<string>, memory: MemberMemory, held: boolean): SortedHits {
	const sorted = {
		watched: [] as Hit[],
		joined: [] as Hit[],
		left: [] as Hit[],
		optedOut: [] as Hit[],
		lostByMerge: [] as string[],
		successors: [] as string[],
		outside: false,
	};
	for (const hit of hits) {
		const known = mayBeMember(memory, hit.id);
		if (inList.has(hit.id)) {
			(isMember(memory, hit.id) || !memory.complete ? sorted.watched : sorted.joined).push(hit);
		} else if (known && held) {
			sorted.watched.push(hit);
			sorted.outside = true;
		} else if (known) {
			sorted.left.push(hit);
		} else {
			const { mergedIds = [] } = hit;
			const lost = mergedIds.filter((id) => mayBeMember(memory, id));
			const succeeds = lost.length > 0 || mergedIds.some((id) => isFormer(memory, id));
			for (const id of lost) sorted.lostByMerge.push(id);
			if (succeeds) sorted.successors.push(hit.id);
			if (hit.optedOut && (succeeds || isFormer(memory, hit.id))) sorted.optedOut.push(hit);
		}
	}
	return sorted;
}

/** A member that changed, if a property that is read really did, or if other members were merged into it. */
function addWatched(
	handover: ListHandover,
	contact: HubSpotContact,
	hit: Hit,
	since: number,
	settings: ReadSettings,
): void {
	const changed = changesSince(contact, since, settings);
	const replaces = handover.replaces(contact);
	if (!changed && !replaces) return;
	const details = changed ?? { change: 'updated', at: contact.changedAt ?? hit.at, changedFields: [] };
	handover.changes.push(toContactChange(contact, replaces ? { ...details, change: 'updated' } : details, settings));
	handover.forgotten.push(...mergedIdsOf(contact));
}

/** An unsubscribe has to reach also those who were told that somebody is gone. */
function addOptedOut(
	handover: ListHandover,
	contact: HubSpotContact,
	hit: Hit,
	since: number,
	memory: MemberMemory,
	settings: ReadSettings,
): void {
	const isNew = !isFormer(memory, contact.id) || optedOutSince(contact, since);
	if (!isNew) return;
	const details = changesSince(contact, since, settings) ?? { at: hit.at };
	handover.changes.push(toContactChange(contact, { ...details, change: 'removed' }, settings));
}

interface FoundHits {
	readonly hits: readonly Hit[];
	readonly next?: SearchPosition;
	/** Newest stamp that was read, now or before, and of contacts that others were merged into. */
	readonly newest?: number;
	readonly mergedAt?: number;
}

/** Pages of the search until a batch of contacts not dealt with yet is found, or its end. */
async function findNewHits(
	{ client, batchSize, time }: PollContext,
	at: ListCursor,
	from: SearchPosition,
): Promise<Result<FoundHits>> {
	const hits = new Map<string, Hit>();
	let position: SearchPosition | undefined = from;
	let { newest, mergedAt } = at;
	for (let pages = 0; position && pages < MAX_SEARCH_PAGES && hits.size < batchSize; pages++) {
		const page: Awaited<ReturnType<typeof readHits>> = await readHits(client, position);
		if (page.kind !== 'ok')
			return hits.size > 0 ? ok({ hits: [...hits.values()], next: position, newest, mergedAt }) : page;
		let last: Hit | undefined;
		for (const hit of page.value.hits) {
			if (hits.size >= batchSize)
				return ok({ hits: [...hits.values()], next: resumeAt(position, last, hit), newest, mergedAt });
			if (!isHandled(at.handled, hit.id, hit.at)) hits.set(hit.id, hit);
			last = hit;
			time.saw(hit.at);
			newest = Math.max(newest ?? 0, Math.min(hit.at, time.now()));
			if (hit.mergedIds?.length) mergedAt = newest;
		}
		position = page.value.next;
	}
	return ok({ hits: [...hits.values()], next: position, newest, mergedAt });
}
