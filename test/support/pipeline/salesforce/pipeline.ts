import { toSourceFields } from '../../../../clients/salesforce/source/toSourceFields';
import type { SalesforceObject, SalesforceObjectName } from '../../../../clients/salesforce/api/types';
import type { MappingPlan, MappingRow } from '../../../../core/mapping/mapping';
import type { Result } from '../../../../core/result';
import { ok } from '../../../../core/result';
import type { RunningBrevo } from '../../../../sandbox/brevo';
import { SandboxClock } from '../../../../sandbox/engine';
import type { RunningSalesforce } from '../../../../sandbox/salesforce';
import { startSalesforce } from '../../../../sandbox/salesforce';
import { ContactFollower } from '../../../clients/salesforce/support/contactFollower';
import { quickHttp } from '../../http/quickHttp';
import { BrevoPipeline, emptyBrevo } from '../brevo/brevoPipeline';
import { planTo } from '../brevo/mappingPlan';
import type { Workflow } from '../brevo/workflow';
import { PUBLISHED } from '../brevo/workflow';

/** Salesforce field by Brevo attribute, as both objects have it. */
const FIELDS: Readonly<Record<string, string>> = {
	EMAIL: 'Email',
	SMS: 'Phone',
	WHATSAPP: 'MobilePhone',
	LANDLINE_NUMBER: 'Fax',
	FIRSTNAME: 'FirstName',
	LASTNAME: 'LastName',
	IS_CUSTOMER: 'DoNotCall',
};
/** Those that only one of them has. */
const OWN_FIELDS: Readonly<Record<SalesforceObjectName, Readonly<Record<string, string>>>> = {
	Contact: { BIRTHDAY: 'Birthdate', ANNUAL_REVENUE: 'Loyalty_Points__c' },
	Lead: { JOB_TITLE: 'Company', ANNUAL_REVENUE: 'AnnualRevenue' },
};

const fieldsOf = (object: SalesforceObjectName) => ({ ...FIELDS, ...OWN_FIELDS[object] });
const mappingOf = (object: SalesforceObjectName): MappingRow[] =>
	Object.entries(fieldsOf(object)).map(([destination, name]) => ({ destination, from: { kind: 'field', name } }));

export type ScopeKind = 'object' | 'listView' | 'campaign' | 'conditions';

/** What is set up: one workflow for each object, into one list or a list for each. */
export interface SalesforceSetUp {
	readonly objects: readonly SalesforceObjectName[];
	readonly oneList: boolean;
	readonly scope: ScopeKind;
	readonly convertedLeads: 'remove' | 'keep';
	readonly batchSize: number;
	readonly settings?: Partial<RunningSalesforce['settings']>;
}

const CONTACTS: SalesforceSetUp = {
	objects: ['Contact'],
	oneList: true,
	scope: 'object',
	convertedLeads: 'remove',
	batchSize: 1_000,
};

/** A workflow that follows an object of the organisation. */
export interface SalesforceWorkflow extends Workflow {
	readonly object: SalesforceObjectName;
	readonly follower: ContactFollower;
}

/** The list views that are followed show who has the newsletter, until they are edited. */
const NEWSLETTER = 'Newsletter__c = true';

/** Contacts, leads or both of one organisation into one list of Brevo or two. */
export class SalesforcePipeline extends BrevoPipeline {
	workflows: readonly SalesforceWorkflow[] = [];
	setUp = CONTACTS;
	/** Ids of the list views that are followed. */
	readonly views: Record<SalesforceObjectName, string> = { Contact: '', Lead: '' };
	private readonly http;
	private readonly described = new Map<SalesforceObjectName, SalesforceObject>();
	private readonly plans = new Map<SalesforceObjectName, MappingPlan>();

	private constructor(
		readonly salesforce: RunningSalesforce,
		brevo: RunningBrevo,
	) {
		super(salesforce, brevo);
		this.http = quickHttp(salesforce.url, {}, () => salesforce.store.now());
	}

	static async start(): Promise<SalesforcePipeline> {
		const clock = new SandboxClock();
		const salesforce = await startSalesforce({ contacts: 0, leads: 0, awkward: false, clock });
		return new SalesforcePipeline(salesforce, await emptyBrevo(clock));
	}

	override async close(): Promise<void> {
		this.http.close();
		await super.close();
	}

