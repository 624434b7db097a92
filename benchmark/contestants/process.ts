import { emptyTally, type Done, type FromContestant, type Job, type MemoryPoint, type ToContestant } from '../job';
import { Accounts } from './accounts';
import { ContactSync } from './contactSync';
import { syncPerContact } from './perContact';

/** The process of one contestant: takes a job, says when it is ready, runs it when told to go, and reports. */

const MB = 1_048_576;
const SAMPLE_MS = 20;

const collect = (globalThis as { gc?: () => void }).gc;

const secondsSince = (start: number): number => (performance.now() - start) / 1_000;

const say = (message: FromContestant): void => void process.send?.(message);

async function run(job: Job, whenToldToGo: Promise<void>): Promise<void> {
	const accounts = new Accounts(job);
	const tally = emptyTally();
	const memory: MemoryPoint[] = [];
	let peak = 0;
	const look = (): number => {
		const { rss } = process.memoryUsage();
		peak = Math.max(peak, rss);
		return rss;
	};
	const sync = new ContactSync(accounts, job, (contacts) => {
		const rssMb = look() / MB;
		collect?.();
		memory.push({ contacts, rssMb, ...(collect ? { liveMb: process.memoryUsage().heapUsed / MB } : {}) });
	});
	for (let polls = 0; polls < (job.pollsBefore ?? 0); polls++) await sync.catchUp(emptyTally());
	const before = { hubspot: accounts.hubspotHttp.sent, brevo: accounts.brevoHttp.sent };
	say({ kind: 'ready' });
	await whenToldToGo;

	const startRssMb = look() / MB;
	const timer = setInterval(look, SAMPLE_MS);
	const startedAt = performance.now();
	let polls: number | undefined;
	let preparationSeconds = 0;
	const prepared = (): void => void (preparationSeconds = secondsSince(startedAt));
	if (job.way === 'contactSync') polls = await sync.catchUp(tally);
	else await syncPerContact(accounts, job, job.way === 'pages' ? 100 : 1, tally, prepared);
	const seconds = secondsSince(startedAt);
	clearInterval(timer);
	look();
	const done: Done = {
		tally,
		sent: { hubspot: accounts.hubspotHttp.sent - before.hubspot, brevo: accounts.brevoHttp.sent - before.brevo },
		seconds,
		preparationSeconds,
		startRssMb,
		peakRssMb: peak / MB,
		memory,
		polls,
		state: sync.storedState,
	};
	say({ kind: 'done', done });
}

let toldToGo: () => void = () => undefined;
const whenToldToGo = new Promise<void>((resolve) => (toldToGo = resolve));

process.on('message', (message: ToContestant) => {
	if (message.kind === 'go') return toldToGo();
	run(message.job, whenToldToGo)
		.catch((error: unknown) =>
			say({ kind: 'failed', reason: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
		)
		.finally(() => process.disconnect());
});
