import { listPickerTests } from './editor/listPickers';
import { mappingTableTests } from './editor/mappingTable';
import { mappingTroubleTests } from './editor/mappingTrouble';
import { type OpenEditor, openEditor } from './editor/openEditor';
import { quotaGuardTests } from './editor/quotaGuard';
import { quotaPauseTests } from './editor/quotaPause';
import { salesforceTests } from './editor/salesforce';
import { describeInBrowser } from '../support/browser';

/** In one file, so that they share an n8n and a tab: loading the editor costs more than most of the tests. */
describeInBrowser('in the editor', () => {
	let shared: OpenEditor | undefined;
	const opened = (): OpenEditor => {
		if (shared === undefined) throw new Error('The editor did not open');
		return shared;
	};

	beforeAll(async () => {
		shared = await openEditor();
	});

	afterAll(async () => {
		await shared?.close();
	});

	describe('the mapping table', () => mappingTableTests(opened));
	describe('the mapping table, when something is gone', () => mappingTroubleTests(opened));
	describe('the list pickers', () => listPickerTests(opened));
	describe('Salesforce', () => salesforceTests(opened));
	describe('Quota Guard', () => quotaGuardTests(opened));
	describe('Pause While Over Quota', () => quotaPauseTests(opened));
});
