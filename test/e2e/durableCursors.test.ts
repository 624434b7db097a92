import { NODE_TYPES } from '../../demo/n8n/importTemplate';
import type { StoredWorkflow } from '../../demo/n8n/n8nApi';
import { pollsEvery } from '../../demo/n8n/quickPolls';
import type { E2e } from './support/startE2e';
import { startE2e } from './support/startE2e';
import { waitFor } from './support/waitFor';

/**
 * The trigger with n8n's durable scheduler and poll cursors, which are off by default: polls have 36 s instead of 300, the
 * cursor lives in a table of its own, and n8n spaces failing polls out by itself.
 */
describe("with n8n's durable poll cursors", () => {
	const MEMBERS = 1_200;
	let e2e: E2e;
	let workflow: StoredWorkflow;

	beforeAll(async () => {
		e2e = await startE2e({
			members: MEMBERS,
			editor: false,
			env: {
				N8N_SCHEDULER_ENABLED: 'true',
				N8N_SCHEDULER_POLL_TRIGGERS_ENABLED: 'true',
				N8N_POLLER_DURABLE_CURSORS_ENABLED: 'true',
			},
		});
		workflow = await e2e.importSync({
			[NODE_TYPES.trigger]: { options: { batchSize: 400 }, pollTimes: pollsEvery(2) },
		});
	});

	afterAll(async () => {
		await e2e?.close();
	});

	const succeeded = async (): Promise<number> =>
		(await e2e.api.listExecutions(workflow.id)).filter(({ status }) => status === 'success').length;

	it('HB-13: the first sync goes on where it was after n8n was killed, and ends equal', async () => {
		await e2e.api.publish(workflow.id);
		await waitFor('the first batch', async () => (await succeeded()) >= 1, { withinMs: 90_000 });
		await e2e.n8n.kill();
		await e2e.n8n.start();
		await e2e.finishSync(workflow, { skipFailed: true });
		expect(e2e.differences(workflow)).toEqual([]);
	});

	it('HB-08: a change of a member arrives', async () => {
		const { store } = e2e.sandbox.hubspot;
		const ids = [...store.list(e2e.choices.sourceList.id).members.ids()];
		const id = ids.find((one) => e2e.sandbox.brevo.store.owner('email', store.contact(one).properties.email ?? ''));
		store.changeContact(id ?? 0, { firstname: 'Newest' });
		const email = store.contact(id ?? 0).properties.email ?? '';
		await waitFor(
			'the new value',
			() => e2e.sandbox.brevo.store.owner('email', email)?.attributes.FIRSTNAME === 'Newest',
			{
				withinMs: 200_000,
				everyMs: 250,
			},
		);
		expect(e2e.differences(workflow)).toEqual([]);
	});
});
