import { Client } from '@hubspot/api-client';
import { startHubSpot, TOKEN_WITHOUT_LISTS, type RunningHubSpot } from '../../../sandbox/hubspot';

// HubSpot's own client, which was not written here, must get along with the stand-in.

let hubspot: RunningHubSpot;
let client: Client;
beforeAll(async () => {
	hubspot = await startHubSpot({ members: 600, accountTier: 'professional' });
	client = new Client({ accessToken: hubspot.token, basePath: hubspot.url });
});
afterAll(() => hubspot.close());
beforeEach(() => hubspot.reset());

const failure = async (work: Promise<unknown>): Promise<{ code: number; body: Record<string, unknown> }> => {
	try {
		await work;
	} catch (error) {
		return error as { code: number; body: Record<string, unknown> };
	}
	throw new Error('The call did not fail');
};

describe('@hubspot/api-client against the stand-in', () => {
	it('lists: search, by id, by name', async () => {
		const found = await client.crm.lists.listsApi.doSearch({ query: 'newsletter', offset: 0, count: 500 });
		expect(found.lists[0]).toMatchObject({ listId: '101', name: 'Newsletter subscribers' });
		expect(found.lists[0]?.additionalProperties['hs_list_size']).toBe('600');
		expect(found.lists[0]?.createdAt).toBeInstanceOf(Date);
		const one = await client.crm.lists.listsApi.getById('101');
		expect(one.list).toMatchObject({ size: 600, processingType: 'DYNAMIC' });
		const named = await client.crm.lists.listsApi.getByName('nobody yet', '0-1');
		expect(named.list.listId).toBe('103');
	});

	it('memberships by id and in join order, page after page', async () => {
		for (const read of ['getPage', 'getPageOrderedByAddedToListDate'] as const) {
			const ids = new Set<string>();
			let after: string | undefined;
			do {
				const page = await client.crm.lists.membershipsApi[read]('101', after, undefined, 250);
				for (const { recordId, membershipTimestamp } of page.results) {
					expect(membershipTimestamp).toBeInstanceOf(Date);
					ids.add(recordId);
				}
				after = page.paging?.next?.after;
			} while (after !== undefined);
			expect(ids.size).toBe(600);
		}
		const [id = 0] = [...hubspot.store.list(101).members.ids()];
		const lists = await client.crm.lists.membershipsApi.getLists('0-1', String(id));
		expect(lists.results[0]).toMatchObject({ listId: '101' });
		const added = await client.crm.lists.membershipsApi.add('103', [String(id)]);
		expect(added.recordsIdsAdded).toEqual([String(id)]);
	});

	it('contacts: batch read with history, search, create, update, upsert, merge, archive', async () => {
		const ids = [...hubspot.store.list(101).members.ids()].slice(0, 50).map(String);
		const inputs = ids.map((id) => ({ id }));
		const read = await client.crm.contacts.batchApi.read({
			inputs,
			properties: ['email'],
			propertiesWithHistory: ['email'],
		});
		expect(read.results).toHaveLength(50);
		expect(read.results[0]?.createdAt).toBeInstanceOf(Date);
		expect(read.results[0]?.propertiesWithHistory?.['email']?.[0]?.timestamp).toBeInstanceOf(Date);

		const made = await client.crm.contacts.basicApi.create({
			properties: { email: 'sdk@example.com', city: 'Nantes' },
			associations: [],
		});
		const updated = await client.crm.contacts.basicApi.update(made.id, { properties: { city: 'Rennes' } });
		expect(updated.properties['city']).toBe('Rennes');
		const hits = await client.crm.contacts.searchApi.doSearch({
			filterGroups: [{ filters: [{ propertyName: 'email', operator: 'EQ' as never, value: 'sdk@example.com' }] }],
			sorts: ['-lastmodifieddate'],
			properties: ['city'],
			limit: 200,
			after: '0',
		});
		expect(hits).toMatchObject({ total: 1, results: [{ id: made.id, properties: { city: 'Rennes' } }] });
		const upserted = await client.crm.contacts.batchApi.upsert({
			inputs: [{ id: 'sdk@example.com', idProperty: 'email', properties: { city: 'Brest' } }],
		});
		expect(upserted.results[0]).toMatchObject({ id: made.id, _new: false });
		const merged = await client.crm.contacts.basicApi.merge({
			primaryObjectId: made.id,
			objectIdToMerge: ids[0] as string,
		});
		await client.crm.contacts.basicApi.archive(merged.id);
		expect((await failure(client.crm.contacts.basicApi.getById(merged.id))).code).toBe(404);
	});

	it('writes of a destination: H1 conflicts, rows with trace ids, H25 active lists, filters', async () => {
		const { batchApi } = client.crm.contacts;
		const row = (email: string, objectWriteTraceId?: string) => ({
			properties: { email },
			associations: [],
			...(objectWriteTraceId !== undefined && { objectWriteTraceId }),
		});
		const id = hubspot.store.addContact({ email: 'taken@example.com' });
		expect(
			await failure(batchApi.create({ inputs: [row('free@example.com'), row('taken@example.com')] })),
		).toMatchObject({
			code: 409,
			body: { category: 'CONFLICT', message: `Contact already exists. Existing ID: ${id}` },
		});
		const made = await batchApi.create({ inputs: [row('free@example.com', '1'), row('taken@example.com', '2')] });
		expect(made.results).toHaveLength(1);
		expect(made).toMatchObject({ numErrors: 1, errors: [{ category: 'CONFLICT' }] });

		const { listsApi, membershipsApi } = client.crm.lists;
		const inCity = (value: string) => ({
			filterBranchType: 'OR',
			filterBranchOperator: 'OR',
			filters: [],
			filterBranches: [
				{
					filterBranchType: 'AND',
					filterBranchOperator: 'AND',
					filterBranches: [],
					filters: [
						{
							filterType: 'PROPERTY',
							property: 'city',
							operation: {
								operationType: 'STRING',
								operator: 'IS_EQUAL_TO',
								value,
								includeObjectsWithNoValueSet: false,
							},
						},
					],
				},
			],
		});
		const { list } = await listsApi.create({
			name: 'Lyon',
			objectTypeId: '0-1',
			processingType: 'DYNAMIC',
			filterBranch: inCity('Lyon') as never,
		});
		expect(list.processingStatus).toBe('PROCESSING');
		await listsApi.updateListFilters(list.listId, { filterBranch: inCity('Nice') as never });
		const read = await listsApi.getById(list.listId, true);
		expect(read.list.filterBranch).toMatchObject({ filterBranchType: 'OR' });
		expect(await failure(membershipsApi.add(list.listId, [id]))).toMatchObject({
			code: 400,
			body: { subCategory: 'ILS.INVALID_PROCESSING_TYPE' },
		});
	});

	it('properties', async () => {
		const { results } = await client.crm.properties.coreApi.getAll('contacts');
		expect(results.find(({ name }) => name === 'customer_tier')).toMatchObject({
			type: 'enumeration',
			fieldType: 'radio',
		});
		expect(results.find(({ name }) => name === 'hubspotscore')?.modificationMetadata?.readOnlyValue).toBe(true);
		expect((await client.crm.properties.coreApi.getByName('contacts', 'email')).hasUniqueValue).toBe(true);
	});

	it('errors: wrong key, missing scope, too many inputs', async () => {
		const wrong = new Client({ accessToken: 'pat-wrong', basePath: hubspot.url });
		expect(await failure(wrong.crm.lists.listsApi.getById('101'))).toMatchObject({
			code: 401,
			body: { category: 'INVALID_AUTHENTICATION' },
		});
		const narrow = new Client({ accessToken: TOKEN_WITHOUT_LISTS, basePath: hubspot.url });
		expect(await failure(narrow.crm.lists.listsApi.getById('101'))).toMatchObject({
			code: 403,
			body: { category: 'MISSING_SCOPES' },
		});
		const inputs = Array.from({ length: 101 }, (_, n) => ({ id: String(n + 1) }));
		const tooMany = client.crm.contacts.batchApi.read({ inputs, properties: [], propertiesWithHistory: [] });
		expect(await failure(tooMany)).toMatchObject({ code: 400, body: { category: 'VALIDATION_ERROR' } });
	});

	it('its own retry understands the search limit of five a second', async () => {
		const said = jest.spyOn(console, 'error').mockImplementation(() => undefined);
		const patient = new Client({ accessToken: hubspot.token, basePath: hubspot.url, numberOfApiCallRetries: 3 });
		const query = { filterGroups: [], sorts: [], properties: [], limit: 1, after: '0' } as never;
		const answers = await Promise.all(Array.from({ length: 8 }, () => patient.crm.contacts.searchApi.doSearch(query)));
		expect(answers).toHaveLength(8);
		expect(said).toHaveBeenCalledTimes(3);
		said.mockRestore();
		expect(hubspot.requests.statuses()['429']).toBe(3);
	});
});
