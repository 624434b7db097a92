import { randomBytes } from 'node:crypto';
import { writeCsv } from './csv';
import { reportNames, RowImporter, type ImportOptions, type ImportRow, type ReportName } from './importRows';
import type { BrevoSettings } from '../settings';
import type { BrevoStore } from '../store';

export type ProcessStatus = 'queued' | 'in_process' | 'completed' | 'failed';

interface Job {
	readonly id: number;
	readonly name: 'IMPORTUSER' | 'LIST_EXPORT';
	/** Lists it works on: two jobs never work on the same list at once. */
	readonly listIds: readonly number[];
	readonly rows: number;
	readonly durationMs: number;
	readonly fails: boolean;
	/** Works on row number `index`. */
	work: (index: number) => void;
	/** Name of the report file's CSV per report; filled while it runs. */
	readonly reports: Map<ReportName, string[][]>;
	readonly token: string;
	status: ProcessStatus;
	startedAt?: number;
	done: number;
}

/** How often running jobs are looked at without a call. */
const TICK_MS = 25;
/** Its multiples spread evenly between whole numbers. */
const GOLDEN_RATIO = 0.618_033_988_75;

/**
 * Asynchronous jobs. A job starts as `queued`, waits until no other job works on one of its lists, and then stores its rows
 * bit by bit over its duration: a call that reads back too early sees a part. Time is the sandbox clock's, so a test that moves
 * the clock moves the jobs.
 */
export class Processes {
	private readonly jobs: Job[] = [];
	private timer: ReturnType<typeof setInterval> | undefined;
	private nextId = 1;

	constructor(
		private readonly store: BrevoStore,
		private readonly settings: BrevoSettings,
		private readonly now: () => number,
	) {}

	startImport(rows: readonly ImportRow[], options: ImportOptions): number {
		const importer = new RowImporter(this.store, this.settings, options);
		const reports = new Map<ReportName, string[][]>();
		const fails = this.settings.failImports > 0;
		if (fails) this.settings.failImports -= 1;
		const durationMs = this.importMs() + rows.length * this.settings.importMsPerRow;
		return this.start('IMPORTUSER', options.listIds, rows.length, durationMs, fails, reports, (index) => {
			const row = rows[index] as ImportRow;
			const report = importer.take(row);
			if (report === undefined) return;
			const { EXT_ID, SMS } = row.attributes;
			const line = [row.email ?? '', text(row.extId ?? EXT_ID), text(SMS)];
			const lines = reports.get(report);
			if (lines === undefined) reports.set(report, [line]);
			else lines.push(line);
		});
	}

	/** Takes all members off a list, as `contacts/remove` with `all: true` does. */
	startEmptying(listId: number): { processId: number; total: number } {
		const members = [...(this.store.lists.get(listId)?.members ?? [])];
		const duration = this.settings.importDelayMs;
		const processId = this.start('LIST_EXPORT', [listId], members.length, duration, false, new Map(), (index) => {
			const contact = this.store.contacts.get(members[index] as number);
			if (contact !== undefined) this.store.changeContact(contact, { removeFrom: [listId] }, 'lists');
		});
		return { processId, total: members.length };
	}

	/** Short ones are the most frequent: the times are even on a logarithmic scale. */
	private importMs(): number {
		const { importDelayMs, longestImportMs } = this.settings;
		if (longestImportMs === null) return importDelayMs;
		const share = (this.nextId * GOLDEN_RATIO) % 1;
		return importDelayMs * (longestImportMs / Math.max(1, importDelayMs)) ** share;
	}

	/** Brings every job to where it should be by now. Called before each request is answered. */
	settle(): void {
		const now = this.now();
		const busy = new Set<number>();
		for (const job of this.jobs) {
			if (job.status === 'completed' || job.status === 'failed') continue;
			if (job.startedAt === undefined) {
				const waits = this.settings.importsOneByOne ? busy.size > 0 : job.listIds.some((id) => busy.has(id));
				if (waits) {
					job.listIds.forEach((id) => busy.add(id));
					continue;
				}
				job.startedAt = now;
			}
			this.advance(job, now);
			if (job.status === 'in_process' || job.status === 'queued') job.listIds.forEach((id) => busy.add(id));
		}
		if (!this.busy() && this.timer !== undefined) {
			clearInterval(this.timer);
			this.timer = undefined;
		}
	}

	busy(): boolean {
		return this.jobs.some(({ status }) => status === 'queued' || status === 'in_process');
	}

	all(): readonly number[] {
		return this.jobs.map(({ id }) => id);
	}

	/** What GET /processes shows of one job; undefined when there is none. `baseUrl` is what report links start with. */
	body(id: number, baseUrl: string): Record<string, unknown> | undefined {
		const job = this.find(id);
		if (job === undefined) return undefined;
		const shown = { id: job.id, name: job.name, status: job.status };
		if (job.name !== 'IMPORTUSER' || job.status !== 'completed') return shown;
		const url = (name: ReportName) =>
			job.reports.has(name) ? `${baseUrl}/reports/${job.id}-${job.token}/${name}.csv` : null;
		return { ...shown, info: { import: Object.fromEntries(reportNames.map((name) => [name, url(name)])) } };
	}

	/** The CSV behind a report link: EMAIL, EXT_ID and SMS as they were sent (columns UNCONFIRMED). */
	report(folder: string, file: string): string | undefined {
		const job = this.jobs.find(({ id, token }) => `${id}-${token}` === folder);
		const name = reportNames.find((known) => `${known}.csv` === file);
		const lines = name === undefined ? undefined : job?.reports.get(name);
		return lines === undefined ? undefined : writeCsv(['EMAIL', 'EXT_ID', 'SMS'], lines);
	}

	clear(): void {
		this.jobs.length = 0;
		this.nextId = 1;
		this.settle();
	}

	close(): void {
		if (this.timer !== undefined) clearInterval(this.timer);
		this.timer = undefined;
	}

	private start(
		name: Job['name'],
		listIds: readonly number[],
		rows: number,
		durationMs: number,
		fails: boolean,
		reports: Job['reports'],
		work: Job['work'],
	): number {
		const id = this.nextId++;
		const token = randomBytes(8).toString('hex');
		this.jobs.push({ id, name, listIds, rows, durationMs, fails, work, reports, token, status: 'queued', done: 0 });
		this.timer ??= setInterval(() => this.settle(), TICK_MS).unref();
		this.settle();
		return id;
	}

	private advance(job: Job, now: number): void {
		const elapsed = now - (job.startedAt ?? now);
		if (elapsed >= job.durationMs && job.fails) {
			job.status = 'failed';
			return;
		}
		if (elapsed > 0) job.status = 'in_process';
		if (job.fails) return;
		// Nothing is visible during the first half, as if the file were still being read.
		const share = elapsed >= job.durationMs ? 1 : Math.max(0, (elapsed / job.durationMs) * 2 - 1);
		const until = Math.floor(job.rows * share);
		while (job.done < until) job.work(job.done++);
		if (elapsed >= job.durationMs) {
			job.status = 'completed';
			// Lets go of the rows, which may be many megabytes.
			job.work = () => undefined;
		}
	}

	private find(id: number): Job | undefined {
		return this.jobs.find((job) => job.id === id);
	}
}

function text(sent: unknown): string {
	return typeof sent === 'string' || typeof sent === 'number' ? String(sent) : '';
}
