import type { RunningHubSpot } from '../../../../../sandbox/hubspot';
import { startHubSpot } from '../../../../../sandbox/hubspot';
import { idsOf, ListFollower, membersOf } from '../../support/listFollower';
import { itInAll } from '../../../../support/sizes';

const LIST = '101';
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const WALK = 'GET /crm/lists/2026-09/:id/memberships';
const RECYCLE_BIN = 'GET /crm/objects/2026-09/contacts';

describe('walks through the members of a HubSpot list', () => {
	let hubspot: RunningHubSpot;
	let follower: ListFollower;

	/** All members are remembered without having been emitted, which takes a walk. */
	const start = async (options: Parameters<typeof startHubSpot>[0]): Promise<string[]> => {
		hubspot = await startHubSpot({ extraContacts: 0, awkward: false, ...options });
		follower = new ListFollower(hubspot);
		follower.settings = { firstSync: 'fromNow' };
		// The first poll of a process leaves early.
		while ((await follower.next()).end !== 'upToDate') expect(follower.changes).toEqual([]);
		expect(follower.changes).toEqual([]);
		hubspot.requests.clear();
		return membersOf(hubspot);
	};
	const calls = (route: string): number => hubspot.requests.counts()[route] ?? 0;
	const told = (): string[][] => follower.take().map(({ source, change }) => [source.id, change]);

	afterEach(async () => {
		expect(hubspot.requests.statuses()['429']).toBeUndefined();
		await hubspot.close();
	});

	itInAll(
		'HB-28: 20,000 members take 80 calls, and the next walk waits its share of the day while polls stay at two calls',
		async () => {
			// 81 * 86,400 s / 5,000 calls: a walk every 23.3 minutes.
			const [first = '', second = ''] = await start({ members: 20_000, dailyLimit: 50_000 });
			await follower.next(25 * MINUTE_MS);
			expect(calls(WALK)).toBe(0);
			hubspot.store.removeFromList(LIST, [first]);
			await follower.next();
			expect(calls(WALK)).toBe(80);
			expect(told()).toEqual([[first, 'removed']]);
			hubspot.store.removeFromList(LIST, [second]);
			// The figures moved: one look at the log.
			await follower.next();
			for (let minute = 2; minute <= 22; minute++) {
				hubspot.requests.clear();
				expect(await follower.next()).toMatchObject({ end: 'upToDate', delivered: 0 });
				expect(hubspot.requests.total).toBe(2);
			}
			await follower.next(2 * MINUTE_MS);
			expect(calls(WALK)).toBe(80);
			expect(told()).toEqual([[second, 'removed']]);
		},
		60_000,
	);

	it('number 21: the figures of a list are estimates, so a short list is walked each hour', async () => {
		const [id = ''] = await start({ members: 700, listStatsDelayMs: 100 * HOUR_MS });
		hubspot.store.removeFromList('101', [id]);
		for (let minute = 0; minute < 65; minute++) await follower.next(60_000);
		expect(told()).toEqual([[id, 'removed']]);
		for (let hour = 0; hour < 24; hour++) await follower.next(HOUR_MS);
		expect(calls(WALK)).toBeLessThanOrEqual(26 * 3);
	});

	it('HB-28: without any sign one walk and one look into the recycle bin a day', async () => {
		await start({ members: 1_000 });
		for (let hour = 0; hour < 76; hour++) await follower.next(HOUR_MS);
		expect([calls(WALK), calls(RECYCLE_BIN)]).toEqual([3 * 4, 3]);
		expect(follower.changes).toEqual([]);
	});

	it('HB-08: deleted contacts that stay in the list are found within a day, also where contacts leave every few hours', async () => {
		const members = await start({ members: 300, archivedStayInLists: true });
		const [deleted = '', ...others] = members;
		hubspot.store.archive(deleted);
		for (let hour = 0; hour < 30; hour++) {
			if (hour % 5 === 0) hubspot.store.removeFromList(LIST, [others[hour] ?? '']);
			await follower.next(HOUR_MS);
		}
		expect(idsOf(follower.changes.filter(({ change }) => change === 'deleted'))).toEqual([deleted]);
		expect(calls(RECYCLE_BIN)).toBe(1);
	});
});
