import { setTimeout as pause } from 'node:timers/promises';
import { omit } from 'lodash';
import { ASKED, LOOK_CALLS, mockTime, namesIn, passHour, passMonth, PEOPLE, QuotaSync } from './quotaSync';

const CASES = (['hubSpot', 'salesforce'] as const).flatMap((kind) =>
	(['own', 'fromQuotaGuard'] as const).map((mode) => [kind, mode] as const),
);
const QUIET = { emitted: [], emittedErrors: [], returned: null };

let sync: QuotaSync;
beforeAll(mockTime);
afterEach(async () => await sync.close());
// A poll looks every half second whether its run has ended; with the real time back, such a look would last on.
afterAll(async () => await pause(600));

describe.each(CASES)('a pause of the %s trigger while the quota is used up (%s)', (kind, mode) => {
	beforeEach(async () => void (sync = await QuotaSync.start(kind, mode)));

	it('HB-19, SB-15: costs a look of the source an hour, one call of n8n a poll, and fails no execution', async () => {
		expect(namesIn(await sync.poll())).toHaveLength(PEOPLE);
		const where = () => omit(sync.staticData['node:Trigger'] as object, 'contactSync.optOuts');
		const place = structuredClone(where());
		await sync.useUp();
		sync.source.rename(0, 'Changed');
		expect(await sync.poll()).toMatchObject(QUIET);
		expect(sync.calls.source).toBeLessThanOrEqual(LOOK_CALLS);
		for (let polls = 0; polls < 3; polls++) {
			sync.forgetCalls();
			expect(await sync.poll()).toMatchObject(QUIET);
			expect(sync.calls).toEqual({ source: 0, n8n: [ASKED] });
		}
		expect(where()).toEqual(place);
	});

	it('promise 1: an opt-out comes through within the hour, alone, and once', async () => {
		await sync.poll();
		await sync.useUp();
		expect(await sync.poll()).toMatchObject(QUIET);
		sync.source.rename(0, 'Waits');
		sync.source.optOut(1);
		passHour();
		const { emitted } = await sync.poll();
		expect(emitted.flat().map(({ json }) => [json.change, json.optedOut])).toEqual([['optedOut', true]]);
		passHour();
		expect(await sync.poll()).toMatchObject(QUIET);
		sync.edit({ limit: 200 });
		expect(namesIn(await sync.poll())).toContain('Waits');
	});

	it('HB-20, SB-16: ends with the raising of the limit; what changed meanwhile comes once, as it is by then', async () => {
		await sync.poll();
		await sync.useUp();
		sync.source.rename(0, 'Early');
		sync.source.rename(1, 'Other');
		expect(await sync.poll()).toMatchObject(QUIET);
		sync.source.rename(0, 'Late');
		sync.source.add('Newcomer');
		expect(await sync.poll()).toMatchObject(QUIET);
		sync.edit({ limit: 200 });
		expect(namesIn(await sync.poll()).sort()).toEqual(['Late', 'Newcomer', 'Other']);
		expect(namesIn(await sync.poll(), await sync.poll())).toEqual([]);
	});

	it('HB-19, SB-15: ends with the next month, and goes on from where it was', async () => {
		await sync.poll();
		await sync.useUp();
		sync.source.rename(0, 'Meanwhile');
		expect(await sync.poll()).toMatchObject(QUIET);
		passMonth();
		expect(namesIn(await sync.poll())).toEqual(['Meanwhile']);
		expect(namesIn(await sync.poll())).toEqual([]);
	});

	it('HB-19, SB-15: a workflow is published during it, and hands on everybody once there are tasks again', async () => {
		await sync.useUp();
		expect(await sync.poll()).toMatchObject(QUIET);
		// The table is looked up by the first poll of a process.
		expect(sync.calls).toEqual({ source: 0, n8n: ['GET /data-tables', ASKED] });
		sync.edit({ limit: 200 });
		expect(namesIn(await sync.poll())).toHaveLength(PEOPLE);
	});

	it('HB-19, SB-15: lasts over a restart of n8n, which looks for opt-outs only', async () => {
		await sync.poll();
		await sync.useUp();
		expect(await sync.poll()).toMatchObject(QUIET);
		sync.forgetCalls();
		const restarted = sync.restarted();
		expect(await restarted.poll({}, { activation: 'init' })).toMatchObject(QUIET);
		expect(sync.calls.source).toBeLessThanOrEqual(LOOK_CALLS);
		expect(sync.calls.n8n).toEqual([ASKED]);
		sync.source.rename(2, 'Afterwards');
		sync.edit({ limit: 200 });
		expect(namesIn(await restarted.poll())).toEqual(['Afterwards']);
	});
});

