import { NODE_TYPES, nodeOfType } from '../../../demo/n8n/importTemplate';
import { startBrevo } from '../../../sandbox/brevo';
import { startHubSpot } from '../../../sandbox/hubspot';
import { itInAll } from '../../support/sizes';
import { keepPicture, pickOption } from '../support/editor';
import { waitFor } from '../support/waitFor';
import type { OpenEditor } from './openEditor';

/** What the mapping table shows when a key, a field or an attribute is gone, or when there are very many. */
export function mappingTroubleTests(opened: () => OpenEditor): void {
	it('loses nothing when the key was revoked, and says what to do', async () => {
		const { e2e, editor, tables } = opened();
		const revoked = await e2e.api.createCredential('Brevo (revoked)', 'contactSyncBrevoApi', {
			apiKey: 'xkeysib-revoked',
			baseUrl: e2e.sandbox.brevo.url,
		});
		const value = { EMAIL: 'email', FIRSTNAME: 'firstname', CITY: '={{ $json.fields.city }}' };
		const workflow = await tables.workflow(
			'revoked key',
			{ mapping: { mappingMode: 'defineBelow', value } },
			{ contactSyncBrevoApi: revoked },
		);
		// Imported and never opened: a notice instead of a table.
		const page = await editor.showNode(workflow, nodeOfType(workflow, NODE_TYPES.map).name);
		await page.getByText('Brevo does not accept the API key').waitFor();
		await keepPicture(page, 'mapping-table-revoked-key-new');
		await page.waitForTimeout(3_000);
		expect((await tables.stored(workflow)).value).toEqual(value);

		// Opened with a good key, which is revoked later: the table stays as it was.
		const good = await tables.workflow('good key', { mapping: { mappingMode: 'defineBelow', value } });
		await tables.open(good);
		const { schema } = await tables.savedWith(good, (mapping) => (mapping.schema?.length ?? 0) > 0);
		const mapping = { mappingMode: 'defineBelow', value, schema, matchingColumns: [] };
		const later = await tables.workflow('revoked later', { mapping }, { contactSyncBrevoApi: revoked });
		const reopened = await tables.open(later);
		const kept = await tables.savedWith(
			later,
			(saved) => saved.schema?.[0]?.displayName.includes('not refreshed') === true,
		);
		expect(kept.value).toEqual(value);
		expect(kept.schema?.map(({ id }) => id)).toEqual(schema?.map(({ id }) => id));
		expect(kept.schema?.[0]?.options?.at(-1)?.name).toMatch(/does not accept the API key/);
		await keepPicture(reopened, 'mapping-table-revoked-key');
	});

	it('HB-26, SB-20: shows fields that are gone or retyped when the node is opened, and drops nothing by itself', async () => {
		const { tables } = opened();
		const value = {
			EMAIL: 'email',
			BIRTHDAY: 'birthday',
			NOTES: 'message',
			COUNTRY: 'country',
			FIRSTNAME: 'firstname',
		};
		const fresh = await tables.workflow('before the drift', { mapping: { mappingMode: 'defineBelow', value } });
		await tables.open(fresh);
		const { schema } = await tables.savedWith(fresh, (mapping) => (mapping.schema?.length ?? 0) > 0);

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
			const credentials = await tables.credentialsFor('later', hubSpot, brevo);
			const mapping = { mappingMode: 'defineBelow', value, schema, matchingColumns: [] };
			const workflow = await tables.workflow('after the drift', { mapping }, credentials);
			const page = await tables.open(workflow);
			const hint = page.locator('[data-test-id="node-hint"]').filter({ hasText: 'A mapped field is gone' });
			await hint.waitFor();
			const shown = async (row: string): Promise<string> =>
				await page.locator(`[data-test-id="parameter-input-${row}"] input`).first().inputValue();
			expect(await shown('BIRTHDAY')).toMatch(/\(no longer fits, is number\)$/);
			expect(await shown('NOTES')).toBe('message (no longer there)');
			await page.getByText('COUNTRY (no longer in Brevo)').waitFor();
			await keepPicture(page, 'mapping-table-drift', 'mapping-drift.png');
			expect((await tables.stored(workflow)).value).toEqual(value);

			// Opened twice, it still knows what the row was made for.
			const copy = await tables.workflow(
				'after the drift, again',
				{ mapping: await tables.stored(workflow) },
				credentials,
			);
			const again = await tables.open(copy);
			const hintAgain = again.locator('[data-test-id="node-hint"]').filter({ hasText: 'A mapped field is gone' });
			await hintAgain.waitFor();
			await pickOption(again, 'BIRTHDAY', 'Became a Customer Date');
			await pickOption(again, 'NOTES', 'Notes');
			await again.locator('[data-test-id="remove-field-button-COUNTRY"]').click();
			await hintAgain.waitFor({ state: 'detached' });
		} finally {
			await Promise.all([hubSpot.close(), brevo.close()]);
		}
	});

	itInAll('stores at most 100 KB for 60 attributes and 250 source fields', async () => {
		const { e2e, tables } = opened();
		// 16 attributes and some 80 mappable properties are there anyway.
		const [hubSpot, brevo] = await Promise.all([
			startHubSpot({ members: 2, extraProperties: 180 }),
			startBrevo({ people: [], strangers: 0, extraAttributes: 44 }),
		]);
		try {
			const credentials = await tables.credentialsFor('big', hubSpot, brevo);
			const workflow = await tables.workflow('big account', {}, credentials);
			const page = await tables.open(workflow);
			const mapping = await tables.savedWith(workflow, ({ schema }) => (schema?.length ?? 0) > 0);
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
		} finally {
			await Promise.all([hubSpot.close(), brevo.close()]);
		}
	});
}
