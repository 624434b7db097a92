import { parseArgs } from 'node:util';

export interface CampaignOptions {
	readonly minutes: number;
	/** Of the first round; the others count on from it. */
	readonly seed: number | undefined;
	/** Undefined: all. */
	readonly flow: string | undefined;
	/** Without a real n8n. */
	readonly quick: boolean;
	/** Undefined: as many as there is time for. */
	readonly rounds: number | undefined;
	readonly help: boolean;
}

export const USAGE = `Usage: npm run campaign -- [options]

Plays full syncs through random faults and checks after each that no opt-out was lifted, nothing was lost or doubled, and
every contact has one outcome. Begins with a round on a real n8n (minutes), then come 500 of the same code without n8n, on a clock
that is moved (a second for three), then the next one on n8n.

  --minutes N   how long (default 10)
  --seed S      of the first round (default: another one each time); replays what a failed round printed
  --flow NAME   one flow only: hubspot-brevo, salesforce-brevo, hubspot-salesforce, n8n-hubspot-brevo, n8n-salesforce-brevo
  --quick       without a real n8n
  --rounds N    at most so many rounds
  --help        this text`;

const LARGEST_SEED = 2 ** 31 - 1;

/** Reads the command line. Throws an error with a message for people. */
export function parseOptions(args: readonly string[], flows: readonly string[]): CampaignOptions {
	const { values } = parseArgs({
		args: [...args],
		options: {
			minutes: { type: 'string', default: '10' },
			seed: { type: 'string' },
			flow: { type: 'string' },
			rounds: { type: 'string' },
			quick: { type: 'boolean', default: false },
			help: { type: 'boolean', short: 'h', default: false },
		},
	});
	const { flow } = values;
	if (flow !== undefined && !flows.includes(flow)) throw new Error(`--flow takes ${flows.join(', ')}`);
	return {
		minutes: numberOf('--minutes', values.minutes, 0.01, 10_000),
		seed: values.seed === undefined ? undefined : whole('--seed', values.seed, 0, LARGEST_SEED),
		flow,
		rounds: values.rounds === undefined ? undefined : whole('--rounds', values.rounds, 1, 1_000_000),
		quick: values.quick,
		help: values.help,
	};
}

function numberOf(name: string, text: string, least: number, most: number): number {
	const value = text.trim() === '' ? NaN : Number(text);
	if (!(value >= least && value <= most)) throw new Error(`${name} must be a number from ${least} to ${most}`);
	return value;
}

function whole(name: string, text: string, least: number, most: number): number {
	const value = numberOf(name, text, least, most);
	if (!Number.isInteger(value)) throw new Error(`${name} must be a whole number`);
	return value;
}
