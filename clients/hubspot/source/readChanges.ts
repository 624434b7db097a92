import type { Result } from '../../../core/result';
import { ok } from '../../../core/result';
import type { Hit, HitPage, SearchPosition } from './readers/changeSearch';
import type { BatchResult, PollContext } from './pollContext';
import { ListHandover } from './handover';
import { handledFrom, membersIn, STAMP_SLACK_MS } from './pollContext';
import { instantsOf, isHandled, packInstants, remember } from '../../../core/polling/memory/handledChanges';
import type { ListCursor } from './listCursor';
import type { MemberMemory } from '../../../core/polling/memory/memberMemory';
import { isFormer, isMember, mayBeMember, remembering, seenOutside } from '../../../core/polling/memory/memberMemory';
import type { ReadSettings } from './toContactChange';
import { mergedIdsOf, mergedIdsSince } from '../api/propertyNames';
import type { ContactsRead } from './readers/contactReader';
import { withChains } from './readers/mergedRecords';
import { changesSince, optedOutSince, OUTSIDE_OPT_OUT, toContactChange } from './toContactChange';
import type { HubSpotContact } from '../api/types';

/** Bounds on one batch that finds nothing to emit. */
const MAX_SEARCH_PAGES = 50;

/**
 * The contacts that the search for changes finds, sorted by what they are (`sortHits`):
 *
 * | contact                                | in the list | not in the list                               |
 * | -------------------------------------- | ----------- | --------------------------------------------- |
 * | member                                 | `changed`   | `left`; while removals are held back `changed` |
 * | pending, also: seen outside while held | `joined`    | the same                                      |
 * | neither                                | `joined`    | `optedOut`, if unsubscribed and (1)           |
 * | neither                                | `joined`    | `outsideOptOut`, if unsubscribed and (2)      |
 * | any, while not all members are known   | `changed`   | by the lines above                            |
 *
 * (1) It was emitted as removed before, or a contact that was emitted was merged into it.
 *
 * (2) Opt-outs of the whole account are emitted.
 *
 * `changed` contacts are emitted if a property that is read differs, or others were merged into them.
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
	const sorted = sortHits(hits, members, at.memory, { held, accountOptOuts: context.accountOptOuts });
	const { changed, optedOut, outsideOptOut } = sorted;
	const withHistory = await context.contacts.read([...changed, ...optedOut, ...outsideOptOut].map(idOf), 'history');
	if (withHistory.kind !== 'ok') return withHistory;
	const plain = await context.contacts.read([...sorted.joined, ...sorted.left].map(idOf), 'plain');
	if (plain.kind !== 'ok') return plain;

	const noticedAt = time.now();
	// What lies before the start was read by the first sync, or is not wanted.
	const notBefore = at.fromNow ? at.startedAt : at.startedAt - STAMP_SLACK_MS;
	const unknownSince = Math.max(search.since - STAMP_SLACK_MS, notBefore);
	const sinceOf = (id: string): number => instantsOf(at.handled).get(id) ?? unknownSince;
	const staying = [...changed, ...sorted.joined].flatMap(
		({ id }) => withHistory.value.found.get(id) ?? plain.value.found.get(id) ?? [],
	);
	const chained = await withChains(context.contacts, staying, (contact) =>
		plain.value.found.has(contact.id) ? mergedIdsOf(contact) : mergedIdsSince(contact, sinceOf(contact.id)),
	);
	if (chained.kind !== 'ok') return chained;
	const handover = new ListHandover(at.memory);
	const contacts = { plain: plain.value, withHistory: withHistory.value, chained: chained.value };
	const notFound = handOver(handover, sorted, { contacts, memory: at.memory, lists: lists.value, noticedAt, sinceOf });

	const complete = searchNext === undefined;
	const watermark = complete ? Math.max(at.watermark, search.startedAt) : at.watermark;
	const handled = [...hits.map((hit) => [hit.id, hit.at] as const), ...withHistory.value.stamps, ...plain.value.stamps];
	// A sync in the other direction leaves them alone meanwhile, so that back in the list they are emitted as joining.
	const memory = seenOutside(remembering(at.memory, handover), sorted.outside);
	const next: ListCursor = {
		...at,
		watermark,
		newest,
		mergedAt,
		search: complete ? undefined : { ...search, instant: undefined, seen: undefined, ...searchNext },
		handled: remember(at.handled, handled, handledFrom(watermark, lookbackMs)),
		memory: { ...memory, missing: withMissing(memory, notFound, missingFrom(context, at)) },
	};
	return ok({ changes: handover.changes, phase: 'live', next, more: true });
}

const idOf = ({ id }: Hit): string => id;

/** From when on the search has to catch up: not from before the position it has reached, whatever the clocks say. */
export const missingFrom = ({ time }: PollContext, at: ListCursor): number => Math.max(time.now(), at.watermark);

