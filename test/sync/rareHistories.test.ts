import { play } from '../support/pipeline/history';
import { Pipeline } from '../support/pipeline/pipeline';
import { RARE_HISTORIES } from '../support/pipeline/rareHistories';

let pipeline: Pipeline;
beforeAll(async () => (pipeline = await Pipeline.start()));
afterAll(async () => await pipeline.close());

/** Those that random histories hardly ever play. */
describe('rare histories of HubSpot and Brevo', () => {
	for (const { name, history } of RARE_HISTORIES)
		it(name, async () => expect((await play(pipeline, history)).wrong).toEqual([]));
});
