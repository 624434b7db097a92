import type { RunningHubSpot } from '../../../../sandbox/hubspot';
import { startHubSpot } from '../../../../sandbox/hubspot';
import { idsOf, ListFollower, membersOf } from '../support/listFollower';

const LIST = '101';
const JOIN_ORDERS = ['oldestFirst', 'newestFirst'] as const;

describe('following a HubSpot list', () => {
	let hubspot: RunningHubSpot;
	let follower: ListFollower;

	const start = async (options: Parameters<typeof startHubSpot>[0]): Promise<void> => {
		hubspot = await startHubSpot(options);
		follower = new ListFollower(hubspot);
	};

	afterEach(async () => {
		expect(hubspot.requests.statuses()['429']).toBeUndefined();
		await hubspot.close();
	});

	describe('afterwards', () => {
		it.each(JOIN_ORDERS)('HB-08 HB-28: a poll with nothing new costs two calls at most (%s)', async (joinOrder) => {
			await start({ members: 1_000, joinOrder });
			await follower.firstSync();
			for (let poll = 0; poll < 30; poll++) {
				hubspot.requests.clear();
				expect(await follower.next()).toMatchObject({ end: 'upToDate', delivered: 0 });
				expect(hubspot.requests.total).toBeLessThanOrEqual(2);
			}
			expect(hubspot.requests.statuses()).toEqual({ '200': 2 });
		});

		it.each(JOIN_ORDERS)('HB-08: contacts that join are emitted once, however many (%s)', async (joinOrder) => {
			await start({ members: 600, extraContacts: 700, joinOrder });
			await follower.firstSync();
			const outside = [...hubspot.store.contacts.contacts.keys()]
				.map(String)
				.filter((id) => !membersOf(hubspot).includes(id));
			for (const count of [1, 3, 260, 300]) {
				const joining = outside.splice(0, count);
				hubspot.store.addToList(LIST, joining);
				await follower.settle(3);
				expect(idsOf(follower.take()).sort()).toEqual([...joining].sort());
			}
		});

		it('HB-08: finds additions that the figures of the list do not show yet', async () => {
			await start({ members: 100, listStatsDelayMs: 3_600_000 });
			await follower.firstSync();
			const id = hubspot.store.addContact({ email: 'unseen@example.com' }, []);
			await follower.settle(2);
			hubspot.store.addToList(LIST, [id]);
			await follower.settle(13);
			expect(idsOf(follower.take())).toEqual([id]);
		});

		it('HB-08 HB-24: a changed member is emitted with what changed, when, and the address before', async () => {
			await start({ members: 100 });
			await follower.firstSync();
			const [id = '', optedOut = ''] = membersOf(hubspot).filter(
				(one) => hubspot.store.contact(one).properties.hs_email_optout !== 'true',
			);
			const before = hubspot.store.contact(id).properties.email;
			hubspot.store.changeContact(id, { email: 'moved@example.com', lastname: 'Ωmega' });
			const changedAt = new Date(hubspot.clock.now());
			hubspot.store.optOut(optedOut);
			await follower.next();
			const [changed, out] = follower
				.take()
				.sort((a, b) => a.change.localeCompare(b.change))
				.reverse();
			expect(changed).toMatchObject({
				change: 'updated',
				source: { id },
				changedFields: ['email', 'lastname'],
				previousEmail: before,
				fields: { email: 'moved@example.com', lastname: 'Ωmega' },
				delivery: { phase: 'live', sequence: 2 },
			});
			expect(Math.abs(Date.parse(changed?.changedAt ?? '') - changedAt.getTime())).toBeLessThan(1_000);
			expect(out).toMatchObject({
				change: 'optedOut',
				source: { id: optedOut },
				optedOut: true,
				changedFields: ['hs_email_optout'],
			});
			await follower.settle(4);
			expect(follower.take()).toEqual([]);
		});

		it('HB-08: page views, contacts outside of the list and unread properties hand nothing on', async () => {
			await start({ members: 100 });
			await follower.firstSync();
			const outside = [...hubspot.store.contacts.contacts.keys()]
				.map(String)
				.filter((id) => !membersOf(hubspot).includes(id));
			hubspot.store.pageView(membersOf(hubspot)[0] ?? '');
			hubspot.store.changeContact(outside[0] ?? '', { firstname: 'Outside' });
			hubspot.store.changeContact(membersOf(hubspot)[1] ?? '', { city: 'Lyon' });
			hubspot.store.changeContact(membersOf(hubspot)[2] ?? '', {
				firstname: hubspot.store.contact(membersOf(hubspot)[2] ?? '').properties.firstname ?? '',
			});
			await follower.next(20_000);
			// The next searches find them again; what was dealt with costs nothing.
			hubspot.requests.clear();
			await follower.next(20_000);
			await follower.next(20_000);
			expect(follower.take()).toEqual([]);
			expect(hubspot.requests.total).toBe(4);
		});

		it('HB-08: finds changes that HubSpot indexes late', async () => {
			await start({ members: 100, indexingDelayMs: 100_000 });
			await follower.firstSync();
			const id = membersOf(hubspot)[7] ?? '';
			hubspot.store.changeContact(id, { firstname: 'Late' });
			await follower.settle(1);
			hubspot.store.changeContact(membersOf(hubspot)[8] ?? '', { firstname: 'Later' });
			await follower.settle(4);
			expect(idsOf(follower.take())).toEqual([id, membersOf(hubspot)[8]]);
		});

		it('HB-24: 1,200 members changed in one instant are all emitted, each once', async () => {
			await start({ members: 1_500 });
			await follower.firstSync();
			const changed = membersOf(hubspot).slice(0, 1_200);
			hubspot.store.bulkChange(changed, { firstname: 'Bulk' });
			hubspot.store.changeContact(membersOf(hubspot)[1_300] ?? '', { firstname: 'Single' });
			await follower.settle(4);
			expect(idsOf(follower.take()).sort()).toEqual([...changed, membersOf(hubspot)[1_300] ?? ''].sort());
			expect(follower.stateBytes).toBeLessThan(60_000);
		});

		it.each([1, 70, 250])(
			'no batch is larger than its size (%i), and all of them together are complete',
			async (batchSize) => {
				await start({ members: 300 });
				await follower.firstSync();
				follower.settings = { batchSize };
				const count = Math.min(270, batchSize * 8);
				const changed = membersOf(hubspot).slice(0, count);
				hubspot.store.bulkChange(changed, { firstname: 'Bulk' });
				const joining = Array.from({ length: 5 }, (_, n) =>
					hubspot.store.addContact({ email: `n${n}@example.com` }, [LIST]),
				);
				await follower.settle(3);
				expect(Math.max(...follower.batches.map((batch) => batch.length))).toBeLessThanOrEqual(batchSize);
				expect(idsOf(follower.take()).sort()).toEqual([...changed, ...joining].sort());
			},
		);

		it('HB-08: changes are emitted again, with the newest values, until their run succeeds; none is lost', async () => {
			await start({ members: 50 });
			await follower.firstSync();
			const [first = '', second = ''] = membersOf(hubspot);
			follower.outcome = () => 'failed';
			hubspot.store.changeContact(first, { firstname: 'One' });
			await follower.next();
			hubspot.store.changeContact(first, { firstname: 'Two' });
			hubspot.store.changeContact(second, { firstname: 'Other' });
			await follower.next();
			expect(follower.take().map(({ fields }) => fields.firstname)).toEqual(['One', 'Two', 'Other']);
			follower.outcome = () => 'succeeded';
			await follower.next();
			expect(follower.take().map(({ fields, delivery }) => [fields.firstname, delivery?.sequence])).toEqual([
				['Two', 2],
				['Other', 2],
			]);
		});

		it('a contact changed back and forth within one overlap ends with its last value', async () => {
			await start({ members: 50 });
			await follower.firstSync();
			const [id = ''] = membersOf(hubspot);
			const before = hubspot.store.contact(id).properties.firstname;
			hubspot.store.changeContact(id, { firstname: 'There' });
			await follower.next(20_000);
			hubspot.store.changeContact(id, { firstname: before ?? '' });
			await follower.next(20_000);
			expect(follower.take().map(({ fields }) => fields.firstname)).toEqual(['There', before]);
		});
	});
});
