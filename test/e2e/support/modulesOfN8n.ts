import { spawnSync } from 'node:child_process';
import { childEnvironment } from '../../../demo/process/childEnvironment';
import { scaled } from '../../../demo/process/slowness';
import { installFolder } from '../../../demo/n8n/n8nInstall';

/** Runs a script with the modules of the installed n8n, which brings clients for PostgreSQL and Redis; answers what went wrong. */
export function runWithModulesOfN8n(script: string, env: NodeJS.ProcessEnv): string | undefined {
	const { status, stderr } = spawnSync(process.execPath, ['-e', script], {
		cwd: installFolder(),
		env: childEnvironment(env),
		encoding: 'utf8',
		timeout: scaled(30_000),
	});
	return status === 0 ? undefined : stderr.trim() || 'no answer';
}
