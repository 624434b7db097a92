import { parseArgs } from 'node:util';

export interface BenchmarkOptions {
	/** Members of the HubSpot list. */
	readonly members: number;
	/** Members that the usual ways work on; their numbers are scaled up to `members`. */
	readonly sample: number;
	/** Also our first sync of `largeMembers`, for its memory. */
	readonly large: boolean;
	readonly largeMembers: number;
	readonly json: boolean;
	readonly help: boolean;
}

const MAX_MEMBERS = 200_000;

export const USAGE = `Usage: npm run benchmark -- [options]

Syncs a HubSpot list into a Brevo list three ways, one after the other, against the sandbox on this computer, and prints
calls, writes, seconds and memory side by side. Takes about two minutes, because the usual ways write one contact a call
and Brevo takes ten calls a second.

  --members N         members of the list (default 2000)
  --sample N          members the usual ways work on, scaled up to all (default 200; as many as members: nothing is scaled)
  --large             also our first sync of 100,000 members, for its memory (about six minutes more)
  --large-members N   another number of members for --large
  --json              the last line of stdout is one JSON object
  --help              this text`;

/** Reads the command line. Throws an error with a message for people. */
export function parseOptions(args: readonly string[]): BenchmarkOptions {
	const { values } = parseArgs({
		args: [...args],
		options: {
			members: { type: 'string', default: '2000' },
			sample: { type: 'string', default: '200' },
			large: { type: 'boolean', default: false },
			'large-members': { type: 'string' },
			json: { type: 'boolean', default: false },
			help: { type: 'boolean', short: 'h', default: false },
		},
	});
	const members = wholeNumber('--members', values.members);
	return {
		members,
		sample: Math.min(members, wholeNumber('--sample', values.sample)),
		large: values.large || values['large-members'] !== undefined,
		largeMembers: wholeNumber('--large-members', values['large-members'] ?? '100000'),
		json: values.json,
		help: values.help,
	};
}

function wholeNumber(name: string, text: string): number {
	const value = /^\d+$/.test(text) ? Number(text) : NaN;
	if (!(value >= 1 && value <= MAX_MEMBERS)) throw new Error(`${name} must be a whole number from 1 to ${MAX_MEMBERS}`);
	return value;
}
