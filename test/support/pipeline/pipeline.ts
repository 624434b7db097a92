import { BrevoClient } from '../../../clients/brevo/brevoClient';
import type { BrevoLimiters } from '../../../clients/brevo/limits';
import { openBrevoDestination } from '../../../clients/brevo/openDestination';
import { toDestinationFields } from '../../../clients/brevo/toDestinationFields';
import { toSourceFields } from '../../../clients/hubspot/toSourceFields';
import type { HubSpotProperty } from '../../../clients/hubspot/types';
import type { ContactChange, MappedContact, Warning } from '../../../core/contact/contact';
import { applyMapping } from '../../../core/mapping/applyMapping';
import type { MappingPlan } from '../../../core/mapping/mapping';
import { validateMapping } from '../../../core/mapping/validateMapping';
import type { DeliveryOutcome } from '../../../core/polling/pollRegister';
import type { PollReport } from '../../../core/polling/poll';
import type { Clock } from '../../../core/ports';
import { CallLimiter } from '../../../core/resilience/callLimiter';
import type { Outcome } from '../../../core/outcome';
import type { Result } from '../../../core/result';
import { ok } from '../../../core/result';
import type { UpsertSettings } from '../../../core/upsert/upsertContacts';
import { upsertContacts } from '../../../core/upsert/upsertContacts';
import type { RunningBrevo } from '../../../sandbox/brevo';
import { startBrevo } from '../../../sandbox/brevo';
import { SandboxClock } from '../../../sandbox/engine';
import type { HubSpotOptions, RunningHubSpot } from '../../../sandbox/hubspot';
import { startHubSpot } from '../../../sandbox/hubspot';
import { ListFollower, sandboxClock } from '../../clients/hubspot/listFollower';
import { DEFAULT_UPSERT, newAccount } from '../brevoAccount';
import { quickHttp } from '../quickHttp';
import { Lifetime } from './lifetime';
import { MAPPING, SETTINGS, SOURCE_FIELDS } from './mapping';

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

/**
 * The whole sync in one process, without n8n: HubSpot List Trigger, Map Contact Fields and Contact List Upsert over real
 * HTTP between two sandboxes that share one clock. The clock stands still but for waits and the time between polls, so a
 * history is the same each time it is played.
 */
export class Pipeline {
	follower: ListFollower;
	list = 0;
	upsert: Partial<UpsertSettings> = {};
	/** Asked with every batch after its run, whether that succeeded or not. */
	onDelivered: (delivered: Delivered) => void = () => undefined;
	private readonly httpToHubSpot;
	private readonly httpToBrevo;
	private account = newAccount();
	private limiters: BrevoLimiters;
	private life = new Lifetime();
	private properties: readonly HubSpotProperty[] | undefined;
	private plan: MappingPlan | undefined;
	private runFails = false;
	/** The run under way. */
	private delivery: Promise<void> | undefined;

	private constructor(
		readonly hubspot: RunningHubSpot,
		readonly brevo: RunningBrevo,
	) {
		const now = () => hubspot.clock.now();
		this.httpToHubSpot = quickHttp(hubspot.url, { authorization: `Bearer ${hubspot.token}` }, now);
		this.httpToBrevo = quickHttp(brevo.url, { 'api-key': brevo.apiKey }, now);
		this.follower = this.newFollower();
		this.limiters = this.newLimiters();
	}

	static async start(options: HubSpotOptions = {}): Promise<Pipeline> {
		const clock = new SandboxClock();
		const hubspot = await startHubSpot({ members: 0, extraContacts: 0, clock, ...options });
		const brevo = await startBrevo({
			clock,
			people: [],
			strangers: 0,
			settings: { limits: false, importDelayMs: 0, importMsPerRow: 0 },
		});
		const pipeline = new Pipeline(hubspot, brevo);
		pipeline.begin();
		return pipeline;
	}

	/** Both accounts as they were at the start, and nothing synced yet. */
	reset(): void {
		this.hubspot.reset();
		this.brevo.reset();
		this.account = newAccount();
		this.life = new Lifetime();
		this.delivery = undefined;
		this.upsert = {};
		this.onDelivered = () => undefined;
		this.follower = this.newFollower();
		this.limiters = this.newLimiters();
		this.begin();
	}

	async close(): Promise<void> {
		this.httpToHubSpot.close();
		this.httpToBrevo.close();
		await Promise.all([this.hubspot.close(), this.brevo.close()]);
	}

	/** In whole milliseconds, as clocks are: HubSpot refuses a search from a fraction of one. */
	get clock(): Clock {
		const clock = sandboxClock(this.hubspot);
		return { ...clock, sleep: async (ms) => await clock.sleep(Math.ceil(ms)) };
	}

	/** Some time passes, then the trigger polls; with `killAfter`, n8n is a new process afterwards. */
	async poll({ afterMs = 60_000, killAfter, runFails = false }: PollOptions = {}): Promise<PollReport | 'killed'> {
		this.runFails = runFails;
		if (killAfter !== undefined) this.life.dieAfter(killAfter);
		const report = await Promise.race([this.follower.next(afterMs), this.life.end]);
		this.follower.take();
		if (killAfter !== undefined || report === 'killed') this.restart();
		return report;
	}

