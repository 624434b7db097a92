import { ensureN8n } from '../../demo/n8n/n8nInstall';
import { N8nServer } from '../../demo/n8n/n8nServer';
import { silentProgress } from '../../demo/process/progress';
import { callCountTests, exactCountingTests } from './quota/exactCounting';
import { type OpenLedger, openLedger } from './quota/openLedger';
import { type PostgresDatabase, createPostgresDatabase, describeOnPostgres } from './support/postgres';
import { type QueueBackend, createQueueBackend, describeInQueueMode } from './support/queueBackend';
import { type E2e, startE2e } from './support/startE2e';
import { type Worker, startWorker } from './support/startWorker';
import { describeInAll } from '../support/sizes';

/** In PostgreSQL rows can be read and written at the same moment; SQLite has one writer. */
describeInAll('what quotaGuard.test.ts shows, on PostgreSQL', () =>
	describeOnPostgres('Quota Guard on PostgreSQL', quotaGuardOnPostgres),
);

function quotaGuardOnPostgres(): void {
	let database: PostgresDatabase;
	let e2e: E2e;
	let ledger: OpenLedger;
	const opened = (): OpenLedger => ledger;

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
	describe('with one', () => callCountTests(opened));

	/** The same n8n once more, with its executions in two further processes. They reach its API like any other program. */
	describeInQueueMode('with many executions at once in two workers', () => {
		let backend: QueueBackend;
		let main: N8nServer;
		const workers: Worker[] = [];

		beforeAll(async () => {
			backend = createQueueBackend(database);
			await e2e.n8n.stop();
			const { userFolder, port } = e2e.n8n;
			const env = { ...backend.env, N8N_DISABLE_UI: 'true' };
			main = await N8nServer.create({ install: await ensureN8n(silentProgress), userFolder, port, env });
			await main.start();
			for (let count = 0; count < 2; count++) workers.push(await startWorker(env));
		});

		afterAll(async () => {
			for (const worker of workers) await worker.close();
			await main?.stop();
			backend?.remove();
		});

		exactCountingTests(opened, ' in Workers');

		it('ran them in both workers', () => {
			for (const { server } of workers) expect(server.readLog()).toContain('Worker finished execution');
		});
	});
}
