import { instantOf } from '../../../core/instant';
import { createHash } from 'node:crypto';
import type { ContactChange } from '../../../core/contact/contact';
import type { ChangeBatch, ChangeSource, OptOutLook, SourceIdentity } from '../../../core/polling/changeSource';
import { withNote } from '../../../core/polling/changeSource';
import { awaiting, cursorComparedWithHeld, unexplainedNote, withHeld } from '../../../core/polling/memory/memberMemory';
import { compareIds } from '../../../core/polling/memory/packedIds';
import { SourceTime } from '../../../core/polling/sourceTime';
import type { Clock } from '../../../core/ports';
import type { Result } from '../../../core/result';
import { ok } from '../../../core/result';
import type { BrevoClient } from '../api/brevoClient';
import { CONTACTS_PER_PAGE } from '../api/limits';
import type { BrevoAccount, BrevoAttribute, BrevoContact } from '../api/types';
import { checkLists } from './checkLists';
import type { ContactCursor } from './contactCursor';
import { readContactCursor, startCursor, withoutInstantsAhead } from './contactCursor';
import type { Following, Reading } from './judgeContacts';
import { Judgement } from './judgeContacts';
import { isOptedOut } from './optOuts';
import type { ContactsRead, PagePosition } from './readers/contactPages';
import { FIRST_PAGE, readAddressesOf, readContactPage, readContactsById } from './readers/contactPages';
import { highestId, missingInPage } from './readers/missingInPage';
import { readNewOptOuts } from './readOptOuts';
import type { ReadSettings } from './toContactChange';
import { knownAttributes, toContactChange } from './toContactChange';

export interface ContactSourceSettings extends Following {
	/** Names the key in use, no secret: with another one the account is read again. */
	readonly credential: string;
	/** Attributes to emit. */
	readonly fields: readonly string[];
	readonly firstSync: 'all' | 'fromNow';
	/** Most contacts of one batch. */
	readonly batchSize: number;
	/** How long a change may take until Brevo shows it. */
	readonly lookbackMs: number;
	/** Definitions of the attributes; read when a contact is to be judged. */
	definitions(): Promise<Result<readonly BrevoAttribute[]>>;
}

type BatchResult = Result<ChangeBatch<ContactCursor>>;

const HOUR_MS = 60 * 60_000;
/** A walk of so many calls is put off for so long: 100 calls an hour at most, of the 36,000 an account has for its contacts. */
const MS_PER_CALL = 36_000;
/** Members at once that a page does not show and that are looked up by their ids. */
const LOOKED_UP = 200;
/** A page that was read is used for so long: batches smaller than a page share it. */
const PAGE_KEPT_MS = 30_000;

/**
 * Follows the contacts of an account or of lists: all of them first, then contacts that are added, change, opt out, leave or are
 * deleted. Brevo tells modified contacts by an instant, but neither what was modified nor who left or was deleted; so what the fields
 * were is remembered in fingerprints, and a walk through all members finds the rest: in small accounts every second poll,
 * in larger ones once an hour or less. An idle poll is one call. Made anew for each poll.
 */
export class ContactChangeSource implements ChangeSource<ContactCursor> {
	private account = '';
	/** This poll has read the modified contacts, or walks in their place. */
	private searched = false;
	private page: { readonly name: string; readonly read: ContactsRead; readonly at: number } | undefined;
	private readonly time: SourceTime;

	constructor(
		private readonly client: BrevoClient,
		private readonly settings: ContactSourceSettings,
		private readonly clock: Clock,
	) {
		this.time = new SourceTime(() => client.serverTime(), clock);
	}

	async identify(previous: SourceIdentity | undefined, recheck: boolean): Promise<Result<SourceIdentity>> {
		const { credential, listIds, changes, listUnsubscribes } = this.settings;
		const lists = [...listIds].sort((a, b) => a - b).join(',');
		const scope = ['contact', lists, changes, lists === '' ? '' : listUnsubscribes].join(':');
		if (previous && previous.credential === credential && !recheck) {
			this.account = previous.account;
			return ok({ account: previous.account, scope, credential });
		}
		const account = await this.client.getAccount();
		if (account.kind !== 'ok') return account;
		this.account = accountIdOf(account.value);
		return ok({ account: this.account, scope, credential });
	}

