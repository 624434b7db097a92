import { plainNumber } from '../../../core/plainNumber';
import { PageSize } from '../../../core/calls/pages/smallerPages';
import { CallLimiter } from '../../../core/calls/rateLimiter';
import type { Clock } from '../../../core/ports';
import type { RetryPolicy } from '../../../core/calls/retry';

/** HubSpot's sizes; the sources stand beside each. */
export const HUBSPOT_LIMITS = {
	/** Members a page: https://developers.hubspot.com/docs/api-reference/legacy/crm/lists (limit, max 250). */
	membersPage: 250,
	/** Contacts a page of the contact list, same guide as below. */
	contactsPage: 100,
	/** Records of one batch read: https://developers.hubspot.com/docs/api-reference/latest/crm/objects/contacts/guide. */
	batchRead: 100,
	/** The same with `propertiesWithHistory`; the refusal names 50. */
	batchReadWithHistory: 50,
	/** Records of one membership read. Undocumented: a 400 halves it. */
	membershipsRead: 100,
	/** Contacts a batch that creates or updates, same guide as above. */
	batchWrite: 100,
	/** Ids of one change of a list's members. The most is not documented: a refusal halves it. */
	membershipsWrite: 1_000,
	/** Addresses of one batch of opt-outs (Enterprise only). Not documented: a refusal halves it. */
	optOutsWrite: 100,
	/** Hits a page of a search: https://developers.hubspot.com/docs/api-reference/latest/crm/search-the-crm. */
	searchPage: 200,
	/** Lists a page of the list search. */
	listsPage: 500,
} as const;

/**
 * Calls in any 10 seconds per app: 100 for Free and Starter accounts, 190 from Professional on, 250 with the limit
 * increase, 110 for public apps (https://developers.hubspot.com/docs/developer-tooling/platform/usage-guidelines). The
 * header of each answer says which one holds.
 */
const BURST_DEFAULT = 100;
const BURST_MS = 10_000;
/** A tenth stays free, because another process may use the same app. */
const BURST_SHARE = 0.9;
/** Searches: 5 per second and account, over all apps; one stays free. */
const SEARCH_RULE = { limit: 4, perMs: 1_000 };
/** With so few calls left in the window another process is using the app too; wait a little. */
const FEW_LEFT = 3;

/** Reads only; 423 wants 2 s at least, 502 and 504 a few seconds (https://developers.hubspot.com/docs/api-reference/error-handling). */
export const HUBSPOT_RETRY: RetryPolicy = { attempts: 4, firstDelayMs: 1_000, maxDelayMs: 20_000 };

/** No call waits longer than this for its turn, also where no poll ends: the run is better off failing and coming back. */
export const LONGEST_WAIT_MS = 60_000;

export interface DailyCalls {
	readonly limit: number;
	readonly remaining: number;
	/** Time of the answer, ms since 1970. */
	readonly seenAt: number;
}

/** What one account allows, by its answers. Shared by everything in this process that uses the account. */
export class HubSpotLimits {
	readonly burst: CallLimiter;
	readonly searches: CallLimiter;
	/** Members a page: wider pages are answered with 500 each time in some accounts (seen with live ones), or not in time. */
	readonly memberPages = new PageSize([HUBSPOT_LIMITS.membersPage, 50, 10]);
	/** How many contacts of one call HubSpot answers for: read, with history, searched, in the recycle bin, with their lists. */
	readonly reads = new PageSize([HUBSPOT_LIMITS.batchRead, 50, 10, 1]);
	readonly historyReads = new PageSize([HUBSPOT_LIMITS.batchReadWithHistory, 10, 1]);
	readonly searchPages = new PageSize([HUBSPOT_LIMITS.searchPage, 50, 10]);
	readonly archivedPages = new PageSize([HUBSPOT_LIMITS.contactsPage, 10]);
	readonly listReads = new PageSize([HUBSPOT_LIMITS.membershipsRead, 10, 1]);
	/** How many contacts of one call it creates or updates, and puts on a list or takes off. */
	readonly writes = new PageSize([HUBSPOT_LIMITS.batchWrite, 20, 5, 1]);
	readonly memberWrites = new PageSize([HUBSPOT_LIMITS.membershipsWrite, 100, 10, 1]);
	private dailyCalls: DailyCalls | undefined;
	private burstLimit = BURST_DEFAULT;

	constructor(private readonly clock: Clock) {
		this.burst = new CallLimiter([burstRule(BURST_DEFAULT)], clock);
		this.searches = new CallLimiter([SEARCH_RULE], clock);
	}

	/** The day's calls by the last answer that named them. OAuth apps and searches get no such headers. */
	get daily(): DailyCalls | undefined {
		return this.dailyCalls;
	}

	/** Calls a second that this process may send. */
	get callsPerSecond(): number {
		return (burstRule(this.burstLimit).limit * 1_000) / BURST_MS;
	}

	/** Reads the rate-limit headers of an answer. */
	learn(headers: Readonly<Record<string, string>>): void {
		const max = numberIn(headers, 'x-hubspot-ratelimit-max');
		if (max !== undefined && max > 0 && max !== this.burstLimit) {
			this.burstLimit = max;
			this.burst.changeRules([burstRule(max)]);
		}
		const remaining = numberIn(headers, 'x-hubspot-ratelimit-remaining');
		if (remaining !== undefined && remaining <= FEW_LEFT) this.burst.pauseUntil(this.clock.now() + 1_000);
		const daily = numberIn(headers, 'x-hubspot-ratelimit-daily');
		const dailyRemaining = numberIn(headers, 'x-hubspot-ratelimit-daily-remaining');
		if (daily !== undefined && dailyRemaining !== undefined && daily > 0) {
			this.dailyCalls = { limit: daily, remaining: dailyRemaining, seenAt: this.clock.now() };
		}
	}

	/** After a 429: no call starts before the wait is over. */
	pause(afterMs: number, onlySearches: boolean): void {
		const until = this.clock.now() + afterMs;
		this.searches.pauseUntil(until);
		if (!onlySearches) this.burst.pauseUntil(until);
	}
}

/** Calls a second that an account without extras allows. */
export const USUAL_CALLS_PER_SECOND = (BURST_DEFAULT * BURST_SHARE * 1_000) / BURST_MS;

const burstRule = (max: number) => ({ limit: Math.max(1, Math.floor(max * BURST_SHARE)), perMs: BURST_MS });

function numberIn(headers: Readonly<Record<string, string>>, name: string): number | undefined {
	return plainNumber(headers[name]);
}

const accounts = new Map<string, HubSpotLimits>();
const MAX_ACCOUNTS = 200;

/** The limits of one account in this process. `accountKey` names the credential, never its secret. */
export function sharedHubSpotLimits(accountKey: string, clock: Clock): HubSpotLimits {
	const known = accounts.get(accountKey);
	if (known) return known;
	const oldest = accounts.keys().next();
	if (accounts.size >= MAX_ACCOUNTS && !oldest.done) accounts.delete(oldest.value);
	const limits = new HubSpotLimits(clock);
	accounts.set(accountKey, limits);
	return limits;
}
