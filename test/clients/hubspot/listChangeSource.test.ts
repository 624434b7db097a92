import type { RunningHubSpot } from '../../../sandbox/hubspot';
import { startHubSpot, TOKEN_WITHOUT_CONTACTS, TOKEN_WITHOUT_LISTS } from '../../../sandbox/hubspot';
import { idsOf, ListFollower } from './listFollower';

const LIST = '101';
const JOIN_ORDERS = ['oldestFirst', 'newestFirst'] as const;

describe('following a HubSpot list', () => {
	let hubspot: RunningHubSpot;
	let follower: ListFollower;

	const start = async (options: Parameters<typeof startHubSpot>[0]): Promise<void> => {
		hubspot = await startHubSpot(options);
		follower = new ListFollower(hubspot);
	};
	const members = (): string[] => [...hubspot.store.list(LIST).members.ids()].map(String).sort();
	const firstSync = async (): Promise<void> => {
		for (let polls = 0; (await follower.next()).end !== 'upToDate'; polls++) expect(polls).toBeLessThan(20);
		follower.take();
		hubspot.requests.clear();
	};
	/** Live polls until nothing more comes, at most `polls`. */
	const settle = async (polls = 4): Promise<void> => {
		for (let poll = 0; poll < polls; poll++) await follower.next();
	};

	afterEach(async () => {
		expect(hubspot.requests.statuses()['429']).toBeUndefined();
		await hubspot.close();
	});

	describe('first sync', () => {
		it.each(JOIN_ORDERS)('HB-06 HB-13: hands on every member once, in the order of the log (%s)', async (joinOrder) => {
			await start({ members: 1_130, joinOrder });
			const report = await follower.next();
			expect(report).toMatchObject({ end: 'upToDate', delivered: 1_130 });
			expect(idsOf(follower.changes).sort()).toEqual(members());
			expect(follower.batches.map((batch) => batch.length)).toEqual([1_000, 130]);
			const joined = follower.changes.map(({ changedAt }) => changedAt);
			expect(joined).toEqual(joinOrder === 'oldestFirst' ? [...joined].sort() : [...joined].sort().reverse());
			expect(new Set(follower.changes.map(({ change }) => change))).toEqual(new Set(['added']));
			expect(follower.batches.map(([first]) => first?.delivery)).toEqual([
				{ phase: 'firstSync', sequence: 1 },
				{ phase: 'firstSync', sequence: 2 },
			]);
		});

		it('HB-13: costs at most 145 calls for 10,000 members and is never refused', async () => {
			await start({ members: 10_000, accountTier: 'starter' });
			const report = await follower.next();
			expect(report).toMatchObject({ end: 'upToDate', delivered: 10_000 });
			expect(new Set(idsOf(follower.changes)).size).toBe(10_000);
			expect(hubspot.requests.total).toBeLessThanOrEqual(145);
			expect(hubspot.requests.counts()).toMatchObject({
				'GET /crm/lists/2026-09/:id/memberships/join-order': 40,
				'POST /crm/objects/2026-09/contacts/batch/read': 100,
			});
		});

		it('HB-26 HB-10: hands on the asked properties only, typed, with the key of the person', async () => {
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
			expect(new Set(idsOf(follower.changes))).toEqual(new Set(members()));
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

		it.each(JOIN_ORDERS)('loses nobody who joins while it is going on (%s)', async (joinOrder) => {
			await start({ members: 600, joinOrder });
			follower.settings = { batchSize: 250 };
			const late: string[] = [];
			follower.outcome = () => {
				late.push(hubspot.store.addContact({ email: `late${late.length}@example.com` }, [LIST]));
				return 'succeeded';
			};
			await follower.next();
			follower.outcome = () => 'succeeded';
			await settle(2);
			expect(new Set(idsOf(follower.changes))).toEqual(new Set(members()));
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
			expect(new Set(idsOf(follower.changes))).toEqual(new Set(members()));
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
			await settle(2);
			expect(idsOf(follower.take()).sort()).toEqual(all.slice(800, 803).sort());
			hubspot.store.addToList(list, all.slice(803, 805));
			await settle(2);
			expect(idsOf(follower.take()).sort()).toEqual(all.slice(803, 805).sort());
		});

		it('HB-13: "only changes from now on" hands on nobody who is there already', async () => {
			for (const joinOrder of JOIN_ORDERS) {
				await start({ members: 700, joinOrder });
				follower.settings = { firstSync: 'fromNow' };
				await follower.next();
				expect(follower.changes).toEqual([]);
				const id = hubspot.store.addContact({ email: 'new@example.com' }, [LIST]);
				hubspot.store.changeContact(members()[0] ?? '', { firstname: 'Changed' });
				await settle(2);
				expect(follower.changes.map(({ source, change, delivery }) => [source.id, change, delivery?.phase])).toEqual([
					[id, 'added', 'live'],
					[members()[0], 'updated', 'live'],
				]);
				if (joinOrder === 'oldestFirst') await hubspot.close();
			}
		});
	});

	describe('afterwards', () => {
		it.each(JOIN_ORDERS)('HB-08 HB-28: a poll with nothing new costs two calls at most (%s)', async (joinOrder) => {
			await start({ members: 1_000, joinOrder });
			await firstSync();
			for (let poll = 0; poll < 30; poll++) {
				hubspot.requests.clear();
				expect(await follower.next()).toMatchObject({ end: 'upToDate', delivered: 0 });
				expect(hubspot.requests.total).toBeLessThanOrEqual(2);
			}
			expect(hubspot.requests.statuses()).toEqual({ '200': 2 });
		});

		it.each(JOIN_ORDERS)('HB-08: who joins is handed on once, however many (%s)', async (joinOrder) => {
			await start({ members: 600, extraContacts: 700, joinOrder });
			await firstSync();
			const outside = [...hubspot.store.contacts.contacts.keys()].map(String).filter((id) => !members().includes(id));
			for (const count of [1, 3, 260, 300]) {
				const joining = outside.splice(0, count);
				hubspot.store.addToList(LIST, joining);
				await settle(3);
				expect(idsOf(follower.take()).sort()).toEqual([...joining].sort());
			}
		});

		it('HB-08: finds additions that the figures of the list do not show yet', async () => {
			await start({ members: 100, listStatsDelayMs: 3_600_000 });
			await firstSync();
			const id = hubspot.store.addContact({ email: 'unseen@example.com' }, []);
			await settle(2);
			hubspot.store.addToList(LIST, [id]);
			await settle(13);
			expect(idsOf(follower.take())).toEqual([id]);
		});

		it('HB-08 HB-24: a changed member is handed on with what changed, when, and the address before', async () => {
			await start({ members: 100 });
			await firstSync();
			const [id = '', optedOut = ''] = members().filter(
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
			await settle(4);
			expect(follower.take()).toEqual([]);
		});

		it('HB-08: page views, contacts outside of the list and unread properties hand nothing on', async () => {
			await start({ members: 100 });
			await firstSync();
			const outside = [...hubspot.store.contacts.contacts.keys()].map(String).filter((id) => !members().includes(id));
			hubspot.store.pageView(members()[0] ?? '');
			hubspot.store.changeContact(outside[0] ?? '', { firstname: 'Outside' });
			hubspot.store.changeContact(members()[1] ?? '', { city: 'Lyon' });
			hubspot.store.changeContact(members()[2] ?? '', {
				firstname: hubspot.store.contact(members()[2] ?? '').properties.firstname ?? '',
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
			await firstSync();
			const id = members()[7] ?? '';
			hubspot.store.changeContact(id, { firstname: 'Late' });
			await settle(1);
			hubspot.store.changeContact(members()[8] ?? '', { firstname: 'Later' });
			await settle(4);
			expect(idsOf(follower.take())).toEqual([id, members()[8]]);
		});

		it('HB-24: 1,200 members changed in one instant are all handed on, each once', async () => {
			await start({ members: 1_500 });
			await firstSync();
			const changed = members().slice(0, 1_200);
			hubspot.store.bulkChange(changed, { firstname: 'Bulk' });
			hubspot.store.changeContact(members()[1_300] ?? '', { firstname: 'Single' });
			await settle(4);
			expect(idsOf(follower.take()).sort()).toEqual([...changed, members()[1_300] ?? ''].sort());
			expect(follower.stateBytes).toBeLessThan(60_000);
		});

		it.each([1, 70, 250])(
			'no batch is larger than its size (%i), and all of them together are complete',
			async (batchSize) => {
				await start({ members: 300 });
				await firstSync();
				follower.settings = { batchSize };
				const count = Math.min(270, batchSize * 8);
				const changed = members().slice(0, count);
				hubspot.store.bulkChange(changed, { firstname: 'Bulk' });
				const joining = Array.from({ length: 5 }, (_, n) =>
					hubspot.store.addContact({ email: `n${n}@example.com` }, [LIST]),
				);
				await settle(3);
				expect(Math.max(...follower.batches.map((batch) => batch.length))).toBeLessThanOrEqual(batchSize);
				expect(idsOf(follower.take()).sort()).toEqual([...changed, ...joining].sort());
			},
		);

		it('HB-08: changes are handed on again, with the newest values, until their run succeeds; none is lost', async () => {
			await start({ members: 50 });
			await firstSync();
			const [first = '', second = ''] = members();
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
			await firstSync();
			const [id = ''] = members();
			const before = hubspot.store.contact(id).properties.firstname;
			hubspot.store.changeContact(id, { firstname: 'There' });
			await follower.next(20_000);
			hubspot.store.changeContact(id, { firstname: before ?? '' });
			await follower.next(20_000);
			expect(follower.take().map(({ fields }) => fields.firstname)).toEqual(['There', before]);
		});
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
			expect(new Set(idsOf(follower.changes))).toEqual(new Set(members()));
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

		it('IS-04: any kind of contact list can be followed unless only active ones are wanted', async () => {
			await start({ members: 20 });
			for (const listId of ['102', '103']) {
				follower.settings = { listId };
				expect(await follower.next()).toMatchObject({ end: 'upToDate' });
			}
		});

		it('HB-06: a list deleted later stops the sync by name, and it goes on when the list is restored', async () => {
			await start({ members: 20 });
			await firstSync();
			hubspot.store.deleteList(LIST);
			expect(await follower.next()).toMatchObject({ end: 'failed', show: true, failure: { code: 'LIST_NOT_FOUND' } });
			hubspot.store.lists.restore(Number(LIST));
			expect(await follower.next()).toMatchObject({ end: 'upToDate' });
		});

		it('another list, or another account, begins anew', async () => {
			await start({ members: 20 });
			await firstSync();
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
			await firstSync();
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
			expect(idsOf(follower.changes).sort()).toEqual(members());
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
	});
});
