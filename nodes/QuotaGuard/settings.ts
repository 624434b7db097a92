import type { IExecuteFunctions } from 'n8n-workflow';
import type { Result } from '../../core/result';
import { ok } from '../../core/result';
import type { OpenQuotaLedger } from '../shared/quota/openQuotaLedger';
import { openQuotaLedger } from '../shared/quota/openQuotaLedger';
import type { QuotaChoice } from '../shared/quota/quotaParameters';
import { parametersOf, readQuota } from '../shared/quota/quotaParameters';

export type Operation = 'reserve' | 'getUsage';

export const readOperation = (context: IExecuteFunctions): Operation =>
	context.getNodeParameter('operation', 0, 'reserve') === 'getUsage' ? 'getUsage' : 'reserve';

/** The quota of the node; none of its parameters depends on the item. With the ledger it is counted in. */
export async function openQuota(context: IExecuteFunctions): Promise<Result<QuotaChoice & OpenQuotaLedger>> {
	const read = parametersOf(context.getNode(), (name) => context.getNodeParameter(name, 0, null));
	const choice = readQuota(read, context.getTimezone());
	if (choice.kind !== 'ok') return choice;
	const opened = await openQuotaLedger(context, choice.value.table, context.getExecutionCancelSignal());
	return opened.kind === 'ok' ? ok({ ...choice.value, ...opened.value }) : opened;
}

/** Whether contacts that opted out are counted, and held, like any other. */
export const countsOptOuts = (context: IExecuteFunctions): boolean =>
	context.getNodeParameter('options.countOptOuts', 0, false) === true;

/** Whether contacts go on uncounted while the ledger cannot be reached. */
export const letsThrough = (context: IExecuteFunctions): boolean =>
	context.getNodeParameter('options.whenUnreachable', 0, 'fail') === 'letThrough';
