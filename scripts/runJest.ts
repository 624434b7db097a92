import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import type { Progress } from '../demo/process/progress';

const ROOT = resolve(__dirname, '..');
/** More failing files than this are no coincidence. */
const MOST_AGAIN = 3;

interface JestReport {
	readonly testResults: ReadonlyArray<{ readonly name: string; readonly status: string }>;
}

/** A script of package.json that prints where this one does. Answers its exit code. */
export async function npmScript(
	name: string,
	args: readonly string[] = [],
	env: NodeJS.ProcessEnv = {},
): Promise<number> {
	return await new Promise((resolve) => {
		const child = spawn('npm', ['run', '--silent', name, ...(args.length > 0 ? ['--', ...args] : [])], {
			stdio: 'inherit',
			shell: process.platform === 'win32',
			env: { ...process.env, ...env },
		});
		child.once('error', () => resolve(1));
		child.once('close', (code) => resolve(code ?? 1));
	});
}

/**
 * A script of package.json that runs jest. A few files that failed are run once more, by themselves: what passes then failed for the load of
 * the machine, and is named as unsteady instead of costing the run. Answers the exit code.
 */
export async function runJest(name: string, progress: Progress, env: NodeJS.ProcessEnv = {}): Promise<number> {
	const reportPath = join(ROOT, '.cache', `${name.replace(/\W/g, '-')}.json`);
	mkdirSync(join(ROOT, '.cache'), { recursive: true });
	rmSync(reportPath, { force: true });
	const code = await npmScript(name, ['--json', `--outputFile=${reportPath}`], env);
	const failed = code === 0 ? [] : failedIn(reportPath);
	if (failed.length === 0 || failed.length > MOST_AGAIN) return code;
	progress.note(`failed, and run once more by themselves: ${failed.join(', ')}`);
	const again = await npmScript(name, ['--runInBand', ...failed], env);
	if (again === 0) progress.note(`UNSTEADY, failed once and then passed: ${failed.join(', ')}`);
	return again;
}

/** Files with a failing test, none when jest left no report. */
function failedIn(reportPath: string): string[] {
	try {
		const { testResults } = JSON.parse(readFileSync(reportPath, 'utf8')) as JestReport;
		return testResults.filter(({ status }) => status === 'failed').map(({ name }) => relative(ROOT, name));
	} catch {
		return [];
	}
}
