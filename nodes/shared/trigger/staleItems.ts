import { instantOf } from '../../../core/instant';
import type { IDataObject, IExecuteFunctions, INodeExecutionData, NodeTypeAndVersion } from 'n8n-workflow';
import type { ContactChange } from '../../../core/contact/contact';
import type { Failure } from '../../../core/result';
import { TRIGGER_NODE } from '../n8n/workflow/ourNodes';
import { waitsForRun } from './settings';
import { mayWait } from './waitingNodes';
import { isRecord } from '../../../core/json';

const MINUTE_MS = 60_000;
/** A test in the editor works on what was fetched for it; what is older was kept (pinned, or copied from an execution). */
const OLDEST_IN_TEST_MS = 10 * MINUTE_MS;
/** n8n puts waits of 65 s and more aside and resumes their runs later (Wait.node.js). */
const OLDEST_AFTER_WAITING_MS = MINUTE_MS;
/** A run that its trigger waits for may queue, and wait for the destination up to an hour; its contacts come again if it fails. */
const OLDEST_MS = 120 * MINUTE_MS;

/** The part of n8n's expression variables that is used here: `$('Wait')`. */
interface NodeOutputs {
	$(node: string): { readonly isExecuted: boolean };
}

/**
 * Why items of our triggers, or of Read Contacts, are not to be written any more; undefined where they are fresh. A trigger delivers
 * by itself what was not synced, as it is by then: whatever was kept for later is older than that, and would overwrite it or put a
 * contact that left back on the list.
 *
 * | how the run came about                           | recognised by                                 |
 * | ------------------------------------------------ | --------------------------------------------- |
 * | n8n's *Retry* of a failed execution               | the mode of the run                           |
 * | resumed after a Wait, Form or question            | such a node that ran, and the batch's age     |
 * | pinned or copied data in a test                   | the age                                       |
 * | any other, e.g. a sub-workflow of a retried run   | the age                                       |
 */
export function staleItems(context: IExecuteFunctions, items: readonly INodeExecutionData[]): Failure | undefined {
	const retried = retriedItems(context, items);
	if (retried) return retried;
	const deliveries = items.flatMap(({ json }) => (isOfTrigger(json.delivery) ? [json.delivery] : []));
	if (deliveries.length === 0) return undefined;
	const mode = context.getMode();
	const now = Date.now();
	const ages = deliveries.map(({ at }) => now - (instantOf(at) ?? now));
	const age = Math.max(...ages.slice(0, 5_000).filter((ms) => !Number.isNaN(ms)), 0);
	const minutes = Math.floor(age / MINUTE_MS);
	if (mode === 'manual' || mode === 'evaluation') {
		if (age <= OLDEST_IN_TEST_MS) return undefined;
		const text = `These contacts were read ${minutes} minutes ago and may have changed since. Unpin them if they are pinned, and fetch the test event of the trigger anew`;
		return stale(text);
	}
	if (age > OLDEST_AFTER_WAITING_MS) {
		const waited = nodeThatWaited(context);
		if (waited !== undefined) {
			const text = `The run was put aside at '${waited}', and these contacts were read ${minutes} minutes ago. Move '${waited}' behind this node. ${comesAgain(context)}`;
			return stale(text);
		}
	}
	if (age <= OLDEST_MS) return undefined;
	return stale(`These contacts were read ${minutes} minutes ago and may have changed since. ${comesAgain(context)}`);
}

/**
 * Why the items of an execution that n8n's *Retry* started once more are not to be dealt with again: there are newer ones of the
 * same contacts. Undefined in any other run, and for items that no trigger of ours and no Read Contacts marked.
 */
export function retriedItems(
	context: IExecuteFunctions,
	items: ReadonlyArray<Pick<INodeExecutionData, 'json'>>,
): Failure | undefined {
	if (context.getMode() !== 'retry') return undefined;
	// Nodes in between may have left the mark out.
	if (items.some(({ json }) => isOfTrigger(json.delivery)) || triggerThatRan(context))
		return stale(`${RETRIED}. ${comesAgain(context)}`);
	if (!items.some(({ json }) => isRecord(json.delivery) && json.delivery.phase === 'resync')) return undefined;
	return stale(`${RETRIED}, and its contacts are those that Read Contacts read then. Start the workflow anew`);
}

const RETRIED = 'This is an execution of before that was started once more';

/** The mark of a batch with which a trigger begins without a memory. */
export function readBeginning(json: IDataObject): Pick<ContactChange, 'source' | 'delivery'> | undefined {
	const { source, delivery } = json;
	if (!isRecord(delivery) || delivery.beginning !== true || !isRecord(source)) return undefined;
	return { source, delivery } as unknown as Pick<ContactChange, 'source' | 'delivery'>;
}

const stale = (reason: string): Failure => ({ kind: 'stop', code: 'STALE_DELIVERY', reason });

/** What becomes of the contacts. */
function comesAgain(context: IExecuteFunctions): string {
	const forgetful = parents(context).find(
		({ type, disabled, parameters }) => !disabled && TRIGGER_NODE.test(type) && !waitsForRun(parameters),
	);
	return forgetful
		? `Nothing was written; 'Wait for the Workflow' is off in '${forgetful.name}', so these contacts come again only when they change`
		: 'Nothing was written, and nothing is lost: the trigger delivers these contacts by itself, as they are now';
}

/** Among the nodes before this one, and those beside it: n8n puts the whole run aside. */
function nodeThatWaited(context: IExecuteFunctions): string | undefined {
	const before = parents(context);
	const beside = before.filter(({ type }) => TRIGGER_NODE.test(type)).flatMap(({ name }) => children(context, name));
	const outputs = context.getWorkflowDataProxy(0) as unknown as NodeOutputs;
	return [...before, ...beside].find((node) => !node.disabled && mayWait(node) && hasRun(outputs, node.name))?.name;
}

function hasRun(outputs: NodeOutputs, name: string): boolean {
	try {
		return outputs.$(name).isExecuted;
	} catch {
		return false;
	}
}

function triggerThatRan(context: IExecuteFunctions): boolean {
	const outputs = context.getWorkflowDataProxy(0) as unknown as NodeOutputs;
	return parents(context).some(({ type, name }) => TRIGGER_NODE.test(type) && hasRun(outputs, name));
}

const parents = (context: IExecuteFunctions): NodeTypeAndVersion[] =>
	context.getParentNodes(context.getNode().name, { includeNodeParameters: true });

const children = (context: IExecuteFunctions, name: string): NodeTypeAndVersion[] =>
	context.getChildNodes(name, { includeNodeParameters: true });

const isOfTrigger = (value: unknown): value is Readonly<Record<string, unknown>> =>
	isRecord(value) && (value.phase === 'firstSync' || value.phase === 'live');
