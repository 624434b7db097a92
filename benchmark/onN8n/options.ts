import { parseArgs } from 'node:util';

export interface BenchOptions {
	/** Members of the list: of the first sync, and of the list that is polled. */
	readonly members: number;
	/** Members of a further, smaller first sync; none where it is not smaller. */
	readonly fewer: number;
	/** Contacts that n8n's own nodes work on, one call each; their numbers are scaled up. */
	readonly sample: number;
	/** Contacts that are edited before a poll. */
	readonly changes: number;
	readonly rounds: number;
	/** Whether `poll` with all contacts changed and the runs without latency and limits are left out. */
	readonly quick: boolean;
	readonly importSeconds: number;
	/** A first sync of so many besides; n8n's own nodes are scaled. */
	readonly large?: number;
	/** Puts tables and chart into the docs. */
	readonly write: boolean;
	readonly json: boolean;
	readonly help: boolean;
}

const MAX_MEMBERS = 200_000;
const LARGE = 100_000;

export const USAGE = `Usage: npm run bench -- [options]

Does one job, a HubSpot list into a Brevo list, on one real n8n and one sandbox: with the nodes of this package, with the best
workflows that n8n's own nodes allow, and with a script on the vendors' SDKs. Prints calls, seconds, memory and processor time
side by side. The first time it installs n8n (4 to 7 minutes, about 5 GB; CONTACT_SYNC_CACHE sets where). Takes about an
hour, because one call a contact at Brevo's ten a second does.

  --quick             two minutes: 1,000 members, one round, n8n's own nodes with 50 of them, imports of 2 s,
                      not without limits
  --members N         members of the list (default 10000); a first sync of 1,000 is measured too
  --sample N          contacts that n8n's own nodes write one by one (default 1000), scaled up to all and marked ~
  --full              nothing is scaled: --sample as large as --members
  --changes N         contacts edited before a poll (default 100); all of them before another
  --large             a first sync of 100,000 as well
  --rounds N          how often, for the spread of the ratios (default 3)
  --import-seconds N  how long each of Brevo's imports takes; Brevo names no time (default 5)
  --write             puts the tables and the chart into docs/benchmark.md
  --json              the last line of stdout is one JSON object
  --help              this text`;

/** Reads the command line. Throws an error with a message for people. */
export function parseBenchOptions(args: readonly string[]): BenchOptions {
	const { values } = parseArgs({
		args: [...args],
		options: {
			quick: { type: 'boolean', default: false },
			members: { type: 'string' },
			sample: { type: 'string' },
			full: { type: 'boolean', default: false },
			changes: { type: 'string' },
			large: { type: 'boolean', default: false },
			rounds: { type: 'string' },
			'import-seconds': { type: 'string' },
			write: { type: 'boolean', default: false },
			json: { type: 'boolean', default: false },
			help: { type: 'boolean', short: 'h', default: false },
		},
	});
	const { quick, full, large, write, json, help } = values;
	const members = wholeNumber('--members', values.members ?? (quick ? '1000' : '10000'));
	const sample = full ? members : wholeNumber('--sample', values.sample ?? (quick ? '50' : '1000'));
	return {
		members,
		fewer: Math.min(1_000, members),
		sample: Math.min(members, sample),
		changes: Math.min(members, wholeNumber('--changes', values.changes ?? '100')),
		rounds: wholeNumber('--rounds', values.rounds ?? (quick ? '1' : '3')),
		importSeconds: wholeNumber('--import-seconds', values['import-seconds'] ?? (quick ? '2' : '5'), 0),
		...(large && { large: LARGE }),
		...{ quick, write, json, help },
	};
}

function wholeNumber(name: string, text: string, least = 1): number {
	const value = /^\d+$/.test(text) ? Number(text) : NaN;
	if (!(value >= least && value <= MAX_MEMBERS))
		throw new Error(`${name} must be a whole number from ${least} to ${MAX_MEMBERS}`);
	return value;
}
