import { setTimeout as pause } from 'node:timers/promises';
import { NODE_TYPES } from '../../demo/n8n/importTemplate';
import type { Execution, StoredWorkflow } from '../../demo/n8n/n8nApi';
import { pollsEvery } from '../../demo/n8n/quickPolls';
import type { E2e } from './support/startE2e';
import { startE2e } from './support/startE2e';
import { waitFor } from './support/waitFor';

/**
 * What a sync goes through in real life, one trouble after the other on one n8n: a power cut in the first sync, HubSpot down
 * while n8n starts, Brevo failing for a while. After each, Brevo holds what HubSpot says.
 */
describe('a sync that meets trouble', () => {
	const MEMBERS = 1_000;
	let e2e: E2e;
	let workflow: StoredWorkflow;
	let members: string[];

	beforeAll(async () => {
		e2e = await startE2e({ members: MEMBERS, editor: false });
		members = [...e2e.sandbox.hubspot.store.list(e2e.choices.sourceList.id).members.ids()].map(String);
		// Small batches and slow imports leave time to pull the plug in the middle of one.
		Object.assign(e2e.sandbox.brevo.settings, { importDelayMs: 1_000 });
		workflow = await e2e.importSync({
			[NODE_TYPES.trigger]: { options: { batchSize: 200 }, pollTimes: pollsEvery(2) },
		});
	});

	afterAll(async () => {
		await e2e?.close();
	});

	const executions = async (): Promise<Execution[]> => await e2e.api.listExecutions(workflow.id);
	const succeeded = async (): Promise<number> =>
		(await executions()).filter(({ status }) => status === 'success').length;

	/** Members that were synced and may be mailed. */
	const ordinaryMembers = (count: number): string[] => {
		const found = members.filter((id) => {
			if (!e2e.sandbox.hubspot.store.list(e2e.choices.sourceList.id).members.has(Number(id))) return false;
			const { email } = e2e.sandbox.hubspot.store.contact(id).properties;
			const held = email ? e2e.sandbox.brevo.store.owner('email', email) : undefined;
			return held && !held.emailBlocked;
		});
		if (found.length < count) throw new Error('Brevo holds too few members');
		return found.slice(0, count);
	};

	/** Waits until Brevo holds what HubSpot says. */
	const untilEqual = async (): Promise<void> => {
		await waitFor('both sides to agree', () => e2e.differences(workflow).length === 0, {
			withinMs: 90_000,
			everyMs: 250,
		});
	};

	const firstNameInBrevo = (id: string): unknown => {
		const { email } = e2e.sandbox.hubspot.store.contact(id).properties;
		return e2e.sandbox.brevo.store.owner('email', email ?? '')?.attributes.FIRSTNAME;
	};

	it('HB-13: goes on where it was after n8n was killed in the middle of the first sync, and ends equal', async () => {
		// The activation's own poll finds nothing, so that the kill meets a later one: n8n takes over an activation that was
		// cut off only after a minute and a half.
		const { faults, requests } = e2e.sandbox.hubspot;
		faults.next('*', { kind: 'reset', times: 0 });
		await e2e.api.publish(workflow.id);
		await waitFor('the end of its tries', () => requests.count() >= 4);
		await pause(2_000);
		faults.clear();
		await waitFor('the third batch', async () => (await succeeded()) >= 3, { withinMs: 90_000 });
		await e2e.n8n.kill();
		expect(e2e.sandbox.brevo.store.contacts.size).toBeLessThan(MEMBERS);
		/** Readings of the first page of members that were answered. */
		const beginnings = (): number =>
			e2e.sandbox.hubspot.requests.count(
				({ route, query, status }) =>
					status === 200 && route.endsWith('/memberships/join-order') && !query.includes('after='),
			);
		const begun = beginnings();

		await e2e.n8n.start();
		await e2e.finishSync(workflow, { skipFailed: true });
		expect(e2e.differences(workflow)).toEqual([]);
		expect(e2e.sandbox.brevo.store.resubscriptions).toEqual([]);
		expect(begun).toBeGreaterThan(0);
		expect(beginnings()).toBe(begun);
		// It continued: 10 calls read 1,000 contacts, a kill repeats two batches of 2 calls at most, and what was read ahead is dropped by
		// it and by the first poll after it.
		const reads = e2e.sandbox.hubspot.requests.count(({ path }) => path.endsWith('/contacts/batch/read'));
		expect(reads).toBeLessThanOrEqual(18);
	});

	it('recovers by itself when HubSpot was down while n8n started, and when Brevo fails after that; who left and who opted out meanwhile arrives', async () => {
		const [id = '', leaver = '', optedOut = '', both = ''] = ordinaryMembers(4);
		const { store } = e2e.sandbox.hubspot;
		const heldBy = [leaver, optedOut, both].map((one) =>
			e2e.sandbox.brevo.store.owner('email', store.contact(one).properties.email ?? ''),
		);
		await e2e.n8n.stop();
		for (const one of [optedOut, both]) store.optOut(one);
		store.removeFromList(e2e.choices.sourceList.id, [leaver, both]);
		e2e.sandbox.hubspot.faults.next('*', { kind: 'reset', times: 0 });
		const calls = e2e.sandbox.hubspot.requests.total;
		await e2e.n8n.start();
		await waitFor('a poll that met the fault', () => e2e.sandbox.hubspot.requests.total > calls);
		// n8n gives a trigger up for good when its first poll keeps throwing for 15 s.
		await pause(18_000);

		e2e.sandbox.hubspot.faults.clear();
		e2e.sandbox.brevo.faults.next('*', { status: 500, times: 0 });
		e2e.sandbox.hubspot.store.changeContact(id, { firstname: 'Older' });
		const failed = await waitFor(
			'an execution that failed because Brevo does',
			async () => (await executions()).filter(({ status }) => status === 'error').at(-1),
			{ withinMs: 150_000, everyMs: 250 },
		);
		const { data } = await e2e.api.getExecution(failed.id);
		expect(data?.resultData.error?.message).toMatch(/Brevo/);

		e2e.sandbox.hubspot.store.changeContact(id, { firstname: 'Newest' });
		e2e.sandbox.brevo.faults.clear();
		await waitFor('the newest value', () => firstNameInBrevo(id) === 'Newest', { withinMs: 150_000, everyMs: 250 });
		await untilEqual();
		const target = Number(e2e.choices.destinationList.id);
		expect(heldBy.map((held) => [held?.listIds.has(target), held?.emailBlocked])).toEqual([
			[false, false],
			[true, true],
			[false, true],
		]);
		expect(e2e.sandbox.brevo.store.resubscriptions).toEqual([]);
	});

	it('ends equal after n8n was killed in the middle of a run that takes people off the list', async () => {
		// More than a batch holds, and slow: some are off the list when the power goes, and some are not.
		const leavers = ordinaryMembers(300);
		const { faults, store } = e2e.sandbox.brevo;
		const onList = (): number => store.lists.get(Number(e2e.choices.destinationList.id))?.members.size ?? 0;
		const before = onList();
		faults.next('POST /contacts/lists/:id/contacts/remove', { kind: 'delay', delayMs: 1_500, times: 0 });
		e2e.sandbox.hubspot.store.removeFromList(e2e.choices.sourceList.id, leavers);
		await waitFor('the first who are off the list', () => onList() < before, { withinMs: 120_000, everyMs: 20 });
		await e2e.n8n.kill();
		faults.clear();
		expect(e2e.differences(workflow)).not.toEqual([]);
		await e2e.n8n.start();
		await untilEqual();
		expect(e2e.sandbox.brevo.store.resubscriptions).toEqual([]);
	});
});
