import { HubSpotClient } from '../../../../clients/hubspot/api/hubSpotClient';
import { HubSpotLimits } from '../../../../clients/hubspot/api/limits';
import { keysOnList } from '../../../../clients/hubspot/destination/keysOnList';
import { findList, readContactLists } from '../../../../clients/hubspot/destination/lists';
import type { HttpPort } from '../../../../core/ports';
import type { MappedContact } from '../../../../core/contact/contact';
import type { RunningHubSpot } from '../../../../sandbox/hubspot';
import { startHubSpot } from '../../../../sandbox/hubspot';
import { newAccount, statusCounts } from '../../../support/brevoAccount';
import { sandboxClock } from '../../../support/triggerFollower';
import { upsertIntoHubSpot } from '../../../support/hubSpotAccount';
import { sizeOf } from '../../../support/sizes';
import { mappedFromSalesforce } from '../../../support/mappedContacts';

/** The list Trade fair Lyon 2025, which is a static one. */
const STATIC = '102';
const UNSUBSCRIBE = 'POST /communication-preferences/*';

let hubspot: RunningHubSpot;
beforeEach(async () => void (hubspot = await startHubSpot({ members: 5, awkward: false, accountTier: 'enterprise' })));
afterEach(async () => await hubspot.close());

const person = (n: number, more: Partial<MappedContact> = {}): MappedContact =>
	mappedFromSalesforce(n, { email: `person${n}@example.com`, attributes: { city: 'Lyon' } }, more);

const isOut = (n: number): boolean => {
	const id = hubspot.store.contacts.holderOf(`person${n}@example.com`);
	return id !== undefined && hubspot.store.contact(id).properties.hs_email_optout === 'true';
};

/** Good statuses with words that are not HubSpot's. */
const FOREIGN = [{ message: 'busy' }, {}, '<html>Sign in to the network</html>'];

describe('a good status is no success where the body is not what HubSpot answers', () => {
	it.each(FOREIGN)('promise 1: an opt-out that was answered %j is carried with the next delivery', async (body) => {
		hubspot.store.addContact({ email: 'person1@example.com', city: 'Lyon' });
		const account = newAccount();
		hubspot.faults.next(UNSUBSCRIBE, { status: 200, body, times: 50 });
		const first = await upsertIntoHubSpot(hubspot, [person(1, { optedOut: true })], { account });
		hubspot.faults.clear();
		expect(first.failure?.kind).toBe('retry');
		await upsertIntoHubSpot(hubspot, [person(1, { optedOut: true })], { account });
		expect(isOut(1)).toBe(true);
	});

	it.each(FOREIGN)('promise 2: no contact fails for good by an answer %j to a batch', async (body) => {
		const account = newAccount();
		hubspot.faults.next('POST /crm/objects/2026-09/contacts/batch/create', { status: 200, body, times: 50 });
		const first = await upsertIntoHubSpot(
			hubspot,
			[1, 2, 3].map((n) => person(n)),
			{ account },
		);
		hubspot.faults.clear();
		expect(first.failure?.kind).toBe('retry');
		expect(statusCounts(await upsertIntoHubSpot(hubspot, [1, 2, 3].map((n) => person(n)), { account }))).toEqual({ created: 3 }); // prettier-ignore
	});

	it('promise 2: no contact counts as being on the list by such an answer', async () => {
		await upsertIntoHubSpot(hubspot, [person(1)]);
		hubspot.faults.next('PUT /crm/lists/*', { status: 200, body: { message: 'busy' }, times: 50 });
		const report = await upsertIntoHubSpot(hubspot, [person(1)], { list: { id: STATIC } });
		expect(report.failure?.kind).toBe('retry');
	});
});

describe('pages of lists that do not come to an end', () => {
	const lists = (first: number, count: number) =>
		Array.from({ length: count }, (_none, index) => ({
			listId: String(first + index),
			name: `List ${first + index}`,
			objectTypeId: '0-1',
			processingType: 'MANUAL',
			additionalProperties: {},
		}));
	const answering = (body: (call: number) => unknown): { client: HubSpotClient; calls: () => number } => {
		const clock = sandboxClock(hubspot);
		let calls = 0;
		const headers = { date: new Date(hubspot.clock.now()).toUTCString() };
		const http: HttpPort = {
			send: async () => {
				expect(++calls).toBeLessThan(100);
				return await Promise.resolve({ kind: 'reply', status: 200, headers, body: body(calls) });
			},
		};
		return { client: new HubSpotClient(http, clock, new HubSpotLimits(clock)), calls: () => calls };
	};

	it('end the search for a name, and no list of it is made', async () => {
		const { client, calls } = answering((call) => ({ lists: lists(call * 500, 500), hasMore: true, offset: call * 500 })); // prettier-ignore
		expect(await findList(client, { name: 'Synced', create: true })).toMatchObject({
			kind: 'refused',
			code: 'UNEXPECTED_ANSWER',
		});
		expect(calls()).toBeLessThan(30);
	});

	it('of more rows than HubSpot gives are refused', async () => {
		const { client } = answering(() => ({ lists: lists(1, sizeOf(130_000, 300_000)), hasMore: false, offset: 0 }));
		expect(await readContactLists(client, 'static')).toMatchObject({ kind: 'refused', code: 'UNEXPECTED_ANSWER' });
	});

	it.each([1, 3])('end the comparison of the keys on a list: a circle of %d pages', async (size) => {
		const key = { name: 'contact_sync_key', label: 'Key', type: 'string', fieldType: 'text', hasUniqueValue: true };
		const { client, calls } = answering((call) =>
			call === 1
				? { results: [key] }
				: {
						results: [{ recordId: '1', membershipTimestamp: '2026-11-20T10:00:00.000Z' }],
						paging: { next: { after: String(call % size) } },
					},
		);
		const held = await keysOnList(client, newAccount(), sandboxClock(hubspot), {
			listId: STATIC,
			source: 'salesforce:00D1:Contact',
			chosen: undefined,
		});
		expect(held).toMatchObject({ kind: 'refused', code: 'UNEXPECTED_ANSWER' });
		expect(calls()).toBeLessThan(20);
	});
});

it('promise 1: errors in a good answer to many opt-outs are followed up, one address at a time', async () => {
	const people = [1, 2, 3].map((n) => person(n, { optedOut: true }));
	const body = { status: 'COMPLETE', results: [], numErrors: 1, errors: [{ status: 'error', category: 'VALIDATION_ERROR', message: 'One address was not unsubscribed' }], startedAt: '2026-11-20T10:00:00.000Z', completedAt: '2026-11-20T10:00:00.000Z' }; // prettier-ignore
	hubspot.faults.next('POST /communication-preferences/2026-09/statuses/batch/unsubscribe-all', { status: 207, body, times: 1 }); // prettier-ignore
	expect(statusCounts(await upsertIntoHubSpot(hubspot, people))).toEqual({ created: 3 });
	expect([1, 2, 3].map(isOut)).toEqual([true, true, true]);
});
