import { startHubSpot, type RunningHubSpot } from '../../../sandbox/hubspot';
import { callsTo, walk, type Call } from './hubSpotCalls';

let hubspot: RunningHubSpot;
let call: Call;
beforeAll(async () => {
	hubspot = await startHubSpot({ members: 700, accountTier: 'enterprise' });
	call = callsTo(hubspot);
});
afterAll(() => hubspot.close());
beforeEach(() => hubspot.reset());

const PATH = '/crm/lists/2026-09/101/memberships';
const JOINED = `${PATH}/join-order`;
const members = () => [...hubspot.store.list(101).members.ids()].map(String);

describe('memberships of the stand-in HubSpot', () => {
	it('by id: every member once, in ascending order of numbers, 250 a page at most', async () => {
		const { ids, calls } = await walk(call, PATH);
		expect(calls).toBe(3);
		expect(ids).toEqual(members().sort((a, b) => Number(a) - Number(b)));
		expect((await call('GET', PATH)).body.results).toHaveLength(100);
		expect(await call('GET', `${PATH}?limit=251`)).toMatchObject({
			status: 400,
			body: { category: 'VALIDATION_ERROR' },
		});
		expect((await call('GET', `${PATH}?limit=many`)).status).toBe(400);
	});

	it.each(['oldestFirst', 'newestFirst'] as const)(
		'join order, %s: every member once, times in that order',
		async (joinOrder) => {
			hubspot.settings.joinOrder = joinOrder;
			const { ids } = await walk(call, JOINED);
			expect([...ids].sort()).toEqual(members().sort());
			const { body } = await call('GET', `${JOINED}?limit=250`);
			const times = body.results.map(({ membershipTimestamp }) => membershipTimestamp);
			const sorted = [...times].sort();
			expect(times).toEqual(joinOrder === 'oldestFirst' ? sorted : sorted.reverse());
		},
	);

	it('has a cursor only while a next page exists', async () => {
		const first = await call('GET', `${JOINED}?limit=250`);
		const second = await call('GET', `${JOINED}?limit=250&after=${first.body.paging.next.after}`);
		const last = await call('GET', `${JOINED}?limit=250&after=${second.body.paging.next.after}`);
		expect(last.body.results).toHaveLength(200);
		expect(last.body.paging).not.toHaveProperty('next');
		expect((await call('GET', '/crm/lists/2026-09/103/memberships')).body).toEqual({ results: [], total: 0 });
	});

	it('the cursor that led to the last page, asked again, shows who joined since', async () => {
		const first = await call('GET', `${JOINED}?limit=250`);
		const second = await call('GET', `${JOINED}?limit=250&after=${first.body.paging.next.after}`);
		const saved = second.body.paging.next.after;
		const before = await call('GET', `${JOINED}?limit=250&after=${saved}`);
		const id = hubspot.store.addContact({ email: 'new@example.com' }, [101]);
		hubspot.store.removeFromList(101, [before.body.results[0].recordId, first.body.results[0].recordId]);
		const after = await call('GET', `${JOINED}?limit=250&after=${saved}`);
		expect(after.body.results.map(({ recordId }) => recordId)).toEqual([
			...before.body.results.slice(1).map(({ recordId }) => recordId),
			id,
		]);
	});

	it('`before` walks back, and `after` wins when both are sent', async () => {
		const first = await call('GET', `${JOINED}?limit=10`);
		const second = await call('GET', `${JOINED}?limit=10&after=${first.body.paging.next.after}`);
		const before = second.body.paging.prev.before;
		const back = await call('GET', `${JOINED}?limit=10&before=${before}`);
		expect(back.body.results).toEqual([...first.body.results].reverse());
		const both = await call('GET', `${JOINED}?limit=10&before=${before}&after=${first.body.paging.next.after}`);
		expect(both.body.results).toEqual(second.body.results);
	});

	it('refuses cursors that are malformed, of another list or expired', async () => {
		const { after } = (await call('GET', `${JOINED}?limit=10`)).body.paging.next;
		for (const path of [
			`${JOINED}?after=abc`,
			`${PATH}?after=${after}`,
			`/crm/lists/2026-09/102/memberships/join-order?after=${after}`,
		]) {
			expect({ path, status: (await call('GET', path)).status }).toEqual({ path, status: 400 });
		}
		hubspot.store.lists.cursorGeneration += 1;
		expect((await call('GET', `${JOINED}?after=${after}`)).status).toBe(400);
	});

	it('wide windows over a bad stretch answer 500 every time, narrow ones do not', async () => {
		hubspot.settings.wideWindowFailsAt = 120;
		for (let n = 0; n < 3; n += 1) expect((await call('GET', `${JOINED}?limit=250`)).status).toBe(500);
		const { ids } = await walk(call, JOINED, 50);
		expect(ids).toHaveLength(700);
	});

	it('tells the lists of one record and of up to 100', async () => {
		const [id] = members();
		const one = await call('GET', `/crm/lists/2026-09/records/0-1/${id}/memberships`);
		expect(one.body.results[0]).toMatchObject({ listId: '101', isPublicList: true, listVersion: 1 });
		const inputs = members()
			.slice(0, 100)
			.map((recordId) => ({ objectTypeId: '0-1', recordId }));
		const path = '/crm/lists/2026-09/records/memberships/batch/read';
		const many = await call('POST', path, { inputs });
		expect(many.status).toBe(200);
		expect(many.body.results).toHaveLength(100);
		expect(many.body.results[0]).toMatchObject({ objectTypeId: '0-1', recordListMemberships: [{ listId: '101' }] });
		expect((await call('POST', path, { inputs: [...inputs, inputs[0]] })).status).toBe(400);
		const missing = await call('POST', path, { inputs: [inputs[0], { objectTypeId: '0-1', recordId: '7' }] });
		expect(missing).toMatchObject({ status: 207, body: { numErrors: 1, errors: [{ context: { ids: ['7'] } }] } });
	});

	it('a member that left and came back has two times, and the newer one in the log', async () => {
		const [id = ''] = members();
		const read = async () => (await call('GET', `/crm/lists/2026-09/records/0-1/${id}/memberships`)).body.results[0];
		const before = await read();
		hubspot.store.removeFromList(101, [id]);
		hubspot.store.addToList(101, [id]);
		const after = await read();
		expect(after.firstAddedTimestamp).toBe(before.firstAddedTimestamp);
		expect(Date.parse(after.lastAddedTimestamp)).toBeGreaterThan(Date.parse(before.lastAddedTimestamp));
		expect((await walk(call, JOINED)).ids.at(-1)).toBe(id);
	});

	it('joining a list does not move the contact’s lastmodifieddate', () => {
		const outsider =
			[...hubspot.store.contacts.contacts.keys()].find((id) => !hubspot.store.list(101).members.has(id)) ?? 0;
		const before = hubspot.store.contact(outsider).updatedAt;
		hubspot.store.addToList(101, [outsider]);
		expect(hubspot.store.contact(outsider).updatedAt).toBe(before);
	});
});