/** Notes members that HubSpot does not find any more; whether they were merged is known when the search has caught up. */
export function withMissing(memory: MemberMemory, ids: readonly string[], noticedAt: number): MemberMemory['missing'] {
	const known = instantsOf(memory.missing);
	const fresh = ids.filter((id) => !known.has(id) && mayBeMember(memory, id));
	if (fresh.length === 0) return memory.missing;
	return packInstants(new Map([...known, ...fresh.map((id) => [id, noticedAt] as const)]));
}

interface SortedHits {
	/** Members that may differ from what was emitted. */
	readonly changed: Hit[];
	readonly joined: Hit[];
	readonly left: Hit[];
	/** Unsubscribed, and emitted as removed before. */
	readonly optedOut: Hit[];
	/** Unsubscribed, never emitted, and not in the list. */
	readonly outsideOptOut: Hit[];
	/** Ids of members that were merged into a contact outside of the list. */
	readonly mergedAway: string[];
	/** Ids of contacts outside of the list into which a contact was merged that was emitted. */
	readonly survivors: string[];
	/** Ids of those that were seen outside of the list while removals are held back. */
	readonly outside: string[];
}

function sortHits(
	hits: readonly Hit[],
	inList: ReadonlySet<string>,
	memory: MemberMemory,
	{ held, accountOptOuts }: { readonly held: boolean; readonly accountOptOuts: boolean },
): SortedHits {
	const sorted = {
		changed: [] as Hit[],
		joined: [] as Hit[],
		left: [] as Hit[],
		optedOut: [] as Hit[],
		outsideOptOut: [] as Hit[],
		mergedAway: [] as string[],
		survivors: [] as string[],
		outside: [] as string[],
	};
	for (const hit of hits) {
		const known = mayBeMember(memory, hit.id);
		if (inList.has(hit.id)) {
			(isMember(memory, hit.id) || !memory.complete ? sorted.changed : sorted.joined).push(hit);
		} else if (known && held) {
			sorted.changed.push(hit);
			sorted.outside.push(hit.id);
		} else if (known) {
			sorted.left.push(hit);
		} else {
			const { mergedIds = [] } = hit;
			const mergedMembers = mergedIds.filter((id) => mayBeMember(memory, id));
			const isSurvivor = mergedMembers.length > 0 || mergedIds.some((id) => isFormer(memory, id));
			for (const id of mergedMembers) sorted.mergedAway.push(id);
			if (isSurvivor) sorted.survivors.push(hit.id);
			if (hit.optedOut && (isSurvivor || isFormer(memory, hit.id))) sorted.optedOut.push(hit);
			else if (hit.optedOut && accountOptOuts) sorted.outsideOptOut.push(hit);
		}
	}
	return sorted;
}

/** What was read of the contacts that a search found. */
interface ReadHits {
	readonly contacts: {
		readonly plain: ContactsRead;
		readonly withHistory: ContactsRead;
		/** Those that stay, with the records that were merged into them. */
		readonly chained: ReadonlyMap<string, HubSpotContact>;
	};
	readonly memory: MemberMemory;
	/** The lists that each contact is in. */
	readonly lists: ReadonlyMap<string, ReadonlySet<string>>;
	readonly noticedAt: number;
	/** From when on a change of this contact is not emitted yet. */
	readonly sinceOf: (id: string) => number;
}

