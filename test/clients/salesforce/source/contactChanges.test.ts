import { idsOf, liveIds, told } from '../support/contactFollower';
import { DAY_MS, FollowedOrg, HOUR_MS, MINUTE_MS } from '../support/followedOrg';
import { ToldState } from '../support/toldState';

const org = new FollowedOrg();
afterEach(org.end);

const queries = (): number => org.salesforce.requests.count(({ path }) => path.includes('/query'));

/** The names of all records, and those that were emitted last. */
function namesNow(object: 'Contact' | 'Lead' = 'Contact'): string[][] {
	return liveIds(org.salesforce, object).map((id) => [id, String(org.salesforce.store.must(object, id)['FirstName'])]);
}
const namesTold = (state: ToldState): string[][] =>
	state.members.map((id) => [id, String(state.last.get(id)?.fields.FirstName)]);

describe('changes of Salesforce records', () => {
	it('trap: a second change of a record is emitted too, although its id is known', async () => {
		await org.follow({ contacts: 10 });
		const [id = ''] = liveIds(org.salesforce);
		for (const name of ['One', 'Two', 'Three']) {
			org.change(id, { FirstName: name });
			expect(await org.polls(1)).toMatchObject([{ change: 'updated', fields: { FirstName: name } }]);
		}
		expect(await org.polls(20)).toEqual([]);
	});

	it('trap: created and edited within one interval is one addition; an edit in the overlap is no second one', async () => {
		await org.follow({ contacts: 10 });
		const id = org.add({ FirstName: 'Early' });
		org.salesforce.clock.advance(10_000);
		org.change(id, { FirstName: 'Late' });
		expect(await org.polls(1)).toMatchObject([{ change: 'added', fields: { FirstName: 'Late' } }]);
		org.change(id, { FirstName: 'Later' });
		expect(await org.polls(1)).toMatchObject([{ change: 'updated', fields: { FirstName: 'Later' } }]);
	});

	it('trap: a record that changes twice within one second, once before and once after it was read, is not lost', async () => {
		await org.follow({ contacts: 10 });
		const [id = ''] = liveIds(org.salesforce);
		org.salesforce.clock.set(Math.ceil(org.salesforce.clock.now() / 1_000) * 1_000 + 100);
		org.change(id, { FirstName: 'First' });
		const first = await org.polls(1, 300);
		org.change(id, { FirstName: 'Second' });
		const state = new ToldState().take([...first, ...(await org.polls(2))]);
		expect(state.last.get(id)?.fields.FirstName).toBe('Second');
	});

	it('trap: 5,000 records of one second are read to their end without OFFSET, and emitted once', async () => {
		await org.follow({ contacts: 5_000 });
		const ids = liveIds(org.salesforce);
		org.do('bulkChange', { object: 'Contact', ids, values: { Title: 'Bulk' } });
		const changes = await org.polls(1);
		expect(idsOf(changes).sort()).toEqual(ids);
		expect(await org.polls(20)).toEqual([]);
		expect(org.salesforce.requests.count(({ query }) => /OFFSET/i.test(query))).toBe(0);
	});

	it.each([1, 5, 13])(
		'trap: a change that becomes visible %i minutes after its stamp is emitted, and no record twice',
		async (minutes) => {
			await org.follow({ contacts: 10 });
			const [id = '', other = ''] = liveIds(org.salesforce);
			org.do('commitLate', { object: 'Contact', id, values: { FirstName: 'Delayed' }, afterMs: minutes * MINUTE_MS });
			org.do('commitLate', { object: 'Contact', values: { LastName: 'New', FirstName: 'Delayed too' }, afterMs: minutes * MINUTE_MS }); // prettier-ignore
			org.salesforce.clock.advance(1_000);
			org.change(other, { FirstName: 'Prompt' });
			const changes = await org.polls(20);
			expect(changes.map(({ change, fields }) => [change, fields.FirstName]).sort()).toEqual([
				['added', 'Delayed too'],
				['updated', 'Delayed'],
				['updated', 'Prompt'],
			]);
		},
	);

	it('trap: a late change is found behind a bulk change as well, which is read twice in all', async () => {
		await org.follow({ contacts: 10_000 }, { fields: ['Title'] });
		const ids = liveIds(org.salesforce);
		org.do('commitLate', { object: 'Contact', id: ids[5], values: { FirstName: 'Delayed' }, afterMs: 8 * MINUTE_MS });
		org.salesforce.clock.advance(1_000);
		org.do('bulkChange', { object: 'Contact', ids: ids.slice(6), values: { Title: 'Bulk' } });
		const told = await org.polls(30);
		expect(idsOf(told).sort()).toEqual(ids.slice(5));
		const pages = Math.ceil(ids.length / 2_000);
		// A poll costs one call besides, and so does a look at a stretch of time.
		expect(queries()).toBeLessThanOrEqual(2.5 * pages + 30 + 4);
		org.salesforce.requests.clear();
		expect(await org.polls(10)).toEqual([]);
		expect(org.salesforce.requests.total).toBe(10);
	});

	it('trap: locators that expire, and pages of any size', async () => {
		await org.follow({ contacts: 3_000, settings: { maxPageSize: 500, pages: 'varying' } });
		const ids = liveIds(org.salesforce);
		org.do('bulkChange', { object: 'Contact', ids, values: { Title: 'Bulk' } });
		org.follower.expireLocators = 3;
		const changes = await org.polls(1);
		expect(idsOf(changes).sort()).toEqual(ids);
		expect(org.salesforce.requests.statuses()['400']).toBe(1);
	});

	it('trap: a session that ends in the middle', async () => {
		await org.follow({ contacts: 3_000, settings: { maxPageSize: 500 } });
		const ids = liveIds(org.salesforce);
		org.do('bulkChange', { object: 'Contact', ids, values: { Title: 'Bulk' } });
		org.salesforce.sessions.expireAfterCalls = 3;
		expect(idsOf(await org.polls(1)).sort()).toEqual(ids);
		expect(org.salesforce.requests.statuses()['401']).toBe(1);
	});

	it.each(['live', 'snapshot'] as const)(
		'trap: records that change while they are read, with a %s result',
		async (locatorRows) => {
			await org.start({ contacts: 2_000, settings: { maxPageSize: 200, locatorRows } }, { batchSize: 300 });
			const state = new ToldState();
			let page = 0;
			org.follower.before = ({ path }) => {
				if (!path.includes('/query')) return;
				page += 1;
				org.salesforce.clock.advance(3_000);
				const rows = [...org.salesforce.store.table('Contact').rows.values()]
					.filter((row) => row['IsDeleted'] === false)
					.sort((a, b) => Number(a['SystemModstamp']) - Number(b['SystemModstamp']));
				// Around the end of the page that comes next, and at its place.
				const place = Math.min(rows.length - 30, page * 190);
				for (const row of rows.slice(place, place + 20)) org.change(String(row['Id']), { FirstName: `At ${page}` });
				if (page % 4 === 0) org.do('deleteRecord', { object: 'Contact', id: String(rows[place + 25]?.['Id']) });
				if (page % 5 === 0) org.follower.expireLocators = 1;
				if (page > 15) org.follower.before = undefined;
			};
			for (let poll = 0; poll < 4; poll++) state.take(await org.polls(1));
			org.follower.before = undefined;
			state.take(await org.polls(20));
			expect(namesTold(state)).toEqual(namesNow());
		},
	);

	it.each([HOUR_MS, -HOUR_MS])("trap: n8n's clock is %i ms ahead of Salesforce's", async (aheadMs) => {
		await org.start({ contacts: 20 });
		org.follower.aheadMs = aheadMs;
		await org.follower.firstSync();
		const [id = ''] = liveIds(org.salesforce);
		org.change(id, { FirstName: 'Skewed' });
		org.do('commitLate', { object: 'Contact', values: { LastName: 'Late' }, afterMs: 10 * MINUTE_MS });
		expect((await org.polls(20)).map(({ change }) => change)).toEqual(['updated', 'added']);
		expect(await org.polls(20)).toEqual([]);
	});

	it('n8n was down for a week: everything since is emitted, and nothing else', async () => {
		await org.follow({ contacts: 300 });
		const ids = liveIds(org.salesforce);
		for (const id of ids.slice(0, 50)) {
			org.change(id, { FirstName: 'Meanwhile' });
			org.salesforce.clock.advance(HOUR_MS);
		}
		org.salesforce.clock.advance(4 * DAY_MS);
		expect(told(await org.polls(3))).toEqual(ids.slice(0, 50).map((id) => [id, 'updated']));
	});

	it('kill between delivery and acknowledgement: emitted again, and no record forgotten', async () => {
		await org.follow({ contacts: 50 });
		const ids = liveIds(org.salesforce);
		org.do('bulkChange', { object: 'Contact', ids: ids.slice(0, 30), values: { FirstName: 'Killed' } });
		org.do('deleteRecord', { object: 'Contact', id: ids[31] });
		org.follower.outcome = () => {
			throw new Error('killed');
		};
		await org.follower.next();
		org.follower.kill();
		org.follower.outcome = () => 'succeeded';
		org.do('deleteRecord', { object: 'Contact', id: ids[0] });
		org.follower.take();
		expect(told(await org.polls(2))).toEqual(
			[[ids[0], 'deleted'], ...ids.slice(1, 30).map((id) => [id, 'updated']), [ids[31], 'deleted']].sort(),
		);
	});

	it('SB-22: a record without an e-mail address is emitted like any other', async () => {
		await org.follow({ contacts: 5 });
		const [id = ''] = liveIds(org.salesforce);
		org.change(id, { Email: null });
		expect(await org.polls(1)).toMatchObject([{ change: 'updated', fields: { Email: null } }]);
	});

	it('a field that is deleted or hidden afterwards is simply not read any more', async () => {
		await org.follow({ contacts: 5 }, { fields: ['Email', 'Title', 'Account.Name'] });
		const [id = ''] = liveIds(org.salesforce);
		org.do('setAccess', { object: 'Contact', field: 'Title', access: 'hidden' });
		org.change(id, { FirstName: 'Changed' });
		const [change] = await org.polls(1);
		expect(Object.keys(change?.fields ?? {})).toEqual(['Email', 'Account.Name']);
	});
});

