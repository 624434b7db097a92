import type { INodeExecutionData, INodeParameters, IPollFunctions, IRun } from 'n8n-workflow';
import type { PollParts, PollSettings } from '../../../core/polling/poll';
import type { DeliveryOutcome } from '../../../core/polling/pollRegister';
import { PollRegister } from '../../../core/polling/pollRegister';
import type { Whereabouts } from '../../../core/polling/beginning';
import type { StateStore } from '../../../core/polling/pollState';
import type { Log } from '../../../core/ports';
import { n8nClock } from '../n8n/n8nClock';
import { nodesAfter } from '../n8n/workflow/nodesAfter';
import { UPSERT_NODE } from '../n8n/workflow/ourNodes';
import { dryRunsAfter, upsertsAfter } from './upsertsAfter';
import { publishedCheck } from './published';
import { batchSizes, syncsAgain } from './settings';
import { hasSubWorkflowBeforeUpsert } from './waitingNodes';

/** What this process remembers of its triggers. */
const processPolls = new PollRegister();

/** Contexts that polled before; n8n makes one for each publication. */
const polled = new WeakSet<object>();

/** The budget n8n names while nothing enforces one; its durable scheduler names less. */
const UNENFORCED_BUDGET_MS = 300_000;

/** Keys of the states in the node's static data. */
const STATE_KEY = 'contactSync';
const DRY_RUN_STATE_KEY = 'contactSyncDryRun';

/** What n8n gives to the poll of a node. */
export interface N8nPoll {
	readonly settings: PollSettings;
	readonly host: Pick<PollParts<unknown>, 'store' | 'isPublished' | 'register' | 'clock' | 'log'>;
}

/** The settings of a poll of this node, and where it finds its state, its workflow, its process and its time. */
export function n8nPoll(context: IPollFunctions, acknowledged: boolean): N8nPoll {
	const clock = n8nClock();
	return {
		settings: pollSettings(context, acknowledged),
		host: {
			store: nodeStateStore(context),
			isPublished: publishedCheck(context, keyOf(context), clock),
			register: processPolls,
			clock,
			log: pollLog(context),
		},
	};
}

function pollSettings(context: IPollFunctions, acknowledged: boolean): PollSettings {
	const budgetMs = budgetOf(context);
	const mode = context.getActivationMode();
	const activating = !polled.has(context);
	polled.add(context);
	return {
		activating,
		// What a dry run delivers is no delivery: nothing of it may count as one.
		key: `${keyOf(context)}${dryRunsAfter(context) === 'all' ? ':dryRun' : ''}`,
		again: syncsAgain(context),
		budgetMs,
		acknowledged,
		batchSizes: batchSizes(context),
		spacedByHost: budgetMs < UNENFORCED_BUDGET_MS,
		unattended: mode === 'init' || mode === 'leadershipChange',
		where: whereabouts(context),
	};
}

function whereabouts(context: IPollFunctions): Whereabouts {
	const { id: workflow } = context.getWorkflow();
	const destination = destinationOf(context);
	return {
		...(workflow === undefined ? {} : { owner: { workflow, node: context.getNode().id } }),
		...(destination === undefined ? {} : { destination }),
	};
}

/**
 * The lists that the contacts go to, with the credentials; undefined where no Contact List Upsert names one. A node that is in a dry
 * run beside others is left out: once it writes, the destination is another one, and all contacts are delivered.
 */
function destinationOf(context: IPollFunctions): string | undefined {
	const isMixed = dryRunsAfter(context) === 'some';
	const places = upsertsAfter(context).flatMap(({ name, parameters = {}, isDryRun }) => {
		if (isMixed && isDryRun) return [];
		const list = listOf(parameters);
		if (list === '' || list.startsWith('=')) return [];
		const credentials = Object.values(nodesOf(context)[name]?.credentials ?? {}).map(({ id }) => id ?? '');
		return [encodeURIComponent([list, ...credentials.sort()].join(':'))];
	});
	return places.length === 0 ? undefined : [...new Set(places)].sort().join(' ');
}

function listOf({ destinationList }: INodeParameters): string {
	const value =
		typeof destinationList === 'object' && destinationList !== null && 'value' in destinationList
			? destinationList.value
			: destinationList;
	return typeof value === 'string' || typeof value === 'number' ? String(value).trim() : '';
}

