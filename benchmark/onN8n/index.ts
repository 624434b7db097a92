import { DemoError, tailOf } from '../../demo/demoError';
import { printedProgress } from '../../demo/process/progress';
import { parseBenchOptions, USAGE } from './options';
import { headline, remarks, reportTables } from './report';
import { runBench } from './runBench';
import { writeDocs } from './writeDocs';

/** Exit code 1: the ways did not end alike, or a run failed, so that the numbers compare nothing. */
async function main(signal: AbortSignal): Promise<number> {
	let options;
	try {
		options = parseBenchOptions(process.argv.slice(2));
	} catch (error) {
		console.error(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
		return 2;
	}
	if (options.help) {
		console.log(USAGE);
		return 0;
	}
	const progress = printedProgress((line) => console.error(line));
	const report = await runBench(options, { progress, signal });
	console.log(['', reportTables(report), '', ...remarks(report), '', headline(report)].join('\n'));
	if (options.write) writeDocs(report);
	if (options.json) console.log(JSON.stringify(report));
	return report.problems.length === 0 ? 0 : 1;
}

const abort = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => abort.abort());

main(abort.signal).then(
	(exitCode) => (process.exitCode = exitCode),
	(error: unknown) => {
		if (error instanceof DemoError) console.error(`\n${error.message}\n${tailOf(error.details)}`);
		else if (!abort.signal.aborted) console.error(error);
		process.exitCode = 1;
	},
);
