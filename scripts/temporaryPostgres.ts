import { spawnSync } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DemoError, tailOf } from '../demo/demoError';
import { freePort } from '../demo/process/freePort';

/** Where Debian and Ubuntu put the programs of each version; elsewhere they are in PATH. */
const DEBIAN = '/usr/lib/postgresql';
/** The user it runs as when root started the tests: PostgreSQL refuses to run as root. */
const UNPRIVILEGED = ['postgres', 'nobody'];

/** A server on loopback with an empty database, gone when it is stopped. */
export interface TemporaryPostgres {
	/** What its own tools, and the tests, find it by. */
	readonly env: { readonly PGHOST: string; readonly PGPORT: string; readonly PGUSER: string };
	stop(): void;
}

/** The folder of PostgreSQL's programs, `''` where they are in PATH; undefined when it is not installed. */
export function findPostgres(): string | undefined {
	const versions = existsSync(DEBIAN) ? readdirSync(DEBIAN).sort((a, b) => Number(b) - Number(a)) : [];
	const folders = [...versions.map((version) => join(DEBIAN, version, 'bin')), ''];
	return folders.find((folder) => spawnSync(join(folder, 'initdb'), ['--version']).status === 0);
}

/** Throws a DemoError with what PostgreSQL said. */
export async function startTemporaryPostgres(programs: string): Promise<TemporaryPostgres> {
	const owner = process.getuid?.() === 0 ? unprivilegedUser() : undefined;
	const folder = mkdtempSync(join(tmpdir(), 'contact-sync-postgres-'));
	if (owner) chownSync(folder, owner.uid, owner.gid);
	const data = join(folder, 'data');
	const run = (program: string, ...args: string[]): void => {
		const { status, error, stdout, stderr } = spawnSync(join(programs, program), args, {
			...{ cwd: folder, encoding: 'utf8', ...owner },
		});
		if (status !== 0)
			throw new DemoError(`PostgreSQL: ${program} failed`, error?.message ?? tailOf(`${stdout}${stderr}`));
	};
	const remove = (): void => rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
	const port = await freePort();
	try {
		run('initdb', '-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--no-sync');
		const settings = `-p ${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off`;
		run('pg_ctl', '-D', data, '-l', join(folder, 'log'), '-o', settings, '-w', 'start');
	} catch (error) {
		remove();
		throw error;
	}
	return {
		env: { PGHOST: '127.0.0.1', PGPORT: String(port), PGUSER: 'postgres' },
		stop: () => {
			run('pg_ctl', '-D', data, '-m', 'immediate', '-w', 'stop');
			remove();
		},
	};
}

function unprivilegedUser(): { uid: number; gid: number } {
	for (const name of UNPRIVILEGED) {
		const [uid, gid] = ['-u', '-g'].map((what) => spawnSync('id', [what, name], { encoding: 'utf8' }));
		if (uid?.status === 0 && gid?.status === 0) return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
	}
	throw new DemoError(`PostgreSQL does not run as root, and there is no user ${UNPRIVILEGED.join(' or ')}`);
}
