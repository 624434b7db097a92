import { DemoError } from './demoError';
import type { TemplateChoices } from './importTemplate';
import type { N8nApi } from './n8nApi';
import type { Sandbox } from '../sandbox/startSandbox';

/** What a template needs to run against the stand-ins. */
export type ResourceChoices = Omit<TemplateChoices, 'parameters'>;

const DESTINATION_LIST = 'From HubSpot';

/** Fields of every type beyond the four that the template maps. */
const MORE_FIELDS = {
	JOB_TITLE: 'jobtitle',
	COMPANY_NAME: 'company',
	CITY: 'city',
	COUNTRY: 'country',
	BIRTHDAY: 'birthday',
	ANNUAL_REVENUE: 'lifetime_value',
	IS_CUSTOMER: 'vip',
	LIFECYCLE: 'lifecyclestage',
	NOTES: 'customer_notes',
} as const;

/** Stores credentials for the stand-ins in n8n, makes an empty Brevo list and names the lists to sync. */
export async function chooseFor({ hubspot, brevo, list }: Sandbox, api: N8nApi): Promise<ResourceChoices> {
	const contactSyncHubSpotApi = await api.createCredential('HubSpot (sandbox)', 'contactSyncHubSpotApi', {
		accessToken: hubspot.token,
		baseUrl: hubspot.url,
	});
	const contactSyncBrevoApi = await api.createCredential('Brevo (sandbox)', 'contactSyncBrevoApi', {
		apiKey: brevo.apiKey,
		baseUrl: brevo.url,
	});
	const [folder] = brevo.store.folders.values();
	if (!folder) throw new DemoError('The stand-in for Brevo has no folder');
	const { id, name } = brevo.store.createList(DESTINATION_LIST, folder.id);
	return {
		credentials: { contactSyncHubSpotApi, contactSyncBrevoApi },
		mapping: MORE_FIELDS,
		sourceList: list,
		destinationList: { id: String(id), name },
	};
}
