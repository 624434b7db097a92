import type { RunningHubSpot } from '../../../../sandbox/hubspot';
import { startHubSpot, TOKEN_WITHOUT_CONTACTS, TOKEN_WITHOUT_LISTS } from '../../../../sandbox/hubspot';
import { idsOf, ListFollower, membersOf, sandboxHttp } from '../support/listFollower';

const LIST = '101';

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

	describe('trouble', () => {
		it('HB-28: keeps the reserve of the day free, costs nothing while waiting, and goes on when the limit renews', async () => {
			await start({ members: 600, dailyLimit: 1_000 });
			follower.settings = { batchSize: 250 };
			hubspot.limits.used = 895;
			await follower.next();
			const failure = (await follower.next()).failure;
			expect(failure).toMatchObject({ kind: 'retry', code: 'DAILY_RESERVE_REACHED' });
			expect(failure?.reason).toMatch(/of HubSpot's 1000 calls of today are left, fewer than the reserve of 10 %/);
			const used = hubspot.limits.used;
			expect(used).toBeLessThan(912);
			for (let poll = 0; poll < 10; poll++) await follower.next();
			expect(hubspot.limits.used).toBe(used);
			for (let poll = 0; poll < 16; poll++) await follower.next();
			expect(hubspot.limits.used - used).toBeLessThanOrEqual(2);
			hubspot.clock.set(hubspot.limits.resetsAt() + 60_000);
			for (let poll = 0; poll < 3; poll++) await follower.next(15 * 60_000);
			expect(new Set(idsOf(follower.changes))).toEqual(new Set(membersOf(hubspot)));
		});

		it.each([
			['HB-04: a wrong key', { token: 'pat-wrong' }, 'stop', 'CREDENTIAL_INVALID', /credential/],
			['HB-04: no scope for lists', { token: TOKEN_WITHOUT_LISTS }, 'stop', 'SCOPE_MISSING', /crm\.lists\.read/],
			[
				'HB-04: no scope for contacts',
				{ token: TOKEN_WITHOUT_CONTACTS },
				'stop',
				'SCOPE_MISSING',
				/crm\.objects\.contacts\.read/,
			],
			['HB-06: no such list', { settings: { listId: '9999' } }, 'stop', 'LIST_NOT_FOUND', /9999/],
			[
				'IS-04: a static list while only active ones are wanted',
				{ settings: { listId: '102', activeListsOnly: true } },
				'stop',
				'LIST_NOT_ACTIVE',
				/102/,
			],
		])('%s is named', async (_name, change, kind, code, reason) => {
			await start({ members: 20 });
			Object.assign(follower, change);
			const report = await follower.next();
			expect(report).toMatchObject({ end: 'failed', show: true, failure: { kind, code } });
			expect(report.failure?.reason).toMatch(reason);
			expect(follower.changes).toEqual([]);
		});

		it('number 21: a list that HubSpot made for a single use is named as such', async () => {
			await start({ members: 20 });
			follower.settings = { listId: hubspot.store.createList('For one use', 'ADHOC') };
			const { failure } = await follower.next();
			expect(failure).toMatchObject({ kind: 'stop', code: 'SETTING_INVALID' });
			expect(failure?.reason).toMatch(/'List' .*one use only \(type ADHOC\).*choose an active or a static list/);
		});

		it('IS-04: any kind of contact list can be followed unless only active ones are wanted', async () => {
			await start({ members: 20 });
			for (const listId of ['102', '103']) {
				follower.settings = { listId };
				expect(await follower.next()).toMatchObject({ end: 'upToDate' });
			}
		});

		it('HB-06: a list deleted later stops the sync by name, and it goes on when the list is restored', async () => {
			await start({ members: 20 });
			await follower.firstSync();
			hubspot.store.deleteList(LIST);
			expect(await follower.next()).toMatchObject({ end: 'failed', show: true, failure: { code: 'LIST_NOT_FOUND' } });
			hubspot.store.lists.restore(Number(LIST));
			expect(await follower.next()).toMatchObject({ end: 'upToDate' });
		});

		it('another list, or another account, begins anew', async () => {
			await start({ members: 20 });
			await follower.firstSync();
			follower.settings = { listId: '102' };
			await follower.next();
			expect(
				follower.take().every(({ delivery, source }) => delivery?.phase === 'firstSync' && source.list === '102'),
			).toBe(true);
			Object.assign(hubspot.settings, { portalId: 4242 });
			follower.settings = { listId: '102', credential: 'credential-2' };
			await follower.next();
			expect(new Set(follower.take().map(({ source }) => source.account))).toEqual(new Set(['4242']));
		});

		it('another credential of the same account goes on where the first one was', async () => {
			await start({ members: 20 });
			await follower.firstSync();
			follower.settings = { credential: 'credential-2' };
			await follower.next();
			expect(follower.take()).toEqual([]);
		});

		it('HubSpot down at the first poll is not thrown, later it is, and the sync recovers by itself', async () => {
			await start({ members: 20 });
			hubspot.faults.next('*', { kind: 'reset', times: 0 });
			expect(await follower.next()).toMatchObject({
				end: 'failed',
				show: false,
				failure: { kind: 'retry', code: 'UNAVAILABLE' },
			});
			expect(await follower.next()).toMatchObject({ end: 'failed', show: true, failure: { code: 'UNAVAILABLE' } });
			hubspot.faults.clear();
			expect(await follower.next()).toMatchObject({ end: 'upToDate', delivered: 20 });
		});

		it('faults in the middle keep what was acknowledged, and the rest follows', async () => {
			await start({ members: 1_000 });
			follower.settings = { batchSize: 250 };
			follower.outcome = (batch) => {
				if (batch[0]?.delivery?.sequence === 2) hubspot.faults.next('POST /crm/objects/*', { status: 500, times: 0 });
				return 'succeeded';
			};
			expect(await follower.next()).toMatchObject({
				end: 'failed',
				delivered: 500,
				show: false,
				failure: { code: 'UNAVAILABLE' },
			});
			expect(await follower.next()).toMatchObject({ end: 'failed', delivered: 0, show: true });
			hubspot.faults.clear();
			expect(await follower.next()).toMatchObject({ end: 'upToDate', delivered: 500 });
			expect(idsOf(follower.changes).sort()).toEqual(membersOf(hubspot));
		});

		it('a few faults are ridden out within the poll', async () => {
			await start({ members: 300 });
			hubspot.faults.next('POST /crm/objects/*', { status: 502 });
			hubspot.faults.next('GET /crm/lists/*', { kind: 'garbage' });
			hubspot.faults.next('GET /crm/lists/*', { kind: 'cutOff' });
			hubspot.faults.next('POST /crm/lists/2026-09/search', { status: 423 });
			hubspot.faults.next('GET /account-info/*', { kind: 'reset' });
			expect(await follower.next()).toMatchObject({ end: 'upToDate', delivered: 300 });
		});

		it('number 17, promise 2: null in the place of the lists of a contact takes no contact off', async () => {
			await start({ members: 20, awkward: false });
			await follower.firstSync();
			const [id = ''] = membersOf(hubspot);
			hubspot.store.changeContact(Number(id), { firstname: 'Changed' });
			const good = sandboxHttp(hubspot);
			follower.http = {
				send: async (request) => {
					const reply = await good.send(request);
					if (reply.kind !== 'reply' || !/memberships\/batch\/read$/.test(request.path)) return reply;
					const { results } = reply.body as { results: object[] };
					return { ...reply, body: { results: results.map((one) => ({ ...one, recordListMemberships: null })) } };
				},
			};
			await follower.settle(4);
			expect(follower.take().filter(({ change }) => change === 'removed')).toEqual([]);
			follower.http = good;
			await follower.settle(4);
			expect(idsOf(follower.changes)).toContain(id);
		});
	});
});
