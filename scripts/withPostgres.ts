import { DemoError } from '../demo/demoError';
import type { Progress } from '../demo/process/progress';
import { missingPostgres } from '../test/e2e/support/postgres';
import { findPostgres, startTemporaryPostgres } from './temporaryPostgres';

/**
 * Runs `work` with the variables by which its tests find PostgreSQL: the server that PGHOST names or that answers on this
 * machine, else one for this work only, where PostgreSQL is installed. Throws a DemoError where there is none at all.
 */
export async function withPostgres<T>(progress: Progress, work: (env: NodeJS.ProcessEnv) => Promise<T>): Promise<T> {
	const missing = missingPostgres();
	if (missing === undefined) return await work({});
	const programs = process.env.PGHOST === undefined ? findPostgres() : undefined;
	if (programs === undefined) {
		const advice = 'Install it (apt-get install postgresql), or say with PGHOST where it is.';
		throw new DemoError(`There is no ${missing}.`, process.env.PGHOST === undefined ? advice : '');
	}
	progress.step(`PostgreSQL of ${programs || 'this machine'}, for these tests only`);
	const postgres = await startTemporaryPostgres(programs);
	try {
		return await work(postgres.env);
	} finally {
		postgres.stop();
	}
}
