import { plainHttp } from '../../../support/http/plainHttp';
import { liveIds, told } from '../support/contactFollower';
import { FollowedOrg, HOUR_MS } from '../support/followedOrg';

const org = new FollowedOrg();
afterEach(org.end);

describe('following Salesforce in trouble', () => {
	it('a lookback of nothing loses no change of the second in which a poll begins', async () => {
		await org.follow({ contacts: 3 }, { lookbackMs: 0 });
		const [first = '', second = '', third = ''] = liveIds(org.salesforce);
		await org.polls(2);
		org.change(first, { FirstName: 'Just now' });
		expect(await org.polls(1, 300)).toEqual([]);
		expect(told(await org.polls(2))).toEqual([[first, 'updated']]);
		org.change(second, { FirstName: 'A second ago' });
		const soon = await org.polls(1, 1_000);
		org.change(third, { FirstName: 'Nearly two' });
		soon.push(...(await org.polls(1, 1_900)), ...(await org.polls(2)));
		expect(told(soon)).toEqual([[second, 'updated'], [third, 'updated']].sort()); // prettier-ignore
	});

	it('a lookback of nothing loses no record that was added while the first sync began', async () => {
		await org.start({ contacts: 3 }, { lookbackMs: 0 });
		const id = org.add({ FirstName: 'Just now' });
		const changes = await org.polls(1, 300);
		expect([...changes, ...(await org.polls(2))].map(({ source }) => source.id)).toContain(id);
	});

	it('many records out of sight are said by the poll after one that handed something on', async () => {
		await org.follow({ contacts: 60 });
		org.salesforce.settings.userViewsAll = false;
		const report = [];
		for (let hour = 0; hour < 25; hour++) {
			const mine = liveIds(org.salesforce).find(
				(id) => org.salesforce.store.must('Contact', id)['OwnerId'] === org.salesforce.ids.users.sync,
			);
			org.change(mine ?? '', { FirstName: `Hour ${hour}` });
			const { failure, show, delivered } = await org.follower.next(HOUR_MS);
			report.push({ code: failure?.code, show, delivered });
		}
		expect(report.filter(({ show }) => show)).toEqual([{ code: 'MEMBERS_OUT_OF_SIGHT', show: true, delivered: 0 }]);
		expect(org.follower.take().every(({ change }) => change === 'updated')).toBe(true);
	});

	it('what is out of sight is said once a walk, also where n8n forgets what a failed poll stored', async () => {
		await org.follow({ contacts: 60 });
		org.follower.durable = true;
		org.salesforce.settings.userViewsAll = false;
		await org.follower.next(25 * HOUR_MS);
		const failures = [];
		for (let poll = 0; poll < 6; poll++) failures.push((await org.follower.next(HOUR_MS / 2)).failure?.code);
		expect(failures.filter((code) => code !== undefined)).toEqual(['MEMBERS_OUT_OF_SIGHT']);
		org.salesforce.settings.userViewsAll = true;
		const [id = ''] = liveIds(org.salesforce);
		org.change(id, { FirstName: 'Seen again' });
		expect(told(await org.polls(1))).toEqual([[id, 'updated']]);
	});

	it('a member that is out of sight for a moment is not emitted as deleted', async () => {
		await org.start({ contacts: 40 });
		const { newsletter } = org.salesforce.ids.campaigns;
		org.follower.settings = { scope: { kind: 'campaign', id: newsletter } };
		await org.follower.firstSync();
		await org.polls(1);
		const { store, settings, ids } = org.salesforce;
		const member = store.table('CampaignMember').having('CampaignId', newsletter).map((row) => String(row['ContactId']))
			.find((id) => store.must('Contact', id)['OwnerId'] !== ids.users.sync) ?? ''; // prettier-ignore
		org.do('removeFromCampaign', { campaign: newsletter, object: 'Contact', ids: [member] });
		let moments = 0;
		org.follower.before = ({ path }) => {
			if (/queryAll.*\bId\+IN\b/.test(path)) {
				settings.userViewsAll = false;
				moments += 1;
			} else if (!settings.userViewsAll) {
				settings.userViewsAll = true;
				org.do('addToCampaign', { campaign: newsletter, object: 'Contact', ids: [member] });
				org.follower.before = undefined;
			}
		};
		const changes = await org.polls(3);
		expect(moments).toBe(1);
		expect(changes.filter(({ change }) => change === 'deleted')).toEqual([]);
	});

	it('a contact whose lead could not be read for another reason than permissions is emitted with its lead later', async () => {
		await org.follow({ contacts: 2, leads: 3 });
		const leadOf = async (): Promise<readonly string[] | undefined> => {
			const [lead = ''] = liveIds(org.salesforce, 'Lead');
			org.do('convertLead', { id: lead });
			const [change] = (await org.polls(2)).filter(({ change }) => change === 'added');
			expect(change?.mergedFrom?.map((key) => key.split(':').at(-1)) ?? [lead]).toEqual([lead]);
			return change?.mergedFrom;
		};
		let refused = false;
		const { transport } = org.follower;
		const http = plainHttp(org.salesforce.url, {});
		org.follower.transport = {
			send: async (request) => {
				if (refused || !/FROM\+Lead/.test(request.path)) return await http.send(request);
				refused = true;
				return { kind: 'reply', status: 403, headers: {}, body: [{ errorCode: 'API_CURRENTLY_DISABLED', message: 'API is disabled' }] }; // prettier-ignore
			},
		};
		const before = org.salesforce.requests.total;
		expect(await leadOf()).toHaveLength(1);
		org.follower.transport = transport;
		expect(org.salesforce.requests.total).toBeGreaterThan(before);
	});

	it('leads that come into sight are asked for again', async () => {
		await org.follow({ contacts: 2, leads: 3 }, { credential: 'leads hidden' });
		const [first = '', second = ''] = liveIds(org.salesforce, 'Lead');
		org.do('setAccess', { object: 'Lead', field: 'ConvertedContactId', access: 'hidden' });
		org.do('convertLead', { id: first });
		expect((await org.polls(2)).map(({ mergedFrom }) => mergedFrom)).toEqual([undefined]);
		org.do('setAccess', { object: 'Lead', field: 'ConvertedContactId', access: 'full' });
		await org.polls(1, 2 * HOUR_MS);
		org.do('convertLead', { id: second });
		expect((await org.polls(2)).map(({ mergedFrom }) => mergedFrom?.length)).toEqual([1]);
	});

	it.each(['deleted', 'merged into a record outside'])(
		'HB-22: an opt-out of a record that left is emitted even if the record is %s in the same minute',
		async (how) => {
			await org.start({ contacts: 4 }, { scope: { kind: 'conditions', combine: 'all', conditions: [{ field: 'LastName', operator: 'notEquals', value: 'Gone' }] } }); // prettier-ignore
			const [first = '', outside = ''] = liveIds(org.salesforce);
			org.change(outside, { LastName: 'Gone' });
			org.salesforce.clock.advance(5_000);
			await org.follower.firstSync();
			org.change(first, { LastName: 'Gone' });
			expect(told(await org.polls(2))).toEqual([[first, 'removed']]);
			org.change(first, { HasOptedOutOfEmail: true });
			if (how === 'deleted') org.do('deleteRecord', { object: 'Contact', id: first });
			else org.do('merge', { object: 'Contact', masterId: outside, loserIds: [first] });
			expect(await org.polls(2)).toMatchObject([{ source: { id: first }, change: 'deleted', optedOut: true }]);
			expect(await org.polls(2, HOUR_MS)).toEqual([]);
		},
	);

	it('within 36 seconds a poll the second reading of a bulk change gets through, however slow Salesforce is', async () => {
		await org.follow({ contacts: 3_000, settings: { maxPageSize: 200 } });
		await org.polls(2, HOUR_MS);
		org.do('bulkChange', { object: 'Contact', ids: liveIds(org.salesforce), values: { Title: 'Changed' } });
		expect(await org.polls(2)).toHaveLength(3_000);
		org.follower.poll = { budgetMs: 36_000, spacedByHost: true };
		org.follower.before = () => org.salesforce.clock.advance(4_000);
		const ends = [];
		for (let poll = 0; poll < 30; poll++) ends.push((await org.follower.next()).end);
		expect(ends.slice(-5)).toEqual(Array(5).fill('upToDate'));
		expect(org.follower.take()).toEqual([]);
	});

	it('within 36 seconds a poll the first sync gets through many records that were changed just before', async () => {
		await org.start({ contacts: 3_000, settings: { maxPageSize: 200 } }, { batchSize: 400 });
		org.do('bulkChange', { object: 'Contact', ids: liveIds(org.salesforce), values: { Title: 'Changed' } });
		org.salesforce.clock.advance(5_000);
		org.follower.poll = { budgetMs: 36_000, spacedByHost: true };
		org.follower.before = () => org.salesforce.clock.advance(2_000);
		for (let poll = 0; poll < 3; poll++) await org.follower.next(5_000);
		org.follower.before = () => org.salesforce.clock.advance(6_000);
		const ends = [];
		for (let poll = 0; poll < 60; poll++) ends.push((await org.follower.next(5_000)).end);
		expect(ends.at(-1)).toBe('upToDate');
		expect(new Set(org.follower.take().map(({ key }) => key)).size).toBe(3_000);
	});

	it.each(['first sync', 'changes'])(
		'a query that is slower than n8n lets a poll last asks for fewer rows: %s',
		async (stage) => {
			const options = { contacts: 3_000, settings: { maxPageSize: 2_000 } };
			if (stage === 'changes') {
				await org.follow(options);
				await org.polls(2, HOUR_MS);
				org.do('bulkChange', { object: 'Contact', ids: liveIds(org.salesforce), values: { Title: 'Changed' } });
			} else await org.start(options, { batchSize: 500 });
			org.salesforce.clock.advance(5_000);
			org.follower.poll = { budgetMs: 36_000, spacedByHost: true };
			org.follower.durable = true;
			const http = plainHttp(org.salesforce.url, {});
			// Ten seconds for each hundred rows, and the answer is waited for no longer than the poll may last.
			org.follower.transport = {
				send: async (request) => {
					const reply = await http.send(request);
					const rows = reply.kind === 'reply' ? ((reply.body as { records?: unknown[] }).records?.length ?? 0) : 0;
					const took = rows * 100;
					org.salesforce.clock.advance(Math.min(took, request.timeoutMs ?? took));
					return took > (request.timeoutMs ?? took) ? { kind: 'unreachable', reason: 'ECONNABORTED' } : reply;
				},
			};
			const ends = [];
			for (let poll = 0; poll < 60; poll++) ends.push((await org.follower.next(5_000)).end);
			expect(new Set(org.follower.take().map(({ key }) => key)).size).toBe(3_000);
			expect(ends).toContain('upToDate');
		},
	);

	it.each([
		['Salesforce gives up', 130_000],
		['the poll does', 58_000],
	])('a walk whose pages always take too long goes on with fewer rows: %s', async (_name, tookMs) => {
		await org.follow({ contacts: 300 });
		const [gone = ''] = liveIds(org.salesforce);
		const http = plainHttp(org.salesforce.url, {});
		org.follower.poll = { budgetMs: 60_000 };
		org.follower.transport = {
			send: async (request) => {
				const soql = decodeURIComponent(request.path).replace(/\+/g, ' ');
				const limit = Number(/LIMIT (\d+)/.exec(soql)?.[1] ?? Infinity);
				if (!/SELECT Id FROM Contact .*ORDER BY Id/.test(soql) || soql.includes('IsDeleted = true') || limit <= 100) {
					return await http.send(request);
				}
				org.salesforce.clock.advance(Math.min(tookMs, request.timeoutMs ?? tookMs));
				if (tookMs > (request.timeoutMs ?? tookMs)) return { kind: 'unreachable', reason: 'ECONNABORTED' };
				const body = [{ errorCode: 'QUERY_TIMEOUT', message: 'Your query request was running for too long.' }];
				return { kind: 'reply', status: 400, headers: {}, body };
			},
		};
		org.do('deleteRecord', { object: 'Contact', id: gone });
		org.do('purge', {});
		expect(await org.polls(40, HOUR_MS)).toMatchObject([{ source: { id: gone }, change: 'deleted' }]);
	});
});
