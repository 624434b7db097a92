import { ImportPace } from '../../../../../clients/brevo/destination/imports/importPace';

/** Imports of one account, each of which is over after so many ms: how long each was waited for, and in how many looks. */
function waits(pace: ImportPace, took: readonly number[], contacts = 1_000): Array<{ waited: number; looks: number }> {
	return took.map((ms) => oneAfterTheOther(pace, [ms], contacts));
}

/** The imports of one run, which Brevo carries out one after the other, each in so many ms. */
function oneAfterTheOther(pace: ImportPace, took: readonly number[], contacts = 1_000) {
	const ends = took.map((_ms, index) => took.slice(0, index + 1).reduce((sum, ms) => sum + ms, 0));
	const overAt = (ms: number): number => ends.filter((end) => end <= ms).length;
	let [waited, earlyMs, looks] = [0, 0, 0];
	while (overAt(waited) < took.length) {
		const progress = { imports: took.length, over: overAt(waited), ms: waited };
		earlyMs = waited;
		waited += pace.waitMs(looks++, contacts, progress);
	}
	pace.learn({ ms: waited, earlyMs, contacts });
	return { waited, looks };
}

const steady = (ms: number, count = 30): number[] => Array<number>(count).fill(ms);

describe('when to look for what an import wrote', () => {
	it.each([1_000, 2_000, 8_000, 20_000])('learns how long the imports of an account take: %i ms', (ms) => {
		const settled = waits(new ImportPace(), steady(ms)).slice(10);
		const waited = settled.reduce((sum, one) => sum + one.waited, 0) / settled.length;
		const looks = settled.reduce((sum, one) => sum + one.looks, 0) / settled.length;
		expect(waited / ms).toBeLessThan(1.15);
		expect(looks).toBeLessThan(1.6);
	});

	it.each([5_000, 60_000, 300_000])(
		'waits at most half as long again for the first import, which takes %i ms',
		(ms) => {
			const [first] = waits(new ImportPace(), [ms]);
			expect(first?.waited).toBeLessThan(ms * 1.5);
			expect(first?.looks).toBeLessThan(20);
		},
	);

	it('imports of any length, in any order, are waited for at most half as long again on the whole', () => {
		const took = Array.from({ length: 60 }, (_, index) => 5_000 * 60 ** ((index * 0.618) % 1));
		const all = waits(new ImportPace(), took);
		const waited = all.reduce((sum, one) => sum + one.waited, 0);
		expect(waited / took.reduce((sum, ms) => sum + ms, 0)).toBeLessThan(1.5);
	});

	it.each([2_000, 5_000, 30_000])(
		'the first three, one after the other, of %i ms each, tell when the last one is over',
		(ms) => {
			const { waited, looks } = oneAfterTheOther(new ImportPace(), [ms, ms, ms]);
			expect(waited).toBeLessThan(3 * ms * 1.2);
			expect(looks).toBeLessThan(15);
		},
	);

	it('three of a run that take a different time each are waited for at most a quarter longer on the whole', () => {
		const pace = new ImportPace();
		const runs = Array.from({ length: 30 }, (_, run) =>
			[0, 1, 2].map((index) => 5_000 * 6 ** (((run * 3 + index) * 0.618) % 1)),
		);
		const waited = runs.reduce((sum, took) => sum + oneAfterTheOther(pace, took).waited, 0);
		expect(waited / runs.flat().reduce((sum, ms) => sum + ms, 0)).toBeLessThan(1.25);
	});

	it('a few contacts are not waited for as long as thousands were, nor more of them longer', () => {
		const pace = new ImportPace();
		pace.learn({ ms: 10_000, earlyMs: 0, contacts: 5_000 });
		expect(pace.waitMs(0, 30)).toBeLessThan(2_000);
		expect(pace.waitMs(0, 3_000)).toBe(9_500);
		pace.learn({ ms: 10_000, earlyMs: 0, contacts: 1_000 });
		expect(pace.waitMs(0, 5_000)).toBe(9_500);
	});

	it('one of a few contacts after those of thousands is looked at as often as the first one of an account', () => {
		const pace = new ImportPace();
		pace.learn({ ms: 15_000, earlyMs: 0, contacts: 5_000 });
		const { waited, looks } = oneAfterTheOther(pace, [5_000], 100);
		expect(waited).toBeLessThan(9_000);
		expect(looks).toBeLessThan(5);
	});
});
