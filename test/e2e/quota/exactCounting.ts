import { randomInt } from 'node:crypto';
import { sum } from 'lodash';
import { type FixedSettings, type GuardRun, someContacts } from './guardedFlow';
import type { LedgerKey, OpenLedger } from './openLedger';

const WORKFLOWS = 4;
const EXECUTIONS = 20;

/**
 * 20 executions at once from 4 workflows. Each workflow has an API key of its own, so that nothing in n8n's process puts
 * their reservations in a row: they meet in the data table only, as those of several processes do. `place` keeps the quotas
 * of two such suites apart.
 */
export function exactCountingTests(opened: () => OpenLedger, place = ''): void {
	let keys: LedgerKey[];
	beforeAll(async () => {
		keys = await Promise.all(Array.from({ length: WORKFLOWS }, async () => await opened().newKey()));
	});

	/** What the runs were given in all, and what became of it. */
	async function runAtOnce(quota: string, fixed: FixedSettings) {
		const { newFlow, proxy, table } = opened();
		const flows = await Promise.all(keys.map(async (key) => await newFlow(fixed, key)));
		const batches = Array.from({ length: EXECUTIONS }, () => someContacts(randomInt(1, 40)));
		const total = sum(batches.map(({ length }) => length));
		const limit = Math.floor(0.6 * total);
		const shares = flows.map((flow, mine) => ({
			flow,
			batches: batches.filter((_batch, index) => index % WORKFLOWS === mine),
		}));
		proxy.calls.length = 0;
		const startedAt = Date.now();
		const settings = { quota, taskLimit: limit };
		await Promise.all(
			shares.flatMap(({ flow, batches: own }) => own.map(async (batch) => await flow.start(settings, batch))),
		);
		if (process.env.SHOW_NUMBERS)
			process.stdout.write(`${quota}: ${Date.now() - startedAt} ms, ${proxy.calls.length} calls\n`);
		const runs = await Promise.all(shares.map(async ({ flow, batches: own }) => await flow.runsWith(own)));
		return { total, limit, runs: runs.flat(), row: await table.row(quota) };
	}

	const within = (runs: readonly GuardRun[]): number => sum(runs.map((run) => run.within.length));
	const alertsOf = (runs: readonly GuardRun[]) =>
		runs.flatMap(({ alerts }) => alerts.map(({ kind, threshold }) => `${kind} ${threshold}`)).sort();

	function expectNobodyLost(runs: readonly GuardRun[], total: number): void {
		expect(runs.map(({ status, error }) => error ?? status)).toEqual(runs.map(() => 'success'));
		expect(runs.map((run) => [...run.within, ...run.over])).toEqual(runs.map(({ given }) => given));
		expect(sum(runs.map(({ given }) => given.length))).toBe(total);
	}

	it('HB-17: never lets one task over the limit in strict mode, with 20 executions at once, and counts each', async () => {
		const { total, limit, runs, row } = await runAtOnce(`Strict${place}`, { whenExceeded: 'strict' });
		expectNobodyLost(runs, total);
		expect([within(runs), row.used]).toEqual([limit, limit]);
		expect(alertsOf(runs)).toEqual(['exceeded 100', 'threshold 80']);
		// All of them began without a table: one was made.
		expect(await opened().table.tables()).toHaveLength(1);
	});

	it('HB-17: finishes the batch that crosses the limit and no other, with 20 executions at once', async () => {
		const { total, limit, runs, row } = await runAtOnce(`Finish the Batch${place}`, {});
		expectNobodyLost(runs, total);
		expect(row.used).toBe(within(runs));
		const batches = runs.filter((run) => run.within.length > 0).map((run) => run.within.length);
		expect(row.used).toBeGreaterThanOrEqual(limit);
		expect(runs.filter((run) => run.over.length > 0 && run.within.length > 0)).toEqual([]);
		// Without the one that crossed it, they were below.
		expect(row.used - Math.max(...batches)).toBeLessThan(limit);
		expect(alertsOf(runs)).toEqual(['exceeded 100', 'threshold 80']);
	});
}

/** What a reservation costs. */
export function callCountTests(opened: () => OpenLedger): void {
	it('reserves with two calls where nobody else does', async () => {
		const { flow, proxy } = opened();
		const settings = { quota: 'Alone', taskLimit: 1_000 };
		await flow.run(settings, someContacts(5));
		for (const amount of [40, 1, 700, 300]) {
			proxy.calls.length = 0;
			await flow.run(settings, someContacts(amount));
			expect(proxy.calls).toEqual(['GET /data-tables/{id}/rows', 'PATCH /data-tables/{id}/rows/update']);
		}
		// Used up: nothing is written any more.
		proxy.calls.length = 0;
		expect((await flow.run(settings, someContacts(3))).over).toHaveLength(3);
		expect(proxy.calls).toEqual(['GET /data-tables/{id}/rows']);
	});
}
