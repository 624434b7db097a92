import { generatePeople, seededRandom, type Person } from '../../people';
import { AWKWARD, AWKWARD_CONTACTS } from './awkwardPeople';
import { convertLead, merge } from '../records/lifecycle';
import type { ListViews } from '../records/listViews';
import type { Row, Value } from '../schema/fields';
import { INTERESTS, TIERS } from '../schema/people';
import type { SalesforceStore } from '../records/store';

/** What an organisation starts with. The same options give the same records, ids and times. */
export interface SeedOptions {
	/** Contacts made from people. Default 200. */
	readonly contacts?: number;
	/** Leads made from people. Default half the contacts. */
	readonly leads?: number;
	/** Default 1. */
	readonly seed?: number;
	/** The people behind the contacts, then the leads. Default: made-up people. */
	readonly people?: readonly Person[];
	/** Whether the awkward people of `awkwardPeople.ts` are among them. Default: from 50 contacts on. */
	readonly awkward?: boolean;
	/** Fields the API user may not see, such as `Contact.HasOptedOutOfEmail`. Default none. */
	readonly hiddenFields?: readonly string[];
}

/** Ids of what every seeded organisation has. */
export interface SeededIds {
	readonly users: {
		readonly sync: string;
		readonly sales: string;
		readonly routing: string;
		readonly inactive: string;
	};
	readonly campaigns: { readonly newsletter: string; readonly fair: string };
	readonly listViews: {
		readonly newsletterContacts: string;
		readonly myContacts: string;
		readonly recentContacts: string;
		readonly openLeads: string;
	};
	/** A contact that a case hangs on, so that it cannot be deleted. */
	readonly contactWithCase: string | undefined;
}

export const USERS = {
	sync: 'sync@sandbox.example',
	sales: 'sales@sandbox.example',
	routing: 'routing@sandbox.example',
	inactive: 'gone@sandbox.example',
} as const;

const CREATED_FROM = Date.UTC(2024, 0, 8, 8);
/** One bulk edit touched every third record. */
const BULK_AT = Date.UTC(2025, 2, 3, 9);
const MONTH_MS = 30 * 86_400_000;

/**
 * Fills an empty organisation. All times lie in 2024 and 2025, but for one conversion, one merge and one deletion that have
 * just happened: the recycle bin forgets older ones.
 */
export function seedStore(store: SalesforceStore, listViews: ListViews, options: SeedOptions = {}): SeededIds {
	const contactCount = options.contacts ?? 200;
	const leadCount = options.leads ?? Math.round(contactCount / 2);
	const seed = options.seed ?? 1;
	const random = seededRandom(seed * 6_151 + 7);
	const people = options.people ?? madeUpPeople(contactCount + leadCount, seed);
	const users = addUsers(store);
	const accounts = new Map<string, string>();
	const campaigns = addCampaigns(store);
	const isAwkward = options.awkward ?? contactCount >= 50;
	const owners = [users.sync, users.sales];
	const at = (index: number) => CREATED_FROM + Math.floor(((index + 0.5) / people.length) * 18 * MONTH_MS);

	const contacts = people.slice(0, contactCount).map((person, index): Row => {
		const oddities = [...AWKWARD, ...AWKWARD_CONTACTS];
		const odd = isAwkward ? oddities[index - 20]?.apply(person) : undefined;
		const values = {
			...contactOf(person, accountOf(store, accounts, person, random), random),
			OwnerId: pick(owners, random),
			...odd,
		};
		return stamped(store, 'Contact', values, at(index), index, random);
	});
	const leads = people.slice(contactCount, contactCount + leadCount).map((person, index): Row => {
		const odd = isAwkward ? AWKWARD[index - 10]?.apply(person) : undefined;
		const values = { ...leadOf(person, random), OwnerId: pick(owners, random), ...odd };
		return stamped(store, 'Lead', values, at(contactCount + index), index, random);
	});
	contacts.forEach((row, index) => index % 2 === 0 && addMember(store, campaigns.newsletter, 'ContactId', row));
	contacts.forEach((row, index) => index % 5 === 0 && addMember(store, campaigns.fair, 'ContactId', row));
	leads.forEach((row, index) => index % 3 === 0 && addMember(store, campaigns.newsletter, 'LeadId', row));

	const contactWithCase = contacts[3]?.['Id'] as string | undefined;
	if (contactWithCase !== undefined) {
		store.insert('Case', { CaseNumber: '00001026', ContactId: contactWithCase, Subject: 'Invoice' }, { at: BULK_AT });
	}
	if (isAwkward) addHistory(store, contacts, leads, people);
	const views = addListViews(listViews);
	for (const path of options.hiddenFields ?? []) {
		const [object = '', field = ''] = path.split('.');
		store.schema.setAccess(object, field, 'hidden', CREATED_FROM);
	}
	return { users, campaigns, listViews: views, contactWithCase };
}

