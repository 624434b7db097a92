import { playCampaign } from './campaign';
import { CALLS, randomFault } from './faults';
import type { Flow } from './inProcess';
import { IN_PROCESS } from './inProcess';
import { parseOptions } from './options';
import { Random } from './random';

const MINUTE_MS = 60_000;
/** A round takes half a second; the same ones each time, so that no clone fails by luck. */
const ROUNDS = 90;

describe('npm run campaign', () => {
	it(
		'promises 1 to 3 hold through random faults, in every flow',
		async () => {
			const lines: string[] = [];
			const say = (line: string): void => void lines.push(line);
			const plan = { quick: IN_PROCESS, slow: {}, seed: 20_261_130, until: Infinity, rounds: ROUNDS, say };
			const { rounds, broken } = await playCampaign(plan);
			expect({ broken, lines }).toEqual({ broken: [], lines: [] });
			expect(Object.values(rounds)).toEqual(Object.keys(IN_PROCESS).map(() => ROUNDS / 3));
		},
		10 * MINUTE_MS,
	);

	it('says of a round that broke a promise how to play it again, and goes on', async () => {
		const lines: string[] = [];
		const played: number[] = [];
		const flow: Flow = {
			play: async (seed) => {
				played.push(seed);
				if (seed === 8) throw new Error('stuck');
				return await Promise.resolve(seed === 6 ? ['promise 1: lifted'] : []);
			},
			close: async () => await Promise.resolve(),
		};
		const { broken } = await playCampaign({
			quick: { some: async () => await Promise.resolve(flow) },
			slow: {},
			seed: 5,
			until: Infinity,
			rounds: 4,
			say: (line) => lines.push(line),
		});
		expect(played).toEqual([5, 6, 7, 8]);
		expect(broken.map(({ seed }) => seed)).toEqual([6, 8]);
		expect(lines.join('\n')).toContain('npm run campaign -- --flow some --seed 6 --rounds 1');
		expect(lines.join('\n')).toContain('stuck');
	});

	it('a seed gives the same faults each time, of all vendors and kinds', () => {
		const faultsOf = (seed: number) => {
			const random = new Random(seed);
			return Array.from({ length: 500 }, () => randomFault(random, ['hubspot', 'brevo']));
		};
		expect(faultsOf(7)).toEqual(faultsOf(7));
		expect(faultsOf(7)).not.toEqual(faultsOf(8));
		const matches = new Set(faultsOf(7).map(({ vendor, match }) => `${vendor} ${match}`));
		expect(matches.size).toBe(CALLS.hubspot.length + CALLS.brevo.length);
		expect(new Set(faultsOf(7).map(({ name }) => name)).size).toBe(17);
	});

	it.each([
		['--minutes 0', /--minutes/],
		['--seed 1.5', /--seed/],
		['--flow nowhere', /--flow takes here/],
	])('refuses %s', (args, message) => {
		expect(() => parseOptions(args.split(' '), ['here'])).toThrow(message);
	});
});
