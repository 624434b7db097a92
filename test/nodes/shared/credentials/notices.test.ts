import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { ICredentialType } from 'n8n-workflow';
import { ContactSyncBrevoApi } from '../../../../credentials/ContactSyncBrevoApi.credentials';
import { ContactSyncHubSpotApi } from '../../../../credentials/ContactSyncHubSpotApi.credentials';
import { ContactSyncHubSpotOAuth2Api } from '../../../../credentials/ContactSyncHubSpotOAuth2Api.credentials';
import { ContactSyncN8nApi } from '../../../../credentials/ContactSyncN8nApi.credentials';
import { ContactSyncSalesforceClientCredentialsApi } from '../../../../credentials/ContactSyncSalesforceClientCredentialsApi.credentials';
import { ContactSyncSalesforceJwtApi } from '../../../../credentials/ContactSyncSalesforceJwtApi.credentials';
import { ContactSyncSalesforceOAuth2Api } from '../../../../credentials/ContactSyncSalesforceOAuth2Api.credentials';
import { adviceFor, eventOf } from '../../../../core/outcome';
import type { ReasonCode } from '../../../../core/outcome';
import { REASONS } from '../../../../core/reasons';
import { BrevoContactTrigger } from '../../../../nodes/BrevoContactTrigger/BrevoContactTrigger.node';
import { ContactListUpsert } from '../../../../nodes/ContactListUpsert/ContactListUpsert.node';
import { HubSpotListTrigger } from '../../../../nodes/HubSpotListTrigger/HubSpotListTrigger.node';
import { MapContactFields } from '../../../../nodes/MapContactFields/MapContactFields.node';
import { MigrationReport } from '../../../../nodes/MigrationReport/MigrationReport.node';
import { ReadContactExport } from '../../../../nodes/ReadContactExport/ReadContactExport.node';
import { ReadContacts } from '../../../../nodes/ReadContacts/ReadContacts.node';
import { SalesforceContactTrigger } from '../../../../nodes/SalesforceContactTrigger/SalesforceContactTrigger.node';
import { SyncHealth } from '../../../../nodes/SyncHealth/SyncHealth.node';
import { QuotaGuard } from '../../../../nodes/QuotaGuard/QuotaGuard.node';

const HUBSPOT_SCOPES = ['crm.lists.read', 'crm.objects.contacts.read'];
const N8N_SCOPES = [
	'dataTable:list',
	'dataTable:create',
	'dataTableRow:read',
	'dataTableRow:create',
	'dataTableRow:update',
];
const SALESFORCE_APP = ['Setup', 'External Client App Manager', 'Manage user data via APIs (api)', 'API Enabled'];

/** Each credential, and what its window has to say at the top: where the key is made, and which scopes it needs. */
const CREDENTIALS: ReadonlyArray<readonly [type: ICredentialType, says: readonly string[]]> = [
	[
		new ContactSyncBrevoApi(),
		['SMTP &amp; API &gt; API Keys', 'xkeysib-', 'Security &gt; Authorized IPs', 'no scopes'],
	],
	[new ContactSyncHubSpotApi(), ['Development &gt; Keys &gt; Service Keys', ...HUBSPOT_SCOPES]],
	[new ContactSyncHubSpotOAuth2Api(), ['OAuth Redirect URL', 'oauth', ...HUBSPOT_SCOPES]],
	[new ContactSyncN8nApi(), ['Settings &gt; n8n API', 'Expiration', 'Never', ...N8N_SCOPES]],
	[new ContactSyncSalesforceClientCredentialsApi(), [...SALESFORCE_APP, 'Client Credentials Flow', 'Run As']],
	[new ContactSyncSalesforceJwtApi(), [...SALESFORCE_APP, 'JWT Bearer Flow', 'certificate']],
	[new ContactSyncSalesforceOAuth2Api(), [...SALESFORCE_APP, 'OAuth Redirect URL', '(refresh_token)']],
];

const NODES = [
	new BrevoContactTrigger(),
	new ContactListUpsert(),
	new HubSpotListTrigger(),
	new MapContactFields(),
	new MigrationReport(),
	new QuotaGuard(),
	new ReadContactExport(),
	new ReadContacts(),
	new SalesforceContactTrigger(),
	new SyncHealth(),
];

const docs = readFileSync(resolve(__dirname, '../../../../docs/credentials.md'), 'utf8');
/** As GitHub makes them of headings. */
const anchors = [...docs.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) => heading.toLowerCase().replace(/ /g, '-'));

describe.each(CREDENTIALS.map(([type, says]) => [type.displayName, type, says] as const))('%s', (_name, type, says) => {
	it('says at the top of its window where the key is made and which scopes it needs', () => {
		const [first] = type.properties.filter((property) => property.type !== 'hidden');
		expect(first).toMatchObject({ type: 'notice', default: '' });
		expect(says.filter((part) => !first?.displayName.includes(part))).toEqual([]);
	});

	it('leads to its part of the docs', () => {
		const [page, anchor = ''] = (type.documentationUrl ?? '').split('#');
		expect(page).toMatch(/\/docs\/credentials\.md$/);
		expect(anchors).toContain(anchor);
	});
});

describe('what the editor shows', () => {
	it('has no rule numbers', () => {
		const shown = JSON.stringify([
			...CREDENTIALS.map(([type]) => type.properties),
			...NODES.map(({ description }) => description),
			...(Object.keys(REASONS) as ReasonCode[]).map((code) => [adviceFor(code), eventOf(code)]),
		]);
		expect(/\b(HB|SB|IS|MG)-\d+/.exec(shown)?.[0]).toBeUndefined();
	});

	it('names the systems whose contacts a quota is about', () => {
		expect(new QuotaGuard().description.description).toMatch(/HubSpot.*Salesforce.*Brevo/);
	});
});
