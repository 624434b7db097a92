import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Closers } from '../../demo/process/closers';
import type { Progress } from '../../demo/process/progress';
import { type Stage, startStage } from '../../demo/stage';
import type { Condition } from './cases';
import { N8N_SCOPES } from '../../demo/truth/sandboxChoices';
import { setConditions } from './conditions';
import { startVendorProxy } from './vendorHosts/vendorProxy';

const HUBSPOT_HOST = 'api.hubapi.com';
const BREVO_HOST = 'api.brevo.com';
/** As on a small server; without a limit Node.js collects as late as the machine's memory lets it. */
const HEAP_MB = 1_024;

export interface NamedList {
	readonly id: string;
	readonly name: string;
}

/** Both accounts as they are before a run. */
export interface Accounts {
	/** HubSpot's list with so many members. */
	list(members: number): NamedList;
	readonly destinationList: NamedList;
	/** Record ids in the order of joining; the first so many are the members of each list. */
	readonly ids: readonly string[];
}

export type Credentials = Readonly<Record<string, { readonly id: string; readonly name: string }>>;

/** The sandbox and an n8n whose every call to a vendor's host goes through a proxy to the stand-in. */
export interface BenchStage {
	readonly stage: Stage;
	readonly credentials: Credentials;
	/** Puts both vendors back to their seed, under a condition, and starts n8n anew where it takes part: nothing is remembered. */
	renew(condition: Condition, onN8n: boolean): Promise<Accounts>;
}

export interface BenchStageOptions {
	readonly members: number;
	/** Lists to make, each of the first so many members. */
	readonly sizes: readonly number[];
	readonly importSeconds: number;
	readonly progress: Progress;
	readonly signal: AbortSignal;
	readonly closers: Closers;
	/** A package built before; when absent it is built. */
	readonly built?: { readonly folder: string };
}

export async function openBenchStage(options: BenchStageOptions): Promise<BenchStage> {
	const { closers, progress, signal, members, built } = options;
	const ports = new Map<string, number>();
	const proxy = await startVendorProxy([HUBSPOT_HOST, BREVO_HOST], ports);
	closers.add('the proxy', async () => await proxy.close());
	const folder = mkdtempSync(join(tmpdir(), 'contact-sync-bench-'));
	closers.add('the folder of the authority', () => rmSync(folder, { recursive: true, force: true }));
	const authority = join(folder, 'authority.pem');
	writeFileSync(authority, proxy.authority);
	const stage = await startStage({
		members,
		// Without the awkward contacts, of which the usual ways lose some: all ways are to end in the same state.
		hubspot: { awkward: false },
		heapMb: HEAP_MB,
		env: {
			HTTPS_PROXY: proxy.url,
			https_proxy: proxy.url,
			NODE_EXTRA_CA_CERTS: authority,
			N8N_DISABLE_UI: 'true',
			// None of the workflows has a Code node.
			N8N_RUNNERS_MODE: 'external',
			N8N_RUNNERS_AUTH_TOKEN: 'contact-sync-bench',
		},
		...{ progress, signal, closers, ...(built && { built }) },
	});
	const { sandbox } = stage;
	let isFresh = true;
	ports.set(HUBSPOT_HOST, sandbox.hubspot.port).set(BREVO_HOST, sandbox.brevo.port);
	return {
		stage,
		credentials: await storeCredentials(stage),
		renew: async (condition, onN8n) => {
			await sandbox.brevo.idle();
			if (onN8n && !isFresh) await stage.n8n.restart();
			if (onN8n) isFresh = false;
			return renewAccounts(stage, condition, options);
		},
	};
}

/** No base URL of a vendor: the nodes of this package use the vendors' own addresses too. */
async function storeCredentials({ api, sandbox }: Stage): Promise<Credentials> {
	const { hubspot, brevo } = sandbox;
	const wanted = {
		contactSyncHubSpotApi: { accessToken: hubspot.token },
		contactSyncBrevoApi: { apiKey: brevo.apiKey },
		hubspotAppToken: { appToken: hubspot.token },
		sendInBlueApi: { apiKey: brevo.apiKey },
	};
	const stored: Record<string, { id: string; name: string }> = {};
	const { key } = await api.createApiKey(N8N_SCOPES);
	for (const [type, data] of Object.entries({
		...wanted,
		contactSyncN8nApi: { apiKey: key, baseUrl: `${api.url}/api/v1` },
	}))
		stored[type] = await api.createCredential(type, type, data);
	return stored;
}

function renewAccounts({ sandbox }: Stage, condition: Condition, options: BenchStageOptions): Accounts {
	const { hubspot, brevo, list: all } = sandbox;
	hubspot.reset();
	brevo.reset();
	setConditions(sandbox, condition, options.importSeconds);
	const { members } = hubspot.store.list(all.id);
	const ids = members.page('join', undefined, members.size, false).members.map(({ id }) => String(id));
	const lists = new Map<number, NamedList>([[ids.length, all]]);
	for (const size of options.sizes) {
		if (lists.has(size)) continue;
		const name = `The first ${size}`;
		const id = hubspot.store.createList(name);
		hubspot.store.addToList(id, ids.slice(0, size));
		lists.set(size, { id, name });
	}
	const [folder] = brevo.store.folders.values();
	const made = brevo.store.createList('From HubSpot', folder?.id ?? 1);
	brevo.store.clearLogs();
	return {
		list: (size) => {
			const list = lists.get(size);
			if (!list) throw new Error(`There is no list of ${size} members`);
			return list;
		},
		destinationList: { id: String(made.id), name: made.name },
		ids,
	};
}
