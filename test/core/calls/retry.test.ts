import { withRetry } from '../../../core/calls/retry';
import type { Result } from '../../../core/result';
import { ok } from '../../../core/result';
import { ManualClock } from '../../support/manualClock';

const POLICY = { attempts: 4, firstDelayMs: 1_000, maxDelayMs: 10_000 };
const again = (afterMs?: number): Result<string> => ({ kind: 'retry', code: 'UNAVAILABLE', reason: 'down', afterMs });

function answers(...list: Result<string>[]): { call: () => Promise<Result<string>>; asked: () => number } {
	let asked = 0;
	return {
		call: async () => {
			const answer = list[Math.min(asked++, list.length - 1)];
			return await Promise.resolve(answer ?? again());
		},
		asked: () => asked,
	};
}

describe('withRetry', () => {
	it('repeats a passing fault with growing waits until it works', async () => {
		const clock = new ManualClock();
		const { call, asked } = answers(again(), again(), ok('done'));
		expect(await withRetry(call, POLICY, clock, () => 1)).toEqual(ok('done'));
		expect(asked()).toBe(3);
		expect(clock.sleeps).toEqual([1_000, 2_000]);
	});

	it('waits as long as the vendor says', async () => {
		const clock = new ManualClock();
		await withRetry(answers(again(7_000), ok('done')).call, POLICY, clock);
		expect(clock.sleeps).toEqual([7_000]);
	});

	it('does not sit out a wait longer than the policy allows', async () => {
		const clock = new ManualClock();
		const { call, asked } = answers(again(3_600_000));
		expect(await withRetry(call, POLICY, clock)).toMatchObject({ kind: 'retry', afterMs: 3_600_000 });
		expect(asked()).toBe(1);
		expect(clock.sleeps).toEqual([]);
	});

	it('ends after the given number of tries and answers the last failure', async () => {
		const { call, asked } = answers(again());
		expect((await withRetry(call, POLICY, new ManualClock())).kind).toBe('retry');
		expect(asked()).toBe(4);
	});

	it.each(['refused', 'stop'] as const)('never repeats what was answered with %s', async (kind) => {
		const { call, asked } = answers({ kind, code: 'DESTINATION_REFUSED', reason: 'no' });
		expect((await withRetry(call, POLICY, new ManualClock())).kind).toBe(kind);
		expect(asked()).toBe(1);
	});
});
