import type { Parameters } from 'fast-check';

/** Seconds between two lines about how far a long property test is. */
const SECONDS_BETWEEN_LINES = 15;

/** `npm run test:all` plays three times as many as `npm test`, which has twenty minutes for everything. */
const usualShare = process.env.CONTACT_SYNC_TESTS === 'all' ? 1 : 1 / 3;
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

/** PROPERTY_PATH: which history of PROPERTY_SEED failed, as fast-check names it; without the ones before it. */
const wantedPath = process.env.PROPERTY_PATH;

/** Where the histories of a property begin: at the first one of a seed, or with `path` at a later one. */
export type Beginning = Pick<Parameters<unknown>, 'seed' | 'path'>;

/** Where a property begins in `npm test` that is tried from several places, such as where it once failed. */
export const beginnings = (...fixed: readonly Beginning[]): readonly Beginning[] =>
	wantedRuns === undefined && process.env.PROPERTY_SEED === undefined ? fixed : [{ seed: PROPERTY_SEED }];

/**
 * How often a property is tried: `few` times in `npm run test:all` and a third as often in `npm test`, PROPERTY_RUNS times in `npm run test:properties`, or the `share`
 * of it where one try takes long.
 */
export interface PropertyRuns {
	readonly parameters: Parameters<unknown> & { readonly numRuns: number };
	/** To be called after each try; tells how far it is, and in the end how long it took. */
	count(): void;
}

export function propertyRuns(name: string, few: number, share = 1): PropertyRuns {
	const numRuns = Math.ceil(wantedRuns === undefined ? few * usualShare : Number(wantedRuns) * share);
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
		parameters: { numRuns, endOnFailure: false, ...(wantedPath !== undefined && { path: wantedPath }) },
		count: () => {
			done += 1;
			tell();
		},
	};
}
