import { parseArgs } from 'node:util';

export interface SandboxCliOptions {
	readonly members: number;
	readonly seed: number;
	readonly port: number | undefined;
	readonly json: boolean;
	readonly only: 'hubspot' | 'brevo' | undefined;
	readonly help: boolean;
}

export const USAGE = `Usage: npm run sandbox -- [options]

Starts stand-ins for HubSpot and Brevo on this computer, with made-up people, and a page that shows both.

  --members N      members of the HubSpot list (default 200)
  --seed N         other people (default 1)
  --port BASE      HubSpot at BASE, Brevo at BASE+1, the page at BASE+2 (default: free ports)
  --hubspot-only   HubSpot alone
  --brevo-only     Brevo alone
  --json           print one line of JSON with addresses, keys and lists
  --help           this text`;

/** Reads the command line. Throws an error with a message for people. */
export function parseOptions(args: readonly string[]): SandboxCliOptions {
	const { values } = parseArgs({
		args: [...args],
		options: {
			members: { type: 'string', default: '200' },
			seed: { type: 'string', default: '1' },
			port: { type: 'string' },
			json: { type: 'boolean', default: false },
			'hubspot-only': { type: 'boolean', default: false },
			'brevo-only': { type: 'boolean', default: false },
			help: { type: 'boolean', default: false },
		},
	});
	if (values['hubspot-only'] && values['brevo-only'])
		throw new Error('--hubspot-only and --brevo-only exclude each other');
	return {
		members: wholeNumber('--members', values.members, 0, 1_000_000),
		seed: wholeNumber('--seed', values.seed, 0, 2 ** 31),
		port: values.port === undefined ? undefined : wholeNumber('--port', values.port, 1, 65_533),
		json: values.json,
		only: values['hubspot-only'] ? 'hubspot' : values['brevo-only'] ? 'brevo' : undefined,
		help: values.help,
	};
}

function wholeNumber(name: string, text: string, min: number, max: number): number {
	const value = /^\d+$/.test(text) ? Number(text) : NaN;
	if (!(value >= min && value <= max)) throw new Error(`${name} must be a whole number from ${min} to ${max}`);
	return value;
}
