import { parseArgs } from 'node:util';

const VENDORS = ['hubspot', 'brevo', 'salesforce', 'inbox'] as const;

export type Vendor = (typeof VENDORS)[number];

export interface SandboxCliOptions {
	readonly members: number;
	readonly contacts: number;
	readonly leads: number;
	readonly seed: number;
	readonly port: number | undefined;
	/** As slow as the vendors are. */
	readonly slow: boolean;
	readonly json: boolean;
	readonly only: Vendor | undefined;
	readonly help: boolean;
}

export const USAGE = `Usage: npm run sandbox -- [options]

Starts stand-ins for HubSpot, Salesforce, Brevo and a mail server on this computer, with made-up people, and a page that
shows them.

  --members N      members of the HubSpot list (default 200)
  --contacts N     contacts of Salesforce (default 60)
  --leads N        leads of Salesforce (default half the contacts)
  --seed N         other people (default 1)
  --port BASE      HubSpot at BASE, then Brevo, the page, Salesforce, its login host, the inbox and its control API
                   (default: free ports)
  --slow           as slow as the vendors: 80 ms a call, imports of 5 s to 5 minutes, one after the other
  --only VENDOR    hubspot, brevo, salesforce or inbox alone
  --json           print one line of JSON with addresses, keys and lists
  --help           this text`;

const MOST = 1_000_000;

/** Reads the command line. Throws an error with a message for people. */
export function parseOptions(args: readonly string[]): SandboxCliOptions {
	const { values } = parseArgs({
		args: [...args],
		options: {
			members: { type: 'string', default: '200' },
			contacts: { type: 'string', default: '60' },
			leads: { type: 'string' },
			seed: { type: 'string', default: '1' },
			port: { type: 'string' },
			only: { type: 'string' },
			slow: { type: 'boolean', default: false },
			json: { type: 'boolean', default: false },
			help: { type: 'boolean', default: false },
		},
	});
	const only = VENDORS.find((vendor) => vendor === values.only);
	if (values.only !== undefined && only === undefined) throw new Error(`--only takes ${VENDORS.join(', ')}`);
	const contacts = wholeNumber('--contacts', values.contacts, 0, MOST);
	return {
		members: wholeNumber('--members', values.members, 0, MOST),
		contacts,
		leads: values.leads === undefined ? Math.round(contacts / 2) : wholeNumber('--leads', values.leads, 0, MOST),
		seed: wholeNumber('--seed', values.seed, 0, 2 ** 31),
		port: values.port === undefined ? undefined : wholeNumber('--port', values.port, 1, 65_529),
		slow: values.slow,
		json: values.json,
		only,
		help: values.help,
	};
}

function wholeNumber(name: string, text: string, min: number, max: number): number {
	const value = /^\d+$/.test(text) ? Number(text) : NaN;
	if (!(value >= min && value <= max)) throw new Error(`${name} must be a whole number from ${min} to ${max}`);
	return value;
}
