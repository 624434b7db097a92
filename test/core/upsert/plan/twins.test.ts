import type { HeldContact } from '../../../../core/upsert/destination';
import { upsertContacts } from '../../../../core/upsert/upsertContacts';
import { DEFAULT_UPSERT } from '../../../support/brevoAccount';
import { ManualClock } from '../../../support/manualClock';
import { mapped } from '../../../support/mappedContacts';
import { MemoryDestination } from '../memoryDestination';

const KEY = (id: number): string => `hubspot:1:contact:${id}`;

describe('records of a destination that have one address', () => {
	it.each([
		['before', [2, 1]],
		['after', [1, 2]],
	] as const)(
		'promise 1: an opt-out blocks both, also where the other one is written in the same batch, %s it',
		async (_when, order) => {
			const destination = new MemoryDestination();
			const twin = destination.hold({ email: 'b@x.example', sourceKey: KEY(2) });
			const held: HeldContact = destination.hold({ email: 'a@x.example', sourceKey: KEY(1) });
			Object.assign(held, { twins: [twin] });
			const contacts = {
				1: mapped(1, { email: 'a@x.example' }, { optedOut: true }),
				2: mapped(2, { email: 'b@x.example', attributes: { CITY: 'Köln' } }),
			};
			const batch = order.map((id) => contacts[id]);
			const { results } = await upsertContacts(batch, destination, DEFAULT_UPSERT, new ManualClock());
			expect(results.map(({ outcome }) => outcome.status)).toEqual(['updated', 'updated']);
			expect([KEY(1), KEY(2)].map((key) => destination.byKey(key)?.optedOut)).toEqual([true, true]);
			expect(destination.byKey(KEY(2))?.attributes).toEqual({ CITY: 'Köln' });
		},
	);

	it('promise 1: both are blocked by the opt-out of a leaver that has their address by now', async () => {
		const destination = new MemoryDestination();
		destination.hold({ email: 'old@x.example', sourceKey: KEY(3), onList: true });
		const twin = destination.hold({ email: 'twin@x.example', sourceKey: KEY(2) });
		const held: HeldContact = destination.hold({ email: 'a@x.example', sourceKey: KEY(1) });
		Object.assign(held, { twins: [twin] });
		const leaver = mapped(3, { email: 'a@x.example' }, { change: 'removed', optedOut: true });
		await upsertContacts([leaver], destination, DEFAULT_UPSERT, new ManualClock());
		expect([1, 2, 3].map((id) => destination.byKey(KEY(id))?.optedOut)).toEqual([true, true, true]);
	});
});
