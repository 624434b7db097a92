import { toDestinationFields } from '../../../../clients/hubspot/destination/toDestinationFields';
import type { MappedContact } from '../../../../core/contact/contact';
import type { RunningHubSpot } from '../../../../sandbox/hubspot';
import { startHubSpot } from '../../../../sandbox/hubspot';
import { statusCounts } from '../../../support/brevoAccount';
import { upsertIntoHubSpot, writesOf } from '../../../support/hubSpotAccount';
import { mappedFromSalesforce } from '../../../support/mappedContacts';
import { valueOf } from '../../salesforce/support/organisation';
import { ListFollower } from '../support/listFollower';

/** What users complain about when other tools write into HubSpot, row by row, as far as no other test names it. */

let hubspot: RunningHubSpot;
beforeEach(async () => {
	hubspot = await startHubSpot({ members: 5, extraContacts: 0, awkward: false });
});
afterEach(async () => await hubspot.close());

type Fields = Record<string, string | number | boolean | null | readonly string[]>;

const person = (n: number, attributes: Fields = {}, more: Partial<MappedContact> = {}): MappedContact =>
	mappedFromSalesforce(
		n,
		{ email: `person${n}@example.com`, attributes: { firstname: `Ada ${n}`, ...attributes } },
		more,
	);

const at = (n: number): Readonly<Record<string, string>> => {
	const id = hubspot.store.contacts.holderOf(`person${n}@example.com`);
	return id === undefined ? {} : hubspot.store.contact(id).properties;
};

it('H1, H7: one contact that is there already costs the others of a batch nothing', async () => {
	hubspot.store.addContact({ email: 'person3@example.com', firstname: 'There' });
	const report = await upsertIntoHubSpot(
		hubspot,
		[1, 2, 3, 4].map((n) => person(n)),
	);
	expect(statusCounts(report)).toEqual({ created: 3, updated: 1 });
	expect(at(3).firstname).toBe('Ada 3');
});

it('H2, H5: contacts are found by reading, never by the search, whose index lags, and updated by their id', async () => {
	hubspot.store.addContact({ email: 'person1@example.com' });
	hubspot.requests.clear();
	expect(statusCounts(await upsertIntoHubSpot(hubspot, [person(1), person(2)]))).toEqual({ created: 1, updated: 1 });
	const routes = Object.keys(hubspot.requests.counts());
	expect(routes.filter((route) => route.endsWith('/search'))).toEqual([]);
	expect(routes.filter((route) => route.endsWith('/batch/upsert'))).toEqual([]);
});

it('H6: an address that a batch holds twice, in two spellings, is one contact', async () => {
	const twice = person(2, {}, { contact: { email: ' PERSON1@Example.com ', attributes: { firstname: 'Later' } } });
	const report = await upsertIntoHubSpot(hubspot, [person(1), { ...twice, changedAt: '2026-11-20T11:00:00.000Z' }]);
	expect(statusCounts(report)).toEqual({ 'excluded SAME_ADDRESS_TWICE': 1, created: 1 });
	expect(at(1).firstname).toBe('Later');
});

it('H9, H18: a contact without an address is listed with its reason, and no empty address is sent', async () => {
	const without = person(1, {}, { contact: { attributes: { firstname: 'Nobody' } } });
	const report = await upsertIntoHubSpot(hubspot, [without, person(2)]);
	expect(statusCounts(report)).toEqual({ 'excluded NO_IDENTIFIER': 1, created: 1 });
	expect(report.results[0]?.outcome.message).toMatch(/neither an e-mail address/);
});

it('H10, H20, H24: all properties that can be written are offered; none that HubSpot keeps, nor consent and marketing status', async () => {
	const properties = valueOf(await new ListFollower(hubspot).client().contactProperties());
	const offered = new Set(toDestinationFields(properties, undefined).map(({ name }) => name));
	expect(offered.size).toBeGreaterThan(50);
	for (const name of ['hs_email_optout', 'hs_marketable_status', 'hs_object_id', 'lastmodifieddate'])
		expect(offered.has(name)).toBe(false);
});

