import { setTimeout as pause } from 'node:timers/promises';
import { assertSucceeded } from '../firstSync';
import { NODE_TYPES, nodeOfType } from '../n8n/importTemplate';
import { type Execution, type N8nApi, type WorkflowJson, itemsOf } from '../n8n/n8nApi';
import { Patience } from '../process/slowness';

/** What became of one contact, as the nodes put it on the item. */
export interface Outcome {
	readonly status: string;
	readonly code?: string;
	readonly changes?: Readonly<Record<string, { readonly from: unknown; readonly to: unknown }>>;
}

/** What an execution said of one contact. */
export interface Delivered {
	readonly key: string;
	readonly change: string;
	readonly outcome: Outcome;
	readonly execution: string;
}

const LOOK_EVERY_MS = 250;
const IN_FLIGHT = new Set(['new', 'running', 'waiting', 'unknown']);

/** Follows the executions of one workflow and reads the outcomes that its nodes put out, each once. */
export class Deliveries {
	private readonly seen = new Set<string>();

	constructor(
		private readonly api: N8nApi,
		private readonly workflow: WorkflowJson & { readonly id: string },
	) {}

	/** Takes everything so far as read. */
	async skip(): Promise<void> {
		for (const { id } of await this.api.listExecutions(this.workflow.id)) this.seen.add(id);
	}

	/**
	 * Waits until each key has an outcome, and returns all outcomes that came meanwhile; gives up after `withinMs`, or
	 * what they are on this machine, and returns what there is. Throws a DemoError for an execution that failed.
	 */
	async untilCarried(keys: readonly string[], withinMs: number, signal?: AbortSignal): Promise<Delivered[]> {
		const found: Delivered[] = [];
		const missing = new Set(keys);
		const patience = new Patience(withinMs);
		while (missing.size > 0 && !patience.isOver) {
			signal?.throwIfAborted();
			for (const delivered of await this.readNew()) {
				found.push(delivered);
				missing.delete(delivered.key);
			}
			if (missing.size > 0) await pause(LOOK_EVERY_MS);
		}
		return found;
	}

	/** Outcomes of the executions that ended since the last look. */
	async readNew(): Promise<Delivered[]> {
		const found: Delivered[] = [];
		for (const { id, status } of await this.api.listExecutions(this.workflow.id)) {
			if (this.seen.has(id) || IN_FLIGHT.has(status)) continue;
			this.seen.add(id);
			const execution = await this.api.getExecution(id);
			assertSucceeded(execution);
			found.push(...this.outcomesOf(execution));
		}
		return found;
	}

	private outcomesOf(execution: Execution): Delivered[] {
		const outputs = [
			[NODE_TYPES.map, 1],
			[NODE_TYPES.upsert, 0],
			[NODE_TYPES.upsert, 1],
		] as const;
		const items = outputs.flatMap(([type, output]) => itemsOf(execution, nodeOfType(this.workflow, type).name, output));
		return items.map(({ json }) => ({
			key: String(json.key),
			change: String(json.change),
			outcome: json.outcome as Outcome,
			execution: execution.id,
		}));
	}
}
