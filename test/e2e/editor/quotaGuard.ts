import type { Page } from 'playwright-core';
import { NODE_TYPES, nodeOfType, quotaTemplate, readTemplate } from '../../../demo/importTemplate';
import type { StoredWorkflow } from '../../../demo/n8nApi';
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
		await page.getByText("Connect 'Over Quota' to a Stop and Error node.").waitFor();
		await settle(page);
		await keepPicture(page, 'quota-guard', 'quota-guard.png');
		const offered = await pickOption(page, 'whenExceeded', 'Stop Exactly at the Limit');
		expect(offered).toEqual(['Finish the Batch, Then Stop', 'Stop Exactly at the Limit']);
		await waitFor('the editor to save it', async () => {
			const { parameters } = nodeOfType(await e2e.api.getWorkflow(workflow.id), NODE_TYPES.quotaGuard);
			return parameters.whenExceeded === 'strict';
		});
	});

	it('HB-20: how much is used is one click away', async () => {
		const workflow = await opened().e2e.importTemplate(readTemplate('quota-usage-report'));
		const page = await showGuard(workflow);
		expect(await page.locator('[data-test-id="parameter-input-thresholds"]').count()).toBe(0);
		await page.locator('[data-test-id="node-execute-button"]').first().click();
		await page.getByText("Quota 'Contact Sync': 0 of 100,000 tasks").first().waitFor();
		await settle(page);
		await keepPicture(page, 'quota-usage', 'quota-usage.png');
	});
}
