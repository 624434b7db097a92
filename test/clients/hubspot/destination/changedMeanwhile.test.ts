import type { HttpRequest } from '../../../../core/ports';
import type { MappedContact } from '../../../../core/contact/contact';
import type { RunningHubSpot } from '../../../../sandbox/hubspot';
import { startHubSpot } from '../../../../sandbox/hubspot';
import { newAccount, statusCounts } from '../../../support/brevoAccount';
import { upsertIntoHubSpot } from '../../../support/hubSpotAccount';
import { mappedFromSalesforce } from '../../../support/mappedContacts';

/** What people change in HubSpot between the look at a contact and its write, which is no verdict on the contact. */

/** The list Trade fair Lyon 2025, which is a static one. */
const STATIC = '102';

let hubspot: RunningHubSpot;
beforeEach(async () => void (hubspot = await startHubSpot({ members: 5, extraContacts: 0, awkward: false })));
afterEach(async () => await hubspot.close());

const person = (n: number, more: Partial<MappedContact> = {}): MappedContact =>
	mappedFromSalesforce(n, { email: `person${n}@example.com`, attributes: { city: `Lyon ${n}` } }, more);

/** Does the work before the first call of this kind. */
function onceBefore(kind: string, work: () => unknown): (request: HttpRequest) => void {
	let isDone = false;
	return ({ path }) => {
		if (isDone || !path.endsWith(kind)) return;
		isDone = true;
		work();
	};
}

const valuesAt = (n: number): Readonly<Record<string, string>> => {
	const id = hubspot.store.contacts.holderOf(`person${n}@example.com`);
	return id === undefined ? {} : hubspot.store.contact(id).properties;
};

it.each([undefined, { id: STATIC }])(
	'a contact that is deleted comes again and is created anew, and the others go on (list: %j)',
	async (list) => {
		const account = newAccount();
		const id = hubspot.store.addContact({ email: 'person1@example.com' });
		hubspot.store.addContact({ email: 'person2@example.com' });
		const contacts = [1, 2, 3].map((n) => person(n));
		const beforeCall = onceBefore('/batch/update', () => hubspot.store.archive(id));
		const first = await upsertIntoHubSpot(hubspot, contacts, { account, list, beforeCall });
		expect(statusCounts(first)).toEqual({ 'failed UNAVAILABLE': 1, updated: 1, created: 1 });
		expect(first.failure?.kind).toBe('retry');
		const again = await upsertIntoHubSpot(hubspot, contacts, { account, list });
		expect(statusCounts(again)).toEqual({ created: 1, unchanged: 2 });
	},
);

it('a contact that is merged into another one comes again and reaches the survivor, with its opt-out', async () => {
	const account = newAccount();
	const id = hubspot.store.addContact({ email: 'person1@example.com' });
	const survivor = hubspot.store.addContact({ email: 'survivor@example.com' });
	const contacts = [person(1, { optedOut: true }), person(2)];
	const beforeCall = onceBefore('/batch/update', () => hubspot.store.merge(survivor, id));
	const first = await upsertIntoHubSpot(hubspot, contacts, { account, beforeCall });
	expect(statusCounts(first)).toEqual({ 'failed UNAVAILABLE': 1, created: 1 });
	expect(first.failure?.kind).toBe('retry');
	expect((await upsertIntoHubSpot(hubspot, contacts, { account })).failure).toBeUndefined();
	expect(valuesAt(1)).toMatchObject({ city: 'Lyon 1', hs_email_optout: 'true' });
});

it('a property that is archived after the look at the properties stops the run, and no contact is lost with it (H15)', async () => {
	const account = newAccount();
	await upsertIntoHubSpot(hubspot, [person(1)], { account });
	hubspot.store.archiveProperty('city');
	const report = await upsertIntoHubSpot(hubspot, [person(2), person(3)], { account });
	expect(report.failure).toMatchObject({ kind: 'stop', code: 'DESTINATION_FIELD_MISSING' });
	expect(report.failure?.reason).toContain('city');
	expect(report.results.map(({ outcome }) => outcome.retryable)).toEqual([true, true]);
	hubspot.clock.advance(120_000);
	await expect(upsertIntoHubSpot(hubspot, [person(2)], { account })).rejects.toThrow(/DESTINATION_FIELD_MISSING.*city/);
});
