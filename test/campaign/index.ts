/* The command `npm run campaign`. */
import { pick } from 'lodash';
import { runTool } from '../../demo/process/commandLineTool';
import { playCampaign } from './campaign';
import { IN_PROCESS } from './inProcess';
import { parseOptions, USAGE } from './options';
import { REAL_N8N } from './realN8n';

const MINUTE_MS = 60_000;
const LARGEST_SEED = 2 ** 31;

const say = (line: string): void => console.error(line);
const slow = Object.fromEntries(
	Object.entries(REAL_N8N).map(([name, open]) => [name, async () => await open((line) => say(`    ${line}`))]),
);
const flows = [...Object.keys(IN_PROCESS), ...Object.keys(slow)];

void runTool({
	usage: USAGE,
	parse: (args) => parseOptions(args, flows),
	/** Exit code 1: a promise was broken. */
	async run(options) {
		const { flow, quick, minutes, rounds, seed = Math.floor(Math.random() * LARGEST_SEED) } = options;
		const wanted = flow === undefined ? flows : [flow];
		say(`From seed ${seed}, ${minutes} minutes`);
		const report = await playCampaign({
			quick: pick(IN_PROCESS, wanted),
			slow: quick ? {} : pick(slow, wanted),
			seed,
			until: Date.now() + minutes * MINUTE_MS,
			...(rounds === undefined ? {} : { rounds }),
			say,
		});
		for (const [name, count] of Object.entries(report.rounds)) console.log(`${name}: ${count} rounds`);
		console.log(
			report.broken.length === 0 ? 'No promise was broken.' : `${report.broken.length} rounds broke a promise.`,
		);
		return report.broken.length === 0 ? 0 : 1;
	},
}).then(() => process.exit());
