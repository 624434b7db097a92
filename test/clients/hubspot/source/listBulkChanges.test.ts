import type { RunningHubSpot } from '../../../../sandbox/hubspot';
import { startHubSpot } from '../../../../sandbox/hubspot';
import { quickHttp } from '../../../support/http/quickHttp';
import { itInAll, sizeOf } from '../../../support/sizes';
import { idsOf, ListFollower, membersOf } from '../support/listFollower';

const READ = 'POST /crm/objects/2026-09/contacts/batch/read';
const MEMBERSHIPS = 'POST /crm/lists/2026-09/records/memberships/batch/read';
const SEARCH = 'POST /crm/objects/2026-09/contacts/search';

describe('many contacts of a HubSpot account changed at once', () => {
	let hubspot: RunningHubSpot;
	let follower: ListFollower;
	let http: ReturnType<typeof quickHttp>;

	/** Members are remembered without having been emitted, which is the cheapest beginning. */
	const start = async (members: number, extraContacts: number): Promise<string[]> => {
		hubspot = await startHubSpot({ members, extraContacts, awkward: false });
		follower = new ListFollower(hubspot);
		http = quickHttp(hubspot.url, { authorization: `Bearer ${hubspot.token}` }, () => hubspot.clock.now());
		follower.http = http;
		follower.settings = { firstSync: 'fromNow' };
		// A poll on a busy machine must not end for want of time.
		follower.poll = { budgetMs: 3_600_000 };
		for (let poll = 0; poll < 2; poll++) await follower.next();
		expect(follower.changes).toEqual([]);
		hubspot.requests.clear();
		return membersOf(hubspot);
	};
	const allIds = (): string[] => [...hubspot.store.contacts.contacts.keys()].map(String);
	/** A poll whose search still reaches back to the change: it costs searches, but no contact is read again. */
	const overlappingPoll = async (contacts: number): Promise<void> => {
		hubspot.requests.clear();
		expect(await follower.next(20_000)).toMatchObject({ end: 'upToDate', delivered: 0 });
		const counts = hubspot.requests.counts();
		expect([counts[READ], counts[MEMBERSHIPS]]).toEqual([undefined, undefined]);
		// The first page shows that all are of one instant; then pages by id, a last empty one, and the time after.
		expect(counts[SEARCH]).toBeLessThanOrEqual(contacts / 200 + 3);
	};

	afterEach(async () => {
		expect(Object.keys(hubspot.requests.statuses())).toEqual(['200']);
		http.close();
		await hubspot.close();
	});

	// More than a search can show: 10,000 is where HubSpot ends it.
	const changedAtOnce = sizeOf(11_000, 50_000);
	it(`HB-24 promise 2: of ${changedAtOnce} contacts changed in one instant the members are emitted once each, and the state stays small`, async () => {
		const count = changedAtOnce / 10;
		const members = await start(count, changedAtOnce - count);
		hubspot.store.bulkChange(allIds(), { firstname: 'Bulk' });
		expect(await follower.next(20_000)).toMatchObject({ end: 'upToDate', delivered: count });
		expect(follower.changes.every(({ fields, change }) => change === 'updated' && fields.firstname === 'Bulk')).toBe(
			true,
		);
		expect(idsOf(follower.take()).sort()).toEqual(members);
		expect(follower.stateBytes).toBeLessThan(2_000_000);
	}, 120_000);

	itInAll(
		'HB-08 HB-28: 12,000 equal stamps that move nothing that is read emit no contact and are looked at once',
		async () => {
			await start(1_000, 11_000);
			hubspot.store.bulkChange(allIds(), { hs_analytics_num_page_views: '77' });
			expect(await follower.next(20_000)).toMatchObject({ end: 'upToDate', delivered: 0 });
			expect(hubspot.requests.counts()).toMatchObject({ [MEMBERSHIPS]: 120 });
			// Twelve batches of hits, each with its last read half full at worst.
			expect(hubspot.requests.counts()[READ]).toBeLessThanOrEqual(1_000 / 50 + 12);
			await overlappingPoll(12_000);
			await follower.next(200_000);
			hubspot.requests.clear();
			await follower.next();
			expect(hubspot.requests.total).toBe(2);
			expect(follower.stateBytes).toBeLessThan(60_000);
		},
		60_000,
	);

	it('promise 2: 12,000 changes at different instants come once each, in the order of change, past the 10,000 hits of a search', async () => {
		const members = await start(2_000, 10_000);
		const contacts = allIds();
		// Neither the order of ids nor that of the log; 3 changes an instant.
		const changed = contacts.filter((_, n) => n % 2 === 0).concat(contacts.filter((_, n) => n % 2 === 1));
		const isMember = new Set(members);
		const changedMembers = changed.filter((id) => isMember.has(id));
		for (const [n, id] of changed.entries()) {
			if (n % 3 === 0) hubspot.clock.advance(1);
			hubspot.store.changeContact(id, { lastname: `Changed ${n}` });
		}
		/** Changed once more while the first batches are under way: some before they were read, some after. */
		const again = new Map<string, string>();
		follower.outcome = () => {
			const batch = follower.batches.length;
			if (batch > 3) return 'succeeded';
			for (const n of [batch * 7, 1_900 + batch]) {
				const id = changedMembers[n] ?? '';
				again.set(id, `Again ${batch}`);
				hubspot.store.changeContact(id, { lastname: `Again ${batch}` });
			}
			return 'succeeded';
		};
		for (let poll = 0; poll < 2; poll++) await follower.next(20_000);
		const changes = follower.take();
		expect(new Set(idsOf(changes))).toEqual(new Set(members));
		const newest = new Map(changes.map(({ source, fields }) => [source.id, fields.lastname]));
		for (const [n, id] of changed.entries())
			if (isMember.has(id)) expect(newest.get(id)).toBe(again.get(id) ?? `Changed ${n}`);
		// Those read before their second change come twice, the others only as they were in the end.
		const twice = [7, 14, 21].map((n) => changedMembers[n]);
		expect(changes).toHaveLength(members.length + twice.length);
		const first = changes.filter(({ source }) => !again.has(source.id));
		const instants = first.map(({ changedAt }) => changedAt);
		expect(instants).toEqual([...instants].sort());
	}, 60_000);

	/** Changes members, so many of them at one instant. */
	const change = (members: readonly string[], atOnce: number): void => {
		for (const [n, id] of members.entries()) {
			if (n % atOnce === 0) hubspot.clock.advance(1);
			hubspot.store.changeContact(id, { lastname: 'Changed' });
		}
	};

	it.each([1, 70])(
		'HB-28: pages of the search do not overlap, %d changes an instant',
		async (atOnce) => {
			const members = await start(1_000, 0);
			change(members, atOnce);
			expect(await follower.next(20_000)).toMatchObject({ end: 'upToDate', delivered: 1_000 });
			expect(idsOf(follower.take()).sort()).toEqual(members);
			const counts = hubspot.requests.counts();
			// Five full pages, and an empty one. Reads with history take 50 contacts.
			expect([counts[SEARCH], counts[READ], counts[MEMBERSHIPS]]).toEqual([6, 20, 10]);
			hubspot.requests.clear();
			expect(await follower.next(20_000)).toMatchObject({ end: 'upToDate', delivered: 0 });
			expect([hubspot.requests.counts()[SEARCH], hubspot.requests.counts()[READ]]).toEqual([6, undefined]);
		},
		60_000,
	);

	it('HB-28: where HubSpot refuses to pass over contacts, pages overlap', async () => {
		const members = await start(1_000, 0);
		change(members, 70);
		const own = http;
		let refused = 0;
		follower.http = {
			async send(request) {
				if (!JSON.stringify(request.body ?? '').includes('NOT_IN')) return await own.send(request);
				refused += 1;
				return { kind: 'reply', status: 400, headers: {}, body: { status: 'error', category: 'VALIDATION_ERROR' } };
			},
		};
		expect(await follower.next(20_000)).toMatchObject({ end: 'upToDate', delivered: 1_000 });
		expect(idsOf(follower.take()).sort()).toEqual(members);
		expect(refused).toBe(1);
	}, 60_000);

	it('HB-28: a page that the end of a batch cuts is not asked for again, and an edit or opt-out after the page is in its batch or comes later', async () => {
		const members = await start(1_000, 0);
		change(members, 1);
		follower.settings = { ...follower.settings, batchSize: 100 };
		const [edited, gone] = [members[150] ?? '', members[750] ?? ''];
		follower.outcome = () => {
			if (follower.batches.length === 1) hubspot.store.changeContact(edited, { lastname: 'Edited' });
			if (follower.batches.length === 7) hubspot.store.optOut(gone, true);
			return 'succeeded';
		};
		expect(await follower.next(20_000)).toMatchObject({ end: 'upToDate', delivered: 1_000 });
		expect(hubspot.requests.counts()[SEARCH]).toBe(6);
		const changes = follower.take();
		expect(idsOf(changes).sort()).toEqual(members);
		const of = (wanted: string) => changes.find(({ source }) => source.id === wanted);
		expect(of(edited)?.fields.lastname).toBe('Edited');
		expect(of(gone)?.optedOut).toBe(true);
	}, 60_000);
});
