import type { ContactChange } from '../../../core/contact/contact';
import { readPages } from '../../../core/calls/pages/readPages';
import type { ChangeSource, OptOutLook, SourceIdentity } from '../../../core/polling/changeSource';
import { withNote } from '../../../core/polling/changeSource';
import type { Clock, Log } from '../../../core/ports';
import type { BatchRoom } from '../../../core/polling/batches/batchPace';
import { dailyReserveReached } from '../../../core/calls/dailyReserve';
import { SourceTime } from '../../../core/polling/sourceTime';
import type { Result } from '../../../core/result';
import { ok } from '../../../core/result';
import { readAdditions } from './readAdditions';
import { DAILY_RECHECK_MS } from '../api/classify';
import { ChangePages } from './readers/changePages';
import { ContactReader } from './readers/contactReader';
import { isHeldBack, isHeldTooLong, notedEdits } from './editHold';
import type { BatchResult, PollContext } from './pollContext';
import type { HubSpotClient } from '../api/hubSpotClient';
import { readContactList } from './readers/contactList';
import { followsCheaply } from './readers/joinLog';
import type { ListCursor } from './listCursor';
import { figuresOf, gateMoved, readListCursor, startCursor, withoutInstantsAhead } from './listCursor';
import { awaiting, comparedWithHeld, unexplainedNote, withHeld } from '../../../core/polling/memory/memberMemory';
import { readChanges } from './readChanges';
import { lookForOptOuts } from './findOptOuts';
import { readRemovals } from './removals/readRemovals';
import { hasOptOutsToWalk, PAGES_OF_A_POLL, walkAccountOptOuts } from './walkAccountOptOuts';
import { toContactChange } from './toContactChange';
import type { HubSpotList, HubSpotProperty, Member } from '../api/types';

export interface ListSourceSettings {
	readonly listId: string;
	/** Names the key in use, no secret: with another one the account is read again. */
	readonly credential: string;
	/** Properties to emit. */
	readonly fields: readonly string[];
	/** IS-04: refuse lists that HubSpot does not keep current by itself. */
	readonly activeListsOnly: boolean;
	readonly firstSync: 'all' | 'fromNow';
	/** Most contacts of one batch. */
	readonly batchSize: number;
	/** How long HubSpot may take to index a change. */
	readonly lookbackMs: number;
	/**
	 * How long a change is held back, at most `lookbackMs`; not at all when absent. By then HubSpot has worked out whether the contact is
	 * still in an active list: a change that ends the membership must not be passed on (IS-09). Opt-outs never wait.
	 */
	readonly settleMs?: number;
	/** True: opt-outs of contacts that were never in the list are emitted too, as `optOutOnly`. */
	readonly accountOptOuts?: boolean;
	/** True: members that left and were back before a poll looked are emitted again, as `added`. */
	readonly returningMembers?: boolean;
	/** HB-28: share of the day's calls left to others, in per cent. */
	readonly dailyReservePercent: number;
	/** Takes warnings that are no failures. */
	readonly log?: Pick<Log, 'warn'>;
	/** Definitions of the properties, read when a contact is to be emitted. */
	definitions(): Promise<Result<readonly HubSpotProperty[]>>;
	/** See `ReaderSettings`. */
	readonly ignoresOptOuts?: boolean;
}

/** A log that does not seem to have moved is looked at once in so many polls, instead of the search. */
const POLLS_BETWEEN_LOOKS = 12;
/** Pages read to find the newest members when the trigger is tried out in the editor. */
const SAMPLE_PAGES = 8;

/**
 * Follows the members of one HubSpot list: all of them first, then contacts that join, change or leave. One call a poll shows
 * whether the list moved; together with one search that is all an idle list costs. A poll goes through three stages: the
 * membership log, the search for changes, and removals. Made anew for each poll.
 */
export class ListChangeSource implements ChangeSource<ListCursor> {
	private portalId = '';
	private list: HubSpotList | undefined;
	/** Stages that this poll has read to their end. */
	private logRead = false;
	private searched = false;
	private optOutPages = 0;
	private reader: ContactReader | undefined;
	private readonly changePages: ChangePages;
	private readonly time: SourceTime;

