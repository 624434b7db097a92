import fc from 'fast-check';
import { CallLimiter, sharedLimiter } from '../../../core/calls/rateLimiter';
import { ManualClock, TimelineClock } from '../../support/manualClock';

describe('CallLimiter', () => {
	it('lets at most `limit` calls arrive in any window, for every rule at once and however late they arrive', async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.array(fc.record({ limit: fc.integer({ min: 1, max: 8 }), perMs: fc.integer({ min: 10, max: 5_000 }) }), {
					minLength: 1,
					maxLength: 3,
				}),
				fc.array(fc.record({ travel: fc.nat(3_000), answer: fc.nat(500), fails: fc.boolean() }), {
					minLength: 1,
					maxLength: 60,
				}),
				async (rules, calls) => {
					const clock = new TimelineClock();
					const limiter = new CallLimiter(rules, clock);
					const arrivals: number[] = [];
					const running = calls.map(
						async ({ travel, answer, fails }) =>
							await limiter.run(async () => {
								await clock.sleep(travel);
								arrivals.push(clock.now());
								await clock.sleep(answer);
								if (fails) throw new Error('refused');
							}),
					);
					const done = Promise.allSettled(running);
					await clock.play(done);
					arrivals.sort((a, b) => a - b);
					expect(arrivals).toHaveLength(calls.length);
					for (const { limit, perMs } of rules) {
						for (const [index, arrival] of arrivals.entries()) {
							const earlier = arrivals[index - limit];
							if (earlier !== undefined) expect(arrival - earlier).toBeGreaterThanOrEqual(perMs);
						}
					}
				},
			),
		);
	});

	it('goes as fast as the rule allows when calls are answered at once', async () => {
		const clock = new TimelineClock();
		const begun = clock.now();
		const limiter = new CallLimiter([{ limit: 10, perMs: 1_000 }], clock);
		const done = Promise.all(
			Array.from({ length: 41 }, async () => await limiter.run(async () => await Promise.resolve())),
		);
		await clock.play(done);
		expect(clock.now() - begun).toBe(4_000);
	});

	it('keeps the order of the callers', async () => {
		const limiter = new CallLimiter([{ limit: 2, perMs: 100 }], new ManualClock());
		const order: number[] = [];
		await Promise.all([0, 1, 2, 3, 4].map(async (caller) => await limiter.run(async () => void order.push(caller))));
		expect(order).toEqual([0, 1, 2, 3, 4]);
	});

	it('lets no call start before a pause is over', async () => {
		const clock = new ManualClock();
		const limiter = new CallLimiter([{ limit: 100, perMs: 1_000 }], clock);
		const until = clock.now() + 7_000;
		limiter.pauseUntil(until);
		await limiter.run(async () => await Promise.resolve());
		expect(clock.now()).toBeGreaterThanOrEqual(until);
	});

	it('takes new rules for an account that is allowed more', async () => {
		const clock = new ManualClock();
		const limiter = new CallLimiter([{ limit: 1, perMs: 1_000 }], clock);
		await limiter.run(async () => await Promise.resolve());
		expect(limiter.waitMs()).toBe(1_000);
		limiter.changeRules([{ limit: 2, perMs: 1_000 }]);
		expect(limiter.waitMs()).toBe(0);
	});

	it('is one and the same for all callers that name the same account', () => {
		const make = () => new CallLimiter([{ limit: 1, perMs: 1 }], new ManualClock());
		expect(sharedLimiter('a', make)).toBe(sharedLimiter('a', make));
		expect(sharedLimiter('a', make)).not.toBe(sharedLimiter('b', make));
	});
});

describe('CallLimiter on a machine whose clock is put back', () => {
	const HOURS = 6 * 3_600_000;

	it('number 5: waits for the window once more, not until the clock has come that far again', async () => {
		const clock = new ManualClock();
		const limiter = new CallLimiter([{ limit: 2, perMs: 1_000 }], clock);
		for (let call = 0; call < 2; call++) await limiter.run(async () => await Promise.resolve());
		clock.advance(-HOURS);
		expect(limiter.waitMs()).toBe(1_000);
		clock.advance(1_000);
		expect(limiter.waitMs()).toBe(0);
	});

	it('number 5: a call that ends after the clock was put back keeps the window', async () => {
		const clock = new ManualClock();
		const limiter = new CallLimiter([{ limit: 2, perMs: 1_000 }], clock);
		await limiter.run(async () => await Promise.resolve());
		await limiter.run(async () => {
			clock.advance(-HOURS);
			await Promise.resolve();
		});
		expect(limiter.waitMs()).toBe(1_000);
	});

	it('number 5: a pause after a 429 lasts as long as was asked for', () => {
		const clock = new ManualClock();
		const limiter = new CallLimiter([{ limit: 2, perMs: 1_000 }], clock);
		limiter.pauseUntil(clock.now() + 7_000);
		clock.advance(-HOURS);
		expect(limiter.waitMs()).toBe(7_000);
		clock.advance(7_000);
		expect(limiter.waitMs()).toBe(0);
		// A shorter pause asked for later does not hang on the one of before.
		limiter.pauseUntil(clock.now() + 500);
		expect(limiter.waitMs()).toBe(500);
	});

	it('number 5: a clock that is put forward frees the places, and pauses none', async () => {
		const clock = new ManualClock();
		const limiter = new CallLimiter([{ limit: 1, perMs: 1_000 }], clock);
		await limiter.run(async () => await Promise.resolve());
		clock.advance(HOURS);
		expect(limiter.waitMs()).toBe(0);
	});
});
