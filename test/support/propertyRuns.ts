import type { Parameters } from 'fast-check';

/** Seconds between two lines about how far a long property test is. */
const SECONDS_BETWEEN_LINES = 15;

/** PROPERTY_RUNS: how many random histories are to be played. Absent in `npm test`. */
const wantedRuns = process.env.PROPERTY_RUNS;
const FIXED_SEED = 20_261_122;
const LARGEST_SEED = 2 ** 31;

/**
 * What the histories of a property grow from: the same ones each time in `npm test`, so that no clone fails by luck, others each
 * time in `npm run test:properties`. PROPERTY_SEED plays those of a failed test again.
 */
export const PROPERTY_SEED: number =
	process.env.PROPERTY_SEED !== undefined
		? Number(process.env.PROPERTY_SEED)
		: wantedRuns === undefined
			? FIXED_SEED
			: Math.floor(Math.random() * LARGEST_SEED);

/** The seeds of a property that is tried with several of them in `npm test`, such as ones that once failed. */
export const seedsToPlay = (...seeds: readonly number[]): readonly number[] =>
	wantedRuns === undefined && process.env.PROPERTY_SEED === undefined ? seeds : [PROPERTY_SEED];

/**
 * How often a property is tried: `few` times in `npm test`, PROPERTY_RUNS times in `npm run test:properties`, or the `share`
 * of it where one try takes long.
 */
export interface PropertyRuns {
	readonly parameters: Parameters<unknown>;
	/** To be called after each try; tells how far it is, and in the end how long it took. */
	count(): void;
}

export function propertyRuns(name: string, few: number, share = 1): PropertyRuns {
	const numRuns = wantedRuns === undefined ? few : Math.ceil(Number(wantedRuns) * share);
	const startedAt = performance.now();
	let done = 0;
	let toldAt = 0;
	const tell = (): void => {
		const seconds = (performance.now() - startedAt) / 1_000;
		if (wantedRuns === undefined || (done !== numRuns && seconds - toldAt < SECONDS_BETWEEN_LINES)) return;
		toldAt = seconds;
		process.stderr.write(
			`${name}: ${done} of ${numRuns} histories, ${Math.round(seconds)} s, ${(done / seconds).toFixed(1)} a second\n`,
		);
	};
	return {
		parameters: { numRuns, endOnFailure: false },
		count: () => {
			done += 1;
			tell();
		},
	};
}