	constructor(
		private readonly client: HubSpotClient,
		private readonly settings: ListSourceSettings,
		private readonly clock: Clock,
	) {
		this.changePages = new ChangePages(client);
		this.time = new SourceTime(() => client.serverNow(), clock);
	}

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

	async readBatch(cursor: ListCursor | undefined, room?: BatchRoom): Promise<BatchResult> {
		this.time.begin(cursor?.time);
		const list = await this.readList();
		if (list.kind !== 'ok') return list;
		const resting = this.reserveReached();
		if (resting) return resting;
		const now = this.time.now();
		const begun = cursor
			? withoutInstantsAhead(cursor, Math.max(this.client.serverNow(), this.clock.now()))
			: startCursor(now, this.settings.firstSync === 'fromNow', list.value);
		const { memory, unexplained } = compared(begun);
		const at = { ...begun, memory, time: this.time.noted(), edits: notedEdits(begun.edits, list.value, now) };
		const read = await this.readStage(this.hinted(at, list.value, now), list.value, room);
		const batch = unexplained > 0 ? withNote(read, unexplainedNote(unexplained)) : read;
		if (batch.kind !== 'ok' || batch.value.changes.length === 0) return batch;
		const { changes, next } = batch.value;
		const underWay = { ...at, memory: awaiting(at.memory, changes) };
		const { size: expected } = list.value;
		return ok({ ...batch.value, underWay, members: next.memory.members.count, expected });
	}

	withHeld(cursor: ListCursor, ids: readonly string[]): ListCursor {
		return { ...cursor, memory: withHeld(cursor.memory, ids.filter(isRecordId)) };
	}

	private async readStage(at: ListCursor, list: HubSpotList, room?: BatchRoom): Promise<BatchResult> {
		const context = this.context(list, at, room);
		if (this.logIsDue(at, list)) {
			const routine = at.phase === 'live' && !at.log.walk && !gateMoved(at.gate, figuresOf(list));
			const batch = await readAdditions(context, at);
			if (batch.kind === 'ok') {
				this.logRead = batch.value.next.log.walk === undefined;
				// A look that found nothing takes the place of the search, so that an idle poll stays at two calls.
				if (this.logRead && routine && batch.value.changes.length === 0) this.searched = true;
			}
			return batch;
		}
		if (!this.searched) {
			const batch = await readChanges(context, at);
			if (batch.kind !== 'ok' || batch.value.next.search) return batch;
			this.searched = true;
			const quietPolls = this.logRead ? 0 : at.quietPolls + 1;
			return ok({ ...batch.value, next: { ...batch.value.next, quietPolls } });
		}
		if (!context.accountOptOuts) return await readRemovals(context, { ...at, accountOptOuts: undefined });
		if (hasOptOutsToWalk(at) && this.optOutPages++ < PAGES_OF_A_POLL) return await walkAccountOptOuts(context, at);
		return await readRemovals(context, at);
	}

	/** One search as a rule, ten calls at most. Before a contact was emitted there is nothing to take back. */
	async readOptOuts(cursor: ListCursor | undefined, seen: string | undefined): Promise<Result<OptOutLook>> {
		if (!cursor) return ok({ changes: [], seen: seen ?? '' });
		const resting = this.reserveReached();
		if (resting) return resting;
		const { client, contacts, time } = this;
		time.begin(cursor.time);
		const { lookbackMs, accountOptOuts = false } = this.settings;
		return await lookForOptOuts({ client, contacts, time, lookbackMs, accountOptOuts }, cursor, seen);
	}

