import { setTimeout as pause } from 'node:timers/promises';
import { NODE_TYPES } from '../../../demo/n8n/importTemplate';
import type { StoredWorkflow } from '../../../demo/n8n/n8nApi';
import { pollsEvery } from '../../../demo/n8n/quickPolls';
import type { QueueBackend } from '../support/queueBackend';
import { createQueueBackend, describeInQueueMode } from '../support/queueBackend';
import type { E2e } from '../support/startE2e';
import { startE2e } from '../support/startE2e';
import type { Worker } from '../support/startWorker';
import { startWorker } from '../support/startWorker';
import { waitFor } from '../support/waitFor';
import { casesOf, sizeOf } from '../../support/sizes';

/**
 * Queue mode with several workers: consecutive batches run in processes that know nothing of one another's writes. What a batch in
 * one worker did is known before the next one, in another worker, decides *not there*, *unchanged*, *leave* or *block*.
 */
describe.each(casesOf(1, [2, 3]))('with %i workers', (workers) => {
	describeInQueueMode('in queue mode', () => {
		const EDITING_MS = sizeOf(10_000, 40_000);
		const ROUNDS = sizeOf(2, 5);
		/** Which worker runs a batch is up to chance: further rounds until it was not always the same. */
		const MOST_ROUNDS = 12;
		let backend: QueueBackend;
		let e2e: E2e;
		let running: Worker[];
		let workflow: StoredWorkflow;

		beforeAll(async () => {
			backend = createQueueBackend();
			// One execution a worker, so that what comes next runs in another one.
			const env = { ...backend.env, N8N_CONCURRENCY_PRODUCTION_LIMIT: '1' };
			e2e = await startE2e({ members: 60, env, editor: false });
			running = [];
			for (let n = 0; n < workers; n++) running.push(await startWorker(env));
			workflow = await e2e.importSync({
				// Several batches, so that every worker has a picture of the account.
				[NODE_TYPES.trigger]: { options: { batchSize: 10 }, pollTimes: pollsEvery(2) },
			});
			await e2e.api.publish(workflow.id);
			await e2e.finishSync(workflow);
		});

		afterAll(async () => {
			for (const worker of running ?? []) await worker.close();
			await e2e?.close();
			backend?.remove();
		});

		const LONG = { withinMs: 200_000, everyMs: 250 };
		const listId = () => e2e.choices.sourceList.id;
		const held = (id: number | string) =>
			[...e2e.sandbox.brevo.store.contacts.values()].find((one) => one.identifiers.ext_id?.endsWith(`:${id}`) === true);
		const target = (): number => Number(e2e.choices.destinationList.id);
		const onList = (id: number | string): boolean => held(id)?.listIds.has(target()) ?? false;
		const workersThatRan = (since: readonly number[]): number =>
			running.filter(({ server }, n) => server.readLog().split('Worker started execution').length > (since[n] ?? 0))
				.length;
		const runsOf = (): number[] =>
			running.map(({ server }) => server.readLog().split('Worker started execution').length);

		/** So many contacts that are in the list only from now on. */
		const joinList = (count: number, mark: string): string[] => {
			const { store } = e2e.sandbox.hubspot;
			return Array.from({ length: count }, (_, n) =>
				store.addContact({ email: `${mark}-${n}@joined.example` }, [listId()]),
			);
		};

		it('promise 1: ten contacts that joined in one worker, then unsubscribed and left in another, are off the list and blocked', async () => {
			const { store } = e2e.sandbox.hubspot;
			const before = runsOf();
			const stayed: string[] = [];
			for (let round = 1; round <= ROUNDS || (workersThatRan(before) < 2 && round <= MOST_ROUNDS); round++) {
				const ids = joinList(10, `round-${round}`);
				await waitFor('all ten on the list', () => ids.every(onList), LONG);
				for (const id of ids) store.optOut(id, true);
				store.removeFromList(listId(), ids);
				const isOff = (id: string): boolean => !onList(id) && held(id)?.emailBlocked === true;
				await waitFor('all ten off the list and blocked', () => ids.every(isOff), { ...LONG, withinMs: 40_000 }).catch(
					() => undefined,
				);
				stayed.push(...ids.filter((id) => !isOff(id)));
			}
			expect(workersThatRan(before)).toBeGreaterThan(1);
			expect(stayed).toEqual([]);
		});

		it('promise 2: after edits from two workflows all the while, the newest values stand', async () => {
			const { store } = e2e.sandbox.hubspot;
			const second = await e2e.importSync({ [NODE_TYPES.trigger]: { pollTimes: pollsEvery(2) } });
			await e2e.api.publish(second.id);
			const ids = [...store.list(listId()).members.ids()].filter((id) => held(id) && onList(id));
			const until = Date.now() + EDITING_MS;
			const names = new Map<number, string>();
			for (let n = 0; Date.now() < until; n++) {
				const id = ids[n % ids.length] ?? 0;
				names.set(id, `Edit ${n}`);
				store.changeContact(id, { firstname: `Edit ${n}` });
				await pause(100);
			}
			const wrong = (): number[] =>
				[...names].filter(([id, name]) => held(id)?.attributes.FIRSTNAME !== name).map(([id]) => id);
			await waitFor('the newest values', () => wrong().length === 0, { ...LONG, withinMs: 60_000 });
			// A run that was slow would overwrite them now.
			await pause(10_000);
			expect(wrong()).toEqual([]);
		});
	});
});
