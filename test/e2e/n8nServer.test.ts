import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { itemsOf, N8nApi, type WorkflowJson } from '../../demo/n8n/n8nApi';
import { ensureN8n } from '../../demo/n8n/n8nInstall';
import { N8nServer } from '../../demo/n8n/n8nServer';
import { silentProgress } from '../../demo/process/progress';
import { waitFor } from './support/waitFor';

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

describe('the n8n that the demo and the end-to-end tests run', () => {
	const userFolder = mkdtempSync(join(tmpdir(), 'contact-sync-server-test-'));
	let server: N8nServer;
	beforeAll(async () => {
		server = await N8nServer.create({ install: await ensureN8n(silentProgress), userFolder });
		await server.start();
	});
	afterAll(async () => {
		await server.stop();
		rmSync(userFolder, { recursive: true, force: true, maxRetries: 5 });
	});

	it('runs what is published, survives a kill with all it knew, looks nothing up, keeps to the scopes of a key, and stops when told to', async () => {
		const api = await N8nApi.setUp(server.url);
		const workflow = await api.createWorkflow(EVERY_SECOND);
		await api.publish(workflow.id);
		const succeeded = async () => (await api.listExecutions(workflow.id)).filter(({ status }) => status === 'success');
		const first = await waitFor('an execution', async () => (await succeeded())[0]);
		expect(itemsOf(await api.getExecution(first.id), 'Five')).toEqual([expect.objectContaining({ json: { x: 5 } })]);

		await server.kill();
		expect(server.isRunning).toBe(false);
		await server.start();
		const known = (await succeeded()).length;
		await waitFor('another execution after the restart', async () => (await succeeded()).length > known);
		expect((await api.getWorkflow(workflow.id)).active).toBe(true);
		await api.unpublish(workflow.id);
		expect((await api.getWorkflow(workflow.id)).active).toBe(false);

		// A second set-up logs in, which must not leave an error in the log either.
		await (await N8nApi.setUp(server.url)).getWorkflow(workflow.id);
		expect(server.readLog()).not.toMatch(/ENOTFOUND|EAI_AGAIN|api\.n8n\.io|already setup/i);

		const { id, key } = await api.createApiKey(['dataTable:list']);
		const asked = async (path: string) =>
			(await fetch(`${server.url}/api/v1/${path}`, { headers: { 'X-N8N-API-KEY': key, connection: 'close' } })).status;
		expect([await asked('data-tables'), await asked('workflows')]).toEqual([200, 403]);
		await api.deleteApiKey(id);
		expect(await asked('data-tables')).toBe(401);

		const { pid } = server;
		await server.stop();
		expect(() => process.kill(pid ?? 0, 0)).toThrow();
	});
});
