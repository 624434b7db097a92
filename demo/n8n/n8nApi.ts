import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { DemoError } from '../demoError';
import { Patience, scaled } from '../process/slowness';

/** The owner account that the demo sets up. Only reachable from this machine; the password is printed on purpose. */
export const DEMO_OWNER = {
	email: 'demo@example.com',
	firstName: 'Demo',
	lastName: 'Owner',
	password: 'Contact-Sync-1',
} as const;

export interface WorkflowNode {
	id: string;
	name: string;
	type: string;
	typeVersion: number;
	position: [number, number];
	parameters: Record<string, unknown>;
	credentials?: Record<string, { id: string; name: string }>;
	[further: string]: unknown;
}

/** A workflow as its JSON file has it. */
export interface WorkflowJson {
	name: string;
	nodes: WorkflowNode[];
	connections: Record<string, unknown>;
	settings?: Record<string, unknown>;
	[further: string]: unknown;
}

export interface StoredWorkflow extends WorkflowJson {
	id: string;
	active: boolean;
	staticData: unknown;
}

export type ExecutionStatus = 'new' | 'running' | 'success' | 'error' | 'crashed' | 'canceled' | 'waiting' | 'unknown';

export interface ExecutionItem {
	json: Record<string, unknown>;
	pairedItem?: unknown;
}

export interface ExecutionError {
	message: string;
	description?: string | null;
	name?: string;
	node?: { name?: string };
}

export interface NodeRun {
	data?: { main?: Array<ExecutionItem[] | null> };
	error?: ExecutionError;
	executionTime: number;
	startTime: number;
}

export interface Execution {
	id: string;
	workflowId: string;
	status: ExecutionStatus;
	mode: string;
	startedAt: string;
	stoppedAt: string | null;
	/** Only where it was asked for. */
	data?: { resultData: { runData: Record<string, NodeRun[]>; error?: ExecutionError } };
}

interface Call {
	readonly method: string;
	readonly path: string;
	readonly body?: unknown;
	readonly headers?: Record<string, string>;
}

/** How long n8n may turn calls away because it is busy. */
const BUSY_WITHIN_MS = 60_000;
/** How long it may answer 500 to a call that can be repeated. */
const AT_FAULT_WITHIN_MS = 5_000;
const SWITCHES = /\/(un)?publish$|\/(de)?activate$/;

/** n8n's HTTP API as the demo and the tests use it: set up once, then work with an API key. Every call may throw a DemoError. */
export class N8nApi {
	private headers: Record<string, string> = {};
	/** The owner's cookie. */
	private session = '';
	/** Whether its public API reaches data tables, which quotas are counted in: from 2.7 on. */
	hasDataTables = false;
	/** Words that this n8n does not know. */
	private readonly words = new Set<string>();

	private constructor(readonly url: string) {}

	/** Creates the owner account on a fresh n8n, or logs in on one that has it, and makes an API key. */
	static async setUp(url: string): Promise<N8nApi> {
		const api = new N8nApi(url);
		api.session = (await api.needsOwner())
			? sessionOf(await api.fetch({ method: 'POST', path: '/rest/owner/setup', body: DEMO_OWNER }))
			: await api.sessionCookie();
		const scopes = await api.asOwner<string[]>({ method: 'GET', path: '/rest/api-keys/scopes' });
		api.hasDataTables = scopes.includes('dataTableRow:update');
		api.headers = { 'X-N8N-API-KEY': (await api.createApiKey(scopes)).key };
		return api;
	}

	/** Makes a further key with these scopes, such as `dataTableRow:read`, as its owner does in n8n's settings. */
	async createApiKey(scopes: readonly string[]): Promise<{ id: string; key: string }> {
		const body = { label: `contact-sync ${randomUUID()}`, scopes, expiresAt: null };
		const call = { method: 'POST', path: '/rest/api-keys', body };
		const { id, rawApiKey } = await this.asOwner<{ id: string; rawApiKey: string }>(call);
		return { id, key: rawApiKey };
	}

	/** From then on n8n refuses the key. */
	async deleteApiKey(id: string): Promise<void> {
		await this.asOwner({ method: 'DELETE', path: `/rest/api-keys/${id}` });
	}

	/** Whether there is no owner yet. An n8n without its editor does not tell: one that is set up for the first time. */
	private async needsOwner(): Promise<boolean> {
		const settings = { method: 'GET', path: '/rest/settings' };
		const reply = await this.fetch(settings).catch((error: unknown) => {
			if (error instanceof DemoError && error.message.endsWith(' with 404')) return undefined;
			throw error;
		});
		if (reply === undefined) return true;
		const { data } = (await reply.json()) as { data: { userManagement: { showSetupOnFirstLoad?: boolean } } };
		return data.userManagement.showSetupOnFirstLoad === true;
	}

	/** Makes a new session and returns its cookie (`name=value`), for a browser. */
	async sessionCookie(): Promise<string> {
		const body = { emailOrLdapLoginId: DEMO_OWNER.email, password: DEMO_OWNER.password };
		return sessionOf(await this.fetch({ method: 'POST', path: '/rest/login', body }));
	}

