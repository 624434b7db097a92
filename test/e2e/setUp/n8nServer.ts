import { itemsOf, N8nApi, type WorkflowJson } from '../../../demo/n8n/n8nApi';
import type { E2e } from '../support/startE2e';
import { describeInAll } from '../../support/sizes';
import { waitFor } from '../support/waitFor';

const EVERY_SECOND: WorkflowJson = {
	name: 'Every second',
	nodes: [
		{
			id: 'a',
			name: 'Clock',
			type: 'n8n-nodes-base.scheduleTrigger',
			typeVersion: 1.2,
			position: [0, 0],
			parameters: { rule: { interval: [{ field: 'seconds', secondsInterval: 1 }] } },
		},
		{
			id: 'b',
			name: 'Five',
			type: 'n8n-nodes-base.set',
			typeVersion: 3.4,
			position: [200, 0],
			parameters: { assignments: { assignments: [{ id: 'c', name: 'x', type: 'number', value: 5 }] } },
		},
	],
	connections: { Clock: { main: [[{ node: 'Five', type: 'main', index: 0 }]] } },
};

/** What the demo and the end-to-end tests expect of an n8n. The last tests of a file: they stop it. `started` is asked when tests begin. */
export function n8nServerTests(started: () => { readonly e2e: E2e }): void {
	describeInAll('the n8n that the demo and the end-to-end tests run', () => {
		it('keeps to the scopes of a key, and to none of one that was deleted', async () => {
			const { n8n, api } = started().e2e;
			const { id, key } = await api.createApiKey(['dataTable:list']);
			const headers = { 'X-N8N-API-KEY': key, connection: 'close' };
			const asked = async (path: string) => (await fetch(`${n8n.url}/api/v1/${path}`, { headers })).status;
			expect([await asked('data-tables'), await asked('workflows')]).toEqual([200, 403]);
			await api.deleteApiKey(id);
			expect(await asked('data-tables')).toBe(401);
		});

		it('runs what is published, survives a kill with all it knew, looks nothing up, and stops when told to', async () => {
			const { n8n, api } = started().e2e;
			const workflow = await api.createWorkflow(EVERY_SECOND);
			await api.publish(workflow.id);
			const succeeded = async () =>
				(await api.listExecutions(workflow.id)).filter(({ status }) => status === 'success');
			const first = await waitFor('an execution', async () => (await succeeded())[0]);
			expect(itemsOf(await api.getExecution(first.id), 'Five')).toEqual([expect.objectContaining({ json: { x: 5 } })]);

			await n8n.kill();
			expect(n8n.isRunning).toBe(false);
			await n8n.start();
			const known = (await succeeded()).length;
			await waitFor('another execution after the restart', async () => (await succeeded()).length > known);
			expect((await api.getWorkflow(workflow.id)).active).toBe(true);
			await api.unpublish(workflow.id);
			expect((await api.getWorkflow(workflow.id)).active).toBe(false);

			// A second set-up logs in, which must not leave an error in the log either.
			await (await N8nApi.setUp(n8n.url)).getWorkflow(workflow.id);
			expect(n8n.readLog()).not.toMatch(/ENOTFOUND|EAI_AGAIN|api\.n8n\.io|already setup/i);

			const { pid } = n8n;
			await n8n.stop();
			expect(() => process.kill(pid ?? 0, 0)).toThrow();
		});
	});
}
