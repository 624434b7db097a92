import { parseArgs } from 'node:util';
import { DemoError } from './demoError';
import type { SourceName } from './n8n/importTemplate';
import { isVersion } from './n8n/n8nInstall';

/**
 * A flow that is told as things that happen: HubSpot and Salesforce both ways with an inclusion segment; exports of Mailchimp and
 * Constant Contact into HubSpot; what happens in Brevo and comes back.
 */
export type ToldFlow = 'inclusion' | 'migration' | 'back';
const TOLD_FLOWS: readonly string[] = ['inclusion', 'migration', 'back'] satisfies ToldFlow[];
const isTold = (flow: string | undefined): flow is ToldFlow => flow !== undefined && TOLD_FLOWS.includes(flow);

export interface DemoOptions {
	/** What is synced into Brevo. */
	readonly source: SourceName;
	/** Absent: a sync into Brevo is run and compared. */
	readonly flow: ToldFlow | undefined;
	/** End after the first sync, with an exit code that tells whether both sides agree. */
	readonly once: boolean;
	/** After the first sync, let things happen on both sides and check what the sync makes of them. */
	readonly story: boolean;
	/** Members of the HubSpot list, or contacts or leads of Salesforce. */
	readonly members: number;
	/** The last line of stdout is one JSON object. */
	readonly json: boolean;
	/** Port of the n8n editor; absent: 5678, or any free one when that is taken. */
	readonly port: number | undefined;
	/** Leave the temporary folders behind. */
	readonly keep: boolean;
	/** Version of n8n; the pinned one, or that of CONTACT_SYNC_N8N_VERSION, when absent. */
	readonly n8n: string | undefined;
	readonly help: boolean;
}

export const DEFAULT_PORT = 5678;
const MAX_MEMBERS = 100_000;
/** Fewer hold too few people for all chapters. */
const MIN_STORY_MEMBERS = 100;

export const HELP = `Usage: npm run demo -- [options]

Installs n8n (once, into a cache), builds this package into it, starts stand-ins for HubSpot, Salesforce and
Brevo, syncs a HubSpot list (or Salesforce) into a Brevo list, shows with another list what happens at 80 % and
100 % of a quota (HubSpot; 30 seconds), and stays up for you to look around until Ctrl+C.

  --flow NAME     hubspot (default), salesforce, inclusion: HubSpot and Salesforce in both directions, with an
                  inclusion segment (a minute), migration: exports of Mailchimp and Constant Contact into HubSpot,
                  with preview, click and report (half a minute), or back: what happens in Brevo reaches HubSpot and
                  Salesforce, and the sync's health ends in a mail (a minute)
  --object NAME   with --flow salesforce: contacts (default) or leads
  --story         after the first sync, play what happens to contacts in real life and check each chapter:
                  changes, bulk changes of addresses, unsubscribes, leaving, deleting, merging, swapping
                  (2 minutes; HubSpot)
  --once          stop then; exit 0 only if Brevo holds what it should hold and all went as it should
  --members N     members of the HubSpot list, or records of Salesforce (default 500, with --story 200; at most ${MAX_MEMBERS})
  --json          print the numbers as one JSON object in the last line of stdout
  --port N        port of the n8n editor (default ${DEFAULT_PORT}, or any free one when that is taken)
  --n8n VERSION   run on this version of n8n instead of the pinned one (also: CONTACT_SYNC_N8N_VERSION)
  --keep          leave n8n's folder and log behind
  --help          this text

The first run with a version of n8n writes about 5 GB, of which 2.8 GB stay, and takes 4 to 7 minutes; later ones
take 1 to 2 minutes. CONTACT_SYNC_CACHE names the folder that n8n is installed into (default: the cache folder of
your user).`;

/** Throws a DemoError for an option that is not known or makes no sense. */
export function parseOptions(args: readonly string[]): DemoOptions {
	const { values } = parse(args);
	const story = values.story ?? false;
	const flow = isTold(values.flow) ? values.flow : undefined;
	const source = sourceOf(flow ? undefined : values.flow, values.object);
	if (flow && (values.story || values.members !== undefined))
		throw new DemoError(`--flow ${flow} goes with neither --story nor --members`);
	if (story && source !== 'hubspot') throw new DemoError('--story is told of HubSpot only');
	return {
		source,
		flow,
		story,
		once: values.once ?? false,
		members:
			wholeNumber('--members', values.members, story ? MIN_STORY_MEMBERS : 1, MAX_MEMBERS) ?? (story ? 200 : 500),
		json: values.json ?? false,
		port: wholeNumber('--port', values.port, 1, 65_535),
		n8n: values.n8n === undefined ? undefined : versionOf(values.n8n),
		keep: values.keep ?? false,
		help: values.help ?? false,
	};
}

function sourceOf(flow = 'hubspot', object?: string): SourceName {
	if (flow === 'hubspot' && object === undefined) return 'hubspot';
	if (flow === 'hubspot') throw new DemoError('--object goes with --flow salesforce');
	if (flow !== 'salesforce')
		throw new DemoError(`--flow takes hubspot, salesforce, inclusion, migration or back, not '${flow}'`);
	if (object === undefined || object === 'contacts') return 'Contact';
	if (object === 'leads') return 'Lead';
	throw new DemoError(`--object takes contacts or leads, not '${object}'`);
}

function parse(args: readonly string[]) {
	try {
		return parseArgs({
			args: [...args],
			options: {
				flow: { type: 'string' },
				object: { type: 'string' },
				once: { type: 'boolean' },
				story: { type: 'boolean' },
				members: { type: 'string' },
				json: { type: 'boolean' },
				port: { type: 'string' },
				n8n: { type: 'string' },
				keep: { type: 'boolean' },
				help: { type: 'boolean', short: 'h' },
			},
		});
	} catch (error) {
		throw new DemoError(`${(error as Error).message}\n\n${HELP}`);
	}
}

function versionOf(text: string): string {
	if (isVersion(text)) return text;
	throw new DemoError(`--n8n takes a version of n8n such as 2.41.3, not '${text}'`);
}

function wholeNumber(name: string, text: string | undefined, min: number, max: number): number | undefined {
	if (text === undefined) return undefined;
	const value = Number(text);
	if (!/^\d+$/.test(text) || value < min || value > max) {
		throw new DemoError(`${name} takes a whole number from ${min} to ${max}, not '${text}'`);
	}
	return value;
}
