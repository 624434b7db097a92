import { startHubSpot, type RunningHubSpot } from '../../../sandbox/hubspot';
import { callsTo, type Call } from './hubSpotCalls';

let hubspot: RunningHubSpot;
let call: Call;
beforeAll(async () => {
	hubspot = await startHubSpot({ members: 0, extraContacts: 0, awkward: false, burstLimit: 10_000 });
	call = callsTo(hubspot);
});
afterAll(() => hubspot.close());
beforeEach(() => {
	hubspot.reset();
	hubspot.clock.freeze();
});

const LISTS = '/crm/lists/2026-09';
const DELAY_MS = 2_000;
type Operation = Record<string, unknown>;

const is = (property: string, operation: Operation) => ({ filterType: 'PROPERTY', property, operation });
const both = (...filters: readonly object[]) => branch('AND', [], filters);
const any = (...branches: readonly object[]) => branch('OR', branches, []);
function branch(type: string, filterBranches: readonly object[], filters: readonly object[]) {
	return { filterBranchType: type, filterBranchOperator: type, filterBranches, filters };
}
const text = (operator: string, value: string, more: Operation = {}): Operation => ({
	operationType: 'STRING',
	operator,
	value,
	includeObjectsWithNoValueSet: false,
	...more,
});
const options = (operator: string, ...values: readonly string[]): Operation => ({
	operationType: 'ENUMERATION',
	operator,
	values,
});
const inCity = (city: string) => any(both(is('city', text('IS_EQUAL_TO', city))));

const added = (properties: Record<string, string>) => hubspot.store.addContact(properties);
const create = (filterBranch: object, name = 'Filtered', processingType = 'DYNAMIC') =>
	call('POST', LISTS, { name, objectTypeId: '0-1', processingType, filterBranch });
const membersOf = (list: string) => [...hubspot.store.list(list).members.ids()].map(String);
const statusOf = async (list: string) =>
	((await call('GET', `${LISTS}/${list}`)).body.list as unknown as { processingStatus: string }).processingStatus;
const joined = async (list: string) =>
	(await call('GET', `${LISTS}/${list}/memberships/join-order`)).body.results.map(
		({ recordId, membershipTimestamp }) => [recordId, Date.parse(membershipTimestamp)] as const,
	);

