import { BENCH_WAYS, contactsOf, keyOf, type BenchCase, type Condition } from './cases';
import { floorOf, ratiosOf, rowsOf, spreadOf, type Figures, type Ratio, type Row, type Spread } from './figures';
import type { BenchReport } from './runBench';

const CONDITIONS: Readonly<Record<Condition, (report: BenchReport) => string>> = {
	vendors: ({ options }) =>
		`With the vendors' latency and limits: 80 ms a call, 190 HubSpot calls in ten seconds, ten Brevo calls a second, imports of ${options.importSeconds} s one after the other`,
	bare: () =>
		'Without latency and limits, and without the pauses that n8n’s own nodes make for them: the pure overhead',
};

const COLUMNS = ['', 'HubSpot calls', 'Brevo calls', 'seconds', 'contacts a second', 'of HubSpot’s rate', 'of Brevo’s rate', 'peak MB', 'CPU s']; // prettier-ignore
const RATIO_COLUMNS = ['times what contact-sync takes', 'seconds', 'calls', 'CPU'];

/** Tables in Markdown, for the terminal and for the docs. Scaled numbers carry a `~`. */
export function reportTables(report: BenchReport): string {
	const { runs } = report;
	const conditions = (['vendors', 'bare'] as const).filter((one) => runs.some(({ condition }) => condition === one));
	return conditions
		.flatMap((condition) => {
			const rows = rowsOf(report, condition);
			return [
				`**${CONDITIONS[condition](report)}**`,
				table(COLUMNS, blocksOf(rows, report, condition)),
				table(RATIO_COLUMNS, ratiosOf(rows).map(ratioCells)),
			];
		})
		.join('\n\n');
}

function blocksOf(rows: readonly Row[], { options }: BenchReport, condition: Condition): string[][] {
	const cases = new Map(rows.map((row) => [keyOf(row.case), row.case]));
	return [...cases].flatMap(([key, which]) => [
		[`**${titleOf(which)}**`, ...COLUMNS.slice(1).map(() => '')],
		...rows.filter((row) => keyOf(row.case) === key).map(cellsOf),
		...(condition === 'vendors' ? [floorCells(which, options.importSeconds)] : []),
	]);
}

export const titleOf = ({ kind, members, changes }: BenchCase): string =>
	kind === 'firstSync'
		? `First sync of ${inWords(members)}`
		: `A poll with ${changes === 0 ? 'nothing' : inWords(changes)} of ${inWords(members)} changed`;

function cellsOf({ way, condition, case: which, rounds }: Row): string[] {
	const mark = rounds.some(({ isScaled }) => isScaled) ? '~' : '';
	const middle = (of: (figures: Figures) => number): number => spreadOf(rounds.map(of)).median;
	const seconds = middle((figures) => figures.seconds);
	const contacts = contactsOf(which);
	const cpu = middle(({ cpuSeconds = NaN }) => cpuSeconds);
	return [
		BENCH_WAYS[way],
		mark + inWords(middle(({ hubspotCalls }) => hubspotCalls)),
		mark + inWords(middle(({ brevoCalls }) => brevoCalls)),
		mark + inSeconds(seconds),
		contacts === 0 ? '' : mark + inWords(contacts / seconds),
		condition === 'bare' ? '' : mark + percent(middle(({ hubspotShare }) => hubspotShare)),
		condition === 'bare' ? '' : mark + percent(middle(({ brevoShare }) => brevoShare)),
		inWords(middle(({ peakMb }) => peakMb)),
		Number.isNaN(cpu) ? '' : mark + inSeconds(cpu),
	];
}

function floorCells(which: BenchCase, importSeconds: number): string[] {
	const { hubspotCalls, brevoCalls, seconds } = floorOf(which, importSeconds);
	return ['_floor_', inWords(hubspotCalls), inWords(brevoCalls), inSeconds(seconds), '', '', '', '', ''];
}

const ratioCells = ({ case: which, way, seconds, calls, cpu }: Ratio): string[] => [
	`${titleOf(which)}: ${BENCH_WAYS[way]}`,
	spread(seconds),
	spread(calls),
	cpu ? spread(cpu) : '',
];

function spread({ median, least, most }: Spread): string {
	const [all, from, to] = [median, least, most].map(times);
	return from === to ? `${all}` : `${all} (${from} to ${to})`;
}

const times = (factor: number): string => `${factor < 10 ? factor.toFixed(1) : inWords(factor)} ×`;

/** What the tables leave out. */
export function remarks(report: BenchReport): string[] {
	const { options, machine, load, at, compared, problems, runs } = report;
	const refused = runs.reduce((sum, { measured }) => sum + measured.rateLimited, 0);
	const { members, sample } = options;
	return [
		...(sample < members
			? [
					`~  measured with ${inWords(sample)} contacts, and what is done for each multiplied; memory as measured. The time before the first and after the last write is not multiplied.`,
				]
			: []),
		`Figures are the middle of ${options.rounds} round(s), ratios with the least and the most of them.`,
		`${inWords(compared)} contacts of the other ways were compared with ours, field by field; ours with what HubSpot says.`,
		`${at.slice(0, 10)}, n8n ${machine.n8n}, ${machine.cpus} processors, Node ${machine.node} beside it, load ${load.map((one) => one.toFixed(1)).join(' at the start and ')} at the end.`,
		...(refused > 0
			? [`${inWords(refused)} calls of n8n’s own nodes were answered 429, and their contacts written again.`]
			: []),
		...problems.map((problem) => `NOT VALID: ${problem}`),
	];
}

/** The two promises of the benchmark, of the largest first sync that was measured: how many times as fast, and how many times fewer calls. */
export function headline(report: BenchReport): string {
	const { members } = report.options;
	const ratio = ratiosOf(rowsOf(report, 'vendors')).find(
		({ case: which, way }) => way === 'n8nNodes' && which.kind === 'firstSync' && which.members === members,
	);
	if (!ratio) return '';
	return `A first sync of ${inWords(members)}: n8n’s own nodes with one call a contact take ${spread(ratio.seconds)} the time and ${spread(ratio.calls)} the calls of contact-sync.`;
}

function table(columns: readonly string[], rows: ReadonlyArray<readonly string[]>): string {
	const widths = columns.map((title, column) =>
		Math.max(title.length, ...rows.map((cells) => cells[column]?.length ?? 0)),
	);
	const line = (cells: readonly string[]): string =>
		`| ${cells
			.map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
			.join(' | ')} |`;
	const rule = widths.map((width, column) => (column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`));
	return [line(columns), line(rule), ...rows.map(line)].join('\n');
}

const inWords = (count: number): string => Math.round(count).toLocaleString('en-US');

const inSeconds = (seconds: number): string => (seconds < 100 ? seconds.toFixed(1) : inWords(seconds));

const percent = (share: number): string => `${Math.round(share * 100)} %`;
