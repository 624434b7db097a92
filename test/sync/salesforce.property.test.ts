import fc from 'fast-check';
import { CALM, playSalesforce, salesforceHistories, WIDE } from '../support/pipeline/salesforce/history';
import { SalesforcePipeline } from '../support/pipeline/salesforce/pipeline';
import { beginnings, propertyRuns } from '../support/propertyRuns';

let pipeline: SalesforcePipeline;
beforeAll(async () => (pipeline = await SalesforcePipeline.start()));
afterAll(async () => await pipeline.close());

describe('random histories of Salesforce and Brevo, through kills, faults and failing runs', () => {
	it.each(beginnings({ seed: 20_261_122 }, { seed: 155_009_481, path: '265' }))(
		'promises 1 to 3: nobody blocked becomes mailable, Brevo ends as Salesforce says, every contact has one outcome %j',
		async (beginning) => {
			const runs = propertyRuns('Salesforce whole system', 30);
			await fc.assert(
				fc.asyncProperty(salesforceHistories(CALM), async (history) => {
					expect(await playSalesforce(pipeline, history)).toEqual([]);
					runs.count();
				}),
				{ ...runs.parameters, ...beginning },
			);
		},
		3_600_000,
	);

	// What they found stands in rareHistories.test.ts, one by one.
	it('promises 1 to 3 in every kind of account, with imports of one contact, three or thirty', async () => {
		const runs = propertyRuns('Salesforce whole system, wide', 30);
		let importedRows = 0;
		await fc.assert(
			fc.asyncProperty(salesforceHistories(WIDE), async (history) => {
				const wrong = await playSalesforce(pipeline, history);
				importedRows += pipeline.importedRows;
				expect(wrong).toEqual([]);
				runs.count();
			}),
			runs.parameters,
		);
		expect(importedRows).toBeGreaterThan(runs.parameters.numRuns);
	}, 3_600_000);
});
