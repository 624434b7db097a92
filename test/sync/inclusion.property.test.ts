import fc from 'fast-check';
import { Pair } from '../support/pipeline/pair/pair';
import { faultsOf, pairHistories, PairWorld } from '../support/pipeline/pair/pairHistory';
import { propertyRuns } from '../support/propertyRuns';

describe('the workflows between HubSpot and Salesforce under random edits on both sides', () => {
	it.each([
		['calm', true, 16],
		['with kills, retries and faults', false, 16],
	] as const)(
		'converge, go quiet, and never write to a contact outside of the segment: %s',
		async (name, calm, few) => {
			const runs = propertyRuns(`pairs, ${name}`, few, 0.1);
			await fc.assert(
				fc.asyncProperty(
					pairHistories(calm),
					fc.constantFrom('emailOnly' as const, 'hold' as const),
					async (steps, newContacts) => {
						const pair = await Pair.start({ newContacts, joinedLater: true });
						try {
							const world = new PairWorld(pair);
							await world.play(steps);
							expect(faultsOf(world)).toEqual([]);
						} finally {
							await pair.close();
							runs.count();
						}
					},
				),
				runs.parameters,
			);
		},
		3_600_000,
	);
});
