import { BrevoClient } from '../../clients/brevo/api/brevoClient';
import { brevoLimiters } from '../../clients/brevo/api/limits';
import type { ListChoice } from '../../clients/brevo/destination/openDestination';
import { openBrevoDestination } from '../../clients/brevo/destination/openDestination';
import type { Clock } from '../../core/ports';
import type { MappedContact } from '../../core/contact/contact';
import type { UpsertReport, UpsertSettings } from '../../core/upsert/upsertContacts';
import { upsertContacts } from '../../core/upsert/upsertContacts';
import type { RunningBrevo } from '../../sandbox/brevo';
import { plainHttp } from './http/plainHttp';
import { sandboxClock } from './triggerFollower';

let accounts = 0;

/** An account name that no other test shares what was read with, as if the process had just started. */
export const newAccount = (): string => `test-account-${++accounts}`;

/**
 * All clients of one sandbox share its call limits, as one account does. Waiting for a turn moves the sandbox's clock and costs no
 * time, unless `clock` is another one.
 */
export function brevoClient(
	brevo: RunningBrevo,
	headers: Record<string, string> = { 'api-key': brevo.apiKey },
	clock: Clock = sandboxClock(brevo),
): BrevoClient {
	return new BrevoClient(plainHttp(brevo.url, headers), clock, brevoLimiters(brevo.url, clock));
}

export const DEFAULT_UPSERT: UpsertSettings = {
	optOuts: 'block',
	leavers: 'remove',
	dryRun: false,
	longestWaitMs: 20_000,
};

/** One batch into a list of the sandbox, as the node does it. Throws when the settings are refused. */
export async function upsertIntoBrevo(
	brevo: RunningBrevo,
	contacts: ReadonlyArray<MappedContact | undefined>,
	options: {
		list: ListChoice;
		account?: string;
		client?: BrevoClient;
		settings?: Partial<UpsertSettings>;
		clock?: Clock;
		importFrom?: number;
		pictureBytes?: number;
	},
): Promise<UpsertReport> {
	const { account = newAccount(), clock = sandboxClock(brevo), list, importFrom, pictureBytes } = options;
	const client = options.client ?? brevoClient(brevo, undefined, clock);
	const attributeNames = [...new Set(contacts.flatMap((contact) => Object.keys(contact?.contact.attributes ?? {})))];
	const destination = await openBrevoDestination(client, account, clock, {
		list,
		attributeNames,
		importFrom,
		pictureBytes,
	});
	if (destination.kind !== 'ok') throw new Error(`${destination.code}: ${destination.reason}`);
	return await upsertContacts(contacts, destination.value, { ...DEFAULT_UPSERT, ...options.settings }, clock);
}

/** How many results have each status, or status and code. */
export function statusCounts({ results }: UpsertReport): Record<string, number> {
	const counts: Record<string, number> = {};
	for (const { outcome } of results) {
		const name = outcome.code ? `${outcome.status} ${outcome.code}` : outcome.status;
		counts[name] = (counts[name] ?? 0) + 1;
	}
	return counts;
}
