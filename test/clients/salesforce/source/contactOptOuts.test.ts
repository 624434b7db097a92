import { liveIds, told } from '../support/contactFollower';
import { FollowedOrg } from '../support/followedOrg';

const org = new FollowedOrg();
afterEach(org.end);

const OPT_OUT = 'HasOptedOutOfEmail';
const access = (shown: 'hidden' | 'full'): unknown =>
	org.do('setAccess', { object: 'Contact', field: OPT_OUT, access: shown });

describe('opt-outs that field-level security hid', () => {
	it('promise 1: set and emitted while hidden, they come once the field is visible again, each once', async () => {
		await org.follow({ contacts: 8 });
		const [a = '', b = '', c = ''] = liveIds(org.salesforce);
		access('hidden');
		org.change(a, { FirstName: 'Hidden', [OPT_OUT]: true });
		org.change(b, { FirstName: 'Hidden' });
		expect(await org.polls(3)).toMatchObject([{ optedOut: null }, { optedOut: null }]);
		org.change(c, { [OPT_OUT]: true });
		await org.polls(30);
		access('full');
		const after = await org.polls(5);
		const optedOut = [...org.salesforce.store.table('Contact').rows.values()].filter((row) => row[OPT_OUT] === true);
		expect(told(after)).toEqual(optedOut.map(({ Id: id }) => [String(id), 'updated']).sort());
		expect(after.every((change) => change.optedOut === true)).toBe(true);
		expect(await org.polls(20)).toEqual([]);
	});

	it('promise 1: set during a first sync that did not see the field', async () => {
		await org.start({ contacts: 6, hiddenFields: [`Contact.${OPT_OUT}`] }, { batchSize: 2 });
		const [a = ''] = liveIds(org.salesforce);
		org.change(a, { [OPT_OUT]: true });
		await org.polls(3);
		access('full');
		expect((await org.polls(3)).filter(({ optedOut }) => optedOut).map(({ source }) => source.id)).toContain(a);
	});

	it('promise 1: a state of a version that did not note it down', async () => {
		await org.start({ contacts: 6, hiddenFields: [`Contact.${OPT_OUT}`] });
		await org.follower.firstSync();
		await org.polls(2);
		org.follower.editState((state) => ({ ...state, cursor: { ...state.cursor, optOutsHidden: undefined } }));
		const [a = ''] = liveIds(org.salesforce);
		org.change(a, { [OPT_OUT]: true });
		await org.polls(30);
		access('full');
		expect(await org.polls(3)).toMatchObject([{ source: { id: a }, optedOut: true }]);
	});

	it('a contact that left meanwhile is emitted too, a batch at a time', async () => {
		await org.follow({ contacts: 8 }, { batchSize: 2, scope: { kind: 'conditions', combine: 'all', conditions: [{ field: 'Title', operator: 'notEquals', value: 'Gone' }] } }); // prettier-ignore
		const ids = liveIds(org.salesforce).slice(0, 5);
		access('hidden');
		for (const id of ids) org.change(id, { Title: 'Gone', [OPT_OUT]: true });
		expect(told(await org.polls(4))).toEqual(ids.map((id) => [id, 'removed']));
		access('full');
		const after = await org.polls(4);
		expect(after.filter(({ optedOut }) => optedOut).map(({ source }) => source.id)).toEqual(expect.arrayContaining(ids)); // prettier-ignore
		expect(Math.max(...org.follower.batches.map(({ length }) => length), 0)).toBeLessThanOrEqual(2);
	});

	it('while hidden and ignored, an idle poll stays one call', async () => {
		await org.start({ contacts: 4, hiddenFields: [`Contact.${OPT_OUT}`] }, { ignoresOptOuts: true });
		await org.follower.firstSync();
		await org.polls(2);
		org.salesforce.requests.clear();
		await org.polls(1);
		expect(org.follower.calls).toBe(1);
	});
});

