import { setTimeout as pause } from 'node:timers/promises';
import type { ContactChange, MappedContact } from '../../../core/contact/contact';
import { NODE_TYPES, nodeOfType } from '../../../demo/n8n/importTemplate';
import type { Execution, StoredWorkflow } from '../../../demo/n8n/n8nApi';
import { itemsOf } from '../../../demo/n8n/n8nApi';
import { pollsEvery } from '../../../demo/n8n/quickPolls';
import type { QueueBackend } from '../support/queueBackend';
import { createQueueBackend, describeInQueueMode } from '../support/queueBackend';
import type { E2e } from '../support/startE2e';
import { startE2e } from '../support/startE2e';
import type { Worker } from '../support/startWorker';
import { startWorker } from '../support/startWorker';
import { waitFor } from '../support/waitFor';

/**
 * Queue mode on PostgreSQL: n8n's main process polls and keeps the cursor, a worker in another process runs the executions,
 * and Redis carries the batches there and the acknowledgements back.
 */
describeInQueueMode('with n8n in queue mode', () => {
	const MEMBERS = 600;
	const BATCH = 200;
	/** A worker that died is noticed after 10 to 14 s instead of 60 to 90. */
	const LOCKS = {
		QUEUE_WORKER_LOCK_DURATION: '10000',
		QUEUE_WORKER_LOCK_RENEW_TIME: '2000',
		QUEUE_WORKER_STALLED_INTERVAL: '4000',
	};
	let backend: QueueBackend;
	let e2e: E2e;
	let worker: Worker;
	let workflow: StoredWorkflow;

	beforeAll(async () => {
		backend = createQueueBackend();
		const env = { ...backend.env, ...LOCKS };
		e2e = await startE2e({ members: MEMBERS, env, editor: false });
		worker = await startWorker(env);
		// Imports that take a moment leave time to kill the worker in the middle of a batch.
		Object.assign(e2e.sandbox.brevo.settings, { importDelayMs: 2_000 });
		workflow = await e2e.importSync({
			[NODE_TYPES.trigger]: { options: { batchSize: BATCH }, pollTimes: pollsEvery(2) },
		});
	});

	afterAll(async () => {
		await worker?.close();
		await e2e?.close();
		backend?.remove();
	});

	const executions = async (status: Execution['status']): Promise<Execution[]> =>
		(await e2e.api.listExecutions(workflow.id)).filter((execution) => execution.status === status);

	/** The contacts that a node of ours handed on in an execution. */
	const contactsOf = async <T = ContactChange>({ id }: Execution, type: string = NODE_TYPES.trigger): Promise<T[]> => {
		const items = itemsOf(await e2e.api.getExecution(id), nodeOfType(workflow, type).name);
		return items.map(({ json }) => json as T);
	};

	const keysOf = (batch: readonly ContactChange[]): string[] => batch.map(({ key }) => key).sort();

	const firstNameInBrevo = (email: string): unknown =>
		e2e.sandbox.brevo.store.owner('email', email)?.attributes.FIRSTNAME;

	it('delivers a batch that failed in the worker again, with the newest values', async () => {
		// Writing only: Map Contact Fields still reads the attributes.
		e2e.sandbox.brevo.faults.next('POST /contacts/import', { status: 500, times: 0 });
		await e2e.api.publish(workflow.id);
		const failed = await waitFor('a batch that fails with Brevo', async () => (await executions('error'))[0]);
		const [mapped] = await contactsOf<MappedContact>(failed, NODE_TYPES.map);
		const { source, contact } = mapped!;
		e2e.sandbox.hubspot.store.changeContact(source.id, { firstname: 'Newest' });
		e2e.sandbox.brevo.faults.clear();

		const succeeded = await waitFor('the batch once more', async () => (await executions('success'))[0]);
		expect(keysOf(await contactsOf(succeeded))).toEqual(keysOf(await contactsOf(failed)));
		await waitFor('the newest value', () => firstNameInBrevo(contact.email ?? '') === 'Newest');
	});

	it('HB-13: ends the first sync equal after the worker was killed in the middle of a batch', async () => {
		const logged = (what: string): number => worker.server.readLog().split(`Worker ${what} execution`).length;
		await waitFor('a batch in the worker', () => logged('started') > logged('finished'), { everyMs: 50 });
		await pause(1_000);
		await worker.server.kill();
		const failures = (await executions('error')).length;
		await worker.server.start();
		await e2e.finishSync(workflow, { skipFailed: true });
		expect(await executions('error')).toHaveLength(failures + 1);
		expect(e2e.differences(workflow)).toEqual([]);
		expect(e2e.sandbox.brevo.store.resubscriptions).toEqual([]);

		// Each member is in one batch that succeeded: the cursor moved with the acknowledged ones only.
		const batches = await Promise.all((await executions('success')).map(async (one) => await contactsOf(one)));
		const firstSync = batches.flat().filter(({ delivery }) => delivery?.phase === 'firstSync');
		expect(new Set(keysOf(firstSync)).size).toBe(MEMBERS);
		expect(firstSync).toHaveLength(MEMBERS);
	});

	it('HB-08: takes a change that was made while the main process was stopped to Brevo', async () => {
		await e2e.n8n.stop();
		const { store } = e2e.sandbox.hubspot;
		const members = [...store.list(e2e.choices.sourceList.id).members.ids()].map((id) => store.contact(id));
		const member = members.find(({ properties: { email } }) => email && firstNameInBrevo(email) !== undefined)!;
		store.changeContact(member.id, { firstname: 'Changed' });
		await e2e.n8n.start();
		const arrived = (): boolean => firstNameInBrevo(member.properties.email ?? '') === 'Changed';
		await waitFor('the new value', arrived);
		expect(e2e.differences(workflow)).toEqual([]);
		expect(e2e.sandbox.brevo.store.resubscriptions).toEqual([]);
	});

	it('runs every execution in the worker', async () => {
		const log = worker.server.readLog();
		const all = await e2e.api.listExecutions(workflow.id);
		expect(all.length).toBeGreaterThanOrEqual(MEMBERS / BATCH + 3);
		expect(all.filter(({ id }) => !log.includes(`Worker started execution ${id} `))).toEqual([]);
	});
});
