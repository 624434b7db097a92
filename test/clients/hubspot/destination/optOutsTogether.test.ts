import { HUBSPOT_LIMITS } from '../../../../clients/hubspot/api/limits';
import type { MappedContact } from '../../../../core/contact/contact';
import type { HttpRequest } from '../../../../core/ports';
import type { RunningHubSpot } from '../../../../sandbox/hubspot';
import { startHubSpot } from '../../../../sandbox/hubspot';
import { mappedFromSalesforce } from '../../../support/mappedContacts';
import { upsertIntoHubSpot } from '../../../support/hubSpotAccount';

let hubspot: RunningHubSpot;
beforeEach(async () => {
	hubspot = await startHubSpot({ members: 5, awkward: false });
	Object.assign(hubspot.settings, { accountTier: 'enterprise' });
});
afterEach(async () => await hubspot.close());

const first = (n: number): string => `first${n}@example.com`;
const further = (n: number): string => `further${n}@example.com`;
const isOut = (email: string): boolean => hubspot.store.preferences.optedOutAt(email) !== undefined;
const isTogether = ({ path }: HttpRequest): boolean => path.endsWith('/batch/unsubscribe-all');
const addressesIn = ({ body }: HttpRequest): readonly string[] => (body as { inputs: string[] }).inputs;

/** Contacts of HubSpot with two addresses each, that opted out in Salesforce. */
function couples(count: number): readonly MappedContact[] {
	return Array.from({ length: count }, (_none, n) => {
		hubspot.store.addSecondaryEmail(hubspot.store.addContact({ email: first(n) }), further(n));
		return mappedFromSalesforce(n, { email: first(n), attributes: {} }, { optedOut: true });
	});
}

describe('opt-outs of many contacts with several addresses, with Marketing Hub Enterprise', () => {
	it('promise 1: a call that HubSpot carries out in part leaves no further address mailable', async () => {
		const contacts = couples(3);
		let isCutOff = false;
		const cutOff = (request: HttpRequest): void => {
			if (isCutOff || !isTogether(request)) return;
			isCutOff = true;
			// In an order of its own: the addresses that contacts are known by first of all.
			const taken = addressesIn(request).filter((email) => email.startsWith('first'));
			for (const email of taken) hubspot.store.preferences.unsubscribeAll(email);
			hubspot.faults.next('POST /communication-preferences/*', { status: 503, times: 100 });
		};
		const cut = await upsertIntoHubSpot(hubspot, contacts, { beforeCall: cutOff });
		expect(cut.failure?.code).toBe('UNAVAILABLE');
		hubspot.faults.clear();
		await upsertIntoHubSpot(hubspot, contacts);
		expect([0, 1, 2].map((n) => [isOut(first(n)), isOut(further(n))])).toEqual(Array(3).fill([true, true]));
	});

	it('no call has more addresses than HubSpot takes', async () => {
		const sizes: number[] = [];
		await upsertIntoHubSpot(hubspot, couples(HUBSPOT_LIMITS.optOutsWrite), {
			beforeCall: (request) => void (isTogether(request) && sizes.push(addressesIn(request).length)),
		});
		expect(sizes).toEqual([HUBSPOT_LIMITS.optOutsWrite, HUBSPOT_LIMITS.optOutsWrite]);
	});
});
