import { atOnce } from '../../../core/calls/atOnce';
import type { Clock } from '../../../core/ports';
import { PageSize } from '../../../core/calls/pages/smallerPages';
import type { Gate } from '../../../core/calls/vendorCalls';
import type { RetryPolicy } from '../../../core/calls/retry';
import { mayBeTooMuch } from './classify';

/** Salesforce's sizes; the sources stand beside each. */
export const SALESFORCE_LIMITS = {
	/** Rows a page of a query at most; the server may send fewer: REST guide, headers-queryoptions. */
	queryPage: 2_000,
	/**
	 * Bytes of a call's path with its query. Request line and headers together may have 16,384
	 * (https://developer.salesforce.com/docs/atlas.en-us.salesforce_app_limits_cheatsheet.meta); the rest is for the token,
	 * which may be 2 KB and more, and for what proxies add.
	 */
	pathBytes: 12_000,
	/** Characters of a text in WHERE: SOQL reference, "SOQL and SOSL limits". */
	textLength: 4_000,
	/** Queries of one composite call: REST guide, resources-composite-composite-post. */
	queriesPerComposite: 5,
	/** Records of one write: REST guide, resources-composite-sobjects-collections. */
	recordsPerWrite: 200,
} as const;

/**
 * Calls of this process that may be under way at once. Salesforce has no limit per second; it refuses when 25 calls (5 in
 * developer and trial organisations) have been running for 20 s and longer, and other integrations need some of these.
 */
const CALLS_AT_ONCE = 4;

/** Of reads, and of writes that may be carried out twice. Salesforce names no waits: there is no Retry-After. */
export const SALESFORCE_RETRY: RetryPolicy = { attempts: 4, firstDelayMs: 1_000, maxDelayMs: 20_000 };

/** No call waits longer than this for its turn: the run is better off failing and coming back. */
export const LONGEST_WAIT_MS = 60_000;

/** As many records as several queries of one call name, and as one query names: more than fit into either. */
export const NAMED_TOGETHER = 10_000;
const NAMED_ALONE = 1_000;

export interface DailyCalls {
	/** Calls of any 24 hours, of the whole organisation and all its integrations together. */
	readonly limit: number;
	readonly remaining: number;
	/** Time of the answer, ms since 1970. */
	readonly seenAt: number;
}

/** What one organisation allows, by its answers. Shared by everything in this process that uses the account. */
export class SalesforceLimits implements Gate {
	private readonly atOnce = atOnce(CALLS_AT_ONCE);
	private dailyCalls: DailyCalls | undefined;
	private pausedUntil = 0;
	/** How many records queries may name for which answers come. */
	readonly lookUps = new PageSize([NAMED_TOGETHER, NAMED_ALONE, 100, 10, 1], mayBeTooMuch);

	/** How many records of one write it answers for: what the organisation built around them may take its time. */
	readonly writes = new PageSize([SALESFORCE_LIMITS.recordsPerWrite, 50, 10, 1], mayBeTooMuch);

	constructor(private readonly clock: Clock) {}

	/** The day's calls by the last answer that named them. */
	get daily(): DailyCalls | undefined {
		return this.dailyCalls;
	}

	/** Reads `Sforce-Limit-Info: api-usage=18/5000`, which a part per app may follow. */
	learn(headers: Readonly<Record<string, string>>): void {
		const [, used, limit] = /(?:^|[;,\s])api-usage\s*=\s*(\d+)\s*\/\s*(\d+)/i.exec(headers[LIMIT_HEADER] ?? '') ?? [];
		if (used === undefined || Number(limit) <= 0) return;
		const remaining = Math.max(0, Number(limit) - Number(used));
		this.dailyCalls = { limit: Number(limit), remaining, seenAt: this.clock.now() };
	}

	/** After a refusal for a limit: no call starts before the wait is over. */
	pause(afterMs: number): void {
		this.pausedUntil = Math.max(this.pausedUntil, this.clock.now() + afterMs);
	}

	waitMs(): number {
		return Math.max(0, this.pausedUntil - this.clock.now());
	}

	async run<T>(call: () => Promise<T>): Promise<T> {
		return await this.atOnce(async () => {
			for (let wait = this.waitMs(); wait > 0; wait = this.waitMs()) await this.clock.sleep(wait);
			return await call();
		});
	}
}

const LIMIT_HEADER = 'sforce-limit-info';

const accounts = new Map<string, SalesforceLimits>();
const MAX_ACCOUNTS = 200;

/** The limits of one account in this process. `accountKey` names the credential, never its secret. */
export function sharedSalesforceLimits(accountKey: string, clock: Clock): SalesforceLimits {
	const known = accounts.get(accountKey);
	if (known) return known;
	const oldest = accounts.keys().next();
	if (accounts.size >= MAX_ACCOUNTS && !oldest.done) accounts.delete(oldest.value);
	const limits = new SalesforceLimits(clock);
	accounts.set(accountKey, limits);
	return limits;
}
