import { setImmediate as nextTurn } from 'node:timers/promises';
import { BrevoClient } from '../../../../clients/brevo/api/brevoClient';
import { heldIds } from '../../../../clients/brevo/destination/lookup/keysOnList';
import type { BrevoLimiters } from '../../../../clients/brevo/api/limits';
import { openBrevoDestination } from '../../../../clients/brevo/destination/openDestination';
import type { ContactChange, MappedContact } from '../../../../core/contact/contact';
import { applyMapping } from '../../../../core/mapping/applyMapping';
import type { PollReport } from '../../../../core/polling/poll';
import type { DeliveryOutcome } from '../../../../core/polling/pollRegister';
import type { Clock, HttpPort } from '../../../../core/ports';
import { CallLimiter } from '../../../../core/calls/rateLimiter';
import type { Failure } from '../../../../core/result';
import type { UpsertSettings } from '../../../../core/upsert/upsertContacts';
import { upsertContacts } from '../../../../core/upsert/upsertContacts';
import type { RunningBrevo } from '../../../../sandbox/brevo';
import { startBrevo } from '../../../../sandbox/brevo';
import type { SandboxClock } from '../../../../sandbox/engine';
import { DEFAULT_UPSERT, newAccount } from '../../brevoAccount';
import { quickHttp } from '../../http/quickHttp';
import { sandboxClock } from '../../triggerFollower';
import type { BrevoSetUp } from './setUp';
import { PLAIN_BREVO } from './setUp';
import { Lifetime } from '../lifetime';
import { NO_RUN, refusalOfRetry } from './retriedRun';
import type { Delivered, ItemOutcome, PollOptions, Source, Workflow } from './workflow';

/** What one process knows, and the limits it keeps to. */
interface Worker {
	readonly account: string;
	readonly limiters: BrevoLimiters;
}

/**
 * The whole sync in one process, without n8n: a trigger, Map Contact Fields and Contact List Upsert over real HTTP between
 * two stand-ins that share one clock, for one workflow or several. The clock stands still but for waits and the time between
 * polls, so a history is the same each time it is played.
 */
export abstract class BrevoPipeline {
	upsert: Partial<UpsertSettings> = {};
	private importFrom = PLAIN_BREVO.importFrom;
	/** Asked with every batch after its run, whether that succeeded or not. */
	onDelivered: (delivered: Delivered) => void = () => undefined;
	abstract readonly workflows: readonly Workflow[];
	/** Whether a batch may have come more than once. */
	redelivered = false;
	/** Everything that triggers noticed was delivered, and acknowledged. */
	isAcknowledged = false;
	private readonly httpToBrevo;
	private workers: readonly Worker[] = [];
	private worker: 0 | 1 = 0;
	private life = new Lifetime();
	private runFails = false;
	private wasUnpublished = false;
	private meanwhile: PollOptions['meanwhile'];
	private readsFromBrevo = 0;
	/** Batches of all runs, in their order. */
	private executions: Array<readonly ContactChange[]> = [];
	/** What the last run handed back to a trigger that begins without a memory. */
	protected held: readonly string[] | undefined;
	/** The run under way. */
	private delivery: Promise<void> | undefined;

	protected constructor(
		private readonly source: Source,
		readonly brevo: RunningBrevo,
	) {
		this.httpToBrevo = quickHttp(brevo.url, { 'api-key': brevo.apiKey }, () => source.clock.now());
		this.workers = this.newWorkers();
	}

	/** Both accounts as they were at the start, and nothing synced yet. */
	reset(): void {
		this.source.reset();
		this.brevo.reset();
		this.worker = 0;
		this.wasUnpublished = false;
		this.meanwhile = undefined;
		this.executions = [];
		this.life = new Lifetime();
		this.delivery = undefined;
		this.upsert = {};
		this.setUpBrevo(PLAIN_BREVO);
		this.redelivered = false;
		this.isAcknowledged = false;
		this.onDelivered = () => undefined;
		this.workers = this.newWorkers();
		this.begin();
	}

	/** To be called after a reset, which takes it back. */
	setUpBrevo({ importFrom, settings }: BrevoSetUp): void {
		this.importFrom = importFrom;
		Object.assign(this.brevo.settings, settings);
	}

	/** Contacts that imports changed so far. */
	get importedRows(): number {
		return this.brevo.store.writes.filter(({ via }) => via === 'import').length;
	}

