import { askedFirst } from '../../../core/polling/askedFirst';
import type { DeliveryOutcome } from '../../../core/polling/pollRegister';
import type { Failure } from '../../../core/result';
import { ok } from '../../../core/result';
import { Host } from './host';

const FAULT: Failure = { kind: 'retry', code: 'UNAVAILABLE', reason: 'down' };
const USED_UP: Failure = { kind: 'retry', code: 'QUOTA_USED_UP', reason: 'used up' };

/** A first sync of twelve contacts in batches of three, the first of which was acknowledged by an earlier poll. */
async function begun(): Promise<Host> {
	const host = new Host();
	host.source.phase = 'firstSync';
	host.source.last = 3;
	await host.poll();
	host.source.last = 12;
	host.source.readings = [];
	host.runs.length = 0;
	return host;
}

/** Runs go on until the batch behind them was read; the first of them ends as `outcome`. */
function endingOnceReadAhead(host: Host, outcome: DeliveryOutcome, meanwhile: () => void = () => undefined): void {
	const left = [outcome];
	host.onRun = (ids) => (ids.includes(host.source.last) ? 'succeeded' : undefined);
	host.source.onRead = () => {
		const run = host.runs.find((one) => one.outcome === undefined);
		if (!run) return;
		meanwhile();
		run.end(left.pop() ?? 'succeeded');
	};
}

const told = (host: Host) => host.runs.map(({ ids, sequence }) => [sequence, ids]);

describe('reading ahead in a first sync', () => {
	it('reads each batch once, while the one before is under way, and emits them in order', async () => {
		const host = await begun();
		const open: number[] = [];
		endingOnceReadAhead(host, 'succeeded', () => open.push(host.open));
		expect(await host.poll()).toMatchObject({ end: 'upToDate', delivered: 9 });
		expect(told(host)).toEqual([
			[2, [4, 5, 6]],
			[3, [7, 8, 9]],
			[4, [10, 11, 12]],
		]);
		expect(host.source.readings.map(({ from }) => from)).toEqual([3, 6, 9]);
		expect(open).toEqual([1, 1]);
		expect(host.state).toMatchObject({ cursor: 12, sequence: 4 });
	});

	it('the cursor stays before the batch that is under way', async () => {
		const host = await begun();
		const stored: unknown[] = [];
		endingOnceReadAhead(host, 'succeeded', () => stored.push(host.state?.cursor));
		await host.poll();
		expect(stored).toEqual([3, 6]);
	});

	it('says when the contacts were read, not when they were emitted', async () => {
		const host = await begun();
		const emittedAt: number[] = [];
		endingOnceReadAhead(host, 'succeeded');
		const { onRun } = host;
		host.onRun = (ids) => {
			emittedAt.push(host.clock.now());
			return onRun(ids);
		};
		// Passes between the reading and the emission.
		host.around = (source) =>
			askedFirst(source, async () => {
				host.clock.advance(5_000);
				return await Promise.resolve(ok(undefined));
			});
		await host.poll();
		const at = host.runs.map(({ delivery }) => Date.parse(delivery?.at ?? ''));
		const ages = at.map((readAt, index) => (emittedAt[index] ?? 0) - readAt);
		expect(ages[0]).toBeLessThan(5_000);
		expect(ages[1]).toBeGreaterThanOrEqual(5_000);
		expect(at).toEqual([...at].sort((a, b) => a - b));
	});

	it('drops what was read ahead of a run that failed, and reads it again behind the repeated batch', async () => {
		const host = await begun();
		endingOnceReadAhead(host, 'failed');
		expect(await host.poll()).toMatchObject({ end: 'deliveryFailed', delivered: 0 });
		expect(host.state).toMatchObject({ cursor: 3, sequence: 1 });
		await host.poll();
		expect(told(host)).toEqual([
			[2, [4, 5, 6]],
			[2, [4, 5, 6]],
			[3, [7, 8, 9]],
			[4, [10, 11, 12]],
		]);
	});

	it('emits nothing of it after the workflow was unpublished meanwhile', async () => {
		const host = await begun();
		endingOnceReadAhead(host, 'succeeded', () => (host.isPublished = false));
		expect(await host.poll()).toMatchObject({ end: 'unpublished', delivered: 3 });
		expect(told(host)).toEqual([[2, [4, 5, 6]]]);
		expect(host.state).toMatchObject({ cursor: 6, sequence: 2 });
	});

	it('a fault while it was read ends the poll behind the batch that was under way', async () => {
		const host = await begun();
		endingOnceReadAhead(host, 'succeeded', () => (host.source.faults = [FAULT]));
		expect(await host.poll()).toMatchObject({ end: 'failed', failure: FAULT, delivered: 3, show: false });
		expect(host.state).toMatchObject({ cursor: 6, sequence: 2 });
	});

	it('HB-19: asks whether the quota is used up before it is emitted', async () => {
		const host = await begun();
		let usedUp = false;
		host.around = (source) => askedFirst(source, async () => await Promise.resolve(usedUp ? USED_UP : ok(undefined)));
		endingOnceReadAhead(host, 'succeeded', () => (usedUp = true));
		expect(await host.poll()).toMatchObject({ end: 'failed', failure: USED_UP, delivered: 3 });
		expect(told(host)).toEqual([[2, [4, 5, 6]]]);
	});

	it('a run that outlives its poll is waited for by later ones, and what was read ahead is read anew', async () => {
		const host = await begun();
		host.onRun = () => undefined;
		expect(await host.poll()).toMatchObject({ end: 'busy' });
		host.runs[0]?.end('succeeded');
		await new Promise((resolve) => setImmediate(resolve));
		host.onRun = () => 'succeeded';
		await host.poll();
		expect(told(host).map(([sequence]) => sequence)).toEqual([2, 3, 4]);
		expect(host.state).toMatchObject({ cursor: 12, sequence: 4 });
	});

	it('not behind the first batch of a beginning, whose cursor may change, and not behind changes', async () => {
		for (const phase of ['firstSync', 'live'] as const) {
			const host = phase === 'live' ? await begun() : new Host();
			Object.assign(host.source, { phase, last: 12 });
			host.onRun = () => undefined;
			await host.poll();
			expect(host.source.readings).toHaveLength(1);
		}
	});
});