describe('lists as a target', () => {
	const LISTS = '/crm/lists/2026-09';
	const added = (email: string) => hubspot.store.addContact({ email });
	const add = (list: string, ids: readonly string[]) => call('PUT', `${LISTS}/${list}/memberships/add`, ids);
	const make = (name: string) => call('POST', LISTS, { name, objectTypeId: '0-1', processingType: 'MANUAL' });

	it('H25: members of an active list cannot be changed; those of static lists can', async () => {
		const id = added('a@example.com');
		const before = members();
		for (const [tail, body] of [
			['add', [id]],
			['remove', before],
			['add-and-remove', { recordIdsToAdd: [id] }],
			['add-from/102', undefined],
		] as const) {
			const refused = await call('PUT', `${LISTS}/101/memberships/${tail}`, body);
			expect(refused).toMatchObject({ status: 400, body: { subCategory: 'ILS.INVALID_PROCESSING_TYPE' } });
		}
		expect((await call('DELETE', `${LISTS}/101/memberships`)).status).toBe(400);
		expect(members()).toEqual(before);
		for (const list of ['102', '103']) expect((await add(list, [id])).status).toBe(200);
	});

	it('a static list is made by name; a name that is taken, in whatever case, is refused', async () => {
		const made = await make('From Salesforce');
		expect(made).toMatchObject({ status: 200, body: { list: { processingType: 'MANUAL', size: 0 } } });
		const again = await make('from salesforce');
		expect(again).toMatchObject({ status: 400, body: { subCategory: 'ILS.DUPLICATE_LIST_NAMES' } });
		const renamed = await call('PUT', `${LISTS}/102/update-list-name?listName=From%20Salesforce`);
		expect(renamed).toMatchObject({ status: 400, body: { subCategory: 'ILS.DUPLICATE_LIST_NAMES' } });
		await call('DELETE', `${LISTS}/${made.body.list.listId}`);
		expect((await add(made.body.list.listId, [])).status).toBe(404);
		expect((await make('from salesforce')).status).toBe(200);
	});

	it('H26: members are record ids, not addresses; a merged-away id adds the contact that is left', async () => {
		expect((await add('103', ['a@example.com'])).status).toBe(400);
		const [a, b] = [added('a@example.com'), added('b@example.com')];
		const survivor = hubspot.store.merge(a, b);
		expect((await add('103', [b, '7'])).body).toMatchObject({ recordsIdsAdded: [survivor], recordIdsMissing: ['7'] });
	});

	it('refuses more ids than one change may have', async () => {
		hubspot.settings.membershipChangeLimit = 2;
		const ids = members();
		expect((await add('103', ids.slice(0, 3))).status).toBe(400);
		expect((await add('103', ids.slice(0, 2))).status).toBe(200);
	});

	it('takes all members of another list', async () => {
		expect((await call('PUT', `${LISTS}/103/memberships/add-from/101`)).status).toBe(204);
		expect(hubspot.store.list(103).members.size).toBe(700);
	});
});
