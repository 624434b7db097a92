import type { MappedContact } from '../../../../core/contact/contact';
import type { RunningHubSpot } from '../../../../sandbox/hubspot';
import { startHubSpot } from '../../../../sandbox/hubspot';
import { statusCounts } from '../../../support/brevoAccount';
import { upsertIntoHubSpot } from '../../../support/hubSpotAccount';

/** One address: with the letters of its domain, as HubSpot may hold it, and in ASCII, as contacts travel. */
const LETTERS = 'ada@müller.example';
const ASCII = 'ada@xn--mller-kva.example';

let hubspot: RunningHubSpot;
beforeEach(async () => void (hubspot = await startHubSpot({ members: 5, awkward: false })));
afterEach(async () => await hubspot.close());

const ada = (more: Partial<MappedContact> = {}): MappedContact => ({
	key: 'salesforce:00D1:Contact:0031',
	change: 'updated',
	source: { system: 'salesforce', account: '00D1', object: 'Contact', id: '0031' },
	changedAt: '2026-11-20T10:00:00.000Z',
	optedOut: false,
	warnings: [],
	contact: { email: ASCII, attributes: { city: 'Lyon' } },
	...more,
});

const isOut = (email: string): boolean => {
	const id = hubspot.store.contacts.holderOf(email);
	return id !== undefined && hubspot.store.contact(id).properties.hs_email_optout === 'true';
};

describe('an international domain that HubSpot spells with its own letters', () => {
	it('promise 2: is the address of one contact', async () => {
		const id = hubspot.store.addContact({ email: LETTERS, city: 'Paris' });
		const report = await upsertIntoHubSpot(hubspot, [ada()]);
		expect(report.results[0]?.outcome).toMatchObject({ status: 'updated', destinationId: String(id) });
		expect(hubspot.store.contact(id).properties).toMatchObject({ email: LETTERS, city: 'Lyon' });
		expect(statusCounts(await upsertIntoHubSpot(hubspot, [ada()]))).toEqual({ unchanged: 1 });
	});

	it.each(['free', 'enterprise'] as const)('promise 1: an opt-out hangs on that spelling (%s)', async (accountTier) => {
		Object.assign(hubspot.settings, { accountTier });
		hubspot.store.addContact({ email: LETTERS });
		const other = ada({ key: 'salesforce:00D1:Contact:0032', optedOut: true, contact: { email: 'bob@example.com', attributes: {} } }); // prettier-ignore
		const optOuts = [ada({ optedOut: true }), other];
		expect(statusCounts(await upsertIntoHubSpot(hubspot, optOuts))).toEqual({ updated: 1, created: 1 });
		expect(isOut(LETTERS)).toBe(true);
		expect(statusCounts(await upsertIntoHubSpot(hubspot, optOuts))).toEqual({ unchanged: 2 });
	});
});

describe('an address that HubSpot holds with decomposed letters', () => {
	const COMPOSED = 'jos\u00e9@example.com';
	const DECOMPOSED = 'jose\u0301@example.com';

	it('promise 2: is the address of one contact', async () => {
		const id = hubspot.store.addContact({ email: DECOMPOSED, city: 'Paris' });
		const jose = ada({ contact: { email: COMPOSED, attributes: { city: 'Lyon' } } });
		const report = await upsertIntoHubSpot(hubspot, [jose]);
		expect(report.results[0]?.outcome).toMatchObject({ status: 'updated', destinationId: String(id) });
		expect(hubspot.store.contact(id).properties).toMatchObject({ email: DECOMPOSED, city: 'Lyon' });
		expect(statusCounts(await upsertIntoHubSpot(hubspot, [jose]))).toEqual({ unchanged: 1 });
	});
});
