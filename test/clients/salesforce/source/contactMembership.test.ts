import type { Scope } from '../../../../clients/salesforce/scope/scope';
import { idsOf, liveIds, told } from '../support/contactFollower';
import { DAY_MS, FollowedOrg, HOUR_MS, MINUTE_MS } from '../support/followedOrg';

const org = new FollowedOrg();
afterEach(org.end);

const NEWSLETTER: Scope = {
	kind: 'conditions',
	combine: 'all',
	conditions: [{ field: 'Newsletter__c', operator: 'isTrue' }],
};

/** Follows ten contacts, the first five of them in the newsletter. */
async function followNewsletter(settings: Parameters<typeof org.follow>[1] = {}): Promise<string[]> {
	await org.start({ contacts: 10 }, { scope: NEWSLETTER, fields: ['Email', 'FirstName'], ...settings });
	const ids = liveIds(org.salesforce);
	ids.forEach((id, index) => org.change(id, { Newsletter__c: index < 5 }));
	org.salesforce.clock.advance(5_000);
	await org.follower.next();
	expect(idsOf(org.follower.take()).sort()).toEqual(ids.slice(0, 5));
	return ids;
}

describe('the members of a scope', () => {
	it('tells additions, changes and leaving, and nothing of those outside', async () => {
		const [first = '', second = '', third = '', , , sixth = '', seventh = ''] = await followNewsletter();
		org.change(first, { Newsletter__c: false, FirstName: 'Left' });
		org.change(second, { FirstName: 'Changed' });
		org.do('deleteRecord', { object: 'Contact', id: third });
		org.change(sixth, { Newsletter__c: true });
		org.change(seventh, { FirstName: 'Outside' });
		const changes = await org.polls(2);
		expect(told(changes)).toEqual(
			[
				[first, 'removed'],
				[second, 'updated'],
				[third, 'deleted'],
				[sixth, 'added'],
			].sort(),
		);
		expect(changes.find(({ change }) => change === 'removed')?.fields.FirstName).toBe('Left');
		org.do('undelete', { object: 'Contact', id: third });
		expect(told(await org.polls(2))).toEqual([[third, 'added']]);
		expect(await org.polls(20)).toEqual([]);
	});

	it('HB-22: an opt-out of a former member is emitted, once', async () => {
		const [first = '', second = ''] = await followNewsletter();
		org.change(first, { Newsletter__c: false });
		org.change(second, { Newsletter__c: false, HasOptedOutOfEmail: true });
		expect(await org.polls(1)).toMatchObject([{ optedOut: false }, { optedOut: true }]);
		org.change(first, { HasOptedOutOfEmail: true });
		expect(await org.polls(1)).toMatchObject([{ source: { id: first }, change: 'removed', optedOut: true }]);
		org.change(first, { FirstName: 'Again' });
		org.change(second, { FirstName: 'Again' });
		expect(await org.polls(2)).toEqual([]);
	});

	it('a member that was under way when n8n was killed, and left meanwhile, is emitted as gone', async () => {
		const ids = await followNewsletter();
		const [, , , , , sixth = '', seventh = ''] = ids;
		org.change(sixth, { Newsletter__c: true });
		org.change(seventh, { Newsletter__c: true });
		org.follower.outcome = () => {
			throw new Error('killed');
		};
		await org.follower.next();
		org.follower.kill();
		org.follower.outcome = () => 'succeeded';
		org.follower.take();
		org.change(sixth, { Newsletter__c: false });
		expect(told(await org.polls(2))).toEqual([[sixth, 'removed'], [seventh, 'added']].sort()); // prettier-ignore
	});

	it.each(['failed', 'killed'] as const)(
		'promise 2: a record that may have been emitted as removed and is back since is emitted as added (the run was %s)',
		async (how) => {
			await org.start({ contacts: 40 });
			const { newsletter } = org.salesforce.ids.campaigns;
			org.follower.settings = { scope: { kind: 'campaign', id: newsletter } };
			await org.follower.firstSync();
			const [membership] = org.salesforce.store.table('CampaignMember').having('CampaignId', newsletter);
			const contact = String(membership?.['ContactId']);
			org.do('removeFromCampaign', { campaign: newsletter, object: 'Contact', ids: [contact] });
			org.follower.outcome = () => {
				if (how === 'failed') return how;
				throw new Error(how);
			};
			expect(told(await org.polls(1))).toEqual([[contact, 'removed']]);
			if (how === 'killed') org.follower.kill();
			org.follower.outcome = () => 'succeeded';
			org.do('addToCampaign', { campaign: newsletter, object: 'Contact', ids: [contact] });
			expect(told(await org.polls(2))).toEqual([[contact, 'added']]);
			expect(await org.polls(3)).toEqual([]);
		},
	);

	it('trap: dates relative to today move people without touching them', async () => {
		await org.start({ contacts: 6 });
		const where = 'Last_Visit__c = LAST_N_DAYS:3';
		const { id } = org.do('createListView', { object: 'Contact', label: 'Visited', where }) as { id: string };
		const [first = '', second = '', ...others] = liveIds(org.salesforce);
		const visit = (contact: string, agoMs: number) =>
			org.change(contact, { Last_Visit__c: new Date(org.salesforce.clock.now() - agoMs).toISOString() });
		for (const other of others) visit(other, 90 * DAY_MS);
		visit(first, 0);
		visit(second, -2 * DAY_MS);
		org.salesforce.clock.advance(5_000);
		org.follower.settings = { scope: { kind: 'listView', id } };
		expect(idsOf(await org.polls(1))).toEqual([first]);
		expect(told(await org.polls(25, 2 * HOUR_MS))).toEqual([[second, 'added']]);
		// A visit counts until midnight three days later: after 72 to 96 hours for the first, 48 hours later for the second.
		expect(told(await org.polls(30, 2 * HOUR_MS))).toEqual([[first, 'removed']]);
		expect(told(await org.polls(40, 2 * HOUR_MS))).toEqual([[second, 'removed']]);
	});

	it('joining and leaving a campaign is emitted with the next poll, for one counted call', async () => {
		await org.start({ contacts: 40 });
		const { newsletter } = org.salesforce.ids.campaigns;
		org.follower.settings = { scope: { kind: 'campaign', id: newsletter } };
		await org.follower.firstSync();
		await org.polls(1);
		const members = org.salesforce.store.table('CampaignMember').having('CampaignId', newsletter).map((row) => String(row['ContactId'])); // prettier-ignore
		const outside = liveIds(org.salesforce).filter((id) => !members.includes(id));
		org.do('addToCampaign', { campaign: newsletter, object: 'Contact', ids: outside.slice(0, 3) });
		org.do('removeFromCampaign', { campaign: newsletter, object: 'Contact', ids: members.slice(0, 2) });
		const changes = await org.polls(1);
		expect(told(changes)).toEqual(
			[...outside.slice(0, 3).map((id) => [id, 'added']), ...members.slice(0, 2).map((id) => [id, 'removed'])].sort(),
		);
		expect(changes.every(({ source }) => source.list === newsletter)).toBe(true);
		// In and out again, and a change of the membership alone.
		org.do('removeFromCampaign', { campaign: newsletter, object: 'Contact', ids: outside.slice(0, 1) });
		org.do('addToCampaign', { campaign: newsletter, object: 'Contact', ids: outside.slice(0, 1) });
		expect(await org.polls(20)).toEqual([]);
		org.do('deleteRecord', { object: 'Contact', id: members[5] });
		expect(told(await org.polls(2))).toEqual([[members[5], 'deleted']]);
		org.do('undelete', { object: 'Contact', id: members[5] });
		expect(told(await org.polls(2))).toEqual([[members[5], 'added']]);
	});

	it('a campaign that is gone takes no member with it', async () => {
		await org.start({ contacts: 20 });
		const { newsletter } = org.salesforce.ids.campaigns;
		org.follower.settings = { scope: { kind: 'campaign', id: newsletter } };
		await org.follower.firstSync();
		for (const row of org.salesforce.store.table('CampaignMember').having('CampaignId', newsletter)) {
			org.salesforce.store.remove('CampaignMember', String(row['Id']));
		}
		org.salesforce.store.remove('Campaign', newsletter);
		const report = await org.follower.next();
		expect(report.failure).toMatchObject({ kind: 'stop', code: 'CAMPAIGN_NOT_FOUND' });
		expect((await org.follower.next(2 * HOUR_MS)).failure).toMatchObject({ code: 'CAMPAIGN_NOT_FOUND' });
		expect(org.follower.take()).toEqual([]);
	});

	it('another filter of a list view moves people in and out within the hour', async () => {
		await org.start({ contacts: 30 });
		const ids = liveIds(org.salesforce);
		ids.forEach((id, index) => org.change(id, { Title: ['One', 'Two', 'Three'][index % 3] ?? null }));
		const { id } = org.do('createListView', { object: 'Contact', label: 'Some', where: "Title IN ('One','Two')" }) as { id: string }; // prettier-ignore
		org.salesforce.clock.advance(5_000);
		org.follower.settings = { scope: { kind: 'listView', id } };
		await org.follower.firstSync();
		org.do('editListView', { id, where: "Title IN ('Two','Three')" });
		const changes = await org.polls(70);
		const expected = ids.flatMap((one, index) => [[[one, 'removed']], [], [[one, 'added']]][index % 3] ?? []);
		expect(told(changes)).toEqual(expected.sort());
		// A change shows the edit at once.
		org.do('editListView', { id, where: "Title = 'Three'" });
		org.change(ids[0] ?? '', { FirstName: 'Changed' });
		expect(told(await org.polls(1))).toEqual(ids.flatMap((one, index) => (index % 3 === 1 ? [[one, 'removed']] : [])).sort()); // prettier-ignore
	});

	it('a list view that is gone takes no member with it', async () => {
		await org.start({ contacts: 30 });
		const { newsletterContacts: id } = org.salesforce.ids.listViews;
		org.follower.settings = { scope: { kind: 'listView', id } };
		await org.follower.firstSync();
		org.do('deleteListView', { id });
		org.change(liveIds(org.salesforce)[0] ?? '', { FirstName: 'Changed' });
		expect((await org.follower.next()).failure).toMatchObject({ kind: 'stop', code: 'LIST_VIEW_NOT_FOUND' });
		expect((await org.follower.next(DAY_MS)).failure).toMatchObject({ kind: 'stop', code: 'LIST_VIEW_NOT_FOUND' });
		expect(org.follower.take()).toEqual([]);
	});

	it('a list view of my own records follows their owner', async () => {
		await org.start({ contacts: 12 });
		const { listViews, users } = org.salesforce.ids;
		const ids = liveIds(org.salesforce);
		ids.forEach((id, index) => org.change(id, { OwnerId: index < 6 ? users.sync : users.sales }));
		org.salesforce.clock.advance(5_000);
		org.follower.settings = { scope: { kind: 'listView', id: listViews.myContacts } };
		expect(idsOf(await org.polls(1)).sort()).toEqual(ids.slice(0, 6));
		org.change(ids[0] ?? '', { OwnerId: users.sales });
		org.change(ids[9] ?? '', { OwnerId: users.sync });
		expect(told(await org.polls(1))).toEqual([[ids[0], 'removed'], [ids[9], 'added']].sort()); // prettier-ignore
	});

	it('from now on: a record that was a member before is emitted when it leaves', async () => {
		await org.start({ contacts: 6 }, { scope: NEWSLETTER, firstSync: 'fromNow' });
		const ids = liveIds(org.salesforce);
		ids.forEach((id) => org.change(id, { Newsletter__c: true }));
		org.salesforce.clock.advance(5_000);
		expect(await org.polls(2)).toEqual([]);
		org.change(ids[0] ?? '', { Newsletter__c: false });
		expect(told(await org.polls(1))).toEqual([[ids[0], 'removed']]);
	});

	it('calls: a bulk change of 4,000 members costs a page, a membership call and two for their addresses for each 2,000', async () => {
		await org.start({ contacts: 4_000 }, { scope: NEWSLETTER, batchSize: 2_000 });
		const ids = liveIds(org.salesforce);
		org.do('bulkChange', { object: 'Contact', ids, values: { Newsletter__c: true } });
		org.salesforce.clock.advance(5_000);
		await org.follower.firstSync();
		org.do('bulkChange', { object: 'Contact', ids: ids.slice(0, 3_900), values: { Newsletter__c: false } });
		const changes = await org.polls(1);
		expect(changes.filter(({ change }) => change === 'removed')).toHaveLength(3_900);
		const described = 1;
		expect(org.salesforce.requests.total).toBeLessThanOrEqual(2 + 2 + 4 + described);
	});
});

