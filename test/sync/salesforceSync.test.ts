import { merge } from '../../sandbox/salesforce/lifecycle';
import { SalesforcePipeline } from '../support/pipeline/salesforcePipeline';
import type { SalesforceSetUp } from '../support/pipeline/salesforcePipeline';
import { salesforceDifferences } from '../support/pipeline/salesforceOracle';
import { SalesforceWorld } from '../support/pipeline/salesforceWorld';
import { Witness } from '../support/pipeline/witness';

let pipeline: SalesforcePipeline;
beforeAll(async () => (pipeline = await SalesforcePipeline.start()));
afterAll(async () => await pipeline.close());

let world: SalesforceWorld;
let witness: Witness;
/** People of each followed object, synced. */
async function synced(people: number, setUp: Partial<SalesforceSetUp> = {}): Promise<string[]> {
	pipeline.begins(setUp);
	world = new SalesforceWorld(pipeline);
	witness = new Witness(pipeline, world);
	const ids = pipeline.setUp.objects.flatMap((object) => Array.from({ length: people }, () => world.add(object)));
	await poll();
	expect(onLists()).toHaveLength(ids.length);
	return ids;
}
afterEach(() => {
	witness.look();
	witness.lookAtMerges();
	expect([...witness.violations, ...salesforceDifferences(pipeline, world, witness)]).toEqual([]);
});

const poll = async (options: Parameters<SalesforcePipeline['poll']>[0] = {}) => await pipeline.poll(options);
const contacts = () => [...pipeline.brevo.store.contacts.values()];
const onLists = () => contacts().filter(({ listIds }) => listIds.size > 0);
const held = (object: 'Contact' | 'Lead', id: string) => pipeline.brevo.store.owner('ext_id', world.keyOf(object, id));
const told = (object: 'Contact' | 'Lead', id: string) => witness.newest().get(world.keyOf(object, id));
const writes = (): number => pipeline.brevo.store.writes.filter(({ via }) => via !== 'control').length;
const BOTH = { objects: ['Contact', 'Lead'] as const };

