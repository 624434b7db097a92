import fc from 'fast-check';
import { CallLimiter, sharedLimiter } from '../../../core/resilience/callLimiter';
import { ManualClock } from '../../support/manualClock';

describe('CallLimiter', () => {
	it('starts at most `limit` calls in any window, for every rule at once', async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.array(fc.record({ limit: fc.integer({ min: 1, max: 8 }), perMs: fc.integer({ min: 10, max: 5_000 }) }), { minLength: 1, maxLength: 3 }),
				fc.integer({ min: 1, max: 60 }),
				async (rules, calls) => {
					const clock = new ManualClock();
					const limiter = new CallLimiter(rules, clock);
					const starts: number[] = [];
					await Promise.all(Array.from({ length: calls }, async () => await limiter.run(async () => void starts.push(clock.now()))));
					expect(starts).toHaveLength(calls);
					for (const { limit, perMs } of rules) {
						for (const [index, start] of starts.entries()) {
							const earlier = starts[index - limit];
							if (earlier !== undefined) expect(start - earlier).toBeGreaterThanOrEqual(perMs);
						}
					}
				},
			),
		);
	});

	it('keeps the order of the callers', async () => {
		const limiter = new CallLimiter([{ limit: 2, perMs: 100 }], new ManualClock());
		const order: number[] = [];
		await Promise.all([0, 1, 2, 3, 4].map(async (caller) => await limiter.run(async () => void order.push(caller))));
		expect(order).toEqual([0, 1, 2, 3, 4]);
	});

	it('lets nobody start before a pause is over', async () => {
		const clock = new ManualClock();
		const limiter = new CallLimiter([{ limit: 100, perMs: 1_000 }], clock);
		const until = clock.now() + 7_000;
		limiter.pauseUntil(until);
		await limiter.run(async () => await Promise.resolve());
		expect(clock.now()).toBeGreaterThanOrEqual(until);
	});

	it('is one and the same for everybody who names the same account', () => {
		const make = () => new CallLimiter([{ limit: 1, perMs: 1 }], new ManualClock());
		expect(sharedLimiter('a', make)).toBe(sharedLimiter('a', make));
		expect(sharedLimiter('a', make)).not.toBe(sharedLimiter('b', make));
	});
});
