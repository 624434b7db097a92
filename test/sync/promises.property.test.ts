import fc from 'fast-check';
import type { HappeningKind } from '../support/pipeline/world';
import { HAPPENINGS } from '../support/pipeline/world';
import { histories, play } from '../support/pipeline/history';
import { Pipeline } from '../support/pipeline/pipeline';
import { propertyRuns } from '../support/propertyRuns';

let pipeline: Pipeline;
beforeAll(async () => (pipeline = await Pipeline.start()));
afterAll(async () => await pipeline.close());

const OFF = (process.env.OFF ?? '').split(',');
const KINDS: readonly HappeningKind[] = HAPPENINGS.filter((kind) => !OFF.includes(kind));

describe('random histories of HubSpot and Brevo, through kills, faults and failing runs', () => {
	it('promises 1 to 3: nobody blocked becomes mailable, Brevo ends as HubSpot says, every contact has one outcome', async () => {
		const runs = propertyRuns('whole system', 150);
		const totals: Record<string, number> = {};
		try {
			await fc.assert(
				fc.asyncProperty(histories(KINDS), async (history) => {
					const { wrong, witness } = await play(pipeline, history);
					expect(wrong).toEqual([]);
					for (const [name, count] of Object.entries(witness.outcomes)) totals[name] = (totals[name] ?? 0) + count;
					runs.count();
				}),
				runs.parameters,
			);
		} finally {
			if (process.env.SHOW) console.log(totals);
		}
	}, 3_600_000);
});