	/** The members that joined last, for trying the trigger out in the editor; of a long log the last of its beginning. */
	async sample(count: number): Promise<Result<readonly ContactChange[]>> {
		const identified = await this.identify(undefined, true);
		if (identified.kind !== 'ok') return identified;
		const list = await this.readList();
		if (list.kind !== 'ok') return list;
		let newest: readonly Member[] = [];
		const { client } = this;
		const { listId } = this.settings;
		const pages = readPages(async (after) => await client.membersByJoinOrder(listId, after), {
			maxPages: SAMPLE_PAGES,
		});
		for await (const page of pages) {
			if (page.kind !== 'ok') return page;
			newest = [...newest, ...page.value.items].sort((a, b) => b.at - a.at).slice(0, count);
		}
		const read = await this.contacts.read(
			newest.map(({ id }) => id),
			'plain',
		);
		if (read.kind !== 'ok') return read;
		const { found, settings } = read.value;
		return ok(
			newest.flatMap(({ id, at }) => {
				const contact = found.get(id);
				return contact ? [toContactChange(contact, { change: 'added', at }, settings)] : [];
			}),
		);
	}

	/** Warns once that a list which is not worked out is not waited for any longer. */
	private hinted(at: ListCursor, list: HubSpotList, now: number): ListCursor {
		if (at.edits.hinted === true || !isHeldTooLong(list, at.edits, now)) return at;
		this.settings.log?.warn(
			`HubSpot has been working out the members of list ${list.id} for more than a day; contacts that are not in it are now handed on as removed`,
		);
		return { ...at, edits: { ...at.edits, hinted: true } };
	}

	/** One call: the list's name, size and last addition; its headers hold the day's remaining calls. */
	private async readList(again = false): Promise<Result<HubSpotList>> {
		if (this.list && !again) return ok(this.list);
		const { listId } = this.settings;
		const read = await readContactList(this.client, listId);
		if (read.kind !== 'ok') return read;
		const list = read.value;
		if (this.settings.activeListsOnly && list.processingType !== 'DYNAMIC') {
			return { kind: 'stop', code: 'LIST_NOT_ACTIVE', reason: `The list in 'List' (${listId}) is not an active list` };
		}
		this.list = list;
		return ok(list);
	}

	private reserveReached() {
		const reserve = { vendor: 'HubSpot', percent: this.settings.dailyReservePercent, recheckMs: DAILY_RECHECK_MS };
		return dailyReserveReached(this.client.limits.daily, reserve, this.clock.now());
	}

	private logIsDue(at: ListCursor, list: HubSpotList): boolean {
		if (this.logRead || this.searched) return false;
		if (at.phase === 'firstSync' || at.log.walk || gateMoved(at.gate, figuresOf(list))) return true;
		return !at.search && at.quietPolls >= POLLS_BETWEEN_LOOKS - 1 && followsCheaply(at.log);
	}

	private context(list: HubSpotList, { edits, phase }: ListCursor, room: BatchRoom | undefined): PollContext {
		const { listId, lookbackMs, settleMs = 0, accountOptOuts = false, returningMembers = false } = this.settings;
		return {
			listId,
			batchSize: room?.[phase] ?? this.settings.batchSize,
			keepsSize: room === undefined,
			lookbackMs,
			settleMs,
			accountOptOuts,
			returningMembers,
			client: this.client,
			time: this.time,
			changePages: this.changePages,
			contacts: this.contacts,
			list,
			heldBack: isHeldBack(list, edits, this.time.now()),
			isHeldBackNow: async (at) => {
				const again = await this.readList(true);
				if (again.kind !== 'ok') return again;
				const now = this.time.now();
				return ok(isHeldBack(again.value, notedEdits(at.edits, again.value, now), now));
			},
		};
	}

	/** Reads contacts; the account is known by then. */
	private get contacts(): ContactReader {
		this.reader ??= new ContactReader(this.client, { ...this.settings, portalId: this.portalId });
		return this.reader;
	}
}

/** Once all members were read, and are remembered. */
const compared = ({ phase, memory }: ListCursor): ReturnType<typeof comparedWithHeld> =>
	phase === 'live' && memory.complete ? comparedWithHeld(memory) : { memory, unexplained: 0 };

const isRecordId = (id: string): boolean => /^\d{1,20}$/.test(id);
