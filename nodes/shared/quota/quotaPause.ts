import type { IPollFunctions } from 'n8n-workflow';
import type { ChangeSource } from '../../../core/polling/changeSource';
import { readUsage } from '../../../core/quota/readUsage';
import { dayName } from '../../../core/quota/period';
import type { QuotaUsage } from '../../../core/quota/usage';
import type { Failure, Result } from '../../../core/result';
import { ok } from '../../../core/result';
import { askedFirst } from '../../../core/polling/askedFirst';
import { nodesAfter } from '../n8n/workflow/nodesAfter';
import { openQuotaLedger } from './openQuotaLedger';
import { QUOTA_NODE } from '../n8n/workflow/ourNodes';
import { warnOnce } from '../trigger/n8nPoll';
import type { QuotaChoice } from './quotaParameters';
import { parametersOf, readQuota, readQuotaOf } from './quotaParameters';
import { beginsFromNow, invalid } from '../trigger/settings';

/** HB-19, SB-15: how 'Pause While Over Quota' of a trigger holds a source back; the source itself where that is off. */
export function readQuotaPause(
	context: IPollFunctions,
): Result<<Cursor>(source: ChangeSource<Cursor>) => ChangeSource<Cursor>> {
	const quotas = quotasToAsk(context);
	if (quotas.kind !== 'ok') return quotas;
	if (quotas.value.length === 0) return ok((source) => source);
	const fromNow = beginsFromNow(context);
	return ok((source) => askedFirst(source, async () => await noneUsedUp(context, quotas.value), fromNow));
}

function quotasToAsk(context: IPollFunctions): Result<readonly QuotaChoice[]> {
	const zone = context.getTimezone();
	switch (context.getNodeParameter('pauseWhileOverQuota', 'off')) {
		case 'own': {
			const read = parametersOf(context.getNode(), (name) => context.getNodeParameter(name, null));
			const own = readQuota(read, zone);
			return own.kind === 'ok' ? ok([own.value]) : own;
		}
		case 'fromQuotaGuard':
			return quotasOfGuards(context, zone);
		default:
			return ok([]);
	}
}

/** Each quota once: any of them that is used up would stop a part of what is passed on. */
function quotasOfGuards(context: IPollFunctions, zone: string): Result<readonly QuotaChoice[]> {
	const guards = nodesAfter(context, QUOTA_NODE).filter(({ parameters }) => parameters?.operation !== 'getUsage');
	if (guards.length === 0) {
		return invalid(
			"'Pause While Over Quota' looks for a Quota Guard after this trigger, and there is none that reserves tasks: add one, switch it on, or choose 'As Set Here'",
		);
	}
	const quotas = new Map<string, QuotaChoice>();
	for (const guard of guards) {
		const read = readQuotaOf(guard, zone);
		if (read.kind !== 'ok') return read;
		quotas.set(JSON.stringify(read.value), read.value);
	}
	return ok([...quotas.values()]);
}

/** One call for each quota, none to the vendor. */
async function noneUsedUp(context: IPollFunctions, quotas: readonly QuotaChoice[]): Promise<Result<unknown>> {
	for (const { settings, table } of quotas) {
		const opened = await openQuotaLedger(context, table);
		if (opened.kind !== 'ok') return opened;
		const { ledger, tools } = opened.value;
		const read = await readUsage(ledger, settings, tools);
		for (const note of ledger.notes) warnOnce(context, note);
		if (read.kind !== 'ok') return read;
		const { usage, warnings } = read.value;
		for (const warning of warnings) warnOnce(context, warning);
		if (usage.usedUp) return usedUp(usage, table, tools.clock.now());
	}
	return ok(undefined);
}

function usedUp({ quota, used, limit, period }: QuotaUsage, table: string, now: number): Failure {
	const renewal = dayName(period.renewsAt, period.timeZone);
	return {
		kind: 'retry',
		code: 'QUOTA_USED_UP',
		reason: `The quota '${quota}' is used up (${used} of ${limit} tasks). The sync pauses until it renews on ${renewal}, or until its limit is raised in the n8n data table '${table}'`,
		afterMs: period.renewsAt - now,
	};
}
