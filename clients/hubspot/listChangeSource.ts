import type { ContactChange } from '../../core/contact/contact';
import { readPages } from '../../core/paging/readPages';
import type { ChangeBatch, ChangeSource, SourceIdentity } from '../../core/polling/changeSource';
import type { Clock } from '../../core/ports';
import type { Result } from '../../core/result';
import { ok } from '../../core/result';
import type { Hit, SearchPosition } from './changeSearch';
import { readHits, resumeAt } from './changeSearch';
import { DAILY_RECHECK_MS } from './classify';
import { ContactReader } from './contactReader';
import { isHandled, remember } from './handledChanges';
import type { HubSpotClient } from './hubSpotClient';
import { CONTACT_TYPE, listNotFound } from './hubSpotClient';
import { followsCheaply, readJoined } from './joinLog';
import { HUBSPOT_LIMITS } from './limits';
import type { Gate, ListCursor } from './listCursor';
import { gateMoved, readListCursor } from './listCursor';
import type { HubSpotList, HubSpotProperty, Member } from './types';

export interface ListSourceSettings {
	readonly listId: string;
	/** Names the key in use, no secret: with another one the account is read again. */
	readonly credential: string;
	/** Properties to hand on. */
	readonly fields: readonly string[];
	/** IS-04: refuse lists that HubSpot does not keep current by itself. */
	readonly activeListsOnly: boolean;
	readonly firstSync: 'all' | 'fromNow';
	/** Most contacts of one batch. */
	readonly batchSize: number;
	/** How long HubSpot may take to index a change. */
	readonly lookbackMs: number;
	/** HB-28: share of the day's calls left to others, in per cent. */
	readonly dailyReservePercent: number;
	/** Definitions of the properties, read when something is to be handed on. */
	definitions(): Promise<Result<readonly HubSpotProperty[]>>;
}

/** A property version may carry a slightly earlier stamp than the contact it changed. */
const STAMP_SLACK_MS = 10_000;
/** A log that does not seem to have moved is looked at once in so many polls, instead of the search. */
const POLLS_BETWEEN_LOOKS = 12;
/** Bounds on one batch that finds nothing to hand on. */
const MAX_SILENT_PAGES = 20;
const MAX_SEARCH_PAGES = 50;
/** Pages read to find the newest members when somebody tries the trigger out. */
const SAMPLE_PAGES = 8;

type Batch = Result<ChangeBatch<ListCursor>>;

/**
 * Follows the members of one HubSpot list: everyone in it first, then who joins and whose data changes. One call a poll
 * tells whether the list moved; together with one search that is all an idle list costs. Made anew for each poll.
 */
export class ListChangeSource implements ChangeSource<ListCursor> {
	private portalId = '';
	private list: HubSpotList | undefined;
	/** Stages this poll has behind it. */
	private logRead = false;
	private searched = false;
	private reader: ContactReader | undefined;

	constructor(
		private readonly client: HubSpotClient,
		private readonly settings: ListSourceSettings,
		private readonly clock: Clock,
	) {}

	async identify(previous: SourceIdentity | undefined, recheck: boolean): Promise<Result<SourceIdentity>> {
		const resting = this.reserveReached();
		if (resting) return resting;
		const scope = `contact:${this.settings.listId}`;
		const { credential } = this.settings;
		if (previous && previous.credential === credential && !recheck) {
			this.portalId = previous.account;
			return ok({ account: previous.account, scope, credential });
		}
		const account = await this.client.account();
		if (account.kind !== 'ok') return account;
		this.portalId = account.value.portalId;
		return ok({ account: this.portalId, scope, credential });
	}

	readCursor(stored: unknown): ListCursor | undefined {
		return readListCursor(stored);
	}

	async readBatch(cursor: ListCursor | undefined): Promise<Batch> {
		const list = await this.readList();
		if (list.kind !== 'ok') return list;
		const resting = this.reserveReached();
		if (resting) return resting;
		const gate = gateOf(list.value);
		const at = cursor ?? this.start(gate);
		if (this.logIsDue(at, gate)) return await this.readAdditions(at, gate);
		if (!this.searched) return await this.readChanges(at);
		return ok({ changes: [], phase: 'live', next: at, more: false });
	}