	/** Begins anew, set up like this. */
	begins(setUp: Partial<SalesforceSetUp> = {}): void {
		this.setUp = { ...CONTACTS, ...setUp };
		this.reset();
	}

	workflowOf(object: SalesforceObjectName): SalesforceWorkflow | undefined {
		return this.workflows.find((one) => one.object === object);
	}

	override forgetAll(): void {
		this.restart();
		this.workflows = this.workflows.map(({ object, list }) => this.workflow(object, list));
	}

	/** A workflow for another object comes first from now on, into the list of the others. */
	joinedBy(object: SalesforceObjectName): void {
		this.workflows = [this.workflow(object, this.workflows[0]?.list ?? 0), ...this.workflows];
	}

	/** Members that only a walk finds out about are found out within a day. */
	override async settle(): Promise<void> {
		for (const minutes of [16, 16, 61, 1, 25 * 60, 1]) await this.poll({ afterMs: minutes * 60_000 });
		await super.settle();
	}

	protected begin(): void {
		const { salesforce, brevo, setUp } = this;
		salesforce.clock.freeze();
		salesforce.clock.set(Date.UTC(2026, 10, 21, 12));
		Object.assign(salesforce.settings, setUp.settings);
		for (const object of ['Contact', 'Lead'] as const) {
			this.views[object] = salesforce.listViews.add({ objectName: object, label: 'Followed', developerName: 'Followed', where: NEWSLETTER, scope: 'everything', columns: ['Name'], orderBy: 'Name ASC', soqlCompatible: true }).id; // prettier-ignore
		}
		const shared = brevo.store.createList('Synced', 1).id;
		this.workflows = setUp.objects.map((object, index) =>
			this.workflow(object, setUp.oneList || index === 0 ? shared : brevo.store.createList(object, 1).id),
		);
	}

	private workflow(object: SalesforceObjectName, list: number): SalesforceWorkflow {
		const { scope, convertedLeads, batchSize } = this.setUp;
		const follower = new ContactFollower(this.salesforce);
		follower.settings = {
			object,
			scope: {
				object: { kind: 'object' as const },
				listView: { kind: 'listView' as const, id: this.views[object] },
				campaign: { kind: 'campaign' as const, id: this.salesforce.ids.campaigns.newsletter },
				conditions: { kind: 'conditions' as const, combine: 'all' as const, conditions: [{ field: 'Newsletter__c', operator: 'isTrue' as const }] }, // prettier-ignore
			}[scope],
			fields: Object.values(fieldsOf(object)),
			convertedLeads,
			batchSize,
			definitions: async () => await this.definitions(object, follower),
		};
		follower.transport = this.attach(this.http);
		follower.clock = this.pollClock;
		follower.heldIds = () => this.held;
		const workflow: SalesforceWorkflow = {
			object,
			follower,
			list,
			publication: PUBLISHED,
			next: async (afterMs) => {
				const { isPublished, activating } = workflow.publication;
				follower.isPublished = isPublished;
				follower.poll = { where: { owner: { workflow: 'workflow', node: object } }, activating };
				const report = await follower.next(afterMs);
				follower.take();
				return report;
			},
			kill: () => {
				follower.kill();
				follower.transport = this.attach(this.http);
			},
			rename: () => follower.rename(),
			plan: async () => await this.plan(object, follower),
		};
		follower.outcome = async (batch) => await this.runOf(workflow, batch);
		return workflow;
	}

	/** Read once, as the mappings are: the definitions are the same in every history. */
	private async definitions(
		object: SalesforceObjectName,
		follower: ContactFollower,
	): Promise<Result<SalesforceObject>> {
		const known = this.described.get(object);
		if (known) return ok(known);
		const read = await follower.client().describe(object);
		if (read.kind === 'ok') this.described.set(object, read.value);
		return read;
	}

	private async plan(object: SalesforceObjectName, follower: ContactFollower): Promise<MappingPlan | undefined> {
		const known = this.plans.get(object);
		if (known) return known;
		const described = await this.definitions(object, follower);
		const fields = described.kind === 'ok' ? ok(toSourceFields(described.value)) : described;
		const plan = await planTo(this.brevoClient(), mappingOf(object), fields, 'Salesforce');
		if (plan) this.plans.set(object, plan);
		return plan;
	}
}
