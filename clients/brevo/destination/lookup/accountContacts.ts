import type { Clock } from '../../../../core/ports';
import { PageSize } from '../../../../core/calls/smallerPages';
import type { Result } from '../../../../core/result';
import { ok } from '../../../../core/result';
import { NewestChanges } from '../../../../core/upsert/plan/newestChanges';
import { BulkMemory } from '../imports/droppedValues';
import { LeftMeanwhile } from '../imports/leftMeanwhile';
import type { BrevoClient } from '../../api/brevoClient';
import { ContactMirror } from './contactMirror';
import type { OwedBlocks } from '../updateKeepingBlock';
import { ImportsUnderWay } from '../imports/importsUnderWay';
import { CONTACTS_PER_PAGE } from '../../api/limits';
import { TechnicalList } from '../imports/technicalList';
import type { BrevoContact } from '../../api/types';

/** Larger accounts are not kept in memory: 200,000 contacts with six attributes take 125 MB (measured). */
const MAX_KEPT = 200_000;
/** Deletions are looked for at most this often while a mirror lives: nothing but a smaller count tells of them. */
const COUNT_MS = 60_000;
/** Leavers of one run whose stamps all moved before that counts as how this account does it. */
const STAMPS_TO_BELIEVE = 3;
/** A mirror older than this is read anew: what `modifiedSince` cannot tell, deletions above all, ends here. */
const LIFETIME_MS = 15 * 60_000;
/** Brevo's clock is told in whole seconds, and a row may show up a moment after its own time stamp. */
const OVERLAP_MS = 1_000;
/** Pages of one sweep; the mirror's own size is far below. */
const MAX_PAGES = 2_000;
/** What a page may hold; Brevo does not answer for the larger ones where contacts have many attributes. */
const PAGE_SIZES = [CONTACTS_PER_PAGE, 500, 100, 20] as const;
/** Times an account is read from which contacts are being deleted. */
const MAX_FILLS = 3;
/** Accounts whose contacts are kept at a time; each worker of n8n has its own. */
const MAX_MIRRORS = 2;

/**
 * What this process knows of an account's contacts: a mirror that consecutive batches share, so that 1,000 contacts cost a
 * page or two instead of 1,000 reads. Use it only within `exclusively(account)`.
 */
export class AccountContacts {
	/** The last number of contacts Brevo told, to judge whether reading all of them pays. */
	private knownCount: { readonly count: number; readonly at: number } | undefined;
	private mirror: ContactMirror | undefined;
	private filledAt = 0;
	private refreshedAt = 0;
	private countedAt = 0;
	/** Server time up to which every change is in the mirror. */
	private watermark = 0;
	/** Whether joining or leaving a list alone moves a contact's stamp, which is undocumented; undefined until it was seen. */
	private listChangesMoveStamp: boolean | undefined;
	/** The size of pages that Brevo answers for. */
	private readonly pages = new PageSize(PAGE_SIZES);
	/** See `OwedBlocks`. */
	readonly owedBlocks: OwedBlocks = new Map();
	/** The newest changes written, so that no older one follows them. */
	readonly newest = new NewestChanges();
	/** How long imports took lately, in ms. */
	importMs: number | undefined;
	readonly imports = new ImportsUnderWay();
	readonly technicalList = new TechnicalList();
	readonly bulkMemory = new BulkMemory();
	readonly leftMeanwhile = new LeftMeanwhile();
	/** When the look began that the mirror is as new as. */
	pictureAt = 0;

	constructor(private readonly clock: Clock) {}

	/**
	 * Hears of contacts that did nothing but leave a list whether their stamps moved. One that stayed settles it; several that
	 * moved do, because a single one may have been changed by hand at the same moment.
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

	/** The mirror, when it has these attributes and may still be refreshed. One that is too old is given up. */
	current(attributeNames: readonly string[]): ContactMirror | undefined {
		const { mirror } = this;
		if (!mirror || !this.isWithin(this.filledAt, LIFETIME_MS) || mirror.size > MAX_KEPT) {
			this.forget();
			return undefined;
		}
		return attributeNames.every((name) => mirror.attributeNames.includes(name)) ? mirror : undefined;
	}

	/** Gives up the mirror and its memory; what is small stays. */
	forget(): void {
		this.mirror = undefined;
	}

	/** Calls until a mirror is there to plan with; undefined when that is not known before the first page. */
	callsToReady(attributeNames: readonly string[]): number | undefined {
		if (this.current(attributeNames)) return this.isWithin(this.countedAt, COUNT_MS) ? 1 : 2;
		const known = this.knownCount;
		if (!known || !this.isWithin(known.at, LIFETIME_MS)) return undefined;
		return known.count > MAX_KEPT ? Infinity : Math.max(1, Math.ceil(known.count / CONTACTS_PER_PAGE));
	}

