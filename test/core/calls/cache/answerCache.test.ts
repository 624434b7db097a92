import { RecentAnswers } from '../../../../core/calls/cache/answerCache';
import type { Result } from '../../../../core/result';
import { ok } from '../../../../core/result';
import { ManualClock } from '../../../support/manualClock';

describe('RecentAnswers', () => {
	it('asks once for callers at the same moment and within the time it keeps', async () => {
		const clock = new ManualClock();
		const recent = new RecentAnswers<number>(60_000);
		let asked = 0;
		const ask = async (): Promise<Result<number>> => await Promise.resolve(ok(++asked));
		expect(await Promise.all([recent.get('a', clock, ask), recent.get('a', clock, ask)])).toEqual([ok(1), ok(1)]);
		clock.advance(59_999);
		expect(await recent.get('a', clock, ask)).toEqual(ok(1));
		clock.advance(1);
		expect(await recent.get('a', clock, ask)).toEqual(ok(2));
	});

	it('number 5: asks anew after the clock was put back, instead of keeping the answer for all that time', async () => {
		const clock = new ManualClock();
		const recent = new RecentAnswers<number>(60_000);
		let asked = 0;
		const ask = async (): Promise<Result<number>> => await Promise.resolve(ok(++asked));
		await recent.get('a', clock, ask);
		clock.advance(-6 * 3_600_000);
		expect(await recent.get('a', clock, ask)).toEqual(ok(2));
		expect(await recent.get('a', clock, ask)).toEqual(ok(2));
	});

	it('never keeps a failure', async () => {
		const clock = new ManualClock();
		const recent = new RecentAnswers<number>(60_000);
		const down: Result<number> = { kind: 'retry', code: 'UNAVAILABLE', reason: 'down' };
		expect(await recent.get('a', clock, async () => await Promise.resolve(down))).toEqual(down);
		expect(await recent.get('a', clock, async () => await Promise.resolve(ok(5)))).toEqual(ok(5));
	});

	it('forgets the oldest when it is full, and what `forget` names', async () => {
		const clock = new ManualClock();
		const recent = new RecentAnswers<string>(60_000, 2);
		for (const key of ['a', 'b', 'c'])
			await recent.get(key, clock, async () => await Promise.resolve(ok(`old ${key}`)));
		const anew = async (): Promise<Result<string>> => await Promise.resolve(ok('new'));
		expect(await recent.get('a', clock, anew)).toEqual(ok('new'));
		expect(await recent.get('c', clock, anew)).toEqual(ok('old c'));
		recent.forget('c');
		expect(await recent.get('c', clock, anew)).toEqual(ok('new'));
	});
});
