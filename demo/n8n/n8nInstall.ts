import { createHash } from 'node:crypto';
import {
	accessSync,
	constants,
	copyFileSync,
	existsSync,
	mkdirSync,
	readFileSync,
	readdirSync,
	renameSync,
	rmSync,
	statfsSync,
	writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { childEnvironment } from '../process/childEnvironment';
import { DemoError, tailOf } from '../demoError';
import { withProcessLock } from '../process/processLock';
import type { Progress } from '../process/progress';
import { runCommand } from '../process/runCommand';

/** An n8n that is ready to run. */
export interface N8nInstall {
	readonly folder: string;
	/** The Node.js 24 that n8n 2.41 needs (`engines` of its package.json); earlier ones run on it too. */
	readonly nodeBinary: string;
	/** `node_modules/n8n/bin/n8n`, a script for that Node.js. */
	readonly n8nScript: string;
	/** Of the packages that were asked for. */
	readonly versions: { readonly n8n: string; readonly node: string };
}

const LOCK_FOLDER = __dirname;
/** 2.8 GB of files, and as much again at most for npm's own cache. */
const NEEDED_BYTES = 5e9;
const NATIVE_MODULES = ['sqlite3', 'isolated-vm'];
const PROGRESS_EVERY_MS = 10_000;
const READY = 'ready.json';

/** `CONTACT_SYNC_CACHE`, or the platform's folder for things that can be fetched again. */
export function cacheFolder(
	env: NodeJS.ProcessEnv = process.env,
	platform: NodeJS.Platform = process.platform,
): string {
	if (env.CONTACT_SYNC_CACHE) return resolve(env.CONTACT_SYNC_CACHE);
	const name = 'n8n-nodes-contact-sync';
	if (env.XDG_CACHE_HOME) return join(env.XDG_CACHE_HOME, name);
	if (platform === 'darwin') return join(homedir(), 'Library', 'Caches', name);
	if (platform === 'win32') return join(env.LOCALAPPDATA ?? join(homedir(), 'AppData', 'Local'), name, 'Cache');
	return join(homedir(), '.cache', name);
}

/** What is installed: package.json of the demo's n8n, with its overrides. */
interface Manifest {
	readonly dependencies: N8nInstall['versions'];
	readonly [field: string]: unknown;
}

const pinned = (): Manifest => JSON.parse(readFileSync(join(LOCK_FOLDER, 'package.json'), 'utf8')) as Manifest;

export const isVersion = (text: string): boolean => /^\d+\.\d+\.\d+$/.test(text);

/**
 * The version of n8n that runs: the one that the lock file pins, or the one that `CONTACT_SYNC_N8N_VERSION` names. Throws a
 * DemoError for a name that is no version.
 */
export function n8nVersion(env: NodeJS.ProcessEnv = process.env): string {
	const { CONTACT_SYNC_N8N_VERSION: wanted } = env;
	if (!wanted) return pinned().dependencies.n8n;
	if (isVersion(wanted)) return wanted;
	throw new DemoError(`CONTACT_SYNC_N8N_VERSION takes a version of n8n such as 2.41.3, not '${wanted}'`);
}

/**
 * A changed lock file, platform or processor is another installation, and so is each version without a lock file; old ones
 * stay until they are deleted.
 */
export function installFolder(version = n8nVersion()): string {
	const name = version === pinned().dependencies.n8n ? hashOfLock() : version;
	return join(cacheFolder(), `n8n-${name}-${process.platform}-${process.arch}`);
}

const hashOfLock = (): string =>
	createHash('sha256')
		.update(readFileSync(join(LOCK_FOLDER, 'package-lock.json')))
		.digest('hex')
		.slice(0, 12);

/** What the first run with a version costs, before it begins; undefined when that n8n is installed. */
export function installCost(version = n8nVersion()): string | undefined {
	const folder = installFolder(version);
	if (isReady(folder)) return undefined;
	return (
		`n8n ${version} is not installed yet: once, about 5 GB are written, of which 2.8 GB stay in ${folder}, ` +
		'and 4 to 7 minutes go by (CONTACT_SYNC_CACHE names another folder; delete it and nothing is left)'
	);
}

/**
 * Installs n8n once per user and version; later calls return at once. Two processes at a time: one installs, the other
 * waits. Throws a DemoError that says what is missing.
 */
export async function ensureN8n(
	progress: Progress,
	signal?: AbortSignal,
	version: string = n8nVersion(),
): Promise<N8nInstall> {
	const folder = installFolder(version);
	const install = describeInstall(folder, version);
	if (isReady(folder)) {
		progress.note(`n8n is already installed in ${folder}`);
		return install;
	}
	requireWritable(dirname(folder));
	const onWait = (pid: number | undefined) =>
		progress.note(`another process${pid === undefined ? '' : ` (${pid})`} is installing n8n; waiting for it`);
	await withProcessLock(`${folder}.lock`, { onWait, signal }, async () => {
		if (isReady(folder)) return;
		await installInto(install, progress, signal);
	});
	return install;
}

function requireWritable(folder: string): void {
	try {
		mkdirSync(folder, { recursive: true });
		accessSync(folder, constants.W_OK);
	} catch (error) {
		const code = (error as NodeJS.ErrnoException).code ?? String(error);
		throw new DemoError(
			`The cache folder ${folder} cannot be written (${code}): set CONTACT_SYNC_CACHE to one that can`,
		);
	}
}

const isReady = (folder: string) => existsSync(join(folder, READY));

function describeInstall(folder: string, n8n: string): N8nInstall {
	const nodeBinary = join(folder, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
	const versions = { ...pinned().dependencies, n8n };
	return { folder, nodeBinary, n8nScript: join(folder, 'node_modules', 'n8n', 'bin', 'n8n'), versions };
}

async function installInto(install: N8nInstall, progress: Progress, signal?: AbortSignal): Promise<void> {
	const { folder, versions } = install;
	mkdirSync(folder, { recursive: true });
	assertSpace(folder);
	const isPinned = versions.n8n === pinned().dependencies.n8n;
	writeFileSync(join(folder, 'package.json'), JSON.stringify({ ...pinned(), dependencies: versions }, null, '\t'));
	if (isPinned) copyFileSync(join(LOCK_FOLDER, 'package-lock.json'), join(folder, 'package-lock.json'));
	progress.note(`installing n8n ${versions.n8n} into ${folder} (a few minutes)`);
	const logFile = join(folder, 'install.log');
	rmSync(logFile, { force: true });
	const env = childEnvironment();
	const npm = async (title: string, args: string[], environment: NodeJS.ProcessEnv) =>
		await runInstallStep({ title, args, env: environment, folder, logFile, progress, signal });

	// Without the registry, npm ci would try each of 2,000 packages again and again before it gives up.
	const look = [
		'view',
		`n8n@${versions.n8n}`,
		'version',
		'--fetch-retries=1',
		'--fetch-retry-mintimeout=1000',
		'--fetch-timeout=30000',
	];
	await npm('reaching the npm registry', look, env);
	// Scripts stay off at first: n8n's tree holds packages whose scripts compile or download what a demo never uses.
	const quiet = ['--no-audit', '--no-fund', '--loglevel=warn'];
	await npm('downloading packages', [isPinned ? 'ci' : 'install', '--ignore-scripts', ...quiet], env);
	// The package `node` fetches its binary for this platform as a further package, in a script.
	await npm('fetching Node.js 24', ['rebuild', 'node', '--ignore-scripts=false', ...quiet], env);
	// Earlier versions of n8n have no isolated-vm.
	const native = NATIVE_MODULES.filter((name) => existsSync(join(folder, 'node_modules', name)));
	await npm('preparing native modules', ['rebuild', ...native, '--ignore-scripts=false', ...quiet], {
		...env,
		...nativeBuildEnvironment(folder),
	});
	await verify(install, native, logFile);
	const partial = join(folder, `${READY}.${process.pid}`);
	writeFileSync(
		partial,
		JSON.stringify({ installedAt: new Date().toISOString(), platform: process.platform, arch: process.arch }),
	);
	renameSync(partial, join(folder, READY));
}

/**
 * isolated-vm brings prebuilt binaries for Node.js 24; its script only has to run under that Node.js to find them.
 * sqlite3 brings none: its script downloads one from GitHub and, where that is out of reach, compiles. For that it needs
 * the headers of Node.js 24, which the platform package of `node` contains. Naming them here also overrules a `nodedir`
 * in the user's npmrc that points at the headers of another Node.js (an environment variable wins over an npmrc).
 */
function nativeBuildEnvironment(folder: string): NodeJS.ProcessEnv {
	const nodePackage = join(folder, 'node_modules', 'node');
	const nested = join(nodePackage, 'node_modules');
	const headers = [nested, join(folder, 'node_modules')]
		.filter((modules) => existsSync(modules))
		.flatMap((modules) => readdirSync(modules).map((name) => join(modules, name)))
		.find((candidate) => existsSync(join(candidate, 'include', 'node', 'node_api.h')));
	return {
		PATH: [join(nodePackage, 'bin'), process.env.PATH ?? ''].join(delimiter),
		...(headers ? { npm_config_nodedir: headers } : {}),
	};
}

interface InstallStep {
	readonly title: string;
	readonly args: readonly string[];
	readonly env: NodeJS.ProcessEnv;
	readonly folder: string;
	readonly logFile: string;
	readonly progress: Progress;
	readonly signal?: AbortSignal;
}

async function runInstallStep(step: InstallStep): Promise<void> {
	const startedAt = Date.now();
	const freeAtStart = freeBytes(step.folder);
	const report = () => {
		const seconds = Math.round((Date.now() - startedAt) / 1000);
		const megabytes = Math.max(0, Math.round((freeAtStart - freeBytes(step.folder)) / 1e6));
		step.progress.note(`${step.title}: ${seconds} s, about ${megabytes} MB written`);
	};
	const ticker = setInterval(report, PROGRESS_EVERY_MS);
	const { exitCode, output } = await runCommand('npm', step.args, {
		cwd: step.folder,
		env: step.env,
		logFile: step.logFile,
		signal: step.signal,
	});
	clearInterval(ticker);
	step.signal?.throwIfAborted();
	if (exitCode !== 0) {
		throw new DemoError(
			`${whatIsMissing(output)} (while ${step.title}; the full log is ${step.logFile})`,
			tailOf(output),
		);
	}
	report();
}

/** Turns the output of a failed npm into a sentence about what to provide. */
export function whatIsMissing(output: string): string {
	const causes: ReadonlyArray<readonly [RegExp, string]> = [
		[
			/ENOSPC|no space left/i,
			'The disk is full: free some space, or point CONTACT_SYNC_CACHE at a folder on a larger disk',
		],
		[/spawn npm ENOENT|npm: not found/i, 'npm was not found: install it, it comes with Node.js'],
		[
			/find Python|not find any Python|No module named 'distutils'/i,
			needsCompiler('Python 3 (3.11 or older, or with setuptools)'),
		],
		[
			/not found: make|make: not found|g\+\+: (command )?not found|find Visual Studio/i,
			needsCompiler('a C++ compiler and make'),
		],
		[/gyp ERR!/i, needsCompiler('Python 3, make and a C++ compiler')],
		[/EACCES|EPERM|EROFS/i, 'The cache folder cannot be written: set CONTACT_SYNC_CACHE to a folder that can'],
		[/EINTEGRITY/i, 'A downloaded package did not match its checksum: try again, or look at the proxy in between'],
		[/E404|ETARGET/i, 'The npm registry in use does not have one of the packages: check `npm config get registry`'],
		[
			/ENOTFOUND|EAI_AGAIN|ETIMEDOUT|ECONNRE(FUSED|SET)|ERR_SOCKET_TIMEOUT|network/i,
			'The npm registry could not be reached: check the network and `npm config get registry`',
		],
	];
	return causes.find(([pattern]) => pattern.test(output))?.[1] ?? 'npm failed';
}

const needsCompiler = (what: string) =>
	`The database module sqlite3 could neither be downloaded (github.com) nor compiled: provide ${what}`;

async function verify(
	{ folder, nodeBinary, n8nScript }: N8nInstall,
	native: readonly string[],
	logFile: string,
): Promise<void> {
	const load = `for (const name of ${JSON.stringify(native)}) require(name);`;
	for (const args of [
		['-e', load],
		[n8nScript, '--version'],
	]) {
		const { exitCode, output } = await runCommand(nodeBinary, args, { cwd: folder, env: childEnvironment(), logFile });
		if (exitCode !== 0)
			throw new DemoError(`n8n was installed but does not run (the full log is ${logFile})`, tailOf(output));
	}
}

function assertSpace(folder: string): void {
	const free = freeBytes(folder);
	if (free < NEEDED_BYTES) {
		throw new DemoError(
			`n8n needs about ${NEEDED_BYTES / 1e9} GB in ${folder} and ${(free / 1e9).toFixed(1)} GB are free: ` +
				'free some space, or point CONTACT_SYNC_CACHE at a folder on a larger disk',
		);
	}
}

function freeBytes(folder: string): number {
	const { bavail, bsize } = statfsSync(folder);
	return bavail * bsize;
}