	readCursor(stored: unknown): ContactCursor | undefined {
		return readContactCursor(stored);
	}

	async readBatch(cursor: ContactCursor | undefined): Promise<BatchResult> {
		this.time.begin(cursor?.time);
		const begun = cursor ?? startCursor(this.time.now(), this.settings.firstSync === 'fromNow');
		const { at, unexplained } = cursorComparedWithHeld(begun);
		const read = await this.readStage(at);
		const batch = unexplained > 0 ? withNote(read, unexplainedNote(unexplained)) : read;
		if (batch.kind !== 'ok') return batch;
		const { changes } = batch.value;
		const next = { ...batch.value.next, time: this.time.noted() };
		if (changes.length === 0) return ok({ ...batch.value, next });
		return ok({ ...batch.value, next, underWay: { ...at, memory: awaiting(at.memory, changes) } });
	}

	withHeld(cursor: ContactCursor, ids: readonly string[]): ContactCursor {
		return { ...cursor, memory: withHeld(cursor.memory, ids.filter(isContactId)) };
	}

	/** Modified contacts of the last hours, ten pages at most. Before the first sync began nothing is at the destination. */
	async readOptOuts(cursor: ContactCursor | undefined, seen: string | undefined): Promise<Result<OptOutLook>> {
		if (cursor === undefined) return ok({ changes: [], seen: seen ?? '' });
		this.time.begin(cursor.time);
		const settings = await this.readSettings();
		if (settings.kind !== 'ok') return settings;
		const { client, time } = this;
		return await readNewOptOuts({ client, time, settings: settings.value, ...this.settings }, cursor, seen);
	}

	/** The members that were created last, for trying the trigger out in the editor. */
	async sample(count: number): Promise<Result<readonly ContactChange[]>> {
		const identified = await this.identify(undefined, true);
		if (identified.kind !== 'ok') return identified;
		const settings = await this.readSettings();
		if (settings.kind !== 'ok') return settings;
		const { listIds, changes } = this.settings;
		// The newest first is the order that is asked for nowhere else.
		const read = await this.client.getContacts({ listIds, offset: 0, limit: CONTACTS_PER_PAGE, sort: 'desc' });
		if (read.kind !== 'ok') return read;
		const wanted = read.value.contacts
			.filter((contact) => changes === 'all' || isOptedOut(contact, this.settings))
			.slice(0, count);
		return ok(
			wanted.map((contact) => {
				const optedOut = isOptedOut(contact, this.settings);
				const change = changes === 'all' ? 'added' : 'optedOut';
				return toContactChange(contact, { change, at: instantOf(contact.modifiedAt) ?? 0, optedOut }, settings.value);
			}),
		);
	}

	private async readStage(at: ContactCursor): Promise<BatchResult> {
		if (at.walk) return await this.walk(at, at.walk);
		if (!this.searched && !at.search && this.walksInstead(at)) {
			this.searched = true;
			return nothing({ ...at, ...this.newWalk(), searched: false });
		}
		if (!this.searched) return await this.search(at);
		return this.isWalkDue(at) ? nothing({ ...at, ...this.newWalk() }) : nothing(at, false);
	}