describe('the size of batches', () => {
	/** The sizes of the batches in which so many contacts, 2,000 unless said, come. */
	async function sizesOf(
		settings: Host['settings'],
		onRun: Host['onRun'],
		{ phase = 'firstSync', last = 2_000 }: Partial<Pick<Host['source'], 'phase' | 'last'>> = {},
	): Promise<number[]> {
		const host = new Host();
		Object.assign(host.source, { phase, last });
		host.settings = settings;
		host.onRun = (ids) => {
			host.clock.advance(2_000);
			return onRun(ids);
		};
		while ((await host.poll()).end !== 'upToDate');
		expect(host.state).toMatchObject({ cursor: last });
		return host.runs.map(({ ids }) => ids.length);
	}

	it('grows over the polls of a process, up to the most', async () => {
		const sizes = await sizesOf({ batchSizes: { first: 100, most: 500 } }, () => 'succeeded');
		expect(sizes[0]).toBe(100);
		expect(Math.max(...sizes)).toBe(500);
		expect(sizes.slice(0, -1)).toEqual([...sizes.slice(0, -1)].sort((a, b) => a - b));
	});

	it('begins small again after a run that failed', async () => {
		const sizes = await sizesOf({ batchSizes: { first: 100, most: 500 } }, ({ length }) =>
			length > 300 ? 'failed' : 'succeeded',
		);
		const failed = sizes.findIndex((size) => size > 300);
		expect(failed).toBeGreaterThan(0);
		expect(new Set(sizes.slice(failed + 1))).toEqual(new Set([100]));
	});

	it('of changes is 1,000 until one was measured, though a first sync begins with more', async () => {
		const settings = { batchSizes: { first: 5_000, most: 5_000, afterFailure: 1_000 } };
		expect(await sizesOf(settings, () => 'succeeded', { last: 12_000 })).toEqual([5_000, 5_000, 2_000]);
		const live = { phase: 'live', last: 12_000 } as const;
		expect(await sizesOf(settings, () => 'succeeded', live)).toEqual([1_000, 5_000, 5_000, 1_000]);
		let runs = 0;
		const sizes = await sizesOf(settings, () => (++runs === 2 ? 'failed' : 'succeeded'), live);
		expect(sizes.slice(0, 4)).toEqual([1_000, 5_000, 1_000, 1_000]);
	});

	it('is not asked for where it is fixed, so that a source keeps to what is set', async () => {
		const host = new Host();
		host.source.last = 4;
		host.settings = { batchSizes: { first: 2, most: 2 } };
		host.onRun = () => 'succeeded';
		await host.poll();
		expect(new Set(host.source.readings.map(({ size }) => size))).toEqual(new Set([undefined]));
	});

	it('is that of the source where none is set', async () => {
		const sizes = await sizesOf({}, () => 'succeeded');
		expect(Math.max(...sizes)).toBe(3);
	});
});
