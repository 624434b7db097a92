import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { RunningServer } from '../sandbox/engine';
import type { Closers } from './process/closers';
import { compareHoldings, type Difference } from './truth/compare';
import { DemoError, tailOf } from './demoError';
import { actEarlierRun } from './truth/earlierRun';
import type { Expectation } from './truth/expected';
import { type Tally, waitForFirstSync } from './firstSync';
import { isPortFree } from './process/freePort';
import type { FlowReport, FlowSurroundings } from './flows/chapterLog';
import { playBack } from './flows/playBack';
import { playInclusion } from './flows/playInclusion';
import { playMigration } from './migration/playMigration';
import { NODE_TYPES, readTemplates, syncTemplate, usesN8nApi } from './n8n/importTemplate';
import { type MemoryUse, watchMemory } from './process/memory';
import { DEMO_OWNER, type StoredWorkflow } from './n8n/n8nApi';
import { installCost } from './n8n/n8nInstall';
import type { N8nServer } from './n8n/n8nServer';
import { DEFAULT_PORT, type DemoOptions, type ToldFlow } from './options';
import { PROJECT_ROOT } from './n8n/packageBuild';
import { type Progress, printedProgress } from './process/progress';
import { type QuotaReport, playQuota, playedTemplates } from './quota/playQuota';
import { type DemoReport, reportTable, verdict } from './report';
import { readExpectation, readHoldings, sourceTruth } from './truth/sandboxTruth';
import { type Stage, type StageOptions, startStage } from './stage';
import { STORY_TRIGGER } from './story/playStory';
import { type StoryReport, storyTable, tellStory, tryByHand } from './story/storyReport';

/** Runs the demo; returns the exit code. Throws a DemoError that names the step, the reason and the tail of n8n's log. */
export async function runDemo(options: DemoOptions, closers: Closers, signal: AbortSignal): Promise<number> {
	let step = 'the prerequisites';
	let server: N8nServer | undefined;
	const printed = printedProgress((line) => console.log(line));
	const progress: Progress = {
		...printed,
		step: (title) => {
			step = title;
			printed.step(title);
		},
	};
	try {
		progress.step('Prerequisites');
		const port = await choosePort(options, progress);
		progress.note(installCost(options.n8n) ?? 'n8n is installed already; this takes a minute or two');
		const surroundings = { closers, signal, progress, onServer: (started: N8nServer) => (server = started) };
		if (options.flow) return await tellFlow(options.flow, { ...options, port }, surroundings);
		const report = await syncOnce({ ...options, port }, surroundings);
		if (options.json) console.log(JSON.stringify(report));
		if (!options.once) await untilStopped(signal);
		const isFine = report.story?.ok !== false && report.quota?.ok !== false;
		return (options.once && !report.equal) || !isFine ? 1 : 0;
	} catch (error) {
		if (signal.aborted) throw error;
		throw explained(error, step, server);
	}
}

/** Members of the list, and contacts of Salesforce. */
const SIZES_OF_TOLD_FLOWS = { members: 40, salesforce: { contacts: 30, leads: 4 } };

/** How each flow is told, and what to look at afterwards. */
const TOLD_FLOWS: Readonly<
	Record<
		ToldFlow,
		{ readonly play: (around: FlowSurroundings) => Promise<FlowReport>; readonly look: (page: string) => string }
	>
> = {
	inclusion: {
		play: playInclusion,
		look: (page) => `Both sides:    ${page}#hubspot/Contact`,
	},
	migration: { play: playMigration, look: (page) => `HubSpot:       ${page}` },
	back: {
		play: playBack,
		look: (page) => `All sides:     ${page} (HubSpot), ${page}#Contact (Salesforce), ${page}#inbox (mails)`,
	},
};

/** Returns the exit code. */
async function tellFlow(
	flow: ToldFlow,
	{ keep, port, n8n: version, once, json }: DemoOptions,
	{ closers, signal, progress, onServer }: Surroundings,
): Promise<number> {
	const surroundings = { port, keep, n8n: version, progress, signal, closers, onServer };
	const stage = await startStage({ ...SIZES_OF_TOLD_FLOWS, ...surroundings, heapMb: HEAP_MB });
	const { play, look } = TOLD_FLOWS[flow];
	const { ok, chapters, workflows } = await play({ stage, progress, signal });
	const held = chapters.filter((chapter) => chapter.ok).length;
	console.log(`\n${held} of ${chapters.length} things came out as they should.\n`);
	if (json) console.log(JSON.stringify({ equal: ok, chapters }));
	if (!once) {
		const [first] = workflows;
		console.log(
			[
				`n8n editor:    ${stage.n8n.url}/workflow/${first?.id ?? ''}`,
				`  log in with  ${DEMO_OWNER.email} / ${DEMO_OWNER.password}`,
				look(stage.sandbox.page.url),
				'Ctrl+C stops everything.',
			].join('\n'),
		);
		await untilStopped(signal);
	}
	return ok ? 0 : 1;
}

