import type { MappedContact, MappedFields } from '../../../core/contact/contact';
import { printOfValue } from '../../../core/contact/valuePrint';
import { WrittenValues } from '../../../core/upsert/plan/whoWins/writtenValues';
import { upsertContacts } from '../../../core/upsert/upsertContacts';
import { ManualClock } from '../../support/manualClock';
import { mapped } from '../../support/mappedContacts';
import { MemoryDestination } from './memoryDestination';

const KEY = 'hubspot:1:contact:1';
/** An address is on one contact of it at most. */
const UNIQUE = { system: 'hubspot', account: '1', object: 'contact', id: '1', uniqueEmails: true } as const;

/** One process with a destination; `edited` contacts come from a source that tells which fields changed. */
class Process {
	readonly clock = new ManualClock();
	readonly written = new WrittenValues(this.clock);
	readonly destination = new MemoryDestination();

	async run(...contacts: readonly MappedContact[]): Promise<string[]> {
		const settings = { optOuts: 'block', leavers: 'remove', dryRun: false, longestWaitMs: 0, written: this.written } as const; // prettier-ignore
		const { results } = await upsertContacts(contacts, this.destination, settings, this.clock);
		return results.map(({ outcome, warnings }) =>
			[outcome.status, outcome.code, ...warnings.map(({ field, code }) => `${field}:${code}`)]
				.filter(Boolean)
				.join(' '),
		);
	}
}

/** As Map Contact Fields makes it where edits come back: each value from a field of the same name in small letters. */
function edited(contact: MappedFields, changed: readonly string[], more: Partial<MappedContact> = {}): MappedContact {
	const values = { ...contact.attributes, ...(contact.email !== undefined && { EMAIL: contact.email }) };
	const origins = Object.fromEntries(
		Object.entries(values).map(([name, value]) => [name, `${name.toLowerCase()}=${printOfValue(value)}`]),
	);
	const unchanged = Object.keys(values).filter((name) => !changed.includes(name));
	return mapped(1, { ...contact, origins, unchanged }, more);
}

const held = { email: 'ada@x.example', sourceKey: KEY, onList: true, attributes: { CITY: 'A' } };

describe('an address that did not change at the source', () => {
	it('stays as it was edited at the destination, and the rest is written', async () => {
		const one = new Process();
		one.destination.hold({ ...held, email: 'moved@x.example' });
		const contact = { email: 'ada@x.example', attributes: { CITY: 'B' } };
		expect(await one.run(edited(contact, ['CITY']))).toEqual(['updated EMAIL:IDENTIFIER_KEPT']);
		expect(one.destination.byEmail('moved@x.example')).toMatchObject({ attributes: { CITY: 'B' } });
	});

	it('is written where the destination still has what this sync wrote, because another contact had the new one', async () => {
		const one = new Process();
		const contact = { email: 'ada@x.example', attributes: { CITY: 'A' } };
		await one.run(mapped(1, { ...contact, origins: {} }));
		const other = one.destination.hold({ email: 'new@x.example', sourceKey: 'webshop' });
		const moved = { ...contact, email: 'new@x.example' };
		expect(await one.run(edited(moved, ['EMAIL']))).toEqual(['failed IDENTIFIER_TAKEN']);
		other.email = 'free@x.example';
		expect(await one.run(edited({ ...moved, attributes: { CITY: 'B' } }, ['CITY']))).toEqual(['updated']);
		expect(one.destination.byEmail('new@x.example')).toMatchObject({ sourceKey: KEY, attributes: { CITY: 'B' } });
	});

	it('is asked for by a contact that opted out where another contact has it, so that the opt-out reaches that one', async () => {
		const one = new Process();
		one.destination.hold({ ...held, email: 'moved@x.example' });
		one.destination.hold({ email: 'ada@x.example' });
		await one.run(edited({ email: 'ada@x.example', attributes: {} }, [], { optedOut: true }));
		expect([...one.destination.contacts.values()].map(({ optedOut }) => optedOut)).toEqual([true, true]);
	});
});

