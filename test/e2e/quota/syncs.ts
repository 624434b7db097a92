import { sumBy } from 'lodash';
import { NODE_TYPES, nodeOfType, quotaTemplate } from '../../../demo/n8n/importTemplate';
import { type Execution, type StoredWorkflow, itemsOf } from '../../../demo/n8n/n8nApi';
import { pollsEvery } from '../../../demo/n8n/quickPolls';
import { sourceTruth } from '../../../demo/truth/sandboxTruth';
import type { Sandbox } from '../../../sandbox/startSandbox';
import { waitFor } from '../support/waitFor';
import type { OpenLedger } from './openLedger';

/** The quota of both templates. */
const QUOTA = 'Contact Sync';

/**
 * Two integrations by the templates with a quota: a HubSpot list and the contacts of Salesforce go into Brevo, and both count
 * on one ledger. One story: both begin, 80 % is reached, then the limit; it is raised, and in the end nothing is missing.
 */
export function quotaSyncTests(opened: () => OpenLedger): void {
	let hubSpot: StoredWorkflow;
	let salesforce: StoredWorkflow;

	beforeAll(async () => {
		const { e2e, newKey } = opened();
		leaveNobodyInBoth();
		const { credential } = await newKey();
		/** The ledger is reached through the proxy, which sees each poll that asks whether the quota is used up. */
		const imported = async (source: 'hubspot' | 'Contact', parameters: Record<string, Record<string, unknown>>) => {
			const workflow = await e2e.importTemplate(quotaTemplate(source), parameters);
			for (const { credentials } of workflow.nodes)
				if (credentials?.contactSyncN8nApi) credentials.contactSyncN8nApi = { ...credential };
			return await e2e.api.updateWorkflow(workflow.id, workflow);
		};
		hubSpot = await imported('hubspot', {
			[NODE_TYPES.trigger]: { pollTimes: pollsEvery(2) },
			[NODE_TYPES.quotaGuard]: { whenExceeded: 'strict' },
		});
		salesforce = await imported('Contact', {
			// Nothing here commits late.
			[NODE_TYPES.salesforceTrigger]: { options: { lookbackMinutes: 0.5 }, pollTimes: pollsEvery(2) },
		});
	});

	afterAll(async () => {
		for (const { id } of [hubSpot, salesforce]) await opened().e2e.api.unpublish(id);
	});

	/** The same people are in both stand-ins; here everybody is in one. */
	function leaveNobodyInBoth(): void {
		const { store } = opened().e2e.sandbox.salesforce;
		for (const { Id } of store.table('Contact').rows.values())
			store.change('Contact', String(Id), { Email: `${String(Id)}@own.example`, Phone: null, MobilePhone: null });
	}

	const sandbox = () => opened().e2e.sandbox;
	const row = async () => await opened().table.row(QUOTA);
	const subjects = () =>
		sandbox()
			.inbox.messages()
			.map(({ subject }) => subject);

	/** Executions of both syncs with their data, of each the newest first; waits for what is under way. */
	async function executions(): Promise<Execution[]> {
		const list = async (workflowId: string, wanted: Readonly<Record<string, string>>) => {
			const query = new URLSearchParams({ workflowId, limit: '100', ...wanted });
			const path = `/api/v1/executions?${query.toString()}`;
			return (await opened().e2e.api.json<{ data: Execution[] }>({ method: 'GET', path })).data;
		};
		const all = [hubSpot, salesforce].map(async ({ id }) => {
			// n8n lists those that are running only when it is asked for them.
			await waitFor('the end of a run', async () => (await list(id, { status: 'running' })).length === 0);
			return await list(id, { includeData: 'true' });
		});
		return (await Promise.all(all)).flat();
	}

	/** Contacts that were let on and count: all but those who opted out. */
	const tasksIn = (execution: Execution): number =>
		itemsOf(execution, nodeOfType(hubSpot, NODE_TYPES.quotaGuard).name).filter(({ json }) => json.optedOut !== true)
			.length;

	const equal = (): boolean =>
		[hubSpot, salesforce].every((workflow) => opened().e2e.differences(workflow).length === 0);

	async function untilEqual(): Promise<void> {
		try {
			await waitFor('Brevo to hold what both say', equal);
		} catch {
			expect([hubSpot, salesforce].flatMap((workflow) => opened().e2e.differences(workflow))).toEqual([]);
		}
	}

	/** Mailable people who are in Brevo, by their ids at the source; each is given out once. */
	const given = new Set<string>();
	function pick(count: number, ids: Iterable<string>, keyOf: (id: string) => string): string[] {
		const { store } = sandbox().brevo;
		const found = [...ids].filter((id) => store.owner('ext_id', keyOf(id))?.emailBlocked === false && !given.has(id));
		if (found.length < count) throw new Error(`Brevo holds too few people: ${found.length} of ${count}`);
		const picked = found.slice(0, count);
		for (const id of picked) given.add(id);
		return picked;
	}
	const hubSpotKey = (id: string) => sourceTruth(sandbox(), hubSpot).keyOf(id);
	const salesforceKey = (id: string) => sourceTruth(sandbox(), salesforce).keyOf(id);
	const fromHubSpot = (count: number) => {
		const { store } = sandbox().hubspot;
		return pick(count, [...store.list(sandbox().list.id).members.ids()].map(String), hubSpotKey);
	};
	const fromSalesforce = (count: number) => {
		const rows = [...sandbox().salesforce.store.table('Contact').rows.values()];
		const there = rows.filter(({ IsDeleted }) => IsDeleted === false).map(({ Id }) => String(Id));
		return pick(count, there, salesforceKey);
	};
	const rename = {
		hubSpot: (id: string, firstname: string) => sandbox().hubspot.store.changeContact(id, { firstname }),
		salesforce: (id: string, FirstName: string) => sandbox().salesforce.store.change('Contact', id, { FirstName }),
	};
	const firstName = (key: string) => sandbox().brevo.store.owner('ext_id', key)?.attributes.FIRSTNAME;

	it('HB-17, SB-13: counts the contacts of all integrations together', async () => {
		const { e2e } = opened();
		for (const { id } of [hubSpot, salesforce]) await e2e.api.publish(id);
		await Promise.all([hubSpot, salesforce].map(async (workflow) => await e2e.finishSync(workflow)));
		expect(e2e.differences(hubSpot)).toEqual([]);
		expect(e2e.differences(salesforce)).toEqual([]);
		const tasks = (await executions()).map(tasksIn).filter((count) => count > 0);
		expect(tasks.length).toBeGreaterThanOrEqual(2);
		expect((await row()).used).toBe(tasks.reduce((sum, count) => sum + count, 0));
		expect(subjects()).toEqual([]);
	});

	it('HB-18, SB-14: an e-mail goes out when 80 % is used, once over all integrations', async () => {
		const { used } = await row();
		// Three tasks below 80 %; people type a limit into the table.
		await opened().table.edit(QUOTA, { limit: Math.floor((used + 3) / 0.8) });
		for (const id of fromHubSpot(4)) rename.hubSpot(id, 'Eighty');
		await waitFor('the mail', () => subjects().length > 0);
		await untilEqual();
		for (const id of fromSalesforce(1)) rename.salesforce(id, 'Eighty');
		await untilEqual();
		const { limit } = await row();
		expect(subjects()).toEqual([`Quota 'Contact Sync': 80 % of ${limit} tasks used`]);
		const [{ to, text, html } = { to: [], text: '', html: '' }] = sandbox().inbox.messages();
		expect(to).toEqual(['marketing@example.com']);
		expect(text).toMatch(/At 100 % the syncs stop/);
		expect(html).toContain('80 %');
	});

	it('HB-19, SB-15: a second e-mail at 100 %, and all integrations are interrupted', async () => {
		const { proxy, table } = opened();
		const { used, limit } = await row();
		const left = Number(limit) - used;
		// A batch that crosses the limit goes through whole with Salesforce's guard.
		for (const id of fromSalesforce(left + 3)) rename.salesforce(id, 'Hundred');
		await waitFor('the second mail', () => subjects().length > 1);
		await untilEqual();
		expect((await row()).used).toBe(Number(limit) + 3);
		expect(subjects().slice(1)).toEqual([expect.stringMatching(/^Quota 'Contact Sync': used up, syncs wait until 1 /)]);

		// Both wait: each poll asks the ledger and no vendor.
		await untilPaused();
		const vendors = vendorsOf(sandbox());
		for (const { requests } of vendors) requests.clear();
		const before = (await executions()).length;
		const [hubSpotId = ''] = fromHubSpot(1);
		rename.hubSpot(hubSpotId, 'Older');
		proxy.calls.length = 0;
		await waitFor('two polls of each', () => proxy.calls.length >= 4);
		expect(vendors.map(({ requests }) => requests.total)).toEqual([0, 0, 0, 0]);
		expect(new Set(proxy.calls)).toEqual(new Set(['GET /data-tables/{id}/rows']));
		expect((await executions()).length).toBe(before);
		expect((await table.row(QUOTA)).used).toBe(Number(limit) + 3);
		expect(subjects()).toHaveLength(2);
		expect(firstName(hubSpotKey(hubSpotId))).not.toBe('Older');
	});

	/**
	 * Until polls found the quota used up and called no vendor. Before that a poll may have begun earlier, and each trigger looks for
	 * opt-outs once an hour: the windows in which that happens are passed over, four at most.
	 */
	async function untilPaused(): Promise<void> {
		const { proxy } = opened();
		const vendors = vendorsOf(sandbox());
		for (let windows = 0, isQuiet = false; windows < 4 && !isQuiet; windows++) {
			for (const { requests } of vendors) requests.clear();
			proxy.calls.length = 0;
			await waitFor('polls that ask the ledger', () => proxy.calls.length >= 4);
			isQuiet = vendors.every(({ requests }) => requests.total === 0);
		}
	}

	it('HB-20, SB-16: a higher limit in the table lets them go on; what changed meanwhile arrives once, with its newest value', async () => {
		const { table } = opened();
		const before = await executions();
		const [changed = '', optedOut = ''] = fromHubSpot(2);
		const [person = ''] = fromSalesforce(1);
		for (const name of ['Older', 'Newer', 'Newest']) {
			rename.hubSpot(changed, name);
			rename.salesforce(person, name);
		}
		sandbox().hubspot.store.optOut(optedOut);
		const { used } = await row();
		await table.edit(QUOTA, { limit: used + 60 });
		await untilEqual();
		expect([firstName(hubSpotKey(changed)), firstName(salesforceKey(person))]).toEqual(['Newest', 'Newest']);
		expect(sandbox().brevo.store.owner('ext_id', hubSpotKey(optedOut))?.emailBlocked).toBe(true);

		const fresh = (await executions()).filter(({ id }) => !before.some((one) => one.id === id));
		const delivered = fresh.flatMap((one) => itemsOf(one, nodeOfType(hubSpot, NODE_TYPES.quotaGuard).name));
		const keys = delivered.map(({ json }) => json.key);
		for (const key of [hubSpotKey(changed), hubSpotKey(optedOut), salesforceKey(person)])
			expect(keys.filter((one) => one === key)).toHaveLength(1);
		expect((await row()).used).toBe(used + sumBy(fresh, tasksIn));
		await waitFor('the mail that it goes on', () => subjects().length > 2);
		expect(subjects().slice(2)).toEqual([`Quota 'Contact Sync': raised to ${used + 60} tasks, syncs go on`]);
	});

	it('does not count again what is delivered again after a failure, of Brevo or for want of tasks', async () => {
		const { table } = opened();
		const { used } = await row();
		const { faults } = sandbox().brevo;
		const failures = async () =>
			(await executions()).filter(({ status, workflowId }) => status === 'error' && workflowId === hubSpot.id);
		// Writing only: reading goes on.
		for (const method of ['POST', 'PUT']) faults.next(`${method} *`, { status: 500, times: 0 });
		for (const id of fromHubSpot(5)) rename.hubSpot(id, 'Again');
		await waitFor('a run that failed with Brevo', async () => (await failures()).length > 0);
		faults.clear();
		await untilEqual();
		expect((await row()).used).toBe(used + 5);

		// Two of six are let on, and four make the run fail.
		await table.edit(QUOTA, { limit: used + 7 });
		const failed = (await failures()).length;
		for (const id of fromHubSpot(6)) rename.hubSpot(id, 'Strict');
		const [newest] = await waitFor('a run that fails for want of tasks', async () => {
			const found = await failures();
			return found.length > failed && found;
		});
		expect((await row()).used).toBe(used + 7);
		expect(newest?.data?.resultData.error?.message).toMatch(/^The quota 'Contact Sync' of \d+ tasks is used up; /);
		await table.edit(QUOTA, { limit: used + 100 });
		await untilEqual();
		expect((await row()).used).toBe(used + 11);
		expect(sandbox().brevo.store.resubscriptions).toEqual([]);
	});
}

/** Every host of the stand-ins that a sync calls. */
const vendorsOf = ({ hubspot, salesforce, brevo }: Sandbox) => [hubspot, salesforce, salesforce.login, brevo];
