import fc from 'fast-check';
import { HAPPENINGS } from '../support/pipeline/world';
import { histories, play } from '../support/pipeline/history';
import { Pipeline } from '../support/pipeline/pipeline';
import { propertyRuns } from '../support/propertyRuns';

let pipeline: Pipeline;
beforeAll(async () => (pipeline = await Pipeline.start()));
afterAll(async () => await pipeline.close());

describe('random histories of HubSpot and Brevo, through kills, faults and failing runs', () => {
	it('promises 1 to 3: nobody blocked becomes mailable, Brevo ends as HubSpot says, every contact has one outcome', async () => {
		const runs = propertyRuns('whole system', 80);
		await fc.assert(
			fc.asyncProperty(histories(HAPPENINGS), async (history) => {
				const { wrong } = await play(pipeline, history);
				expect(wrong).toEqual([]);
				runs.count();
			}),
			runs.parameters,
		);
	}, 3_600_000);
});
