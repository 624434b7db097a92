import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { dirname, join, delimiter } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { childEnvironment } from '../process/childEnvironment';
import { DemoError, tailOf } from '../demoError';
import { freePort } from '../process/freePort';
import { Patience, scaled } from '../process/slowness';
import type { N8nInstall } from './n8nInstall';

/** A first start on an empty database runs all migrations: 8 to 45 s measured. These are limits of a machine as fast as usual. */
const START_WITHIN_MS = 240_000;
const STOP_WITHIN_MS = 20_000;
/** Fixed, so that the same user folder can be started again. It protects nothing but the demo's own sandbox keys. */
const ENCRYPTION_KEY = 'contact-sync-demo';
/** A module that asks a server on the internet at each start. */
const LOOKS_UP = 'mcp-registry';

export interface N8nServerOptions {
	readonly install: N8nInstall;
	/** `N8N_USER_FOLDER`: n8n keeps its database in `.n8n` below it. Fresh or from an earlier run. */
	readonly userFolder: string;
	/** Port of the editor; a free one when absent. Kept over restarts. */
	readonly port?: number;
	/** Further settings for n8n, such as a database, queue mode or the durable scheduler. They win over ours. */
	readonly env?: NodeJS.ProcessEnv;
	/** `start` (default): an n8n with an editor. `worker`: runs executions that such an n8n queued, in queue mode. */
	readonly command?: 'start' | 'worker';
	/** Most that its JavaScript heap may take, in MB; what Node.js thinks fit when absent. */
	readonly heapMb?: number;
	readonly signal?: AbortSignal;
}

/**
 * One n8n as a child process. `start`, `stop`, `kill` and `start` again may follow one another on the same folder, which is
 * how tests show what survives.
 */
export class N8nServer {
	readonly logFile: string;
	private child: ChildProcess | undefined;

	private constructor(
		private readonly options: N8nServerOptions,
		readonly port: number,
		private readonly brokerPort: number,
	) {
		this.logFile = join(options.userFolder, 'n8n.log');
	}

	static async create(options: N8nServerOptions): Promise<N8nServer> {
		mkdirSync(options.userFolder, { recursive: true });
		return new N8nServer(options, options.port ?? (await freePort()), await freePort());
	}

	/** Where the editor and the API answer, without a slash at the end; on a worker only the health check does. */
	get url(): string {
		return `http://127.0.0.1:${this.port}`;
	}

	get userFolder(): string {
		return this.options.userFolder;
	}

	get isRunning(): boolean {
		return this.child !== undefined && this.child.exitCode === null && this.child.signalCode === null;
	}

	/** The process id, while it runs. */
	get pid(): number | undefined {
		return this.isRunning ? this.child?.pid : undefined;
	}

	/** Starts n8n and waits until it takes requests. Throws a DemoError with the log's tail when it does not. */
	async start(): Promise<void> {
		if (this.isRunning) throw new DemoError('n8n is already running');
		const log = openSync(this.logFile, 'a');
		const { install, command = 'start', heapMb } = this.options;
		const limit = heapMb === undefined ? [] : [`--max-old-space-size=${heapMb}`];
		// Its own process group: Ctrl+C reaches only us, and a kill takes n8n's task runners along.
		this.child = spawn(install.nodeBinary, [...limit, install.n8nScript, command], {
			cwd: this.options.userFolder,
			env: this.environment(),
			stdio: ['ignore', log, log],
			detached: process.platform !== 'win32',
		});
		closeSync(log);
		await this.waitUntilReady(this.child);
	}

	/** Asks n8n to stop and waits for it; kills it when it takes too long. */
	async stop(): Promise<void> {
		const { child } = this;
		if (!child || !this.isRunning) return;
		child.kill('SIGTERM');
		if (!(await hasExited(child, STOP_WITHIN_MS))) await this.kill();
		else this.killGroup(child);
	}

	/** Ends n8n and its task runners at once, as a power cut would (`kill -9`). */
	async kill(): Promise<void> {
		const { child } = this;
		if (!child || !this.isRunning) return;
		this.killGroup(child);
		await hasExited(child, STOP_WITHIN_MS);
	}

	async restart(): Promise<void> {
		await this.stop();
		await this.start();
	}

	/** All that n8n printed so far, over all its starts. */
	readLog(): string {
		try {
			return readFileSync(this.logFile, 'utf8');
		} catch {
			return '';
		}
	}

