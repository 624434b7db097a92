import { SEEDED_LISTS, startHubSpot, type RunningHubSpot } from '../../../sandbox/hubspot';
import { callsTo, type Call } from './hubSpotCalls';

let hubspot: RunningHubSpot;
let call: Call;
beforeAll(async () => {
	hubspot = await startHubSpot({ members: 60, extraLists: 510 });
	call = callsTo(hubspot);
});
afterAll(() => hubspot.close());
beforeEach(() => hubspot.reset());

const DATED = '/crm/lists/2026-09';

describe('lists of the stand-in HubSpot', () => {
	it('search: by name, on dated and numbered paths, with size and last addition as texts', async () => {
		for (const path of [`${DATED}/search`, '/crm/v3/lists/search']) {
			const { status, body } = await call('POST', path, { query: 'NEWSLETTER', processingTypes: ['DYNAMIC'] });
			expect(status).toBe(200);
			expect(body).toMatchObject({ total: 1, hasMore: false, offset: 1 });
			const [list] = body.lists;
			expect(list).toMatchObject({
				listId: '101',
				processingType: 'DYNAMIC',
				processingStatus: 'COMPLETE',
				objectTypeId: '0-1',
			});
			expect(list.additionalProperties.hs_list_size).toBe('60');
			expect(list.additionalProperties.hs_last_record_added_at).toMatch(/^\d{13}$/);
			expect(list.additionalProperties).not.toHaveProperty('hs_last_record_removed_at');
		}
	});

	it('search: 20 a page, at most 500, offsets to continue', async () => {
		expect((await call('POST', `${DATED}/search`, {})).body.lists).toHaveLength(20);
		const first = await call('POST', `${DATED}/search`, { count: 500 });
		expect(first.body).toMatchObject({ hasMore: true, offset: 500, total: 513 });
		const second = await call('POST', `${DATED}/search`, { count: 500, offset: 500 });
		expect(second.body).toMatchObject({ hasMore: false, offset: 513 });
		expect(second.body.lists).toHaveLength(13);
		expect((await call('POST', `${DATED}/search`, { count: 501 })).status).toBe(400);
	});

	it('refuses wrong types as 400 VALIDATION_ERROR', async () => {
		for (const body of [
			{ count: '20' },
			{ listIds: [101] },
			{ processingTypes: 'DYNAMIC' },
			{ processingTypes: ['ACTIVE'] },
			[],
		]) {
			const answer = await call('POST', `${DATED}/search`, body);
			expect({ body, status: answer.status, category: answer.body.category }).toEqual({
				body,
				status: 400,
				category: 'VALIDATION_ERROR',
			});
		}
	});

	it('walks all lists with a cursor on 2026-09 only', async () => {
		const first = await call('POST', `${DATED}/all`, { count: 500 });
		expect(first.body.results).toHaveLength(500);
		const { after } = first.body.paging.next;
		const second = await call('POST', `${DATED}/all`, { count: 500, after });
		expect(second.body.results).toHaveLength(13);
		expect(second.body).not.toHaveProperty('paging');
		const changed = await call('POST', `${DATED}/all`, { count: 500, after, processingTypes: ['MANUAL'] });
		expect(changed).toMatchObject({ status: 400, body: { subCategory: 'INVALID_CURSOR' } });
		expect((await call('POST', '/crm/v3/lists/all', {})).status).toBe(404);
	});

	it('fetches one, several and by name without regard to case', async () => {
		const one = await call('GET', `${DATED}/101`);
		expect(one.body.list).toMatchObject({ listId: '101', name: SEEDED_LISTS.newsletter.name, size: 60 });
		expect(one.body.list).not.toHaveProperty('filterBranch');
		expect((await call('GET', `${DATED}/101?includeFilters=true`)).body.list.filterBranch.filterBranchType).toBe('OR');
		const several = await call('GET', '/crm/v3/lists/?listIds=101&listIds=103&listIds=999999');
		expect(several.body.lists.map(({ listId }) => listId)).toEqual(['101', '103']);
		const named = await call('GET', `${DATED}/object-type-id/0-1/name/${encodeURIComponent('nobody YET')}`);
		expect(named.body.list.listId).toBe('103');
	});

	it('a deleted list is gone from everything until it is restored', async () => {
		hubspot.store.deleteList(101);
		expect(await call('GET', `${DATED}/101`)).toMatchObject({ status: 404, body: { category: 'OBJECT_NOT_FOUND' } });
		expect((await call('GET', `${DATED}/101/memberships/join-order`)).status).toBe(404);
		expect((await call('POST', `${DATED}/search`, { listIds: ['101'] })).body.lists).toEqual([]);
		expect((await call('PUT', `${DATED}/101/restore`)).status).toBe(204);
		expect((await call('GET', `${DATED}/101`)).status).toBe(200);
	});

	it('tells status, filter edits, additions and removals; neither addition nor removal moves updatedAt', async () => {
		const read = async () => (await call('POST', `${DATED}/search`, { listIds: ['101'] })).body.lists[0];
		const before = await read();
		expect(before.listVersion).toBe(1);
		const [id] = [...hubspot.store.list(101).members.ids()];
		hubspot.store.removeFromList(101, [id as number]);
		hubspot.store.setProcessingStatus(101, 'PROCESSING');
		const after = await read();
		expect(after).toMatchObject({ processingStatus: 'PROCESSING', updatedAt: before.updatedAt });
		expect(after.additionalProperties.hs_list_size).toBe('59');
		expect(Number(after.additionalProperties.hs_last_record_removed_at)).toBeGreaterThan(Date.now() - 60_000);
		expect(after.listVersion).toBe(2);
		hubspot.store.lists.editFilters(101);
		const edited = await read();
		expect(edited.listVersion).toBe(3);
		hubspot.settings.versionMovesWithMembers = false;
		hubspot.store.addToList(101, [id as number]);
		expect((await read()).listVersion).toBe(3);
		expect(Date.parse(edited.filtersUpdatedAt)).toBeGreaterThan(Date.parse(before.filtersUpdatedAt));
	});

	it('a static list may say for good that it is processing, as one that was edited', async () => {
		const read = async () => (await call('POST', `${DATED}/search`, { listIds: ['102'] })).body.lists[0];
		const list = await read();
		expect(list).toMatchObject({ processingStatus: 'PROCESSING' });
		expect(Date.parse(list.filtersUpdatedAt)).toBeGreaterThan(Date.parse(list.createdAt));
		hubspot.settings.staticListsStayProcessing = false;
		expect(await read()).not.toHaveProperty('filtersUpdatedAt');
		expect(await read()).toMatchObject({ processingStatus: 'COMPLETE' });
	});

	it('a list of HubSpot for one use is found, but has no members to read', async () => {
		const id = hubspot.store.createList('For one use', 'ADHOC');
		expect((await call('POST', `${DATED}/search`, { listIds: [id] })).body.lists[0]).toMatchObject({
			processingType: 'ADHOC',
		});
		const answer = await call('GET', `${DATED}/${id}/memberships/join-order`);
		expect(answer.status).toBe(400);
		expect(JSON.stringify(answer.body)).toContain('INVALID_PROCESSING_TYPE');
	});

	it('figures of a list search can lag behind', async () => {
		hubspot.settings.listStatsDelayMs = 60_000;
		hubspot.store.addContact({ email: 'late@example.com' }, [101]);
		const size = async () =>
			(await call('POST', `${DATED}/search`, { listIds: ['101'] })).body.lists[0].additionalProperties.hs_list_size;
		expect(await size()).toBe('60');
		hubspot.clock.advance(60_001);
		expect(await size()).toBe('61');
	});

	it('creates a list once per name and changes members of static lists only', async () => {
		const made = await call('POST', DATED, { name: 'Fresh', objectTypeId: '0-1', processingType: 'MANUAL' });
		expect(made).toMatchObject({ status: 200, body: { list: { name: 'Fresh', processingType: 'MANUAL', size: 0 } } });
		expect((await call('POST', DATED, { name: 'fresh', objectTypeId: '0-1', processingType: 'MANUAL' })).status).toBe(
			400,
		);
		const { listId } = made.body.list;
		const id = String([...hubspot.store.list(101).members.ids()][0]);
		const added = await call('PUT', `${DATED}/${listId}/memberships/add`, [id, '999']);
		expect(added.body).toEqual({ recordsIdsAdded: [id], recordIdsMissing: ['999'] });
		expect((await call('PUT', `${DATED}/${listId}/memberships/add`, [id])).body).toEqual({});
		expect((await call('PUT', `${DATED}/${listId}/memberships/remove`, [id])).body).toEqual({ recordIdsRemoved: [id] });
		expect(await call('PUT', `${DATED}/101/memberships/add`, [id])).toMatchObject({ status: 400 });
	});
});
