import { ImportPace } from '../../../../../clients/brevo/destination/imports/importPace';

/** Imports of one account, each of which is over after so many ms: how long each was waited for, and in how many looks. */
function waits(pace: ImportPace, took: readonly number[], contacts = 1_000): Array<{ waited: number; looks: number }> {
	return took.map((ms) => {
		let waited = 0;
		let looks = 0;
		while (waited < ms) waited += pace.waitMs(looks++, contacts);
		pace.learn(waited, contacts);
		return { waited, looks };
	});
}

const steady = (ms: number, count = 30): number[] => Array<number>(count).fill(ms);

describe('when to look for what an import wrote', () => {
	it.each([1_000, 2_000, 8_000, 20_000])('learns how long the imports of an account take: %i ms', (ms) => {
		const settled = waits(new ImportPace(), steady(ms)).slice(10);
		const waited = settled.reduce((sum, one) => sum + one.waited, 0) / settled.length;
		const looks = settled.reduce((sum, one) => sum + one.looks, 0) / settled.length;
		expect(waited / ms).toBeLessThan(1.25);
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

	it('a few contacts are not waited for as long as thousands were, nor more of them longer', () => {
		const pace = new ImportPace();
		pace.learn(10_000, 5_000);
		expect(pace.waitMs(0, 30)).toBeLessThan(2_000);
		pace.learn(10_000, 1_000);
		expect(pace.waitMs(0, 5_000)).toBe(9_000);
	});
});
