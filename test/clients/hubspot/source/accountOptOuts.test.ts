import type { ContactChange } from '../../../../core/contact/contact';
import { DAY_MS, FollowedList } from '../support/followedList';

const list = new FollowedList();
const { begin, polls } = list;

const addOptedOut = (name: string): string => {
	const id = list.hubspot.store.addContact({ email: `${name}@example.com` });
	list.hubspot.store.optOut(id);
	return id;
};

/** What was emitted of contacts that are not in the list. */
const outside = (changes: readonly ContactChange[]) =>
	changes.flatMap(({ source: { id }, change, optOutOnly, optedOut, changedFields }) =>
		optOutOnly ? [{ id, change, optedOut, changedFields }] : [],
	);

const start = async (members: number, { batchSize = 1_000, before = 0 } = {}): Promise<ContactChange[]> => {
	await begin({ members, extraContacts: 0, awkward: false });
	for (let n = 0; n < before; n++) addOptedOut(`before${n}`);
	list.follower.settings = { accountOptOuts: true, batchSize };
	return await polls(4);
};

afterEach(list.end);

const OPT_OUT = { change: 'optedOut', optedOut: true, changedFields: ['hs_email_optout'] };

describe('opt-outs of the whole account, as an option of the trigger', () => {
	it('promise 1: are emitted once each, in the next poll, as opt-outs and nothing else', async () => {
		await start(30);
		const late = addOptedOut('late');
		expect(outside(await polls(1))).toEqual([{ id: late, ...OPT_OUT }]);
		list.hubspot.store.pageView(late);
		list.hubspot.store.changeContact(late, { firstname: 'Changed' });
		expect(await polls(4)).toEqual([]);
		list.hubspot.clock.advance(DAY_MS);
		expect(outside(await polls(2))).toEqual([]);
	});

	it.each([7, 1_000])('those from before the sync are emitted once, in batches of %i at most', async (batchSize) => {
		const found: ContactChange[][] = [];
		await begin({ members: 5, extraContacts: 0, awkward: false });
		for (let n = 0; n < 30; n++) addOptedOut(`before${n}`);
		list.follower.settings = { accountOptOuts: true, batchSize };
		list.follower.outcome = (batch) => {
			found.push([...batch]);
			return 'succeeded';
		};
		await polls(5);
		expect(outside(found.flat())).toHaveLength(30);
		expect(new Set(outside(found.flat()).map(({ id }) => id)).size).toBe(30);
		expect(found.every((batch) => batch.length <= batchSize)).toBe(true);
	});

	it('make no member of a contact: it is neither removed nor added later, and its run may fail', async () => {
		await start(5);
		const id = addOptedOut('late');
		list.follower.outcome = () => 'failed';
		const failed = await polls(1);
		list.follower.outcome = () => 'succeeded';
		const then = await polls(3);
		list.hubspot.clock.advance(DAY_MS);
		const later = await polls(3);
		const told = [...failed, ...then, ...later].filter(({ source }) => source.id === id);
		expect(told.length).toBeGreaterThan(1);
		expect(told.every(({ change, optOutOnly }) => change === 'optedOut' && optOutOnly === true)).toBe(true);
		expect(later).toEqual([]);
	});

	it('cost an idle poll nothing more; without the option none is emitted, and what came meanwhile is found later', async () => {
		await start(20, { before: 3 });
		list.hubspot.requests.clear();
		await polls(10);
		expect(list.hubspot.requests.total).toBeLessThanOrEqual(22);
		list.follower.settings = { accountOptOuts: false };
		const unseen = addOptedOut('unseen');
		expect(await polls(3)).toEqual([]);
		list.follower.settings = { accountOptOuts: true };
		expect(outside(await polls(3)).map(({ id }) => id)).toContain(unseen);
	});

	it('are found within the calls of a look while the sync pauses, once', async () => {
		await start(20);
		const id = addOptedOut('late');
		const { source, cursor } = await list.follower.opened();
		const first = await source.readOptOuts(cursor, undefined);
		expect(first.kind === 'ok' && outside(first.value.changes)).toEqual([{ id, ...OPT_OUT }]);
		const again = await source.readOptOuts(cursor, first.kind === 'ok' ? first.value.seen : undefined);
		expect(again.kind === 'ok' && again.value.changes).toEqual([]);
	});
});
