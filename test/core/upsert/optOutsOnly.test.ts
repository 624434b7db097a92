import type { MappedContact } from '../../../core/contact/contact';
import { upsertContacts } from '../../../core/upsert/upsertContacts';
import { DEFAULT_UPSERT } from '../../support/brevoAccount';
import { ManualClock } from '../../support/manualClock';
import { mapped } from '../../support/mappedContacts';
import { MemoryDestination } from './memoryDestination';

const KEY = (id: number): string => `hubspot:1:contact:${id}`;
const SETTINGS = { ...DEFAULT_UPSERT, mode: 'optOutsOnly' } as const;

const run = async (destination: MemoryDestination, ...contacts: MappedContact[]) =>
	(await upsertContacts(contacts, destination, SETTINGS, new ManualClock())).results.map(({ outcome, warnings }) =>
		[outcome.status, outcome.code, ...warnings.map(({ code }) => code)].filter(Boolean).join(' '),
	);

describe('the mode Opt-Outs Only', () => {
	it('HB-22: blocks a contact that opted out, and writes nothing else of it', async () => {
		const destination = new MemoryDestination();
		destination.hold({ email: 'old@x.example', sourceKey: KEY(1), onList: false, attributes: { NAME: 'Old' } });
		const change = mapped(1, { email: 'new@x.example', attributes: { NAME: 'New' } }, { optedOut: true });
		expect(await run(destination, change)).toEqual(['updated']);
		expect(destination.byKey(KEY(1))).toMatchObject({
			email: 'old@x.example',
			optedOut: true,
			onList: false,
			attributes: { NAME: 'Old' },
		});
		expect(await run(destination, change)).toEqual(['unchanged']);
	});

	it('HB-23: lifts nothing, and leaves alone a contact that did not opt out', async () => {
		const destination = new MemoryDestination();
		destination.hold({ email: 'a@x.example', sourceKey: KEY(1), onList: true, optedOut: true });
		destination.hold({ email: 'b@x.example', sourceKey: KEY(2), onList: true });
		const changes = [mapped(1, { email: 'a@x.example' }), mapped(2, { email: 'c@x.example' })];
		expect(await run(destination, ...changes)).toEqual(['unchanged OPT_OUTS_ONLY', 'unchanged OPT_OUTS_ONLY']);
		expect(destination.log).toEqual([]);
	});

	it('HB-21: creates no contact, and takes none off the list', async () => {
		const destination = new MemoryDestination();
		destination.hold({ email: 'b@x.example', sourceKey: KEY(2), onList: true });
		const stranger = mapped(1, { email: 'a@x.example' }, { optedOut: true });
		const leaver = mapped(2, { email: 'b@x.example' }, { change: 'removed' });
		expect(await run(destination, stranger, leaver)).toEqual([
			'unchanged NOT_IN_DESTINATION',
			'unchanged OPT_OUTS_ONLY',
		]);
		expect(destination.log).toEqual([]);
		const optedOut = mapped(2, { email: 'b@x.example' }, { change: 'removed', optedOut: true });
		expect(await run(destination, optedOut)).toEqual(['updated']);
		expect(destination.byKey(KEY(2))).toMatchObject({ optedOut: true, onList: true });
	});

	it('promise 1: blocks the contact that has the address by now as well', async () => {
		const destination = new MemoryDestination();
		destination.hold({ email: 'a@x.example', sourceKey: KEY(1), onList: true });
		destination.hold({ email: 'b@x.example', sourceKey: 'shop-7', onList: true });
		await run(destination, mapped(1, { email: 'b@x.example' }, { optedOut: true }));
		expect([destination.byEmail('a@x.example')?.optedOut, destination.byEmail('b@x.example')?.optedOut]).toEqual([
			true,
			true,
		]);
	});
});

describe('an opt-out of a contact that is in none of the lists that are followed', () => {
	const outside = (id: number, email: string): MappedContact => ({
		...mapped(id, { email }, { change: 'optedOut', optedOut: true }),
		optOutOnly: true,
	});
	const write = async (destination: MemoryDestination, ...contacts: MappedContact[]) =>
		(await upsertContacts(contacts, destination, DEFAULT_UPSERT, new ManualClock())).results.map(({ outcome }) =>
			[outcome.status, outcome.code].filter(Boolean).join(' '),
		);

	it('HB-22: blocks the contact where it is held, and touches no list, key or value', async () => {
		const destination = new MemoryDestination();
		destination.hold({ email: 'a@x.example', sourceKey: 'shop-7', onList: true, attributes: { NAME: 'Kept' } });
		expect(await write(destination, outside(1, 'a@x.example'))).toEqual(['updated']);
		expect(destination.byEmail('a@x.example')).toMatchObject({
			sourceKey: 'shop-7',
			optedOut: true,
			onList: true,
			attributes: { NAME: 'Kept' },
		});
		expect(await write(destination, outside(1, 'a@x.example'))).toEqual(['unchanged OUTSIDE_LIST']);
	});

	it.each([
		['none of the lists', outside(2, 'a@x.example')],
		['a list that it leaves', mapped(2, { email: 'a@x.example' }, { change: 'removed', optedOut: true })],
	])(
		'promise 1: blocks what is at its address also where another record of the source made it, of %s',
		async (_of, one) => {
			const destination = new MemoryDestination();
			destination.hold({ email: 'a@x.example', sourceKey: 'hubspot:1:contact:1', onList: true });
			expect(await write(destination, one)).toEqual(['unchanged NOT_IN_DESTINATION']);
			expect(destination.byEmail('a@x.example')).toMatchObject({
				sourceKey: 'hubspot:1:contact:1',
				optedOut: true,
				onList: true,
			});
		},
	);

	it('creates none where it is not held', async () => {
		const destination = new MemoryDestination();
		expect(await write(destination, outside(1, 'a@x.example'))).toEqual(['unchanged NOT_IN_DESTINATION']);
		expect(destination.log).toEqual([]);
	});
});