describe('a value that did not change at the source', () => {
	it.each([
		['of another contact that has lost it', 'hubspot:1:contact:2', 'B'],
		['of its own', KEY, 'A'],
		['of another source', 'salesforce:1:Contact:2', 'A'],
	])('against that of a record %s', async (_name, sourceKey, city) => {
		const one = new Process();
		one.destination.hold({ ...held, sourceKey });
		const contact = { email: 'ada@x.example', attributes: { CITY: 'B', NAME: 'Ada' } };
		await one.run(edited(contact, ['NAME'], { source: UNIQUE }));
		expect(one.destination.byEmail('ada@x.example')).toMatchObject({ attributes: { CITY: city, NAME: 'Ada' } });
	});

	it('stays where another record of the source may have the address as well', async () => {
		const one = new Process();
		one.destination.hold({ ...held, sourceKey: 'hubspot:1:contact:2' });
		const contact = { email: 'ada@x.example', attributes: { CITY: 'B', NAME: 'Ada' } };
		await one.run(edited(contact, ['NAME']));
		expect(one.destination.byEmail('ada@x.example')).toMatchObject({ attributes: { CITY: 'A', NAME: 'Ada' } });
	});

	const later = edited({ email: 'ada@x.example', attributes: { CITY: 'B', JOB: 'New' } }, ['JOB']);

	it('replaces what this sync wrote: the contact was left out when it did change', async () => {
		const one = new Process();
		await one.run(edited({ email: 'ada@x.example', attributes: { CITY: 'A', JOB: 'Old' } }, ['EMAIL', 'CITY', 'JOB']));
		expect(await one.run(later)).toEqual(['updated']);
		expect(one.destination.byEmail('ada@x.example')?.attributes).toEqual({ CITY: 'B', JOB: 'New' });
	});

	it('replaces what was there as this sync wanted it, the address included', async () => {
		const one = new Process();
		one.destination.hold(held);
		expect(await one.run(edited({ email: 'ada@x.example', attributes: { CITY: 'A' } }, ['CITY']))).toEqual([
			'unchanged',
		]);
		const contact = { email: 'new@x.example', attributes: { CITY: 'B', JOB: 'New' } };
		expect(await one.run(edited(contact, ['JOB']))).toEqual(['updated']);
		expect(one.destination.byEmail('new@x.example')?.attributes).toEqual({ CITY: 'B', JOB: 'New' });
	});

	it.each([
		['was edited at the destination', 'X', true],
		['was written before the process began', 'A', false],
	])('stays where it %s', async (_what, value, remembers) => {
		const one = new Process();
		if (remembers) await one.run(edited({ email: 'ada@x.example', attributes: { CITY: 'A' } }, ['EMAIL', 'CITY']));
		const contact = remembers ? one.destination.byEmail('ada@x.example') : one.destination.hold(held);
		if (contact) contact.attributes.CITY = value;
		expect(await one.run(later)).toEqual(['updated']);
		expect(one.destination.byEmail('ada@x.example')?.attributes).toEqual({ CITY: value, JOB: 'New' });
	});
});

describe('a value that is as it was delivered before, although a sync wrote another one there in between', () => {
	const MINUTE_MS = 60_000;
	const readAt = (ms: number, sequence = 2): Partial<MappedContact> => ({
		delivery: { phase: 'live', sequence, at: new Date(ms).toISOString() },
	});
	const back = { email: 'ada@x.example', attributes: { CITY: 'A', JOB: 'New' } };
	/** The sync the other way wrote B into record 1, out of this contact. */
	const written = (how: 'written' | 'there' | 'sent' = 'written') => {
		const one = new Process();
		const there = one.destination.hold({ ...held, attributes: { CITY: 'B' } });
		if (how === 'sent') one.written.sending('1', there.id, [['city', 'B']]);
		else one.written.stored('1', there.id, [['city', 'B']], how === 'written');
		return { one, there };
	};

	it.each([
		['taken back, for it was read long after that', 2 * MINUTE_MS, 'written', 'A'],
		['one that may have been read before that', MINUTE_MS / 2, 'written', 'B'],
		['still to be replaced, for what was written did not arrive', 2 * MINUTE_MS, 'sent', 'B'],
		['perhaps the same in another form, for it was there already', 2 * MINUTE_MS, 'there', 'B'],
	] as const)('is %s', async (_what, laterMs, how, city) => {
		const { one, there } = written(how);
		await one.run(edited(back, ['JOB'], readAt(one.clock.now() + laterMs)));
		expect(there.attributes).toEqual({ CITY: city, JOB: 'New' });
	});

	it('is one that may have been read before where the same value was written there once more since', async () => {
		const { one, there } = written();
		one.clock.advance(10 * MINUTE_MS);
		one.written.stored('1', there.id, [['city', 'B']], true);
		await one.run(edited(back, ['JOB'], readAt(one.clock.now() - MINUTE_MS)));
		expect(there.attributes).toEqual({ CITY: 'B', JOB: 'New' });
	});

	it('is taken back by the next run too where that one failed, and is no edit in the next batch', async () => {
		const { one, there } = written();
		const failure = { kind: 'retry', code: 'UNAVAILABLE', reason: 'Brevo did not answer' } as const;
		one.destination.behaviour.fault = () => ({ failure });
		const later = one.clock.now() + 2 * MINUTE_MS;
		await one.run(edited(back, ['JOB'], readAt(later)));
		one.destination.behaviour.fault = undefined;
		await one.run(edited(back, ['JOB'], readAt(later)));
		expect(there.attributes.CITY).toBe('A');
		there.attributes.CITY = 'C';
		await one.run(edited(back, ['JOB'], readAt(later + MINUTE_MS, 3)));
		expect(there.attributes.CITY).toBe('C');
	});
});

