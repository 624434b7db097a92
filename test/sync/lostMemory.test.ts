import { Pipeline } from '../support/pipeline/pipeline';
import { HUBSPOT_LIST } from '../support/pipeline/world';

/** Static data that was cleared, or a workflow that was deleted and imported again: the trigger begins without a memory. */
describe('a HubSpot sync whose memory was lost', () => {
	let pipeline: Pipeline;
	beforeAll(async () => (pipeline = await Pipeline.start({ members: 60, extraContacts: 5 })));
	afterAll(async () => await pipeline.close());

	const held = (id: number) =>
		[...pipeline.brevo.store.contacts.values()].find((one) => one.identifiers.ext_id?.endsWith(`:${id}`) === true);
	const stateOf = (id: number) => [held(id)?.listIds.has(pipeline.list), held(id)?.emailBlocked];
	const mailable = (): number[] =>
		[...pipeline.hubspot.store.list(HUBSPOT_LIST).members.ids()].filter((id) => {
			const [onList, blocked] = stateOf(id);
			return onList === true && blocked === false;
		});

	it('promise 1: takes off who left and blocks who unsubscribed meanwhile; everybody else stays as they are', async () => {
		pipeline.reset();
		await pipeline.settle();
		const [leaver = 0, optedOut = 0, stayed = 0] = mailable();
		const { store } = pipeline.hubspot;
		store.optOut(optedOut, true);
		store.removeFromList(HUBSPOT_LIST, [leaver, optedOut]);
		pipeline.forgetAll();
		await pipeline.settle();
		expect([leaver, optedOut, stayed].map(stateOf)).toEqual([
			[false, false],
			[false, true],
			[true, false],
		]);
	});

	it('leaves the contacts alone that another sync brings to the same list, and says so', async () => {
		pipeline.reset();
		await pipeline.settle();
		const { store } = pipeline.hubspot;
		const theirs = mailable();
		// As if this sync had followed another list from the beginning.
		store.removeFromList(HUBSPOT_LIST, theirs.slice(0, 30));
		pipeline.forgetAll();
		await pipeline.settle();
		expect(theirs.map((id) => stateOf(id)[0])).toEqual(theirs.map(() => true));
		expect(pipeline.follower.warnings.join()).toContain('does not follow');
	});
});
