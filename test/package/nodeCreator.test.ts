import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { INodeType } from 'n8n-workflow';
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

/** A node as the editor's node creator searches it: by the display name and the aliases of its codex. */
function searchedAs(type: INodeType, folder: string) {
	const file = join(resolve(__dirname, '../../nodes'), folder, `${folder}.node.json`);
	const { alias } = JSON.parse(readFileSync(file, 'utf8')) as { alias: string[] };
	return { properties: { displayName: type.description.displayName, codex: { alias } } };
}

const HUBSPOT = 'HubSpot List Trigger';
const SALESFORCE = 'Salesforce Contact Trigger';
const READ = 'Read Contacts';
const MAP = 'Map Contact Fields';
const QUOTA = 'Quota Guard';
const UPSERT = 'Contact List Upsert';
const EXPORT = 'Read Contact Export';
const HEALTH = 'Sync Health';
const BREVO = 'Brevo Contact Trigger';

const NODES = [
	searchedAs(new HubSpotListTrigger(), 'HubSpotListTrigger'),
	searchedAs(new SalesforceContactTrigger(), 'SalesforceContactTrigger'),
	searchedAs(new ReadContacts(), 'ReadContacts'),
	searchedAs(new MapContactFields(), 'MapContactFields'),
	searchedAs(new QuotaGuard(), 'QuotaGuard'),
	searchedAs(new ContactListUpsert(), 'ContactListUpsert'),
	searchedAs(new ReadContactExport(), 'ReadContactExport'),
	searchedAs(new SyncHealth(), 'SyncHealth'),
	searchedAs(new BrevoContactTrigger(), 'BrevoContactTrigger'),
	searchedAs(new MigrationReport(), 'MigrationReport'),
];

interface Found {
	readonly score: number;
	readonly item: ReturnType<typeof searchedAs>;
}

/** The search of the editor itself, which n8n keeps in a library. */
const { sublimeSearch } = jest.requireActual<{ sublimeSearch: (words: string, among: typeof NODES) => Found[] }>(
	'@n8n/utils/dist/search/sublime-search',
);

/** The nodes that n8n's own search finds, the best first. The editor looks for the words without 'trigger' at their end. */
const found = (query: string): string[] =>
	sublimeSearch(query.toLowerCase().replace(/ trigger$/, ''), NODES).map(({ item }) => item.properties.displayName);

/** What a newcomer types, and every node that has to come up. */
const QUERIES: ReadonlyArray<readonly [query: string, nodes: readonly string[]]> = [
	['contact sync', [HUBSPOT, SALESFORCE, MAP, QUOTA, UPSERT]],
	['sync contacts', [HUBSPOT, SALESFORCE, MAP, UPSERT]],
	['hubspot', [HUBSPOT, MAP]],
	['hubspot contact', [HUBSPOT]],
	['hubspot list', [HUBSPOT]],
	['hubspot segment', [HUBSPOT]],
	['hubspot trigger', [HUBSPOT]],
	['hubspot sync', [HUBSPOT]],
	['hubspot to brevo', [HUBSPOT, MAP, UPSERT]],
	['hubspot brevo', [HUBSPOT, MAP, UPSERT]],
	['sync hubspot', [HUBSPOT]],
	['list members', [HUBSPOT]],
	['salesforce', [SALESFORCE, MAP]],
	['salesforce lead', [SALESFORCE]],
	['salesforce campaign', [SALESFORCE]],
	['salesforce list view', [SALESFORCE]],
	['salesforce trigger', [SALESFORCE]],
	['salesforce sync', [SALESFORCE]],
	['salesforce to brevo', [SALESFORCE, MAP, UPSERT]],
	['salesforce brevo', [SALESFORCE, MAP, UPSERT]],
	['sync salesforce', [SALESFORCE]],
	['brevo', [BREVO, MAP, UPSERT]],
	['brevo trigger', [BREVO]],
	['unsubscribes', [BREVO]],
	['brevo to hubspot', [BREVO]],
	['salesforce from brevo', [BREVO]],
	['unsubscribes back', [BREVO]],
	['brevo list', [UPSERT]],
	['brevo contacts', [UPSERT]],
	['brevo contact', [UPSERT]],
	['brevo attributes', [MAP]],
	['brevo sync', [UPSERT]],
	['brevo import', [UPSERT]],
	['sync to brevo', [UPSERT]],
	['sendinblue', [MAP, UPSERT]],
	['import contacts', [UPSERT, EXPORT]],
	['mailchimp', [EXPORT]],
	['mailchimp import', [EXPORT]],
	['mailchimp export', [EXPORT]],
	['mailchimp to hubspot', [EXPORT]],
	['constant contact', [EXPORT]],
	['klaviyo', [EXPORT]],
	['csv contacts', [EXPORT]],
	['contacts csv', [EXPORT]],
	['excel contacts', [EXPORT]],
	['migrate contacts', [EXPORT]],
	['contact export', [EXPORT]],
	['update contacts', [UPSERT]],
	['create contacts', [UPSERT]],
	['upsert contacts', [UPSERT]],
	['newsletter list', [UPSERT]],
	['mailing list', [UPSERT]],
	['email list', [UPSERT]],
	['email marketing', [UPSERT]],
	['dry run', [UPSERT]],
	['check set-up', [UPSERT]],
	['check setup', [UPSERT]],
	['opt out', [UPSERT]],
	['unsubscribe', [UPSERT]],
	['mapping', [MAP]],
	['field mapping', [MAP]],
	['map fields', [MAP]],
	['contact mapping', [MAP]],
	['phone number', [MAP]],
	['convert phone', [MAP]],
	['read contacts', [READ]],
	['get contacts', [READ]],
	['find contact', [READ]],
	['hubspot contacts', [HUBSPOT, READ]],
	['salesforce contacts', [SALESFORCE, READ]],
	['salesforce leads', [SALESFORCE, READ]],
	['resync', [READ]],
	['resync now', [READ]],
	['backfill', [HUBSPOT, READ]],
	['on demand', [READ]],
	['quota', [QUOTA]],
	['contact limit', [QUOTA]],
	['contact quota', [QUOTA]],
	['monthly limit', [QUOTA]],
	['task limit', [QUOTA]],
	['usage report', [QUOTA]],
	['usage alert', [QUOTA]],
	['sync health', [HEALTH]],
	['sync status', [HEALTH]],
	['sync errors', [HEALTH]],
	['failed contacts', [HEALTH]],
	['resend', [HEALTH]],
	['look up contact', [HEALTH]],
	['health report', [HEALTH]],
];

describe('the node creator', () => {
	it.each(QUERIES)('finds for "%s" what a newcomer looks for', (query, nodes) => {
		expect(nodes.filter((node) => !found(query).includes(node))).toEqual([]);
	});

	it.each(['hubspot contacts', 'hubspot list', 'hubspot trigger'])(
		'puts the HubSpot trigger first for "%s"',
		(query) => {
			expect(found(query)[0]).toBe(HUBSPOT);
		},
	);

	it.each(['slack', 'google sheets', 'send email', 'http request', 'webhook', 'merge', 'openai', 'postgres', 'rss'])(
		'finds none of them for "%s"',
		(query) => {
			expect(found(query)).toEqual([]);
		},
	);
});
