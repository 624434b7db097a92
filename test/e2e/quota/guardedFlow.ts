import { randomUUID } from 'node:crypto';
import type { Execution, ExecutionItem, N8nApi, NodeRun, StoredWorkflow } from '../../../demo/n8n/n8nApi';
import { itemsOf } from '../../../demo/n8n/n8nApi';
import { PACKAGE_NAME } from '../../../demo/n8n/packageBuild';
import { waitFor } from '../support/waitFor';

/** An alert as the node hands it to Send Email. */
export interface AlertJson {
	readonly kind: 'threshold' | 'exceeded' | 'recovered';
	readonly threshold?: number;
	readonly because?: 'renewed' | 'raised';
	readonly subject: string;
	readonly text: string;
	readonly used: number;
	readonly limit: number;
	readonly renewsAt: string;
}

/** What became of the contacts that were given to a Quota Guard in one execution. */
export interface GuardRun {
	readonly status: Execution['status'];
	/** Their keys. */
	readonly given: readonly string[];
	readonly within: readonly string[];
	readonly over: readonly string[];
	readonly alerts: readonly AlertJson[];
	/** What the run failed with, as a person reads it. */
	readonly error?: string;
	/** What the node says beside its output. */
	readonly hints: readonly string[];
	/** Over Quota, as it came. */
	readonly held: readonly ExecutionItem[];
}

/** The credential of a Quota Guard, as n8n stores it in the node. */
export interface GuardCredential {
	readonly id: string;
	readonly name: string;
}

/** How the Quota Guard of a workflow is set; what is left out is as the node has it by itself. */
export interface FixedSettings {
	readonly period?: 'day';
	readonly whenExceeded?: 'strict';
	readonly whenUnreachable?: 'fail' | 'letThrough';
}

/** How it is set for one execution; these take expressions. */
export interface GuardSettings {
	readonly quota: string;
	readonly taskLimit?: number;
	readonly table?: string;
}

export type Contact = Readonly<Record<string, unknown>> & { readonly key: string };

/** A published workflow of three nodes: contacts that are posted to it go to a Quota Guard, with the settings beside them. */
export class GuardedFlow {
	private constructor(
		private readonly api: N8nApi,
		private readonly workflow: StoredWorkflow,
		private readonly path: string,
	) {}

	static async publish(api: N8nApi, credential: GuardCredential, fixed: FixedSettings): Promise<GuardedFlow> {
		const path = randomUUID();
		const workflow = await api.createWorkflow(workflowOf(path, credential, fixed));
		await api.publish(workflow.id);
		const flow = new GuardedFlow(api, workflow, path);
		// n8n answers before it registered the webhook. Asked by another method, it tells which one it takes.
		await waitFor('the webhook', async () => /make a POST request/.test(await (await flow.call('GET')).text()));
		return flow;
	}

	/** Starts an execution with these contacts; resolves when it ended, whether it succeeded or failed. */
	async start(settings: GuardSettings, contacts: readonly Contact[]): Promise<void> {
		const reply = await this.call('POST', JSON.stringify({ settings, contacts }));
		// n8n answers a failed run with 500.
		if (!reply.ok && reply.status !== 500) throw new Error(`The webhook answered with status ${reply.status}`);
		await reply.text();
	}

	/** The same, and what became of the contacts. */
	async run(settings: GuardSettings, contacts: readonly Contact[]): Promise<GuardRun> {
		await this.start(settings, contacts);
		const [run] = await this.runsWith([contacts]);
		return run!;
	}

	/** What became of each of these batches; waits until their executions are stored. */
	async runsWith(batches: ReadonlyArray<readonly Contact[]>): Promise<GuardRun[]> {
		const query = new URLSearchParams({ workflowId: this.workflow.id, includeData: 'true', limit: '20' });
		const path = `/api/v1/executions?${query.toString()}`;
		return await waitFor('the executions', async () => {
			const { data } = await this.api.json<{ data: Execution[] }>({ method: 'GET', path });
			const ended = data.filter(({ stoppedAt }) => stoppedAt !== null).map(runOf);
			const found = batches.flatMap(([first]) => ended.find(({ given }) => given[0] === first?.key) ?? []);
			return found.length === batches.length && found;
		});
	}

	private async call(method: string, body?: string): Promise<Response> {
		const headers = { connection: 'close', 'content-type': 'application/json' };
		return await fetch(`${this.api.url}/webhook/${this.path}`, { method, headers, body });
	}
}

const NODES = { webhook: 'Webhook', split: 'Split Out', guard: 'Quota Guard' } as const;

/** A parameter with the setting that was posted, or with what the node has by itself. */
const posted = (name: keyof GuardSettings, other: string | number): string =>
	`={{ $('${NODES.webhook}').first().json.body.settings.${name} ?? ${JSON.stringify(other)} }}`;

const guardParameters = ({ whenUnreachable = 'fail', ...fixed }: FixedSettings) => ({
	quota: posted('quota', ''),
	taskLimit: posted('taskLimit', 100_000),
	...fixed,
	options: { table: posted('table', 'Contact Sync Quota'), whenUnreachable },
});

function workflowOf(path: string, credential: GuardCredential, fixed: FixedSettings) {
	const node = (name: string, type: string, typeVersion: number, own: Readonly<Record<string, unknown>>) => ({
		...{ id: randomUUID(), name, type, typeVersion, position: [0, 0] as [number, number] },
		parameters: { ...own },
	});
	const to = (name: string) => ({ main: [[{ node: name, type: 'main', index: 0 }]] });
	return {
		name: `Guarded ${path}`,
		nodes: [
			node(NODES.webhook, 'n8n-nodes-base.webhook', 2, {
				...{ path, httpMethod: 'POST', responseMode: 'lastNode', responseData: 'noData' },
			}),
			node(NODES.split, 'n8n-nodes-base.splitOut', 1, { fieldToSplitOut: 'body.contacts' }),
			{
				...node(NODES.guard, `${PACKAGE_NAME}.quotaGuard`, 1, guardParameters(fixed)),
				credentials: { contactSyncN8nApi: { ...credential } },
			},
		],
		connections: { [NODES.webhook]: to(NODES.split), [NODES.split]: to(NODES.guard) },
		settings: { saveDataSuccessExecution: 'all', saveDataErrorExecution: 'all' },
	};
}

function runOf(execution: Execution): GuardRun {
	const json = (node: string, output = 0) => itemsOf(execution, node, output).map((item) => item.json);
	const keys = (items: ReadonlyArray<Record<string, unknown>>) => items.map(({ key }) => String(key));
	const error = execution.data?.resultData.error;
	const runs = (execution.data?.resultData.runData[NODES.guard] ?? []) as Array<NodeRun & { hints?: Hint[] }>;
	return {
		status: execution.status,
		given: keys(json(NODES.split)),
		within: keys(json(NODES.guard)),
		over: keys(json(NODES.guard, 1)),
		alerts: json(NODES.guard, 2) as unknown as AlertJson[],
		hints: runs.flatMap(({ hints = [] }) => hints.map(({ message }) => message)),
		held: itemsOf(execution, NODES.guard, 1),
		...(error ? { error: [error.message, error.description].filter(Boolean).join(' ') } : {}),
	};
}

interface Hint {
	readonly message: string;
}

let made = 0;

/** So many contacts that no other test has. */
export function someContacts(count: number, other: Readonly<Record<string, unknown>> = {}): Contact[] {
	made += 1;
	return Array.from({ length: count }, (_unused, index) => ({
		...{ key: `test:1:contact:${made}-${index}`, change: 'updated', optedOut: false },
		...other,
	}));
}
