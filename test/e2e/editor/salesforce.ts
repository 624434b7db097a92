import { isMatch } from 'lodash';
import { NODE_TYPES, nodeOfType } from '../../../demo/n8n/importTemplate';
import { keepPicture, pickLocator, pickOption, settle } from '../support/editor';
import { waitFor } from '../support/waitFor';
import type { OpenEditor } from './openEditor';

/** What a person sees and gets when Salesforce is the source. */
export function salesforceTests(opened: () => OpenEditor): void {
	it('SB-08: a mapping changed to Salesforce gets its fields, for contacts and for leads, and back', async () => {
		const { e2e, editor, tables } = opened();
		const { credentials } = await e2e.choicesFor('Contact');
		const workflow = await tables.workflow('change the source', {}, credentials);
		const { name } = nodeOfType(workflow, NODE_TYPES.map);
		const suggested = async (email: string, field: string, is: string): Promise<unknown> =>
			await tables.savedWith(workflow, ({ value }) => value?.EMAIL === email && value[field] === is);
		const page = await tables.open(workflow);
		await suggested('email', 'COMPANY_NAME', 'company');

		// n8n lets go of a credential that the new source has no use for: one is picked anew.
		await pickOption(page, 'source', 'Salesforce');
		await pickOption(page, 'salesforceAuthentication', 'JWT Bearer');
		await page.getByText('Select a Salesforce credential').waitFor();
		await page.locator('[data-test-id="node-credentials-select"]').first().click();
		await page.locator('[data-test-id^="node-credentials-select-item"]:visible').first().click();
		await editor.showNode(workflow, name);
		await suggested('Email', 'COMPANY_NAME', 'Account.Name');
		await pickOption(page, 'salesforceObject', 'Lead');
		await suggested('Email', 'COMPANY_NAME', 'Company');
		await keepPicture(page, 'mapping-table-salesforce-leads');
		await pickOption(page, 'source', 'HubSpot');
		await page.getByText('Select a HubSpot credential').waitFor();
	});

	it('SB-07: the list view and the campaign are picked by name, and fields of conditions from a dropdown', async () => {
		const { e2e, editor } = opened();
		const workflow = await e2e.importSync({}, 'Contact');
		const canvas = await editor.showCanvas(workflow);
		await settle(canvas);
		await canvas.keyboard.press('1');
		await settle(canvas);
		await keepPicture(canvas, 'workflow-salesforce', 'workflow-salesforce.png');

		const { name } = nodeOfType(workflow, NODE_TYPES.salesforceTrigger);
		const page = await editor.showNode(workflow, name);
		const saved = async (wanted: object) =>
			await waitFor('the editor to save it', async () => {
				const { nodes } = await e2e.api.getWorkflow(workflow.id);
				return isMatch(nodes.find((node) => node.name === name)?.parameters ?? {}, wanted);
			});
		const { listViews, campaigns } = e2e.sandbox.salesforce.ids;
		const picks = [
			['In a List View', 'listView', 'Newsletter contacts', listViews.newsletterContacts],
			['In a Campaign', 'campaign', 'Newsletter', campaigns.newsletter],
		] as const;
		for (const [scope, parameter, search, id] of picks) {
			await pickOption(page, 'scope', scope);
			const { all, found } = await pickLocator(page, parameter, search);
			expect(all.length).toBeGreaterThan(1);
			expect(found).toEqual([search]);
			await saved({ scope: parameter, [parameter]: { mode: 'list', value: id } });
		}

		await pickOption(page, 'scope', 'That Meet Conditions');
		await page.getByText('Add Condition').click();
		const offered = await pickOption(page, 'field', 'Customer Tier');
		expect(offered).toEqual(expect.arrayContaining(['Account Name', 'Birthdate', 'Email Opt Out']));
		await pickOption(page, 'operator', 'Is Not Empty');
		await saved({ scope: 'conditions', conditions: { row: [{ field: 'Customer_Tier__c', operator: 'isNotEmpty' }] } });
		await settle(page);
		await keepPicture(page, 'salesforce-conditions', 'salesforce-conditions.png', 1_000);
	});
}