describe('what following costs', () => {
	it.each([
		['object', { kind: 'object' }],
		['list view', { kind: 'listView', id: '' }],
		['campaign', { kind: 'campaign', id: '' }],
		[
			'conditions',
			{ kind: 'conditions', combine: 'all', conditions: [{ field: 'Newsletter__c', operator: 'isTrue' }] },
		],
	] as const)('calls: an idle poll of a scope of kind %s is one', async (_name, scope) => {
		await org.start({ contacts: 200 });
		const { listViews, campaigns } = org.salesforce.ids;
		const id = scope.kind === 'campaign' ? campaigns.newsletter : listViews.newsletterContacts;
		org.follower.settings = { scope: 'id' in scope ? { ...scope, id } : scope };
		await org.follower.firstSync();
		expect(org.follower.take()).toEqual([]);
		await org.polls(1);
		org.salesforce.requests.clear();
		await org.polls(20);
		expect(org.salesforce.requests.total).toBe(20);
		// An hour later the filter of the view is looked at, and the records that meet it by now.
		await org.polls(22, HOUR_MS);
		expect(org.salesforce.requests.total).toBeLessThanOrEqual(20 + 22 * 3);
	});

	it('HB-28: keeps the reserve of the day for others, costs nothing meanwhile and goes on when calls come free', async () => {
		await org.start({ contacts: 2_000, settings: { dailyLimit: 1_000, maxPageSize: 200 } }, { batchSize: 200 });
		org.do('setOtherUse', { calls: 897 });
		await org.follower.next();
		expect((await org.follower.next()).failure).toMatchObject({ kind: 'retry', code: 'DAILY_RESERVE_REACHED' });
		org.salesforce.requests.clear();
		for (let poll = 0; poll < 10; poll++) await org.follower.next();
		expect(org.salesforce.requests.total).toBe(0);
		org.do('setOtherUse', { calls: 0 });
		for (let poll = 0; poll < 3; poll++) await org.follower.next(15 * MINUTE_MS);
		expect(new Set(idsOf(org.follower.changes))).toEqual(new Set(liveIds(org.salesforce)));
	});

	it('a query that takes too long is repeated for fewer rows', async () => {
		await org.start({ contacts: 1_500 });
		const timeout = { status: 400, body: [{ errorCode: 'QUERY_TIMEOUT', message: 'Your query request was running for too long.' }] }; // prettier-ignore
		await org.follower.client().query('SELECT Id FROM Organization');
		let failed = 0;
		org.follower.before = ({ path }) => {
			if (/LIMIT\+(?:\d{1,3})\b/.test(path) || !/query\?q=.*FROM\+Contact/.test(path)) return;
			failed += 1;
			org.salesforce.faults.next('GET /services/data/v66.0/query', timeout);
		};
		await org.follower.next();
		org.follower.before = undefined;
		expect(failed).toBe(3);
		await org.follower.next();
		expect(idsOf(org.follower.changes).sort()).toEqual(liveIds(org.salesforce));
	});
});
