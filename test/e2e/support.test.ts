import { NODE_TYPES } from '../../demo/n8n/importTemplate';
import { type E2e, startE2e } from './support/startE2e';
import { waitFor } from './support/waitFor';

/** Shows that the end-to-end support sees what it is there to see; what the nodes promise is tested in the other files. */
describe('the support of the end-to-end tests', () => {
	let e2e: E2e;
	beforeAll(async () => {
		e2e = await startE2e({ members: 60 });
	});
	afterAll(async () => {
		await e2e.close();
	});

	it('follows a sync through the real n8n to an equal end, and notices when the two sides differ', async () => {
		const { api, sandbox, n8n } = e2e;
		const workflow = await e2e.importSync({ [NODE_TYPES.trigger]: { options: { batchSize: 25 } } });
		expect(e2e.differences(workflow)).not.toEqual([]);
		await api.publish(workflow.id);
		const tally = await e2e.finishSync(workflow);
		expect(tally).toMatchObject({ read: 60, executions: 3, failed: 0 });
		expect(tally.created + tally.updated + tally.unchanged + tally.excluded).toBe(60);
		expect(e2e.differences(workflow)).toEqual([]);

		const { store } = sandbox.brevo;
		const onList = [...store.contacts.values()].filter(({ listIds }) =>
			listIds.has(Number(e2e.choices.destinationList.id)),
		);
		const [first, second, third] = onList;
		if (!first || !second || !third) throw new Error('Three contacts should be on the list');
		store.changeContact(first, { attributes: { FIRSTNAME: 'Somebody else' } }, 'control');
		store.changeContact(second, { removeFrom: [Number(e2e.choices.destinationList.id)] }, 'control');
		store.deleteContact(third, 'control');
		const found = e2e.differences(workflow).map(({ what }) => what);
		expect(found).toEqual(
			expect.arrayContaining([
				'the attribute FIRSTNAME differs',
				'is not on the destination list',
				'is missing in Brevo',
			]),
		);

		// The cursor survives n8n: after a kill and a restart nothing is delivered again. n8n saves it at publishing and when a run starts,
		// so on a slow machine, where the last batch outlives the poll at publishing, that one batch comes again.
		const isSaved = JSON.stringify((await api.getWorkflow(workflow.id)).staticData ?? {}).includes('"sequence":3');
		await n8n.kill();
		await n8n.start();
		const executions = (await api.listExecutions(workflow.id)).length;
		sandbox.hubspot.requests.clear();
		await waitFor('the first poll after the restart', () => sandbox.hubspot.requests.total > 0, { withinMs: 90_000 });
		expect((await api.listExecutions(workflow.id)).length - executions).toBeLessThanOrEqual(isSaved ? 0 : 1);
	});
});