	/** The members that joined last, for a person who is trying the trigger out; of a long log the last of its beginning. */
	async sample(count: number): Promise<Result<readonly ContactChange[]>> {
		const identified = await this.identify(undefined, true);
		if (identified.kind !== 'ok') return identified;
		const list = await this.readList();
		if (list.kind !== 'ok') return list;
		const { listId } = this.settings;
		let newest: readonly Member[] = [];
		const pages = readPages((after) => this.client.membersByJoinOrder(listId, after), { maxPages: SAMPLE_PAGES });
		for await (const page of pages) {
			if (page.kind !== 'ok') return page;
			newest = [...newest, ...page.value.items].sort((a, b) => b.at - a.at).slice(0, count);
		}
		const read = await this.contacts.added(newest);
		return read.kind === 'ok' ? ok(read.value.changes) : read;
	}

	/** One call: the list's name, size and last addition; it also shows the day's remaining calls. */
	private async readList(): Promise<Result<HubSpotList>> {
		if (this.list) return ok(this.list);
		const { listId } = this.settings;
		const found = await this.client.searchLists({ ids: [listId], count: 1 });
		if (found.kind !== 'ok') return found;
		const list = found.value.items.find(({ id }) => id === listId);
		if (!list) return listNotFound(listId);
		if (list.objectTypeId !== undefined && list.objectTypeId !== CONTACT_TYPE) {
			return {
				kind: 'stop',
				code: 'SETTING_INVALID',
				reason: `The list in 'List' (${listId}) holds no contacts but objects of type ${list.objectTypeId}`,
			};
		}
		if (this.settings.activeListsOnly && list.processingType !== 'DYNAMIC') {
			return { kind: 'stop', code: 'LIST_NOT_ACTIVE', reason: `The list in 'List' (${listId}) is not an active list` };
		}
		this.list = list;
		return ok(list);
	}

	private reserveReached(): Extract<Result<never>, { kind: 'retry' }> | undefined {
		const { daily } = this.client.limits;
		const percent = this.settings.dailyReservePercent;
		if (!daily || daily.remaining >= (daily.limit * percent) / 100) return undefined;
		const recheckIn = daily.seenAt + DAILY_RECHECK_MS - this.clock.now();
		if (recheckIn <= 0) return undefined;
		return {
			kind: 'retry',
			code: 'DAILY_RESERVE_REACHED',
			reason: `${daily.remaining} of HubSpot's ${daily.limit} calls of today are left, fewer than the reserve of ${percent} %`,
			afterMs: recheckIn,
		};
	}

	private start(gate: Gate): ListCursor {
		const startedAt = this.client.serverNow();
		const fromNow = this.settings.firstSync === 'fromNow';
		return {
			startedAt,
			phase: 'firstSync',
			fromNow,
			log: {},
			gateAtWalk: gate,
			quietPolls: 0,
			watermark: startedAt,
			handled: {},
		};
	}

	private logIsDue(at: ListCursor, gate: Gate): boolean {
		if (this.logRead) return false;
		if (at.phase === 'firstSync' || at.log.walk || gateMoved(at.gate, gate)) return true;
		return !at.search && at.quietPolls >= POLLS_BETWEEN_LOOKS - 1 && followsCheaply(at.log);
	}

	/** Members in the order of the log: all of them in the first sync, later those that joined since. */
	private async readAdditions(at: ListCursor, gate: Gate): Promise<Batch> {
		const firstSync = at.phase === 'firstSync';
		const silent = firstSync && at.fromNow;
		const routine = !firstSync && !at.log.walk && !gateMoved(at.gate, gate);
		const gateAtWalk = at.log.walk ? (at.gateAtWalk ?? gate) : gate;
		const { batchSize, listId } = this.settings;
		// As few pages as possible, and together no more than a batch.
		const pages = Math.ceil(batchSize / HUBSPOT_LIMITS.membersPage);
		const pageSize = Math.max(1, Math.floor(batchSize / pages));
		const portion = await readJoined((after) => this.client.membersByJoinOrder(listId, after, pageSize), at.log, {
			maxPages: silent ? MAX_SILENT_PAGES : pages,
			since: silent ? at.startedAt : undefined,
		});
		if (portion.kind !== 'ok') return portion;
		const { joined, position, complete } = portion.value;
		const added = await this.contacts.added(joined);
		if (added.kind !== 'ok') return added;
		this.logRead = complete;
		// A look that found nothing takes the place of the search, so that an idle poll stays at two calls.
		if (complete && routine && joined.length === 0) this.searched = true;
		const next: ListCursor = {
			...at,
			log: position,
			phase: complete ? 'live' : at.phase,
			gate: complete ? gateAtWalk : at.gate,
			gateAtWalk: complete ? undefined : gateAtWalk,
			quietPolls: 0,
			handled: remember(at.handled, added.value.stamps, this.handledFrom(at.watermark)),
		};
		return ok({
			changes: added.value.changes,
			phase: silent ? 'live' : at.phase,
			next,
			more: !complete || (!firstSync && !this.searched),
		});
	}

