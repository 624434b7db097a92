import type { MappedContact } from '../../../core/contact/contact';
import { upsertContacts } from '../../../core/upsert/upsertContacts';
import { DEFAULT_UPSERT } from '../../support/brevoAccount';
import { ManualClock } from '../../support/manualClock';
import { mapped } from '../../support/mappedContacts';
import { MemoryDestination } from './memoryDestination';

const KEY = (id: number): string => `hubspot:1:contact:${id}`;

const run = async (destination: MemoryDestination, ...contacts: MappedContact[]) =>
	(await upsertContacts(contacts, destination, DEFAULT_UPSERT, new ManualClock())).results;

/** Records 1 and 2, at a and at b, each with a contact on the list. */
function both(): MemoryDestination {
	const destination = new MemoryDestination();
	for (const [id, email] of ['a@x.example', 'b@x.example'].entries())
		destination.hold({ email, sourceKey: KEY(id + 1), onList: true });
	return destination;
}

const mover = (more: Partial<MappedContact> = {}): MappedContact => mapped(1, { email: 'b@x.example' }, more);

describe('a record that moves to an address that another record of the sync has', () => {
	it('ends with a reason that says so, and keeps its contact as it is', async () => {
		const destination = both();
		for (const _delivery of [1, 2]) {
			const [told] = await run(destination, mover());
			expect(told?.outcome).toMatchObject({ status: 'failed', code: 'IDENTIFIER_TAKEN', destinationId: '1' });
			expect(told?.outcome.message).toContain('contact of another record of the source');
		}
		expect(destination.log).toEqual([]);
		expect(destination.byKey(KEY(1))).toMatchObject({ email: 'a@x.example', onList: true });
	});

	it('promise 1: its opt-out blocks both contacts', async () => {
		const destination = both();
		const [told] = await run(destination, mover({ optedOut: true }));
		expect(told?.outcome.code).toBe('IDENTIFIER_TAKEN');
		expect(told?.warnings.map(({ code }) => code)).toEqual(['OPT_OUT_CARRIED']);
		expect([destination.byKey(KEY(1))?.optedOut, destination.byKey(KEY(2))?.optedOut]).toEqual([true, true]);
	});

	it('promise 1: gets the block of a record that was merged into it, whose contact leaves the list', async () => {
		const destination = both();
		destination.hold({ email: 'c@x.example', sourceKey: KEY(3), onList: true, optedOut: true });
		const [told] = await run(destination, mover({ mergedFrom: [KEY(3)] }));
		expect(told?.outcome.code).toBe('IDENTIFIER_TAKEN');
		expect(told?.warnings.map(({ code }) => code)).toEqual(['MERGED_CONTACT_LEFT', 'OPT_OUT_CARRIED']);
		expect(destination.byKey(KEY(1))).toMatchObject({ email: 'a@x.example', optedOut: true, onList: true });
		expect(destination.byKey(KEY(2))).toMatchObject({ optedOut: false });
		expect(destination.byKey(KEY(3))).toMatchObject({ onList: false });
	});

	it('takes the contact of a merged record off the list although that gets the opt-out of another one in the same call', async () => {
		const destination = both();
		destination.hold({ email: 'c@x.example', sourceKey: KEY(3), onList: true });
		const optedOut = mapped(2, { email: 'b@x.example' }, { optedOut: true, mergedFrom: [KEY(3)], changedAt: '2026-11-20T09:00:00.000Z' }); // prettier-ignore
		const results = await run(destination, optedOut, mover());
		expect(results.map(({ outcome: { status, code } }) => code ?? status)).toEqual(['updated', 'IDENTIFIER_TAKEN']);
		expect(destination.byKey(KEY(3))).toMatchObject({ optedOut: true, onList: false });
	});

	it('gets the address once the other record has left it, in one batch or the next', async () => {
		const destination = both();
		await run(destination, mapped(2, { email: 'c@x.example' }));
		expect((await run(destination, mover()))[0]?.outcome.status).toBe('updated');
		const together = both();
		const results = await run(together, mover(), mapped(2, { email: 'c@x.example' }));
		expect(results.map(({ outcome }) => outcome.status)).toEqual(['updated', 'updated']);
	});

	it.each([
		['alone', {}, false],
		['that opted out', { optedOut: true }, true],
	] as const)('in one batch before a change of that record %s: that one is written', async (_which, more, optedOut) => {
		const destination = both();
		const older = mapped(2, { email: 'b@x.example', attributes: { CITY: 'Köln' } }, { ...more, changedAt: '2026-11-20T09:00:00.000Z' }); // prettier-ignore
		for (const expected of ['updated', 'unchanged']) {
			const results = await run(destination, older, mover());
			expect(results.map(({ outcome: { status, code } }) => code ?? status)).toEqual([expected, 'IDENTIFIER_TAKEN']);
		}
		expect(destination.byKey(KEY(2))).toMatchObject({ email: 'b@x.example', attributes: { CITY: 'Köln' }, optedOut });
		expect(destination.byKey(KEY(1))).toMatchObject({ email: 'a@x.example', attributes: {}, optedOut });
	});

	it('the same with addresses that are unique at the source, where that record has lost it', async () => {
		const destination = both();
		const source = { system: 'hubspot', account: '1', object: 'contact', uniqueEmails: true } as const;
		const older = mapped(2, { email: 'b@x.example', attributes: { CITY: 'Köln' } }, { source: { ...source, id: '2' }, changedAt: '2026-11-20T09:00:00.000Z' }); // prettier-ignore
		const results = await run(destination, older, mover({ source: { ...source, id: '1' } }));
		expect(results.map(({ outcome }) => outcome.code)).toEqual(['SAME_ADDRESS_TWICE', 'IDENTIFIER_TAKEN']);
	});

	it('in one batch with that record: one address is one contact, and the older change ends as its double', async () => {
		const destination = both();
		const results = await run(
			destination,
			mover({ changedAt: '2026-11-20T09:00:00.000Z' }),
			mapped(2, { email: 'b@x.example' }),
		);
		expect(results.map(({ outcome }) => outcome.code)).toEqual(['SAME_ADDRESS_TWICE', undefined]);
	});
});
