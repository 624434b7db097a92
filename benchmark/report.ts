import type { Way } from './job';
import type { Measurement } from './measure';
import { WAY_NAMES } from './measure';
import type { BenchmarkReport, Row, Scenario } from './runBenchmark';

const TITLES: Readonly<Record<Scenario, (report: BenchmarkReport) => string>> = {
	firstSync: ({ members }) => `First sync of ${inWords(members)} members`,
	again: () => 'The same again from the start, nothing changed',
	changed: ({ changed, members }) => `${inWords(changed)} of ${inWords(members)} contacts changed`,
	idle: () => 'Idle: one poll, nothing changed',
};

const COLUMNS = ['', 'contacts', 'HubSpot calls', 'Brevo calls', 'real writes', 'seconds', 'peak MB', '429s'];

/** The table for people. Scaled numbers carry a `~`. */
export function reportTable(report: BenchmarkReport): string {
	const scenarios = Object.keys(TITLES) as Scenario[];
	const lines = scenarios.flatMap((scenario): Array<readonly string[]> => {
		const rows = report.rows.filter((row) => row.scenario === scenario);
		return [[TITLES[scenario](report)], ...rows.map(cellsOf)];
	});
	const widths = COLUMNS.map((title, column) =>
		Math.max(title.length, ...lines.filter((cells) => cells.length > 1).map((cells) => cells[column]?.length ?? 0)),
	);
	const line = (cells: readonly string[]): string =>
		cells.length === 1
			? `\n${cells[0]}`
			: cells
					.map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
					.join('  ');
	return [line(COLUMNS), ...lines.map(line)].join('\n');
}

function cellsOf({ way, contacts, scale, measured }: Row): readonly string[] {
	const mark = scale === 1 ? '' : '~';
	/** Only what is done once per contact grows with their number. */
	const scaled = (all: number, perContact: number): number => all + perContact * (scale - 1);
	const { contactCalls, writes } = measured;
	const seconds = scaled(measured.seconds, measured.seconds - measured.preparationSeconds);
	return [
		`  ${WAY_NAMES[way]}`,
		inWords(contacts),
		mark + inWords(Math.round(scaled(measured.hubspotCalls, contactCalls.hubspot))),
		mark + inWords(Math.round(scaled(measured.brevoCalls, contactCalls.brevo))),
		mark + inWords(Math.round(scaled(writes, writes))),
		mark + (seconds < 100 ? seconds.toFixed(1) : inWords(Math.round(seconds))),
		inWords(Math.round(measured.peakRssMb)),
		inWords(measured.rateLimited),
	];
}

/** What the table leaves out: what was scaled, whether all ended alike, the large run. */
export function remarks(report: BenchmarkReport): string[] {
	const { members, sample, states, mapping, large, problems, differencesFromTruth, rows } = report;
	const loaded = Math.min(...rows.map(({ measured }) => measured.startRssMb));
	return [
		...(sample < members
			? [
					`~  measured with the first ${inWords(sample)} members of the same list and what is done per contact multiplied by ${trimmed(members / sample)}; memory and 429s as measured.`,
				]
			: []),
		`Memory: highest resident memory of the process; ${Math.round(loaded)} MB of it is Node with the code loaded.`,
		`Idle: '${WAY_NAMES.pages}' has no idle poll, every run is one of the second block; '${WAY_NAMES.oneByOne}' waits for events.`,
		`End state: ${
			differencesFromTruth.length === 0 ? 'Brevo holds what HubSpot says' : `${differencesFromTruth.length} differences`
		} (${inWords(members)} members, field by field); the other ways left ${Object.entries(states)
			.map(
				([way, { compared, differing }]) =>
					`${inWords(compared - differing.length)} of ${inWords(compared)} (${WAY_NAMES[way as Way]})`,
			)
			.join(' and ')} contacts alike.`,
		`Mapping ${mapping.rows} fields: ${inWords(Math.round(mapping.ours))} contacts a second by field names, ${inWords(Math.round(mapping.expressions))} by expressions.`,
		...(large ? largeRemarks(large.members, large.measured) : []),
		...problems.map((problem) => `NOT VALID: ${problem}`),
	];
}

const LARGE_POINTS = 5;

function largeRemarks(members: number, measured: Measurement): string[] {
	const { memory, seconds, hubspotCalls, brevoCalls, peakRssMb, polls, rateLimited } = measured;
	const points = Array.from(
		{ length: LARGE_POINTS },
		(_, index) => memory[Math.ceil(((index + 1) * memory.length) / LARGE_POINTS) - 1],
	);
	const shown = points.flatMap((point) =>
		point
			? [`${inWords(point.contacts)}: ${Math.round(point.rssMb)} MB (live ${Math.round(point.liveMb ?? 0)} MB)`]
			: [],
	);
	return [
		'',
		`First sync of ${inWords(members)} members, contact-sync: ${Math.round(seconds)} s in ${polls ?? 1} polls, ${inWords(hubspotCalls)} HubSpot calls, ${inWords(brevoCalls)} Brevo calls, ${rateLimited} answers 429, peak ${Math.round(peakRssMb)} MB.`,
		`  Memory after so many contacts: ${shown.join(', ')}`,
		`  One call per contact at 10 a second would take at least ${inWords(Math.ceil(members / 600))} minutes; not run.`,
	];
}

const inWords = (count: number): string => count.toLocaleString('en-US');

const trimmed = (factor: number): string => String(Number(factor.toFixed(2)));
