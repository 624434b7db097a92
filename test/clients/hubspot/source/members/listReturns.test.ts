import { FollowedList, LIST, told } from '../../support/followedList';

const list = new FollowedList();
const { start, members, polls, before } = list;

afterEach(list.end);

/** While a contact is outside a sync in the other direction leaves it alone, so that its values have to come anew. */
describe('contacts that are back in the list before their removal was emitted', () => {
	describe.each([true, false])('(they get their first membership time again: %s)', (rejoinKeepsFirstTimestamp) => {
		it.each(['during', 'after'] as const)(
			'promise 2: a contact that was seen outside while removals were held back is emitted as added (it is back %s that time)',
			async (when) => {
				await start({ members: 300, rejoinKeepsFirstTimestamp });
				const [id = '', other = ''] = members();
				list.hubspot.store.lists.editFilters(Number(LIST));
				list.hubspot.store.removeFromList(LIST, [id]);
				list.hubspot.store.changeContact(id, { company: 'Elsewhere' });
				expect(await polls(2)).toEqual([]);
				if (when === 'after') list.hubspot.clock.advance(3 * 60_000);
				list.hubspot.store.addToList(LIST, [id]);
				list.hubspot.store.pageView(other);
				expect(told(await polls(9))).toEqual([[id, 'added']]);
				expect(await polls(9)).toEqual([]);
			},
		);

		it('promise 2: the same where it comes back with another change', async () => {
			await start({ members: 300, rejoinKeepsFirstTimestamp });
			const [id = ''] = members();
			list.hubspot.store.lists.editFilters(Number(LIST));
			list.hubspot.store.removeFromList(LIST, [id]);
			list.hubspot.store.changeContact(id, { company: 'Elsewhere' });
			await polls(1);
			list.hubspot.store.addToList(LIST, [id]);
			list.hubspot.store.changeContact(id, { email: 'moved@x.example' });
			expect(told(await polls(9))).toEqual([[id, 'added']]);
		});

		it('promise 2: the same where the walk saw it outside right after the filters were edited', async () => {
			await start({ members: 300, rejoinKeepsFirstTimestamp });
			const [id = ''] = members();
			before(/records\/memberships/, () => list.hubspot.store.lists.editFilters(Number(LIST)));
			list.hubspot.store.removeFromList(LIST, [id]);
			expect(await polls(2)).toEqual([]);
			list.hubspot.store.addToList(LIST, [id]);
			expect(told(await polls(9))).toEqual([[id, 'added']]);
		});
	});

	it('a thousand of them at most, because HubSpot may be computing the whole list anew', async () => {
		await start({ members: 1_200 });
		const leaving = members().slice(0, 1_100);
		before(/records\/memberships/, () => list.hubspot.store.lists.editFilters(Number(LIST)));
		list.hubspot.store.removeFromList(LIST, leaving);
		expect(await polls(3)).toEqual([]);
		list.hubspot.store.addToList(LIST, leaving);
		expect(new Set(told(await polls(9)).map(([id]) => id)).size).toBe(1_000);
		expect(await polls(9)).toEqual([]);
	});

	it('promise 1: an opt-out is emitted at once meanwhile, and again with the return', async () => {
		await start({ members: 300 });
		const [id = ''] = members();
		list.hubspot.store.lists.editFilters(Number(LIST));
		list.hubspot.store.removeFromList(LIST, [id]);
		list.hubspot.store.changeContact(id, { company: 'Elsewhere' });
		await polls(1);
		list.hubspot.store.optOut(id);
		expect(told(await polls(2))).toEqual([[id, 'optedOut']]);
		list.hubspot.store.addToList(LIST, [id]);
		expect(await polls(9)).toEqual([expect.objectContaining({ change: 'added', optedOut: true })]);
	});
});

describe('members that left and were back between two polls', () => {
	const returns = (id: string): void => {
		list.hubspot.store.removeFromList(LIST, [id]);
		list.hubspot.clock.advance(1_000);
		list.hubspot.store.addToList(LIST, [id]);
	};

	it.each(['oldestFirst', 'newestFirst'] as const)(
		'IS-09: are emitted as added once where that is wanted (%s)',
		async (joinOrder) => {
			await start({ members: 600, joinOrder });
			list.follower.settings = { returningMembers: true };
			const [id = ''] = members();
			await polls(2);
			returns(id);
			expect(told(await polls(4))).toEqual([[id, 'added']]);
			expect(await polls(15)).toEqual([]);
		},
	);

	it('and no other member with them where the whole log is read anew', async () => {
		await start({ members: 600, joinOrder: 'oldestFirst' });
		list.follower.settings = { returningMembers: true };
		const [id = ''] = members();
		await polls(2);
		const log = `GET /crm/lists/2026-09/${LIST}/memberships/join-order`;
		list.hubspot.faults.next(log, { status: 400 });
		returns(id);
		list.hubspot.requests.clear();
		expect(told(await polls(4))).toEqual([[id, 'added']]);
		expect(list.hubspot.requests.statuses()['400']).toBe(1);
	});

	it('are a reading of their own after a delivery that failed', async () => {
		await start({ members: 300 });
		list.follower.settings = { returningMembers: true };
		const [id = ''] = members();
		await polls(2);
		returns(id);
		list.follower.outcome = () => Promise.resolve('failed');
		await list.follower.next();
		list.follower.outcome = () => Promise.resolve('succeeded');
		list.follower.take();
		list.hubspot.clock.advance(3_600_000);
		expect(told(await polls(2))).toEqual([[id, 'added']]);
	});
});