interface Surroundings {
	readonly closers: Closers;
	readonly signal: AbortSignal;
	readonly progress: Progress;
	readonly onServer: (server: N8nServer) => void;
}

/**
 * As on a small server. Without a limit Node.js puts off collecting garbage by how much memory the machine has, and its growth
 * tells nothing about the sync.
 */
const HEAP_MB = 512;

async function syncOnce(
	options: DemoOptions,
	{ closers, signal, progress, onServer }: Surroundings,
): Promise<DemoReport> {
	const { source, keep, port, n8n: version } = options;
	const surroundings = { port, keep, n8n: version, progress, signal, closers, onServer };
	const stage = await startStage({ ...sizesOf(options), ...surroundings, heapMb: HEAP_MB });
	const { sandbox, api, n8n } = stage;
	// The story is about imports: what yes/no values cost where Brevo's imports drop them is told in docs/decisions/brevo-imports.md.
	sandbox.brevo.settings.importBooleans = 'stored';

	progress.step('Workflows');
	const workflow = await importTemplates(stage, options, progress);
	const { destinationList } = await stage.choicesFor(source);
	const holdings = () => readHoldings(sandbox, { destinationList });
	const expectation = readExpectation(sandbox, workflow);
	if (source !== 'hubspot') {
		const count = actEarlierRun(sandbox, destinationList, expectation, holdings());
		progress.note(`${count} contacts are in Brevo as an earlier run would have left them`);
	}

	progress.step('First sync');
	const before = holdings();
	const vendor = source === 'hubspot' ? 'HubSpot' : 'Salesforce';
	const vendors = { [vendor]: source === 'hubspot' ? sandbox.hubspot : sandbox.salesforce, Brevo: sandbox.brevo };
	for (const { requests } of Object.values(vendors)) requests.clear();
	const members = sourceTruth(sandbox, workflow).size();
	const memory = n8n.pid === undefined ? undefined : watchMemory(n8n.pid);
	const startedAt = Date.now();
	await api.publish(workflow.id);
	let seconds = 0;
	let memoryUse: MemoryUse | undefined;
	const onIdle = () => {
		seconds = (Date.now() - startedAt) / 1000;
		memoryUse ??= memory?.stop();
	};
	const tally = await waitForFirstSync({ api, workflow, members, progress, signal, onIdle });
	memory?.stop();

	const of = <T>(read: (server: Pick<RunningServer, 'requests'>) => T) =>
		Object.fromEntries(Object.entries(vendors).map(([name, server]) => [name, read(server)]));
	const differences = [...compareHoldings(expectation, before, holdings()), ...countDifferences(expectation, tally)];
	const { limits } = sandbox.salesforce;
	const synced: DemoReport = {
		vendor,
		members,
		...tally,
		seconds,
		calls: of(({ requests }) => requests.total),
		callsByRoute: of(({ requests }) => requests.counts()),
		rateLimited: of(({ requests }) => requests.statuses()['429'] ?? 0),
		...(source !== 'hubspot' && { dailyCalls: { used: limits.used(), limit: limits.max() } }),
		...(memoryUse && { memory: memoryUse }),
		equal: differences.length === 0,
		differences,
		versions: stage.versions,
	};
	console.log(['', reportTable(synced), '', verdict(synced), ''].join('\n'));
	const report: DemoReport = {
		...synced,
		...(options.story && { story: await story(stage, workflow, progress, signal) }),
		...(source === 'hubspot' &&
			api.hasDataTables && { quota: await quota(stage, workflow, options, progress, signal) }),
	};
	if (!options.once) {
		console.log(
			[
				...(options.story ? [tryByHand(sandbox), ''] : []),
				`n8n editor:    ${n8n.url}/workflow/${workflow.id}`,
				`  log in with  ${DEMO_OWNER.email} / ${DEMO_OWNER.password}`,
				`Both sides:    ${sandbox.page.url}${source === 'hubspot' ? '' : `#${source}`}`,
				...(report.quota ? [`Quota's table: ${report.quota.screen}`, `Its mails:     ${sandbox.page.url}#inbox`] : []),
				'Ctrl+C stops everything.',
			].join('\n'),
		);
	}
	return report;
}

