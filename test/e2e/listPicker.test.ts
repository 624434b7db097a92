import type { Page } from 'playwright-core';
import { NODE_TYPES, nodeOfType } from '../../demo/importTemplate';
import type { StoredWorkflow } from '../../demo/n8nApi';
import { describeInBrowser, Editor, keepPicture } from './support/editor';
import type { E2e } from './support/startE2e';
import { startE2e } from './support/startE2e';
import { waitFor } from './support/waitFor';

interface Locator {
	readonly mode: string;
	readonly value: string;
	readonly cachedResultName?: string;
}

/** What a person sees and gets when picking the two lists, in the real editor. */
describeInBrowser('the list pickers in the editor', () => {
	let e2e: E2e;
	let editor: Editor;

	beforeAll(async () => {
		e2e = await startE2e({ members: 20 });
		editor = await Editor.open(e2e.api);
	});

	afterAll(async () => {
		await editor?.close();
		await e2e?.close();
	});

	/** The template with nothing chosen in the named parameter, and the panel of its node. */
	async function openNode(type: string, parameter: string): Promise<{ workflow: StoredWorkflow; page: Page }> {
		const workflow = await e2e.importSync({ [type]: { [parameter]: { __rl: true, mode: 'list', value: '' } } });
		const page = await editor.page(workflow.id, nodeOfType(workflow, type).id);
		return { workflow, page };
	}

	/** Opens the list of a locator, searches in it and picks the first hit; answers the names before and after the search. */
	async function pickList(page: Page, parameter: string, search: string): Promise<{ all: string[]; found: string[] }> {
		const items = page.locator('[data-test-id="rlc-item"]:visible');
		await page.locator(`[data-test-id="resource-locator-${parameter}"] [data-test-id="rlc-input"]`).first().click();
		await items.first().waitFor();
		const all = await items.allInnerTexts();
		await page.locator('[data-test-id="rlc-search"]:visible').fill(search);
		const found = await waitFor('the search', async () => {
			const names = await items.allInnerTexts();
			return names.length > 0 && names.every((name) => name.toLowerCase().includes(search.toLowerCase())) && names;
		});
		await items.first().click();
		return { all, found };
	}

	const stored = async (workflow: StoredWorkflow, type: string, parameter: string): Promise<Locator> =>
		await waitFor('the editor to save the list', async () => {
			const locator = nodeOfType(await e2e.api.getWorkflow(workflow.id), type).parameters[parameter] as Locator;
			return locator.value !== '' && locator;
		});

	it('HB-06: the source list is picked by name from the lists of the HubSpot account', async () => {
		const { workflow, page } = await openNode(NODE_TYPES.trigger, 'list');
		const { all, found } = await pickList(page, 'list', e2e.choices.sourceList.name);
		expect(all.length).toBeGreaterThan(1);
		expect(found).toHaveLength(1);
		await keepPicture(page, 'list-picker-hubspot');
		expect(await stored(workflow, NODE_TYPES.trigger, 'list')).toMatchObject({
			mode: 'list',
			value: e2e.choices.sourceList.id,
		});
		await page.close();
	});

	it('HB-12: the target list is picked by name from the lists of the Brevo account', async () => {
		const { workflow, page } = await openNode(NODE_TYPES.upsert, 'destinationList');
		const { all, found } = await pickList(page, 'destinationList', e2e.choices.destinationList.name);
		expect(all.length).toBeGreaterThan(1);
		expect(found.length).toBeGreaterThan(0);
		await keepPicture(page, 'list-picker-brevo');
		expect(await stored(workflow, NODE_TYPES.upsert, 'destinationList')).toMatchObject({
			mode: 'list',
			value: e2e.choices.destinationList.id,
		});
		await page.close();
	});
});
