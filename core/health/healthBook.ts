import type { Result } from '../result';
import type { DayCounts } from './healthState';
import type { TroubleRow } from './troubleRows';

/** A row that holds the state of a sync. People may edit it, so anything may stand in the cells. */
export interface HeadRow {
	readonly id: number;
	readonly sync: string;
	readonly nonce: unknown;
	readonly state: unknown;
}

/** What is written into it. */
export interface HeadCells {
	readonly counts: DayCounts;
	/** When the last batch was recorded, ISO 8601 in UTC. */
	readonly lastBatch: string;
	readonly nonce: string;
	readonly state: string;
}

export interface DayRow extends DayCounts {
	readonly id: number;
	readonly sync: string;
}

/**
 * Where the health of syncs is kept: a table with a row for each sync as it stands and one for each day, and a table with a row for each
 * contact that is not in sync. A `retry` of a write leaves open whether it was carried out.
 */
export interface HealthBook {
	/** Names the book in this process; no secret. */
	readonly key: string;
	/** The rows that hold states, the oldest first. Absent `sync`: of all syncs. */
	heads(sync?: string): Promise<Result<readonly HeadRow[]>>;
	insertHead(sync: string, cells: HeadCells): Promise<Result<unknown>>;
	/** Writes the row if its cell `nonce` still is what was read. Answers how many rows were changed. */
	compareAndSet(head: HeadRow, cells: HeadCells): Promise<Result<number>>;
	/** Removes rows of the first table by their ids. */
	deleteHeads(ids: readonly number[]): Promise<Result<unknown>>;
	/** The days of a sync from `from` on; absent `sync`: of all syncs. */
	days(from: string, sync?: string): Promise<Result<readonly DayRow[]>>;
	insertDays(sync: string, days: readonly DayCounts[]): Promise<Result<unknown>>;
	rows(sync: string): Promise<Result<readonly (TroubleRow & { readonly id: number })[]>>;
	/** The row with this entry, where it is there. */
	row(entry: string): Promise<Result<TroubleRow | undefined>>;
	insertRows(rows: readonly TroubleRow[]): Promise<Result<unknown>>;
	/** In one call removes rows by their entries; of many it may take a part, and answers those it has not removed yet. */
	deleteRows(sync: string, entries: readonly string[]): Promise<Result<readonly string[]>>;
	deleteRowIds(ids: readonly number[]): Promise<Result<unknown>>;
}
