import { NODE_TYPES, nodeOfType } from '../../../demo/n8n/importTemplate';
import { keepPicture, pickOption, settle } from '../support/editor';
import { waitFor } from '../support/waitFor';
import type { OpenEditor } from './openEditor';

/** What a person sees and gets when mapping fields. */
export function mappingTableTests(opened: () => OpenEditor): void {
	it('HB-09: shows one dropdown per Brevo attribute, suggestions filled in, and saves what is picked', async () => {
		const { tables } = opened();
		const workflow = await tables.workflow('new mapping', {});
		const page = await tables.open(workflow);
		const suggested = await tables.savedWith(workflow, ({ value }) => Object.keys(value ?? {}).length > 5);
		expect(suggested.value).toMatchObject({
			EMAIL: 'email',
			SMS: 'mobilephone',
			FIRSTNAME: 'firstname',
			LASTNAME: 'lastname',
			CITY: 'city',
			BIRTHDAY: 'birthday',
			LIFECYCLE: 'lifecyclestage',
		});
		await keepPicture(page, 'mapping-table-new');

		const offered = await pickOption(page, 'IS_CUSTOMER', 'VIP');
		expect(offered).toContain('VIP');
		// HB-26: HubSpot works these out by itself.
		for (const name of ['HubSpot Score', 'Email Domain', 'Create Date']) expect(offered).not.toContain(name);
		await pickOption(page, 'NOTES', 'Message');
		const picked = await tables.savedWith(workflow, ({ value }) => value?.NOTES === 'message');
		expect(picked.value).toEqual({ ...suggested.value, IS_CUSTOMER: 'vip', NOTES: 'message' });
		await keepPicture(page, 'mapping-table-picked');

		// Opening it again keeps everything, although the lists are laid out anew.
		const again = await tables.open(workflow, { afresh: true });
		await again.waitForTimeout(3_000);
		expect((await tables.stored(workflow)).value).toEqual(picked.value);
	});

	it('opens the imported template with its values, and they stay', async () => {
		const { e2e, editor, tables } = opened();
		const workflow = await e2e.importSync();
		const before = (await tables.stored(workflow)).value;
		const canvas = await editor.showCanvas(workflow);
		await settle(canvas);
		await canvas.keyboard.press('1');
		await settle(canvas);
		await keepPicture(canvas, 'workflow', 'workflow.png');

		const page = await tables.open(workflow);
		const { value, schema } = await tables.savedWith(workflow, (mapping) => (mapping.schema?.length ?? 0) > 0);
		expect(value).toEqual(before);
		expect(schema?.map(({ id }) => id).slice(0, 2)).toEqual(['EMAIL', 'SMS']);
		await settle(page);
		await keepPicture(page, 'mapping-table', 'mapping-table.png');
	});

	it('HB-11: says beside the mapping what is missing, until it is there', async () => {
		const { tables } = opened();
		const workflow = await tables.workflow('no identifier', {
			mapping: { mappingMode: 'defineBelow', value: { FIRSTNAME: 'firstname' } },
		});
		const page = await tables.open(workflow);
		const hint = page.locator('[data-test-id="node-hint"]');
		await hint.filter({ hasText: 'Neither Email nor SMS is mapped' }).waitFor();
		await keepPicture(page, 'mapping-table-no-identifier');
		await pickOption(page, 'EMAIL', 'Email');
		await hint.filter({ hasText: 'Neither Email nor SMS is mapped' }).waitFor({ state: 'detached' });
		expect(await hint.count()).toBe(0);
	});

	it('a time zone is picked by name in the options', async () => {
		const { e2e, tables } = opened();
		const workflow = await tables.workflow('time zone', {
			mapping: { mappingMode: 'defineBelow', value: { EMAIL: 'email' } },
			options: { timeZone: { __rl: true, mode: 'list', value: '' } },
		});
		const page = await tables.open(workflow);
		const locator = page.locator('[data-test-id="resource-locator-timeZone"]');
		await locator.scrollIntoViewIfNeeded();
		expect(await locator.locator('input[placeholder="Of the source account"]').count()).toBe(1);
		await locator.locator('[data-test-id="rlc-input"]').first().click();
		await page.locator('[data-test-id="rlc-search"]:visible').fill('new york');
		const found = page.locator('[data-test-id="rlc-item"]:visible');
		await found.filter({ hasText: 'America/New_York' }).click();
		const options = await waitFor('the editor to save the time zone', async () => {
			const { parameters } = nodeOfType(await e2e.api.getWorkflow(workflow.id), NODE_TYPES.map);
			const { timeZone } = parameters.options as { timeZone?: { value?: string } };
			return timeZone?.value ? timeZone : undefined;
		});
		expect(options).toMatchObject({ mode: 'list', value: 'America/New_York' });
		await keepPicture(page, 'mapping-table-time-zone');
	});
}