	/** Contacts that changed, are members and differ in a property that is read. */
	private async readChanges(at: ListCursor): Promise<Batch> {
		const since = Math.max(0, at.watermark - this.settings.lookbackMs);
		const search = at.search ?? { from: since, since, startedAt: this.client.serverNow() };
		const found = await this.findNewHits(at, search);
		if (found.kind !== 'ok') return found;
		const { hits, next: searchNext } = found.value;
		const members = await this.client.membersAmong(
			this.settings.listId,
			hits.map(({ id }) => id),
		);
		if (members.kind !== 'ok') return members;
		// What lies before the start was read by the first sync, or is not wanted.
		const notBefore = at.fromNow ? at.startedAt : at.startedAt - STAMP_SLACK_MS;
		const unknownSince = Math.max(search.since - STAMP_SLACK_MS, notBefore);
		const changed = await this.contacts.changed(
			hits.filter(({ id }) => members.value.has(id)),
			(id) => at.handled[id] ?? unknownSince,
		);
		if (changed.kind !== 'ok') return changed;
		const complete = searchNext === undefined;
		this.searched = complete;
		const watermark = complete ? Math.max(at.watermark, search.startedAt) : at.watermark;
		const dealtWith = [...hits.map(({ id, at: stamp }) => [id, stamp] as const), ...changed.value.stamps];
		const next: ListCursor = {
			...at,
			watermark,
			search: complete ? undefined : { ...search, instant: undefined, ...searchNext },
			quietPolls: complete && !this.logRead ? at.quietPolls + 1 : at.quietPolls,
			handled: remember(at.handled, dealtWith, this.handledFrom(watermark)),
		};
		return ok({ changes: changed.value.changes, phase: 'live', next, more: !complete });
	}

	/** Pages of the search until a batch of contacts not dealt with yet is found, or its end. */
	private async findNewHits(
		at: ListCursor,
		from: SearchPosition,
	): Promise<Result<{ hits: readonly Hit[]; next?: SearchPosition }>> {
		const hits = new Map<string, Hit>();
		let position: SearchPosition | undefined = from;
		for (let pages = 0; position && pages < MAX_SEARCH_PAGES && hits.size < this.settings.batchSize; pages++) {
			const page: Awaited<ReturnType<typeof readHits>> = await readHits(this.client, position);
			if (page.kind !== 'ok') return hits.size > 0 ? ok({ hits: [...hits.values()], next: position }) : page;
			let last: Hit | undefined;
			for (const hit of page.value.hits) {
				if (hits.size >= this.settings.batchSize)
					return ok({ hits: [...hits.values()], next: resumeAt(position, last, hit) });
				if (!isHandled(at.handled, hit.id, hit.at)) hits.set(hit.id, hit);
				last = hit;
			}
			position = page.value.next;
		}
		return ok({ hits: [...hits.values()], next: position });
	}

	/** Reads contacts; the account is known by then. */
	private get contacts(): ContactReader {
		this.reader ??= new ContactReader(this.client, { ...this.settings, portalId: this.portalId });
		return this.reader;
	}

	/** States older than this can no longer be found by the next search. */
	private handledFrom(watermark: number): number {
		return watermark - this.settings.lookbackMs - STAMP_SLACK_MS;
	}
}

const gateOf = ({ size, lastAddedAt, version }: HubSpotList): Gate => ({ size, lastAddedAt, version });