describe('the whole sync, from Salesforce to Brevo', () => {
	it.each(['Contact', 'Lead'] as const)(
		'SB-02 SB-29: imports every %s, then follows who is new, changed or deleted',
		async (object) => {
			const [first = '', second = ''] = await synced(40, { objects: [object] });
			const before = writes();
			world.add(object);
			world.change(object, first, { FirstName: 'New' });
			pipeline.salesforce.store.remove(object, second);
			await poll();
			await pipeline.settle();
			expect(held(object, first)?.attributes.FIRSTNAME).toBe('New');
			expect(held(object, second)?.listIds.size).toBe(0);
			expect(writes() - before).toBe(3);
		},
	);

	it('SB-18: carries a bulk change of the address as updates, without a new contact', async () => {
		const ids = await synced(300);
		const before = writes();
		const at = pipeline.salesforce.store.now();
		ids.forEach((id, n) => pipeline.salesforce.store.change('Contact', id, { Email: `bulk.${n}@x.example` }, { at }));
		await pipeline.settle();
		expect(contacts()).toHaveLength(300);
		expect(writes() - before).toBe(300);
	});

	it('SB-22: a contact whose address is emptied is left out by name, its other changes too, and goes on with the next address', async () => {
		const [id = ''] = await synced(3);
		world.change('Contact', id, { Email: null, Phone: null });
		await poll();
		expect(told('Contact', id)).toBe('excluded NO_IDENTIFIER');
		expect(held('Contact', id)?.identifiers.email).toBe('p1@x.example');
		world.change('Contact', id, { Email: 'back@x.example', FirstName: 'Back' });
		await poll();
		expect(told('Contact', id)).toBe('updated');
		expect(held('Contact', id)).toMatchObject({ identifiers: { email: 'back@x.example' }, attributes: { FIRSTNAME: 'Back' } }); // prettier-ignore
		expect(contacts()).toHaveLength(3);
	});

	it('SB-22: without an address a contact goes on by its number', async () => {
		const [id = ''] = await synced(3);
		world.change('Contact', id, { Email: null, FirstName: 'Still here' });
		await poll();
		expect(held('Contact', id)).toMatchObject({ identifiers: { email: 'p1@x.example' }, attributes: { FIRSTNAME: 'Still here' } }); // prettier-ignore
	});

	it('SB-23: a phone that is emptied leaves the number in Brevo, and the rest of the change arrives', async () => {
		const [id = ''] = await synced(3);
		const { SMS } = held('Contact', id)?.identifiers ?? {};
		world.change('Contact', id, { Phone: null, FirstName: 'Quiet' });
		await poll();
		expect(SMS).toBeDefined();
		expect(held('Contact', id)).toMatchObject({ identifiers: { SMS }, attributes: { FIRSTNAME: 'Quiet' } });
	});

	it.each([0, 3_600_000, -3_600_000])('promise 2: with Salesforce %d ms ahead of n8n', async (clockSkewMs) => {
		const [id = ''] = await synced(10, { settings: { clockSkewMs } });
		for (let round = 0; round < 3; round++) {
			world.change('Contact', id, { FirstName: `Round ${round}` });
			world.add('Contact');
			await poll();
		}
		expect(held('Contact', id)?.attributes.FIRSTNAME).toBe('Round 2');
		expect(onLists()).toHaveLength(13);
	});

	it('promise 2: a change that becomes visible ten minutes late arrives, though newer ones were read before', async () => {
		const [late = '', prompt = ''] = await synced(3);
		const { store } = pipeline.salesforce;
		store.commitLate(10 * 60_000, (at) => void store.change('Contact', late, { FirstName: 'Late' }, { at }));
		for (let minutes = 0; minutes < 15; minutes += 3) {
			world.change('Contact', prompt, { FirstName: `Minute ${minutes}` });
			await poll({ afterMs: 3 * 60_000 });
		}
		expect(held('Contact', late)?.attributes.FIRSTNAME).toBe('Late');
		expect(held('Contact', prompt)?.attributes.FIRSTNAME).toBe('Minute 12');
	});

	it('promise 2: a batch whose outcome was lost counts: who left meanwhile leaves the list', async () => {
		await synced(3);
		const id = world.add('Contact');
		// The run brings the contact to Brevo, and n8n dies with its last call.
		for (let calls = 1; held('Contact', id) === undefined; calls++) {
			expect(calls).toBeLessThan(30);
			await poll({ killAfter: calls });
		}
		pipeline.salesforce.store.remove('Contact', id);
		pipeline.salesforce.store.purge(id);
		await pipeline.settle();
		expect(held('Contact', id)?.listIds.size).toBe(0);
	});

	it('promise 2: a second sync of everybody, by a process that remembers nothing, writes nothing', async () => {
		await synced(60, BOTH);
		const before = writes();
		pipeline.forgetAll();
		await pipeline.settle();
		expect(witness.outcomes).toEqual({ created: 120, unchanged: 120 });
		expect(writes()).toBe(before);
	});

	it('promise 1: who opts out in Salesforce is blocked, also when they leave, are deleted or cannot be sent with it', async () => {
		const [plain = '', left = '', deleted = '', bad = '', empty = ''] = await synced(8, { scope: 'conditions' });
		world.change('Contact', plain, { HasOptedOutOfEmail: true });
		world.change('Contact', left, { HasOptedOutOfEmail: true, Newsletter__c: false });
		world.change('Contact', deleted, { HasOptedOutOfEmail: true });
		pipeline.salesforce.store.remove('Contact', deleted);
		world.change('Contact', bad, { HasOptedOutOfEmail: true, Email: 'no.at.example' });
		world.change('Contact', empty, { HasOptedOutOfEmail: true, Email: null, Phone: null });
		await pipeline.settle();
		for (const id of [plain, left, deleted, bad, empty]) expect([id, held('Contact', id)?.emailBlocked]).toEqual([id, true]); // prettier-ignore
		expect(contacts().filter(({ emailBlocked }) => emailBlocked)).toHaveLength(5);
	});

	it('promise 1: an opt-out that comes after somebody left blocks them as well', async () => {
		const [id = ''] = await synced(3, { scope: 'conditions' });
		world.change('Contact', id, { Newsletter__c: false });
		await poll();
		expect(held('Contact', id)).toMatchObject({ emailBlocked: false, listIds: new Set() });
		world.change('Contact', id, { HasOptedOutOfEmail: true });
		await poll();
		expect(held('Contact', id)?.emailBlocked).toBe(true);
	});

	it('a merge is one contact: the loser leaves the list, and its block goes over', async () => {
		const [master = '', loser = ''] = await synced(3);
		pipeline.brevo.store.changeContact(held('Contact', loser)!, { emailBlocked: true }, 'control');
		world.happen({ do: 'merge', who: 0, other: 0 });
		await poll();
		expect(held('Contact', master)).toMatchObject({
			emailBlocked: true,
			listIds: new Set([pipeline.workflows[0]!.list]),
		});
		expect(held('Contact', loser)?.listIds.size ?? 0).toBe(0);
		expect(onLists()).toHaveLength(2);
		// The loser is nobody who was deleted: nothing is told of them.
		expect(told('Contact', loser)).toBe('created');
	});

	it('promise 1: the block of somebody who left goes over when they are merged into a member', async () => {
		const [master = '', loser = ''] = await synced(3, { scope: 'conditions' });
		world.change('Contact', loser, { Newsletter__c: false });
		await poll();
		pipeline.brevo.store.changeContact(held('Contact', loser)!, { emailBlocked: true }, 'control');
		world.happen({ do: 'merge', who: 0, other: 0 });
		await poll();
		expect(held('Contact', master)?.emailBlocked).toBe(true);
		expect(onLists()).toHaveLength(2);
	});

	it('who does not meet the new filter of a list view leaves within two hours', async () => {
		const [id = ''] = await synced(3, { scope: 'listView' });
		world.change('Contact', id, { Title: null });
		await poll();
		expect(held('Contact', id)?.listIds.size).toBe(1);
		world.happen({ do: 'editView', who: 0, other: 0 });
		for (let hour = 0; hour < 2; hour++) await poll({ afterMs: 61 * 60_000 });
		expect(held('Contact', id)?.listIds.size).toBe(0);
		expect(onLists()).toHaveLength(2);
	});

	it('promise 1: an opt-out goes over with a merge also where the survivor cannot be sent', async () => {
		const [master = '', loser = ''] = await synced(2);
		world.change('Contact', loser, { HasOptedOutOfEmail: true });
		await poll();
		world.happen({ do: 'merge', who: 0, other: 0 });
		world.change('Contact', master, { Phone: '12345' });
		await poll();
		expect(held('Contact', master)?.emailBlocked).toBe(true);
	});

	it.each(['listView', 'campaign', 'conditions'] as const)(
		'a first sync of a scope of kind %s brings its members alone',
		async (scope) => {
			pipeline.begins({ scope });
			world = new SalesforceWorld(pipeline);
			witness = new Witness(pipeline, world);
			world.add('Contact', false);
			const member = world.add('Contact');
			await poll();
			expect(contacts()).toEqual([held('Contact', member)]);
		},
	);

	it.each(['listView', 'campaign', 'conditions'] as const)(
		'who leaves a scope of kind %s leaves the list, and who joins it again comes back',
		async (scope) => {
			const [id = ''] = await synced(3, { scope });
			world.happen({ do: 'moveScope', who: 0, other: 0 });
			await poll();
			await poll();
			expect(held('Contact', id)?.listIds.size).toBe(0);
			world.happen({ do: 'moveScope', who: 0, other: 0 });
			await poll();
			await poll();
			expect(held('Contact', id)?.listIds.size).toBe(1);
			expect(contacts()).toHaveLength(3);
		},
	);
});

