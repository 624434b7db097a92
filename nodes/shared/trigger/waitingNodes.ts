import type { IExecuteFunctions, IPollFunctions, NodeTypeAndVersion } from 'n8n-workflow';
import type { Failure } from '../../../core/result';
import { SUB_WORKFLOW_NODE, UPSERT_NODE } from '../n8n/workflow/ourNodes';
import { invalid } from './settings';

type Graph = Pick<IPollFunctions & IExecuteFunctions, 'getChildNodes' | 'getParentNodes'>;

/** Nodes with which n8n puts a whole execution aside: it counts as ended for the trigger, and goes on or fails later, unseen. */
const WAITING_NODE = /\.(wait|form)$/;
/** Operations that ask a person and wait for the answer, such as `sendAndWait` of Slack or `dispatchAndWait` of GitHub. */
const WAITING_OPERATION = /AndWait$/;

/** Whether the execution may be put aside at this node. */
export const mayWait = ({ type, parameters }: NodeTypeAndVersion): boolean =>
	WAITING_NODE.test(type) ||
	(typeof parameters?.operation === 'string' && WAITING_OPERATION.test(parameters.operation));

/** A sub-workflow that is only started: what it does with the contacts is not part of the run. */
const isNotWaitedFor = ({ type, parameters }: NodeTypeAndVersion): boolean =>
	SUB_WORKFLOW_NODE.test(type) &&
	(parameters?.options as { waitForSubWorkflow?: unknown } | undefined)?.waitForSubWorkflow === false;

/**
 * Why a trigger may not be followed by these nodes; undefined where nothing stands in the way. A batch counts as delivered when
 * its run has ended, so before Contact List Upsert no node may put the run aside or hand its contacts to a run of its own. Side
 * branches count too, because n8n puts the whole execution aside.
 */
export function waitingTrouble(graph: Graph, trigger: string): Failure | undefined {
	const after = graph.getChildNodes(trigger, { includeNodeParameters: true });
	if (!after.some(({ type, disabled }) => !disabled && (UPSERT_NODE.test(type) || SUB_WORKFLOW_NODE.test(type)))) {
		return undefined;
	}
	const before = beforeUpsert(graph, trigger, after);
	const waiting = before.find((node) => !node.disabled && mayWait(node));
	if (waiting) {
		return invalid(
			`'${waiting.name}' may put the run aside before Contact List Upsert has seen its contacts: n8n would count them as delivered, and when the run fails later they are lost, opt-outs too. Move '${waiting.name}' behind Contact List Upsert, or into a workflow of its own`,
		);
	}
	const unfollowed = before.find((node) => !node.disabled && isNotWaitedFor(node));
	return (
		unfollowed &&
		invalid(
			`'${unfollowed.name}' starts a sub-workflow without waiting for it: when that fails, its contacts are lost, opt-outs too. Switch on 'Wait For Sub-Workflow Completion' in '${unfollowed.name}', or move it behind Contact List Upsert`,
		)
	);
}

/** Whether a waited-for sub-workflow, which may wait inside, comes before Contact List Upsert. */
export const hasSubWorkflowBeforeUpsert = (graph: Graph, trigger: string): boolean =>
	beforeUpsert(graph, trigger, graph.getChildNodes(trigger, { includeNodeParameters: true })).some(
		({ type, disabled }) => !disabled && SUB_WORKFLOW_NODE.test(type),
	);

/** The nodes that data of the trigger reaches without having gone through a Contact List Upsert. */
function beforeUpsert(graph: Graph, trigger: string, after: readonly NodeTypeAndVersion[]): NodeTypeAndVersion[] {
	const parents = new Map(
		after.map(({ name }) => [name, new Set(graph.getParentNodes(name, { depth: 1 }).map((parent) => parent.name))]),
	);
	const found: NodeTypeAndVersion[] = [];
	const passing = [trigger];
	const left = new Set(after);
	for (let from = passing.pop(); from !== undefined; from = passing.pop()) {
		for (const node of left) {
			if (!parents.get(node.name)?.has(from)) continue;
			left.delete(node);
			if (!node.disabled && UPSERT_NODE.test(node.type)) continue;
			found.push(node);
			passing.push(node.name);
		}
	}
	return found;
}
