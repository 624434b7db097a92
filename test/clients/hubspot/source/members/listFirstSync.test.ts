import type { RunningHubSpot } from '../../../../../sandbox/hubspot';
import { startHubSpot } from '../../../../../sandbox/hubspot';
import { idsOf, ListFollower, membersOf } from '../../support/listFollower';

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

	describe('first sync', () => {
		it.each(JOIN_ORDERS)('HB-06 HB-13: emits every member once, in the order of the log (%s)', async (joinOrder) => {
			await start({ members: 1_130, joinOrder });
			const report = await follower.next();
			expect(report).toMatchObject({ end: 'upToDate', delivered: 1_130 });
			expect(idsOf(follower.changes).sort()).toEqual(membersOf(hubspot));
			expect(follower.batches.map((batch) => batch.length)).toEqual([1_000, 130]);
			const joined = follower.changes.map(({ changedAt }) => changedAt);
			expect(joined).toEqual(joinOrder === 'oldestFirst' ? [...joined].sort() : [...joined].sort().reverse());
			expect(new Set(follower.changes.map(({ change }) => change))).toEqual(new Set(['added']));
			expect(follower.batches.map(([first]) => first?.delivery)).toMatchObject([
				{ phase: 'firstSync', sequence: 1 },
				{ phase: 'firstSync', sequence: 2 },
			]);
		});

		it('HB-13: costs at most 145 calls for 10,000 members and is never refused', async () => {
			await start({ members: 10_000, accountTier: 'starter' });
			// The first poll of a process leaves early.
			while ((await follower.next()).end !== 'upToDate') expect(follower.changes.length).toBeLessThan(10_000);
			expect(follower.changes).toHaveLength(10_000);
			expect(new Set(idsOf(follower.changes)).size).toBe(10_000);
			expect(hubspot.requests.total).toBeLessThanOrEqual(145);
			expect(hubspot.requests.counts()).toMatchObject({
				'GET /crm/lists/2026-09/:id/memberships/join-order': 40,
				'POST /crm/objects/2026-09/contacts/batch/read': 100,
			});
		});

		it('HB-26 HB-10: emits the asked properties only, typed, with the key of the person', async () => {
			await start({ members: 20, portalId: 77 });
			follower.settings = { fields: ['email', 'loyalty_points', 'vip', 'interests', 'birthday', 'no_such_property'] };
			await follower.next();
			const [change] = follower.changes;
			const { properties } = hubspot.store.contact(change?.source.id ?? '');
			expect(change).toMatchObject({
				key: `hubspot:77:contact:${change?.source.id}`,
				source: { system: 'hubspot', account: '77', object: 'contact', list: LIST },
				optedOut: properties.hs_email_optout === 'true',
			});
			expect(change?.fields).toEqual({
				email: properties.email,
				loyalty_points: Number(properties.loyalty_points),
				vip: properties.vip === 'true',
				interests: properties.interests ? properties.interests.split(';') : null,
				birthday: properties.birthday,
			});
		});

		it.each(JOIN_ORDERS)('HB-13: goes on where it was after the process was killed (%s)', async (joinOrder) => {
			await start({ members: 900, joinOrder });
			follower.settings = { batchSize: 250 };
			// The second batch never comes back: the process dies while it is under way.
			follower.outcome = async (batch) =>
				await (batch[0]?.delivery?.sequence === 2
					? new Promise<never>(() => undefined)
					: Promise.resolve('succeeded' as const));
			expect(await follower.next()).toMatchObject({ end: 'busy', delivered: 250 });
			follower.kill();
			follower.outcome = () => 'succeeded';
			const before = hubspot.requests.total;
			expect(await follower.next()).toMatchObject({ end: 'upToDate', delivered: 650 });
			expect(follower.batches.map(([first, ...rest]) => [first?.delivery?.sequence, rest.length + 1])).toEqual([
				[1, 250],
				[2, 250],
				[2, 250],
				[3, 250],
				[4, 150],
			]);
			expect(new Set(idsOf(follower.changes))).toEqual(new Set(membersOf(hubspot)));
			// account, list, properties; 3 pages; 3 + 3 + 2 reads
			expect(hubspot.requests.total - before).toBeLessThanOrEqual(14);
		});

		it('HB-13: a batch whose run failed is delivered again with the values as they are by then', async () => {
			await start({ members: 30 });
			follower.outcome = () => 'failed';
			expect(await follower.next()).toMatchObject({ end: 'deliveryFailed', delivered: 0 });
			const id = follower.take()[4]?.source.id ?? '';
			hubspot.store.changeContact(id, { firstname: 'Newest' });
			follower.outcome = () => 'succeeded';
			expect(await follower.next()).toMatchObject({ end: 'upToDate', delivered: 30 });
			expect(follower.changes.find(({ source }) => source.id === id)?.fields.firstname).toBe('Newest');
			expect(follower.changes[0]?.delivery?.sequence).toBe(1);
		});

		it.each(JOIN_ORDERS)('loses no contact that joins while it is going on (%s)', async (joinOrder) => {
			await start({ members: 600, joinOrder });
			follower.settings = { batchSize: 250 };
			const late: string[] = [];
			follower.outcome = () => {
				late.push(hubspot.store.addContact({ email: `late${late.length}@example.com` }, [LIST]));
				return 'succeeded';
			};
			await follower.next();
			follower.outcome = () => 'succeeded';
			await follower.settle(2);
			expect(new Set(idsOf(follower.changes))).toEqual(new Set(membersOf(hubspot)));
			expect(late.length).toBeGreaterThanOrEqual(3);
		});

		it('begins the log again when a saved cursor went bad, and passes over what was read', async () => {
			await start({ members: 1_000 });
			follower.settings = { batchSize: 250 };
			follower.outcome = (batch) => {
				if (batch[0]?.delivery?.sequence === 2) hubspot.store.lists.cursorGeneration += 1;
				return 'succeeded';
			};
			await follower.next();
			expect(new Set(idsOf(follower.changes))).toEqual(new Set(membersOf(hubspot)));
			expect(follower.changes.length).toBeLessThan(1_020);
		});

		it.each(JOIN_ORDERS)('copes with a list whose members all joined in one instant (%s)', async (joinOrder) => {
			await start({ members: 10, extraContacts: 900, joinOrder });
			const list = hubspot.store.createList('Imported at once');
			follower.settings = { listId: list };
			const all = [...hubspot.store.contacts.contacts.keys()].map(String);
			hubspot.clock.freeze();
			hubspot.store.addToList(list, all.slice(0, 800));
			await follower.next();
			expect(new Set(idsOf(follower.take()))).toEqual(new Set(all.slice(0, 800)));
			hubspot.store.addToList(list, all.slice(800, 803));
			await follower.settle(2);
			expect(idsOf(follower.take()).sort()).toEqual(all.slice(800, 803).sort());
			hubspot.store.addToList(list, all.slice(803, 805));
			await follower.settle(2);
			expect(idsOf(follower.take()).sort()).toEqual(all.slice(803, 805).sort());
		});

		it('HB-13: "only changes from now on" emits no contact that is there already', async () => {
			for (const joinOrder of JOIN_ORDERS) {
				await start({ members: 700, joinOrder });
				follower.settings = { firstSync: 'fromNow' };
				await follower.next();
				expect(follower.changes).toEqual([]);
				const id = hubspot.store.addContact({ email: 'new@example.com' }, [LIST]);
				hubspot.store.changeContact(membersOf(hubspot)[0] ?? '', { firstname: 'Changed' });
				await follower.settle(2);
				expect(follower.changes.map(({ source, change, delivery }) => [source.id, change, delivery?.phase])).toEqual([
					[id, 'added', 'live'],
					[membersOf(hubspot)[0], 'updated', 'live'],
				]);
				if (joinOrder === 'oldestFirst') await hubspot.close();
			}
		});
	});
});
