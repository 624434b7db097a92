import { liveIds, told } from './contactFollower';
import { FollowedOrg } from './followedOrg';

const org = new FollowedOrg();
afterEach(org.end);

const OPT_OUT = 'HasOptedOutOfEmail';
const access = (shown: 'hidden' | 'full'): unknown =>
	org.do('setAccess', { object: 'Contact', field: OPT_OUT, access: shown });

describe('opt-outs that field-level security hid', () => {
	it('promise 1: set and told while hidden, they come once the field is visible again, each once', async () => {
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

	it('a contact who left meanwhile is told too, a batch at a time', async () => {
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
