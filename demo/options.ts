import { parseArgs } from 'node:util';
import { DemoError } from './demoError';

export interface DemoOptions {
	/** End after the first sync, with an exit code that tells whether both sides agree. */
	readonly once: boolean;
	/** After the first sync, let things happen on both sides and check what the sync makes of them. */
	readonly story: boolean;
	/** Members of the HubSpot list. */
	readonly members: number;
	/** The last line of stdout is one JSON object. */
	readonly json: boolean;
	/** Port of the n8n editor; absent: 5678, or any free one when that is taken. */
	readonly port: number | undefined;
	/** Leave the temporary folders behind. */
	readonly keep: boolean;
	readonly help: boolean;
}

export const DEFAULT_PORT = 5678;
const MAX_MEMBERS = 100_000;
/** Fewer hold too few people for all chapters. */
const MIN_STORY_MEMBERS = 100;

export const HELP = `Usage: npm run demo -- [options]

Installs n8n (once, into a cache), builds this package into it, starts stand-ins for HubSpot and Brevo,
syncs a HubSpot list into a Brevo list and stays up for you to look around until Ctrl+C.

  --story         after the first sync, play what happens to contacts in real life and check each chapter:
                  changes, bulk changes of addresses, unsubscribes, leaving, deleting, merging, swapping (2 minutes)
  --once          stop after the first sync, or after the story; exit 0 only if Brevo holds what it should hold
  --members N     members of the HubSpot list (default 500, with --story 200; at most ${MAX_MEMBERS})
  --json          print the numbers as one JSON object in the last line of stdout
  --port N        port of the n8n editor (default ${DEFAULT_PORT}, or any free one when that is taken)
  --keep          leave n8n's folder and log behind
  --help          this text

CONTACT_SYNC_CACHE names the folder that n8n is installed into (2.8 GB; default: the cache folder of your user).`;

/** Throws a DemoError for an option that is not known or makes no sense. */
export function parseOptions(args: readonly string[]): DemoOptions {
	const { values } = parse(args);
	const story = values.story ?? false;
	return {
		story,
		once: values.once ?? false,
		members:
			wholeNumber('--members', values.members, story ? MIN_STORY_MEMBERS : 1, MAX_MEMBERS) ?? (story ? 200 : 500),
		json: values.json ?? false,
		port: wholeNumber('--port', values.port, 1, 65_535),
		keep: values.keep ?? false,
		help: values.help ?? false,
	};
}

function parse(args: readonly string[]) {
	try {
		return parseArgs({
			args: [...args],
			options: {
				once: { type: 'boolean' },
				story: { type: 'boolean' },
				members: { type: 'string' },
				json: { type: 'boolean' },
				port: { type: 'string' },
				keep: { type: 'boolean' },
				help: { type: 'boolean', short: 'h' },
			},
		});
	} catch (error) {
		throw new DemoError(`${(error as Error).message}\n\n${HELP}`);
	}
}

function wholeNumber(name: string, text: string | undefined, min: number, max: number): number | undefined {
	if (text === undefined) return undefined;
	const value = Number(text);
	if (!/^\d+$/.test(text) || value < min || value > max) {
		throw new DemoError(`${name} takes a whole number from ${min} to ${max}, not '${text}'`);
	}
	return value;
}
