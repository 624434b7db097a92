import {
	cpSync,
	existsSync,
	mkdirSync,
	mkdtempSync,
	readFileSync,
	readdirSync,
	renameSync,
	rmSync,
	statSync,
	writeFileSync,
} from 'node:fs';
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { childEnvironment } from '../process/childEnvironment';
import { DemoError, tailOf } from '../demoError';
import { withProcessLock } from '../process/processLock';
import { runCommand } from '../process/runCommand';

export const PROJECT_ROOT = resolve(__dirname, '../..');
export const PACKAGE_NAME = 'n8n-nodes-contact-sync';

/** The package as npm would publish it, unpacked. */
export interface BuiltPackage {
	readonly version: string;
	/** The folder that holds package.json and dist. */
	readonly folder: string;
	remove(): void;
}

/**
 * Builds the package if need be, packs it and unpacks the tarball into a temporary folder: what runs is what would be published, not
 * the working tree (a link to that would make n8n load a second copy of n8n-workflow).
 */
export async function buildPackage(signal?: AbortSignal): Promise<BuiltPackage> {
	const work = mkdtempSync(join(tmpdir(), 'contact-sync-package-'));
	const remove = () => rmSync(work, { recursive: true, force: true });
	try {
		// Two builds at once would delete each other's dist.
		await withProcessLock(lockFile(), { signal }, async () => {
			await buildWhereChanged(signal);
			await run('npm', ['pack', '--pack-destination', work], 'The package cannot be packed', PROJECT_ROOT, signal);
		});
		const { version } = JSON.parse(readFileSync(join(PROJECT_ROOT, 'package.json'), 'utf8')) as { version: string };
		const tarball = `${PACKAGE_NAME}-${version}.tgz`;
		await run('tar', ['-xzf', tarball], 'The packed package cannot be unpacked', work, signal);
		return { version, folder: join(work, 'package'), remove };
	} catch (error) {
		remove();
		throw error;
	}
}

/** Builds the package where dist is not what the sources give; what is there already is kept. */
export async function ensureBuilt(signal?: AbortSignal): Promise<void> {
	await withProcessLock(lockFile(), { signal }, async () => await buildWhereChanged(signal));
}

const lockFile = (): string =>
	join(tmpdir(), `contact-sync-build-${createHash('sha256').update(PROJECT_ROOT).digest('hex').slice(0, 12)}.lock`);

/** All that goes into a build. */
const SOURCES = ['clients', 'core', 'credentials', 'gulpfile.js', 'index.js', 'nodes', 'package-lock.json', 'package.json', 'tsconfig.json']; // prettier-ignore
const DIST = join(PROJECT_ROOT, 'dist');
/** What went into the last build and what came out. Every build deletes it with dist; it is not published. */
const RECORD = join(DIST, 'built.json');

async function buildWhereChanged(signal?: AbortSignal): Promise<void> {
	if (existsSync(RECORD) && readFileSync(RECORD, 'utf8') === fingerprint()) return;
	await run('npm', ['run', 'build'], 'The package does not build', PROJECT_ROOT, signal);
	writeFileSync(RECORD, fingerprint());
}

function fingerprint(): string {
	const files = [...SOURCES.flatMap((name) => filesIn(join(PROJECT_ROOT, name))), ...filesIn(DIST)];
	const hash = createHash('sha256');
	for (const file of files) if (file !== RECORD) hash.update(`${file}\n`).update(readFileSync(file)).update('\n');
	return hash.digest('hex');
}

function filesIn(path: string): string[] {
	if (!statSync(path).isDirectory()) return [path];
	return readdirSync(path)
		.sort()
		.flatMap((name) => filesIn(join(path, name)));
}

async function run(
	command: string,
	args: string[],
	complaint: string,
	cwd: string,
	signal?: AbortSignal,
): Promise<void> {
	const { exitCode, output } = await runCommand(command, args, { cwd, env: childEnvironment(), signal });
	signal?.throwIfAborted();
	if (exitCode !== 0) throw new DemoError(`${complaint}: \`${command} ${args.join(' ')}\` failed`, tailOf(output, 40));
}

/** Puts a copy of the package where n8n finds installed community packages. It is loaded at n8n's next start. */
export function placePackage(built: Pick<BuiltPackage, 'folder'>, userFolder: string): void {
	const modules = join(userFolder, '.n8n', 'nodes', 'node_modules');
	const target = join(modules, PACKAGE_NAME);
	const incoming = join(modules, `.${PACKAGE_NAME}.new`);
	mkdirSync(modules, { recursive: true });
	rmSync(incoming, { recursive: true, force: true });
	cpSync(built.folder, incoming, { recursive: true });
	if (existsSync(target)) rmSync(target, { recursive: true, force: true });
	renameSync(incoming, target);
}
