import type { INodeProperties } from 'n8n-workflow';
import { REASONS } from '../../core/reasons';
import { ContactSyncBrevoApi } from '../../credentials/ContactSyncBrevoApi.credentials';
import { ContactSyncHubSpotApi } from '../../credentials/ContactSyncHubSpotApi.credentials';
import { ContactSyncHubSpotOAuth2Api } from '../../credentials/ContactSyncHubSpotOAuth2Api.credentials';
import { ContactSyncN8nApi } from '../../credentials/ContactSyncN8nApi.credentials';
import { ContactSyncSalesforceClientCredentialsApi } from '../../credentials/ContactSyncSalesforceClientCredentialsApi.credentials';
import { ContactSyncSalesforceJwtApi } from '../../credentials/ContactSyncSalesforceJwtApi.credentials';
import { ContactSyncSalesforceOAuth2Api } from '../../credentials/ContactSyncSalesforceOAuth2Api.credentials';
import { BrevoContactTrigger } from '../../nodes/BrevoContactTrigger/BrevoContactTrigger.node';
import { ContactListUpsert } from '../../nodes/ContactListUpsert/ContactListUpsert.node';
import { HubSpotListTrigger } from '../../nodes/HubSpotListTrigger/HubSpotListTrigger.node';
import { MapContactFields } from '../../nodes/MapContactFields/MapContactFields.node';
import { MigrationReport } from '../../nodes/MigrationReport/MigrationReport.node';
import { QuotaGuard } from '../../nodes/QuotaGuard/QuotaGuard.node';
import { ReadContactExport } from '../../nodes/ReadContactExport/ReadContactExport.node';
import { ReadContacts } from '../../nodes/ReadContacts/ReadContacts.node';
import { SalesforceContactTrigger } from '../../nodes/SalesforceContactTrigger/SalesforceContactTrigger.node';
import { SyncHealth } from '../../nodes/SyncHealth/SyncHealth.node';
import { reasonCodesPage } from '../../scripts/reasonCodesPage';
import { read } from './repository';

/** A parameter and all that it holds: options of a collection, fields of a row. Dropdown entries are not among them. */
function withNested(property: INodeProperties): INodeProperties[] {
	const inner = (property.options ?? []).flatMap((option): INodeProperties[] => {
		if ('values' in option) return option.values;
		return 'type' in option ? [option] : [];
	});
	return [property, ...inner.flatMap(withNested)];
}

describe('the docs', () => {
	it.each([
		['hubspot-list-trigger', new HubSpotListTrigger()],
		['salesforce-contact-trigger', new SalesforceContactTrigger()],
		['brevo-contact-trigger', new BrevoContactTrigger()],
		['read-contacts', new ReadContacts()],
		['map-contact-fields', new MapContactFields()],
		['quota-guard', new QuotaGuard()],
		['contact-list-upsert', new ContactListUpsert()],
		['read-contact-export', new ReadContactExport()],
		['sync-health', new SyncHealth()],
		['migration-report', new MigrationReport()],
	])('%s names every parameter, every entry of the fixed dropdowns and every output', (page, { description }) => {
		const text = read(`docs/${page}.md`);
		const parameters = description.properties
			.flatMap(withNested)
			.filter(({ type }) => type !== 'hidden' && type !== 'credentials');
		const entries = parameters.flatMap(({ type, options = [] }) =>
			// Not the countries: they are told by what they are for.
			type === 'options' && options.length < 10 ? options.flatMap((one) => ('value' in one ? [one.name] : [])) : [],
		);
		const names = [...parameters.map(({ displayName }) => displayName), ...entries, ...(description.outputNames ?? [])];
		expect(names.length).toBeGreaterThan(3);
		expect(names.filter((name) => !text.includes(name))).toEqual([]);
	});

	it('the form for bugs offers every node', () => {
		const form = read('.github/ISSUE_TEMPLATE/1-bug.yml');
		const nodes = [
			new HubSpotListTrigger(),
			new SalesforceContactTrigger(),
			new BrevoContactTrigger(),
			new ReadContacts(),
			new MapContactFields(),
			new QuotaGuard(),
			new ContactListUpsert(),
			new SyncHealth(),
			new ReadContactExport(),
			new MigrationReport(),
		];
		const names = nodes.map(({ description }) => description.displayName);
		expect(names.filter((name) => !form.includes(`- ${name}\n`))).toEqual([]);
	});

	it('credentials names every credential and its fields', () => {
		const text = read('docs/credentials.md');
		for (const { displayName, properties } of [
			new ContactSyncHubSpotApi(),
			new ContactSyncHubSpotOAuth2Api(),
			new ContactSyncSalesforceOAuth2Api(),
			new ContactSyncSalesforceJwtApi(),
			new ContactSyncSalesforceClientCredentialsApi(),
			new ContactSyncBrevoApi(),
			new ContactSyncN8nApi(),
		]) {
			const shown = properties
				.filter(({ type }) => type !== 'hidden' && type !== 'notice')
				.map((property) => property.displayName);
			expect([displayName, ...shown].filter((name) => !text.includes(name))).toEqual([]);
		}
	});

	it('list every reason code as the code has it', () => {
		expect(read('docs/reason-codes.md')).toBe(reasonCodesPage());
	});

	it('HB-29, SB-30: each reason says in whole sentences what to do', () => {
		for (const { advice } of Object.values(REASONS)) expect(advice).toMatch(/^[A-Z'].*\.$/);
	});
});
