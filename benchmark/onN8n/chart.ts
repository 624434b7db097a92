import { BENCH_WAYS, keyOf, type BenchWay } from './cases';
import { callsOf, floorOf, rowsOf, spreadOf } from './figures';
import { titleOf } from './report';
import type { BenchReport } from './runBench';

interface Bar {
	readonly label: string;
	readonly value: number;
	readonly mark: string;
	readonly colour: string;
}

const COLOURS: Readonly<Record<BenchWay, string>> = {
	contactSync: '#2f7d4f',
	withHealth: '#2f7d4f',
	n8nNodes: '#c2554a',
	n8nImports: '#c99a3c',
	script: '#7a7f87',
};
const FLOOR_COLOUR = '#c9ccd1';
const WIDTH = 760;
const LABELS = 210;
const FIGURES = 90;
const BAR = 20;
const GAP = 8;
const HEAD = 34;

/** The largest first sync that was repeated, as bars on a scale of powers of ten: seconds above, calls below. An SVG for both of GitHub's themes. */
export function chartOf(report: BenchReport): string {
	const which = { kind: 'firstSync', members: report.options.members, changes: 0 } as const;
	const rows = rowsOf(report, 'vendors').filter(
		({ way, case: one }) => way !== 'withHealth' && keyOf(one) === keyOf(which),
	);
	const floor = floorOf(which, report.options.importSeconds);
	const barsOf = (of: (figures: (typeof rows)[number]['rounds'][number]) => number, least: number): Bar[] => [
		...rows.map(({ way, rounds }) => ({
			label: BENCH_WAYS[way],
			value: spreadOf(rounds.map(of)).median,
			mark: rounds.some(({ isScaled }) => isScaled) ? '~' : '',
			colour: COLOURS[way],
		})),
		{ label: 'floor', value: least, mark: '', colour: FLOOR_COLOUR },
	];
	const panels = [
		{ title: `${titleOf(which)}: seconds`, bars: barsOf(({ seconds }) => seconds, floor.seconds) },
		{ title: 'Calls to both vendors', bars: barsOf(callsOf, callsOf(floor)) },
	];
	let top = 0;
	const drawn = panels.map(({ title, bars }) => {
		const text = panel(title, bars, top);
		top += HEAD + bars.length * (BAR + GAP) + GAP;
		return text;
	});
	return [
		`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${top}" width="${WIDTH}" height="${top}" font-family="sans-serif" font-size="13">`,
		`<rect width="${WIDTH}" height="${top}" fill="#ffffff"/>`,
		...drawn,
		'</svg>',
		'',
	].join('\n');
}

function panel(title: string, bars: readonly Bar[], top: number): string {
	const most = Math.max(...bars.map(({ value }) => value));
	const scale = (value: number): number =>
		((WIDTH - LABELS - FIGURES) * Math.log10(Math.max(value, 1.2))) / Math.log10(most);
	const drawn = bars.map(({ label, value, mark, colour }, index) => {
		const y = top + HEAD + index * (BAR + GAP);
		const length = Math.max(2, Math.round(scale(value)));
		const middle = y + BAR / 2 + 4;
		return [
			`<text x="${LABELS - 8}" y="${middle}" text-anchor="end" fill="#333">${label}</text>`,
			`<rect x="${LABELS}" y="${y}" width="${length}" height="${BAR}" rx="3" fill="${colour}"/>`,
			`<text x="${LABELS + length + 6}" y="${middle}" fill="#333">${mark}${Math.round(value).toLocaleString('en-US')}</text>`,
		].join('\n');
	});
	const note = `<tspan fill="#777" font-weight="normal"> (each step to the right is as many times more)</tspan>`;
	return [`<text x="8" y="${top + 22}" font-weight="bold" fill="#111">${title}${note}</text>`, ...drawn].join('\n');
}