	/** Whether an import is under way, or a run may be about to begin one. */
	get mayBeImporting(): boolean {
		return this.brevo.isImporting() || (this.delivery !== undefined && this.importFrom < PLAIN_BREVO.importFrom);
	}

	async close(): Promise<void> {
		this.httpToBrevo.close();
		await Promise.all([this.source.close(), this.brevo.close()]);
	}

	/** In whole milliseconds, as clocks are: HubSpot refuses a search from a fraction of one. */
	get clock(): Clock {
		const clock = sandboxClock(this.source);
		return { ...clock, sleep: async (ms) => await clock.sleep(Math.ceil(ms)) };
	}

	/** Some time passes, then every trigger polls; with `killAfter`, n8n is a new process afterwards. */
	async poll(options: PollOptions = {}): Promise<PollReport[] | 'killed'> {
		const { afterMs = 60_000, killAfter, runFails = false, worker = 0, unpublishAfter, meanwhile } = options;
		this.runFails = runFails;
		this.worker = worker;
		this.meanwhile = meanwhile;
		this.readsFromBrevo = 0;
		this.isAcknowledged = false;
		const batches = this.executions.length;
		const isPublished = (): boolean =>
			unpublishAfter === undefined || this.executions.length - batches < unpublishAfter;
		for (const workflow of this.workflows) workflow.publication = { isPublished, activating: this.wasUnpublished };
		this.wasUnpublished = unpublishAfter !== undefined;
		if (killAfter !== undefined) this.life.dieAfter(killAfter);
		const { life } = this;
		const reports: PollReport[] = [];
		let wait = afterMs;
		for (const workflow of this.workflows) {
			const report = await Promise.race([workflow.next(wait), life.end]);
			wait = 0;
			if (report === 'killed') break;
			reports.push(report);
		}
		const killed = reports.length < this.workflows.length;
		this.isAcknowledged = !killed && killAfter === undefined && reports.every(({ end }) => end === 'upToDate');
		this.redelivered ||= killed || killAfter !== undefined || reports.some(({ end }) => end === 'deliveryFailed');
		if (killAfter !== undefined || killed) this.restart();
		return killed ? 'killed' : reports;
	}

	/**
	 * Polls until nothing comes any more. The polls are far apart, so that pauses after failures and late figures of
	 * HubSpot are over.
	 */
	async settle(quietPolls = 3, longest = 60): Promise<void> {
		let quiet = 0;
		for (let polls = 0; quiet < quietPolls; polls++) {
			if (polls >= longest) throw new Error('The sync does not come to rest');
			const reports = await this.poll({ afterMs: 16 * 60_000 });
			if (reports === 'killed') throw new Error('Nothing was to be killed any more');
			// A run that outlives its poll goes on; polls that find it under way pass in no time.
			if (reports.some(({ end }) => end === 'busy')) await (this.delivery ?? nextTurn());
			const isQuiet = reports.every(({ end, delivered }) => end === 'upToDate' && delivered === 0);
			quiet = isQuiet ? quiet + 1 : 0;
		}
	}

	/** The process is another one: what was only in its memory is gone. */
	restart(): void {
		this.life = new Lifetime();
		this.delivery = undefined;
		this.workers = this.newWorkers();
		for (const workflow of this.workflows) workflow.kill();
	}

	/** The HTTP of a part of the process, as long as that lives. */
	protected attach(http: HttpPort): HttpPort {
		return this.life.attach(http);
	}

	/** The accounts are new: workflows are to be made anew. */
	protected abstract begin(): void;

	/** Another n8n begins the same syncs: nothing is known of what was delivered before. */
	abstract forgetAll(): void;

	/** A run of a workflow with this batch; the trigger starts one for each batch of its own. */
	async runOf(
		workflow: Workflow,
		batch: readonly ContactChange[],
		settings: Partial<UpsertSettings> = {},
	): Promise<DeliveryOutcome> {
		const outcome = this.carryOut(workflow, batch, settings);
		this.delivery = outcome.then(() => undefined);
		try {
			return await outcome;
		} finally {
			this.delivery = undefined;
		}
	}

