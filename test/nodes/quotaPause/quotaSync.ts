import { DateTime } from 'luxon';
import type { ICredentialDataDecryptedObject, IDataObject, INode, INodeType } from 'n8n-workflow';
import { merge } from 'lodash';
import { N8nClient } from '../../../clients/n8n/n8nClient';
import { TableLedger } from '../../../clients/n8n/tableLedger';
import type { QuotaSettings } from '../../../core/quota/ledger';
import { reserveTasks } from '../../../core/quota/reserveTasks';
import { HubSpotListTrigger } from '../../../nodes/HubSpotListTrigger/HubSpotListTrigger.node';
import { QuotaGuard } from '../../../nodes/QuotaGuard/QuotaGuard.node';
import { SalesforceContactTrigger } from '../../../nodes/SalesforceContactTrigger/SalesforceContactTrigger.node';
import { startHubSpot } from '../../../sandbox/hubspot';
import { startSalesforce } from '../../../sandbox/salesforce';
import type { PollOptions, PollOutcome } from '../../support/n8n/engine';
import { runPoll, testNode } from '../../support/n8n/engine';
import { plainHttp } from '../../support/http/plainHttp';
import { realClock } from '../../support/manualClock';
import type { Cells, FakeN8n } from '../../support/n8n/n8nTables';
import { startFakeN8n } from '../../support/n8n/n8nTables';
import { savedFor } from '../../support/restarted';
import { SlowTime } from '../../support/n8n/slowTime';

/** People in a source at the start. */
export const PEOPLE = 30;
export const TABLE = 'Contact Sync Quota';
const GUARD_TYPE = 'n8n-nodes-contact-sync.quotaGuard';
const KEY = 'a key of n8n';

/** A stand-in as these tests need it. */
interface RunningSource {
	readonly requests: { readonly total: number; clear(): void };
	readonly credential: ICredentialDataDecryptedObject;
	rename(position: number, lastName: string): void;
	add(lastName: string): void;
	optOut(position: number): void;
	close(): Promise<void>;
}

/** One of the two triggers. */
interface TriggerKind {
	readonly type: string;
	readonly node: INodeType;
	readonly credentialType: string;
	readonly parameters: IDataObject;
	start(): Promise<RunningSource>;
}

const hubSpot: TriggerKind = {
	type: 'n8n-nodes-contact-sync.hubSpotListTrigger',
	node: new HubSpotListTrigger(),
	credentialType: 'contactSyncHubSpotApi',
	parameters: { list: { __rl: true, mode: 'list', value: '101' }, consentConfirmed: true },
	start: async () => {
		const hubspot = await startHubSpot({ members: PEOPLE });
		const { requests, token, url, store } = hubspot;
		const ids = [...store.list('101').members.ids()].filter(
			(id) => store.contact(id).properties.hs_email_optout !== 'true',
		);
		return {
			requests,
			credential: { accessToken: token, baseUrl: url },
			rename: (position, lastname) => store.changeContact(ids[position] ?? 0, { lastname }),
			add: (lastname) => void store.addContact({ lastname, email: `${lastname}@example.com` }, ['101']),
			optOut: (position) => store.optOut(ids[position] ?? 0),
			close: async () => await hubspot.close(),
		};
	},
};

const salesforce: TriggerKind = {
	type: 'n8n-nodes-contact-sync.salesforceContactTrigger',
	node: new SalesforceContactTrigger(),
	credentialType: 'contactSyncSalesforceClientCredentialsApi',
	parameters: { salesforceAuthentication: 'clientCredentials', consentConfirmed: true },
	start: async () => {
		const org = await startSalesforce({ contacts: PEOPLE, leads: 0 });
		const { requests, app, url, store } = org;
		const rows = [...store.table('Contact').all()];
		// An opt-out passes a pause, so positions are those of contacts that are mailable.
		const ids = rows.filter((row) => row['HasOptedOutOfEmail'] !== true).map((row) => row['Id'] as string);
		return {
			requests,
			credential: { myDomainUrl: url, consumerKey: app.consumerKey, consumerSecret: app.consumerSecret },
			rename: (position, LastName) => void store.change('Contact', ids[position] ?? '', { LastName }),
			add: (LastName) => void store.insert('Contact', { LastName, Email: `${LastName}@example.com` }),
			optOut: (position) => void store.change('Contact', ids[position] ?? '', { HasOptedOutOfEmail: true }),
			close: async () => await org.close(),
		};
	},
};

export const TRIGGERS = { hubSpot, salesforce };

/** Both ways to say which quota pauses the sync; the limit of its nodes is 100. */
export type Mode = 'own' | 'fromQuotaGuard';
const LIMIT = 100;

export const QUOTA_PARAMETERS = {
	quota: 'All Syncs',
	taskLimit: LIMIT,
	period: 'month',
	options: { table: TABLE, timeZone: { __rl: true, mode: 'name', value: 'UTC' } },
};