	/** Contacts modified since the last reading, of the whole account: one that left the list is not found in it. */
	private async search(at: ContactCursor): Promise<BatchResult> {
		const before = this.time.now();
		const search = at.search ?? { since: at.since - this.settings.lookbackMs, startedAt: before, page: FIRST_PAGE };
		const modifiedSince = new Date(search.since).toISOString();
		const read = await this.readPage('search', { modifiedSince }, search.page);
		if (read.kind !== 'ok') return read;
		// The first answer of a poll shows Brevo's time; before it there is only this machine's.
		const known = withoutInstantsAhead(at, Math.max(this.client.serverTime(), this.clock.now()));
		if (known.since < at.since) return nothing(known);
		const startedAt = Math.min(search.startedAt, this.time.now());
		const judged = await this.judge({ ...known, newest: newestIn(read.value, at.newest) }, 'search', read.value);
		if (judged.kind !== 'ok') return judged;
		const { judgement, isCut } = judged.value;
		const after = judgement.after(search.since - HOUR_MS);
		const { next: page } = read.value;
		if (isCut) return emitted(judgement, { ...after, search }, 'live');
		if (page) return emitted(judgement, { ...after, search: { ...search, page } }, 'live');
		this.searched = true;
		const ended = { ...after, search: undefined, since: Math.max(at.since, startedAt), searched: true };
		return emitted(judgement, ended, 'live', this.isWalkDue(ended) || judgement.changes.length > 0);
	}

	/** All members, page by page, compared with the remembered ones: those that a page passes over are looked up by their ids. */
	private async walk(at: ContactCursor, walk: NonNullable<ContactCursor['walk']>): Promise<BatchResult> {
		const isFirst = at.phase === 'firstSync';
		const reading: Reading = isFirst ? (at.fromNow ? 'silent' : 'firstSync') : 'walk';
		const phase = isFirst && !at.fromNow ? 'firstSync' : 'live';
		// Who unsubscribed from a list before is no longer in it.
		const listIds = isFirst && this.settings.listUnsubscribes === 'optOut' ? [] : this.settings.listIds;
		const read = await this.readPage('walk', { listIds }, walk.page);
		if (read.kind !== 'ok') return read;
		const judged = await this.judge({ ...at, newest: newestIn(read.value, at.newest) }, reading, read.value);
		if (judged.kind !== 'ok') return judged;
		const { judgement, isCut } = judged.value;
		if (isCut) return emitted(judgement, { ...judgement.after(0), walk }, phase);
		const missing = at.phase === 'firstSync' ? [] : missingInPage(at.memory, walk.compared, read.value);
		const some = missing.slice(0, LOOKED_UP);
		const found = await readContactsById(this.client, some);
		if (found.kind !== 'ok') return found;
		for (const contact of found.value.values()) judgement.take(contact);
		const gone = some.filter((id) => !found.value.has(id));
		const taken = await readAddressesOf(this.client, judgement.mayHaveAddressOf(gone));
		if (taken.kind !== 'ok') return taken;
		for (const id of gone) judgement.takeGone(id, taken.value.get(id));
		const after = judgement.after(0);
		const calls = walk.calls + 1;
		if (some.length < missing.length)
			return emitted(judgement, { ...after, walk: { ...walk, compared: some.at(-1) ?? walk.compared } }, phase);
		const { next: page, contacts } = read.value;
		if (page) {
			const last = String(highestId(contacts));
			const compared = compareIds(last, walk.compared) > 0 ? last : walk.compared;
			return emitted(judgement, { ...after, walk: { ...walk, calls, page, compared } }, phase);
		}
		const ended = {
			...after,
			walk: undefined,
			walkWanted: false,
			walked: { at: Math.min(walk.startedAt, this.time.now()), calls },
		};
		if (!isFirst) return emitted(judgement, ended, phase);
		const last = emitted(judgement, { ...ended, phase: 'live', memory: { ...ended.memory, complete: true } }, phase);
		return last.kind === 'ok' && phase === 'firstSync' ? ok({ ...last.value, endsFirstSync: true }) : last;
	}

	/**
	 * Judges the contacts of a page until a batch is full. `isCut`: some of the page are left for the next one. The attributes of the
	 * account are read when a contact is to be emitted: one that was deleted is not taken for an empty one.
	 */
	private async judge(
		at: ContactCursor,
		reading: Reading,
		{ contacts }: ContactsRead,
	): Promise<Result<{ readonly judgement: Judgement; readonly isCut: boolean }>> {
		const known = at.select?.wanted === this.wanted ? at.select.fields : undefined;
		const asKnown = known && this.judgeBy(at, reading, contacts, { ...this.source, fields: known });
		if (asKnown?.judgement.changes.length === 0) return ok(asKnown);
		const settings = await this.readSettings();
		if (settings.kind !== 'ok') return settings;
		if (asKnown && known?.join() === settings.value.fields.join()) return ok(asKnown);
		const select = { wanted: this.wanted, fields: [...settings.value.fields] };
		return ok(this.judgeBy({ ...at, select }, reading, contacts, settings.value));
	}

