import fc from 'fast-check';
import type { DeliveryOutcome } from '../../../core/polling/pollRegister';
import type { Failure } from '../../../core/result';
import { Host } from './host';

const FAULT: Failure = { kind: 'retry', code: 'UNAVAILABLE', reason: 'down' };
const WRONG_KEY: Failure = { kind: 'stop', code: 'CREDENTIAL_INVALID', reason: 'refused' };

const turns = async (): Promise<void> => await new Promise((resolve) => setImmediate(resolve));

describe('acknowledged delivery', () => {
	it('hands over batch after batch and moves the cursor behind each that succeeded', async () => {
		const host = new Host();
		host.source.last = 7;
		expect(await host.poll()).toEqual({ end: 'upToDate', delivered: 7, show: false, activating: true });
		expect(host.runs.map(({ ids, sequence }) => [sequence, ids])).toEqual([
			[1, [1, 2, 3]],
			[2, [4, 5, 6]],
			[3, [7]],
		]);
		expect(host.state).toMatchObject({ version: 1, cursor: 7, sequence: 3 });
	});

	it('keeps the cursor before a batch that failed, and delivers it again with its number', async () => {
		const host = new Host();
		host.source.last = 4;
		host.onRun = (ids) => (ids.includes(4) ? 'failed' : 'succeeded');
		expect(await host.poll()).toMatchObject({ end: 'deliveryFailed', delivered: 3 });
		expect(host.state).toMatchObject({ cursor: 3, sequence: 1 });
		host.onRun = () => 'succeeded';
		await host.poll();
		expect(host.runs.map(({ sequence }) => sequence)).toEqual([1, 2, 2]);
		expect(host.state).toMatchObject({ cursor: 4, sequence: 2 });
	});

	it('leaves a run that outlives the budget in flight; later polls wait for it, and the next one stores its cursor', async () => {
		const host = new Host();
		host.source.last = 5;
		host.onRun = () => undefined;
		expect(await host.poll()).toMatchObject({ end: 'busy', delivered: 0 });
		expect(await host.poll()).toMatchObject({ end: 'busy' });
		expect(host.runs).toHaveLength(1);
		host.runs[0]?.end('succeeded');
		await turns();
		host.onRun = () => 'succeeded';
		expect(await host.poll()).toMatchObject({ end: 'upToDate', delivered: 2 });
		expect(host.runs.map(({ ids }) => ids)).toEqual([
			[1, 2, 3],
			[4, 5],
		]);
	});

	it('a run in flight that failed is delivered again', async () => {
		const host = new Host();
		host.source.last = 2;
		host.onRun = () => undefined;
		await host.poll();
		host.runs[0]?.end('failed');
		await turns();
		host.onRun = () => 'succeeded';
		await host.poll();
		expect(host.runs.map(({ ids }) => ids)).toEqual([
			[1, 2],
			[1, 2],
		]);
	});

	it('drops the cursor of a run in flight when another list was picked meanwhile', async () => {
		const host = new Host();
		host.source.last = 5;
		host.onRun = () => undefined;
		await host.poll();
		host.source.scope = 'another list';
		host.runs[0]?.end('succeeded');
		await turns();
		host.onRun = () => 'succeeded';
		await host.poll();
		expect(host.runs[1]?.ids).toEqual([1, 2, 3]);
	});

	it('gives a batch of another list a number that none had before, also none in flight', async () => {
		const host = new Host();
		host.source.last = 1;
		await host.poll();
		host.source.last = 2;
		host.onRun = () => 'failed';
		await host.poll();
		host.source.scope = 'another list';
		host.onRun = () => 'succeeded';
		await host.poll();
		expect(host.runs.map(({ sequence }) => sequence)).toEqual([1, 2, 3]);
	});

	it('a run that never reports back is given up after a day', async () => {
		const host = new Host();
		host.source.last = 1;
		host.onRun = () => undefined;
		await host.poll();
		host.onRun = () => 'succeeded';
		expect(await host.poll(23 * 3_600_000)).toMatchObject({ end: 'busy' });
		expect(await host.poll(3_600_000)).toMatchObject({ end: 'upToDate', delivered: 1 });
	});

	it('pauses longer and longer while runs keep failing, and never longer than a quarter of an hour', async () => {
		const host = new Host();
		host.source.last = 1;
		host.onRun = () => 'failed';
		for (let poll = 0; poll < 120; poll++) await host.poll();
		expect(host.runs.length).toBeGreaterThan(8);
		expect(host.runs.length).toBeLessThan(20);
		host.onRun = () => 'succeeded';
		for (let poll = 0; poll < 16; poll++) await host.poll();
		expect(host.runs.at(-1)?.outcome).toBe('succeeded');
	});

	it('without acknowledgement the cursor moves at once, one batch a poll', async () => {
		const host = new Host();
		host.source.last = 5;
		host.settings = { acknowledged: false };
		host.onRun = () => 'failed';
		await host.poll();
		expect(host.state).toMatchObject({ cursor: 3 });
		await host.poll();
		expect(host.runs.map(({ ids }) => ids)).toEqual([
			[1, 2, 3],
			[4, 5],
		]);
	});

	it('begins nothing new once the budget is nearly used', async () => {
		const host = new Host();
		host.source.last = 300;
		host.source.readMs = 8_000;
		host.settings = { budgetMs: 36_000, spacedByHost: true };
		const began = host.clock.now() + 60_000;
		expect(await host.poll()).toMatchObject({ end: 'budgetUsed' });
		expect(host.clock.now() - began).toBeLessThan(36_000);
		expect(host.runs.length).toBeGreaterThan(1);
	});

	it('two polls at the same time do not both deliver', async () => {
		const host = new Host();
		host.source.last = 3;
		const [first, second] = await Promise.all([host.poll(), host.poll(0)]);
		expect([first.end, second.end].sort()).toEqual(['busy', 'upToDate']);
		expect(host.runs).toHaveLength(1);
	});

	it('reads the account once per process', async () => {
		const host = new Host();
		for (let poll = 0; poll < 3; poll++) await host.poll();
		expect(host.source.identified).toBe(1);
		host.kill();
		await host.poll();
		expect(host.source.identified).toBe(2);
	});

	it('begins anew when the stored state is of another form', async () => {
		const host = new Host();
		for (const broken of ['null', '"x"', '{"version":9}', '{"version":1,"identity":{}}', '[]']) {
			host.memory = broken;
			host.source.last = 1;
			await host.poll();
			expect(host.state).toMatchObject({ version: 1, cursor: 1, sequence: 1 });
		}
	});
});

