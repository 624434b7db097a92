import { NODE_TYPES, nodeOfType } from '../../../demo/n8n/importTemplate';
import { describeInBrowser } from '../../support/browser';
import { Editor, keepPictureOf } from '../support/editor';
import type { E2e } from '../support/startE2e';
import { startE2e } from '../support/startE2e';
import { waitFor } from '../support/waitFor';
import { Newcomer } from './newcomer';

const MEMBERS = 200;
/** With a wrong key, a check of the set-up and a dry run on the way: what it takes today, and little more. */
const MOST_CLICKS = 50;
const MOST_TYPED = 9;

/** The first sync by clicking, from an empty canvas of an n8n that knows no account (#12). The tests follow one another. */
describeInBrowser('a newcomer’s first hour', () => {
	let e2e: E2e;
	let editor: Editor;
	let person: Newcomer;
	let workflowId = '';

	beforeAll(async () => {
		e2e = await startE2e({ members: MEMBERS });
		for (const { id } of Object.values(e2e.choices.credentials)) await e2e.api.deleteCredential(id);
		editor = await Editor.open(e2e.api, { width: 1400, height: 900 });
		person = new Newcomer(await editor.showPage('/home/workflows'));
	});
	afterAll(async () => {
		await editor?.close();
		await e2e?.close();
	});

	it('HB-01, HB-05 to HB-07: the trigger is found by what it does; a wrong key says why, a right one lets pick the list', async () => {
		const { page } = person;
		person.begin('Trigger');
		await person.click(page.getByText('Build a workflow'));
		await person.click(person.at('canvas-add-button'));
		await person.addNode('hubspot to brevo', 'HubSpot List Trigger');
		await person.click(page.getByText('Connect to Contact Sync HubSpot Access Token'));
		await person.saveCredential({ accessToken: 'pat-na1-wrong', baseUrl: e2e.sandbox.hubspot.url });
		await person.click(page.getByText('More details'));
		const window = person.at('editCredential-modal');
		await window.getByText('HubSpot does not accept the credential (401)').waitFor();
		await keepPictureOf(window, 'first-hour-credential', 'credential.png');
		await person.saveCredential({ accessToken: e2e.sandbox.hubspot.token });
		await window.waitFor({ state: 'detached' });
		const lists = await person.pickFromList('list', e2e.choices.sourceList.name);
		expect(lists).toContain(`${e2e.choices.sourceList.name} (active, ${MEMBERS} contacts)`);
		await person.flip('consentConfirmed');
		await person.execute(page.getByText('10 items', { exact: true }));
		// What people look for stands in the first columns.
		expect((await person.columns()).slice(0, 2)).toEqual(['fields', 'change']);
		await keepPictureOf(person.at('ndv'), 'first-hour-trigger', 'trigger.png', 640);
		await person.closePanel();
	});

	it('HB-09: suggestions are filled in by themselves once both credentials are there', async () => {
		const { page } = person;
		person.begin('Fields');
		await person.click(page.locator('[data-test-id="canvas-handle-plus"]:visible'));
		expect(await person.addNode('mapping', 'Map Contact Fields')).toContain('Map Contact Fields');
		await person.click(page.getByText('Connect to Contact Sync Brevo'));
		await person.saveCredential({ apiKey: e2e.sandbox.brevo.apiKey, baseUrl: e2e.sandbox.brevo.url });
		await person.at('editCredential-modal').waitFor({ state: 'detached' });
		await person.at('parameter-input-EMAIL').first().waitFor();
		await person.execute(page.getByText('Mapped Branch (10 items)'));
		// The trigger fetched its test contacts before there was a mapping.
		await page.getByText('These test contacts were fetched before').waitFor();
		await person.closePanel();
	});

	it('HB-12, HB-14: the target list is picked, the set-up checked and a dry run made; nothing is written yet', async () => {
		const { page } = person;
		const writes = e2e.sandbox.brevo.store.writes.length;
		person.begin('Target list, check and dry run');
		// The outputs of Map Contact Fields: Mapped comes first.
		await person.click(page.locator('[data-test-id="canvas-handle-plus"]:visible'));
		await person.addNode('brevo list', 'Contact List Upsert', 'Upsert contacts');
		await person.pickFromList('destinationList', e2e.choices.destinationList.name);
		await person.pickOption('operation', 'Check Set-Up');
		await person.execute(page.getByText(/Set-up check: \d+ checks, no problem/));
		await page.getByText('Page Branch (1 item)').waitFor();
		await keepPictureOf(person.at('ndv'), 'first-hour-check', 'check-set-up.png', 560);
		await person.pickOption('operation', 'Upsert Contacts');
		await person.click(person.at('ndv').locator('[data-test-id="collection-parameter-add"]:visible'));
		await person.click(
			page.locator('[data-test-id="collection-parameter-option"]:visible').filter({ hasText: 'Dry Run' }),
		);
		const list = e2e.choices.destinationList.name;
		await person.execute(
			page.getByText(`Nothing was written. The real run would create 10 contacts for '${list}', with`),
		);
		expect(e2e.sandbox.brevo.store.writes).toHaveLength(writes);
		await person.flip('dryRun');
		await person.closePanel();
	});

	it('HB-03, HB-13: one click publishes, and Brevo holds all contacts field by field; the execution shows how many', async () => {
		const { page } = person;
		person.begin('Publish');
		await waitFor('the editor to save', async () => {
			workflowId = /\/workflow\/(\w+)/.exec(page.url())?.[1] ?? '';
			const upsert = nodeOfType(await e2e.api.getWorkflow(workflowId), NODE_TYPES.upsert).parameters;
			return (upsert.options as { dryRun?: boolean }).dryRun === false;
		});
		const tried = (await e2e.api.listExecutions(workflowId)).at(-1);
		await person.click(person.at('workflow-open-publish-modal-button'));
		await person.at('workflow-publish-button').last().waitFor();
		await keepPictureOf(page.locator('body'), 'first-hour-publish', 'publish.png', 660);
		await person.click(person.at('workflow-publish-button').last());
		await person.click(page.getByText('Got it'));
		const workflow = await e2e.api.getWorkflow(workflowId);
		await e2e.finishSync(workflow, { afterExecution: Number(tried?.id ?? 0) });
		expect(e2e.differences(workflow)).toEqual([]);
		person.begin('Look at what became of it');
		await person.click(person.at('radio-button-executions'));
		await page.getByText(`${MEMBERS} items`).first().waitFor();
		await keepPictureOf(page.locator('body'), 'first-hour-execution', 'execution.png', 660);
		await person.doubleClick(person.node('Map Contact Fields'));
		await person.click(page.getByText('Excluded Branch'));
		expect((await person.columns())[0]).toBe('outcome');
		await keepPictureOf(person.at('ndv'), 'first-hour-excluded', 'excluded.png', 460);
		await person.closePanel();
	});

	it('takes no more clicks than it did', () => {
		const { clicks, typed } = person.finish();
		expect(clicks).toBeGreaterThan(20);
		expect(clicks).toBeLessThanOrEqual(MOST_CLICKS);
		expect(typed).toBeLessThanOrEqual(MOST_TYPED);
	});

	it('the template shows what each run did as a page with a chart', async () => {
		await e2e.api.unpublish(workflowId);
		const { page } = person;
		const byHand = (await e2e.api.getWorkflow(workflowId)).nodes;
		const template = await e2e.importSync();
		const nodes = template.nodes.map((node) => {
			const credentials = byHand.find(({ type }) => type === node.type)?.credentials;
			return credentials === undefined ? node : { ...node, credentials };
		});
		const workflow = await e2e.api.updateWorkflow(template.id, { ...template, nodes });
		await editor.showCanvas(workflow);
		await person.click(person.at('execute-workflow-button'));
		await page.getByText('Workflow executed successfully').first().waitFor();
		await person.doubleClick(person.node('Page'));
		const shown = page.frameLocator('iframe.__html-display');
		await shown.getByText('What the sync did').waitFor();
		// n8n drops all attributes but the style.
		const bar = shown.locator('td[style*="background-color"]').first();
		expect((await bar.boundingBox())?.height).toBeGreaterThan(8);
		await keepPictureOf(person.at('ndv'), 'first-hour-page', 'page.png', 380);
	});

	it('n8n offers a key of its API for 30 days, unless another time is chosen', async () => {
		const page = await editor.showPage('/settings/api');
		await page.locator('[data-test-id="api-key-create-button"]').click();
		const window = page.locator('[data-test-id="createOrEditApiKey-modal"]');
		await window.getByText('The API key will expire on').waitFor();
		await keepPictureOf(window, 'first-hour-api-key', 'api-key.png');
	});
});
