import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { endsSoon } from '../../clients/n8n/keyEnd';
import { periodName } from '../../core/quota/period';
import type { UsageHistory } from '../../core/quota/readUsage';
import { readHistory } from '../../core/quota/readUsage';
import { usageReport } from '../../core/quota/messages/usageReport';
import type { Result } from '../../core/result';
import { ok } from '../../core/result';
import { info, warning } from '../shared/n8n/hints';
import { toNodeError } from '../shared/n8n/toNodeError';
import { goodUntil } from '../shared/quota/n8nKey';
import { openQuota } from './settings';
import { isoText, usageJson } from './toItems';
import { usageText } from './usageHints';

/**
 * The operation Get Usage: one item, whatever came in, with how the quota stands, how earlier periods ended, and a report
 * of that ready for an e-mail. Nothing is counted.
 */
export async function getUsage(context: IExecuteFunctions): Promise<[INodeExecutionData[]]> {
	// Without any item there is nothing to link to.
	const link = context.getInputData().length > 0 ? { pairedItem: { item: 0 } } : {};
	const read = await readUsageOf(context);
	if (read.kind !== 'ok') {
		if (!context.continueOnFail()) throw toNodeError(context.getNode(), read);
		return [[{ json: { error: read.reason, code: read.code }, ...link }]];
	}
	const { history, notes, now, keyEnd } = read.value;
	const { usage, earlier, warnings } = history;
	const good = keyEnd !== undefined && !endsSoon(keyEnd, now) ? [goodUntil(keyEnd, context.getTimezone())] : [];
	context.addExecutionHints(...[usageText(usage), ...good].map(info), ...[...notes, ...warnings].map(warning));
	const json = {
		...usageJson(usage),
		history: earlier.map(({ period, used, limit }) => ({
			period: period.key,
			periodName: periodName(period),
			used,
			limit,
		})),
		...(keyEnd === undefined ? {} : { apiKeyExpiresAt: isoText(keyEnd) }),
		...usageReport([history], now),
	};
	return [[{ json, ...link }]];
}

interface UsageRead {
	readonly history: UsageHistory;
	/** Notices about the table, one sentence each. */
	readonly notes: readonly string[];
	/** When it was read, in ms since 1970. */
	readonly now: number;
	/** When the key of n8n's API ends, in ms since 1970; absent: never, or it does not say so. */
	readonly keyEnd?: number;
}

async function readUsageOf(context: IExecuteFunctions): Promise<Result<UsageRead>> {
	const opened = await openQuota(context);
	if (opened.kind !== 'ok') return opened;
	const { settings, ledger, tools, keyEnd } = opened.value;
	const history = await readHistory(ledger, settings, tools);
	if (history.kind !== 'ok') return history;
	const known = { history: history.value, notes: ledger.notes, now: tools.clock.now() };
	return ok(keyEnd === undefined ? known : { ...known, keyEnd });
}
