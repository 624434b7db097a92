import type { Sandbox } from '../../sandbox/startSandbox';
import { DemoError } from '../demoError';
import { type SourceName, type TemplateChoices, sendsMail, syncedBy, usesN8nApi } from '../n8n/importTemplate';
import type { N8nApi, WorkflowJson } from '../n8n/n8nApi';

/** What a template needs to run against the stand-ins. */
export type ResourceChoices = Omit<TemplateChoices, 'parameters'> & Required<Pick<TemplateChoices, 'destinationList'>>;

/** The same for HubSpot, where a list is chosen. */
export type ListChoices = ResourceChoices & Required<Pick<ResourceChoices, 'sourceList'>>;

export const SOURCE_TITLES: Readonly<Record<SourceName, string>> = {
	hubspot: 'HubSpot',
	Contact: 'Salesforce contacts',
	Lead: 'Salesforce leads',
};

/** Fields of every type beyond the four that the templates map. */
const MORE_FIELDS: Readonly<Record<SourceName, Readonly<Record<string, string>>>> = {
	hubspot: {
		JOB_TITLE: 'jobtitle',
		COMPANY_NAME: 'company',
		CITY: 'city',
		COUNTRY: 'country',
		BIRTHDAY: 'birthday',
		ANNUAL_REVENUE: 'lifetime_value',
		IS_CUSTOMER: 'vip',
		LIFECYCLE: 'lifecyclestage',
		NOTES: 'customer_notes',
	},
	Contact: {
		JOB_TITLE: 'Title',
		COMPANY_NAME: 'Account.Name',
		CITY: 'MailingCity',
		COUNTRY: 'MailingCountry',
		BIRTHDAY: 'Birthdate',
		ANNUAL_REVENUE: 'Credit_Limit__c',
		IS_CUSTOMER: 'Newsletter__c',
		CUSTOMER_TIER: 'Customer_Tier__c',
		INTERESTS: 'Interests__c',
		NOTES: 'Notes__c',
	},
	Lead: {
		JOB_TITLE: 'Title',
		COMPANY_NAME: 'Company',
		CITY: 'City',
		COUNTRY: 'Country',
		ANNUAL_REVENUE: 'AnnualRevenue',
		IS_CUSTOMER: 'Newsletter__c',
		INTERESTS: 'Interests__c',
		NOTES: 'Description',
	},
};

/** What the key of n8n's API may do that a ledger of quotas is kept with. */
export const N8N_SCOPES = [
	'dataTable:list',
	'dataTable:create',
	'dataTableRow:read',
	'dataTableRow:create',
	'dataTableRow:update',
	'dataTableRow:delete',
] as const;

/** Chooses for templates as a person would: makes credentials in n8n, each once, and an empty Brevo list for each source. */
export class SandboxChoices {
	private readonly credentials: Record<string, { id: string; name: string }> = {};
	private readonly made = new Map<SourceName, Promise<ResourceChoices>>();

	constructor(
		private readonly sandbox: Sandbox,
		private readonly api: N8nApi,
	) {}

	/** The same for the same source. */
	async for(source: SourceName): Promise<ResourceChoices> {
		const made = this.made.get(source) ?? this.make(source);
		this.made.set(source, made);
		return await made;
	}

	/** What a workflow needs, whatever it does. */
	async forWorkflow(workflow: WorkflowJson): Promise<TemplateChoices> {
		const source = syncedBy(workflow);
		if (usesN8nApi(workflow)) await this.storeQuotaCredentials();
		if (sendsMail(workflow)) await this.storeMailCredentials();
		await this.storeVendorCredentials();
		return source === undefined ? { credentials: this.credentials } : await this.for(source);
	}

	async forHubSpot(): Promise<ListChoices> {
		return { ...(await this.for('hubspot')), sourceList: this.sandbox.list };
	}

	private async make(source: SourceName): Promise<ResourceChoices> {
		const { brevo, list } = this.sandbox;
		const [folder] = brevo.store.folders.values();
		if (!folder) throw new DemoError('The stand-in for Brevo has no folder');
		const { id, name } = brevo.store.createList(`From ${SOURCE_TITLES[source]}`, folder.id);
		await this.storeVendorCredentials();
		if (source === 'Contact') this.addTierAttribute();
		return {
			credentials: this.credentials,
			mapping: MORE_FIELDS[source],
			...(source === 'hubspot' && { sourceList: list }),
			destinationList: { id: String(id), name },
		};
	}

	private async storeVendorCredentials(): Promise<void> {
		const { hubspot, salesforce, brevo } = this.sandbox;
		await this.store('contactSyncBrevoApi', 'Brevo', { apiKey: brevo.apiKey, baseUrl: brevo.url });
		await this.store('contactSyncHubSpotApi', 'HubSpot', { accessToken: hubspot.token, baseUrl: hubspot.url });
		await this.store('contactSyncSalesforceJwtApi', 'Salesforce', {
			environment: 'customDomain',
			myDomainUrl: salesforce.url,
			consumerKey: salesforce.app.consumerKey,
			username: salesforce.users.sync,
			privateKey: salesforce.privateKey,
		});
	}

	private async storeQuotaCredentials(): Promise<void> {
		if (!this.credentials.contactSyncN8nApi) {
			const { key } = await this.api.createApiKey(N8N_SCOPES);
			await this.store('contactSyncN8nApi', 'This n8n', { apiKey: key, baseUrl: `${this.api.url}/api/v1` });
		}
	}

	private async storeMailCredentials(): Promise<void> {
		const { host, port, settings } = this.sandbox.inbox;
		const { user, password } = settings;
		await this.store('smtp', 'Inbox', { host, port, user, password, secure: false, disableStartTls: true });
	}

	private async store(type: string, name: string, data: Record<string, unknown>): Promise<void> {
		this.credentials[type] ??= await this.api.createCredential(`${name} (sandbox)`, type, data);
	}

	/** An attribute whose options are those of the picklist 'Customer Tier', in other words and another order. */
	private addTierAttribute(): void {
		const labels = ['Gold', 'silver', 'BRONZE'];
		const enumeration = labels.map((label, index) => ({ value: String(index + 1), label }));
		this.sandbox.brevo.store.attributes.push({ name: 'CUSTOMER_TIER', category: 'category', enumeration });
	}
}