describe.each(['hubSpot', 'salesforce'] as const)('the %s trigger asks for the quota', (kind) => {
	beforeEach(async () => void (sync = await QuotaSync.start(kind, 'own')));
	const inTens = { options: { batchSize: 10 } };

	it('HB-19, SB-15: before each batch, so a first sync stops in the middle and goes on with whom it has not handed on', async () => {
		const onEmit = async (items: { length: number }) => {
			await sync.use(items.length, { limit: 20 });
			return 'success' as const;
		};
		await sync.use(1);
		sync.edit({ used: 0, limit: 20 });
		const first = await sync.poll(inTens, { onEmit });
		expect(first.emitted.map((items) => items.length)).toEqual([10, 10]);
		expect(await sync.poll(inTens)).toMatchObject(QUIET);
		sync.edit({ limit: 200 });
		const last = await sync.poll(inTens);
		expect(last.emitted.map((items) => items.length)).toEqual([10]);
		const keys = [...first.emitted, ...last.emitted].flat().map(({ json }) => json.key);
		expect(new Set(keys).size).toBe(PEOPLE);
	});

	it('once a batch, and once more where nobody follows the last one', async () => {
		await sync.use(1);
		await sync.poll();
		sync.forgetCalls();
		for (let position = 0; position < 25; position++) sync.source.rename(position, `Name ${position}`);
		const { emitted } = await sync.poll(inTens);
		expect(emitted.map((items) => items.length)).toEqual([10, 10, 5]);
		expect(sync.calls.n8n.length).toBeLessThanOrEqual(4);
		expect(new Set(sync.calls.n8n)).toEqual(new Set([ASKED]));
	});

	it('promise 2: a batch whose run failed waits for the end of the pause, and comes with the values of then', async () => {
		await sync.poll();
		sync.source.rename(0, 'Failed');
		expect(namesIn(await sync.poll({}, { onEmit: () => 'error' }))).toEqual(['Failed']);
		await sync.useUp();
		sync.source.rename(0, 'Newest');
		expect(await sync.poll()).toMatchObject(QUIET);
		sync.edit({ limit: 200 });
		expect(namesIn(await sync.poll())).toEqual(['Newest']);
		expect(namesIn(await sync.poll())).toEqual([]);
	});

	it('promise 2: a run that outlives its poll and succeeds during the pause counts as delivered', async () => {
		await sync.poll();
		sync.source.rename(0, 'Slow');
		let succeed: (status: 'success') => void = () => undefined;
		const onEmit = async () => await new Promise<'success'>((resolve) => (succeed = resolve));
		expect(namesIn(await sync.poll({}, { onEmit, budgetMs: 1_500 }))).toEqual(['Slow']);
		await sync.useUp();
		sync.source.rename(1, 'Next');
		// Not as the first poll of a publication, which goes on by itself once the run ends.
		expect(await sync.poll({}, { budgetMs: 200_000 })).toMatchObject(QUIET);
		// No call is sent while a batch is under way.
		expect(sync.calls).toEqual({ source: 0, n8n: [] });
		succeed('success');
		await pause(0);
		expect(await sync.poll()).toMatchObject(QUIET);
		sync.edit({ limit: 200 });
		expect(namesIn(await sync.poll())).toEqual(['Next']);
	});

	it('but not for a test in the editor, which shows contacts all the same', async () => {
		await sync.useUp();
		const { returned } = await sync.poll({}, { mode: 'manual' });
		expect(returned?.[0]).toHaveLength(10);
		expect(sync.calls.n8n).toEqual([]);
	});

	it('and not at all while the pause is off', async () => {
		await sync.useUp();
		expect(namesIn(await sync.poll({ pauseWhileOverQuota: 'off' }))).toHaveLength(PEOPLE);
		expect(sync.calls.n8n).toEqual([]);
	});
});
