import fc from 'fast-check';
import { playSalesforce, salesforceHistories } from '../support/pipeline/salesforceHistory';
import { SalesforcePipeline } from '../support/pipeline/salesforcePipeline';
import { propertyRuns, seedsToPlay } from '../support/propertyRuns';

let pipeline: SalesforcePipeline;
beforeAll(async () => (pipeline = await SalesforcePipeline.start()));
afterAll(async () => await pipeline.close());

describe('random histories of Salesforce and Brevo, through kills, faults and failing runs', () => {
	it.each(seedsToPlay(20_261_122))(
		'promises 1 to 3: nobody blocked becomes mailable, Brevo ends as Salesforce says, every contact has one outcome (seed %s)',
		async (seed) => {
			const runs = propertyRuns('Salesforce whole system', 50);
			await fc.assert(
				fc.asyncProperty(salesforceHistories(), async (history) => {
					expect(await playSalesforce(pipeline, history)).toEqual([]);
					runs.count();
				}),
				{ ...runs.parameters, seed },
			);
		},
		3_600_000,
	);
});
