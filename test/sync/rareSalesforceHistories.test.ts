import { playSalesforce } from '../support/pipeline/salesforce/history';
import { SalesforcePipeline } from '../support/pipeline/salesforce/pipeline';
import { RARE_SALESFORCE_HISTORIES } from '../support/pipeline/salesforce/rareHistories';

let pipeline: SalesforcePipeline;
beforeAll(async () => (pipeline = await SalesforcePipeline.start()));
afterAll(async () => await pipeline.close());

/** Those that random histories hardly ever play. */
describe('rare histories of Salesforce and Brevo', () => {
	for (const { name, history } of RARE_SALESFORCE_HISTORIES)
		it(name, async () => expect(await playSalesforce(pipeline, history)).toEqual([]));
});
