import type { IExecuteFunctions } from 'n8n-workflow';
import type { Result } from '../../core/result';
import type { QuotaChoice } from '../shared/quotaParameters';
import { readQuota } from '../shared/quotaParameters';

export type Operation = 'reserve' | 'getUsage';

export const readOperation = (context: IExecuteFunctions): Operation =>
	context.getNodeParameter('operation', 0, 'reserve') === 'getUsage' ? 'getUsage' : 'reserve';

/** The quota of the node; none of its parameters depends on the item. */
export const readChoice = (context: IExecuteFunctions): Result<QuotaChoice> =>
	readQuota((name) => context.getNodeParameter(name, 0, null), context.getTimezone());

/** Whether contacts that opted out are counted, and held, like any other. */
export const countsOptOuts = (context: IExecuteFunctions): boolean =>
	context.getNodeParameter('options.countOptOuts', 0, false) === true;

/** Whether contacts go on uncounted while the ledger cannot be reached. */
export const letsThrough = (context: IExecuteFunctions): boolean =>
	context.getNodeParameter('options.whenUnreachable', 0, 'fail') === 'letThrough';