	private killGroup(child: ChildProcess): void {
		if (child.pid === undefined) return;
		try {
			if (process.platform === 'win32') child.kill('SIGKILL');
			else process.kill(-child.pid, 'SIGKILL');
		} catch {
			// No process of the group is left.
		}
	}

	private async waitUntilReady(child: ChildProcess): Promise<void> {
		const patience = new Patience(START_WITHIN_MS);
		let failure: Error | undefined;
		child.once('error', (error) => (failure = error));
		while (!patience.isOver) {
			this.options.signal?.throwIfAborted();
			if (failure ?? child.exitCode !== null) {
				throw new DemoError(
					`n8n ended while it started${failure ? `: ${failure.message}` : ''}`,
					tailOf(this.readLog()),
				);
			}
			if (await this.isReady()) return;
			await pause(200);
		}
		throw new DemoError(`n8n did not get ready within ${patience.limitMs / 1000} s`, tailOf(this.readLog()));
	}

	/**
	 * n8n calls itself ready before it knows the addresses of its editor and its API, on a slow machine by many seconds: then it
	 * answers 404 there, or 503. Once it knows them, it refuses to tell a stranger about a session.
	 */
	private async isReady(): Promise<boolean> {
		if ((await statusOf(`${this.url}/healthz/readiness`)) !== 200) return false;
		return this.options.command === 'worker' || (await statusOf(`${this.url}/rest/login`)) === 401;
	}

	/** A worker listens only when asked to, and by default on all addresses. */
	private workerHealthCheck(): NodeJS.ProcessEnv {
		return {
			QUEUE_HEALTH_CHECK_ACTIVE: 'true',
			QUEUE_HEALTH_CHECK_PORT: String(this.port),
			N8N_WORKER_SERVER_ADDRESS: '127.0.0.1',
		};
	}

	/** Loopback only, nothing sent home, no pop-ups: an n8n that works without the internet and logs no failed look-ups. */
	private environment(): NodeJS.ProcessEnv {
		return childEnvironment({
			PATH: [dirname(this.options.install.nodeBinary), process.env.PATH ?? ''].join(delimiter),
			// A start compiles thousands of files, the same ones each time.
			NODE_COMPILE_CACHE: join(this.options.install.folder, 'compile-cache'),
			N8N_USER_FOLDER: this.options.userFolder,
			N8N_PORT: String(this.port),
			N8N_HOST: '127.0.0.1',
			N8N_LISTEN_ADDRESS: '127.0.0.1',
			N8N_EDITOR_BASE_URL: this.url,
			WEBHOOK_URL: this.url,
			N8N_RUNNERS_BROKER_PORT: String(this.brokerPort),
			...(this.options.command === 'worker' ? this.workerHealthCheck() : {}),
			// n8n refuses every call for a while when its database takes longer than 5 s to answer.
			DB_PING_TIMEOUT_MS: String(scaled(20_000)),
			N8N_ENCRYPTION_KEY: ENCRYPTION_KEY,
			N8N_SECURE_COOKIE: 'false',
			N8N_DIAGNOSTICS_ENABLED: 'false',
			N8N_VERSION_NOTIFICATIONS_ENABLED: 'false',
			N8N_VERSION_NOTIFICATIONS_WHATS_NEW_ENABLED: 'false',
			N8N_TEMPLATES_ENABLED: 'false',
			N8N_PERSONALIZATION_ENABLED: 'false',
			N8N_VERIFIED_PACKAGES_ENABLED: 'false',
			...(hasModule(this.options.install, LOOKS_UP) ? { N8N_DISABLED_MODULES: LOOKS_UP } : {}),
			N8N_HIRING_BANNER_ENABLED: 'false',
			NO_PROXY: '127.0.0.1,localhost',
			no_proxy: '127.0.0.1,localhost',
			...this.options.env,
		});
	}
}

/** Earlier versions of n8n do not start when told to leave out a module that they do not have. */
const hasModule = ({ n8nScript }: N8nInstall, name: string): boolean =>
	existsSync(join(dirname(n8nScript), '..', 'dist', 'modules', name));

/** Undefined where nothing answers. */
async function statusOf(url: string): Promise<number | undefined> {
	try {
		const answer = await fetch(url, { headers: { connection: 'close' }, signal: AbortSignal.timeout(scaled(5_000)) });
		await answer.body?.cancel();
		return answer.status;
	} catch {
		return undefined;
	}
}

async function hasExited(child: ChildProcess, withinMs: number): Promise<boolean> {
	const patience = new Patience(withinMs);
	while (child.exitCode === null && child.signalCode === null) {
		if (patience.isOver) return false;
		await pause(50);
	}
	return true;
}
