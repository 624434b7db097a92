import { SyncedSalesforce } from './syncedSalesforce';

const sync = new SyncedSalesforce();
const { begins, check, contacts, end, held, onLists, poll, start, synced, told, unsubscribe } = sync;
beforeAll(start);
afterAll(end);
afterEach(check);

const writes = (): number => sync.pipeline.brevo.store.writes.filter(({ via }) => via !== 'control').length;
const BOTH = { objects: ['Contact', 'Lead'] as const };

describe('the whole sync, from Salesforce to Brevo', () => {
	it.each(['Contact', 'Lead'] as const)(
		'SB-02 SB-29: imports every %s, then follows who is new, changed or deleted',
		async (object) => {
			const [first = '', second = ''] = await synced(40, { objects: [object] });
			const before = writes();
			sync.world.add(object);
			sync.world.change(object, first, { FirstName: 'New' });
			sync.pipeline.salesforce.store.remove(object, second);
			await poll();
			await sync.pipeline.settle();
			expect(held(object, first)?.attributes.FIRSTNAME).toBe('New');
			expect(held(object, second)?.listIds.size).toBe(0);
			expect(writes() - before).toBe(3);
		},
	);

	it('SB-18: carries a bulk change of the address as updates, without a new contact', async () => {
		const ids = await synced(300);
		const before = writes();
		const at = sync.pipeline.salesforce.store.now();
		ids.forEach((id, n) =>
			sync.pipeline.salesforce.store.change('Contact', id, { Email: `bulk.${n}@x.example` }, { at }),
		);
		await sync.pipeline.settle();
		expect(contacts()).toHaveLength(300);
		expect(writes() - before).toBe(300);
	});

	it('SB-22: a contact whose address is emptied is left out by name, its other changes too, and goes on with the next address', async () => {
		const [id = ''] = await synced(3);
		sync.world.change('Contact', id, { Email: null, Phone: null });
		await poll();
		expect(told('Contact', id)).toBe('excluded NO_IDENTIFIER');
		expect(held('Contact', id)?.identifiers.email).toBe('p1@x.example');
		sync.world.change('Contact', id, { Email: 'back@x.example', FirstName: 'Back' });
		await poll();
		expect(told('Contact', id)).toBe('updated');
		expect(held('Contact', id)).toMatchObject({ identifiers: { email: 'back@x.example' }, attributes: { FIRSTNAME: 'Back' } }); // prettier-ignore
		expect(contacts()).toHaveLength(3);
	});

	it('SB-22: without an address a contact goes on by its number', async () => {
		const [id = ''] = await synced(3);
		sync.world.change('Contact', id, { Email: null, FirstName: 'Still here' });
		await poll();
		expect(held('Contact', id)).toMatchObject({ identifiers: { email: 'p1@x.example' }, attributes: { FIRSTNAME: 'Still here' } }); // prettier-ignore
	});

	it('SB-23: a phone that is emptied leaves the number in Brevo, and the rest of the change arrives', async () => {
		const [id = ''] = await synced(3);
		const { SMS } = held('Contact', id)?.identifiers ?? {};
		sync.world.change('Contact', id, { Phone: null, FirstName: 'Quiet' });
		await poll();
		expect(SMS).toBeDefined();
		expect(held('Contact', id)).toMatchObject({ identifiers: { SMS }, attributes: { FIRSTNAME: 'Quiet' } });
	});

	it.each([0, 3_600_000, -3_600_000])('promise 2: with Salesforce %d ms ahead of n8n', async (clockSkewMs) => {
		const [id = ''] = await synced(10, { settings: { clockSkewMs } });
		for (let round = 0; round < 3; round++) {
			sync.world.change('Contact', id, { FirstName: `Round ${round}` });
			sync.world.add('Contact');
			await poll();
		}
		expect(held('Contact', id)?.attributes.FIRSTNAME).toBe('Round 2');
		expect(onLists()).toHaveLength(13);
	});

	it('promise 2: a change that becomes visible ten minutes late arrives, though newer ones were read before', async () => {
		const [late = '', prompt = ''] = await synced(3);
		const { store } = sync.pipeline.salesforce;
		store.commitLate(10 * 60_000, (at) => void store.change('Contact', late, { FirstName: 'Late' }, { at }));
		for (let minutes = 0; minutes < 15; minutes += 3) {
			sync.world.change('Contact', prompt, { FirstName: `Minute ${minutes}` });
			await poll({ afterMs: 3 * 60_000 });
		}
		expect(held('Contact', late)?.attributes.FIRSTNAME).toBe('Late');
		expect(held('Contact', prompt)?.attributes.FIRSTNAME).toBe('Minute 12');
	});

	it('promise 2: a batch whose outcome was lost counts: who left meanwhile leaves the list', async () => {
		await synced(3);
		const id = sync.world.add('Contact');
		// The run brings the contact to Brevo, and n8n dies with its last call.
		for (let calls = 1; held('Contact', id) === undefined; calls++) {
			expect(calls).toBeLessThan(30);
			await poll({ killAfter: calls });
		}
		sync.pipeline.salesforce.store.remove('Contact', id);
		sync.pipeline.salesforce.store.purge(id);
		await sync.pipeline.settle();
		expect(held('Contact', id)?.listIds.size).toBe(0);
	});

	it('promise 2: a second sync of everybody, by a process that remembers nothing, writes nothing', async () => {
		await synced(60, BOTH);
		const before = writes();
		sync.pipeline.forgetAll();
		await sync.pipeline.settle();
		expect(sync.witness.outcomes).toEqual({ created: 120, unchanged: 120 });
		expect(writes()).toBe(before);
	});

	it('promise 1: who opts out in Salesforce is blocked, also when they leave, are deleted or cannot be sent with it', async () => {
		const [plain = '', left = '', deleted = '', bad = '', empty = ''] = await synced(8, { scope: 'conditions' });
		sync.world.change('Contact', plain, { HasOptedOutOfEmail: true });
		sync.world.change('Contact', left, { HasOptedOutOfEmail: true, Newsletter__c: false });
		sync.world.change('Contact', deleted, { HasOptedOutOfEmail: true });
		sync.pipeline.salesforce.store.remove('Contact', deleted);
		sync.world.change('Contact', bad, { HasOptedOutOfEmail: true, Email: 'no.at.example' });
		sync.world.change('Contact', empty, { HasOptedOutOfEmail: true, Email: null, Phone: null });
		await sync.pipeline.settle();
		for (const id of [plain, left, deleted, bad, empty]) expect([id, held('Contact', id)?.emailBlocked]).toEqual([id, true]); // prettier-ignore
		expect(contacts().filter(({ emailBlocked }) => emailBlocked)).toHaveLength(5);
	});

	it('promise 1: an opt-out that comes after somebody left blocks them as well', async () => {
		const [id = ''] = await synced(3, { scope: 'conditions' });
		sync.world.change('Contact', id, { Newsletter__c: false });
		await poll();
		expect(held('Contact', id)).toMatchObject({ emailBlocked: false, listIds: new Set() });
		sync.world.change('Contact', id, { HasOptedOutOfEmail: true });
		await poll();
		expect(held('Contact', id)?.emailBlocked).toBe(true);
	});

	it('a merge is one contact: the loser leaves the list, and its block goes over', async () => {
		const [master = '', loser = ''] = await synced(3);
		unsubscribe('Contact', loser);
		sync.world.happen({ do: 'merge', who: 0, other: 0 });
		await poll();
		expect(held('Contact', master)).toMatchObject({
			emailBlocked: true,
			listIds: new Set([sync.pipeline.workflows[0]!.list]),
		});
		expect(held('Contact', loser)?.listIds.size ?? 0).toBe(0);
		expect(onLists()).toHaveLength(2);
		// The loser does not count as deleted: no change is emitted for it.
		expect(told('Contact', loser)).toBe('created');
	});

	it('promise 1: the block of somebody who left goes over when they are merged into a member', async () => {
		const [master = '', loser = ''] = await synced(3, { scope: 'conditions' });
		sync.world.change('Contact', loser, { Newsletter__c: false });
		await poll();
		unsubscribe('Contact', loser);
		sync.world.happen({ do: 'merge', who: 0, other: 0 });
		await poll();
		expect(held('Contact', master)?.emailBlocked).toBe(true);
		expect(onLists()).toHaveLength(2);
	});

	it('who does not meet the new filter of a list view leaves within two hours', async () => {
		const [id = ''] = await synced(3, { scope: 'listView' });
		sync.world.change('Contact', id, { Title: null });
		await poll();
		expect(held('Contact', id)?.listIds.size).toBe(1);
		sync.world.happen({ do: 'editView', who: 0, other: 0 });
		for (let hour = 0; hour < 2; hour++) await poll({ afterMs: 61 * 60_000 });
		expect(held('Contact', id)?.listIds.size).toBe(0);
		expect(onLists()).toHaveLength(2);
	});

	it('promise 1: an opt-out goes over with a merge also where the survivor cannot be sent', async () => {
		const [master = '', loser = ''] = await synced(2);
		sync.world.change('Contact', loser, { HasOptedOutOfEmail: true });
		await poll();
		sync.world.happen({ do: 'merge', who: 0, other: 0 });
		sync.world.change('Contact', master, { Phone: '12345' });
		await poll();
		expect(held('Contact', master)?.emailBlocked).toBe(true);
	});

	it.each(['listView', 'campaign', 'conditions'] as const)(
		'a first sync of a scope of kind %s brings its members alone',
		async (scope) => {
			begins({ scope });
			sync.world.add('Contact', false);
			const member = sync.world.add('Contact');
			await poll();
			expect(contacts()).toEqual([held('Contact', member)]);
		},
	);

	it.each(['listView', 'campaign', 'conditions'] as const)(
		'who leaves a scope of kind %s leaves the list, and who joins it again comes back',
		async (scope) => {
			const [id = ''] = await synced(3, { scope });
			sync.world.happen({ do: 'moveScope', who: 0, other: 0 });
			await poll();
			await poll();
			expect(held('Contact', id)?.listIds.size).toBe(0);
			sync.world.happen({ do: 'moveScope', who: 0, other: 0 });
			await poll();
			await poll();
			expect(held('Contact', id)?.listIds.size).toBe(1);
			expect(contacts()).toHaveLength(3);
		},
	);
});
