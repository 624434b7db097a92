import { createHash } from 'node:crypto';
import type { IExecuteFunctions } from 'n8n-workflow';
import type { Delivery } from '../../core/quota/countedBatches';
import { TRIGGER_NODE } from '../shared/n8n/workflow/ourNodes';
import { isRecord } from '../../core/json';

/** The part of n8n's expression variables that is used here: `$('HubSpot List Trigger')`. */
interface NodeOutputs {
	$(node: string): { readonly isExecuted: boolean; first(): { readonly json: unknown } | undefined };
}

/**
 * The batch that this execution was started with, so that it is not counted again when it is delivered again. Read from the
 * trigger and not from the items, because nodes in between may have changed those. Undefined where no trigger of ours began
 * the execution, as in a sub-workflow or a test with a few contacts: then everything is counted.
 */
export function deliveryOf(context: IExecuteFunctions): Delivery | undefined {
	const execution = context.getExecutionId();
	if (!execution) return undefined;
	const { name, id } = context.getNode();
	const outputs = context.getWorkflowDataProxy(0) as unknown as NodeOutputs;
	const trigger = context
		.getParentNodes(name)
		.find((node) => TRIGGER_NODE.test(node.type) && outputs.$(node.name).isExecuted);
	const first = trigger && outputs.$(trigger.name).first()?.json;
	if (!isRecord(first) || !isRecord(first.delivery) || typeof first.delivery.sequence !== 'number') return undefined;
	// A sample of the editor is no batch.
	if (first.delivery.sequence < 1) return undefined;
	const { system, account, object, list } = isRecord(first.source) ? first.source : {};
	const origin = [context.getWorkflow().id, id, trigger?.name, system, account, object, list];
	const key = createHash('sha256').update(JSON.stringify(origin)).digest('hex').slice(0, 12);
	return { key, sequence: first.delivery.sequence, execution };
}
