import { setTimeout as pause } from 'node:timers/promises';
import type { IDataObject, INode } from 'n8n-workflow';
import { LOOK_CALLS, guard, mockTime, namesIn, PEOPLE, QUOTA_PARAMETERS, QuotaSync, TABLE } from './quotaSync';

const QUIET = { emitted: [], emittedErrors: [], returned: null };

let sync: QuotaSync;
beforeAll(mockTime);
afterEach(async () => await sync.close());
// A poll looks every half second whether its run has ended; with the real time back, such a look would last on.
afterAll(async () => await pause(600));

describe('Pause While Over Quota as the Quota Guard says', () => {
	beforeEach(async () => void (sync = await QuotaSync.start('hubSpot', 'fromQuotaGuard')));
	const withQuota = (quota: string): INode => guard({ ...QUOTA_PARAMETERS, quota }, quota);

	it.each<[string, INode[], RegExp]>([
		['no Quota Guard after the trigger', [], /looks for a Quota Guard.*'As Set Here'/],
		['one that is switched off', [{ ...guard(), disabled: true }], /looks for a Quota Guard/],
		['one that only gets the usage', [guard({ ...QUOTA_PARAMETERS, operation: 'getUsage' })], /that reserves tasks/],
		['an expression', [guard({ ...QUOTA_PARAMETERS, quota: '={{ $json.team }}' })], /'Quota' of 'Quota Guard'/],
		['a limit below 0', [guard({ ...QUOTA_PARAMETERS, taskLimit: -1 })], /'Limit'/],
	])('%s refuses the activation and asks nobody; corrected, everybody comes', async (_name, downstream, message) => {
		const refused = await sync.poll({}, { downstream }).catch((error: unknown) => error as Error);
		expect(refused).toMatchObject({ message: expect.stringMatching(message) as string });
		// Of an activation that is refused n8n shows the message only.
		expect((refused as Error).message).toMatch(/Correct the setting/);
		expect(sync.calls).toEqual({ source: 0, n8n: [] });
		expect(namesIn(await sync.poll())).toHaveLength(PEOPLE);
	});

	it('HB-19: of several quotas any that is used up pauses the sync; each is asked for once', async () => {
		const downstream = [withQuota('Sales'), withQuota('Marketing'), guard({ ...QUOTA_PARAMETERS, quota: 'Sales' })];
		await sync.poll({}, { downstream });
		sync.forgetCalls();
		expect(await sync.poll({}, { downstream })).toMatchObject(QUIET);
		expect(sync.calls.n8n).toHaveLength(2);
		sync.source.rename(0, 'Waits');
		await sync.use(100, { quota: 'Marketing' });
		sync.forgetCalls();
		expect(await sync.poll({}, { downstream })).toMatchObject(QUIET);
		expect(sync.calls.source).toBeLessThanOrEqual(LOOK_CALLS);
		sync.edit({ limit: 101 });
		expect(namesIn(await sync.poll({}, { downstream }))).toEqual(['Waits']);
	});

	it('a Quota Guard that has never been opened has the defaults', async () => {
		const downstream = [guard({})];
		await sync.use(1, { quota: 'Contact Sync', timeZone: 'America/New_York' });
		sync.edit({ used: 100_000 });
		expect(await sync.poll({}, { downstream })).toMatchObject(QUIET);
		expect(sync.calls.source).toBe(0);
		sync.edit({ used: 99_999 });
		expect(namesIn(await sync.poll({}, { downstream }))).toHaveLength(PEOPLE);
	});
});

