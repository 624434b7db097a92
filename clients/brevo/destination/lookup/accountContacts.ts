import type { Clock } from '../../../../core/ports';
import type { Result } from '../../../../core/result';
import { ok } from '../../../../core/result';
import type { Identifiers, TakenOver } from '../../../../core/upsert/destination';
import { BoundedMap } from '../../../../core/boundedMap';
import { NewestChanges } from '../../../../core/upsert/plan/newestChanges';
import { BulkMemory } from '../imports/droppedValues';
import { LeftMeanwhile } from '../imports/leftMeanwhile';
import type { BrevoClient } from '../../api/brevoClient';
import type { BrevoContact } from '../../api/types';
import { AccountIndex } from './accountIndex';
import { ContactMirror } from './contactMirror';
import { ImportPace } from '../imports/importPace';
import { findDeleted } from './findDeleted';
import type { OwedBlocks } from '../updateKeepingBlock';
import { ImportsUnderWay } from '../imports/importsUnderWay';
import { bytesPerContact, lifetimeMs, pagesOf, pictureFor } from './picturePolicy';
import { callsToReadByIds } from './read/readByIds';
import { TechnicalList } from '../imports/technicalList';
import type { Sweep } from './read/sweepContacts';
import { sweepContacts } from './read/sweepContacts';

/** Deletions are looked for at most this often while a mirror lives: nothing but a smaller count tells of them. */
const COUNT_MS = 60_000;
/** Leavers of one run whose stamps all moved before that counts as how this account does it. */
const STAMPS_TO_BELIEVE = 3;
/** Brevo's clock is told in whole seconds, and a row may show up a moment after its own time stamp. */
const OVERLAP_MS = 1_000;
/** What was read longer ago is brought up to date before a batch is planned with it. */
const LONG_FILL_MS = 10_000;
/** Times an account is read from which contacts are being deleted. */
const MAX_FILLS = 3;
/** Deleted contacts of smaller accounts are not searched for: reading all is as cheap. */
const PAGES_TO_SEARCH_FROM = 30;
/** Accounts whose contacts are kept at a time; each worker of n8n has its own. */
const MAX_MIRRORS = 2;
/** Records kept that took contacts over in runs that failed. */
const MOST_TAKEN_OVER = 1_000;
/** How long calls for single reads count as lately spent. */
const LATELY_MS = 60 * 60_000;

/** What a run needs the picture of the account for. */
export interface PictureNeed {
	readonly attributeNames: readonly string[];
	readonly wanted: readonly Identifiers[];
	/** Pages that may be read to make a picture. */
	readonly maxPages: number;
	/** Room for it. */
	readonly maxBytes: number;
}

/**
 * What this process knows of an account's contacts, shared by consecutive batches, so that 1,000 contacts cost a page or two instead
 * of 1,000 reads: a mirror, or of a very large account an index. Use it only within `exclusively(account)`.
 */
export class AccountContacts {
	/** The last number of contacts Brevo told, to judge whether reading all of them pays. */
	private knownCount: { readonly count: number; readonly at: number } | undefined;
	private mirror: ContactMirror | undefined;
	private index: AccountIndex | undefined;
	private filledAt = 0;
	/** Contacts there were when it was filled. */
	private filledWith = 0;
	private refreshedAt = 0;
	private countedAt = 0;
	/** Contacts that Brevo's count left out although they were there. */
	private uncounted = 0;
	/** Server time up to which every change is in the picture. */
	private watermark = 0;
	/** Calls that single reads cost, as long as they count. */
	private spent = { calls: 0, at: 0 };
	/** Whether joining or leaving a list alone moves a contact's stamp, which is undocumented; undefined until it was seen. */
	private listChangesMoveStamp: boolean | undefined;
	/** See `OwedBlocks`. */
	readonly owedBlocks: OwedBlocks = new Map();
	/** The newest changes written, so that no older one follows them. */
	readonly newest = new NewestChanges();
	/** See `FormerOwners`. */
	readonly takenOver = new BoundedMap<TakenOver>(MOST_TAKEN_OVER);
	readonly importPace = new ImportPace();
	readonly imports = new ImportsUnderWay();
	readonly technicalList = new TechnicalList();
	readonly bulkMemory = new BulkMemory();
	readonly leftMeanwhile = new LeftMeanwhile();
	/** When the look began that the mirror is as new as. */
	pictureAt = 0;

	constructor(private readonly clock: Clock) {}