	/** Stores it as the editor does; what n8n's public API asks for besides differs from version to version. */
	async createCredential(
		name: string,
		type: string,
		data: Record<string, unknown>,
	): Promise<{ id: string; name: string }> {
		const call = { method: 'POST', path: '/rest/credentials', body: { name, type, data } };
		const { id } = await this.asOwner<{ id: string }>(call);
		return { id, name };
	}

	async deleteCredential(id: string): Promise<void> {
		await this.asOwner({ method: 'DELETE', path: `/rest/credentials/${id}` });
	}

	async createWorkflow({ name, nodes, connections, settings = {} }: WorkflowJson): Promise<StoredWorkflow> {
		return await this.json({ method: 'POST', path: '/api/v1/workflows', body: { name, nodes, connections, settings } });
	}

	async updateWorkflow(id: string, { name, nodes, connections, settings = {} }: WorkflowJson): Promise<StoredWorkflow> {
		return await this.json({
			method: 'PUT',
			path: `/api/v1/workflows/${id}`,
			body: { name, nodes, connections, settings },
		});
	}

	/** With `staticData`: where the triggers keep their cursors, as of the last time n8n saved them. */
	async getWorkflow(id: string): Promise<StoredWorkflow> {
		return await this.json({ method: 'GET', path: `/api/v1/workflows/${id}` });
	}

	/** Activates the workflow. n8n polls its trigger at once, and answers before that poll is done. */
	async publish(id: string): Promise<void> {
		await this.switchWorkflow(id, 'publish', 'activate');
	}

	async unpublish(id: string): Promise<void> {
		await this.switchWorkflow(id, 'unpublish', 'deactivate');
	}

	/** Earlier versions of n8n know the older word only. */
	private async switchWorkflow(id: string, word: string, older: string): Promise<void> {
		const switched = (how: string) => this.json({ method: 'POST', path: `/api/v1/workflows/${id}/${how}`, body: {} });
		try {
			await switched(this.words.has(word) ? older : word);
		} catch (error) {
			if (!(error instanceof DemoError && / with 40[45]$/.test(error.message)) || this.words.has(word)) throw error;
			await switched(older);
			this.words.add(word);
		}
	}

	/** All executions of a workflow, oldest first, without their data. */
	async listExecutions(workflowId: string): Promise<Execution[]> {
		const found: Execution[] = [];
		let cursor: string | undefined;
		do {
			const query = new URLSearchParams({ workflowId, limit: '250', ...(cursor ? { cursor } : {}) });
			const page = await this.json<{ data: Execution[]; nextCursor: string | null }>({
				method: 'GET',
				path: `/api/v1/executions?${query.toString()}`,
			});
			found.push(...page.data);
			cursor = page.nextCursor ?? undefined;
		} while (cursor !== undefined);
		return found.sort((a, b) => Number(a.id) - Number(b.id));
	}

	async getExecution(id: string): Promise<Execution> {
		return await this.json({ method: 'GET', path: `/api/v1/executions/${id}?includeData=true` });
	}

	/** Any other call of the public API (`/api/v1/…`). */
	async json<T>(call: Call): Promise<T> {
		const text = await (await this.fetch(call)).text();
		return (text ? JSON.parse(text) : undefined) as T;
	}

	/** A call of n8n's internal API, which wants a session and wraps its answers in `data`. */
	private async asOwner<T>(call: Call): Promise<T> {
		return (await this.json<{ data: T }>({ ...call, headers: { cookie: this.session } })).data;
	}

	private async fetch(call: Call): Promise<Response> {
		const { method, path } = call;
		const [patience, atFault] = [new Patience(BUSY_WITHIN_MS), new Patience(AT_FAULT_WITHIN_MS)];
		for (;;) {
			const reply = await this.send(call);
			if (reply.ok) return reply;
			const said = await reply.text();
			// n8n turns calls away, whatever they are, while its database does not answer; with 500 where it had begun.
			const isBusy = reply.status === 503 && !patience.isOver;
			const mayRepeat = reply.status === 500 && (method === 'GET' || SWITCHES.test(path)) && !atFault.isOver;
			if (!isBusy && !mayRepeat)
				throw new DemoError(`n8n answered ${method} ${path.split('?')[0]} with ${reply.status}`, said);
			await pause(500);
		}
	}

	private async send({ method, path, body, headers }: Call): Promise<Response> {
		return await fetch(this.url + path, {
			method,
			// A socket kept open is reset when n8n was busy for some seconds.
			headers: { connection: 'close', 'content-type': 'application/json', ...this.headers, ...headers },
			...(body === undefined ? {} : { body: JSON.stringify(body) }),
			signal: AbortSignal.timeout(scaled(60_000)),
		});
	}
}

function sessionOf(reply: Response): string {
	const cookie = reply.headers.getSetCookie().find((value) => value.startsWith('n8n-auth='));
	if (cookie === undefined) throw new DemoError('n8n did not let the demo account log in');
	return cookie.split(';')[0] ?? '';
}

/** The items that left one output of a node, over all its runs in an execution. */
export function itemsOf(execution: Execution, node: string, output = 0): ExecutionItem[] {
	const runs = execution.data?.resultData.runData[node] ?? [];
	return runs.flatMap((run) => run.data?.main?.[output] ?? []);
}