const SETTINGS: QuotaSettings = {
	quota: QUOTA_PARAMETERS.quota,
	limit: LIMIT,
	mode: 'finishBatch',
	thresholds: [80, 100],
	period: 'month',
	timeZone: 'UTC',
};

export const guard = (parameters: INode['parameters'] = QUOTA_PARAMETERS, name = 'Quota Guard'): INode =>
	testNode(name, GUARD_TYPE, parameters, ['contactSyncN8nApi']);

let syncs = 0;
/** Never goes back, or waits under way would last on. */
const time = new SlowTime();

export function mockTime(): void {
	time.start();
	// Away from the end of a month, which would renew the quota by itself.
	passMonth();
}

/** A trigger with *Pause While Over Quota* on a stand-in, its quota in a stand-in for n8n's data tables, in a process of its own. */
export class QuotaSync {
	readonly staticData: IDataObject = {};
	private readonly workflowId = `guarded-${++syncs}`;

	private constructor(
		private readonly kind: TriggerKind,
		private readonly mode: Mode,
		readonly source: RunningSource,
		readonly n8n: FakeN8n,
	) {}

	static async start(kind: keyof typeof TRIGGERS, mode: Mode): Promise<QuotaSync> {
		const trigger = TRIGGERS[kind];
		return new QuotaSync(trigger, mode, await trigger.start(), await startFakeN8n());
	}

	async close(): Promise<void> {
		await Promise.all([this.source.close(), this.n8n.close()]);
	}

	/** The trigger with further parameters. */
	trigger(parameters: IDataObject = {}): INode {
		const pause = { pauseWhileOverQuota: this.mode, ...(this.mode === 'own' ? QUOTA_PARAMETERS : {}) };
		const all: IDataObject = merge({}, this.kind.parameters, pause, parameters);
		return testNode('Trigger', this.kind.type, all as INode['parameters'], [
			this.kind.credentialType,
			'contactSyncN8nApi',
		]);
	}

	/** One poll, a minute after the last. */
	async poll(parameters: IDataObject = {}, options: Partial<PollOptions> = {}): Promise<PollOutcome> {
		time.advance(60_000);
		return await runPoll(this.trigger(parameters), {
			types: { [this.kind.type]: this.kind.node, [GUARD_TYPE]: new QuotaGuard() },
			credentials: {
				[this.kind.credentialType]: this.source.credential,
				contactSyncN8nApi: { apiKey: KEY, baseUrl: this.n8n.url },
			},
			staticData: this.staticData,
			workflowId: this.workflowId,
			downstream: this.mode === 'own' ? [] : [guard()],
			...options,
		});
	}

	/** The process ends; what n8n saved stays. */
	restarted(): QuotaSync {
		const next = new QuotaSync(this.kind, this.mode, this.source, this.n8n);
		Object.assign(next.staticData, savedFor(next.workflowId, this.staticData));
		return next;
	}

	/** Tasks that another workflow is granted. */
	async use(tasks: number, settings: Partial<QuotaSettings> = {}): Promise<void> {
		const http = plainHttp(this.n8n.url, { 'x-n8n-api-key': KEY });
		const ledger = new TableLedger(new N8nClient(http), `another process ${this.n8n.url}`, TABLE);
		const reserved = await reserveTasks(
			ledger,
			{ ...SETTINGS, ...settings },
			{ tasks },
			{
				clock: realClock,
				nonce: ledger.nonce,
			},
		);
		expect(reserved.kind).toBe('ok');
		this.forgetCalls();
	}

	/** All of the quota. */
	async useUp(): Promise<void> {
		await this.use(LIMIT);
	}

	/** A user edits the row of this month in n8n's data table. */
	edit(cells: Cells): void {
		const row = this.n8n.table(TABLE).rows.at(-1);
		if (!row) throw new Error('nothing was counted yet');
		Object.assign(row, cells);
	}

	forgetCalls(): void {
		this.source.requests.clear();
		this.n8n.calls.splice(0);
	}

	/** Calls since they were forgotten. */
	get calls(): { readonly source: number; readonly n8n: readonly string[] } {
		return { source: this.source.requests.total, n8n: [...this.n8n.calls] };
	}
}

/** Calls of the source that a look for opt-outs makes at most, once an hour. */
export const LOOK_CALLS = 10;

/** More than the time between two looks. */
export const passHour = (): void => time.advance(61 * 60_000);

/** To the third of the next month. */
export function passMonth(): void {
	const now = DateTime.utc();
	time.advance(now.plus({ months: 1 }).startOf('month').plus({ days: 2 }).diff(now).as('milliseconds'));
}

/** Last names of the contacts that were handed on. */
export const namesIn = (...polls: readonly PollOutcome[]): unknown[] =>
	polls
		.flatMap(({ emitted }) => emitted.flat())
		.map(({ json }) => {
			const { lastname, LastName } = json.fields as IDataObject;
			return lastname ?? LastName;
		});

/** The one call that asks how much is used. */
export const ASKED = 'GET /data-tables/{id}/rows';
