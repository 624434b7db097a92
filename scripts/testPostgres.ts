import { spawn } from 'node:child_process';
import { DemoError } from '../demo/demoError';
import { ensureN8n } from '../demo/n8n/n8nInstall';
import { printedProgress } from '../demo/process/progress';
import { missingPostgres } from '../test/e2e/support/postgres';
import { findPostgres, startTemporaryPostgres } from './temporaryPostgres';

/**
 * The end-to-end tests that want PostgreSQL: on the server that PGHOST names or that answers on this machine, else on
 * one of its own, where PostgreSQL is installed. Arguments go to jest.
 */
const TESTS = ['quotaPostgres', 'queueMode'];

async function main(): Promise<number> {
	const progress = printedProgress((line) => console.error(line));
	progress.step('n8n, which brings a client for PostgreSQL');
	await ensureN8n(progress);
	const missing = missingPostgres();
	if (missing === undefined) return await runTests({});

	const programs = process.env.PGHOST === undefined ? findPostgres() : undefined;
	if (programs === undefined) {
		progress.note(`There is no ${missing}.`);
		if (process.env.PGHOST === undefined)
			progress.note('Install it (apt-get install postgresql), or say with PGHOST where it is.');
		return 1;
	}
	progress.step(`PostgreSQL of ${programs || 'this machine'}, for these tests only`);
	const postgres = await startTemporaryPostgres(programs);
	try {
		return await runTests(postgres.env);
	} finally {
		postgres.stop();
	}
}

/** The exit code of jest. */
async function runTests(env: NodeJS.ProcessEnv): Promise<number> {
	const args = ['jest', '--config', 'jest.e2e.config.js', ...TESTS, ...process.argv.slice(2)];
	return await new Promise((resolve) => {
		const child = spawn('npx', args, {
			stdio: 'inherit',
			shell: process.platform === 'win32',
			env: { ...process.env, ...env },
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