describe('what is shown of a failure', () => {
	it('a passing fault of the first poll is not thrown, so that n8n does not give the trigger up; a later one is', async () => {
		const host = new Host();
		host.source.faults = [FAULT, FAULT];
		expect(await host.poll()).toMatchObject({ end: 'failed', delivered: 0, failure: FAULT, show: false });
		expect(await host.poll()).toMatchObject({ end: 'failed', failure: FAULT, show: true });
	});

	it('an activation repeated by n8n within seconds is let through as well', async () => {
		const host = new Host();
		await host.poll();
		host.source.faults = [FAULT, FAULT];
		expect((await host.poll()).show).toBe(true);
		expect((await host.poll(1_000)).show).toBe(false);
	});

	it('wrong settings are thrown at once when a person activates, and from the second poll on after a start of n8n', async () => {
		const host = new Host();
		host.opened = WRONG_KEY;
		expect(await host.poll()).toMatchObject({ failure: WRONG_KEY, show: true });
		const started = new Host();
		started.settings = { unattended: true };
		started.opened = WRONG_KEY;
		expect((await started.poll()).show).toBe(false);
		expect((await started.poll()).show).toBe(true);
	});

	it("with n8n's durable scheduler, which spaces failing polls out itself, every fault is thrown", async () => {
		const host = new Host();
		host.settings = { spacedByHost: true };
		host.source.faults = [FAULT];
		expect((await host.poll()).show).toBe(true);
	});

	it('after progress a fault is not thrown; the next poll meets it again', async () => {
		const host = new Host();
		await host.poll();
		host.source.last = 6;
		host.onRun = (ids) => {
			if (ids.includes(3)) host.source.faults = [FAULT, FAULT];
			return 'succeeded';
		};
		expect(await host.poll()).toMatchObject({ end: 'failed', delivered: 3, failure: FAULT, show: false });
		expect(await host.poll()).toMatchObject({ end: 'failed', show: true });
		expect(host.state).toMatchObject({ cursor: 3 });
	});

	it('the first poll of an activation ends within 60 s, whatever the budget', async () => {
		const host = new Host();
		host.source.last = 1;
		host.onRun = () => undefined;
		const began = host.clock.now() + 60_000;
		await host.poll();
		expect(host.clock.now() - began).toBeLessThanOrEqual(60_000);
	});
});

