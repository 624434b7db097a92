import { NODE_TYPES, nodeOfType } from '../../demo/n8n/importTemplate';
import type { Execution, StoredWorkflow, WorkflowNode } from '../../demo/n8n/n8nApi';
import { pollsEvery } from '../../demo/n8n/quickPolls';
import type { E2e } from './support/startE2e';
import { startE2e } from './support/startE2e';
import { untilStill } from './support/untilStill';
import { waitFor } from './support/waitFor';

const LIST_SEARCH = /^\/crm\/lists\/[^/]+\/search$/;

/**
 * What people do with workflows and executions in n8n, one after the other on one n8n: unpublish in the middle of a sync, retry a
 * failed execution, rename the trigger, clear the memory, copy the workflow, put a Wait node in. Nothing older is written over
 * something newer, and who left or opted out meanwhile is not mailable afterwards.
 */
describe('a sync whose workflow and executions are handled by people', () => {
	const MEMBERS = 800;
	const BATCH = 20;
	let e2e: E2e;
	let workflow: StoredWorkflow;

	beforeAll(async () => {
		e2e = await startE2e({ members: MEMBERS, editor: false });
		Object.assign(e2e.sandbox.brevo.settings, { importDelayMs: 1_500, limits: false });
		workflow = await e2e.importSync({
			[NODE_TYPES.trigger]: { options: { batchSize: BATCH }, pollTimes: pollsEvery(2) },
		});
	});

	afterAll(async () => {
		await e2e?.close();
	});

	const executions = async (): Promise<Execution[]> => await e2e.api.listExecutions(workflow.id);
	const succeeded = async (): Promise<number> =>
		(await executions()).filter(({ status }) => status === 'success').length;
	/** Polls so far; each begins by looking at the list. */
	const polled = (): number =>
		e2e.sandbox.hubspot.requests.count(({ method, path }) => method === 'POST' && LIST_SEARCH.test(path));
	const listId = () => e2e.choices.sourceList.id;
	const held = (id: string) =>
		[...e2e.sandbox.brevo.store.contacts.values()].find((one) => one.identifiers.ext_id?.endsWith(`:${id}`) === true);
	const onList = (id: string): boolean => (held(id)?.listIds.size ?? 0) > 0;
	const mailable = (): string[] =>
		[...e2e.sandbox.hubspot.store.list(listId()).members.ids()]
			.map(String)
			.filter((id) => held(id)?.emailBlocked === false && onList(id));
	const LONG = { withinMs: 200_000, everyMs: 250 };

	it('stops between two batches, within seconds, when the workflow is unpublished', async () => {
		const untilStopped = async (): Promise<void> => {
			await e2e.api.unpublish(workflow.id);
			await untilStill(e2e, workflow.id);
			expect((await executions()).length).toBeLessThan(MEMBERS / BATCH);
		};
		// In the activation's own poll, and in a later one.
		await e2e.api.publish(workflow.id);
		await waitFor('a batch', async () => (await succeeded()) >= 1, LONG);
		await untilStopped();
		const polls = polled();
		await e2e.api.publish(workflow.id);
		await waitFor('a second poll', () => polled() >= polls + 2, LONG);
		const before = await succeeded();
		await waitFor('a batch of a later poll', async () => (await succeeded()) > before, LONG);
		await untilStopped();

		Object.assign(e2e.sandbox.brevo.settings, { importDelayMs: 100 });
		await e2e.api.publish(workflow.id);
		await e2e.finishSync(workflow, { skipFailed: true });
		expect(e2e.differences(workflow)).toEqual([]);
	});

	it("refuses what n8n's Retry starts once more; the trigger has delivered it since", async () => {
		const { store } = e2e.sandbox.hubspot;
		const [changed = '', leaver = ''] = mailable();
		const known = new Set((await executions()).map(({ id }) => id));
		e2e.sandbox.brevo.faults.next('*', { status: 500, times: 0 });
		for (const id of [changed, leaver]) store.changeContact(id, { firstname: 'Older' });
		const failed = await waitFor(
			'a failed execution',
			async () => (await executions()).find(({ status, id }) => status === 'error' && !known.has(id)),
			LONG,
		);
		e2e.sandbox.brevo.faults.clear();
		await waitFor('the redelivery', () => held(changed)?.attributes.FIRSTNAME === 'Older', LONG);
		store.changeContact(changed, { firstname: 'Newer' });
		store.removeFromList(listId(), [leaver]);
		await waitFor('the newer state', () => held(changed)?.attributes.FIRSTNAME === 'Newer' && !onList(leaver), LONG);

		const path = `/api/v1/executions/${failed.id}/retry`;
		await e2e.api.json({ method: 'POST', path, body: { loadWorkflow: false } });
		const retried = await waitFor(
			'the end of the retry',
			async () =>
				(await executions()).find(({ mode, status }) => mode === 'retry' && status !== 'running' && status !== 'new'),
			LONG,
		);
		expect(retried.status).toBe('error');
		const { data } = await e2e.api.getExecution(retried.id);
		expect(data?.resultData.error?.message).toMatch(/delivers these contacts by itself/);
		expect([held(changed)?.attributes.FIRSTNAME, onList(leaver)]).toEqual(['Newer', false]);
	});

	/** Stores the workflow changed while it is unpublished, and publishes it again. */
	const changed = async (change: (stored: StoredWorkflow, trigger: WorkflowNode) => void): Promise<void> => {
		await e2e.api.unpublish(workflow.id);
		await untilStill(e2e, workflow.id);
		const stored = await e2e.api.getWorkflow(workflow.id);
		change(stored, nodeOfType(stored, NODE_TYPES.trigger));
		workflow = await e2e.api.updateWorkflow(workflow.id, stored);
	};

	it('goes on after its trigger was renamed, and tells who left and who unsubscribed meanwhile', async () => {
		const { store } = e2e.sandbox.hubspot;
		const [leaver = '', both = ''] = mailable().slice(5);
		await changed((stored, trigger) => {
			stored.connections['Customers in HubSpot'] = stored.connections[trigger.name];
			delete stored.connections[trigger.name];
			trigger.name = 'Customers in HubSpot';
		});
		store.removeFromList(listId(), [leaver, both]);
		store.optOut(both, true);
		const before = (await executions()).length;
		await e2e.api.publish(workflow.id);
		await waitFor('both off the list', () => !onList(leaver) && !onList(both), LONG);
		expect(held(both)?.emailBlocked).toBe(true);
		expect((await executions()).length - before).toBeLessThanOrEqual(3);
		expect(e2e.differences(workflow)).toEqual([]);
	});

	it('a workflow that was imported anew, without memory, finds who left and who unsubscribed before it began', async () => {
		const { store } = e2e.sandbox.hubspot;
		const [leaver = '', both = ''] = mailable().slice(10);
		await e2e.api.unpublish(workflow.id);
		await untilStill(e2e, workflow.id);
		store.removeFromList(listId(), [leaver, both]);
		store.optOut(both, true);
		const { name, nodes, connections, settings } = await e2e.api.getWorkflow(workflow.id);
		workflow = await e2e.api.createWorkflow({ name: `${name} (again)`, nodes, connections, settings });
		await e2e.api.publish(workflow.id);
		await waitFor('both off the list', () => !onList(leaver) && !onList(both), LONG);
		expect(held(both)?.emailBlocked).toBe(true);
		expect(e2e.differences(workflow)).toEqual([]);
	});

	it('is not published with a Wait node before Contact List Upsert; the message names it', async () => {
		await changed((stored, trigger) => {
			const wait = { id: 'wait-1', name: 'A Moment', type: 'n8n-nodes-base.wait', typeVersion: 1.1 };
			const parameters = { resume: 'timeInterval', amount: 70, unit: 'seconds' };
			stored.nodes.push({ ...wait, position: [100, 100], parameters });
			stored.connections[wait.name] = stored.connections[trigger.name];
			stored.connections[trigger.name] = { main: [[{ node: wait.name, type: 'main', index: 0 }]] };
		});
		await e2e.api.publish(workflow.id);
		const cookie = await e2e.api.sessionCookie();
		const told = async (): Promise<string | undefined> => {
			const path = `${e2e.n8n.url}/rest/workflows/${workflow.id}/publication-status`;
			const reply = await fetch(path, { headers: { cookie, connection: 'close' } });
			const { data } = (await reply.json()) as { data: { triggers: Array<{ errorMessage: string | null }> } };
			return data.triggers[0]?.errorMessage ?? undefined;
		};
		// n8n tries five times within 15 s before it gives up.
		expect(await waitFor('n8n to give up', told, LONG)).toContain("'A Moment' may put the run aside");
	});
});
