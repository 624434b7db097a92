import type { MappedContact } from '../../../core/contact/contact';
import { upsertContacts } from '../../../core/upsert/upsertContacts';
import { DEFAULT_UPSERT } from '../../support/brevoAccount';
import { ManualClock } from '../../support/manualClock';
import { mapped } from '../../support/mappedContacts';
import { MemoryDestination } from './memoryDestination';

const KEY = (id: number): string => `hubspot:1:contact:${id}`;

describe('a contact that two records share', () => {
	const both = (): MemoryDestination => {
		const destination = new MemoryDestination();
		destination.hold({ email: 'shared@x.example', sourceKey: KEY(3), otherKeys: [KEY(2)], onList: true });
		destination.hold({ email: 'six@x.example', sourceKey: KEY(6), onList: true });
		return destination;
	};
	const run = async (destination: MemoryDestination, ...contacts: MappedContact[]) =>
		await upsertContacts(contacts, destination, DEFAULT_UPSERT, new ManualClock());
	const leaver = mapped(2, { email: 'shared@x.example' }, { change: 'removed' });

	it('leaves the list when one of them leaves and the other one was merged into a third', async () => {
		const destination = both();
		await run(destination, mapped(6, { email: 'six@x.example' }, { mergedFrom: [KEY(3)] }), leaver);
		expect(destination.byKey(KEY(3))?.onList).toBe(false);
		expect(destination.byKey(KEY(6))?.onList).toBe(true);
	});

	it('leaves it as well where the merge comes in a batch before', async () => {
		const destination = both();
		await run(destination, mapped(6, { email: 'six@x.example' }, { mergedFrom: [KEY(3)] }));
		expect(destination.byKey(KEY(2))?.onList).toBe(true);
		await run(destination, leaver);
		expect(destination.byEmail('shared@x.example')?.onList).toBe(false);
	});

	it('stays on it for the other one where that lives', async () => {
		const destination = both();
		await run(destination, mapped(6, { email: 'six@x.example' }), leaver);
		expect(destination.byKey(KEY(3))?.onList).toBe(true);
	});

	it('carries the block of a record merged into one of them that is not written (opt-out always wins)', async () => {
		const destination = new MemoryDestination();
		destination.hold({ email: 'one@x.example', sourceKey: KEY(1), onList: true, optedOut: true });
		destination.hold({ email: 'three@x.example', sourceKey: KEY(3), onList: true });
		destination.hold({ email: 'four@x.example', sourceKey: KEY(4), onList: true });
		await run(
			destination,
			mapped(4, { email: 'four@x.example' }, { mergedFrom: [KEY(1)] }),
			mapped(3, { email: 'four@x.example' }),
		);
		expect([1, 3, 4].map((id) => destination.byKey(KEY(id))?.optedOut)).toEqual([true, true, true]);
		expect(destination.byKey(KEY(1))?.onList).toBe(false);
	});
});
