import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Sandbox, type SandboxOptions, startSandbox } from '../sandbox/startSandbox';
import { Closers } from './process/closers';
import { type ListChoices, type ResourceChoices, SandboxChoices } from './truth/sandboxChoices';
import { type SourceName, type Template, importTemplate } from './n8n/importTemplate';
import { N8nApi, type StoredWorkflow } from './n8n/n8nApi';
import { type N8nInstall, ensureN8n } from './n8n/n8nInstall';
import { N8nServer } from './n8n/n8nServer';
import { type BuiltPackage, buildPackage, placePackage } from './n8n/packageBuild';
import { type Progress, silentProgress } from './process/progress';

export type { Sandbox };

export interface StageOptions {
	/** Members of the HubSpot list. */
	readonly members: number;
	readonly hubspot?: SandboxOptions['hubspot'];
	readonly salesforce?: SandboxOptions['salesforce'];
	/** Port of the editor; any free one when absent. */
	readonly port?: number;
	/** Version of n8n; the one that `n8nVersion` answers when absent. */
	readonly n8n?: string;
	/** A package built before; when absent it is built. */
	readonly built?: Pick<BuiltPackage, 'folder'>;
	/** Most that n8n's heap may take, in MB. */
	readonly heapMb?: number;
	/** Further settings for n8n. */
	readonly env?: NodeJS.ProcessEnv;
	readonly progress?: Progress;
	readonly signal?: AbortSignal;
	/** Leave n8n's folder behind. */
	readonly keep?: boolean;
	/** Takes what has to be stopped; own ones when absent. */
	readonly closers?: Closers;
	/** Called as soon as there is one, so that a failure later can show n8n's log. */
	readonly onServer?: (server: N8nServer) => void;
}

/** Stand-in vendors and a real n8n with this package, an owner and credentials: ready to import workflows. */
export interface Stage {
	readonly sandbox: Sandbox;
	readonly n8n: N8nServer;
	readonly api: N8nApi;
	/** What is chosen for HubSpot. */
	readonly choices: ListChoices;
	/** What is chosen for another source; made when it is first asked for. */
	choicesFor(source: SourceName): Promise<ResourceChoices>;
	readonly versions: N8nInstall['versions'];
	/** Imports a template with credentials, source list and destination list filled in. It is not published. */
	importTemplate(
		template: Template,
		parameters?: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
	): Promise<StoredWorkflow>;
	close(): Promise<void>;
}

/** Starts all of it. When something fails, what was started is stopped again. */
export async function startStage(options: StageOptions): Promise<Stage> {
	const closers = options.closers ?? new Closers();
	try {
		return await start(options, closers);
	} catch (error) {
		await closers.closeAll();
		throw error;
	}
}

async function start(options: StageOptions, closers: Closers): Promise<Stage> {
	const { progress = silentProgress, signal } = options;
	progress.step('n8n');
	const install = await ensureN8n(progress, signal, options.n8n);
	progress.step('This package');
	const built = options.built ?? (await buildOnce(closers, progress, signal));

	progress.step('Stand-ins for HubSpot, Salesforce and Brevo');
	const sandbox = await startSandbox({
		members: options.members,
		...(options.hubspot && { hubspot: options.hubspot }),
		...(options.salesforce && { salesforce: options.salesforce }),
	});
	closers.add('the sandbox', async () => await sandbox.close());
	const { hubspot, salesforce, brevo } = sandbox;
	progress.note(`HubSpot at ${hubspot.url}, Salesforce at ${salesforce.url}, Brevo at ${brevo.url}`);

	progress.step('Starting n8n');
	const n8n = await startN8n(options, install, built, closers);
	progress.note(`n8n answers at ${n8n.url}`);

	progress.step('Owner account and credentials');
	const api = await N8nApi.setUp(n8n.url);
	const choices = new SandboxChoices(sandbox, api);
	return {
		sandbox,
		n8n,
		api,
		choices: await choices.forHubSpot(),
		choicesFor: async (source) => await choices.for(source),
		versions: install.versions,
		importTemplate: async (template, parameters) => {
			const withoutTables = install.versions.n8n.startsWith('1.');
			const chosen = await choices.forWorkflow(template.workflow);
			return await importTemplate(api, template, { ...chosen, withoutTables, parameters });
		},
		close: async () => {
			await closers.closeAll();
		},
	};
}

async function buildOnce(closers: Closers, progress: Progress, signal?: AbortSignal): Promise<BuiltPackage> {
	const built = await buildPackage(signal);
	closers.add('the built package', () => built.remove());
	progress.note(`built and packed version ${built.version}`);
	return built;
}

async function startN8n(
	{ port, env, heapMb, signal, keep, onServer, progress }: StageOptions,
	install: N8nInstall,
	built: Pick<BuiltPackage, 'folder'>,
	closers: Closers,
): Promise<N8nServer> {
	const userFolder = mkdtempSync(join(tmpdir(), 'contact-sync-n8n-'));
	if (keep) progress?.note(`n8n's folder, kept: ${userFolder}`);
	else closers.add('the folder of n8n', () => rmSync(userFolder, { recursive: true, force: true, maxRetries: 5 }));
	placePackage(built, userFolder);
	const server = await N8nServer.create({ install, userFolder, port, env, heapMb, signal });
	onServer?.(server);
	closers.add('n8n', async () => await server.stop());
	await server.start();
	return server;
}
