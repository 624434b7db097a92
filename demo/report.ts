import type { Difference } from './compare';
import type { Tally } from './firstSync';
import type { StoryReport } from './story/storyReport';

/** The numbers of one demo run; this is what `--json` prints. */
export interface DemoReport extends Tally {
	readonly members: number;
	/** From publishing the workflow to the end of the last execution. */
	readonly seconds: number;
	readonly calls: Readonly<Record<string, number>>;
	readonly callsByRoute: Readonly<Record<string, Readonly<Record<string, number>>>>;
	/** Answers with status 429, by vendor. */
	readonly rateLimited: Readonly<Record<string, number>>;
	readonly equal: boolean;
	readonly differences: readonly Difference[];
	readonly versions: Readonly<Record<string, string>>;
	/** Only with `--story`. */
	readonly story?: StoryReport;
}

const MAX_DIFFERENCES = 20;

/** The table at the end of a run. */
export function reportTable(report: DemoReport): string {
	const reasons = Object.entries(report.reasons).sort(([a], [b]) => a.localeCompare(b));
	const rows: Array<[label: string, value: string | number, remark?: string]> = [
		['Contacts read', report.read],
		['  created', report.created],
		['  updated', report.updated],
		['  unchanged', report.unchanged],
		['  excluded', report.excluded],
		['  failed', report.failed],
		...reasons.map(([code, count]): [string, number] => [`    ${code}`, count]),
		['Executions', report.executions],
		...Object.entries(report.calls).map(([vendor, count]): [string, number, string] => [
			`API calls to ${vendor}`,
			count,
			report.rateLimited[vendor] ? `(${report.rateLimited[vendor]} answered 429)` : '',
		]),
		['Seconds', report.seconds.toFixed(1)],
	];
	const width = Math.max(...rows.map(([label]) => label.length));
	return rows
		.map(([label, value, remark = '']) => `  ${label.padEnd(width)}  ${String(value).padStart(6)}  ${remark}`.trimEnd())
		.join('\n');
}

export function verdict({ equal, differences, members }: DemoReport): string {
	if (equal)
		return `Brevo holds exactly what HubSpot says it should hold (${members} members compared, field by field).`;
	const shown = differences.slice(0, MAX_DIFFERENCES).map(({ who, what }) => `  ${who} ${what}`);
	const more = differences.length - shown.length;
	return [
		`Brevo does not hold what it should hold: ${differences.length} difference(s)`,
		...shown,
		...(more > 0 ? [`  … and ${more} more`] : []),
	].join('\n');
}
