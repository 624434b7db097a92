import { runTool } from '../demo/process/commandLineTool';
import { parseOptions, USAGE } from './options';
import { remarks, reportTable } from './report';
import { runBenchmark } from './runBenchmark';

void runTool({
	usage: USAGE,
	parse: parseOptions,
	/** Exit code 1: the ways did not end alike, or did not add up, so that the numbers compare nothing. */
	async run(options) {
		const report = await runBenchmark(options, (line) => console.error(line));
		console.log([reportTable(report), '', ...remarks(report)].join('\n'));
		if (options.json) console.log(JSON.stringify(report));
		return report.problems.length === 0 ? 0 : 1;
	},
});