	/**
	 * Polls until nothing comes any more. The polls are far apart, so that pauses after failures and late figures of
	 * HubSpot are over.
	 */
	async settle(quietPolls = 3, longest = 60): Promise<void> {
		let quiet = 0;
		for (let polls = 0; quiet < quietPolls; polls++) {
			if (polls >= longest) throw new Error('The sync does not come to rest');
			const report = await this.poll({ afterMs: 16 * 60_000 });
			if (report === 'killed') throw new Error('Nothing was to be killed any more');
			quiet = report.end === 'upToDate' && report.delivered === 0 ? quiet + 1 : 0;
		}
	}

	/** The process is another one: what was only in its memory is gone. */
	restart(): void {
		this.life = new Lifetime();
		this.delivery = undefined;
		this.account = newAccount();
		this.limiters = this.newLimiters();
		this.follower.kill();
		this.follower.http = this.life.attach(this.httpToHubSpot);
	}

	/** Somebody else begins the same sync: nothing is known of what was delivered before. */
	forgetAll(): void {
		this.restart();
		this.follower = this.newFollower();
	}

	/** A run of the workflow with this batch; the trigger starts one for each batch of its own. */
	async run(batch: readonly ContactChange[], settings: Partial<UpsertSettings> = {}): Promise<DeliveryOutcome> {
		const outcome = this.carryOut(batch, settings);
		this.delivery = outcome.then(() => undefined);
		try {
			return await outcome;
		} finally {
			this.delivery = undefined;
		}
	}

	/** Maps and upserts a batch as a run of the workflow does. */
	private async carryOut(batch: readonly ContactChange[], settings: Partial<UpsertSettings>): Promise<DeliveryOutcome> {
		const plan = await this.mappingPlan();
		if (!plan) return this.ended({ batch }, 'failed');
		const mappings = batch.map((change) => applyMapping(plan, change));
		const mapped = mappings.flatMap((mapping) => (mapping.kind === 'mapped' ? [mapping.contact] : []));
		const report = mapped.length === 0 ? { results: [], failure: undefined } : await this.upsertAll(mapped, settings);
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

	private async upsertAll(mapped: readonly MappedContact[], settings: Partial<UpsertSettings>) {
		const { clock } = this;
		const client = this.brevoClient();
		const attributeNames = [...new Set(mapped.flatMap(({ contact }) => Object.keys(contact.attributes)))];
		const opened = await openBrevoDestination(client, this.account, clock, {
			list: { id: this.list },
			attributeNames,
		});
		if (opened.kind !== 'ok') return undefined;
		return await upsertContacts(mapped, opened.value, { ...DEFAULT_UPSERT, ...this.upsert, ...settings }, clock);
	}

	private brevoClient(): BrevoClient {
		return new BrevoClient(this.life.attach(this.httpToBrevo), this.clock, this.limiters);
	}

	/** Read once, as the mapping is: the definitions are the same in every history. */
	private async propertyDefinitions(): Promise<Result<readonly HubSpotProperty[]>> {
		if (this.properties) return ok(this.properties);
		const read = await this.follower.client().contactProperties();
		if (read.kind === 'ok') this.properties = read.value;
		return read;
	}

	private async mappingPlan(): Promise<MappingPlan | undefined> {
		if (this.plan) return this.plan;
		const properties = await this.propertyDefinitions();
		const attributes = await this.brevoClient().listAttributes();
		if (properties.kind !== 'ok' || attributes.kind !== 'ok') return undefined;
		const definitions = {
			sourceFields: toSourceFields(properties.value),
			destinationFields: toDestinationFields(attributes.value),
			sourceSystem: 'HubSpot',
			destinationSystem: 'Brevo',
		};
		const plan = validateMapping(MAPPING, definitions, SETTINGS);
		if (plan.kind !== 'ok') throw new Error(plan.reason);
		this.plan = plan.value;
		return this.plan;
	}

	private begin(): void {
		this.hubspot.clock.freeze();
		this.hubspot.clock.set(Date.UTC(2026, 10, 21, 12));
		this.list = this.brevo.store.createList('Synced', 1).id;
	}

	private newFollower(): ListFollower {
		const follower = new ListFollower(this.hubspot);
		follower.settings = { fields: SOURCE_FIELDS, definitions: async () => await this.propertyDefinitions() };
		follower.http = this.life.attach(this.httpToHubSpot);
		follower.clock = this.pollClock;
		follower.outcome = async (batch) => await this.run(batch);
		return follower;
	}

	/** A poll that waits for its batch waits for its end: time is not moved, so that a history does not hang on how fast it is. */
	private get pollClock(): Clock {
		const { clock } = this;
		return { now: () => clock.now(), sleep: async (ms) => await (this.delivery ?? clock.sleep(ms)) };
	}

	/** The sandbox counts no calls here; its limits have tests of their own. */
	private newLimiters(): BrevoLimiters {
		const limiter = new CallLimiter([{ limit: 1_000_000, perMs: 1 }], this.clock);
		return { contacts: limiter, others: limiter };
	}
}
