import fc from 'fast-check';
import type { IDataObject } from 'n8n-workflow';
import { propertyRuns } from '../../support/propertyRuns';
import type { RunResult } from '../../support/n8n/engine';
import type { RunningGuard } from './guardRun';
import { ALERT, NOW, numbersOn, OVER, people, setTime, startGuard, TABLE, WITHIN } from './guardRun';

let guard: RunningGuard;
beforeEach(async () => {
	guard = await startGuard();
	setTime(NOW);
});
afterEach(async () => {
	jest.restoreAllMocks();
	await guard.close();
});

const alerts = (result: RunResult): unknown[] =>
	result.json('Guard', ALERT).map(({ kind, threshold }) => [kind, threshold]);

describe('Quota Guard, Reserve', () => {
	it('HB-17, SB-13: counts each item as one task of the month, and lets all on that the quota has left', async () => {
		const result = await guard.run(people(3));
		expect(result.error).toBeUndefined();
		expect(result.json('Guard', WITHIN)).toEqual(people(3));
		expect(numbersOn(result, WITHIN)).toEqual([0, 1, 2]);
		expect(result.json('Guard', OVER)).toEqual([]);
		expect(result.json('Guard', ALERT)).toEqual([]);
		await guard.run(people(4));
		expect(guard.counted()).toEqual([['Contact Sync', '2027-03', 7]]);
		expect(result.hints).toEqual([
			"3 within the quota. Quota 'Contact Sync': 3 of 100,000 tasks of March 2027 are used (0 %); it renews on 1 April 2027, 00:00 (UTC)",
			`The data table '${TABLE}' was made in n8n, because there was none; tasks are counted there from now on, beginning with 0.`,
			'This was a test, and its tasks were counted like those of a published workflow',
		]);
	});

	it('costs two calls where the row is there', async () => {
		await guard.run(people(1));
		guard.n8n.calls.length = 0;
		await guard.run(people(1000));
		expect(guard.n8n.calls).toEqual(['GET /data-tables/{id}/rows', 'PATCH /data-tables/{id}/rows/update']);
	});

	it('counts whatever comes in, whole and in its order', async () => {
		const input = [{ a: 1 }, {}, { contact: { email: 'a@b.co' }, quota: 'mine' }];
		const result = await guard.run(input);
		expect(result.json('Guard', WITHIN)).toEqual(input);
		expect(guard.counted()).toEqual([['Contact Sync', '2027-03', 3]]);
	});

	it('HB-19, SB-15: finishes the batch that crosses the limit and holds the next one', async () => {
		const settings = { taskLimit: 5 };
		const first = await guard.run(people(7), settings);
		expect(numbersOn(first, WITHIN)).toEqual([0, 1, 2, 3, 4, 5, 6]);
		const second = await guard.run(people(2), settings);
		expect(numbersOn(second, WITHIN)).toEqual([]);
		expect(numbersOn(second, OVER)).toEqual([0, 1]);
		expect(second.json('Guard', OVER)[0]).toEqual({
			...people(1)[0],
			quota: {
				code: 'QUOTA_USED_UP',
				message:
					"The quota 'Contact Sync' of 5 tasks is used up; it renews on 1 April 2027, 00:00 (UTC). Wait until the quota renews, or raise it: write a higher number into the cell 'limit' of the quota ledger, a data table of this n8n.",
				renewsAt: '2027-04-01T00:00:00.000Z',
			},
		});
		expect(second.hints).toEqual([
			"0 within the quota, 2 over it. Quota 'Contact Sync': 7 of 5 tasks of March 2027 are used (140 %); it renews on 1 April 2027, 00:00 (UTC)",
		]);
		expect(guard.counted()).toEqual([['Contact Sync', '2027-03', 7]]);
	});

	it('never passes one task over the limit in strict mode, and takes the first ones', async () => {
		const result = await guard.run(people(7), { taskLimit: 5, whenExceeded: 'strict' });
		expect(numbersOn(result, WITHIN)).toEqual([0, 1, 2, 3, 4]);
		expect(numbersOn(result, OVER)).toEqual([5, 6]);
		expect(guard.counted()).toEqual([['Contact Sync', '2027-03', 5]]);
	});

	it('goes by the limit in the table once somebody wrote one there', async () => {
		await guard.run(people(5), { taskLimit: 5 });
		guard.n8n.table(TABLE).rows[0]!.limit = 8;
		const result = await guard.run(people(4), { taskLimit: 5, whenExceeded: 'strict' });
		expect(numbersOn(result, WITHIN)).toEqual([0, 1, 2]);
		expect(result.json('Guard', ALERT)[0]).toMatchObject({ kind: 'recovered', because: 'raised', limit: 8 });
	});

	it('a limit of 0 stops everything', async () => {
		const result = await guard.run(people(2), { taskLimit: 0 });
		expect(numbersOn(result, OVER)).toEqual([0, 1]);
		expect(alerts(result)).toEqual([['exceeded', 100]]);
	});
});

