import { IN_ANY_BATCH } from '../../../../../core/polling/batches/batchBytes';
import type { RunningHubSpot } from '../../../../../sandbox/hubspot';
import { startHubSpot } from '../../../../../sandbox/hubspot';
import { idsOf, ListFollower, membersOf, sandboxHttp } from '../../support/listFollower';

const LIST = '101';
const MEMBERS = 1_600;
const IN_LOG_ORDER = /join-order/;

describe('batches of a HubSpot list that may be larger than 1,000', () => {
	let hubspot: RunningHubSpot;
	let follower: ListFollower;
	/** Called before each page of the membership log, with its number. */
	let onPage: (page: number) => unknown;

	beforeEach(async () => {
		hubspot = await startHubSpot({ members: MEMBERS });
		follower = new ListFollower(hubspot);
		follower.poll = { batchSizes: { first: 5_000, most: 5_000, afterFailure: 1_000 } };
		onPage = () => undefined;
		const http = sandboxHttp(hubspot);
		let pages = 0;
		follower.http = {
			send: async (request) => {
				if (!IN_LOG_ORDER.test(request.path)) return await http.send(request);
				return onPage(++pages) === 'fails' ? { kind: 'unreachable', reason: 'cut' } : await http.send(request);
			},
		};
	});
	afterEach(async () => await hubspot.close());

	const sizes = (): number[] => follower.batches.map(({ length }) => length);
	const fill = (characters: number): void => {
		for (const id of membersOf(hubspot)) hubspot.store.changeContact(id, { firstname: 'x'.repeat(characters) });
	};

	it('HB-13: hold all members at once, for as many calls as smaller ones', async () => {
		await follower.next();
		expect(sizes()).toEqual([MEMBERS]);
		expect(new Set(idsOf(follower.changes))).toEqual(new Set(membersOf(hubspot)));
		expect(hubspot.requests.counts()).toMatchObject({
			'GET /crm/lists/2026-09/:id/memberships/join-order': 7,
			'POST /crm/objects/2026-09/contacts/batch/read': 16,
		});
	});

	it('hold fewer where the contacts are large, so that n8n keeps no more than 8 MB of one', async () => {
		fill(5_000);
		await follower.settle(2);
		const [first = 0] = sizes();
		expect(first).toBeGreaterThan(IN_ANY_BATCH);
		expect(first).toBeLessThan(8_000_000 / 5_000);
		expect(new Set(idsOf(follower.changes)).size).toBe(MEMBERS);
	});

	it('hold 1,000 however large they are', async () => {
		fill(20_000);
		await follower.settle(2);
		expect(sizes()[0]).toBe(IN_ANY_BATCH);
		expect(new Set(idsOf(follower.changes)).size).toBe(MEMBERS);
	});

	it("hold what 'Batch Size' says where it is set", async () => {
		follower.poll = { batchSizes: { first: 1_500, most: 1_500 } };
		follower.settings = { batchSize: 1_500 };
		fill(5_000);
		await follower.next();
		expect(sizes()).toEqual([1_500, 100]);
	});

	it('hold a member once that the log shows twice, because it left and came back meanwhile', async () => {
		const [twice = ''] = membersOf(hubspot);
		onPage = (page) => {
			if (page !== 5) return;
			hubspot.store.removeFromList(LIST, [twice]);
			hubspot.store.addToList(LIST, [twice]);
		};
		await follower.next();
		expect(idsOf(follower.changes).filter((id) => id === twice)).toHaveLength(1);
		expect(follower.changes).toHaveLength(MEMBERS);
	});

	it('hand on what was read before HubSpot stopped answering, and go on there', async () => {
		onPage = (page) => (page > 4 ? 'fails' : undefined);
		await follower.next();
		expect(sizes()).toEqual([IN_ANY_BATCH]);
		onPage = () => undefined;
		await follower.settle(2);
		expect(follower.changes).toHaveLength(MEMBERS);
		expect(new Set(idsOf(follower.changes)).size).toBe(MEMBERS);
	});

	it('of changes follow a first one of 1,000', async () => {
		await follower.firstSync();
		follower.kill();
		hubspot.clock.advance(300_000);
		await follower.settle(3);
		follower.take();
		fill(10);
		await follower.settle(3);
		expect(sizes()).toEqual([IN_ANY_BATCH, MEMBERS - IN_ANY_BATCH]);
	});
});
