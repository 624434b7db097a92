import { instantOf } from '../../../../../core/instant';
import type { Result } from '../../../../../core/result';
import { ok } from '../../../../../core/result';
import type { BrevoClient } from '../../../api/brevoClient';
import { CONTACTS_PER_PAGE } from '../../../api/limits';
import { PageCircle, REPEATED_PAGES } from '../../../api/repeatedPages';
import type { BrevoContact, ContactPage } from '../../../api/types';

/** Pages of one sweep: those of ten million contacts. */
const MAX_PAGES = 10_000;
/** Pages that are read again, each further in front, where contacts were deleted between two pages. */
const MOST_BACK = 3;

export interface Sweep {
	/** Server time when the first page was read, in ms since 1970. */
	readonly startedAt: number;
	/** The newest time stamp of a contact that was read, in ms since 1970. */
	readonly newest: number;
	/** False when `giveUp` ended it. */
	readonly complete: boolean;
	/** How many contacts there were by the last page, where Brevo told. */
	readonly count: number | undefined;
	/** So many contacts were deleted meanwhile that some of those behind them may have been missed. */
	readonly shrank: boolean;
}

export interface SweepOptions {
	/** Only contacts modified since this instant (inclusive), in ms since 1970. */
	readonly modifiedSince?: number;
	/** Only the members of this list. */
	readonly listId?: number;
	/** Asked about every page before its contacts are taken, with Brevo's count. */
	readonly giveUp?: (count: number | undefined) => boolean;
}

interface Read {
	readonly answer: ContactPage;
	readonly size: number;
}

/**
 * Reads every contact, or those of the options, oldest first so that new ones do not shift pages. A page begins with the last contact
 * of the one before: when another one stands there, contacts were deleted and those behind them moved up, so it is read from further
 * in front. The next page is read while one is taken.
 */
export async function sweepContacts(
	client: BrevoClient,
	take: (contact: BrevoContact) => void,
	{ modifiedSince, listId, giveUp = () => false }: SweepOptions = {},
): Promise<Result<Sweep>> {
	const filters = {
		...(modifiedSince === undefined ? {} : { modifiedSince: new Date(modifiedSince).toISOString() }),
		...(listId === undefined ? {} : { listId }),
	};
	const pages = client.contactPages;
	const readAt = async (offset: number): Promise<Result<Read>> =>
		await pages.read(async (limit) => await client.getContacts({ limit, offset, ...filters }));
	let startedAt = 0;
	let newest = modifiedSince ?? 0;
	let shrank = false;
	let offset = 0;
	let before = new Set<number>();
	const circle = new PageCircle();
	let ahead: { readonly offset: number; readonly page: Promise<Result<Read>> } | undefined;
	for (let page = 0; page < MAX_PAGES * (CONTACTS_PER_PAGE / pages.size); page++) {
		let read = ahead?.offset === offset ? await ahead.page : await readAt(offset);
		ahead = undefined;
		for (let back = 1; read.kind === 'ok' && isBehind(read.value, before) && offset > 0; back++) {
			shrank ||= back > MOST_BACK;
			if (shrank) break;
			offset = Math.max(0, offset - read.value.size + 1);
			read = await readAt(offset);
		}
		if (read.kind !== 'ok') return read;
		const { answer, size } = read.value;
		const { contacts, count } = answer;
		if (page === 0) startedAt = client.serverNow ?? 0;
		if (giveUp(count)) return ok({ startedAt, newest, complete: false, count, shrank });
		const next = offset + contacts.length - 1;
		// Only where there is another page for certain.
		if (contacts.length === size && size > 1 && (count ?? 0) > next + 1) ahead = { offset: next, page: readAt(next) };
		for (const contact of contacts) {
			take(contact);
			newest = Math.max(newest, instantOf(contact.modifiedAt) ?? 0);
		}
		if (page === 0 && client.serverNow === undefined) startedAt = newest;
		// Brevo's count may lag behind its rows, so only a page with room left is the last one.
		if (contacts.length < size) return ok({ startedAt, newest, complete: true, count, shrank });
		if (circle.closesWith(contacts)) return REPEATED_PAGES;
		before = new Set(contacts.map(({ id }) => id));
		offset = size > 1 ? next : next + 1;
	}
	return {
		kind: 'stop',
		code: 'UNEXPECTED_ANSWER',
		reason: 'Brevo answered more pages of contacts than an account can have',
	};
}

/** Whether a page that should begin with a contact of the one before holds none of it. */
const isBehind = ({ answer: { contacts } }: Read, before: ReadonlySet<number>): boolean =>
	before.size > 0 && !contacts.some(({ id }) => before.has(id));