function addUsers(store: SalesforceStore): SeededIds['users'] {
	const add = (Username: string, Name: string, IsActive = true) =>
		store.insert('User', { Username, Name, Email: Username, IsActive }, { at: CREATED_FROM, by: '' })['Id'] as string;
	const users = {
		sync: add(USERS.sync, 'Contact Sync'),
		sales: add(USERS.sales, 'Sam Sales'),
		routing: add(USERS.routing, 'Lead Routing'),
		inactive: add(USERS.inactive, 'Gone Guest', false),
	};
	store.integrationUserId = users.sync;
	store.routingUserId = users.routing;
	const organization = store.insert('Organization', { Name: 'Sandbox Org', OrganizationType: 'Enterprise Edition', TimeZoneSidKey: 'Europe/Paris', IsSandbox: store.settings.orgType === 'sandbox' }, { at: CREATED_FROM }); // prettier-ignore
	store.organizationId = organization['Id'] as string;
	return users;
}

function addCampaigns(store: SalesforceStore): SeededIds['campaigns'] {
	const add = (Name: string, Type: string): string => {
		const id = store.insert('Campaign', { Name, Type, Status: 'In Progress', IsActive: true }, { at: CREATED_FROM })[
			'Id'
		] as string;
		for (const Label of ['Sent', 'Responded']) {
			store.insert('CampaignMemberStatus', { CampaignId: id, Label, IsDefault: Label === 'Sent', HasResponded: Label === 'Responded' }, { at: CREATED_FROM }); // prettier-ignore
		}
		return id;
	};
	return { newsletter: add('Newsletter', 'Email'), fair: add('Trade fair Lyon 2025', 'Trade Show') };
}

function addMember(store: SalesforceStore, campaign: string, key: 'ContactId' | 'LeadId', person: Row): void {
	store.insert('CampaignMember', { CampaignId: campaign, [key]: person['Id'] as Value, Status: 'Sent' }, { at: Number(person['CreatedDate']) + 60_000 }); // prettier-ignore
}

/** One lead converted, one contact merged and one deleted, and one lead that is a contact too. */
function addHistory(
	store: SalesforceStore,
	contacts: readonly Row[],
	leads: readonly Row[],
	people: readonly Person[],
): void {
	const id = (rows: readonly Row[], index: number) => rows[index]?.['Id'] as string;
	if (leads.length >= 8) convertLead(store, id(leads, 5));
	if (leads.length >= 8) store.change('Lead', id(leads, 7), { Email: people[7]?.email ?? null }, { at: BULK_AT });
	merge(store, 'Contact', id(contacts, 44), [id(contacts, 45)]);
	store.remove('Contact', id(contacts, 46));
}

