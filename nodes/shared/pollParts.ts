import type { INodeExecutionData, IPollFunctions, IRun } from 'n8n-workflow';
import type { PollSettings } from '../../core/polling/poll';
import type { DeliveryOutcome } from '../../core/polling/pollRegister';
import { PollRegister } from '../../core/polling/pollRegister';
import type { StateStore } from '../../core/polling/pollState';
import type { Log } from '../../core/ports';

/** What this process remembers of its triggers. */
export const processPolls = new PollRegister();

/** The budget n8n names while nothing enforces one; its durable scheduler names less. */
const UNENFORCED_BUDGET_MS = 300_000;

/** Key of the state in the node's static data. */
const STATE_KEY = 'contactSync';

export function pollSettings(context: IPollFunctions, acknowledged: boolean): PollSettings {
	const budgetMs = budgetOf(context);
	const mode = context.getActivationMode();
	return {
		key: keyOf(context),
		budgetMs,
		acknowledged,
		spacedByHost: budgetMs < UNENFORCED_BUDGET_MS,
		unattended: mode === 'init' || mode === 'leadershipChange',
	};
}

/** Older versions of n8n name no budget. */
function budgetOf(context: Partial<Pick<IPollFunctions, 'getPollBudgetMs'>>): number {
	const named = context.getPollBudgetMs?.();
	return typeof named === 'number' && named > 0 ? named : UNENFORCED_BUDGET_MS;
}

/** The node's own static data. n8n notices a change only when a key is assigned anew, so the state is replaced as a whole. */
export function nodeStateStore(context: IPollFunctions): StateStore {
	const staticData = context.getWorkflowStaticData('node');
	return {
		read: () => staticData[STATE_KEY],
		write: (state) => {
			staticData[STATE_KEY] = state;
		},
	};
}

/** Starts an execution with the items and waits until it has ended. */
export async function deliverBatch(context: IPollFunctions, items: INodeExecutionData[]): Promise<DeliveryOutcome> {
	const done = context.helpers.createDeferredPromise<IRun | undefined>();
	context.__emit([items], undefined, done);
	return outcomeOf(await done.promise);
}

/**
 * A run that waits (Wait node) is kept by n8n itself and goes on after a restart, so its batch counts as handed over. No
 * run at all means that n8n could not start one.
 */
const outcomeOf = (run: IRun | undefined): DeliveryOutcome =>
	run?.status === 'success' || run?.status === 'waiting' || (run?.status === undefined && run?.finished === true)
		? 'succeeded'
		: 'failed';

/** Log lines that name the node. */
export function pollLog(context: IPollFunctions): Log {
	const { name } = context.getNode();
	const about = { node: name, workflowId: context.getWorkflow().id };
	const line = (message: string): string => `${name}: ${message}`;
	return {
		debug: (message) => context.logger.debug(line(message), about),
		info: (message) => context.logger.info(line(message), about),
		warn: (message) => context.logger.warn(line(message), about),
	};
}

/** Lines of `warnOnce`, by trigger. */
const said = new Set<string>();
const MOST_SAID = 1_000;

/** Warns of what lasts: once in a process, from then on for debugging only. */
export function warnOnce(context: IPollFunctions, message: string): void {
	const log = pollLog(context);
	const line = `${keyOf(context)}:${message}`;
	if (said.has(line)) return log.debug(message);
	if (said.size >= MOST_SAID) said.clear();
	said.add(line);
	log.warn(message);
}

/** Names the trigger in this process. */
const keyOf = (context: IPollFunctions): string => `${context.getWorkflow().id ?? 'unsaved'}:${context.getNode().id}`;
