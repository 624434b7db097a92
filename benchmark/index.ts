import { parseOptions, USAGE } from './options';
import { remarks, reportTable } from './report';
import { runBenchmark } from './runBenchmark';

/** Exit code 1: the ways did not end alike, or did not add up, so that the numbers compare nothing. */
async function main(): Promise<number> {
	let options;
	try {
		options = parseOptions(process.argv.slice(2));
	} catch (error) {
		console.error(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
		return 2;
	}
	if (options.help) {
		console.log(USAGE);
		return 0;
	}
	const report = await runBenchmark(options, (line) => console.error(line));
	console.log([reportTable(report), '', ...remarks(report)].join('\n'));
	if (options.json) console.log(JSON.stringify(report));
	return report.problems.length === 0 ? 0 : 1;
}

main().then(
	(exitCode) => (process.exitCode = exitCode),
	(error: unknown) => {
		console.error(error);
		process.exitCode = 1;
	},
);
