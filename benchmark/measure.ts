import { fork } from 'node:child_process';
import { join } from 'node:path';
import { startSandbox, type Sandbox } from '../sandbox/startSandbox';
import type { Done, FromContestant, Job, ToContestant, Way } from './job';

/** One sandbox per contestant, all seeded alike, so that each starts from the same two accounts. */
export interface Stage {
	readonly sandbox: Sandbox;
	readonly destinationListId: number;
}

/** What one run cost. Calls, writes and 429s are what the vendors' own logs say. */
export interface Measurement extends Omit<Done, 'state'> {
	readonly hubspotCalls: number;
	readonly brevoCalls: number;
	/** Reads and writes of contacts among the calls: what grows with the number of contacts. */
	readonly contactCalls: { readonly hubspot: number; readonly brevo: number };
	/** Contacts that a write really changed or made, and those made among them. */
	readonly writes: number;
	readonly creations: number;
	readonly rateLimited: number;
	/** Promise 1: no contact was made mailable again. */
	readonly resubscriptions: number;
}

const LIST_NAME = 'From HubSpot';
/** Brevo counts calls over a second. */
const BREVO_WINDOW_MS = 1_200;

export async function openStage(members: number): Promise<Stage> {
	// Without the awkward contacts, of which the usual ways lose some: all ways are to end in the same state.
	const sandbox = await startSandbox({ members, hubspot: { awkward: false } });
	return { sandbox, destinationListId: sandbox.brevo.store.createList(LIST_NAME, 1).id };
}

export type JobDetails = Pick<Job, 'way' | 'members' | 'changedIds' | 'state' | 'pollsBefore'>;

/** Runs a job in a process of its own; the clock starts when everything is loaded. */
export async function measure(
	stage: Stage,
	details: JobDetails,
	options: { readonly collectGarbage?: boolean } = {},
): Promise<{ readonly measured: Measurement; readonly state: unknown }> {
	const { sandbox, destinationListId } = stage;
	const { hubspot, brevo, list } = sandbox;
	const job: Job = {
		...details,
		hubspot: { url: hubspot.url, key: hubspot.token },
		brevo: { url: brevo.url, key: brevo.apiKey },
		sourceListId: list.id,
		destinationListId,
	};
	const { state, ...done } = await inOwnProcess(job, options.collectGarbage === true, async () => {
		// The limits count over processes; this one begins as if the one before had ended long ago.
		hubspot.limits.clear();
		await new Promise((resolve) => setTimeout(resolve, BREVO_WINDOW_MS));
		hubspot.requests.clear();
		brevo.requests.clear();
		brevo.store.clearLogs();
	});
	await brevo.idle();
	const { writes, resubscriptions } = brevo.store;
	const tooMany = (requests: typeof brevo.requests): number => requests.statuses()[429] ?? 0;
	const measured = {
		...done,
		hubspotCalls: hubspot.requests.total,
		brevoCalls: brevo.requests.total,
		contactCalls: {
			hubspot: hubspot.requests.count(({ route }) => route.endsWith('/contacts/batch/read')),
			brevo: brevo.requests.count(({ method, route }) => method === 'POST' && route === '/contacts'),
		},
		writes: new Set(writes.map(({ contactId }) => contactId)).size,
		creations: writes.filter(({ kind }) => kind === 'created').length,
		rateLimited: tooMany(hubspot.requests) + tooMany(brevo.requests),
		resubscriptions: resubscriptions.length,
	};
	return { measured, state };
}

async function inOwnProcess(job: Job, collectGarbage: boolean, beforeGo: () => Promise<void>): Promise<Done> {
	const child = fork(join(__dirname, 'contestants', 'process.ts'), {
		execArgv: ['--import', 'tsx', ...(collectGarbage ? ['--expose-gc'] : [])],
	});
	const tell = (message: ToContestant): void => void child.send(message);
	try {
		return await new Promise<Done>((resolve, reject) => {
			child.on('error', reject);
			child.on('exit', (code) => reject(new Error(`The process of ${job.way} ended with code ${code}`)));
			child.on('message', (message: FromContestant) => {
				if (message.kind === 'done') return resolve(message.done);
				if (message.kind === 'failed') return reject(new Error(`${job.way}: ${message.reason}`));
				beforeGo().then(() => tell({ kind: 'go' }), reject);
			});
			tell({ kind: 'job', job });
		});
	} finally {
		child.kill();
	}
}

/** Names of the ways, for people. */
export const WAY_NAMES: Readonly<Record<Way, string>> = {
	contactSync: 'contact-sync',
	pages: 'scheduled, pages of 100',
	oneByOne: 'one contact at a time',
};
