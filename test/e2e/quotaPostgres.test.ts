import { exactCountingTests } from './quota/exactCounting';
import { type OpenLedger, openLedger } from './quota/openLedger';
import { type PostgresDatabase, createPostgresDatabase, describeOnPostgres } from './support/postgres';
import { type E2e, startE2e } from './support/startE2e';

/** Where n8n keeps its data in PostgreSQL, rows can be made and read at the same moment. */
describeOnPostgres('Quota Guard on PostgreSQL', () => {
	let database: PostgresDatabase | undefined;
	let e2e: E2e | undefined;
	let ledger: OpenLedger | undefined;
	const opened = (): OpenLedger => {
		if (ledger === undefined) throw new Error('The ledger did not open');
		return ledger;
	};

	beforeAll(async () => {
		database = createPostgresDatabase();
		e2e = await startE2e({ members: 1, editor: false, env: database.env });
		ledger = await openLedger(e2e);
	});

	afterAll(async () => {
		await ledger?.close();
		await e2e?.close();
		database?.remove();
	});

	describe('with many executions at once', () => exactCountingTests(opened));
});
