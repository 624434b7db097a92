import { startHubSpot, type RunningHubSpot } from '../../../sandbox/hubspot';
import { callsTo, type Call } from './hubSpotCalls';

let hubspot: RunningHubSpot;
let call: Call;
beforeAll(async () => {
	hubspot = await startHubSpot({ members: 11_000, searchPerSecond: 1_000 });
	call = callsTo(hubspot);
});
afterAll(() => hubspot.close());

const search = (body: object) => call('POST', '/crm/objects/2026-09/contacts/search', body);
const where = (...filters: object[]) => ({ filterGroups: [{ filters }] });
const idsOf = (body: { results: Array<{ id: string }> }) => body.results.map(({ id }) => id);

describe('contact search of the stand-in HubSpot', () => {
	it('200 a page at most, 10 by default, and 10,000 in all', async () => {
		expect((await search({})).body.results).toHaveLength(10);
		const page = await search({ limit: 200 });
		expect(page.body).toMatchObject({ total: 12_100, paging: { next: { after: '200' } } });
		expect((await search({ limit: 201 })).status).toBe(400);
		const last = await search({ limit: 200, after: '9800' });
		expect(last.body).toMatchObject({ paging: { next: { after: '10000' } } });
		expect((await search({ limit: 200, after: '10000' })).status).toBe(400);
		for (const after of ['abc', '1.5', '-1'])
			expect({ after, status: (await search({ after })).status }).toEqual({ after, status: 400 });
	});

	it('pages past 10,000 by id, every contact once', async () => {
		const seen = new Set<string>();
		let last = '0';
		for (;;) {
			const { body } = await search({
				...where({ propertyName: 'hs_object_id', operator: 'GT', value: last }),
				sorts: [{ propertyName: 'hs_object_id', direction: 'ASCENDING' }],
				limit: 200,
			});
			const ids = idsOf(body);
			if (ids.length === 0) break;
			for (const id of ids) seen.add(id);
			last = ids[ids.length - 1] as string;
		}
		expect(seen.size).toBe(12_100);
	});

	it('two filter groups make a strict cursor over (time, id), also through thousands of one instant', async () => {
		const start = Date.UTC(2025, 5, 20);
		const seen: string[] = [];
		let cursor = { time: start, id: '0' };
		hubspot.store.bulkChange([...hubspot.store.list(101).members.ids()].slice(0, 2_000), { city: 'Bulk' });
		for (;;) {
			const time = String(cursor.time);
			const { body } = await search({
				filterGroups: [
					{ filters: [{ propertyName: 'lastmodifieddate', operator: 'GT', value: time }] },
					{
						filters: [
							{ propertyName: 'lastmodifieddate', operator: 'EQ', value: time },
							{ propertyName: 'hs_object_id', operator: 'GT', value: cursor.id },
						],
					},
				],
				sorts: [{ propertyName: 'lastmodifieddate', direction: 'ASCENDING' }],
				limit: 200,
			});
			const hits: Array<{ id: string; updatedAt: string }> = body.results;
			const last = hits.at(-1);
			if (last === undefined) break;
			// Among equal times the page is not in the order of ids: only what a strict cursor covers may be kept.
			const isOneInstant = hits[0]?.updatedAt === last.updatedAt;
			if (isOneInstant && hits.length === 200) {
				const drained = await drain(Date.parse(last.updatedAt));
				seen.push(...drained);
				cursor = { time: Date.parse(last.updatedAt), id: '999999999999' };
			} else {
				const whole = hits.length === 200 ? hits.filter(({ updatedAt }) => updatedAt !== last.updatedAt) : hits;
				seen.push(...whole.map(({ id }) => id));
				cursor = { time: Date.parse(whole.at(-1)?.updatedAt ?? ''), id: '999999999999' };
			}
		}
		const expected = [...hubspot.store.contacts.contacts.values()].filter(({ updatedAt }) => updatedAt >= start);
		expect(expected.length).toBeGreaterThan(2_000);
		expect([...seen].sort()).toEqual(expected.map(({ id }) => String(id)).sort());
	});

	async function drain(time: number): Promise<string[]> {
		const ids: string[] = [];
		for (;;) {
			const { body } = await search({
				...where(
					{ propertyName: 'lastmodifieddate', operator: 'EQ', value: String(time) },
					{ propertyName: 'hs_object_id', operator: 'GT', value: ids.at(-1) ?? '0' },
				),
				sorts: ['hs_object_id'],
				limit: 200,
			});
			const page = idsOf(body);
			if (page.length === 0) return ids;
			ids.push(...page);
		}
	}

	it('sorts by time; among equal times the order is not by id', async () => {
		const { body } = await search({
			sorts: [{ propertyName: 'lastmodifieddate', direction: 'DESCENDING' }],
			limit: 200,
		});
		const times = body.results.map(({ updatedAt }) => updatedAt);
		expect(times).toEqual([...times].sort().reverse());
		const bulk = await search({
			...where({ propertyName: 'lastmodifieddate', operator: 'EQ', value: String(Date.UTC(2025, 2, 3, 9)) }),
			sorts: ['lastmodifieddate'],
			limit: 200,
		});
		const ids = idsOf(bulk.body).map(Number);
		expect(bulk.body.total).toBeGreaterThan(1_000);
		expect(ids).not.toEqual([...ids].sort((a, b) => a - b));
	});

	it('without properties answers six, naming any replaces them', async () => {
		const names = async (body: object) =>
			Object.keys((await search({ ...body, limit: 1 })).body.results[0].properties).sort();
		expect(await names({})).toEqual([
			'createdate',
			'email',
			'firstname',
			'hs_object_id',
			'lastmodifieddate',
			'lastname',
		]);
		expect(await names({ properties: ['phone'] })).toEqual(['createdate', 'hs_object_id', 'lastmodifieddate', 'phone']);
	});

	it('operators', async () => {
		const id = hubspot.store.addContact({
			email: 'find.me@needle.example',
			firstname: 'Nadel',
			loyalty_points: '77777',
			interests: 'tea;books',
			birthday: '1931-02-03',
		});
		const cases: Array<[Record<string, unknown>, boolean]> = [
			[{ propertyName: 'email', operator: 'EQ', value: 'FIND.me@needle.example' }, true],
			[{ propertyName: 'email', operator: 'IN', values: ['find.me@needle.example', 'x'] }, true],
			[{ propertyName: 'email', operator: 'IN', values: ['FIND.me@needle.example'] }, false],
			[{ propertyName: 'email', operator: 'NOT_IN', values: ['find.me@needle.example'] }, false],
			[{ propertyName: 'email', operator: 'CONTAINS_TOKEN', value: '*needle.example' }, true],
			[{ propertyName: 'email', operator: 'CONTAINS_TOKEN', value: 'needle' }, true],
			[{ propertyName: 'email', operator: 'NOT_CONTAINS_TOKEN', value: 'needle' }, false],
			[{ propertyName: 'loyalty_points', operator: 'GTE', value: '77777' }, true],
			[{ propertyName: 'loyalty_points', operator: 'LT', value: '9999' }, false],
			[{ propertyName: 'loyalty_points', operator: 'BETWEEN', value: '70000', highValue: '80000' }, true],
			[{ propertyName: 'interests', operator: 'IN', values: ['books'] }, true],
			[{ propertyName: 'birthday', operator: 'LTE', value: '1931-02-03' }, true],
			[{ propertyName: 'phone', operator: 'NOT_HAS_PROPERTY' }, true],
			[{ propertyName: 'phone', operator: 'HAS_PROPERTY' }, false],
			[{ propertyName: 'firstname', operator: 'NEQ', value: 'nadel' }, false],
		];
		for (const [filter, isHit] of cases) {
			const { body } = await search(where(filter, { propertyName: 'hs_object_id', operator: 'EQ', value: id }));
			expect({ filter, ids: idsOf(body) }).toEqual({ filter, ids: isHit ? [id] : [] });
		}
		expect(idsOf((await search({ query: 'needle' })).body)).toEqual([id]);
		hubspot.store.archive(id);
		expect((await search({ query: 'needle' })).body.total).toBe(0);
	});

	it('refuses too many groups, filters and sorts, unknown properties and operators, and numbers as properties', async () => {
		const filter = { propertyName: 'email', operator: 'HAS_PROPERTY' };
		const group = (size: number) => ({ filters: Array.from({ length: size }, () => filter) });
		const bad: object[] = [
			{ filterGroups: Array.from({ length: 6 }, () => group(1)) },
			{ filterGroups: [group(7)] },
			{ filterGroups: [group(6), group(6), group(6), group(1)] },
			{ sorts: ['email', 'firstname'] },
			where({ propertyName: 'no_such_property', operator: 'HAS_PROPERTY' }),
			where({ propertyName: 'email', operator: 'LIKE', value: 'x' }),
			where({ propertyName: 'email', operator: 'IN', values: [] }),
			where({ propertyName: 'email', operator: 'EQ' }),
			{ properties: [1] },
			{ limit: '10' },
		];
		for (const body of bad) expect({ body, status: (await search(body)).status }).toEqual({ body, status: 400 });
		expect((await search({ filterGroups: [group(6), group(6), group(6)], limit: 1 })).status).toBe(200);
	});

	it('a time window from the epoch itself answers 500, one second later it does not', async () => {
		const from = (value: string) =>
			search({ ...where({ propertyName: 'lastmodifieddate', operator: 'GTE', value }), limit: 1 });
		expect((await from('0')).status).toBe(500);
		expect((await from('1000')).status).toBe(200);
	});

	it('has the seeded contacts indexed from the start, whatever the delay', async () => {
		const slow = await startHubSpot({ members: 5, extraContacts: 0, indexingDelayMs: 60_000 });
		const { body } = await callsTo(slow)('POST', '/crm/objects/2026-09/contacts/search', {});
		await slow.close();
		expect(body.total).toBe(5);
	});

	it('shows changes and new contacts only after the indexing delay', async () => {
		hubspot.settings.indexingDelayMs = 5_000;
		hubspot.clock.freeze();
		const id = hubspot.store.addContact({ email: 'slow@delay.example' });
		const find = async (value: string) =>
			(await search(where({ propertyName: 'email', operator: 'EQ', value }))).body.total;
		expect(await find('slow@delay.example')).toBe(0);
		hubspot.clock.advance(3_000);
		hubspot.store.changeContact(id, { email: 'moved@delay.example' });
		hubspot.clock.advance(2_000);
		expect([await find('slow@delay.example'), await find('moved@delay.example')]).toEqual([1, 0]);
		hubspot.clock.advance(3_000);
		expect([await find('slow@delay.example'), await find('moved@delay.example')]).toEqual([0, 1]);
		hubspot.settings.indexingDelayMs = 0;
		hubspot.clock.unfreeze();
	});
});