	/**
	 * Notes whether the stamps moved of contacts that did nothing but leave a list. One stamp that stayed settles it. It takes several
	 * that moved, because a single contact may have been changed by hand at the same moment.
	 */
	noteListChanges(moved: number, stayed: number): void {
		if (stayed > 0) this.listChangesMoveStamp = false;
		else if (moved >= STAMPS_TO_BELIEVE) this.listChangesMoveStamp ??= true;
	}

	/** Whether joining or leaving a list is known to move a contact's stamp. */
	get listStampsMove(): boolean {
		return this.listChangesMoveStamp === true;
	}

	/** Whether the lists of a contact may have changed without a trace since it was read. */
	isMembershipUncertain(mirror: ContactMirror, id: number): boolean {
		return this.listChangesMoveStamp !== true && !mirror.isReadNow(id);
	}

	/** The mirror, when it has these attributes and may still be refreshed. A picture that is too old is given up. */
	current(attributeNames: readonly string[]): ContactMirror | undefined {
		if (!this.isWithin(this.filledAt, lifetimeMs(this.filledWith))) this.forget();
		const { mirror } = this;
		return mirror && attributeNames.every((name) => mirror.attributeNames.includes(name)) ? mirror : undefined;
	}

	/** Gives up the picture and its memory; what is small stays. */
	forget(): void {
		this.mirror = undefined;
		this.index = undefined;
	}

	/** Calls until there is a picture to plan with; undefined when that is not known before the first page. */
	callsToReady({ attributeNames, wanted, maxBytes }: PictureNeed): number | undefined {
		if (this.current(attributeNames)) return this.isWithin(this.countedAt, COUNT_MS) ? 1 : 2;
		if (this.index) return 1 + callsToReadByIds(wanted.length);
		const known = this.knownCount;
		if (!known || !this.isWithin(known.at, lifetimeMs(known.count))) return undefined;
		return pictureFor(known.count, maxBytes) === 'none' ? Infinity : Math.max(1, pagesOf(known.count));
	}

	/** Calls that single reads cost within the last hour, the older ones counted less. */
	get spentLately(): number {
		const age = this.clock.now() - this.spent.at;
		return age >= 0 && age < LATELY_MS ? this.spent.calls * (1 - age / LATELY_MS) : 0;
	}

	noteSingleReads(calls: number): void {
		this.spent = { calls: this.spentLately + calls, at: this.clock.now() };
	}

	/**
	 * A mirror to plan a batch with: refreshed for it, or read anew; of an account that is kept as an index, one of the contacts that
	 * the batch may be about. Undefined when the account is too large for at most `maxPages` pages, or for the memory.
	 */
	async ready(client: BrevoClient, need: PictureNeed): Promise<Result<ContactMirror | undefined>> {
		const mirror = this.current(need.attributeNames);
		if (mirror) {
			mirror.beginBatch('none');
			const complete = await this.refreshAndCount(client, mirror);
			if (complete.kind !== 'ok') return complete;
			if (complete.value) return ok(mirror);
		}
		if (this.index) return await this.mirrorOfBatch(client, this.index, need);
		const known = this.mirror?.attributeNames ?? [];
		const names = [...new Set([...need.attributeNames, ...known])].slice(0, 200);
		return await this.fill(client, { ...need, attributeNames: names });
	}

	/** Takes over everything that changed since the last look. */
	async refresh(client: BrevoClient, mirror: ContactMirror): Promise<Result<unknown>> {
		const beganAt = this.clock.now();
		const { index, watermark } = this;
		const swept = await sweepContacts(
			client,
			(contact) => {
				mirror.put(contact);
				index?.put(contact);
			},
			{ modifiedSince: watermark },
		);
		if (swept.kind !== 'ok') return swept;
		this.pictureAt = beganAt;
		this.noteRefreshed(swept.value, beganAt);
		return swept;
	}

	/** A clock that was put back makes nothing younger: an instant that lies ahead counts as long ago. */
	private isWithin(since: number, ms: number): boolean {
		const age = this.clock.now() - since;
		return age >= 0 && age <= ms;
	}

	/**
	 * Takes over what changed until now; people and other workers write to the account too. False when contacts were deleted
	 * since the mirror was filled, and cannot be told from the others.
	 */
	private async refreshAndCount(client: BrevoClient, mirror: ContactMirror): Promise<Result<boolean>> {
		const refreshed = await this.refresh(client, mirror);
		if (refreshed.kind !== 'ok') return refreshed;
		if (this.isWithin(this.countedAt, COUNT_MS)) return ok(true);
		const first = await client.getContacts({ limit: 1, offset: 0 });
		if (first.kind !== 'ok') return first;
		const { count } = first.value;
		if (count !== undefined) this.noteCount(count);
		this.countedAt = this.clock.now();
		if (count === undefined || count + this.uncounted >= mirror.size) return ok(true);
		const pages = pagesOf(mirror.size);
		if (pages < PAGES_TO_SEARCH_FROM) return ok(false);
		const found = await findDeleted(client, mirror, count, pages / 2);
		this.uncounted = Math.max(0, mirror.size - count);
		return found;
	}