describe('deleted for good', () => {
	it.each(['purged before the next poll', 'deletion moves no stamp'])(
		'a member is emitted as deleted: %s',
		async (how) => {
			await org.follow({ contacts: 10, settings: { deleteMovesStamp: how.startsWith('purged') } });
			const [first = '', second = ''] = liveIds(org.salesforce);
			org.do('deleteRecord', { object: 'Contact', id: first });
			org.do('merge', { object: 'Contact', masterId: liveIds(org.salesforce)[5], loserIds: [second] });
			if (how.startsWith('purged')) org.do('purge', {});
			const soon = await org.polls(3, MINUTE_MS);
			const later = [...soon, ...(await org.polls(3, DAY_MS + HOUR_MS))];
			expect(later.filter(({ source }) => source.id === first)).toMatchObject([{ change: 'deleted' }]);
			const loser = later.filter(({ source, mergedFrom = [] }) => source.id === second || mergedFrom.some((key) => key.endsWith(second))); // prettier-ignore
			// Of a loser that was purged nothing says what it was merged into.
			expect(loser).toMatchObject([{ change: how.startsWith('purged') ? 'deleted' : 'updated' }]);
		},
	);

	it('members that are out of sight all at once are not emitted as deleted, and said once a walk', async () => {
		await org.follow({ contacts: 200 });
		org.salesforce.settings.userViewsAll = false;
		const reports = [];
		for (let poll = 0; poll < 10; poll++) reports.push(await org.follower.next(12 * HOUR_MS));
		expect(org.follower.take()).toEqual([]);
		const failures = reports.flatMap(({ failure, show }) => (failure ? [[failure.code, show]] : []));
		expect(failures.length).toBeGreaterThanOrEqual(2);
		expect(failures.length).toBeLessThanOrEqual(5);
		expect(new Set(failures.map(String))).toEqual(new Set(['MEMBERS_OUT_OF_SIGHT,true']));
		org.salesforce.settings.userViewsAll = true;
		await org.polls(4, 12 * HOUR_MS);
		const [id = ''] = liveIds(org.salesforce);
		org.change(id, { FirstName: 'Seen again' });
		expect(told(await org.polls(1))).toEqual([[id, 'updated']]);
	});

	it('a few members that are out of sight are emitted as deleted', async () => {
		await org.follow({ contacts: 200 });
		const ids = liveIds(org.salesforce).slice(0, 15);
		for (const id of ids) org.do('deleteRecord', { object: 'Contact', id });
		org.do('purge', {});
		expect(told(await org.polls(4, 12 * HOUR_MS))).toEqual(ids.map((id) => [id, 'deleted']));
	});
});