describe('HB-19: opt-outs while a sync pauses', () => {
	const stored = (): ReturnType<typeof cursor> => cursor();
	function cursor() {
		let seen: unknown;
		org.follower.editState((state) => ((seen = state.cursor), state));
		return org.follower.open().readCursor(seen);
	}
	async function look(seen?: string) {
		org.salesforce.clock.advance(60_000);
		org.salesforce.requests.clear();
		const looked = await org.follower.open().readOptOuts(stored(), seen);
		if (looked.kind !== 'ok') throw new Error(looked.reason);
		expect(org.follower.calls).toBeLessThanOrEqual(10);
		return { seen: looked.value.seen, told: looked.value.changes.map(({ source, change, optedOut }) => [source.id, change, optedOut]) }; // prettier-ignore
	}

	it('promise 1: each comes once, also one that shows up late; the change itself waits for the end of the pause', async () => {
		await org.follow({ contacts: 10 });
		const [a = '', b = '', c = ''] = liveIds(org.salesforce);
		org.change(a, { [OPT_OUT]: true });
		org.change(b, { FirstName: 'Waits' });
		const first = await look();
		expect(first.told).toEqual([[a, 'optedOut', true]]);
		org.do('commitLate', { object: 'Contact', values: { LastName: 'Late', [OPT_OUT]: true }, afterMs: 5 * 60_000 });
		const second = await look(first.seen);
		expect(second.told).toEqual([]);
		org.salesforce.clock.advance(6 * 60_000);
		const third = await look(second.seen);
		expect(third.told).toHaveLength(1);
		org.change(c, { [OPT_OUT]: true });
		const fourth = await look(third.seen);
		expect(fourth.told).toEqual([[c, 'optedOut', true]]);
		expect((await look(fourth.seen)).told).toEqual([]);
		expect((await org.polls(3)).map(({ source }) => source.id)).toEqual(expect.arrayContaining([a, b, c]));
	});

	it('promise 2: a contact that left or was deleted stays removed, so that its opt-out puts it on no list', async () => {
		await org.follow({ contacts: 4 }, { scope: { kind: 'conditions', combine: 'all', conditions: [{ field: 'Title', operator: 'notEquals', value: 'Gone' }] } }); // prettier-ignore
		const [a = '', b = '', c = ''] = liveIds(org.salesforce);
		org.change(a, { Title: 'Gone' });
		await org.polls(2);
		for (const id of [a, b, c]) org.change(id, { [OPT_OUT]: true });
		org.do('deleteRecord', { object: 'Contact', id: b });
		const { told } = await look();
		expect(told.map(([id, change]) => [id, change]).sort()).toEqual([[a, 'removed'], [b, 'removed'], [c, 'optedOut']].sort()); // prettier-ignore
	});

	it('a contact that left counts, one outside of the scope that was never emitted does not', async () => {
		await org.follow({ contacts: 10 }, { scope: { kind: 'conditions', combine: 'all', conditions: [{ field: 'Title', operator: 'notEquals', value: 'Gone' }] } }); // prettier-ignore
		const [a = ''] = liveIds(org.salesforce);
		org.change(a, { Title: 'Gone' });
		await org.polls(2);
		org.change(a, { [OPT_OUT]: true });
		org.add({ Title: 'Gone', [OPT_OUT]: true });
		const fresh = org.add({ Title: 'New', [OPT_OUT]: true });
		const { told } = await look();
		expect(told.map(([id]) => id).sort()).toEqual([a, fresh].sort());
	});

	it('a thousand at a time at most, and the rest with the next look', async () => {
		await org.follow({ contacts: 1_500 });
		org.salesforce.clock.advance(60_000);
		const ids = liveIds(org.salesforce);
		org.do('bulkChange', { object: 'Contact', ids, values: { [OPT_OUT]: true } });
		const first = await look();
		expect(first.told).toHaveLength(1_000);
		const second = await look(first.seen);
		expect(new Set([...first.told, ...second.told].map(([id]) => id)).size).toBe(1_500);
	});

	it('before the first sync, and where opt-outs are ignored, nothing is asked', async () => {
		await org.follow({ contacts: 3 }, { ignoresOptOuts: true });
		const [a = ''] = liveIds(org.salesforce);
		org.change(a, { [OPT_OUT]: true });
		expect((await look()).told).toEqual([]);
		expect(org.follower.calls).toBe(0);
		expect(await org.follower.open().readOptOuts(undefined, undefined)).toMatchObject({ value: { changes: [] } });
	});
});