it.each([
	['no text at all', ''],
	['no JSON', '<html>Bad gateway</html>'],
	['an object without a message', {}],
	['a text', 'no'],
	['a list', [null]],
])('H11: an error body that is %s ends as a reason, and never as a crash', async (_what, body) => {
	hubspot.faults.next('POST /crm/objects/*/contacts/batch/create', { status: 400, body, times: 1 });
	const report = await upsertIntoHubSpot(hubspot, [person(1)]);
	expect(report.results).toHaveLength(1);
	expect(['failed', 'created']).toContain(report.results[0]?.outcome.status);
});

it('H12, H13: a day is stored as HubSpot wants it, and compares as the same afterwards', async () => {
	const values = { date_of_birth: '1990-09-25' };
	const report = await upsertIntoHubSpot(hubspot, [person(1, values)]);
	expect(report.results[0]?.outcome.status).toBe('created');
	expect(statusCounts(await upsertIntoHubSpot(hubspot, [person(1, values)]))).toEqual({ unchanged: 1 });
});

it('H15: exactly the mapped properties are sent, and the address', async () => {
	await upsertIntoHubSpot(hubspot, [person(1)]);
	const sent = JSON.stringify(at(1));
	expect(sent).toContain('Ada 1');
	await expect(upsertIntoHubSpot(hubspot, [person(2, { no_such_property: 'x' })])).rejects.toThrow('no_such_property');
	expect(hubspot.store.contacts.holderOf('person2@example.com')).toBeUndefined();
});

it('H17: a value that is empty at the source wipes nothing, unless the row says so', async () => {
	hubspot.store.addContact({ email: 'person1@example.com', city: 'Lyon' });
	await upsertIntoHubSpot(hubspot, [person(1)]);
	expect(at(1).city).toBe('Lyon');
	await upsertIntoHubSpot(hubspot, [person(1, { city: null }, { changedAt: '2026-11-21T10:00:00.000Z' })]);
	expect(at(1).city ?? '').toBe('');
});

it('H22: a dry run counts what would be unsubscribed for good, and unsubscribes none', async () => {
	const contacts = [1, 2, 3].map((n) => person(n, {}, { optedOut: n < 3 }));
	const report = await upsertIntoHubSpot(hubspot, contacts, { upsert: { dryRun: true } });
	expect(statusCounts(report)).toEqual({ planned: 3 });
	expect(writesOf(hubspot)).toEqual({});
});

it('H26: contacts are put on a list by their ids, after they were stored', async () => {
	const list = { id: '102' };
	hubspot.requests.clear();
	await upsertIntoHubSpot(hubspot, [person(1)], { list });
	const id = hubspot.store.contacts.holderOf('person1@example.com') ?? 0;
	expect(hubspot.store.list('102').members.has(Number(id))).toBe(true);
});

it.each(['message', 'identityProfile', 'both'] as const)(
	'H27, H3: who has the address is read from a 409 that tells it in %s',
	async (conflictBody) => {
		Object.assign(hubspot.settings, { conflictBody });
		const id = hubspot.store.addContact({ email: 'first@example.com' });
		hubspot.store.addSecondaryEmail(id, 'person1@example.com');
		const report = await upsertIntoHubSpot(hubspot, [person(1)]);
		expect(report.results[0]?.outcome).toMatchObject({ status: 'updated', destinationId: id });
	},
);

it('H21: an opt-out that is carried to a marketing contact says that HubSpot goes on billing the contact', async () => {
	hubspot.store.addContact({ email: 'person1@example.com', hs_marketable_status: 'true' });
	hubspot.store.addContact({ email: 'person2@example.com', hs_marketable_status: 'false' });
	const optedOut = [1, 2, 3].map((n) => person(n, {}, { optedOut: true }));
	const warned = (await upsertIntoHubSpot(hubspot, optedOut)).results.map(({ warnings }) =>
		warnings.map(({ code }) => code).includes('OPTED_OUT_BUT_BILLED'),
	);
	expect(warned).toEqual([true, false, false]);
	const again = await upsertIntoHubSpot(hubspot, optedOut);
	expect(again.results.flatMap(({ warnings }) => warnings)).toEqual([]);
});
