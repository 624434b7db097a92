import fc from 'fast-check';
import type { MappedContact } from '../../../core/contact/contact';
import { REASONS } from '../../../core/reasons';
import type { Failure } from '../../../core/result';
import type { UpsertSettings } from '../../../core/upsert/upsertContacts';
import { upsertContacts } from '../../../core/upsert/upsertContacts';
import { ManualClock } from '../../support/manualClock';
import { mapped } from '../../support/mappedContacts';
import { MemoryDestination } from './memoryDestination';

/** Few people, addresses and numbers, so that they meet all the time. */
const people = fc.integer({ min: 1, max: 6 });
const address = fc.integer({ min: 1, max: 6 }).map((n) => `p${n}@x.example`);
const phone = fc.integer({ min: 1, max: 4 }).map((n) => `+49170000000${n}`);
const city = fc.constantFrom('A', 'B', null);

const change: fc.Arbitrary<MappedContact> = fc
	.record({
		id: people,
		email: fc.option(address, { nil: undefined, freq: 6 }),
		phone: fc.option(phone, { nil: undefined, freq: 1 }),
		city,
		optedOut: fc.constantFrom(true, false, null),
		kind: fc.constantFrom('added', 'updated', 'updated', 'updated', 'optedOut', 'removed', 'deleted'),
		minute: fc.integer({ min: 0, max: 59 }),
		former: fc.option(address, { nil: undefined }),
	})
	.map(({ id, email, phone: number, city: CITY, optedOut, kind, minute, former }) =>
		mapped(
			id,
			{ email, phone: number, attributes: { CITY } },
			{
				change: kind,
				optedOut,
				changedAt: new Date(Date.UTC(2026, 10, 20, 10, minute)).toISOString(),
				...(former ? { previousEmail: former } : {}),
			},
		),
	);

const held = fc.record({
	email: address,
	phone: fc.option(phone, { nil: undefined }),
	sourceKey: fc.option(
		fc.oneof(
			people.map((n) => `hubspot:1:contact:${n}`),
			people.map((n) => `webshop:${n}`),
		),
		{ nil: undefined },
	),
	optedOut: fc.boolean(),
	onList: fc.boolean(),
	attributes: fc.record({ CITY: fc.constantFrom('A', 'B', 'C') }),
});

const behaviour = fc.record({
	bulkFrom: fc.constantFrom(1, 3, 100),
	slowness: fc.integer({ min: 1, max: 4 }),
	faults: fc.array(fc.integer({ min: 0, max: 30 }), { maxLength: 6 }),
	lost: people,
});

const SETTINGS: UpsertSettings = { optOuts: 'block', leavers: 'remove', dryRun: false, longestWaitMs: 60_000 };
const DOWN: Failure = { kind: 'retry', code: 'UNAVAILABLE', reason: 'Down' };

const run = async (destination: MemoryDestination, batch: readonly MappedContact[]) =>
	await upsertContacts(batch, destination, SETTINGS, new ManualClock());

/** A destination whose contacts do not share identifiers. */
function filled(contacts: ReadonlyArray<Parameters<MemoryDestination['hold']>[0]>): MemoryDestination {
	const destination = new MemoryDestination();
	for (const contact of contacts) {
		const known = [...destination.contacts.values()];
		if (
			known.some(
				({ email, phone: number, sourceKey }) =>
					email === contact.email ||
					(number && number === contact.phone) ||
					(sourceKey && sourceKey === contact.sourceKey),
			)
		)
			continue;
		destination.hold(contact);
	}
	return destination;
}

/** More of them: PROPERTY_RUNS=10000 npx jest test/core/upsert */
const RUNS = { numRuns: Number(process.env.PROPERTY_RUNS ?? 300) };

