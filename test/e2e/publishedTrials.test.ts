import { NODE_TYPES, nodeOfType } from '../../demo/n8n/importTemplate';
import type { Execution, StoredWorkflow } from '../../demo/n8n/n8nApi';
import { itemsOf } from '../../demo/n8n/n8nApi';
import { pollsEvery } from '../../demo/n8n/quickPolls';
import type { E2e } from './support/startE2e';
import { startE2e } from './support/startE2e';
import { waitFor } from './support/waitFor';

/** A newcomer publishes what writes nothing, mends it, and wants to begin again: on one n8n, one after the other. */
describe('a workflow that is published before it writes', () => {
	const MEMBERS = 40;
	let e2e: E2e;
	let workflow: StoredWorkflow;

	beforeAll(async () => {
		e2e = await startE2e({ members: MEMBERS, editor: false });
		workflow = await e2e.importSync({ [NODE_TYPES.trigger]: { pollTimes: pollsEvery(2) } });
	});
	afterAll(async () => await e2e?.close());

	/** Publishes with other parameters, and answers the executions from then on. */
	const publishWith = async (
		type: string,
		parameters: Readonly<Record<string, unknown>>,
	): Promise<() => Promise<Execution[]>> => {
		if ((await e2e.api.getWorkflow(workflow.id)).active) await e2e.api.unpublish(workflow.id);
		const nodes = workflow.nodes.map((node) =>
			node.type === type ? { ...node, parameters: { ...node.parameters, ...parameters } } : node,
		);
		workflow = await e2e.api.updateWorkflow(workflow.id, { ...workflow, nodes });
		await waitFor('the end of what runs', async () =>
			(await e2e.api.listExecutions(workflow.id)).every(({ status }) => status === 'success' || status === 'error'),
		);
		const before = new Set((await e2e.api.listExecutions(workflow.id)).map(({ id }) => id));
		await e2e.api.publish(workflow.id);
		return async () => (await e2e.api.listExecutions(workflow.id)).filter(({ id }) => !before.has(id));
	};
	const firstEnded = async (executions: () => Promise<Execution[]>): Promise<Execution> => {
		const ended = async () => (await executions()).find(({ status }) => status === 'success' || status === 'error');
		return await e2e.api.getExecution((await waitFor('an execution', ended, { withinMs: 60_000 })).id);
	};
	const written = (): number =>
		[...e2e.sandbox.brevo.store.contacts.values()].filter(({ identifiers }) =>
			identifiers.ext_id?.startsWith('hubspot:'),
		).length;
	const upsertName = (): string => nodeOfType(workflow, NODE_TYPES.upsert).name;

	it('fails with the operation Check Set-Up, and says how to go on', async () => {
		const executions = await publishWith(NODE_TYPES.upsert, { operation: 'checkSetUp' });
		const { status, data } = await firstEnded(executions);
		expect(status).toBe('error');
		expect(data?.resultData?.error?.message).toMatch(/published with the operation 'Check Set-Up'.*kept and delivered/);
		expect(written()).toBe(0);
	});

	it('shows in a dry run what would be written, and takes nothing of it for delivered', async () => {
		const executions = await publishWith(NODE_TYPES.upsert, { operation: 'upsertContacts', options: { dryRun: true } });
		const dry = await firstEnded(executions);
		expect(dry.status).toBe('success');
		expect(itemsOf(dry, upsertName()).length).toBeGreaterThan(0);
		expect(written()).toBe(0);
	});

	it('delivers all of them once the dry run is off', async () => {
		const executions = await publishWith(NODE_TYPES.upsert, { options: {} });
		await waitFor('both sides to agree', () => e2e.differences(workflow).length === 0, { withinMs: 90_000 });
		// They agree before the run has ended, and n8n lists it only then.
		await firstEnded(executions);
		expect(written()).toBeGreaterThan(0);
	});

	it('delivers all of them once more when it is published with Sync Everybody Again, and only once', async () => {
		const executions = await publishWith(NODE_TYPES.trigger, { options: { syncAgain: true } });
		const again = await firstEnded(executions);
		const trigger = nodeOfType(workflow, NODE_TYPES.trigger).name;
		expect(itemsOf(again, trigger)).toHaveLength(MEMBERS);
		await e2e.n8n.stop();
		await e2e.n8n.start();
		const polled = e2e.sandbox.hubspot.requests.count();
		await waitFor('two polls', () => e2e.sandbox.hubspot.requests.count() > polled + 4, { withinMs: 60_000 });
		expect(await executions()).toHaveLength(1);
		expect(e2e.differences(workflow)).toEqual([]);
	});
});