function addListViews(listViews: ListViews): SeededIds['listViews'] {
	const columns = ['Name', 'Account.Name', 'Email', 'Phone', 'Owner.Name'];
	const orderBy = 'Name ASC NULLS FIRST';
	const contact = { objectName: 'Contact', columns, orderBy, scope: 'everything', soqlCompatible: true } as const;
	return {
		newsletterContacts: listViews.add({ ...contact, label: 'Newsletter contacts', developerName: 'Newsletter_contacts', where: "Newsletter__c = true AND Email != ''" }).id, // prettier-ignore
		myContacts: listViews.add({
			...contact,
			label: 'My contacts',
			developerName: 'MyContacts',
			where: '',
			scope: 'mine',
		}).id,
		recentContacts: listViews.add({ ...contact, label: 'Recently Viewed Contacts', developerName: 'RecentlyViewedContacts', where: '', soqlCompatible: false }).id, // prettier-ignore
		openLeads: listViews.add({ ...contact, objectName: 'Lead', columns: ['Name', 'Company', 'Email', 'toLabel(Status)'], label: "O'Hara's open leads", developerName: 'Open_leads', where: "IsConverted = false AND (Status = 'Open - Not Contacted' OR Status = 'Working - Contacted')" }).id, // prettier-ignore
	};
}

function stamped(
	store: SalesforceStore,
	object: 'Contact' | 'Lead',
	values: Record<string, Value>,
	at: number,
	index: number,
	random: () => number,
): Row {
	const changedAt = index % 3 === 0 ? Math.max(at, BULK_AT) : at + Math.floor(random() * MONTH_MS);
	const stamp = store.stamp(changedAt);
	return store.insert(object, { ...values, LastModifiedDate: stamp, SystemModstamp: stamp }, { at });
}

function contactOf(person: Person, accountId: string, random: () => number): Record<string, Value> {
	return {
		...common(person, random),
		AccountId: accountId,
		Birthdate: person.birthday,
		MailingStreet: `${1 + Math.floor(random() * 200)} Main Street`,
		MailingCity: person.city,
		MailingCountry: person.countryName,
		Customer_Tier__c: random() < 0.3 ? null : pick(TIERS, random),
		Loyalty_Points__c: random() < 0.3 ? null : Math.floor(random() * 50_000),
		Credit_Limit__c: random() < 0.5 ? null : Math.floor(random() * 1_000_000) / 100,
		Member_Since__c: new Date(CREATED_FROM - Math.floor(random() * 60) * MONTH_MS).toISOString().slice(0, 10),
		Last_Visit__c: random() < 0.4 ? null : Math.floor((CREATED_FROM + random() * 12 * MONTH_MS) / 1_000) * 1_000,
	};
}

function leadOf(person: Person, random: () => number): Record<string, Value> {
	return {
		...common(person, random),
		Company: person.company,
		City: person.city,
		Country: person.countryName,
		Status: random() < 0.7 ? 'Open - Not Contacted' : 'Working - Contacted',
		Rating: random() < 0.5 ? null : pick(['Hot', 'Warm', 'Cold'], random),
		NumberOfEmployees: random() < 0.5 ? null : 1 + Math.floor(random() * 5_000),
	};
}

function common(person: Person, random: () => number): Record<string, Value> {
	return {
		FirstName: person.firstName,
		LastName: person.lastName,
		Email: person.email,
		MobilePhone: person.phone,
		Phone: random() < 0.5 ? null : person.phone,
		Title: person.jobTitle === '' ? null : person.jobTitle,
		LeadSource: random() < 0.5 ? null : 'Web',
		Newsletter__c: random() < 0.6,
		HasOptedOutOfEmail: random() < 0.05,
		Interests__c: random() < 0.5 ? null : pick(INTERESTS, random),
	};
}

function accountOf(
	store: SalesforceStore,
	accounts: Map<string, string>,
	person: Person,
	random: () => number,
): string {
	const known = accounts.get(person.company);
	if (known !== undefined) return known;
	const values = { Name: person.company, Rating: pick(['Hot', 'Warm', 'Cold'], random) };
	const id = store.insert('Account', values, { at: CREATED_FROM })['Id'] as string;
	accounts.set(person.company, id);
	return id;
}

let made: { readonly count: number; readonly seed: number; readonly people: Person[] } | undefined;

/** People are kept from one reset to the next: making them takes longer than filling the organisation. */
function madeUpPeople(count: number, seed: number): Person[] {
	if (made?.count !== count || made.seed !== seed) made = { count, seed, people: generatePeople(count, seed) };
	return made.people;
}

const pick = <T>(from: readonly T[], random: () => number): T => from[Math.floor(random() * from.length)] as T;