/** How large the stand-ins are; the one that is not synced is small. */
function sizesOf({ source, members }: DemoOptions): Pick<StageOptions, 'members' | 'salesforce'> {
	if (source === 'hubspot') return { members };
	const others = 60;
	return {
		members: others,
		salesforce: source === 'Contact' ? { contacts: members, leads: others } : { contacts: others, leads: members },
	};
}

/** Imports every template that is not played later, and returns the workflow of the source that is synced. */
async function importTemplates(stage: Stage, options: DemoOptions, progress: Progress): Promise<StoredWorkflow> {
	let wanted: StoredWorkflow | undefined;
	if (!stage.api.hasDataTables)
		progress.note('without those for quotas: the API of this n8n has no data tables, which 2.7 brought');
	const played = options.source === 'hubspot' ? playedTemplates() : [];
	for (const template of readTemplates().filter(({ name }) => !played.includes(name))) {
		if (!stage.api.hasDataTables && usesN8nApi(template.workflow)) continue;
		const parameters = options.story ? { [NODE_TYPES.trigger]: STORY_TRIGGER } : undefined;
		const workflow = await stage.importTemplate(template, parameters);
		progress.note(`'${workflow.name}'`);
		if (template.name === syncTemplate(options.source).name) wanted = workflow;
	}
	if (!wanted) throw new DemoError(`There is no template for ${options.source}`);
	return wanted;
}

async function story(
	stage: Stage,
	workflow: StoredWorkflow,
	progress: Progress,
	signal: AbortSignal,
): Promise<StoryReport> {
	progress.step('Story');
	const report = await tellStory({ stage, workflow, progress, signal });
	console.log(['', storyTable(report), ''].join('\n'));
	return report;
}

async function quota(
	stage: Stage,
	workflow: StoredWorkflow,
	{ once }: DemoOptions,
	progress: Progress,
	signal: AbortSignal,
): Promise<QuotaReport> {
	progress.step('Quota: 80 %, 100 %, a pause, and on again');
	// The pause shows in that HubSpot and Brevo get no calls.
	await stage.api.unpublish(workflow.id);
	const report = await playQuota({ stage, progress, signal });
	if (!once) await stage.api.publish(workflow.id);
	return report;
}

/** What the nodes said they left out must be what the rules leave out. */
function countDifferences({ excluded }: Expectation, tally: Tally): Difference[] {
	const wanted: Record<string, number> = {};
	for (const reason of Object.values(excluded)) wanted[reason] = (wanted[reason] ?? 0) + 1;
	const codes = new Set([...Object.keys(wanted), ...Object.keys(tally.reasons)]);
	return [...codes].flatMap((code) => {
		const [should, did] = [wanted[code] ?? 0, tally.reasons[code] ?? 0];
		return should === did
			? []
			: [{ who: code, what: `was the reason for ${did} contacts and should be for ${should}` }];
	});
}

async function choosePort({ port }: DemoOptions, progress: Progress): Promise<number | undefined> {
	const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
	if (major < 20 || (major === 20 && minor < 19))
		throw new DemoError(`Node.js 20.19 or newer is needed, this is ${process.version}`);
	if (!existsSync(join(PROJECT_ROOT, 'node_modules', 'typescript'))) throw new DemoError('Run `npm ci` first');
	if (await isPortFree(port ?? DEFAULT_PORT)) return port ?? DEFAULT_PORT;
	if (port !== undefined) throw new DemoError(`Port ${port} is taken: choose another with --port`);
	progress.note(`port ${DEFAULT_PORT} is taken; using a free one`);
	return undefined;
}

function explained(error: unknown, step: string, server: N8nServer | undefined): DemoError {
	const message = error instanceof Error ? error.message : String(error);
	const details = error instanceof DemoError ? error.details : error instanceof Error ? (error.stack ?? '') : '';
	const log = server && tailOf(server.readLog(), 15);
	const parts = [details, log && !details.includes(log) ? `The end of n8n's log:\n${log}` : ''];
	return new DemoError(`${message}\n  in the step: ${step}`, parts.filter(Boolean).join('\n'));
}

async function untilStopped(signal: AbortSignal): Promise<void> {
	await pause(2 ** 31 - 1, undefined, { signal }).catch(() => undefined);
}