describe('promise 2: nothing lost, nothing out of order', () => {
	const step = fc.oneof(
		fc.record({ do: fc.constant('grow' as const), by: fc.integer({ min: 1, max: 10 }) }),
		fc.record({ do: fc.constant('poll' as const), outcome: fc.constantFrom('succeeded', 'failed', 'later') }),
		fc.record({ do: fc.constant('end' as const), outcome: fc.constantFrom<DeliveryOutcome>('succeeded', 'failed') }),
		fc.record({ do: fc.constant('kill' as const) }),
		fc.record({ do: fc.constant('fault' as const) }),
		fc.record({ do: fc.constant('together' as const) }),
	);

	it('holds over random successes, failures, faults, overlapping polls and kills', async () => {
		await fc.assert(
			fc.asyncProperty(fc.array(step, { maxLength: 40 }), fc.integer({ min: 1, max: 4 }), async (steps, batchSize) => {
				const host = new Host();
				host.source.batchSize = batchSize;
				let killedRuns = 0;
				const checked = async (): Promise<void> => {
					await turns();
					// At most one batch of this process is under way.
					expect(host.open - killedRuns).toBeLessThanOrEqual(1);
				};
				for (const action of steps) {
					switch (action.do) {
						case 'grow':
							host.source.last += action.by;
							break;
						case 'poll':
							host.onRun = () => (action.outcome === 'later' ? undefined : action.outcome);
							await host.poll();
							break;
						case 'together':
							host.onRun = () => 'succeeded';
							await Promise.all([host.poll(), host.poll(0)]);
							break;
						case 'end':
							host.runs.find(({ outcome }) => outcome === undefined)?.end(action.outcome);
							break;
						case 'kill':
							host.kill();
							killedRuns = host.open;
							break;
						case 'fault':
							host.source.faults.push(FAULT);
							break;
					}
					if (action.do === 'end') killedRuns = Math.min(killedRuns, host.open);
					await checked();
				}
				for (const run of host.runs) if (run.outcome === undefined) run.end('failed');
				await turns();
				host.source.faults = [];
				host.onRun = () => 'succeeded';
				for (let polls = 0; polls < 40; polls++) await host.poll(15 * 60_000);

				const succeeded = host.runs.filter(({ outcome }) => outcome === 'succeeded');
				const delivered = new Set(succeeded.flatMap(({ ids }) => ids));
				expect(delivered.size).toBe(host.source.last);
				// A batch only ever begins behind what was acknowledged, or repeats it after a kill: no gap, no overtaking.
				let reached = 0;
				for (const { ids, outcome } of host.runs) {
					expect(ids[0]).toBeLessThanOrEqual(reached + 1);
					expect(ids).toEqual(ids.map((_, index) => (ids[0] ?? 0) + index));
					if (outcome === 'succeeded') reached = Math.max(reached, ids.at(-1) ?? 0);
				}
			}),
			{ numRuns: 150 },
		);
	});
});
