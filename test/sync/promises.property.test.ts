import fc from 'fast-check';
import { CALM, histories, play, WIDE } from '../support/pipeline/history';
import { Pipeline } from '../support/pipeline/pipeline';
import { propertyRuns } from '../support/propertyRuns';

let pipeline: Pipeline;
beforeAll(async () => (pipeline = await Pipeline.start()));
afterAll(async () => await pipeline.close());

describe('random histories of HubSpot and Brevo, through kills, faults and failing runs', () => {
	it('promises 1 to 3: nobody blocked becomes mailable, Brevo ends as HubSpot says, every contact has one outcome', async () => {
		const runs = propertyRuns('whole system', 80);
		await fc.assert(
			fc.asyncProperty(histories(CALM), async (history) => {
				const { wrong } = await play(pipeline, history);
				expect(wrong).toEqual([]);
				runs.count();
			}),
			runs.parameters,
		);
	}, 3_600_000);

	// What they found stands in rareHistories.test.ts, one by one.
	it('promises 1 to 3 in every kind of account, with imports of one contact, three or thirty', async () => {
		const runs = propertyRuns('whole system, wide', 40);
		let importedRows = 0;
		await fc.assert(
			fc.asyncProperty(histories(WIDE), async (history) => {
				const { wrong } = await play(pipeline, history);
				importedRows += pipeline.importedRows;
				expect(wrong).toEqual([]);
				runs.count();
			}),
			runs.parameters,
		);
		expect(importedRows).toBeGreaterThan(runs.parameters.numRuns);
	}, 3_600_000);
});
