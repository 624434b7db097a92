import type { Clock } from '../../core/ports';
import { PageSize } from '../../core/paging/smallerPages';
import type { Result } from '../../core/result';
import { ok } from '../../core/result';
import type { BrevoClient } from './brevoClient';
import { ContactMirror } from './contactMirror';
import type { OwedBlocks } from './guardedUpdate';
import { CONTACTS_PER_PAGE } from './limits';
import type { BrevoContact } from './types';

/** Larger accounts are not kept in memory: 200,000 contacts with six attributes take 125 MB (measured). */
const MAX_KEPT = 200_000;
/** Age up to which the mirror may be planned with as it is. A block is never lifted either way, whatever is stale. */
const TRUST_MS = 60_000;
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
	/** Server time up to which every change is in the mirror. */
	private watermark = 0;
	private dirty = false;
	/** The size of pages that Brevo answers for. */
	private readonly pages = new PageSize(PAGE_SIZES);
	/** See `OwedBlocks`. */
	readonly owedBlocks: OwedBlocks = new Map();
	/** How long imports took lately, in ms. */
	importMs: number | undefined;

	constructor(private readonly clock: Clock) {}

	/** Something was written: the mirror is to be refreshed before it is planned with again. */
	touch(): void {
		this.dirty = true;
	}

	/** The mirror, when it has these attributes and may still be refreshed. One that is too old is given up. */
	current(attributeNames: readonly string[]): ContactMirror | undefined {
		const { mirror } = this;
		if (!mirror || this.clock.now() - this.filledAt > LIFETIME_MS || mirror.size > MAX_KEPT) {
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
		if (this.current(attributeNames)) return this.isFresh() ? 0 : 2;
		const known = this.knownCount;
		if (!known || this.clock.now() - known.at > LIFETIME_MS) return undefined;
		return known.count > MAX_KEPT ? Infinity : Math.max(1, Math.ceil(known.count / CONTACTS_PER_PAGE));
	}

	/**
	 * A mirror to plan with: as it is, refreshed, or read anew. Undefined when the account is too large for at most
	 * `maxPages` pages.
	 */
	async ready(
		client: BrevoClient,
		attributeNames: readonly string[],
		maxPages: number,
	): Promise<Result<ContactMirror | undefined>> {
		const mirror = this.current(attributeNames);
		if (mirror && this.isFresh()) return ok(mirror);
		if (mirror) {
			const complete = await this.refreshAndCount(client, mirror);
			if (complete.kind !== 'ok') return complete;
			if (complete.value) return ok(mirror);
		}
		const names = [...new Set([...attributeNames, ...(this.mirror?.attributeNames ?? [])])].slice(0, 200);
		return await this.fill(client, names, maxPages);
	}

	/** Takes over everything that changed since the last look. */
	async refresh(client: BrevoClient, mirror: ContactMirror): Promise<Result<unknown>> {
		const swept = await sweepContacts(
			client,
			this.watermark,
			(contact) => mirror.put(contact),
			undefined,
			undefined,
			this.pages,
		);
		if (swept.kind !== 'ok') return swept;
		this.noteRefreshed(swept.value.startedAt);
		return swept;
	}

	private isFresh(): boolean {
		return !this.dirty && this.clock.now() - this.refreshedAt <= TRUST_MS;
	}

	/** False when contacts were deleted since the mirror was filled. */
	private async refreshAndCount(client: BrevoClient, mirror: ContactMirror): Promise<Result<boolean>> {
		const refreshed = await this.refresh(client, mirror);
		if (refreshed.kind !== 'ok') return refreshed;
		const first = await client.getContacts({ limit: 1, offset: 0 });
		if (first.kind !== 'ok') return first;
		const { count } = first.value;
		if (count !== undefined) this.noteCount(count);
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
		// Who was missed would be taken for a stranger.
		if (filled.value.shrank && fillsLeft > 1) return await this.fill(client, attributeNames, maxPages, fillsLeft - 1);
		this.mirror = mirror;
		this.filledAt = filledAt;
		this.noteRefreshed(filled.value.startedAt);
		return ok(mirror);
	}

	private noteRefreshed(startedAt: number): void {
		this.watermark = Math.max(0, startedAt - OVERLAP_MS);
		this.refreshedAt = this.clock.now();
		this.dirty = false;
	}

	private noteCount(count: number): void {
		this.knownCount = { count, at: this.clock.now() };
	}
}

export interface Sweep {
	/** Server time when the first page was read, in ms since 1970. */
	readonly startedAt: number;
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
		if (giveUp(count)) return ok({ startedAt, complete: false, shrank });
		offset += contacts.length;
		const last = contacts.length < size || (count !== undefined && offset >= count);
		if (last) return ok({ startedAt, complete: true, shrank });
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