	private judgeBy(
		at: ContactCursor,
		reading: Reading,
		contacts: readonly BrevoContact[],
		settings: ReadSettings,
	): { readonly judgement: Judgement; readonly isCut: boolean } {
		const judgement = new Judgement(at, this.settings, settings, reading, this.time.now());
		for (const [index, contact] of contacts.entries()) {
			judgement.take(contact);
			const isFull = judgement.changes.length >= this.settings.batchSize;
			if (isFull && index < contacts.length - 1) return { judgement, isCut: true };
		}
		return { judgement, isCut: false };
	}

	/** One page; the rest of one that a batch did not take up is at hand. */
	private async readPage(
		kind: 'search' | 'walk',
		query: Parameters<typeof readContactPage>[1],
		position: PagePosition,
	): Promise<Result<ContactsRead>> {
		const name = `${kind} ${query.modifiedSince ?? ''} ${query.listIds?.join() ?? ''} ${position.offset}`;
		const now = this.clock.now();
		if (this.page?.name === name && now - this.page.at < PAGE_KEPT_MS) return ok(this.page.read);
		const read = await readContactPage(this.client, query, position);
		if (read.kind === 'ok') this.page = { name, read: read.value, at: now };
		if (read.kind !== 'refused') return read;
		const lists = await checkLists(this.client, this.settings.listIds);
		return lists.kind === 'ok' ? { kind: 'stop', code: 'SOURCE_REFUSED', reason: read.reason } : lists;
	}

	private async readSettings(): Promise<Result<ReadSettings>> {
		const read = await this.settings.definitions();
		if (read.kind !== 'ok') return read;
		return ok({ ...this.source, fields: knownAttributes(this.settings.fields, read.value) });
	}

	private get source(): Omit<ReadSettings, 'fields'> {
		const { listIds } = this.settings;
		return { account: this.account, ...(listIds.length === 1 ? { list: String(listIds[0]) } : {}) };
	}

	/** The fields that are asked for, as one text. */
	private get wanted(): string {
		return this.settings.fields.join(',');
	}

	/** Where all members fit on a page, each second poll looks at them instead of the modified ones. */
	private walksInstead(at: ContactCursor): boolean {
		return at.searched && at.walked?.calls === 1;
	}

	private isWalkDue(at: ContactCursor): boolean {
		if (at.walkWanted) return true;
		const { at: walkedAt, calls } = at.walked ?? { at: at.startedAt, calls: 1 };
		return this.time.now() - walkedAt >= Math.max(HOUR_MS, calls * MS_PER_CALL);
	}

	private newWalk(): Pick<ContactCursor, 'walk'> {
		return { walk: { startedAt: this.time.now(), calls: 0, page: FIRST_PAGE, compared: '0' } };
	}
}

/** A step that emits nothing. */
const nothing = (next: ContactCursor, more = true): BatchResult => ok({ changes: [], phase: 'live', next, more });

const emitted = (
	{ changes }: Judgement,
	next: ContactCursor,
	phase: ChangeBatch<ContactCursor>['phase'],
	more = true,
): BatchResult => ok({ changes, phase, next, more });

/** The newest modification of contacts that were read. */
const newestIn = ({ contacts }: ContactsRead, before = 0): number =>
	contacts.reduce((newest, { modifiedAt }) => Math.max(newest, instantOf(modifiedAt) ?? 0), before);

const isContactId = (id: string): boolean => /^[1-9]\d{0,15}$/.test(id);

/** Of an account that does not tell its id: a hash of its login, because keys end up in logs and in other systems. */
function accountIdOf({ organization_id: id, email = '' }: BrevoAccount): string {
	if (id !== undefined) return String(id);
	return createHash('sha256').update(email.trim().toLowerCase()).digest('hex').slice(0, 12);
}
