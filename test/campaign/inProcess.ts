import fc from 'fast-check';
import { histories, play, WIDE } from '../support/pipeline/history';
import type { PollStep, Step, Trouble } from '../support/pipeline/history';
import { Pair } from '../support/pipeline/pair/pair';
import { faultsOf, pairHistories, PairWorld } from '../support/pipeline/pair/pairHistory';
import { Pipeline } from '../support/pipeline/pipeline';
import { playSalesforce, salesforceHistories, WIDE as SALESFORCE_WIDE } from '../support/pipeline/salesforce/history';
import { SalesforcePipeline } from '../support/pipeline/salesforce/pipeline';
import type { Vendor } from './faults';
import { randomFault } from './faults';
import { Random } from './random';

/** A flow that can be played from a seed. `play` returns a line for each promise that was broken. */
export interface Flow {
	play(seed: number): Promise<readonly string[]>;
	close(): Promise<void>;
}

/** Real code over real HTTP on a clock that is moved, without n8n: a history takes a second. */
export const IN_PROCESS: Readonly<Record<string, () => Promise<Flow>>> = {
	'hubspot-brevo': async () => {
		const pipeline = await Pipeline.start();
		return {
			play: async (seed) => {
				const random = new Random(seed);
				const history = grownFrom(histories(WIDE), seed);
				const { wrong } = await play(pipeline, {
					...history,
					hubspot: { ...history.hubspot, ...lateFigures(random) },
					brevo: {
						...history.brevo,
						settings: { ...history.brevo.settings, ...lateBrevo(random) },
					},
					steps: inStorm(history.steps, 'hubspot', random),
				});
				return wrong;
			},
			close: async () => await pipeline.close(),
		};
	},
	'salesforce-brevo': async () => {
		const pipeline = await SalesforcePipeline.start();
		return {
			play: async (seed) => {
				const random = new Random(seed);
				const history = grownFrom(salesforceHistories(SALESFORCE_WIDE), seed);
				const settings = { ...history.brevo.settings, ...lateBrevo(random) };
				return await playSalesforce(pipeline, {
					...history,
					brevo: { ...history.brevo, settings },
					steps: inStorm(history.steps, 'salesforce', random),
				});
			},
			close: async () => await pipeline.close(),
		};
	},
	'hubspot-salesforce': async () => ({
		play: async (seed) => {
			const pair = await Pair.start({ newContacts: new Random(seed).pick(['emailOnly', 'hold'] as const) });
			try {
				const world = new PairWorld(pair);
				await world.play(grownFrom(pairHistories(false), seed));
				return faultsOf(world);
			} finally {
				await pair.close();
			}
		},
		close: async () => await Promise.resolve(),
	}),
};

function grownFrom<T>(arbitrary: fc.Arbitrary<T>, seed: number): T {
	const [history] = fc.sample(arbitrary, { seed, numRuns: 1 });
	if (history === undefined) throw new Error(`Nothing grows from seed ${seed}`);
	return history;
}

/** How late HubSpot's search and the figures of its lists are, within the lookback of two minutes. */
const lateFigures = (random: Random) => ({
	indexingDelayMs: random.pick([0, 0, 10_000, 50_000]),
	listStatsDelayMs: random.pick([0, 0, 30_000]),
	joinOrder: random.pick(['oldestFirst', 'newestFirst'] as const),
});

const lateBrevo = (random: Random) => ({ countLagMs: random.pick([0, 0, 5_000, 60_000]) });

/** The steps with other faults around their polls, and more of them. */
function inStorm<H>(steps: readonly Step<H>[], source: Vendor, random: Random): Step<H>[] {
	return steps.map((step) => {
		if (!isPoll(step) || !random.chance(0.7)) return step;
		const trouble = Array.from({ length: random.whole(1, 4) }, (): Trouble => {
			const { vendor, match, fault } = randomFault(random, [source, 'brevo']);
			return { at: vendor === 'brevo' ? 'brevo' : 'source', match, ...fault };
		});
		return { ...step, trouble };
	});
}

const isPoll = <H>(step: Step<H>): step is PollStep<H> => typeof step === 'object' && step !== null && 'poll' in step;
