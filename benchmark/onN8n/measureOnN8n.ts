import { setTimeout as pause } from 'node:timers/promises';
import { DemoError, tailOf } from '../../demo/demoError';
import { assertSucceeded } from '../../demo/firstSync';
import { cpuSeconds } from '../../demo/process/cpuTime';
import { watchMemory } from '../../demo/process/memory';
import { Patience } from '../../demo/process/slowness';
import type { Sandbox } from '../../sandbox/startSandbox';
import type { Stage } from '../../demo/stage';
import type { Measured } from './cases';

const LOOK_EVERY_MS = 250;
/** As long as nothing must have happened for a run to be over. */
const STILL_MS = 2_500;
/** Nothing happens for so long only when something went wrong. */
const STUCK_MS = 90_000;
const IN_FLIGHT = new Set(['new', 'running', 'waiting', 'unknown']);

/** What the vendors' logs say of a run. */
export type VendorCounts = Omit<Measured, 'seconds' | 'peakMb' | 'cpuSeconds'>;

/** Forgets what the vendors' logs hold, and what their limits counted. */
export function clearLogs({ hubspot, brevo }: Sandbox): void {
	hubspot.limits.clear();
	hubspot.requests.clear();
	brevo.requests.clear();
	brevo.store.clearLogs();
}

export function vendorCounts({ hubspot, brevo }: Sandbox): VendorCounts {
	const counts = Object.entries(brevo.requests.counts());
	const sum = (wanted: (route: string) => boolean): number =>
		counts.reduce((all, [route, count]) => (wanted(route) ? all + count : all), 0);
	const singles = brevo.requests.entries.filter(({ method, route }) => method === 'POST' && route === '/contacts');
	const [first, last] = [singles[0], singles.at(-1)];
	return {
		hubspotCalls: hubspot.requests.total,
		memberPages: hubspot.requests.count(({ route }) => /\/:id\/memberships(\/join-order)?$/.test(route)),
		brevoCalls: brevo.requests.total,
		brevoContactCalls: sum((route) => / \/contacts(\/|$)/.test(route)),
		singleWrites: sum((route) => route === 'POST /contacts'),
		writingSeconds: first && last ? (last.at + last.ms - first.at) / 1_000 : 0,
		rateLimited: (hubspot.requests.statuses()[429] ?? 0) + (brevo.requests.statuses()[429] ?? 0),
		resubscriptions: brevo.store.resubscriptions.length,
	};
}

export interface RunOnN8n {
	readonly stage: Stage;
	readonly workflowId: string;
	/** Starts it. Returns the instant it began, in ms since 1970. */
	readonly begin: () => Promise<number>;
	/** Whether Brevo holds what it should in the end. */
	readonly isDone: () => boolean;
	readonly signal: AbortSignal;
}

/** Runs a workflow until Brevo holds what it should and nothing moves any more. Throws a DemoError when it fails or stands still. */
export async function measureOnN8n({ stage, workflowId, begin, isDone, signal }: RunOnN8n): Promise<Measured> {
	const { sandbox, api, n8n } = stage;
	const { pid } = n8n;
	if (pid === undefined) throw new DemoError('n8n does not run');
	const before = new Set((await api.listExecutions(workflowId)).map(({ id }) => id));
	clearLogs(sandbox);
	const memory = watchMemory(pid);
	const cpuBefore = cpuSeconds(pid);
	const startedAt = await begin();
	try {
		const { endedAt, cpuAfter } = await untilStill({ stage, workflowId, isDone, signal }, before, pid);
		return {
			...vendorCounts(sandbox),
			seconds: (endedAt - startedAt) / 1_000,
			peakMb: memory.stop().peak,
			cpuSeconds: cpuAfter - cpuBefore,
		};
	} finally {
		memory.stop();
	}
}

/** Waits, and returns when the last call, import and execution ended. `before`: executions that are none of this run. */
async function untilStill(
	{ stage, workflowId, isDone, signal }: Omit<RunOnN8n, 'begin'>,
	before: ReadonlySet<string>,
	pid: number,
): Promise<{ readonly endedAt: number; readonly cpuAfter: number }> {
	const { api, sandbox, n8n } = stage;
	const { hubspot, brevo } = sandbox;
	let [still, stuck] = [new Patience(STILL_MS), new Patience(STUCK_MS)];
	let [cpuAfter, calls, importedAt] = [0, -1, 0];
	for (;;) {
		signal.throwIfAborted();
		await pause(LOOK_EVERY_MS);
		const executions = (await api.listExecutions(workflowId)).filter(({ id }) => !before.has(id));
		for (const { id, status } of executions)
			if (status === 'error' || status === 'crashed') assertSucceeded(await api.getExecution(id));
		const total = hubspot.requests.total + brevo.requests.total;
		if (brevo.isImporting()) importedAt = Date.now();
		if (total !== calls || brevo.isImporting() || executions.some(({ status }) => IN_FLIGHT.has(status))) {
			[still, stuck] = [new Patience(STILL_MS), new Patience(STUCK_MS)];
			[calls, cpuAfter] = [total, cpuSeconds(pid)];
		} else if (total > 0 && still.isOver && isDone()) {
			const ends = executions.map(({ stoppedAt }) => (stoppedAt === null ? 0 : Date.parse(stoppedAt)));
			const answers = [hubspot, brevo].flatMap(({ requests }) => requests.entries.slice(-1));
			return { endedAt: Math.max(importedAt, ...ends, ...answers.map(({ at, ms }) => at + ms)), cpuAfter };
		} else if (stuck.isOver) {
			const said = `Nothing happened for ${STUCK_MS / 1_000} s, and Brevo does not hold what it should`;
			throw new DemoError(said, tailOf(n8n.readLog()));
		}
	}
}
