import type { Parameters } from 'fast-check';

/** Seconds between two lines about how far a long property test is. */
const SECONDS_BETWEEN_LINES = 15;

/**
 * How often a property is tried: `few` times in `npm test`, PROPERTY_RUNS times in `npm run test:properties`, or the `share`
 * of it where one try takes long.
 */
export interface PropertyRuns {
	/** PROPERTY_SEED repeats the histories of a failed test. */
	readonly parameters: Parameters<unknown>;
	/** To be called after each try; tells how far it is, and in the end how long it took. */
	count(): void;
}

export function propertyRuns(name: string, few: number, share = 1): PropertyRuns {
	const wanted = process.env.PROPERTY_RUNS;
	const numRuns = wanted === undefined ? few : Math.ceil(Number(wanted) * share);
	const seed = process.env.PROPERTY_SEED;
	const startedAt = performance.now();
	let done = 0;
	let toldAt = 0;
	const tell = (): void => {
		const seconds = (performance.now() - startedAt) / 1_000;
		if (wanted === undefined || (done !== numRuns && seconds - toldAt < SECONDS_BETWEEN_LINES)) return;
		toldAt = seconds;
		process.stderr.write(
			`${name}: ${done} of ${numRuns} histories, ${Math.round(seconds)} s, ${(done / seconds).toFixed(1)} a second\n`,
		);
	};
	return {
		parameters: { numRuns, endOnFailure: false, ...(seed === undefined ? {} : { seed: Number(seed) }) },
		count: () => {
			done += 1;
			tell();
		},
	};
}
