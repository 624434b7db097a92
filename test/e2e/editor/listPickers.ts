import type { Page } from 'playwright-core';
import { NODE_TYPES, nodeOfType } from '../../../demo/n8n/importTemplate';
import type { StoredWorkflow } from '../../../demo/n8n/n8nApi';
import { keepPicture, pickLocator } from '../support/editor';
import { waitFor } from '../support/waitFor';
import type { OpenEditor } from './openEditor';

interface Locator {
	readonly mode: string;
	readonly value: string;
	readonly cachedResultName?: string;
}

/** What a person sees and gets when picking the two lists. */
export function listPickerTests(opened: () => OpenEditor): void {
	/** The template with nothing chosen in the named parameter, and the panel of its node. */
	async function openNode(type: string, parameter: string): Promise<{ workflow: StoredWorkflow; page: Page }> {
		const { e2e, editor } = opened();
		const workflow = await e2e.importSync({ [type]: { [parameter]: { __rl: true, mode: 'list', value: '' } } });
		const page = await editor.showNode(workflow, nodeOfType(workflow, type).name);
		return { workflow, page };
	}

	const stored = async (workflow: StoredWorkflow, type: string, parameter: string): Promise<Locator> =>
		await waitFor('the editor to save the list', async () => {
			const locator = nodeOfType(await opened().e2e.api.getWorkflow(workflow.id), type).parameters[
				parameter
			] as Locator;
			return locator.value !== '' && locator;
		});

	it('HB-06: the source list is picked by name from the lists of the HubSpot account', async () => {
		const { workflow, page } = await openNode(NODE_TYPES.trigger, 'list');
		const { all, found } = await pickLocator(page, 'list', opened().e2e.choices.sourceList.name);
		expect(all.length).toBeGreaterThan(1);
		expect(found).toHaveLength(1);
		await keepPicture(page, 'list-picker-hubspot');
		expect(await stored(workflow, NODE_TYPES.trigger, 'list')).toMatchObject({
			mode: 'list',
			value: opened().e2e.choices.sourceList.id,
		});
	});

	it('HB-12: the target list is picked by name from the lists of the Brevo account', async () => {
		const { workflow, page } = await openNode(NODE_TYPES.upsert, 'destinationList');
		// A dropdown that the editor takes for the way to sign in would be missing here.
		expect(await page.locator('[data-test-id="parameter-input-destination"]').isVisible()).toBe(true);
		const { all, found } = await pickLocator(page, 'destinationList', opened().e2e.choices.destinationList.name);
		expect(all.length).toBeGreaterThan(1);
		expect(found.length).toBeGreaterThan(0);
		await keepPicture(page, 'list-picker-brevo');
		expect(await stored(workflow, NODE_TYPES.upsert, 'destinationList')).toMatchObject({
			mode: 'list',
			value: opened().e2e.choices.destinationList.id,
		});
	});
}
