import type { RetryPolicy } from '../calls/retry';
import type { Result } from '../result';
import { ok } from '../result';
import type { LedgerTools, QuotaLedger, QuotaSettings } from './ledger';
import { lookUp } from './ledger';
import type { LedgerRow } from './ledgerRow';
import type { QuotaPeriod } from './period';
import { periodAt, periodBefore } from './period';
import { readState } from './reserve';
import type { QuotaUsage } from './usage';
import { usageOf } from './usage';

/** How a quota stands, as one look at the ledger shows it. */
export interface UsageReading {
	readonly usage: QuotaUsage;
	/** What a person should put right in the ledger, one sentence each. */
	readonly warnings: readonly string[];
}

/** A period that is over. */
export interface PastPeriod {
	readonly period: QuotaPeriod;
	readonly used: number;
	/** As its row has it; where that is empty, the node's. */
	readonly limit: number;
}

/** How a quota stands, and how it stood before. */
export interface UsageHistory extends UsageReading {
	/** Up to twelve, the earliest first: from the first in which tasks were counted, also those without any in between. */
	readonly earlier: readonly PastPeriod[];
}

const EARLIER_PERIODS = 12;

/** Triggers ask with each poll, and n8n's durable scheduler abandons a poll after 45 s: two calls that hang must fit in. */
const POLLING: RetryPolicy = { attempts: 2, firstDelayMs: 500, maxDelayMs: 8_000 };

/** How the quota stands, in one call and without a write: whether it is used up, and until when. Does not try for long. */
export async function readUsage(
	ledger: QuotaLedger,
	settings: QuotaSettings,
	tools: LedgerTools,
): Promise<Result<UsageReading>> {
	const now = tools.clock.now();
	const rows = await lookUp(ledger, settings.quota, periodAt(now, settings.period, settings.timeZone), tools, POLLING);
	return rows.kind === 'ok' ? ok(readingOf(rows.value, settings, now)) : rows;
}

/** As `readUsage`, with the totals of the periods before; one call as well. */
export async function readHistory(
	ledger: QuotaLedger,
	settings: QuotaSettings,
	tools: LedgerTools,
): Promise<Result<UsageHistory>> {
	const now = tools.clock.now();
	const rows = await lookUp(ledger, settings.quota, periodAt(now, settings.period, settings.timeZone), tools);
	if (rows.kind !== 'ok') return rows;
	const reading = readingOf(rows.value, settings, now);
	return ok({ ...reading, earlier: periodsBefore(reading.usage.period, rows.value, settings.limit) });
}

function readingOf(rows: readonly LedgerRow[], settings: QuotaSettings, now: number): UsageReading {
	const period = periodAt(now, settings.period, settings.timeZone);
	const state = readState(rows, period, settings.limit);
	return { usage: usageOf(settings.quota, state, period, now), warnings: state.warnings };
}

function periodsBefore(current: QuotaPeriod, rows: readonly LedgerRow[], nodeLimit: number): PastPeriod[] {
	const keys = new Set(rows.map(({ period }) => period));
	const found: PastPeriod[] = [];
	let empty: PastPeriod[] = [];
	let period = current;
	for (let count = 0; count < EARLIER_PERIODS; count++) {
		period = periodBefore(period);
		const { used, limit } = readState(rows, period, nodeLimit);
		empty.unshift({ period, used, limit });
		if (!keys.has(period.key)) continue;
		found.unshift(...empty);
		empty = [];
	}
	return found;
}