describe('Pause While Over Quota as set in the trigger', () => {
	beforeEach(async () => void (sync = await QuotaSync.start('salesforce', 'own')));

	it.each<[string, IDataObject, RegExp]>([
		['a limit that is no number', { taskLimit: 'many' }, /'Limit'/],
		['an empty name', { quota: ' ' }, /'Quota'/],
		['an unknown time zone', { options: { timeZone: { value: 'Middle/Earth' } } }, /'Time Zone'/],
	])('%s refuses the activation', async (_name, parameters, message) => {
		await expect(sync.poll(parameters)).rejects.toThrow(message);
		expect(sync.calls).toEqual({ source: 0, n8n: [] });
	});

	it('needs the credential of n8n', async () => {
		const node = sync.trigger();
		delete node.credentials?.contactSyncN8nApi;
		jest.spyOn(sync, 'trigger').mockReturnValue(node);
		await expect(sync.poll()).rejects.toThrow(/No n8n API credential is selected/);
		expect(sync.calls.source).toBe(0);
	});
});

describe('the ledger in trouble', () => {
	beforeEach(async () => void (sync = await QuotaSync.start('hubSpot', 'own')));

	it('HB-19: n8n does not answer: polls fail visibly, nothing is read, and nothing is lost', async () => {
		await sync.poll();
		sync.source.rename(0, 'Kept');
		sync.forgetCalls();
		sync.n8n.instead = () => ({ status: 503 });
		await expect(sync.poll()).rejects.toMatchObject({
			message: expect.stringMatching(/n8n's API answered with status 503/) as string,
			failure: { cause: 'temporarily-unavailable' },
		});
		expect(sync.calls.source).toBe(0);
		sync.n8n.instead = () => undefined;
		expect(namesIn(await sync.poll())).toEqual(['Kept']);
	}, 30_000);

	it('n8n does not answer the first poll after its start: only a line in the log, for n8n would give the trigger up', async () => {
		sync.n8n.instead = () => 'cut';
		expect(await sync.poll({}, { activation: 'init' })).toMatchObject(QUIET);
		sync.n8n.instead = () => undefined;
		expect(namesIn(await sync.poll())).toHaveLength(PEOPLE);
	}, 30_000);

	it.each<[string, () => void, () => void, RegExp]>([
		[
			'a revoked key',
			() => (sync.n8n.scopes = undefined),
			() => (sync.n8n.scopes = ['dataTable:list', 'dataTable:create', 'dataTableRow:read']),
			/does not accept the API key/,
		],
		[
			'a changed column',
			() => void sync.n8n.table(TABLE).columns.splice(2, 1),
			() => void sync.n8n.table(TABLE).columns.push({ name: 'used', type: 'number' }),
			/its column 'used' \(number\) is missing/,
		],
	])('%s: polls say so and read nothing until it is put right', async (_name, breakIt, mendIt, message) => {
		await sync.use(1);
		await sync.poll();
		sync.source.rename(0, 'Kept');
		breakIt();
		sync.forgetCalls();
		await expect(sync.poll()).rejects.toThrow(message);
		expect(sync.calls.source).toBe(0);
		mendIt();
		expect(namesIn(await sync.poll())).toEqual(['Kept']);
	});

	it('a table that was deleted is made anew and counts from 0', async () => {
		await sync.useUp();
		expect(await sync.poll()).toMatchObject(QUIET);
		sync.n8n.tables.splice(0);
		expect(namesIn(await sync.poll())).toHaveLength(PEOPLE);
		expect(sync.n8n.table(TABLE).rows).toEqual([]);
	});

	it('HB-19: the day of renewal and what somebody should put right go to the log once', async () => {
		await sync.useUp();
		sync.edit({ limit: -5 });
		const first = await sync.poll();
		expect(first.warnings).toEqual([
			expect.stringContaining("the cell 'limit' is negative"),
			expect.stringMatching(
				/QUOTA_USED_UP: The quota 'All Syncs' is used up \(100 of 100 tasks\).*renews on 1 \w+ \d{4}, /,
			),
		]);
		expect(first.warnings[1]).toContain(`its limit is raised in the n8n data table '${TABLE}'`);
		expect((await sync.poll()).warnings).toEqual([]);
		sync.edit({ limit: 50 });
		expect((await sync.poll()).warnings).toEqual([expect.stringContaining('(100 of 50 tasks)')]);
	});
});
