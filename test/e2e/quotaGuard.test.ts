import { callCountTests, exactCountingTests } from './quota/exactCounting';
import { handEditTests } from './quota/handEdits';
import { type OpenLedger, openLedger } from './quota/openLedger';
import { quotaSyncTests } from './quota/syncs';
import { troubleTests } from './quota/troubles';
import { type E2e, startE2e } from './support/startE2e';

/** Quota Guard and its ledger on one real n8n with SQLite. */
describe('Quota Guard', () => {
	let e2e: E2e | undefined;
	let ledger: OpenLedger | undefined;
	const opened = (): OpenLedger => {
		if (ledger === undefined) throw new Error('The ledger did not open');
		return ledger;
	};

	beforeAll(async () => {
		e2e = await startE2e({ members: 60, salesforce: { contacts: 60, leads: 1 }, editor: false });
		ledger = await openLedger(e2e);
	});

	afterAll(async () => {
		await ledger?.close();
		await e2e?.close();
	});

	describe('with many executions at once', () => exactCountingTests(opened));
	describe('with one', () => callCountTests(opened));
	describe('when the ledger is in trouble', () => troubleTests(opened));
	describe('in the syncs of both templates', () => quotaSyncTests(opened));
	describe('when rows are edited by hand', () => handEditTests(opened));
});