describe('the output Alert', () => {
	it('HB-18, SB-14: tells each threshold once, ready for an e-mail', async () => {
		const settings = { taskLimit: 10 };
		const first = await guard.run(people(8), settings);
		expect(first.items('Guard', ALERT)).toHaveLength(1);
		const [alert] = first.items('Guard', ALERT);
		expect(alert?.pairedItem).toEqual({ item: 0 });
		expect(alert?.json).toMatchObject({
			kind: 'threshold',
			threshold: 80,
			subject: expect.stringMatching(/80 %/) as string,
			text: expect.stringContaining(`'${TABLE}'`) as string,
			html: expect.stringMatching(/^<div/) as string,
			quota: 'Contact Sync',
			period: '2027-03',
			periodName: 'March 2027',
			used: 8,
			limit: 10,
			limitFrom: 'node',
			remaining: 2,
			percent: 80,
			usedUp: false,
			renewsAt: '2027-04-01T00:00:00.000Z',
			timeZone: 'UTC',
		});
		expect(alerts(await guard.run(people(1), settings))).toEqual([]);
		expect(alerts(await guard.run(people(1), settings))).toEqual([['exceeded', 100]]);
		expect(alerts(await guard.run(people(1), settings))).toEqual([]);
	});

	it('tells several thresholds that one batch crosses, and those chosen', async () => {
		const result = await guard.run(people(10), { taskLimit: 10, thresholds: '50 %, 90' });
		expect(alerts(result)).toEqual([
			['threshold', 50],
			['threshold', 90],
		]);
		expect(alerts(await guard.run(people(10), { taskLimit: 10, thresholds: '', quota: 'Quiet' }))).toEqual([]);
	});

	it('carries the forecast', async () => {
		await guard.run(people(1), { taskLimit: 100 });
		guard.n8n.table(TABLE).rows[0]!.createdAt = '2027-03-01T00:00:00.000Z';
		const result = await guard.run(people(79), { taskLimit: 100 });
		expect(result.json('Guard', ALERT)[0]?.forecast).toEqual({
			kind: 'usedUp',
			at: expect.stringMatching(/^2027-03-12T21:00:00/) as string,
		});
	});

	it('HB-19: tells that it goes on, in the next period', async () => {
		await guard.run(people(5), { taskLimit: 5 });
		setTime('2027-04-01T00:00:00.000Z');
		const result = await guard.run(people(2), { taskLimit: 5 });
		expect(numbersOn(result, WITHIN)).toEqual([0, 1]);
		expect(result.json('Guard', ALERT)).toMatchObject([{ kind: 'recovered', because: 'renewed', period: '2027-04' }]);
		expect(alerts(await guard.run(people(1), { taskLimit: 5 }))).toEqual([]);
	});
});

describe('opt-outs', () => {
	const mixed = (): IDataObject[] =>
		people(6).map((person, index) => ({ ...person, optedOut: [false, true, null, 'yes', 'maybe', 1][index] ?? null }));

	it('are no tasks and always pass, in their place', async () => {
		const result = await guard.run(mixed(), { taskLimit: 2, whenExceeded: 'strict' });
		expect(numbersOn(result, WITHIN)).toEqual([0, 1, 2, 3, 5]);
		expect(numbersOn(result, OVER)).toEqual([4]);
		expect(guard.counted()).toEqual([['Contact Sync', '2027-03', 2]]);
		expect(result.hints[0]).toMatch(/^5 within the quota, 1 over it, 3 opted out and not counted\. /);
	});

	it('pass without a call when nobody else comes', async () => {
		guard.n8n.scopes = undefined;
		const result = await guard.run([{ optedOut: true }, { optedOut: true }]);
		expect(result.error).toBeUndefined();
		expect(numbersOn(result, WITHIN)).toEqual([0, 1]);
		expect(guard.n8n.calls).toEqual([]);
	});

	it('are counted and held like any other when that is chosen', async () => {
		const settings = { taskLimit: 2, whenExceeded: 'strict', options: { countOptOuts: true } };
		const result = await guard.run(mixed(), settings);
		expect(numbersOn(result, WITHIN)).toEqual([0, 1]);
		expect(numbersOn(result, OVER)).toEqual([2, 3, 4, 5]);
	});

	it('those who left or were deleted are tasks', async () => {
		await guard.run([{ change: 'removed' }, { change: 'deleted', optedOut: false }]);
		expect(guard.counted()).toEqual([['Contact Sync', '2027-03', 2]]);
	});
});

