import { setTimeout as pause } from 'node:timers/promises';
import { DemoError } from './demoError';
import { NODE_TYPES, nodeOfType, triggerOf } from './n8n/importTemplate';
import { type Execution, type N8nApi, type WorkflowJson, itemsOf } from './n8n/n8nApi';
import type { Progress } from './process/progress';
import { Patience } from './process/slowness';

/** What became of the contacts of all executions so far. */
export interface Tally {
	executions: number;
	/** Contacts the trigger delivered; one that came twice counts once. */
	read: number;
	created: number;
	updated: number;
	unchanged: number;
	removed: number;
	excluded: number;
	failed: number;
	planned: number;
	/** Excluded and failed contacts by reason code. */
	reasons: Record<string, number>;
}

export interface FirstSyncWait {
	readonly api: N8nApi;
	readonly workflow: WorkflowJson & { readonly id: string };
	/** The sync is over when so many contacts were delivered and went through. */
	readonly members: number;
	readonly progress: Progress;
	readonly signal?: AbortSignal;
	/** Executions up to this id are left out. */
	readonly afterExecution?: number;
	/** Called when all batches are through, before the data of the executions are read, which takes n8n memory. */
	readonly onIdle?: () => void;
	/** Executions that failed or crashed are left out instead of ending the wait: their contacts are delivered again. */
	readonly skipFailed?: boolean;
}

const LOOK_EVERY_MS = 1_000;
/** As long as there are few executions to list. */
const QUICK_LOOK_MS = 400;
const MANY = 5;
/** Between two batches n8n lists no execution either, for a moment: only this long without one means that there was the last. */
const NO_MORE_MS = 25_000;
/** Polls come once a minute: a trigger that delivered nothing for longer than two of them has nothing more to deliver. */
const QUIET_MS = 150_000;
/** What a batch may grow to where no size is set. */
const LARGEST_BATCH = 5_000;
const STATUSES = ['created', 'updated', 'unchanged', 'removed', 'excluded', 'failed', 'planned'] as const;
const IN_FLIGHT = new Set(['new', 'running', 'waiting', 'unknown']);

/**
 * Watches the executions until all members went through, or until nothing comes any more (the comparison then shows what is
 * missing). Throws a DemoError for an execution that failed.
 */
export async function waitForFirstSync(wait: FirstSyncWait): Promise<Tally> {
	const count = executionCounter(wait.workflow);
	const seen = new Set<string>();
	const leastBatches = Math.ceil(wait.members / batchSizeOf(wait.workflow));
	let unread: Execution[] = [];
	let succeeded = 0;
	let quiet = quietTime();
	for (;;) {
		wait.signal?.throwIfAborted();
		const executions = await wait.api.listExecutions(wait.workflow.id);
		const wanted = executions.filter(({ id }) => Number(id) > (wait.afterExecution ?? 0));
		const inFlight = wanted.some(({ status }) => IN_FLIGHT.has(status));
		const fresh = wanted.filter(({ id, status }) => !seen.has(id) && !IN_FLIGHT.has(status));
		for (const execution of fresh) {
			seen.add(execution.id);
			if (execution.status === 'success') {
				unread.push(execution);
				succeeded += 1;
			} else if (!wait.skipFailed) assertSucceeded(await wait.api.getExecution(execution.id));
		}
		if (fresh.length > 0) wait.progress.note(`${seen.size} execution(s) so far`);
		if (inFlight || fresh.length > 0) quiet = quietTime();
		else if (succeeded >= leastBatches || quiet.noMore.isOver) {
			if (unread.length > 0) wait.onIdle?.();
			for (const { id } of unread) count.add(await wait.api.getExecution(id));
			unread = [];
			if (count.tally.read >= wait.members) return count.tally;
		}
		if (quiet.nothing.isOver) {
			if (seen.size > 0) return count.tally;
			throw new DemoError(`The trigger delivered nothing within ${quiet.nothing.limitMs / 1000} s`);
		}
		await pause(seen.size > MANY ? LOOK_EVERY_MS : QUICK_LOOK_MS);
	}
}

const quietTime = () => ({ noMore: new Patience(NO_MORE_MS), nothing: new Patience(QUIET_MS) });

/** Most contacts that the trigger of a workflow delivers at once. */
function batchSizeOf(workflow: WorkflowJson): number {
	const { options } = triggerOf(workflow).parameters as { options?: { batchSize?: number } };
	return options?.batchSize ?? LARGEST_BATCH;
}

export function assertSucceeded(execution: Execution): void {
	if (execution.status === 'success') return;
	const error = execution.data?.resultData.error;
	const where = error?.node?.name ? ` in the node '${error.node.name}'` : '';
	const what = error?.message ?? `n8n says '${execution.status}'`;
	throw new DemoError(`Execution ${execution.id} failed${where}: ${what}`, error?.description ?? '');
}

/** Adds up the items that the nodes of this package put out. */
export function executionCounter(workflow: WorkflowJson) {
	const names = {
		trigger: triggerOf(workflow).name,
		map: nodeOfType(workflow, NODE_TYPES.map).name,
		upsert: nodeOfType(workflow, NODE_TYPES.upsert).name,
	};
	const keys = new Set<unknown>();
	const tally: Tally = {
		executions: 0,
		read: 0,
		created: 0,
		updated: 0,
		unchanged: 0,
		removed: 0,
		excluded: 0,
		failed: 0,
		planned: 0,
		reasons: {},
	};
	const add = (execution: Execution): Tally => {
		tally.executions += 1;
		for (const { json } of itemsOf(execution, names.trigger)) keys.add(json.key);
		tally.read = keys.size;
		const ended = [
			...itemsOf(execution, names.map, 1),
			...itemsOf(execution, names.upsert, 0),
			...itemsOf(execution, names.upsert, 1),
		];
		for (const { json } of ended) countOutcome(tally, json.outcome);
		return tally;
	};
	return { tally, add };
}

function countOutcome(tally: Tally, outcome: unknown): void {
	const { status, code } = (outcome ?? {}) as { status?: string; code?: string };
	const known = STATUSES.find((candidate) => candidate === status);
	if (known === undefined)
		throw new DemoError(`An item left a node without an outcome that this demo knows (${String(status)})`);
	tally[known] += 1;
	if (known === 'excluded' || known === 'failed') {
		const reason = code ?? 'no reason given';
		tally.reasons[reason] = (tally.reasons[reason] ?? 0) + 1;
	}
}
