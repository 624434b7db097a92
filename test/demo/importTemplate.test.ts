import {
	fillTemplate,
	MAIL_ADDRESSES,
	quotaTemplate,
	readTemplate,
	readTemplates,
	syncedBy,
	syncTemplate,
	usesN8nApi,
} from '../../demo/n8n/importTemplate';

const credential = (id: string) => ({ id, name: `Credential ${id}` });
const CREDENTIALS = {
	contactSyncHubSpotApi: credential('h'),
	contactSyncSalesforceJwtApi: credential('s'),
	contactSyncBrevoApi: credential('b'),
	contactSyncN8nApi: credential('n'),
	smtp: credential('m'),
};

describe('filling in templates', () => {
	const filled = (name: string, credentials: Partial<typeof CREDENTIALS> = CREDENTIALS) =>
		fillTemplate(readTemplate(name), { credentials, destinationList: { id: '7', name: 'Target' } });
	const credentialsIn = (name: string) =>
		Object.fromEntries(
			filled(name).nodes.flatMap((node) =>
				node.credentials ? [[node.name, Object.values(node.credentials).map(({ id }) => id)]] : [],
			),
		);

	it('tells what each syncs and whether it needs n8n’s own API', () => {
		const kinds = readTemplates().map(({ name, workflow }) => [name, syncedBy(workflow), usesN8nApi(workflow)]);
		expect(kinds).toEqual([
			['brevo-edits-to-hubspot', undefined, false],
			['brevo-edits-to-salesforce', undefined, false],
			['brevo-unsubscribes-to-hubspot', undefined, false],
			['brevo-unsubscribes-to-salesforce', undefined, false],
			['constant-contact-to-hubspot', undefined, false],
			['hubspot-list-to-brevo-with-health', 'hubspot', true],
			['hubspot-list-to-brevo-with-quota', 'hubspot', true],
			['hubspot-list-to-brevo', 'hubspot', false],
			['hubspot-to-salesforce', 'hubspot', false],
			['joined-segment-later', 'hubspot', false],
			['mailchimp-to-hubspot', undefined, false],
			['quota-usage-report', undefined, true],
			['resend-failed-contacts', undefined, true],
			['resync-now', undefined, false],
			['salesforce-leads-to-brevo', 'Lead', false],
			['salesforce-to-brevo-with-quota', 'Contact', true],
			['salesforce-to-brevo', 'Contact', false],
			['salesforce-to-hubspot', 'Contact', false],
			['sync-health-report', undefined, true],
			['undo-migration', undefined, false],
		]);
		expect([syncTemplate('Lead'), quotaTemplate('Contact')].map(({ name }) => name)).toEqual([
			'salesforce-leads-to-brevo',
			'salesforce-to-brevo-with-quota',
		]);
		expect(() => readTemplate('hubspot')).toThrow("no workflow template 'hubspot'");
	});

	it('gives each node the credentials it takes, and n8n’s own API only to who asks for the quota or the health', () => {
		expect(credentialsIn('hubspot-list-to-brevo')).toEqual({
			'HubSpot List Trigger': ['h'],
			'Map Contact Fields': ['h', 'b'],
			'Contact List Upsert': ['b'],
		});
		expect(credentialsIn('salesforce-to-brevo-with-quota')).toEqual({
			'Salesforce Contact Trigger': ['s', 'n'],
			'Map Contact Fields': ['s', 'b'],
			'Quota Guard': ['n'],
			'Contact List Upsert': ['b'],
			'Send Email': ['m'],
		});
		expect(credentialsIn('joined-segment-later')).toEqual({
			'HubSpot List Trigger': ['h'],
			'Read Contacts': ['s'],
			'Map Contact Fields': ['s', 'h'],
			'Contact List Upsert': ['h'],
		});
		expect(credentialsIn('resend-failed-contacts')).toEqual({
			'Contacts to Resend': ['n'],
			'Read Contacts': ['h'],
			'Map Contact Fields': ['h', 'b'],
			'Contact List Upsert': ['b'],
			'Record Health': ['n'],
		});
		expect(credentialsIn('quota-usage-report')).toEqual({ 'Quota Guard': ['n'], 'Send Email': ['m'] });
		expect(() => filled('quota-usage-report', { smtp: CREDENTIALS.smtp })).toThrow('contactSyncN8nApi');
	});

	it('says who writes to whom, and sets what is asked for on any node', () => {
		const mail = filled('quota-usage-report').nodes.find(({ name }) => name === 'Send Email');
		expect(mail?.parameters).toMatchObject(MAIL_ADDRESSES);
		const parameters = { 'n8n-nodes-base.scheduleTrigger': { rule: {} } };
		const { nodes } = fillTemplate(readTemplate('quota-usage-report'), { credentials: CREDENTIALS, parameters });
		expect(nodes.find(({ name }) => name === 'Every Morning')?.parameters).toEqual({ rule: {} });
	});
});
