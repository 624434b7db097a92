import fc from 'fast-check';
import type { MappedContact } from '../../../core/contact/contact';
import type { HeldContact } from '../../../core/upsert/destination';
import type { UpsertReport, UpsertSettings } from '../../../core/upsert/upsertContacts';
import { upsertContacts } from '../../../core/upsert/upsertContacts';
import { foreseen, randomBatch, randomHoldings, randomRules } from '../../support/randomBatches';
import { ManualClock } from '../../support/manualClock';
import { MemoryDestination } from './memoryDestination';

/** More of them: PROPERTY_RUNS=10000 npx jest test/core/upsert */
const RUNS = { numRuns: Number(process.env.PROPERTY_RUNS ?? 900) };

const filled = (holdings: ReadonlyArray<Partial<HeldContact>>, bulkFrom: number): MemoryDestination => {
	const destination = new MemoryDestination({ bulkFrom });
	for (const held of holdings) destination.hold({ ...held });
	return destination;
};

const run = async (
	destination: MemoryDestination,
	batch: readonly MappedContact[],
	settings: UpsertSettings,
): Promise<UpsertReport> => await upsertContacts(batch, destination, settings, new ManualClock());

/** What is held, what comes, the rules, and from how many writes on the bulk path is taken. */
const randomRun = [randomHoldings, randomBatch, randomRules, fc.constantFrom(1, 100)] as const;

describe('a dry run over random states', () => {
	it('predicts exactly what the real run does, and writes nothing', async () => {
		await fc.assert(
			fc.asyncProperty(...randomRun, async (holdings, batch, rules, bulkFrom) => {
				const destination = filled(holdings, bulkFrom);
				const before = JSON.stringify([...destination.contacts]);
				const dry = await run(destination, batch, { ...rules, dryRun: true, longestWaitMs: 60_000 });
				expect(destination.log).toEqual([]);
				expect(destination.calls).toBe(0);
				expect(JSON.stringify([...destination.contacts])).toBe(before);
				const real = await run(destination, batch, { ...rules, dryRun: false, longestWaitMs: 60_000 });
				expect(foreseen(dry)).toEqual(foreseen(real));
				expect(dry.cost).toEqual(real.cost);
			}),
			RUNS,
		);
	});

	it('is followed by a real run after which the same batch writes nothing', async () => {
		await fc.assert(
			fc.asyncProperty(...randomRun, async (holdings, batch, rules, bulkFrom) => {
				const destination = filled(holdings, bulkFrom);
				const settings = { ...rules, dryRun: false, longestWaitMs: 60_000 };
				await run(destination, batch, settings);
				const writes = destination.log.length;
				const again = await run(destination, batch, settings);
				expect(destination.log.slice(writes)).toEqual([]);
				expect(again.cost?.tasks).toBe(0);
			}),
			RUNS,
		);
	});
});