describe('active lists of the stand-in HubSpot that follow their filters', () => {
	it('is PROCESSING at first, and has its members after the delay', async () => {
		const id = added({ city: 'Lyon' });
		added({ city: 'Nice' });
		const { body } = await create(inCity('LYON'));
		const { listId } = body.list;
		expect([await statusOf(listId), membersOf(listId)]).toEqual(['PROCESSING', []]);
		hubspot.clock.advance(DELAY_MS - 1);
		expect([await statusOf(listId), membersOf(listId)]).toEqual(['PROCESSING', []]);
		hubspot.clock.advance(1);
		expect([await statusOf(listId), membersOf(listId)]).toEqual(['COMPLETE', [id]]);
	});

	it('adds and removes contacts as they change, each at its time, in join order', async () => {
		const start = hubspot.clock.now();
		const list = hubspot.store.createFilteredList('Lyon', inCity('Lyon'));
		hubspot.clock.advance(10_000);
		const first = await call('POST', '/crm/objects/2026-09/contacts', { properties: { city: 'Lyon' } });
		const second = added({ city: 'Nice' });
		hubspot.clock.advance(500);
		hubspot.store.changeContact(second, { city: 'Lyon' });
		expect(membersOf(list)).toEqual([]);
		hubspot.clock.advance(60_000);
		expect(await joined(list)).toEqual([
			[first.body.id, start + 12_000],
			[second, start + 12_500],
		]);

		await call('PATCH', `/crm/objects/2026-09/contacts/${first.body.id}`, { properties: { city: '' } });
		expect(membersOf(list)).toContain(first.body.id);
		hubspot.clock.advance(DELAY_MS);
		expect(membersOf(list)).toEqual([second]);
		const { body } = await call('POST', `${LISTS}/search`, { listIds: [list] });
		expect(Number(body.lists[0].additionalProperties['hs_last_record_removed_at'])).toBe(hubspot.clock.now());
	});

	it('a contact that changes back in time neither joins nor leaves', () => {
		const list = hubspot.store.createFilteredList('Lyon', inCity('Lyon'));
		hubspot.clock.advance(DELAY_MS);
		const { listVersion } = hubspot.store.list(list);
		const id = added({ city: 'Lyon' });
		hubspot.clock.advance(DELAY_MS / 2);
		hubspot.store.changeContact(id, { city: 'Nice' });
		hubspot.clock.advance(10 * DELAY_MS);
		expect(membersOf(list)).toEqual([]);
		expect(hubspot.store.list(list).listVersion).toBe(listVersion);
	});

	it('archived contacts leave at once and come back when restored; the survivor of a merge belongs by its own values', () => {
		const list = hubspot.store.createFilteredList('Lyon', inCity('Lyon'));
		const [a, b] = [added({ city: 'Lyon', email: 'a@example.com' }), added({ city: 'Nice', email: 'b@example.com' })];
		hubspot.clock.advance(DELAY_MS);
		hubspot.store.archive(a);
		expect(membersOf(list)).toEqual([]);
		hubspot.store.restoreContact(a);
		hubspot.clock.advance(DELAY_MS);
		expect(membersOf(list)).toEqual([a]);
		hubspot.store.merge(b, a);
		hubspot.clock.advance(DELAY_MS);
		expect(membersOf(list)).toEqual([]);
	});

	it('an edit of the filters computes all members anew; the list is PROCESSING until then', async () => {
		const [lyon, nice] = [added({ city: 'Lyon' }), added({ city: 'Nice' })];
		const list = hubspot.store.createFilteredList('Town', inCity('Lyon'));
		hubspot.clock.advance(DELAY_MS);
		const before = (await call('GET', `${LISTS}/${list}`)).body.list;
		const filterBranch = inCity('Nice');
		const edited = await call('PUT', `${LISTS}/${list}/update-list-filters`, { filterBranch });
		expect(edited.status).toBe(200);
		expect([await statusOf(list), membersOf(list)]).toEqual(['PROCESSING', [lyon]]);
		hubspot.clock.advance(DELAY_MS);
		expect([await statusOf(list), membersOf(list)]).toEqual(['COMPLETE', [nice]]);
		const { body } = await call('GET', `${LISTS}/${list}?includeFilters=true`);
		expect(body.list.filterBranch).toEqual(filterBranch);
		expect(body.list.filtersUpdatedAt).not.toBe(before.filtersUpdatedAt);
		expect(body.list.listVersion).toBeGreaterThan(before.listVersion);
		expect((await call('PUT', `${LISTS}/102/update-list-filters`, { filterBranch })).status).toBe(400);
	});

	it('a snapshot takes who fits once, and is a static list from then on', async () => {
		const id = added({ city: 'Lyon' });
		const { body } = await create(inCity('Lyon'), 'Snapshot', 'SNAPSHOT');
		const { listId } = body.list;
		hubspot.clock.advance(DELAY_MS);
		hubspot.store.changeContact(id, { city: 'Nice' });
		const later = added({ city: 'Lyon' });
		hubspot.clock.advance(DELAY_MS);
		expect(membersOf(listId)).toEqual([id]);
		expect((await call('PUT', `${LISTS}/${listId}/memberships/add`, [later])).status).toBe(200);
	});

	it('a list that was deleted misses nothing once it is restored', () => {
		const list = hubspot.store.createFilteredList('Lyon', inCity('Lyon'));
		hubspot.store.deleteList(list);
		const id = added({ city: 'Lyon' });
		hubspot.clock.advance(DELAY_MS);
		hubspot.store.restoreList(list);
		hubspot.clock.advance(DELAY_MS);
		expect(membersOf(list)).toEqual([id]);
	});

	it.each([
		['city', text('IS_EQUAL_TO', 'lyon'), 'ac'],
		['city', text('IS_NOT_EQUAL_TO', 'lyon'), 'b'],
		['city', text('IS_NOT_EQUAL_TO', 'lyon', { includeObjectsWithNoValueSet: true }), 'bd'],
		['city', text('CONTAINS', 'I'), 'b'],
		['city', text('DOES_NOT_CONTAIN', 'i'), 'ac'],
		['city', text('STARTS_WITH', 'ly'), 'ac'],
		['city', text('ENDS_WITH', 'E'), 'b'],
		['city', { operationType: 'MULTISTRING', operator: 'IS_EQUAL_TO', values: ['Lyon', 'Nice'] }, 'abc'],
		['city', { operationType: 'ALL_PROPERTY', operator: 'IS_KNOWN' }, 'abc'],
		['city', { operationType: 'ALL_PROPERTY', operator: 'HAS_PROPERTY' }, 'abc'],
		['city', { operationType: 'ALL_PROPERTY', operator: 'IS_UNKNOWN' }, 'd'],
		['loyalty_points', { operationType: 'NUMBER', operator: 'IS_GREATER_THAN', value: 9 }, 'b'],
		['loyalty_points', { operationType: 'NUMBER', operator: 'IS_LESS_THAN_OR_EQUAL_TO', value: 9 }, 'a'],
		['vip', { operationType: 'BOOL', operator: 'IS_EQUAL_TO', value: true }, 'a'],
		['customer_tier', options('IS_ANY_OF', 'gold', 'silver'), 'a'],
		['customer_tier', options('IS_NONE_OF', 'gold'), 'b'],
		['interests', options('IS_ANY_OF', 'tea'), 'ab'],
		['interests', options('IS_EXACTLY', 'tea'), 'b'],
		['interests', options('CONTAINS_ALL', 'tea', 'books'), 'a'],
	])('%s %j', (property, operation, expected) => {
		const people = {
			a: { city: 'Lyon', loyalty_points: '9', vip: 'true', customer_tier: 'gold', interests: 'tea;books' },
			b: { city: 'Nice', loyalty_points: '10', vip: 'false', customer_tier: 'bronze', interests: 'tea' },
			c: { city: 'LYON' },
			d: {},
		};
		const names = new Map(Object.entries(people).map(([name, properties]) => [added(properties), name]));
		const list = hubspot.store.createFilteredList('Filtered', any(both(is(property, operation))));
		hubspot.clock.advance(DELAY_MS);
		const found = membersOf(list).map((id) => names.get(id));
		expect(found.sort().join('')).toBe(expected);
	});

	it('branches: any of several, each of which holds as a whole', () => {
		const gold = is('customer_tier', options('IS_ANY_OF', 'gold'));
		const ids = [
			added({ city: 'Lyon', customer_tier: 'gold' }),
			added({ city: 'Lyon' }),
			added({ city: 'Nice', customer_tier: 'gold' }),
			added({ city: 'Nice', vip: 'true' }),
		];
		const vip = is('vip', { operationType: 'BOOL', operator: 'IS_EQUAL_TO', value: true });
		const list = hubspot.store.createFilteredList(
			'Any',
			any(both(is('city', text('IS_EQUAL_TO', 'Lyon')), gold), both(vip)),
		);
		hubspot.clock.advance(DELAY_MS);
		expect(membersOf(list)).toEqual([ids[0], ids[3]]);
	});

	it.each([
		['no OR at the root', both(is('city', text('IS_EQUAL_TO', 'Lyon')))],
		['filters at the root', branch('OR', [], [is('city', text('IS_EQUAL_TO', 'Lyon'))])],
		['an unknown property', any(both(is('nope', text('IS_EQUAL_TO', 'Lyon'))))],
		['an operator of another type', any(both(is('customer_tier', options('IS_NOT_EQUAL_TO', 'gold'))))],
		['no value', any(both(is('city', { operationType: 'STRING', operator: 'IS_EQUAL_TO' })))],
		['another kind of filter', any(both({ filterType: 'IN_LIST', listId: '101', operator: 'IN_LIST' }))],
	])('refuses filters with %s, and makes no list', async (_what, filterBranch) => {
		expect(await create(filterBranch)).toMatchObject({ status: 400, body: { category: 'VALIDATION_ERROR' } });
		expect(hubspot.store.lists.byName('Filtered')).toBeUndefined();
	});

	it('can be made and watched from outside: createActiveList, editFilters, /export?all=true', async () => {
		const control = async (path: string, body?: object) => {
			const init = body && {
				method: 'POST',
				body: JSON.stringify(body),
				headers: { 'content-type': 'application/json' },
			};
			return (await fetch(`${hubspot.origin}/_sandbox${path}`, init)).json() as Promise<Record<string, unknown>>;
		};
		const id = added({ city: 'Lyon', email: 'a@example.com' });
		hubspot.store.optOut(id);
		const { result } = await control('/do', { op: 'createActiveList', name: 'Lyon', filterBranch: inCity('Lyon') });
		const { id: list } = result as { id: string };
		await control('/do', { op: 'addSecondaryEmail', id, email: 'b@example.com' });
		await call('POST', '/communication-preferences/2026-09/statuses/c@example.com/unsubscribe-all?channel=EMAIL');
		hubspot.clock.advance(DELAY_MS);
		expect(await control('/export?all=true')).toMatchObject({
			contacts: [
				{
					id,
					properties: { hs_additional_emails: 'b@example.com' },
					lists: [list],
					preferences: { optedOut: true, statuses: { Newsletter: 'UNSUBSCRIBED' } },
				},
			],
			optedOut: ['a@example.com', 'c@example.com'],
		});
		await control('/do', { op: 'editFilters', list, filterBranch: inCity('Nice') });
		hubspot.clock.advance(DELAY_MS);
		expect(await control('/export?all=true')).toMatchObject({ contacts: [{ id, lists: [] }] });
		await control('/do', { op: 'setDataPrivacy', on: true });
		await control('/do', { op: 'setValidationRules', rules: [{ property: 'city', minLength: 3 }] });
		expect(hubspot.settings).toMatchObject({ dataPrivacy: true, validationRules: [{ minLength: 3 }] });
	});
});