/** Older versions of n8n name no budget. */
function budgetOf(context: Partial<Pick<IPollFunctions, 'getPollBudgetMs'>>): number {
	const named = context.getPollBudgetMs?.();
	return typeof named === 'number' && named > 0 ? named : UNENFORCED_BUDGET_MS;
}

/**
 * The node's own static data. n8n notices a change only when a key is assigned anew, so the state is replaced as a whole.
 *
 * | the nodes after the trigger | reads | writes |
 * | --- | --- | --- |
 * | one writes | its own state | its own state; that of a dry run is dropped |
 * | all in a dry run | the dry run's state, else its own | the dry run's state |
 *
 * So a dry run shows what would come next, as often as it is published, and what it showed is delivered once it is off.
 */
export function nodeStateStore(context: IPollFunctions): StateStore {
	const staticData = context.getWorkflowStaticData('node');
	if (dryRunsAfter(context) === 'all') {
		return {
			read: () => staticData[DRY_RUN_STATE_KEY] ?? staticData[STATE_KEY],
			readOthers: () => statesOfOthers(context),
			write: (state) => {
				staticData[DRY_RUN_STATE_KEY] = state;
			},
		};
	}
	return {
		read: () => staticData[STATE_KEY],
		readOthers: () => statesOfOthers(context),
		write: (state) => {
			staticData[STATE_KEY] = state;
			if (staticData[DRY_RUN_STATE_KEY] !== undefined) delete staticData[DRY_RUN_STATE_KEY];
		},
	};
}

/** What n8n's contexts hold besides the methods they promise; absent in versions that hide it. */
interface WorkflowInside {
	readonly workflow?: {
		readonly staticData?: Readonly<Record<string, unknown>>;
		readonly nodes?: Readonly<
			Record<string, { readonly credentials?: Record<string, { readonly id: string | null }> }>
		>;
	};
}

const nodesOf = (context: IPollFunctions) => (context as WorkflowInside).workflow?.nodes ?? {};

/**
 * States under other names than the node's own. n8n keeps static data by the name of its node (`Workflow.getStaticData`), and what
 * a renamed node stored stays under the name it had. One of an older version, which names no owner, counts only where no node has
 * its name.
 */
function statesOfOthers(context: IPollFunctions): unknown[] {
	const own = `node:${context.getNode().name}`;
	const nodes = nodesOf(context);
	return Object.entries((context as WorkflowInside).workflow?.staticData ?? {}).flatMap(([key, data]) => {
		if (!key.startsWith('node:') || key === own) return [];
		const state = (data as Record<string, unknown> | null | undefined)?.[STATE_KEY];
		if (typeof state !== 'object' || state === null) return [];
		return 'owner' in state || !(key.slice('node:'.length) in nodes) ? [state] : [];
	});
}

/** Starts an execution with the items and waits until it has ended. */
export async function deliverBatch(context: IPollFunctions, items: INodeExecutionData[]): Promise<DeliveryOutcome> {
	const done = context.helpers.createDeferredPromise<IRun | undefined>();
	context.__emit([items], undefined, done);
	return outcomeOf(await done.promise, context);
}

/**
 * A run that waits has arrived where Contact List Upsert comes before what it waits for: n8n keeps it, and it goes on after a
 * restart. In queue mode n8n does not tell which nodes ran; then the order of the nodes decides (see `waitingTrouble`), and a
 * sub-workflow that may wait inside counts against it. No run at all means that n8n could not start one.
 */
function outcomeOf(run: IRun | undefined, context: IPollFunctions): DeliveryOutcome {
	if (run?.status === 'waiting') return hasArrived(run, context) ? 'succeeded' : 'failed';
	const succeeded = run?.status === 'success' || (run?.status === undefined && run?.finished === true);
	return succeeded ? 'succeeded' : 'failed';
}

function hasArrived(run: IRun, context: IPollFunctions): boolean {
	const upserts = nodesAfter(context, UPSERT_NODE);
	if (upserts.length === 0) return true;
	const ran = Object.keys(run.data?.resultData?.runData ?? {});
	if (ran.length === 0) return !hasSubWorkflowBeforeUpsert(context, context.getNode().name);
	return upserts.some(({ name }) => ran.includes(name));
}

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
export const keyOf = (context: IPollFunctions): string =>
	`${context.getWorkflow().id ?? 'unsaved'}:${context.getNode().id}`;
