import type { Clock } from '../ports';
import type { RetryPolicy } from '../calls/retry';
import { withRetry } from '../calls/retry';
import type { Result } from '../result';
import type { LedgerRow } from './ledgerRow';
import type { PeriodKind, QuotaPeriod } from './period';
import { lookBackKey } from './period';
import type { QuotaRules } from './reserve';

/** The cells of a row that the ledger writes. */
export interface RowChange {
	readonly used: number;
	readonly alerted: string;
	readonly nonce: string;
	/** Absent: stays as it is. */
	readonly deliveries?: string;
	/** Absent: stays as it is. */
	readonly limit?: number;
	/** For people. Absent: stays as it is. */
	readonly note?: string;
}

/** A row that begins a period. */
export interface NewRow extends RowChange {
	readonly quota: string;
	readonly period: string;
}

/**
 * Where the tasks of a quota are counted. A `retry` of a write leaves open whether it was carried out, now or later; every
 * other failure means that it was not.
 */
export interface QuotaLedger {
	/** Names the ledger in this process; no secret. */
	readonly key: string;
	/** All rows of the quota whose period is `fromPeriod` or later. */
	find(quota: string, fromPeriod: string): Promise<Result<readonly LedgerRow[]>>;
	insert(row: NewRow): Promise<Result<unknown>>;
	/** Changes the row if its cells `used` and `nonce` still are what was read. Answers how many rows were changed. */
	compareAndSet(row: LedgerRow, change: RowChange): Promise<Result<number>>;
}

/** What reading and writing a ledger need of the world. */
export interface LedgerTools {
	readonly clock: Clock;
	/** A new random name for a write, without white space. */
	readonly nonce: () => string;
	readonly random?: () => number;
}

/** A quota and the calendar it renews by. */
export interface QuotaSettings extends QuotaRules {
	readonly period: PeriodKind;
	readonly timeZone: string;
}

/** n8n may be restarting: its API is waited for some seconds, then the run is better off failing and coming back. */
const READING: RetryPolicy = { attempts: 5, firstDelayMs: 500, maxDelayMs: 8_000 };

/** The rows of a quota: of the period, and of earlier ones as far back as is looked. */
export async function lookUp(
	ledger: QuotaLedger,
	quota: string,
	period: QuotaPeriod,
	{ clock, random }: Pick<LedgerTools, 'clock' | 'random'>,
	policy = READING,
): Promise<Result<readonly LedgerRow[]>> {
	return await withRetry(async () => await ledger.find(quota, lookBackKey(period)), policy, clock, random);
}
