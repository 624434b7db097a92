import { setTimeout as pause } from 'node:timers/promises';
import { DemoError } from './demoError';
import { NODE_TYPES, nodeOfType } from './importTemplate';
import { type Execution, type N8nApi, type WorkflowJson, itemsOf } from './n8nApi';
import type { Progress } from './progress';

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
	/** Executions that failed or crashed are left out instead of ending the wait: their contacts are delivered again. */
	readonly skipFailed?: boolean;
}

const LOOK_EVERY_MS = 1_000;
/** Polls come once a minute: a trigger that delivered nothing for longer than two of them has nothing more to deliver. */
const QUIET_MS = 150_000;
const STATUSES = ['created', 'updated', 'unchanged', 'removed', 'excluded', 'failed', 'planned'] as const;
const IN_FLIGHT = new Set(['new', 'running', 'waiting', 'unknown']);

/**
 * Watches the executions until all members went through, or until nothing comes any more (the comparison then shows what is
 * missing). Throws a DemoError for an execution that failed.
 */
export async function waitForFirstSync(wait: FirstSyncWait): Promise<Tally> {
	const count = executionCounter(wait.workflow);
	const seen = new Set<string>();
	let quietSince = Date.now();
	for (;;) {
		wait.signal?.throwIfAborted();
		const executions = await wait.api.listExecutions(wait.workflow.id);
		const wanted = executions.filter(({ id }) => Number(id) > (wait.afterExecution ?? 0));
		for (const { id, status } of wanted) {
			if (seen.has(id) || IN_FLIGHT.has(status)) continue;
			seen.add(id);
			if (wait.skipFailed && status !== 'success') continue;
			const execution = await wait.api.getExecution(id);
			assertSucceeded(execution);
			const tally = count.add(execution);
			wait.progress.note(`execution ${id}: ${tally.read} of ${wait.members} contacts read so far`);
			quietSince = Date.now();
		}
		const inFlight = wanted.some(({ status }) => IN_FLIGHT.has(status));
		if (inFlight) quietSince = Date.now();
		else if (count.tally.read >= wait.members) return count.tally;
		if (Date.now() - quietSince > QUIET_MS) {
			if (seen.size > 0) return count.tally;
			throw new DemoError(`The trigger delivered nothing within ${QUIET_MS / 1000} s`);
		}
		await pause(LOOK_EVERY_MS);
	}
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
		trigger: nodeOfType(workflow, NODE_TYPES.trigger).name,
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
