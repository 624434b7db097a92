import { CONTACTS_PER_PAGE } from '../../api/limits';
import { BYTES_IN_INDEX } from './accountIndex';

/** Most bytes that a contact takes in the mirror of a large account. */
const BYTES_IN_MIRROR = 120;
/** Accounts whose mirror stays below this keep all values, however long: 500 bytes a contact at 128,000 contacts. */
const SMALL_MIRROR_BYTES = 64_000_000;
/** A mirror of an account up to this size is read anew after `LIFETIME_MS`; that of a larger one after as much longer as it is larger. */
const CHEAP_TO_READ = 200_000;
const LIFETIME_MS = 15 * 60_000;
/** From this number of contacts on, a batch is one of many: a first sync, or a change of all contacts. */
const ONE_OF_MANY = 500;
/** Single reads of smaller batches say nothing of the next ones. */
const FEW = 30;
/** A page of 1,000 contacts takes about as long as this many single reads. */
const PAGE_IN_SINGLE_READS = 3;

/** Room for the picture of an account unless the run says otherwise: a mirror of two million contacts. */
export const STANDARD_PICTURE_BYTES = 250_000_000;

/** How much of an account's contacts is kept. `mirror`: all that batches need. `index`: which contact has which identifier. */
export type Picture = 'mirror' | 'index' | 'none';

/** The fullest picture that an account of this size leaves room for. */
export function pictureFor(count: number, maxBytes: number): Picture {
	if (count * BYTES_IN_MIRROR <= maxBytes) return 'mirror';
	return count * BYTES_IN_INDEX <= maxBytes ? 'index' : 'none';
}

/** What a contact may take in a mirror of this many. */
export const bytesPerContact = (count: number, maxBytes: number): number =>
	Math.max(BYTES_IN_MIRROR, Math.min(maxBytes, SMALL_MIRROR_BYTES) / Math.max(1, count));

/** How long a picture may be used before what `modifiedSince` does not tell counts as too old. */
export const lifetimeMs = (count: number): number => LIFETIME_MS * Math.max(1, count / CHEAP_TO_READ);

export const pagesOf = (count: number): number => Math.ceil(count / CONTACTS_PER_PAGE);

/**
 * Pages that a batch may read instead of its contacts one by one. A batch that is one of many may spend on the picture what it would
 * cost itself, and what single reads cost lately (`spentLately`): so an account is read once it would have paid off.
 */
export function pagesWorth(contacts: number, singleCalls: number, spentLately: number): number {
	const calls = singleCalls + (contacts < FEW ? 0 : spentLately);
	return Math.ceil(contacts >= ONE_OF_MANY ? calls : calls / PAGE_IN_SINGLE_READS);
}