describe('SB-29: leads and contacts together', () => {
	const ORDERS = [['Contact', 'Lead'] as const, ['Lead', 'Contact'] as const];
	const CASES = ORDERS.flatMap((objects) => [true, false].map((oneList) => ({ objects, oneList })));

	it.each(CASES)('a converted lead is one contact, on the list of the contacts: %j', async (setUp) => {
		const ids = await synced(3, setUp);
		const lead = ids.find((id) => id.startsWith('00Q')) ?? '';
		const before = contacts().length;
		const contactId = world.convert(lead);
		await poll();
		await poll();
		expect(contacts()).toHaveLength(before);
		const list = pipeline.workflowOf('Contact')?.list ?? 0;
		expect(held('Contact', contactId)).toMatchObject({ listIds: new Set([list]) });
		world.change('Contact', contactId, { Email: 'moved@x.example' });
		await poll();
		expect(contacts()).toHaveLength(before);
		expect(held('Contact', contactId)?.identifiers.email).toBe('moved@x.example');
	});

	it.each(CASES)('a lead that becomes a contact who is there already leaves its list: %j', async (setUp) => {
		const ids = await synced(2, setUp);
		const lead = ids.find((id) => id.startsWith('00Q')) ?? '';
		const contact = ids.find((id) => id.startsWith('003')) ?? '';
		world.convert(lead, contact);
		await poll();
		expect(onLists()).toHaveLength(3);
		expect(held('Lead', lead)?.listIds.size).toBe(0);
		expect(held('Contact', contact)?.listIds.size).toBe(1);
	});

	it('two leads that become one contact both leave their list', async () => {
		const [first = '', second = ''] = await synced(2, { objects: ['Lead'] });
		const contact = world.add('Contact');
		world.convert(first, contact);
		world.convert(second, contact);
		await poll();
		expect(onLists()).toEqual([]);
	});

	it('of two leads that were merged, the one that was converted goes on as the contact', async () => {
		const [, kept = '', loser = ''] = await synced(3, { objects: ['Lead'] });
		const contact = world.add('Contact');
		merge(pipeline.salesforce.store, 'Lead', kept, [loser]);
		world.convert(kept, contact);
		await poll();
		expect(held('Contact', contact)?.identifiers.email).toBe('p2@x.example');
		expect(held('Lead', loser)?.listIds.size).toBe(0);
		// The loser may come first, too.
		const [winner = '', other = ''] = [world.add('Lead'), world.add('Lead')];
		await poll();
		merge(pipeline.salesforce.store, 'Lead', other, [winner]);
		world.convert(other, world.add('Contact'));
		await poll();
		expect(onLists()).toHaveLength(1);
		expect(held('Lead', winner)?.listIds.size).toBe(0);
		expect(held('Lead', other)).toBeUndefined();
	});

	it.each(CASES.flatMap((setUp) => [1, 1_000].map((batchSize) => ({ ...setUp, batchSize }))))(
		'promise 1: the block of a lead goes over to one that it is merged into, and to the contact that this is converted to at once: %j',
		async (setUp) => {
			const ids = await synced(4, setUp);
			const leads = ids.filter((id) => id.startsWith('00Q'));
			// The one of a batch that comes first is the winner, or the loser.
			for (const [kept = '', loser = ''] of [leads.slice(0, 2), leads.slice(2).reverse()]) {
				pipeline.brevo.store.changeContact(held('Lead', loser)!, { emailBlocked: true }, 'control');
				merge(pipeline.salesforce.store, 'Lead', kept, [loser]);
				const contact = world.convert(kept);
				await poll();
				await poll();
				expect(held('Contact', contact)).toMatchObject({ emailBlocked: true });
				expect(held('Contact', contact)?.listIds.size).toBe(1);
				expect(held('Lead', loser)?.listIds.size).toBe(0);
			}
		},
	);

	it.each(CASES.flatMap((setUp) => ['winner', 'loser'].map((newcomer) => [newcomer, setUp] as const)))(
		'promise 1: a lead is converted, and its contact is the %s of a merge at once: %j',
		async (newcomer, setUp) => {
			const ids = await synced(3, setUp);
			const lead = ids.find((id) => id.startsWith('00Q')) ?? '';
			const old = ids.find((id) => id.startsWith('003')) ?? '';
			pipeline.brevo.store.changeContact(held('Lead', lead)!, { emailBlocked: true }, 'control');
			const contact = world.convert(lead);
			const [master, loser] = newcomer === 'winner' ? [contact, old] : [old, contact];
			merge(pipeline.salesforce.store, 'Contact', master, [loser]);
			await poll();
			await poll();
			expect(held('Contact', master)).toMatchObject({ emailBlocked: true });
			expect(held('Contact', master)?.listIds.size).toBe(1);
			expect(onLists()).toHaveLength(5);
		},
	);

	it('a lead that was converted before the first sync of contacts stays on the list that both fill', async () => {
		const [lead = ''] = await synced(2, { objects: ['Lead'] });
		const contactId = world.convert(lead);
		pipeline.setUp = { ...pipeline.setUp, ...BOTH };
		pipeline.joinedBy('Contact');
		await poll();
		await poll();
		expect(held('Contact', contactId)?.listIds.size).toBe(1);
		expect(contacts()).toHaveLength(2);
	});

	it('promise 1: an opt-out of a lead outlives its conversion, whoever polls first', async () => {
		for (const setUp of CASES) {
			const ids = await synced(2, setUp);
			const lead = ids.find((id) => id.startsWith('00Q')) ?? '';
			world.change('Lead', lead, { HasOptedOutOfEmail: true });
			await poll();
			const contactId = world.convert(lead);
			world.change('Contact', contactId, { HasOptedOutOfEmail: false, Email: 'moved@x.example' });
			await poll();
			await poll();
			expect(held('Contact', contactId)?.emailBlocked).toBe(true);
			expect(contacts()).toHaveLength(4);
		}
	});
});