	/** Maps and upserts a batch as a run of the workflow does. */
	private async carryOut(
		workflow: Workflow,
		batch: readonly ContactChange[],
		settings: Partial<UpsertSettings>,
	): Promise<DeliveryOutcome> {
		this.held = undefined;
		this.executions.push(batch);
		const writesBefore = this.brevo.store.writes.length;
		const failed = { batch, writesBefore, failed: true };
		const plan = await workflow.plan();
		if (!plan) return this.ended(failed, 'failed');
		const mappings = batch.map((change) => applyMapping(plan, change));
		const mapped = mappings.flatMap((mapping) => (mapping.kind === 'mapped' ? [mapping.contact] : []));
		if (mapped.length > 0 && batch[0]?.delivery?.beginning) {
			const { system, account, object } = batch[0].source;
			const held = await heldIds(this.brevoClient(), workflow.list, [system, account, object].join(':'));
			if (held.kind !== 'ok') return this.ended(failed, 'failed');
			// In queue mode a trigger is told nothing of what a worker's run hands back.
			if (this.worker === 0) this.held = held.value;
		}
		const report =
			mapped.length === 0 ? { results: [], failure: undefined } : await this.upsertAll(workflow.list, mapped, settings);
		if (!report) return this.ended(failed, 'failed');
		if (report.results.length !== mapped.length) throw new Error('The upsert lost or invented results');
		let next = 0;
		const outcomes = batch.map((change, index): ItemOutcome => {
			const mapping = mappings[index];
			if (mapping?.kind === 'excluded')
				return { change, outcome: { status: 'excluded', code: mapping.code }, warnings: [] };
			const result = report.results[next++];
			if (!result) throw new Error('A contact ended without a result');
			return { change, outcome: result.outcome, warnings: result.warnings };
		});
		const ended = report.failure || this.runFails ? 'failed' : 'succeeded';
		return this.ended({ batch, outcomes, writesBefore, failed: report.failure !== undefined }, ended);
	}

	private ended(delivered: Delivered, outcome: DeliveryOutcome): DeliveryOutcome {
		this.onDelivered(delivered);
		return outcome;
	}

	private async upsertAll(list: number, mapped: readonly MappedContact[], settings: Partial<UpsertSettings>) {
		const { clock } = this;
		const client = this.brevoClient();
		const attributeNames = [...new Set(mapped.flatMap(({ contact }) => Object.keys(contact.attributes)))];
		const { importFrom } = this;
		const choice = { list: { id: list }, attributeNames, importFrom };
		const opened = await openBrevoDestination(client, this.process.account, clock, choice);
		if (opened.kind !== 'ok') return undefined;
		return await upsertContacts(mapped, opened.value, { ...DEFAULT_UPSERT, ...this.upsert, ...settings }, clock);
	}

	protected brevoClient(): BrevoClient {
		return new BrevoClient(this.watched(this.attach(this.httpToBrevo)), this.clock, this.process.limiters);
	}

	private get process(): Worker {
		return this.workers[this.worker] as Worker;
	}

	/** Before a call that reads, and never before one that writes: what is on its way already nothing can take back. */
	private watched(http: HttpPort): HttpPort {
		return {
			send: async (request) => {
				const { meanwhile } = this;
				if (request.method === 'GET' && meanwhile && ++this.readsFromBrevo === meanwhile.atRead) {
					this.meanwhile = undefined;
					meanwhile.happen();
				}
				return await http.send(request);
			},
		};
	}

	private newWorkers(): readonly Worker[] {
		return [0, 1].map(() => ({ account: newAccount(), limiters: this.newLimiters() }));
	}

	/**
	 * The button *Retry* of n8n on an execution of before: why its items are refused, as by the node; undefined where they are not.
	 * Nothing of them is written.
	 */
	retryExecution(which: number): Failure | undefined {
		const batch = this.executions[which % Math.max(1, this.executions.length)];
		return batch ? refusalOfRetry(batch) : NO_RUN;
	}

	/** A poll that waits for its batch waits for its end: time is not moved, so that a history does not hang on how fast it is. */
	protected get pollClock(): Clock {
		const { clock } = this;
		return { now: () => clock.now(), sleep: async (ms) => await (this.delivery ?? clock.sleep(ms)) };
	}

	/** The sandbox counts no calls here; its limits have tests of their own. */
	private newLimiters(): BrevoLimiters {
		const limiter = new CallLimiter([{ limit: 1_000_000, perMs: 1 }], this.clock);
		return { contacts: limiter, others: limiter };
	}
}

/** An empty Brevo on the clock of the source. */
export const emptyBrevo = async (clock: SandboxClock): Promise<RunningBrevo> =>
	await startBrevo({
		clock,
		people: [],
		strangers: 0,
		settings: { limits: false, importDelayMs: 0, importMsPerRow: 0 },
	});
