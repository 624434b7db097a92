import { runTool } from '../../demo/process/commandLineTool';
import { printedProgress } from '../../demo/process/progress';
import { parseBenchOptions, USAGE } from './options';
import { headline, remarks, reportTables } from './report';
import { runBench } from './runBench';
import { writeDocs } from './writeDocs';

void runTool({
	usage: USAGE,
	parse: parseBenchOptions,
	stopsByItself: true,
	/** Exit code 1: the ways did not end alike, or a run failed, so that the numbers compare nothing. */
	async run(options, signal) {
		const progress = printedProgress((line) => console.error(line));
		const report = await runBench(options, { progress, signal });
		console.log(['', reportTables(report), '', ...remarks(report), '', headline(report)].join('\n'));
		if (options.write) writeDocs(report);
		if (options.json) console.log(JSON.stringify(report));
		return report.problems.length === 0 ? 0 : 1;
	},
});