	/** What changed is taken over first, so that the index names every contact that the batch may be about. */
	private async mirrorOfBatch(
		client: BrevoClient,
		index: AccountIndex,
		{ wanted, attributeNames }: PictureNeed,
	): Promise<Result<ContactMirror>> {
		const changed = new ContactMirror(attributeNames, {}, false);
		const refreshed = await this.refresh(client, changed);
		return refreshed.kind === 'ok' ? await index.mirrorOf(client, wanted, attributeNames) : refreshed;
	}

	/** Reads all contacts. Which picture is made of them is decided by the count on the first page. */
	private async fill(
		client: BrevoClient,
		need: PictureNeed,
		fillsLeft = MAX_FILLS,
	): Promise<Result<ContactMirror | undefined>> {
		this.forget();
		const { attributeNames, maxPages, maxBytes } = need;
		const filledAt = this.clock.now();
		let mirror = new ContactMirror(attributeNames);
		let index: AccountIndex | undefined;
		let size = 0;
		const giveUp = (count = size): boolean => {
			if (size === 0) this.noteCount(count);
			const picture = pictureFor(Math.max(count, size), maxBytes);
			if (picture === 'none' || pagesOf(count) > maxPages || index?.isComplete === false) return true;
			if (picture === 'index' && size > 0 && !index) return true;
			if (size > 0) return false;
			if (picture === 'index') index = new AccountIndex(count);
			else
				mirror = new ContactMirror(attributeNames, {
					expected: count,
					bytesPerContact: bytesPerContact(count, maxBytes),
				});
			return false;
		};
		const take = (contact: BrevoContact): void => {
			size += 1;
			(index ?? mirror).put(contact);
		};
		const filled = await sweepContacts(client, take, { giveUp });
		if (filled.kind !== 'ok') return filled;
		if (!filled.value.complete) return ok(undefined);
		const { shrank, count } = filled.value;
		const hasDeleted = !index && mirror.size > (count ?? Infinity) && pagesOf(mirror.size) < PAGES_TO_SEARCH_FROM;
		// A contact that was missed would be taken for a new one.
		if ((shrank || hasDeleted) && fillsLeft > 1) return await this.fill(client, need, fillsLeft - 1);
		this.filledAt = filledAt;
		this.filledWith = size;
		this.pictureAt = filledAt;
		this.countedAt = filledAt;
		this.uncounted = 0;
		this.watermark = 0;
		this.noteRefreshed(filled.value, filledAt);
		this.index = index;
		if (index) return await this.mirrorOfBatch(client, index, need);
		this.mirror = mirror;
		mirror.beginBatch('all');
		if (this.isWithin(filledAt, LONG_FILL_MS)) return ok(mirror);
		// What was read first is not as new as what was read last.
		mirror.beginBatch('none');
		this.countedAt = 0;
		const complete = await this.refreshAndCount(client, mirror);
		return complete.kind === 'ok' ? ok(mirror) : complete;
	}

	/**
	 * Moves the watermark as far as there is evidence: no further than Brevo's clock, and no further than the newest change
	 * that was seen or the time that passed here. So one answer that is dated ahead hides no change.
	 */
	private noteRefreshed({ startedAt, newest }: Sweep, beganAt: number): void {
		const passed = this.watermark === 0 ? 0 : Math.max(0, beganAt - this.refreshedAt);
		const evidence = Math.max(newest, this.watermark + OVERLAP_MS + passed);
		this.watermark = Math.max(this.watermark, Math.min(startedAt, evidence) - OVERLAP_MS, 0);
		this.refreshedAt = beganAt;
	}

	private noteCount(count: number): void {
		this.knownCount = { count, at: this.clock.now() };
	}
}

const accounts = new Map<string, AccountContacts>();

/**
 * What this process knows of the contacts of `account` (see `accountKey`). Only the accounts used last keep their mirror;
 * the rest is small, and owed blocks must not get lost.
 */
export function accountContacts(account: string, clock: Clock): AccountContacts {
	const known = accounts.get(account) ?? new AccountContacts(clock);
	accounts.delete(account);
	accounts.set(account, known);
	for (const other of [...accounts.values()].slice(0, -MAX_MIRRORS)) other.forget();
	return known;
}