	/**
	 * A mirror to plan a batch with: refreshed for it, or read anew. Undefined when the account is too large for at most
	 * `maxPages` pages.
	 */
	async ready(
		client: BrevoClient,
		attributeNames: readonly string[],
		maxPages: number,
	): Promise<Result<ContactMirror | undefined>> {
		const mirror = this.current(attributeNames);
		if (mirror) {
			mirror.beginBatch('none');
			const complete = await this.refreshAndCount(client, mirror);
			if (complete.kind !== 'ok') return complete;
			if (complete.value) return ok(mirror);
		}
		const names = [...new Set([...attributeNames, ...(this.mirror?.attributeNames ?? [])])].slice(0, 200);
		return await this.fill(client, names, maxPages);
	}

	/** Takes over everything that changed since the last look. */
	async refresh(client: BrevoClient, mirror: ContactMirror): Promise<Result<unknown>> {
		const beganAt = this.clock.now();
		const swept = await sweepContacts(
			client,
			this.watermark,
			(contact) => mirror.put(contact),
			undefined,
			undefined,
			this.pages,
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
	 * since the mirror was filled.
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
		return ok(count === undefined || count >= mirror.size);
	}

	private async fill(
		client: BrevoClient,
		attributeNames: readonly string[],
		maxPages: number,
		fillsLeft = MAX_FILLS,
	): Promise<Result<ContactMirror | undefined>> {
		this.mirror = undefined;
		const mirror = new ContactMirror(attributeNames);
		const filledAt = this.clock.now();
		const filled = await sweepContacts(
			client,
			undefined,
			(contact) => mirror.put(contact),
			(count) => {
				if (count !== undefined) this.noteCount(count);
				const pages = count === undefined ? 0 : Math.ceil(count / CONTACTS_PER_PAGE);
				return pages > maxPages || Math.max(mirror.size, count ?? 0) > MAX_KEPT;
			},
			undefined,
			this.pages,
		);
		if (filled.kind !== 'ok') return filled;
		if (!filled.value.complete || mirror.size > MAX_KEPT) return ok(undefined);
		// A contact that was missed would be taken for a new one.
		if (filled.value.shrank && fillsLeft > 1) return await this.fill(client, attributeNames, maxPages, fillsLeft - 1);
		this.mirror = mirror;
		this.filledAt = filledAt;
		this.pictureAt = filledAt;
		this.countedAt = filledAt;
		this.watermark = 0;
		mirror.beginBatch('all');
		this.noteRefreshed(filled.value, filledAt);
		return ok(mirror);
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

export interface Sweep {
	/** Server time when the first page was read, in ms since 1970. */
	readonly startedAt: number;
	/** The newest time stamp of a contact that was read, in ms since 1970. */
	readonly newest: number;
	/** False when `giveUp` ended it. */
	readonly complete: boolean;
	/** Contacts were deleted meanwhile: those behind them moved up, and some may have been missed. */
	readonly shrank: boolean;
}

/**
 * Reads every contact, those modified since an instant (inclusive) or those of a list, oldest first so that new ones do not
 * shift pages. `giveUp` is asked after every page, with Brevo's count.
 */
export async function sweepContacts(
	client: BrevoClient,
	modifiedSince: number | undefined,
	take: (contact: BrevoContact) => void,
	giveUp: (count: number | undefined) => boolean = () => false,
	listId?: number,
	pages: PageSize = new PageSize(PAGE_SIZES),
): Promise<Result<Sweep>> {
	const since = modifiedSince === undefined ? {} : { modifiedSince: new Date(modifiedSince).toISOString() };
	const members = listId === undefined ? {} : { listId };
	let startedAt = 0;
	let newest = modifiedSince ?? 0;
	let highest = 0;
	let shrank = false;
	let offset = 0;
	for (let page = 0; page < MAX_PAGES * (CONTACTS_PER_PAGE / pages.size); page++) {
		const read = await pages.read(async (limit) => await client.getContacts({ limit, offset, ...since, ...members }));
		if (read.kind !== 'ok') return read;
		const { answer, size } = read.value;
		const { contacts, count } = answer;
		for (const contact of contacts) {
			take(contact);
			newest = Math.max(newest, Date.parse(contact.modifiedAt) || 0);
		}
		if (page === 0) {
			startedAt = client.serverNow ?? newest;
		}
		shrank ||= count !== undefined && count < highest;
		highest = Math.max(highest, count ?? 0);
		if (giveUp(count)) return ok({ startedAt, newest, complete: false, shrank });
		offset += contacts.length;
		// Brevo's count may lag behind its rows, so only a page with room left is the last one.
		if (contacts.length < size) return ok({ startedAt, newest, complete: true, shrank });
	}
	return {
		kind: 'stop',
		code: 'UNEXPECTED_ANSWER',
		reason: 'Brevo answered more pages of contacts than an account can have',
	};
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
