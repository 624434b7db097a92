import { isMatch } from 'lodash';
import type { Page } from 'playwright-core';
import { NODE_TYPES, nodeOfType } from '../../../demo/n8n/importTemplate';
import { keepPicture, pickLocator, pickOption } from '../support/editor';
import { waitFor } from '../support/waitFor';
import type { OpenEditor } from './openEditor';

const ZONE = { __rl: true, mode: 'list', value: '' };
const QUOTA = ['quota', 'taskLimit', 'period'];

/** What a person sees of *Pause While Over Quota*. */
export function quotaPauseTests(opened: () => OpenEditor): void {
	const shown = async (page: Page): Promise<string[]> => {
		const visible = await Promise.all(
			QUOTA.map(async (name) => await page.locator(`[data-test-id="parameter-input-${name}"]`).isVisible()),
		);
		return QUOTA.filter((_, index) => visible[index]);
	};

	it.each([
		['HubSpot List Trigger', 'hubspot', NODE_TYPES.trigger],
		['Salesforce Contact Trigger', 'Contact', NODE_TYPES.salesforceTrigger],
	] as const)(
		'HB-19, SB-15: %s asks for the credential and the quota only when they are needed',
		async (_name, source, type) => {
			const { e2e, editor } = opened();
			const own = { pauseWhileOverQuota: 'own', options: { timeZone: ZONE } };
			const workflow = await e2e.importSync({ [type]: own }, source);
			const page = await editor.showNode(workflow, nodeOfType(workflow, type).name);
			const credential = page.getByText('Credential for Contact Sync n8n API');
			const saved = async (wanted: object): Promise<void> => {
				await waitFor('the editor to save it', async () =>
					isMatch(nodeOfType(await e2e.api.getWorkflow(workflow.id), type).parameters, wanted),
				);
			};
			await credential.waitFor();
			expect(await shown(page)).toEqual(QUOTA);
			// At the top, as where no quota is looked at.
			const consent = page.locator('[data-test-id="parameter-input-consentConfirmed"]');
			const [above, below] = await Promise.all([credential.boundingBox(), consent.boundingBox()]);
			expect(above?.y).toBeLessThan(below?.y ?? 0);
			await keepPicture(page, `quota-pause-own-${source}`);
			await pickLocator(page, 'timeZone', 'new_york');
			await saved({ options: { timeZone: { value: 'America/New_York' } } });

			const offered = await pickOption(page, 'pauseWhileOverQuota', 'As the Quota Guard of This Workflow Says');
			expect(offered).toEqual(['Off', 'As the Quota Guard of This Workflow Says', 'As Set Here']);
			await saved({ pauseWhileOverQuota: 'fromQuotaGuard' });
			await credential.waitFor();
			expect(await shown(page)).toEqual([]);
			expect(await page.locator('[data-test-id="resource-locator-timeZone"]').count()).toBe(0);
			await keepPicture(page, `quota-pause-guard-${source}`);

			await pickOption(page, 'pauseWhileOverQuota', 'Off');
			await credential.waitFor({ state: 'detached' });
			expect(await shown(page)).toEqual([]);
		},
	);
}
