import type { ContactCursor } from '../../../../clients/salesforce/source/contactCursor';
import type { ContactSourceSettings } from '../../../../clients/salesforce/source/contactChangeSource';
import { ContactChangeSource } from '../../../../clients/salesforce/source/contactChangeSource';
import { SalesforceLimits } from '../../../../clients/salesforce/api/limits';
import { SalesforceClient } from '../../../../clients/salesforce/api/salesforceClient';
import type { OnDemandContext } from '../../../../clients/salesforce/source/onDemand/onDemandContext';
import { readNamedRecords } from '../../../../clients/salesforce/source/onDemand/readNamedRecords';
import type { ContactChange } from '../../../../core/contact/contact';
import type { ContactName, NamedRead } from '../../../../core/contact/readOnDemand';
import type { HttpPort, HttpRequest } from '../../../../core/ports';
import type { Result } from '../../../../core/result';
import type { RunningSalesforce } from '../../../../sandbox/salesforce';
import { plainHttp } from '../../../support/http/plainHttp';
import { sandboxClock, TriggerFollower } from '../../../support/triggerFollower';

export { idsOf, told } from '../../../support/triggerFollower';

export const DEFAULTS: Omit<ContactSourceSettings, 'definitions'> = {
	object: 'Contact',
	scope: { kind: 'object' },
	credential: 'credential-1',
	fields: ['Email', 'FirstName', 'LastName', 'Phone'],
	firstSync: 'all',
	batchSize: 1_000,
	lookbackMs: 15 * 60_000,
	dailyReservePercent: 10,
	convertedLeads: 'remove',
	largestDropPercent: 10,
};

/** A trigger on the organisation of the sandbox. */
export class ContactFollower extends TriggerFollower<ContactCursor> {
	settings: Partial<ContactSourceSettings> = {};
	/** How far n8n's clock is ahead of the sandbox's. */
	aheadMs = 0;
	/** Called before each request is sent. */
	before: ((request: HttpRequest) => void) | undefined;
	/** Another way to the sandbox than a socket per call. */
	transport: HttpPort | undefined;
	/** Locators expire before the so many next further page. */
	expireLocators = 0;
	/** Describes that were asked for. */
	definitionsRead = 0;
	private token: string;
	private limits: SalesforceLimits;

	constructor(private readonly salesforce: RunningSalesforce) {
		super(salesforce);
		this.token = salesforce.newToken();
		this.limits = new SalesforceLimits(sandboxClock(salesforce));
	}

	/** Real HTTP to the sandbox; a session that ended is replaced once, as n8n does it. */
	http(): HttpPort {
		return {
			send: async (request) => {
				this.before?.(request);
				const transport = this.transport ?? plainHttp(this.salesforce.url, {});
				if (this.expireLocators > 0 && /\/query\/[^?]/.test(request.path) && --this.expireLocators === 0) {
					await transport.send({ method: 'POST', path: '/_sandbox/do', body: { op: 'expireLocators' } });
				}
				const send = async () =>
					await transport.send({
						...request,
						headers: { ...request.headers, authorization: `Bearer ${this.token}` },
					});
				const reply = await send();
				if (reply.kind !== 'reply' || reply.status !== 401) return reply;
				this.token = this.salesforce.newToken();
				return await send();
			},
		};
	}

	client(deadline?: number): SalesforceClient {
		const clock = sandboxClock(this.salesforce, this.aheadMs);
		return new SalesforceClient(this.http(), clock, this.limits, {
			deadline: deadline === undefined ? undefined : deadline + this.aheadMs,
			random: () => 0,
		});
	}

	open(deadline?: number): ContactChangeSource {
		const client = this.client(deadline);
		const settings = { ...DEFAULTS, ...this.settings };
		const definitions = async () => {
			this.definitionsRead += 1;
			return await client.describe(settings.object);
		};
		return new ContactChangeSource(client, { definitions, ...settings }, sandboxClock(this.salesforce, this.aheadMs));
	}

	/** Read Contacts, with the fields of the trigger. */
	async readNamed(names: readonly ContactName[]): Promise<Result<NamedRead>> {
		const client = this.client();
		const { object, fields, credential, convertedLeads, dailyReservePercent } = { ...DEFAULTS, ...this.settings };
		const context: OnDemandContext = {
			client,
			clock: sandboxClock(this.salesforce, this.aheadMs),
			account: this.salesforce.store.organizationId,
			credential,
			object,
			fields,
			convertedLeads,
			dailyReservePercent,
			ignoresOptOuts: false,
			definitions: async () => await client.describe(object),
		};
		return await readNamedRecords(context, names);
	}

	protected forget(): void {
		this.limits = new SalesforceLimits(sandboxClock(this.salesforce));
	}

	/** Calls that Salesforce counted since the log was cleared. */
	get calls(): number {
		return this.salesforce.requests.total;
	}

	async polls(count: number, afterMs = 60_000): Promise<ContactChange[]> {
		for (let poll = 0; poll < count; poll++) await this.next(afterMs);
		return this.take();
	}
}

/** Ids of the live records of an object, without converted leads, in the order of texts. */
export const liveIds = ({ store }: RunningSalesforce, object: 'Contact' | 'Lead' = 'Contact'): string[] =>
	[...store.table(object).rows.values()]
		.filter((row) => row['IsDeleted'] !== true && row['IsConverted'] !== true)
		.map((row) => String(row['Id']))
		.sort();
