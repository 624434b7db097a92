import type { Page } from 'playwright-core';
import { NODE_TYPES, nodeOfType } from '../../demo/importTemplate';
import type { StoredWorkflow } from '../../demo/n8nApi';
import { startBrevo } from '../../sandbox/brevo';
import { startHubSpot } from '../../sandbox/hubspot';
import { describeInBrowser, Editor, keepPicture, pickOption } from './support/editor';
import type { E2e } from './support/startE2e';
import { startE2e } from './support/startE2e';
import { waitFor } from './support/waitFor';

interface StoredMapping {
	readonly value: Readonly<Record<string, string>> | null;
	readonly schema?: ReadonlyArray<{
		id: string;
		displayName: string;
		options?: ReadonlyArray<{ name: string; value: string }>;
	}>;
}

/** What a person sees and gets when mapping fields, in the real editor. */
describeInBrowser('the mapping table in the editor', () => {
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

	/** A workflow with the mapping node alone. A new one each time: a closed tab keeps the old one locked for two minutes. */
	async function mappingWorkflow(name: string, parameters: object, credentials = {}): Promise<StoredWorkflow> {
		const node = {
			id: `map-${name}`,
			name: 'Map Contact Fields',
			type: NODE_TYPES.map,
			typeVersion: 1,
			position: [0, 0] as [number, number],
			parameters: { source: 'hubSpot', authentication: 'accessToken', destination: 'brevo', ...parameters },
			credentials: { ...e2e.choices.credentials, ...credentials },
		};
		return await e2e.api.createWorkflow({ name, nodes: [node], connections: {} });
	}

	async function openTable(workflow: StoredWorkflow): Promise<Page> {
		const page = await editor.page(workflow.id, nodeOfType(workflow, NODE_TYPES.map).id);
		await page.waitForSelector('[data-test-id="parameter-input-EMAIL"]');
		return page;
	}

	const storedMapping = async (workflow: StoredWorkflow): Promise<StoredMapping> => {
		const node = nodeOfType(await e2e.api.getWorkflow(workflow.id), NODE_TYPES.map);
		return (node.parameters.mapping ?? { value: null }) as StoredMapping;
	};

	/** The editor saves by itself a moment after each change. */
	const savedWith = async (
		workflow: StoredWorkflow,
		wanted: (mapping: StoredMapping) => boolean,
	): Promise<StoredMapping> =>
		await waitFor('the editor to save the mapping', async () => {
			const mapping = await storedMapping(workflow);
			return wanted(mapping) ? mapping : undefined;
		});

	it('HB-09: shows one dropdown per Brevo attribute, suggestions filled in, and saves what is picked', async () => {
		const workflow = await mappingWorkflow('new mapping', {});
		const page = await openTable(workflow);
		const suggested = await savedWith(workflow, ({ value }) => Object.keys(value ?? {}).length > 5);
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
		const picked = await savedWith(workflow, ({ value }) => value?.NOTES === 'message');
		expect(picked.value).toEqual({ ...suggested.value, IS_CUSTOMER: 'vip', NOTES: 'message' });
		await keepPicture(page, 'mapping-table-picked');
		await page.close();

		// Opening it again keeps everything, although the lists are laid out anew.
		const again = await openTable(workflow);
		await again.waitForTimeout(3_000);
		expect((await storedMapping(workflow)).value).toEqual(picked.value);
		await again.close();
	});

	it('opens the imported template with its values, and they stay', async () => {
		const workflow = await e2e.importSync();
		const before = (await storedMapping(workflow)).value;
		const canvas = await editor.page(workflow.id);
		await canvas.waitForTimeout(2_000);
		await canvas.keyboard.press('1');
		await canvas.waitForTimeout(1_500);
		await keepPicture(canvas, 'workflow', 'workflow.png');
		await canvas.close();

		const page = await openTable(workflow);
		const { value, schema } = await savedWith(workflow, (mapping) => (mapping.schema?.length ?? 0) > 0);
		expect(value).toEqual(before);
		expect(schema?.map(({ id }) => id).slice(0, 2)).toEqual(['EMAIL', 'SMS']);
		await page.waitForTimeout(1_000);
		await keepPicture(page, 'mapping-table', 'mapping-table.png');
		await page.close();
	});

	it('loses nothing when the key was revoked, and says what to do', async () => {
		const { sandbox } = e2e;
		const revoked = await e2e.api.createCredential('Brevo (revoked)', 'contactSyncBrevoApi', {
			apiKey: 'xkeysib-revoked',
			baseUrl: sandbox.brevo.url,
		});
		const value = { EMAIL: 'email', FIRSTNAME: 'firstname', CITY: '={{ $json.fields.city }}' };
		const workflow = await mappingWorkflow(
			'revoked key',
			{ mapping: { mappingMode: 'defineBelow', value } },
			{ contactSyncBrevoApi: revoked },
		);
		// Imported and never opened: a notice instead of a table.
		const page = await editor.page(workflow.id, nodeOfType(workflow, NODE_TYPES.map).id);
		await page.getByText('Brevo does not accept the API key').waitFor();
		await keepPicture(page, 'mapping-table-revoked-key-new');
		await page.waitForTimeout(3_000);
		expect((await storedMapping(workflow)).value).toEqual(value);
		await page.close();

		// Opened with a good key, which is revoked later: the table stays as it was.
		const good = await mappingWorkflow('good key', { mapping: { mappingMode: 'defineBelow', value } });
		const opened = await openTable(good);
		const { schema } = await savedWith(good, (mapping) => (mapping.schema?.length ?? 0) > 0);
		await opened.close();
		const mapping = { mappingMode: 'defineBelow', value, schema, matchingColumns: [] };
		const later = await mappingWorkflow('revoked later', { mapping }, { contactSyncBrevoApi: revoked });
		const reopened = await openTable(later);
		const kept = await savedWith(later, (saved) => saved.schema?.[0]?.displayName.includes('not refreshed') === true);
		expect(kept.value).toEqual(value);
		expect(kept.schema?.map(({ id }) => id)).toEqual(schema?.map(({ id }) => id));
		expect(kept.schema?.[0]?.options?.at(-1)?.name).toMatch(/does not accept the API key/);
		await keepPicture(reopened, 'mapping-table-revoked-key');
		await reopened.close();
	});

	it('HB-11: says beside the mapping what is missing, until it is there', async () => {
		const workflow = await mappingWorkflow('no identifier', {
			mapping: { mappingMode: 'defineBelow', value: { FIRSTNAME: 'firstname' } },
		});
		const page = await openTable(workflow);
		const hint = page.locator('[data-test-id="node-hint"]');
		await hint.filter({ hasText: 'Neither Email nor SMS is mapped' }).waitFor();
		await keepPicture(page, 'mapping-table-no-identifier');
		await pickOption(page, 'EMAIL', 'Email');
		await hint.filter({ hasText: 'Neither Email nor SMS is mapped' }).waitFor({ state: 'detached' });
		expect(await hint.count()).toBe(0);
		await page.close();
	});

	it('a time zone is picked by name in the options', async () => {
		const workflow = await mappingWorkflow('time zone', {
			mapping: { mappingMode: 'defineBelow', value: { EMAIL: 'email' } },
			options: { timeZone: { __rl: true, mode: 'list', value: '' } },
		});
		const page = await openTable(workflow);
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
		await page.close();
	});

	it('HB-26, SB-20: shows fields that are gone or retyped when the node is opened, and drops nothing by itself', async () => {
		const value = {
			EMAIL: 'email',
			BIRTHDAY: 'birthday',
			NOTES: 'message',
			COUNTRY: 'country',
			FIRSTNAME: 'firstname',
		};
		const fresh = await mappingWorkflow('before the drift', { mapping: { mappingMode: 'defineBelow', value } });
		const opened = await openTable(fresh);
		const { schema } = await savedWith(fresh, (mapping) => (mapping.schema?.length ?? 0) > 0);
		await opened.close();

		// The same account some months later.
		const [hubSpot, brevo] = await Promise.all([
			startHubSpot({ members: 2 }),
			startBrevo({ people: [], strangers: 0 }),
		]);
		try {
			const { definitions } = hubSpot.store;
			const birthday = definitions.get('birthday');
			if (birthday) definitions.set('birthday', { ...birthday, type: 'number', fieldType: 'number' });
			definitions.delete('message');
			brevo.store.deleteAttribute('COUNTRY');
			const credentials = {
				contactSyncHubSpotApi: await e2e.api.createCredential('HubSpot (later)', 'contactSyncHubSpotApi', {
					accessToken: hubSpot.token,
					baseUrl: hubSpot.url,
				}),
				contactSyncBrevoApi: await e2e.api.createCredential('Brevo (later)', 'contactSyncBrevoApi', {
					apiKey: brevo.apiKey,
					baseUrl: brevo.url,
				}),
			};
			const mapping = { mappingMode: 'defineBelow', value, schema, matchingColumns: [] };
			const workflow = await mappingWorkflow('after the drift', { mapping }, credentials);
			const page = await openTable(workflow);
			const hint = page.locator('[data-test-id="node-hint"]').filter({ hasText: 'A mapped field is gone' });
			await hint.waitFor();
			const shown = async (row: string): Promise<string> =>
				await page.locator(`[data-test-id="parameter-input-${row}"] input`).first().inputValue();
			expect(await shown('BIRTHDAY')).toMatch(/\(no longer fits, is number\)$/);
			expect(await shown('NOTES')).toBe('message (no longer there)');
			await page.getByText('COUNTRY (no longer in Brevo)').waitFor();
			await keepPicture(page, 'mapping-table-drift', 'mapping-drift.png');
			expect((await storedMapping(workflow)).value).toEqual(value);

			// Opened twice, it still knows what the row was made for.
			await page.close();
			const copy = await mappingWorkflow(
				'after the drift, again',
				{ mapping: await storedMapping(workflow) },
				credentials,
			);
			const again = await openTable(copy);
			const hintAgain = again.locator('[data-test-id="node-hint"]').filter({ hasText: 'A mapped field is gone' });
			await hintAgain.waitFor();
			await pickOption(again, 'BIRTHDAY', 'Became a Customer Date');
			await pickOption(again, 'NOTES', 'Notes');
			await again.locator('[data-test-id="remove-field-button-COUNTRY"]').click();
			await hintAgain.waitFor({ state: 'detached' });
			await again.close();
		} finally {
			await Promise.all([hubSpot.close(), brevo.close()]);
		}
	});

	it('stores at most 100 KB for 60 attributes and 250 source fields', async () => {
		// 16 attributes and some 80 mappable properties are there anyway.
		const [hubSpot, brevo] = await Promise.all([
			startHubSpot({ members: 2, extraProperties: 180 }),
			startBrevo({ people: [], strangers: 0, extraAttributes: 44 }),
		]);
		try {
			const credentials = {
				contactSyncHubSpotApi: await e2e.api.createCredential('HubSpot (big)', 'contactSyncHubSpotApi', {
					accessToken: hubSpot.token,
					baseUrl: hubSpot.url,
				}),
				contactSyncBrevoApi: await e2e.api.createCredential('Brevo (big)', 'contactSyncBrevoApi', {
					apiKey: brevo.apiKey,
					baseUrl: brevo.url,
				}),
			};
			const workflow = await mappingWorkflow('big account', {}, credentials);
			const page = await openTable(workflow);
			const mapping = await savedWith(workflow, ({ schema }) => (schema?.length ?? 0) > 0);
			expect(mapping.schema).toHaveLength(60);
			expect(Buffer.byteLength(JSON.stringify(mapping))).toBeLessThanOrEqual(100_000);

			// A field that the row does not list is reached below the table.
			const entries = await pickOption(page, 'EXTRA_01', "under 'More Mappings'");
			expect(entries.at(-1)).toMatch(/^\d+ more under 'More Mappings'$/);
			await page.getByText('Add Mapping').click();
			await pickOption(page, 'destinationField', 'EXTRA_01');
			const fields = await pickOption(page, 'sourceField', 'Custom field 180');
			expect(fields.length).toBeGreaterThan(200);
			await keepPicture(page, 'mapping-table-big-account');
			const more = await waitFor('the editor to save the row', async () => {
				const { parameters } = nodeOfType(await e2e.api.getWorkflow(workflow.id), NODE_TYPES.map);
				const rows = (parameters.moreMappings as { row?: Array<Record<string, string>> } | undefined)?.row;
				return rows?.[0]?.sourceField ? rows : undefined;
			});
			expect(more).toMatchObject([{ destinationField: 'EXTRA_01', sourceField: 'custom_field_180' }]);
			await page.close();
		} finally {
			await Promise.all([hubSpot.close(), brevo.close()]);
		}
	});
});
