import type { Difference } from './truth/compare';
import type { Tally } from './firstSync';
import type { MemoryUse } from './process/memory';
import type { QuotaReport } from './quota/playQuota';
import type { StoryReport } from './story/storyReport';

/** The numbers of one demo run; this is what `--json` prints. */
export interface DemoReport extends Tally {
	/** Where the contacts come from: HubSpot or Salesforce. */
	readonly vendor: string;
	readonly members: number;
	/** From publishing the workflow to the end of the last execution. */
	readonly seconds: number;
	readonly calls: Readonly<Record<string, number>>;
	readonly callsByRoute: Readonly<Record<string, Readonly<Record<string, number>>>>;
	/** Answers with status 429, by vendor. */
	readonly rateLimited: Readonly<Record<string, number>>;
	/** Of Salesforce: calls of the rolling day, and how many there may be. */
	readonly dailyCalls?: { readonly used: number; readonly limit: number };
	/** Of the n8n process, in MB, from before the workflow was published until its end. */
	readonly memory?: MemoryUse;
	readonly equal: boolean;
	readonly differences: readonly Difference[];
	readonly versions: Readonly<Record<string, string>>;
	/** Only with `--story`. */
	readonly story?: StoryReport;
	/** Of HubSpot. */
	readonly quota?: QuotaReport;
}

const MAX_DIFFERENCES = 20;

/** The table at the end of a run. */
export function reportTable(report: DemoReport): string {
	const reasons = Object.entries(report.reasons).sort(([a], [b]) => a.localeCompare(b));
	const rows: ReportRow[] = [
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
		...dailyRow(report),
		...memoryRow(report),
		['Seconds', report.seconds.toFixed(1)],
	];
	const width = Math.max(...rows.map(([label]) => label.length));
	return rows
		.map(([label, value, remark = '']) => `  ${label.padEnd(width)}  ${String(value).padStart(6)}  ${remark}`.trimEnd())
		.join('\n');
}

type ReportRow = [label: string, value: string | number, remark?: string];

const dailyRow = ({ dailyCalls }: DemoReport): ReportRow[] =>
	dailyCalls ? [["Salesforce's calls of the day", dailyCalls.used, `of ${dailyCalls.limit}`]] : [];

const memoryRow = ({ memory }: DemoReport): ReportRow[] =>
	memory ? [["n8n's memory grew by MB", memory.peak - memory.before, `(${memory.before} to ${memory.peak})`]] : [];

export function verdict({ equal, differences, members, vendor }: DemoReport): string {
	if (equal)
		return `Brevo holds exactly what ${vendor} says it should hold (${members} members compared, field by field).`;
	const shown = differences.slice(0, MAX_DIFFERENCES).map(({ who, what }) => `  ${who} ${what}`);
	const more = differences.length - shown.length;
	return [
		`Brevo does not hold what it should hold: ${differences.length} difference(s)`,
		...shown,
		...(more > 0 ? [`  … and ${more} more`] : []),
	].join('\n');
}
