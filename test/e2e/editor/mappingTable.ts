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

	it('HB-09: appears by itself once the second credential is selected, and keeps what is mapped when another one is', async () => {
		const { e2e, editor, tables } = opened();
		const another = await tables.credentialsFor('another', e2e.sandbox.hubspot, e2e.sandbox.brevo);
		const later = await tables.workflow('selected later', {}, {}, ['contactSyncBrevoApi']);
		const page = await editor.showNode(later, 'Map Contact Fields');
		const slot = page.locator('[data-test-id="node-credentials-slot"]').last();
		const table = page.locator('[data-test-id="parameter-input-EMAIL"]');
		const waiting = page.locator('[data-test-id="resource-locator-fieldsToMap"]');
		await waiting.waitFor();
		await page.getByText('Select a Brevo credential').waitFor();
		await keepPicture(page, 'mapping-table-waits');
		const select = async (id: string): Promise<void> => {
			await slot.locator('input').first().click();
			await page.locator(`[data-test-id="node-credentials-select-item-${id}"]:visible`).click();
		};
		const { contactSyncBrevoApi: first } = e2e.choices.credentials;
		await select(first?.id ?? '');
		await table.waitFor();
		await waiting.waitFor({ state: 'detached' });
		await tables.savedWith(later, ({ value }) => Object.keys(value ?? {}).length > 5);
		await pickOption(page, 'NOTES', 'Message');
		const { value } = await tables.savedWith(later, (mapping) => mapping.value?.NOTES === 'message');
		await keepPicture(page, 'mapping-table-appeared');
		await select(another.contactSyncBrevoApi?.id ?? '');
		await page.waitForTimeout(3_000);
		expect((await tables.stored(later)).value).toEqual(value);
		expect(await waiting.count()).toBe(0);
	});

	it('after the first credential of all it appears by the entry of Fields to Map, without opening the panel again', async () => {
		const { e2e, editor, tables } = opened();
		const none = Object.keys(e2e.choices.credentials);
		const files = await tables.workflow('first of all', { source: 'export' }, {}, none);
		const page = await editor.showNode(files, 'Map Contact Fields');
		const waiting = page.locator('[data-test-id="resource-locator-fieldsToMap"]');
		await page.getByText("open 'Fields to Map' above and pick its entry").waitFor();
		await page.locator('[data-test-id="node-credentials-slot"] input').first().click();
		const { contactSyncBrevoApi: brevo } = e2e.choices.credentials;
		await page.locator(`[data-test-id="node-credentials-select-item-${brevo?.id}"]:visible`).click();
		const entry = page.locator('[data-test-id="rlc-item"]:visible').filter({ hasText: 'Of Contact Export and Brevo' });
		const table = page.locator('[data-test-id="parameter-input-EMAIL"]');
		// The list is drawn anew when its entries are there: a click may fall in between, and close it.
		await waitFor('the table', async () => {
			if (await table.isVisible()) return true;
			if (!(await entry.first().isVisible()))
				await waiting.locator('[data-test-id="rlc-input"]').click({ timeout: 5_000 });
			await entry.first().click({ timeout: 5_000 });
			await table.waitFor({ timeout: 10_000 });
			return true;
		});
		await waiting.waitFor({ state: 'detached' });
		await tables.savedWith(files, ({ value }) => value?.EMAIL !== undefined);
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
