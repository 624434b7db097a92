import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import type { ContactChange } from '../../../../core/contact/contact';
import type { Failure } from '../../../../core/result';
import { staleItems } from '../../../../nodes/shared/trigger/staleItems';

/** As much of a retried run as it takes to tell that it is one. */
const RETRIED_RUN = {
	getMode: () => 'retry',
	getNode: () => ({ name: 'Contact List Upsert' }),
	getParentNodes: () => [],
	getChildNodes: () => [],
	getWorkflowDataProxy: () => ({}),
} as unknown as IExecuteFunctions;

/** There was no run to retry. */
export const NO_RUN: Failure = { kind: 'stop', code: 'STALE_DELIVERY', reason: 'There was no run' };

/** Why n8n's button *Retry* on a run with this batch is refused; undefined where it is not. */
export const refusalOfRetry = (batch: readonly ContactChange[]): Failure | undefined =>
	staleItems(
		RETRIED_RUN,
		batch.map((change) => ({ json: change as unknown as IDataObject })),
	);
