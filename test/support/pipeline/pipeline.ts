import { toSourceFields } from '../../../clients/hubspot/source/toSourceFields';
import type { HubSpotProperty } from '../../../clients/hubspot/api/types';
import type { ContactChange } from '../../../core/contact/contact';
import type { MappingPlan } from '../../../core/mapping/mapping';
import type { DeliveryOutcome } from '../../../core/polling/pollRegister';
import type { Result } from '../../../core/result';
import { ok } from '../../../core/result';
import type { UpsertSettings } from '../../../core/upsert/upsertContacts';
import type { RunningBrevo } from '../../../sandbox/brevo';
import { SandboxClock } from '../../../sandbox/engine';
import type { HubSpotOptions, RunningHubSpot } from '../../../sandbox/hubspot';
import { startHubSpot } from '../../../sandbox/hubspot';
import { ListFollower } from '../../clients/hubspot/support/listFollower';
import { quickHttp } from '../http/quickHttp';
import { BrevoPipeline, emptyBrevo } from './brevo/brevoPipeline';
import { planTo } from './brevo/mappingPlan';
import type { Workflow } from './brevo/workflow';
import { PUBLISHED } from './brevo/workflow';
import { MAPPING, SOURCE_FIELDS } from './mapping';

/** One list of HubSpot into one of Brevo. */
export class Pipeline extends BrevoPipeline {
	follower: ListFollower;
	readonly workflows: readonly Workflow[];
	private readonly workflow: Workflow;
	private readonly httpToHubSpot;
	private properties: readonly HubSpotProperty[] | undefined;
	private mapping: MappingPlan | undefined;

	private constructor(
		readonly hubspot: RunningHubSpot,
		brevo: RunningBrevo,
	) {
		super(hubspot, brevo);
		const now = () => hubspot.clock.now();
		this.httpToHubSpot = quickHttp(hubspot.url, { authorization: `Bearer ${hubspot.token}` }, now);
		this.workflow = {
			list: 0,
			publication: PUBLISHED,
			next: async (afterMs) => {
				const { isPublished, activating } = this.workflow.publication;
				this.follower.isPublished = isPublished;
				this.follower.poll = { where: { owner: { workflow: 'workflow', node: 'node' } }, activating };
				const report = await this.follower.next(afterMs);
				this.follower.take();
				return report;
			},
			kill: () => {
				this.follower.kill();
				this.follower.http = this.attach(this.httpToHubSpot);
			},
			rename: () => this.follower.rename(),
			plan: async () => await this.mappingPlan(),
		};
		this.workflows = [this.workflow];
		this.follower = this.newFollower();
	}

	static async start(options: HubSpotOptions = {}): Promise<Pipeline> {
		const clock = new SandboxClock();
		const hubspot = await startHubSpot({ members: 0, extraContacts: 0, clock, ...options });
		const pipeline = new Pipeline(hubspot, await emptyBrevo(clock));
		pipeline.begin();
		return pipeline;
	}

	override async close(): Promise<void> {
		this.httpToHubSpot.close();
		await super.close();
	}

	get list(): number {
		return this.workflow.list;
	}

	override forgetAll(): void {
		this.restart();
		this.follower = this.newFollower();
	}

	async run(batch: readonly ContactChange[], settings: Partial<UpsertSettings> = {}): Promise<DeliveryOutcome> {
		return await this.runOf(this.workflow, batch, settings);
	}

	protected begin(): void {
		this.hubspot.clock.freeze();
		this.hubspot.clock.set(Date.UTC(2026, 10, 21, 12));
		this.workflow.list = this.brevo.store.createList('Synced', 1).id;
		this.follower = this.newFollower();
	}

	/** Read once, as the mapping is: the definitions are the same in every history. */
	private async propertyDefinitions(): Promise<Result<readonly HubSpotProperty[]>> {
		if (this.properties) return ok(this.properties);
		const read = await this.follower.client().contactProperties();
		if (read.kind === 'ok') this.properties = read.value;
		return read;
	}

	private async mappingPlan(): Promise<MappingPlan | undefined> {
		if (this.mapping) return this.mapping;
		const properties = await this.propertyDefinitions();
		const fields = properties.kind === 'ok' ? ok(toSourceFields(properties.value)) : properties;
		this.mapping = await planTo(this.brevoClient(), MAPPING, fields, 'HubSpot');
		return this.mapping;
	}

	private newFollower(): ListFollower {
		const follower = new ListFollower(this.hubspot);
		follower.settings = { fields: SOURCE_FIELDS, definitions: async () => await this.propertyDefinitions() };
		follower.http = this.attach(this.httpToHubSpot);
		follower.clock = this.pollClock;
		follower.heldIds = () => this.held;
		follower.outcome = async (batch) => await this.run(batch);
		return follower;
	}
}
