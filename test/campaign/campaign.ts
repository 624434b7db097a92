import type { Flow } from './inProcess';

/** Rounds of the flows without n8n between two rounds on a real one. */
const QUICK_ROUNDS = 500;

export interface CampaignPlan {
	/** By name: flows that take seconds, and flows that take minutes. */
	readonly quick: Readonly<Record<string, () => Promise<Flow>>>;
	readonly slow: Readonly<Record<string, () => Promise<Flow>>>;
	readonly seed: number;
	/** No round begins later, in ms since 1970. */
	readonly until: number;
	readonly rounds?: number;
	readonly say: (line: string) => void;
}

export interface BrokenRound {
	readonly flow: string;
	readonly seed: number;
	readonly wrong: readonly string[];
}

export interface CampaignReport {
	/** Rounds by flow. */
	readonly rounds: Readonly<Record<string, number>>;
	readonly broken: readonly BrokenRound[];
}

/** Plays round after round, each flow in its turn, each round from a seed of its own, until the time is over. */
export async function playCampaign(plan: CampaignPlan): Promise<CampaignReport> {
	const { say, until } = plan;
	const order = orderOf(plan);
	const open = new Map<string, Flow>();
	const rounds: Record<string, number> = {};
	const broken: BrokenRound[] = [];
	try {
		for (let round = 0; order.length > 0 && Date.now() < until && round < (plan.rounds ?? Infinity); round++) {
			const name = order[round % order.length] ?? '';
			const seed = (plan.seed + round) % 2 ** 31;
			const flow = open.get(name) ?? (await (plan.quick[name] ?? plan.slow[name])?.());
			if (!flow) continue;
			open.set(name, flow);
			const wrong = await flow.play(seed).catch((error: unknown) => [`the round ended with ${textOf(error)}`]);
			rounds[name] = (rounds[name] ?? 0) + 1;
			if (wrong.length === 0) continue;
			broken.push({ flow: name, seed, wrong });
			say(`${name}, seed ${seed}:\n${wrong.map((line) => `  ${line}`).join('\n')}`);
			say(`  again: npm run campaign -- --flow ${name} --seed ${seed} --rounds 1`);
			// After a round that ended in the middle nothing can be said of its accounts.
			open.delete(name);
			await flow.close();
		}
	} finally {
		for (const flow of open.values()) await flow.close();
	}
	return { rounds, broken };
}

/** The flows in the order of their rounds: of the slow ones one after many quick ones. */
function orderOf({ quick, slow }: CampaignPlan): readonly string[] {
	const names = Object.keys(quick);
	if (names.length === 0) return Object.keys(slow);
	const some = Array.from({ length: QUICK_ROUNDS }, (_, index) => names[index % names.length] ?? '');
	return Object.keys(slow).length === 0 ? names : Object.keys(slow).flatMap((name) => [name, ...some]);
}

const textOf = (error: unknown): string => (error instanceof Error ? (error.stack ?? error.message) : String(error));
