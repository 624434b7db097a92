import type { Page } from 'playwright-core';
import { QUOTA_COLUMNS } from '../../../clients/n8n/quotaTable';
import { NODE_TYPES, nodeOfType, quotaTemplate, readTemplate } from '../../../demo/n8n/importTemplate';
import type { N8nApi, StoredWorkflow } from '../../../demo/n8n/n8nApi';
import { keepPicture, pickOption, settle } from '../support/editor';
import { waitFor } from '../support/waitFor';
import type { OpenEditor } from './openEditor';

/** What a person sees of a quota: its outputs on the canvas, its settings, and how much is used. */
export function quotaGuardTests(opened: () => OpenEditor): void {
	const showGuard = async (workflow: StoredWorkflow): Promise<Page> =>
		await opened().editor.showNode(workflow, nodeOfType(workflow, NODE_TYPES.quotaGuard).name);

	it('HB-17: the outputs are named by what leaves there, and the settings are picked', async () => {
		const { e2e, editor } = opened();
		const workflow = await e2e.importTemplate(quotaTemplate('hubspot'));
		const canvas = await editor.showCanvas(workflow);
		const guard = canvas.locator('[data-test-id="canvas-node"][data-node-name="Quota Guard"]');
		for (const output of ['Within Quota', 'Over Quota', 'Alert'])
			await canvas.getByText(output, { exact: true }).first().waitFor();
		await guard.getByText('Reserve: Contact Sync').waitFor();
		await settle(canvas);
		await canvas.keyboard.press('1');
		await settle(canvas);
		await keepPicture(canvas, 'workflow-quota', 'workflow-quota.png');

		const page = await showGuard(workflow);
		await page.getByText("'Over Quota' belongs to a Stop and Error node.").waitFor();
		await settle(page);
		await keepPicture(page, 'quota-guard', 'quota-guard.png');
		const offered = await pickOption(page, 'whenExceeded', 'Stop Exactly at the Limit');
		expect(offered).toEqual(['Finish the Batch, Then Stop', 'Stop Exactly at the Limit']);
		await waitFor('the editor to save it', async () => {
			const { parameters } = nodeOfType(await e2e.api.getWorkflow(workflow.id), NODE_TYPES.quotaGuard);
			return parameters.whenExceeded === 'strict';
		});
	});

	it('HB-20, SB-16: how much is used is one click away, and the limit is raised in n8n, without a ticket', async () => {
		const { e2e, editor } = opened();
		const table = await usedUp(e2e.api);
		const timeZone = { __rl: true, mode: 'name', value: 'UTC' };
		const workflow = await e2e.importTemplate(readTemplate('quota-usage-report'), {
			[NODE_TYPES.quotaGuard]: { options: { timeZone } },
		});
		const page = await showGuard(workflow);
		await page.locator('[data-test-id="node-execute-button"]').first().click();
		await page.getByText("Quota 'Contact Sync': 100,000 of 100,000 tasks").first().waitFor();
		expect(await page.locator('[data-test-id="parameter-input-thresholds"]').count()).toBe(0);
		await settle(page);
		await keepPicture(page, 'quota-usage', 'quota-usage.png');

		await editor.showPage('/home/datatables');
		await page.getByText('Contact Sync Quota', { exact: true }).click();
		const header = page.locator('[role="columnheader"]', { has: page.getByTitle('limit', { exact: true }) });
		const column = await header.getAttribute('aria-colindex');
		const cell = page.locator(`[role="row"] [role="gridcell"][aria-colindex="${column}"]`).first();
		await cell.getByText('Null').waitFor();
		await cell.dblclick();
		const input = page.locator('.ag-cell-inline-editing input');
		await input.fill('150000');
		await input.press('Enter');
		await waitFor('n8n to save the limit', async () => {
			const { data } = await e2e.api.json<{ data: { limit: unknown }[] }>({ method: 'GET', path: table });
			return data[0]?.limit === 150_000;
		});
		await settle(page);
		await keepPicture(page, 'quota-table', 'quota-table.png', 180);
	});
}

/** Makes a ledger in which the quota of this month is used up. Answers where its rows are. */
async function usedUp(api: N8nApi): Promise<string> {
	const path = '/api/v1/data-tables';
	const body = { name: 'Contact Sync Quota', columns: QUOTA_COLUMNS };
	const { id } = await api.json<{ id: string }>({ method: 'POST', path, body });
	const rows = `${path}/${id}/rows`;
	const row = {
		quota: 'Contact Sync',
		period: new Date().toISOString().slice(0, 7),
		used: 100_000,
		alerted: '80 % of 100000; 100 % of 100000',
		nonce: 'test',
	};
	await api.json({ method: 'POST', path: rows, body: { data: [row], returnType: 'id' } });
	return rows;
}