describe('the quota', () => {
	it('is one for all nodes that name it, and another one for another name or table', async () => {
		await guard.run(people(1));
		await guard.run(people(2), { quota: ' Contact Sync ' }, { id: 'elsewhere' });
		await guard.run(people(4), { quota: 'Leads' });
		await guard.run(people(8), { options: { table: 'Another Ledger' } });
		expect(guard.counted()).toEqual([
			['Contact Sync', '2027-03', 3],
			['Leads', '2027-03', 4],
			['Contact Sync', '2027-03', 8],
		]);
		expect(guard.n8n.tables.map(({ name }) => name)).toEqual([TABLE, 'Another Ledger']);
	});

	it.each<[string, string, IDataObject]>([
		['the time zone of the workflow', '2027-04-01', {}],
		[
			'the one picked',
			'2027-03-31',
			{ options: { timeZone: { __rl: true, mode: 'list', value: 'America/New_York' } } },
		],
		['the one typed', '2027-04-01', { options: { timeZone: { __rl: true, mode: 'name', value: ' Asia/Tokyo ' } } }],
	])('counts by the days of %s', async (_name, day, options) => {
		setTime('2027-03-31T22:30:00.000Z');
		await guard.run(people(1), { period: 'day', ...options }, {}, { timezone: 'Europe/Berlin' });
		expect(guard.counted()).toEqual([['Contact Sync', day, 1]]);
	});

	it('that was renamed in n8n goes on, and that is said', async () => {
		await guard.run(people(1));
		guard.n8n.table(TABLE).name = 'Our Quota';
		guard.n8n.table('Our Quota').id = 'movedTable000000';
		const result = await guard.run(people(1));
		expect(guard.counted()).toEqual([['Contact Sync', '2027-03', 2]]);
		expect(result.hints[1]).toBe(
			`The data table '${TABLE}' was renamed to 'Our Quota' and is still used. Write the new name into 'Table', or rename it back.`,
		);
	});

	it('says what somebody should put right in the table', async () => {
		await guard.run(people(1));
		guard.n8n.table(TABLE).rows[0]!.limit = -4;
		const result = await guard.run(people(1));
		expect(result.hints[1]).toBe(
			"Row 1 of the quota ledger: the cell 'limit' is negative; the limit of the node counts.",
		);
	});
});

describe('every item', () => {
	it('leaves on exactly one of Within Quota and Over Quota, in its order and unchanged but for the reason', async () => {
		const runs = propertyRuns('quota guard balance', 40, 0.02);
		await fc.assert(
			fc.asyncProperty(
				fc.record({
					batches: fc.array(fc.array(fc.constantFrom(true, false, null, 'odd'), { maxLength: 12 }), {
						minLength: 1,
						maxLength: 5,
					}),
					taskLimit: fc.nat(20),
					whenExceeded: fc.constantFrom('strict', 'finishBatch'),
					countOptOuts: fc.boolean(),
				}),
				async ({ batches, taskLimit, whenExceeded, countOptOuts }) => {
					const quota = `Run ${quotas++}`;
					let used = 0;
					for (const optOuts of batches.filter(({ length }) => length > 0)) {
						const input = optOuts.map((optedOut, index) => ({ index, optedOut }));
						const result = await guard.run(input, { quota, taskLimit, whenExceeded, options: { countOptOuts } });
						expect(result.error).toBeUndefined();
						const [within, over] = [numbersOn(result, WITHIN), numbersOn(result, OVER)];
						expect([...within, ...over].sort((a, b) => a - b)).toEqual([...input.keys()]);
						for (const numbers of [within, over]) expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
						expect(result.json('Guard', WITHIN)).toEqual(within.map((index) => input[index]));
						expect(result.json('Guard', OVER).map(({ quota: _why, ...json }) => json)).toEqual(
							over.map((index) => input[index]),
						);
						const isTask = (index: number): boolean => countOptOuts || input[index]?.optedOut !== true;
						expect(over.every(isTask)).toBe(true);
						const tasks = [...input.keys()].filter(isTask).length;
						const left = Math.max(0, taskLimit - used);
						const granted = whenExceeded === 'strict' ? Math.min(tasks, left) : left > 0 ? tasks : 0;
						expect(over).toHaveLength(tasks - granted);
						used += granted;
					}
					const row = guard.n8n.tables.flatMap(({ rows }) => rows).find((one) => one.quota === quota);
					expect(row?.used ?? 0).toBe(used);
					runs.count();
				},
			),
			runs.parameters,
		);
	});
});

let quotas = 1;
