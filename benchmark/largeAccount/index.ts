import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { BrevoClient } from '../../clients/brevo/api/brevoClient';
import { brevoLimiters } from '../../clients/brevo/api/limits';
import { openBrevoDestination } from '../../clients/brevo/destination/openDestination';
import type { MappedContact } from '../../core/contact/contact';
import { upsertContacts } from '../../core/upsert/upsertContacts';
import { plainHttp } from '../../test/support/http/plainHttp';
import { realClock } from '../../test/support/manualClock';
import { accountPerson, isOurs, keyOf } from './accountPerson';
import type { Started } from './brevoProcess';

/**
 * `npm run benchmark:account -- --contacts 1000000`: batches of 1,000 contacts into a Brevo account that holds many others, over real
 * HTTP and within Brevo's limits. Prints calls, seconds and memory of each batch. The account is a process of its own.
 */
const USAGE =
	'npm run benchmark:account -- [--contacts 1000000] [--memory 250] [--batches 4] [--batch-size 1000] [--deletions 3]';
const MB = 1_000_000;
/** Deletions are looked for once a minute. */
const COUNT_MS = 61_000;

interface Batch {
	readonly name: string;
	readonly contacts: readonly MappedContact[];
}

async function main(): Promise<void> {
	const { values } = parseArgs({
		options: {
			contacts: { type: 'string', default: '1000000' },
			memory: { type: 'string', default: '250' },
			batches: { type: 'string', default: '4' },
			'batch-size': { type: 'string', default: '1000' },
			deletions: { type: 'string', default: '3' },
		},
	});
	const [contacts, memory, batches, size, deletions] = [
		values.contacts,
		values.memory,
		values.batches,
		values['batch-size'],
		values.deletions,
	].map(Number);
	if (!contacts || !memory || !batches || !size || deletions === undefined) throw new Error(USAGE);
	const startedAt = Date.now();
	const { child, started } = await startAccount(contacts);
	console.log(`A Brevo account of ${contacts.toLocaleString('en-US')} contacts, made in ${seconds(startedAt)} s`);
	try {
		const client = new BrevoClient(
			plainHttp(started.url, { 'api-key': started.apiKey }),
			realClock,
			brevoLimiters('account', realClock),
		);
		const run = async ({ name, contacts: batch }: Batch): Promise<void> =>
			await runBatch(client, started, name, batch, memory * MB);
		await upsertOnce(client, started, memory * MB);
		const before = process.memoryUsage().rss;
		console.log('batch | calls | seconds | outcomes | memory since the beginning (rss, of it buffers) MB');
		begin = before;
		for (const batch of batchesOf(contacts, batches, size)) await run(batch);
		if (deletions > 0) {
			await deleteContacts(started, contacts, deletions);
			await new Promise((resolve) => setTimeout(resolve, COUNT_MS));
			await run({ name: `after ${deletions} deletions`, contacts: known(contacts, 1, size) });
			await run({ name: 'the batch after it', contacts: known(contacts, 1, size) });
		}
	} finally {
		child.kill();
	}
}

let begin = 0;

async function startAccount(contacts: number): Promise<{ child: ChildProcess; started: Started }> {
	const child = fork(join(__dirname, 'brevoProcess.ts'), [String(contacts)], {
		execArgv: ['--max-old-space-size=12000', '--import', 'tsx'],
	});
	return await new Promise((resolve, reject) => {
		child.once('message', (started) => resolve({ child, started: started as Started }));
		child.once('exit', (code) => reject(new Error(`The account ended with code ${code}`)));
	});
}

/** Loads the code, so that it does not count as memory of the picture. */
async function upsertOnce(client: BrevoClient, account: Started, pictureBytes: number): Promise<void> {
	await upsert(client, account, [contact(0, 'warm@up.example', 'Warm')], pictureBytes);
}

async function runBatch(
	client: BrevoClient,
	account: Started,
	name: string,
	batch: readonly MappedContact[],
	pictureBytes: number,
): Promise<void> {
	const [calls, at] = [client.calls, Date.now()];
	const report = await upsert(client, account, batch, pictureBytes);
	if (report.failure) throw new Error(`${report.failure.code}: ${report.failure.reason}`);
	const outcomes: Record<string, number> = {};
	for (const { outcome } of report.results) {
		const status = outcome.code ? `${outcome.status} ${outcome.code}` : outcome.status;
		outcomes[status] = (outcomes[status] ?? 0) + 1;
	}
	global.gc?.();
	const { rss, arrayBuffers } = process.memoryUsage();
	const grown = `${Math.round((rss - begin) / MB)}, ${Math.round(arrayBuffers / MB)}`;
	const told = Object.entries(outcomes).map(([status, count]) => `${count} ${status}`);
	console.log(`${name} | ${client.calls - calls} | ${seconds(at)} | ${told.join(', ')} | ${grown}`);
}

async function upsert(client: BrevoClient, account: Started, batch: readonly MappedContact[], pictureBytes: number) {
	const destination = await openBrevoDestination(client, 'account', realClock, {
		list: { id: account.listId },
		attributeNames: ['FIRSTNAME', 'LASTNAME', 'CITY', 'COUNTRY', 'COMPANY_NAME', 'ANNUAL_REVENUE'],
		pictureBytes,
	});
	if (destination.kind !== 'ok') throw new Error(destination.reason);
	const settings = { optOuts: 'block', leavers: 'remove', dryRun: false, longestWaitMs: 120_000 } as const;
	return await upsertContacts(batch, destination.value, settings, realClock);
}

/** Half of each batch are contacts of the account, spread over it, with new values; the others are new. */
function batchesOf(account: number, batches: number, size: number): Batch[] {
	return Array.from({ length: batches }, (_none, index) => ({
		name: `batch ${index + 1}`,
		contacts: [
			...known(account, index * size + 1, size / 2),
			...Array.from({ length: size / 2 }, (_one, n) => {
				const id = account + index * size + n + 1;
				return contact(id, `new.${id}@newcomers.example`, `New ${id}`);
			}),
		],
	}));
}

/** Contacts that this package made in the account, the first one of each hundred or so. */
function known(account: number, first: number, count: number): MappedContact[] {
	const step = Math.max(3, Math.floor(account / 20_000) * 3);
	return Array.from({ length: count }, (_none, n) => {
		const id = (((first + n) * step + 1) % account) + 1;
		const ours = isOurs(id) ? id : id - 1;
		return contact(ours, accountPerson(ours).email, `Changed ${first}`);
	});
}

function contact(n: number, email: string, firstName: string): MappedContact {
	return {
		key: keyOf(n),
		change: 'added',
		source: { system: 'hubspot', account: '12345678', object: 'contact', id: String(100_000_000 + n) },
		changedAt: new Date().toISOString(),
		optedOut: false,
		warnings: [],
		contact: { email, attributes: { FIRSTNAME: firstName, COUNTRY: 'Germany' } },
	};
}

async function deleteContacts({ url }: Started, account: number, count: number): Promise<void> {
	for (let n = 1; n <= count; n++) {
		const id = Math.floor((account / (count + 1)) * n);
		const headers = { 'content-type': 'application/json' };
		await fetch(`${url}/_sandbox/do`, { method: 'POST', headers, body: JSON.stringify({ op: 'deleteContact', id }) });
	}
}

const seconds = (since: number): string => ((Date.now() - since) / 1_000).toFixed(1);

main().catch((error: unknown) => {
	console.error(error);
	process.exitCode = 1;
});
