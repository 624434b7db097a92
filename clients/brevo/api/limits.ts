import type { Clock } from '../../../core/ports';
import { PageSize } from '../../../core/calls/pages/smallerPages';
import { CallLimiter, sharedLimiter } from '../../../core/calls/rateLimiter';
import type { RetryPolicy } from '../../../core/calls/retry';

/** Where the API lives unless the credential says otherwise. */
export const BREVO_BASE_URL = 'https://api.brevo.com/v3';

/**
 * Calls per account on the General tier, which every plan has (https://developers.brevo.com/docs/api-limits): 10 a second
 * and 36,000 an hour for everything below `/contacts`. A second is taken as 1.1 s, because calls that leave evenly do not
 * arrive evenly.
 */
const CONTACT_CALLS = [
	{ limit: 10, perMs: 1_100 },
	{ limit: 36_000, perMs: 3_600_000 },
] as const;

/** Calls below `/contacts` that leave in a second at most. */
export const CALLS_PER_SECOND = (CONTACT_CALLS[0].limit * 1_000) / CONTACT_CALLS[0].perMs;

/** All other endpoints, so `/processes` and `/account`: 100 an hour (same page). Shared with the account's other tools. */
const OTHER_CALLS = [{ limit: 100, perMs: 3_600_000 }];

/** Every list endpoint that takes `limit`: GET /contacts up to 1,000, lists, folders and processes up to 50. */
export const CONTACTS_PER_PAGE = 1_000;
export const LISTS_PER_PAGE = 50;
/** Contacts that GET /contacts reads by their ids (https://developers.brevo.com/reference/get-contacts-1). */
export const CONTACTS_BY_ID = 20;

/** Advised size of an import body; the hard limit is 10 MB (https://developers.brevo.com/reference/importcontacts-1). */
export const IMPORT_MAX_BYTES = 8_000_000;

/** Contacts one call of `/contacts/lists/{id}/contacts/remove` takes. */
export const LIST_CHANGES_PER_CALL = 150;

/** Fallback wait after a 429 that names none. */
export const RATE_LIMIT_PAUSE_MS = 2_000;
/** The longest window Brevo counts in; a header that asks for more is not believed. */
export const LONGEST_PAUSE_MS = 3_600_000;

/**
 * No call waits longer than this for its turn or for a next try: beyond it the run ends, and the delivery comes back later.
 */
export const MAX_WAIT_MS = 60_000;

export const BREVO_RETRY: RetryPolicy = { attempts: 4, firstDelayMs: 1_000, maxDelayMs: MAX_WAIT_MS };

/** What may start when, for one account in this process. */
export interface BrevoLimiters {
	readonly contacts: CallLimiter;
	readonly others: CallLimiter;
}

/** What a page of contacts may hold, where Brevo does not answer for a full one in time; kept for an account, as its limits are. */
const PAGE_SIZES = [CONTACTS_PER_PAGE, 500, 100, 30] as const;
const pageSizes = new WeakMap<CallLimiter, PageSize>();

export function pageSizeOf({ contacts }: BrevoLimiters): PageSize {
	const known = pageSizes.get(contacts) ?? new PageSize(PAGE_SIZES);
	pageSizes.set(contacts, known);
	return known;
}

/**
 * The limiters of the account `account` (see `accountKey`; no secret). `clock` outlives the run that passes it in, so it
 * must not stop sleeping when that run is cancelled.
 */
export function brevoLimiters(account: string, clock: Clock): BrevoLimiters {
	return {
		contacts: sharedLimiter(`${account}:contacts`, () => new CallLimiter(CONTACT_CALLS, clock)),
		others: sharedLimiter(`${account}:others`, () => new CallLimiter(OTHER_CALLS, clock)),
	};
}