/** Emits each contact as what it is; returns the ids of members that cannot be found any more. */
function handOver(
	handover: ListHandover,
	sorted: SortedHits,
	{ contacts: { plain, withHistory, chained }, memory, lists, noticedAt, sinceOf }: ReadHits,
): readonly string[] {
	const notFound = [...sorted.mergedAway];
	for (const hit of sorted.changed) {
		const contact = chained.get(hit.id);
		if (contact) addChanged(handover, contact, hit, sinceOf(hit.id), withHistory.settings);
	}
	for (const hit of sorted.optedOut) {
		const contact = withHistory.found.get(hit.id);
		if (contact) addOptedOut(handover, contact, hit, sinceOf(hit.id), memory, withHistory.settings);
	}
	for (const hit of sorted.outsideOptOut) {
		const contact = withHistory.found.get(hit.id);
		if (!contact || !optedOutSince(contact, sinceOf(hit.id))) continue;
		handover.changes.push(toContactChange(contact, { ...OUTSIDE_OPT_OUT, at: hit.at }, withHistory.settings));
	}
	for (const { id } of sorted.joined) {
		const contact = chained.get(id);
		if (contact) handover.addJoined(contact, noticedAt, plain.settings);
	}
	for (const { id } of sorted.left) {
		const contact = plain.found.get(id);
		if (contact) {
			handover.addRemoved(contact, noticedAt, plain.settings, lists.get(id));
			for (const other of mergedIdsOf(contact)) if (mayBeMember(memory, other)) notFound.push(other);
		} else notFound.push(id);
	}
	for (const id of sorted.survivors) handover.left.push(id);
	return notFound;
}

/** A member is emitted if a property that is read differs, or if others were merged into it, whether they are remembered or not. */
function addChanged(
	handover: ListHandover,
	contact: HubSpotContact,
	hit: Hit,
	since: number,
	settings: ReadSettings,
): void {
	const changed = changesSince(contact, since, settings);
	const replaces = handover.replaces(contact) || mergedIdsSince(contact, since).length > 0;
	if (!changed && !replaces) return;
	const details = changed ?? { change: 'updated', at: contact.changedAt ?? hit.at, changedFields: [] };
	handover.changes.push(toContactChange(contact, replaces ? { ...details, change: 'updated' } : details, settings));
	for (const id of mergedIdsOf(contact)) handover.forgotten.push(id);
}

/** An unsubscribe is emitted also of a contact that was emitted as removed. */
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

/** Pages of the search until a batch of contacts not handled yet is found, or its end. */
async function findNewHits(
	{ changePages, batchSize, time, settleMs }: PollContext,
	at: ListCursor,
	from: SearchPosition,
): Promise<Result<FoundHits>> {
	const hits = new Map<string, Hit>();
	let position: SearchPosition | undefined = from;
	let { newest, mergedAt } = at;
	// What is held back is not noted as handled, and so found again by the next search, which overlaps this one.
	const settled = time.now() - settleMs;
	const waits = (hit: Hit): boolean => settleMs > 0 && hit.at > settled && !hit.optedOut;
	for (let pages = 0; position && pages < MAX_SEARCH_PAGES && hits.size < batchSize; pages++) {
		const page: Result<HitPage> = await changePages.read(position);
		if (page.kind !== 'ok')
			return hits.size > 0 ? ok({ hits: [...hits.values()], next: position, newest, mergedAt }) : page;
		for (const [index, hit] of page.value.hits.entries()) {
			if (hits.size >= batchSize) {
				const next = changePages.keepRest(position, page.value, index);
				return ok({ hits: [...hits.values()], next, newest, mergedAt });
			}
			if (!isHandled(at.handled, hit.id, hit.at) && !waits(hit)) hits.set(hit.id, hit);
			time.saw(hit.at);
			newest = Math.max(newest ?? 0, Math.min(hit.at, time.now()));
			if (hit.mergedIds?.length) mergedAt = newest;
		}
		position = page.value.next;
	}
	return ok({ hits: [...hits.values()], next: position, newest, mergedAt });
}
