import { merge } from '../../sandbox/salesforce/records/lifecycle';
import { SyncedSalesforce } from './syncedSalesforce';

const sync = new SyncedSalesforce();
const { check, contacts, end, held, onLists, poll, start, synced, unsubscribe } = sync;
beforeAll(start);
afterAll(end);
afterEach(check);

describe('SB-29: leads and contacts together', () => {
	const ORDERS = [['Contact', 'Lead'] as const, ['Lead', 'Contact'] as const];
	const CASES = ORDERS.flatMap((objects) => [true, false].map((oneList) => ({ objects, oneList })));

	it.each(CASES)('a converted lead is one contact, on the list of the contacts: %j', async (setUp) => {
		const ids = await synced(3, setUp);
		const lead = ids.find((id) => id.startsWith('00Q')) ?? '';
		const before = contacts().length;
		const contactId = sync.world.convert(lead);
		await poll();
		await poll();
		expect(contacts()).toHaveLength(before);
		const list = sync.pipeline.workflowOf('Contact')?.list ?? 0;
		expect(held('Contact', contactId)).toMatchObject({ listIds: new Set([list]) });
		sync.world.change('Contact', contactId, { Email: 'moved@x.example' });
		await poll();
		expect(contacts()).toHaveLength(before);
		expect(held('Contact', contactId)?.identifiers.email).toBe('moved@x.example');
	});

	it.each(CASES)('a lead that becomes a contact who is there already leaves its list: %j', async (setUp) => {
		const ids = await synced(2, setUp);
		const lead = ids.find((id) => id.startsWith('00Q')) ?? '';
		const contact = ids.find((id) => id.startsWith('003')) ?? '';
		sync.world.convert(lead, contact);
		await poll();
		expect(onLists()).toHaveLength(3);
		expect(held('Lead', lead)?.listIds.size).toBe(0);
		expect(held('Contact', contact)?.listIds.size).toBe(1);
	});

	it('two leads that become one contact both leave their list', async () => {
		const [first = '', second = ''] = await synced(2, { objects: ['Lead'] });
		const contact = sync.world.add('Contact');
		sync.world.convert(first, contact);
		sync.world.convert(second, contact);
		await poll();
		expect(onLists()).toEqual([]);
	});

	it('of two leads that were merged, the one that was converted goes on as the contact', async () => {
		const [, kept = '', loser = ''] = await synced(3, { objects: ['Lead'] });
		const contact = sync.world.add('Contact');
		merge(sync.pipeline.salesforce.store, 'Lead', kept, [loser]);
		sync.world.convert(kept, contact);
		await poll();
		expect(held('Contact', contact)?.identifiers.email).toBe('p2@x.example');
		expect(held('Lead', loser)?.listIds.size).toBe(0);
		// The loser may come first, too.
		const [winner = '', other = ''] = [sync.world.add('Lead'), sync.world.add('Lead')];
		await poll();
		merge(sync.pipeline.salesforce.store, 'Lead', other, [winner]);
		sync.world.convert(other, sync.world.add('Contact'));
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
				unsubscribe('Lead', loser);
				merge(sync.pipeline.salesforce.store, 'Lead', kept, [loser]);
				const contact = sync.world.convert(kept);
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
			unsubscribe('Lead', lead);
			const contact = sync.world.convert(lead);
			const [master, loser] = newcomer === 'winner' ? [contact, old] : [old, contact];
			merge(sync.pipeline.salesforce.store, 'Contact', master, [loser]);
			await poll();
			await poll();
			expect(held('Contact', master)).toMatchObject({ emailBlocked: true });
			expect(held('Contact', master)?.listIds.size).toBe(1);
			expect(onLists()).toHaveLength(5);
		},
	);

	it('a lead that was converted before the first sync of contacts stays on the list that both fill', async () => {
		const [lead = ''] = await synced(2, { objects: ['Lead'] });
		const contactId = sync.world.convert(lead);
		sync.pipeline.setUp = { ...sync.pipeline.setUp, objects: ['Contact', 'Lead'] };
		sync.pipeline.joinedBy('Contact');
		await poll();
		await poll();
		expect(held('Contact', contactId)?.listIds.size).toBe(1);
		expect(contacts()).toHaveLength(2);
	});

	it('promise 1: an opt-out of a lead outlives its conversion, whoever polls first', async () => {
		for (const setUp of CASES) {
			const ids = await synced(2, setUp);
			const lead = ids.find((id) => id.startsWith('00Q')) ?? '';
			sync.world.change('Lead', lead, { HasOptedOutOfEmail: true });
			await poll();
			const contactId = sync.world.convert(lead);
			sync.world.change('Contact', contactId, { HasOptedOutOfEmail: false, Email: 'moved@x.example' });
			await poll();
			await poll();
			expect(held('Contact', contactId)?.emailBlocked).toBe(true);
			expect(contacts()).toHaveLength(4);
		}
	});
});
