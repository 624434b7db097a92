import type { SalesforceClient } from '../../../../clients/salesforce/api/salesforceClient';
import type { SalesforceDestinationOptions } from '../../../../clients/salesforce/destination/openDestination';
import { openSalesforceDestination } from '../../../../clients/salesforce/destination/openDestination';
import type { MappedContact } from '../../../../core/contact/contact';
import type { UpsertReport, UpsertSettings } from '../../../../core/upsert/upsertContacts';
import { upsertContacts } from '../../../../core/upsert/upsertContacts';
import type { Row, RunningSalesforce } from '../../../../sandbox/salesforce';
import { newAccount } from '../../../support/brevoAccount';
import { clientOf, operate, sandboxClock, valueOf } from '../support/organisation';

export const KEY_FIELD = 'HubSpot_Id__c';

export const DEFAULT_UPSERT: UpsertSettings = {
	optOuts: 'block',
	leavers: 'remove',
	dryRun: false,
	longestWaitMs: 20_000,
};

export interface UpsertOptions extends Partial<Omit<SalesforceDestinationOptions, 'fieldNames'>> {
	readonly settings?: Partial<UpsertSettings>;
	readonly client?: SalesforceClient;
	/** Absent: an account name that no other test shares what was read with. */
	readonly account?: string;
}

/** One batch into the organisation of the sandbox, as the node does it. Throws when the settings are refused. */
export async function upsertIntoSalesforce(
	salesforce: RunningSalesforce,
	contacts: ReadonlyArray<MappedContact | undefined>,
	{ settings, client = clientOf(salesforce), account = newAccount(), ...options }: UpsertOptions = {},
): Promise<UpsertReport> {
	const clock = sandboxClock(salesforce);
	const fieldNames = [...new Set(contacts.flatMap((contact) => Object.keys(contact?.contact.attributes ?? {})))];
	const all = { ...DEFAULT_UPSERT, ...settings };
	const destination = await openSalesforceDestination(client, account, clock, {
		object: 'Contact',
		keyField: KEY_FIELD,
		optOuts: all.optOuts === 'ignore' ? 'ignore' : 'block',
		mode: all.mode,
		...options,
		fieldNames,
	});
	return await upsertContacts(contacts, valueOf(destination), all, clock);
}

/** Live records of an object. */
export const recordsOf = ({ store }: RunningSalesforce, object: 'Contact' | 'Lead' | 'CampaignMember'): Row[] =>
	[...store.table(object).rows.values()].filter((row) => row['IsDeleted'] !== true);

/** The live records with this address. */
export const withEmail = (
	salesforce: RunningSalesforce,
	email: string,
	object: 'Contact' | 'Lead' = 'Contact',
): Row[] => recordsOf(salesforce, object).filter((row) => row['Email'] === email);

/** Adds a record as a person at work does. Returns its id. */
export async function addRecord(
	salesforce: RunningSalesforce,
	values: Readonly<Record<string, string | number | boolean | null>>,
	object: 'Contact' | 'Lead' = 'Contact',
): Promise<string> {
	const needed = object === 'Lead' ? { LastName: 'There', Company: 'Acme' } : { LastName: 'There' };
	const { id } = await operate(salesforce, 'addRecord', { object, values: { ...needed, ...values } });
	return String(id);
}

/** Ids of the live members of a campaign. */
export const membersOf = (salesforce: RunningSalesforce, campaign: string): string[] =>
	recordsOf(salesforce, 'CampaignMember')
		.filter((row) => row['CampaignId'] === campaign)
		.map((row) => String(row['ContactId'] ?? row['LeadId']))
		.sort();

/** Calls that change something, as the sandbox counted them. */
export const writesIn = ({ requests }: RunningSalesforce): number =>
	requests.entries.filter(({ method, path }) => method !== 'GET' && path.includes('/composite/sobjects')).length;
