import { spawn } from 'node:child_process';
import { DemoError } from '../demo/demoError';
import { ensureN8n } from '../demo/n8n/n8nInstall';
import { printedProgress } from '../demo/process/progress';
import { withPostgres } from './withPostgres';

/** The end-to-end tests that want PostgreSQL, at their full size. Arguments go to jest. */
const TESTS = ['quotaPostgres', 'queue/'];

async function main(): Promise<number> {
	const progress = printedProgress((line) => console.error(line));
	progress.step('n8n, which brings a client for PostgreSQL');
	await ensureN8n(progress);
	return await withPostgres(progress, runTests);
}

/** The exit code of jest. */
async function runTests(env: NodeJS.ProcessEnv): Promise<number> {
	const args = ['jest', '--config', 'jest.e2e.config.js', ...TESTS, ...process.argv.slice(2)];
	return await new Promise((resolve) => {
		const child = spawn('npx', args, {
			stdio: 'inherit',
			shell: process.platform === 'win32',
			env: { ...process.env, CONTACT_SYNC_TESTS: 'all', ...env },
		});
		// Ctrl+C reaches jest itself; what runs beside it is stopped afterwards.
		process.on('SIGINT', () => undefined);
		child.once('error', () => resolve(1));
		child.once('close', (code) => resolve(code ?? 1));
	});
}

void main().then(
	(code) => {
		process.exitCode = code;
	},
	(error: unknown) => {
		console.error(error instanceof DemoError ? `${error.message}\n${error.details}` : error);
		process.exitCode = 1;
	},
);
