import type { MappedContact } from '../../../../core/contact/contact';
import type { RunningHubSpot } from '../../../../sandbox/hubspot';
import { startHubSpot } from '../../../../sandbox/hubspot';
import { newAccount, statusCounts } from '../../../support/brevoAccount';
import { addKeyProperty, upsertIntoHubSpot } from '../../../support/hubSpotAccount';
import { mappedFromSalesforce } from '../../../support/mappedContacts';

let hubspot: RunningHubSpot;
beforeEach(async () => {
	hubspot = await startHubSpot({ members: 0, extraContacts: 0, awkward: false });
	await addKeyProperty(hubspot);
});
afterEach(async () => await hubspot.close());

const person = (n: number, email: string, more: Partial<MappedContact> = {}): MappedContact =>
	mappedFromSalesforce(n, { email, attributes: { firstname: `Ada ${n}` } }, more);

const address = (n: number): string => `person${n}@example.com`;
const holderOf = (n: number): string | undefined => {
	const id = hubspot.store.contacts.holderOf(address(n));
	return id === undefined ? undefined : hubspot.store.contact(id).properties.firstname;
};

/** Records that are written with an address of their own, and then with that of the next one, the last one with that of the first. */
async function exchange(count: number, more: Partial<MappedContact> = {}) {
	const account = newAccount();
	const all = Array.from({ length: count }, (_none, n) => n + 1);
	await upsertIntoHubSpot(
		hubspot,
		all.map((n) => person(n, address(n))),
		{ account },
	);
	const moved = all.map((n) => person(n, address((n % count) + 1), more));
	return { account, moved, report: await upsertIntoHubSpot(hubspot, moved, { account }) };
}

describe('HubSpot contacts that exchange their addresses', () => {
	it.each([2, 3])('%i of them stay as they are, and each is told what to do (H8)', async (count) => {
		const { report } = await exchange(count);
		expect(statusCounts(report)).toEqual({ 'failed ADDRESSES_EXCHANGED': count });
		expect(report.failure).toBeUndefined();
		for (const { outcome } of report.results) {
			expect(outcome).toMatchObject({ retryable: false });
			expect(outcome.message).toMatch(/Exchange the two there by hand/);
		}
		expect([holderOf(1), holderOf(2)]).toEqual(['Ada 1', 'Ada 2']);
	});

	it('promise 1: the opt-outs of both are carried to the addresses that both have, all the same', async () => {
		await exchange(2, { optedOut: true });
		for (const n of [1, 2]) {
			const id = hubspot.store.contacts.holderOf(address(n)) ?? 0;
			expect(hubspot.store.contact(id).properties.hs_email_optout).toBe('true');
		}
	});

	it('and costs no other contact of the batch, not even one that moves to an address that is free', async () => {
		const { account, moved } = await exchange(2);
		const report = await upsertIntoHubSpot(hubspot, [...moved, person(9, 'free@example.com')], { account });
		expect(statusCounts(report)).toEqual({ 'failed ADDRESSES_EXCHANGED': 2, created: 1 });
	});

	it('once they were exchanged by hand, as the advice says, nothing is left to write but what changed besides', async () => {
		const { account, moved } = await exchange(2);
		hubspot.settings.emailChangeKeepsOld = false;
		const [first = 0, second = 0] = [1, 2].map((n) => hubspot.store.contacts.holderOf(address(n)) ?? 0);
		hubspot.store.changeContact(first, { email: 'spare@example.com' });
		hubspot.store.changeContact(second, { email: address(1) });
		hubspot.store.changeContact(first, { email: address(2) });
		const later = moved.map((one) => ({ ...one, changedAt: '2026-11-21T10:00:00.000Z' }));
		expect(statusCounts(await upsertIntoHubSpot(hubspot, later, { account }))).toEqual({ unchanged: 2 });
		expect([holderOf(1), holderOf(2)]).toEqual(['Ada 2', 'Ada 1']);
	});
});
