import type { Result } from '../result';
import { ok } from '../result';
import type { LedgerTools, QuotaLedger, QuotaSettings } from './ledger';
import { lookUp } from './ledger';
import { periodAt } from './period';
import { readState } from './reserve';
import type { QuotaUsage } from './usage';
import { usageOf } from './usage';

/** How the quota stands, in one call and without a write: whether it is used up, and until when. */
export async function readUsage(
	ledger: QuotaLedger,
	settings: QuotaSettings,
	tools: LedgerTools,
): Promise<Result<{ usage: QuotaUsage; warnings: readonly string[] }>> {
	const now = tools.clock.now();
	const period = periodAt(now, settings.period, settings.timeZone);
	const rows = await lookUp(ledger, settings.quota, period, tools);
	if (rows.kind !== 'ok') return rows;
	const state = readState(rows.value, period, settings.limit);
	return ok({ usage: usageOf(settings.quota, state, period, now), warnings: state.warnings });
}
