import { DemoError } from '../demo/demoError';
import { ensureN8n, installCost } from '../demo/n8n/n8nInstall';
import { ensureBuilt } from '../demo/n8n/packageBuild';
import { type Progress, printedProgress } from '../demo/process/progress';
import { slowness } from '../demo/process/slowness';
import { npmScript, runJest } from './runJest';
import { withPostgres } from './withPostgres';

/** `npm test`, or with `--all` `npm run test:all`: the same, with long histories in full, PostgreSQL and further random histories. */
const isAll = process.argv.includes('--all');
/** Random histories of each property in `npm run test:all`; those that take long play a share of it. */
const PROPERTY_RUNS = process.env.PROPERTY_RUNS ?? '1000';

interface Step {
	readonly title: string;
	/** Answers an exit code. */
	readonly run: () => Promise<number>;
}

/** Tells the tests how much is wanted of them. */
const TESTS_ENV: NodeJS.ProcessEnv = isAll ? { CONTACT_SYNC_TESTS: 'all' } : {};

/**
 * Everything that is run, in this order. Beside the first ones run what keeps one processor busy for minutes, the linter, and what waits
 * for the network on a fresh machine, n8n's installation.
 */
function stepsOf(progress: Progress, n8n: Promise<unknown>, signal: AbortSignal): Step[] {
	const endToEnd = async (): Promise<number> => {
		await n8n;
		if (!isAll) return await runJest('test:e2e', progress);
		try {
			return await withPostgres(progress, async (env) => await runJest('test:e2e', progress, { ...TESTS_ENV, ...env }));
		} catch (error) {
			if (!(error instanceof DemoError)) throw error;
			progress.note(`${error.message} ${error.details}`);
			return await runJest('test:e2e', progress, TESTS_ENV);
		}
	};
	const linted = npmScript('lint');
	return [
		{ title: 'types', run: async () => await npmScript('typecheck') },
		{ title: 'build', run: async () => await ensureBuilt(signal).then(() => 0) },
		{ title: 'unit tests', run: async () => await runJest('test:unit', progress, TESTS_ENV) },
		{ title: 'lint', run: async () => await linted },
		{ title: 'end-to-end tests', run: endToEnd },
		...(isAll ? [{ title: `${PROPERTY_RUNS} random histories`, run: async () => await npmScript('test:properties', [], { ...TESTS_ENV, PROPERTY_RUNS }) }] : []), // prettier-ignore
	];
}

async function main(): Promise<number> {
	const abort = new AbortController();
	const progress = printedProgress((line) => console.error(line));
	const slow = slowness();
	if (slow > 1.5) progress.note(`this machine takes ${slow.toFixed(1)} times as long as usual, and so may the tests`);
	if (!isAll)
		progress.note(
			'left to `npm run test:all`: queue mode, past executions, the story of the demo, what comes back from Brevo, long histories, the benchmarks',
		);
	const ready = makeReady(progress, abort.signal);
	const steps = stepsOf(progress, ready, abort.signal);
	for (const { title, run } of steps) {
		progress.step(title);
		const startedAt = Date.now();
		const code = await run().catch((error: unknown) => {
			console.error(error instanceof DemoError ? `${error.message}\n${error.details}` : error);
			return 1;
		});
		progress.note(
			`${title}: ${code === 0 ? 'passed' : 'FAILED'} after ${Math.round((Date.now() - startedAt) / 1000)} s`,
		);
		if (code === 0) continue;
		abort.abort();
		await ready;
		return code;
	}
	return 0;
}

/** n8n for the end-to-end tests, beside the other steps. Never fails: they try once more, and say what is missing. */
async function makeReady(progress: Progress, signal: AbortSignal): Promise<void> {
	const note = (text: string): void => progress.note(`n8n, beside the tests: ${text}`);
	try {
		const cost = installCost();
		if (cost === undefined) return;
		note(cost);
		await ensureN8n({ ...progress, note }, signal);
		note('ready');
	} catch (error) {
		if (!signal.aborted) note(`could not be made ready: ${String(error)}`);
	}
}

void main().then((code) => {
	process.exitCode = code;
});