describe('a value that an earlier run of the same batch has carried', () => {
	const batch = (sequence: number, again = false) =>
		({ delivery: { phase: 'live', sequence, again, at: '2026-12-01T10:00:00Z' } }) as const;
	const contact = { email: 'ada@x.example', attributes: { CITY: 'B' } };
	const all = ['EMAIL', 'CITY'];

	it.each([
		['written', 'A'],
		['found', 'B'],
	])('and that was %s then does not replace what came since, from a person or another sync', async (_how, before) => {
		const one = new Process();
		const there = one.destination.hold({ ...held, attributes: { CITY: before } });
		await one.run(edited(contact, all, batch(2)));
		there.attributes.CITY = 'C';
		there.email = 'new@x.example';
		expect(await one.run(edited(contact, all, batch(2, true)))).toEqual(['unchanged EMAIL:IDENTIFIER_KEPT']);
		expect(there).toMatchObject({ email: 'new@x.example', attributes: { CITY: 'C' } });
	});

	it('is written where it is another one by now, or was not carried, or comes with a later batch', async () => {
		const one = new Process();
		const there = one.destination.hold(held);
		await one.run(edited(contact, all, batch(2)));
		there.attributes.CITY = 'C';
		await one.run(edited({ ...contact, attributes: { CITY: 'D', JOB: 'New' } }, ['CITY', 'JOB'], batch(2, true)));
		expect(there.attributes).toEqual({ CITY: 'D', JOB: 'New' });
		for (const later of [batch(3, true), batch(3)]) {
			there.attributes.CITY = 'E';
			await one.run(edited({ ...contact, attributes: { CITY: 'D' } }, all, later));
			expect(there.attributes.CITY).toBe('D');
		}
	});

	it('is written by the run that comes after one that failed for it', async () => {
		const one = new Process();
		const there = one.destination.hold(held);
		const failure = { kind: 'retry', code: 'UNAVAILABLE', reason: 'Brevo did not answer' } as const;
		one.destination.behaviour.fault = () => ({ failure });
		await one.run(edited(contact, all, batch(2)));
		one.destination.behaviour.fault = undefined;
		await one.run(edited(contact, all, batch(2, true)));
		expect(there.attributes.CITY).toBe('B');
	});
});

describe('a value that came to the source from the contact that is to be written', () => {
	it.each([
		['E1', 'E2'],
		['E1', null],
		['true', 'false'],
	])('%s replaces nothing, not even an empty value: there it is %s by now', async (echo, now) => {
		const one = new Process();
		const contact = one.destination.hold({ ...held, attributes: { CITY: now } });
		// The sync the other way wrote record 1 with the value of this contact.
		one.written.sending('1', contact.id, [['city', echo === 'true' ? true : echo]]);
		expect(await one.run(edited({ email: 'ada@x.example', attributes: { CITY: echo } }, ['CITY']))).toEqual([
			'unchanged',
		]);
		expect(contact.attributes).toEqual({ CITY: now });
	});

	it('is an edit where the contact had another value in between, although what it got last was the same', async () => {
		const one = new Process();
		const contact = one.destination.hold({ ...held, attributes: { CITY: 'E1' } });
		const edit = (text: string) => edited({ email: 'ada@x.example', attributes: { CITY: text } }, ['CITY']);
		one.written.stored('1', contact.id, [['city', 'E1']], true);
		expect(await one.run(edit('X'))).toEqual(['updated']);
		expect(await one.run(edit('E1'))).toEqual(['updated']);
		expect(contact.attributes).toEqual({ CITY: 'E1' });
	});

	it('is an echo where a newer value was sent after it was read, and an edit where it was read long after that', async () => {
		const one = new Process();
		const contact = one.destination.hold({ ...held, attributes: { CITY: 'E2' } });
		one.written.stored('1', contact.id, [['city', 'E1']], true);
		one.clock.advance(60_000);
		const readThen = new Date(one.clock.now()).toISOString();
		one.clock.advance(2_000);
		one.written.stored('1', contact.id, [['city', 'E2']], true);
		const read = (at: string) =>
			edited({ email: 'ada@x.example', attributes: { CITY: 'E1' } }, ['CITY'], {
				delivery: { phase: 'live', sequence: 7, at },
			});
		expect(await one.run(read(readThen))).toEqual(['unchanged']);
		one.clock.advance(10 * 60_000);
		expect(await one.run(read(new Date(one.clock.now()).toISOString()))).toEqual(['updated']);
		expect(contact.attributes).toEqual({ CITY: 'E1' });
	});

	it('is an edit once it is another one, and one of another record', async () => {
		const one = new Process();
		const contact = one.destination.hold(held);
		one.written.stored('1', contact.id, [['city', 'E1']], true);
		const edit = (text: string) => edited({ email: 'ada@x.example', attributes: { CITY: text } }, ['CITY']);
		expect(await one.run(edit('E2'))).toEqual(['updated']);
		one.written.stored('1', 'another', [['city', 'E3']], true);
		expect(await one.run(edit('E3'))).toEqual(['updated']);
	});
});