describe('upsert over random histories', () => {
	it('promise 3: gives every contact exactly one outcome, and a code wherever one is due', async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.array(held, { maxLength: 6 }),
				fc.array(change, { maxLength: 12 }),
				behaviour,
				async (before, batch, how) => {
					const destination = filled(before);
					destination.behaviour = {
						...how,
						fault: (call) => (how.faults.includes(call) ? { failure: DOWN, after: call % 2 === 0 } : undefined),
					};
					const { results, failure } = await run(destination, batch);
					expect(results).toHaveLength(batch.length);
					for (const { outcome } of results) {
						if (outcome.status === 'failed' || outcome.status === 'excluded')
							expect(REASONS).toHaveProperty(outcome.code ?? 'missing');
						if (outcome.retryable) expect(failure).toBeDefined();
					}
				},
			),
			RUNS,
		);
	});

	it('promise 1: never makes an opted-out person mailable, and carries every opt-out that was written', async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.array(held, { maxLength: 6 }),
				fc.array(fc.array(change, { maxLength: 8 }), { maxLength: 5 }),
				behaviour,
				async (before, batches, how) => {
					const destination = filled(before);
					const blocked = new Set(
						[...destination.contacts.values()].filter(({ optedOut }) => optedOut).map(({ id }) => id),
					);
					for (const [index, batch] of batches.entries()) {
						destination.behaviour = {
							...how,
							fault: (call) => (how.faults.includes(call + index) ? { failure: DOWN } : undefined),
						};
						const { results } = await run(destination, batch);
						for (const { id, optedOut } of destination.contacts.values()) {
							if (blocked.has(id)) expect(optedOut).toBe(true);
							if (optedOut) blocked.add(id);
						}
						for (const [position, { outcome }] of results.entries()) {
							const { optedOut } = batch[position] as MappedContact;
							if (optedOut && ['created', 'updated', 'removed'].includes(outcome.status) && outcome.destinationId) {
								expect(destination.contacts.get(outcome.destinationId)?.optedOut).toBe(true);
							}
						}
					}
				},
			),
			RUNS,
		);
	});

	it('promise 2: writes nothing when a batch is repeated, and never deletes', async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.array(held, { maxLength: 6 }),
				fc.array(change, { maxLength: 12 }),
				behaviour,
				async (before, batch, how) => {
					const destination = filled(before);
					destination.behaviour = { bulkFrom: how.bulkFrom, slowness: how.slowness };
					const count = destination.contacts.size;
					const first = await run(destination, batch);
					fc.pre(first.results.every(({ outcome }) => outcome.status !== 'failed'));
					const writes = destination.log.length;
					await run(destination, batch);
					expect(destination.log.slice(writes)).toEqual([]);
					expect(destination.contacts.size).toBeGreaterThanOrEqual(count);
				},
			),
			RUNS,
		);
	});

	it('promise 2: is where it would be without faults once a failed batch was delivered again', async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.uniqueArray(change, { maxLength: 12, selector: ({ key }) => key }),
				behaviour,
				async (batch, how) => {
					const unique = batch.map((one, index) => ({
						...one,
						previousEmail: undefined,
						contact: { ...one.contact, phone: undefined, email: one.contact.email && `own${index}@x.example` },
					}));
					const [calm, shaken] = [new MemoryDestination(how), new MemoryDestination(how)];
					await run(calm, unique);
					shaken.behaviour = {
						...how,
						losesRow: ({ key }) => key.endsWith(`:${how.lost}`),
						fault: (call) => (how.faults.includes(call) ? { failure: DOWN, after: call % 2 === 0 } : undefined),
					};
					for (let tries = 0; tries < 12; tries++) if (!(await run(shaken, unique)).failure) break;
					const state = (destination: MemoryDestination) =>
						[...destination.contacts.values()]
							.map(({ id: _id, touchedAt: _touchedAt, ...rest }) => rest)
							.sort((a, b) => String(a.sourceKey).localeCompare(String(b.sourceKey)));
					expect(state(shaken)).toEqual(state(calm));
				},
			),
			RUNS,
		);
	});
});
