import { BrevoClient } from '../../../clients/brevo/api/brevoClient';
import { heldIds } from '../../../clients/brevo/destination/lookup/keysOnList';
import type { BrevoLimiters } from '../../../clients/brevo/api/limits';
import { openBrevoDestination } from '../../../clients/brevo/destination/openDestination';
import { toDestinationFields } from '../../../clients/brevo/destination/toDestinationFields';
import type { ContactChange, MappedContact, Warning } from '../../../core/contact/contact';
import { applyMapping } from '../../../core/mapping/applyMapping';
import type { SourceField } from '../../../core/mapping/fields';
import type { MappingPlan, MappingRow } from '../../../core/mapping/mapping';
import { validateMapping } from '../../../core/mapping/validateMapping';
import type { PollReport } from '../../../core/polling/poll';
import type { DeliveryOutcome } from '../../../core/polling/pollRegister';
import type { Clock, HttpPort } from '../../../core/ports';
import { CallLimiter } from '../../../core/calls/rateLimiter';
import type { Outcome } from '../../../core/outcome';
import type { Result } from '../../../core/result';
import type { UpsertSettings } from '../../../core/upsert/upsertContacts';
import { upsertContacts } from '../../../core/upsert/upsertContacts';
import type { RunningBrevo } from '../../../sandbox/brevo';
import { startBrevo } from '../../../sandbox/brevo';
import type { SandboxClock } from '../../../sandbox/engine';
import { DEFAULT_UPSERT, newAccount } from '../brevoAccount';
import { quickHttp } from '../http/quickHttp';
import type { Sandbox } from '../triggerFollower';
import { sandboxClock } from '../triggerFollower';
import type { BrevoSetUp } from './brevoSetUp';
import { PLAIN_BREVO } from './brevoSetUp';
import { Lifetime } from './lifetime';
import { SETTINGS } from './mapping';

/** What became of one item, in the order of the batch; undefined when its run did not come that far. */
export interface ItemOutcome {
	readonly change: ContactChange;
	readonly outcome: Outcome;
	readonly warnings: readonly Warning[];
}

export interface Delivered {
	readonly batch: readonly ContactChange[];
	/** Absent: the run died, or could not open the destination. */
	readonly outcomes?: readonly ItemOutcome[];
}

/** `killAfter`: n8n dies with its so-many-th call from now on. `runFails`: a node behind the upsert fails. */
export interface PollOptions {
	readonly afterMs?: number;
	readonly killAfter?: number;
	readonly runFails?: boolean;
}

/** A trigger, with what the batches of its runs go through. */
export interface Workflow {
	/** The Brevo list its upsert fills. */
	list: number;
	next(afterMs: number): Promise<PollReport>;
	/** The process died. */
	kill(): void;
	plan(): Promise<MappingPlan | undefined>;
}

/** A stand-in as a source. */
export interface Source extends Sandbox {
	readonly clock: SandboxClock;
	reset(): void;
	close(): Promise<void>;
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
	private readonly httpToBrevo;
	private account = newAccount();
	private limiters: BrevoLimiters;
	private life = new Lifetime();
	private runFails = false;
	/** What the last run handed back to a trigger that begins without a memory. */
	protected held: readonly string[] | undefined;
	/** The run under way. */
	private delivery: Promise<void> | undefined;

	protected constructor(
		private readonly source: Source,
		readonly brevo: RunningBrevo,
	) {
		this.httpToBrevo = quickHttp(brevo.url, { 'api-key': brevo.apiKey }, () => source.clock.now());
		this.limiters = this.newLimiters();
	}

	/** Both accounts as they were at the start, and nothing synced yet. */
	reset(): void {
		this.source.reset();
		this.brevo.reset();
		this.account = newAccount();
		this.life = new Lifetime();
		this.delivery = undefined;
		this.upsert = {};
		this.setUpBrevo(PLAIN_BREVO);
		this.redelivered = false;
		this.onDelivered = () => undefined;
		this.limiters = this.newLimiters();
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
	async poll({ afterMs = 60_000, killAfter, runFails = false }: PollOptions = {}): Promise<PollReport[] | 'killed'> {
		this.runFails = runFails;
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
			const isQuiet = reports.every(({ end, delivered }) => end === 'upToDate' && delivered === 0);
			quiet = isQuiet ? quiet + 1 : 0;
		}
	}

	/** The process is another one: what was only in its memory is gone. */
	restart(): void {
		this.life = new Lifetime();
		this.delivery = undefined;
		this.account = newAccount();
		this.limiters = this.newLimiters();
		for (const workflow of this.workflows) workflow.kill();
	}

	/** The HTTP of a part of the process, as long as that lives. */
	protected attach(http: HttpPort): HttpPort {
		return this.life.attach(http);
	}

	/** The accounts are new: workflows are to be made anew. */
	protected abstract begin(): void;

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
		const plan = await workflow.plan();
		if (!plan) return this.ended({ batch }, 'failed');
		const mappings = batch.map((change) => applyMapping(plan, change));
		const mapped = mappings.flatMap((mapping) => (mapping.kind === 'mapped' ? [mapping.contact] : []));
		if (mapped.length > 0 && batch[0]?.delivery?.beginning) {
			const { system, account, object } = batch[0].source;
			const held = await heldIds(this.brevoClient(), workflow.list, [system, account, object].join(':'));
			if (held.kind !== 'ok') return this.ended({ batch }, 'failed');
			this.held = held.value;
		}
		const report =
			mapped.length === 0 ? { results: [], failure: undefined } : await this.upsertAll(workflow.list, mapped, settings);
		if (!report) return this.ended({ batch }, 'failed');
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
		return this.ended({ batch, outcomes }, report.failure || this.runFails ? 'failed' : 'succeeded');
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
		const opened = await openBrevoDestination(client, this.account, clock, choice);
		if (opened.kind !== 'ok') return undefined;
		return await upsertContacts(mapped, opened.value, { ...DEFAULT_UPSERT, ...this.upsert, ...settings }, clock);
	}

	private brevoClient(): BrevoClient {
		return new BrevoClient(this.attach(this.httpToBrevo), this.clock, this.limiters);
	}

	/** A mapping to the attributes there are; undefined when one of the two sides could not be read. */
	protected async planOf(
		rows: readonly MappingRow[],
		sourceFields: Result<readonly SourceField[]>,
		sourceSystem: string,
	): Promise<MappingPlan | undefined> {
		const attributes = await this.brevoClient().listAttributes();
		if (sourceFields.kind !== 'ok' || attributes.kind !== 'ok') return undefined;
		const definitions = {
			sourceFields: sourceFields.value,
			destinationFields: toDestinationFields(attributes.value),
			sourceSystem,
			destinationSystem: 'Brevo',
		};
		const plan = validateMapping(rows, definitions, SETTINGS);
		if (plan.kind !== 'ok') throw new Error(plan.reason);
		return plan.value;
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
