import type { DayRow, HeadCells, HeadRow, HealthBook } from '../../../core/health/healthBook';
import type { DayCounts } from '../../../core/health/healthState';
import type { TroubleRow } from '../../../core/health/troubleRows';
import type { Failure, Result } from '../../../core/result';
import { ok } from '../../../core/result';

/** What becomes of a call: it is carried out, or not at all, or its answer is lost. `dies`: the process ends there. */
export type Fate = 'well' | 'refused before' | 'answer lost' | 'dies before' | 'dies after';

export const UNREACHABLE: Failure = { kind: 'retry', code: 'LEDGER_UNREACHABLE', reason: 'n8n does not answer' };

/** Stands for the end of a process: nothing after it is carried out. */
export class Killed extends Error {}

type Stored<T> = T & { id: number };

/** The two tables, shared by any number of processes. */
export class MemoryTables {
	readonly heads: Stored<{ sync: string; counts: DayCounts; lastBatch: string; nonce: unknown; state: unknown }>[] = [];
	readonly days: DayRow[] = [];
	readonly contacts: Stored<TroubleRow>[] = [];
	nextId = 1;
}

/** The book as a process sees it. */
export class MemoryBook implements HealthBook {
	readonly key = 'memory';
	/** Each call by its name. */
	readonly calls: string[] = [];
	fate: (call: string) => Fate = () => 'well';
	/** Before each call is carried out, so that calls of several processes mix. */
	pause: () => Promise<void> = async () => {};

	constructor(readonly tables = new MemoryTables()) {}

	async heads(sync?: string): Promise<Result<readonly HeadRow[]>> {
		return await this.call('heads', () =>
			this.tables.heads.filter((row) => sync === undefined || row.sync === sync).map((row) => ({ ...row })),
		);
	}

	async insertHead(sync: string, cells: HeadCells): Promise<Result<unknown>> {
		return await this.call('insertHead', () => this.tables.heads.push({ id: this.tables.nextId++, sync, ...cells }));
	}

	async compareAndSet(head: HeadRow, cells: HeadCells): Promise<Result<number>> {
		return await this.call('compareAndSet', () => {
			const found = this.tables.heads.find(({ id, nonce }) => id === head.id && nonce === head.nonce);
			if (!found) return 0;
			Object.assign(found, cells);
			return 1;
		});
	}

	async deleteHeads(ids: readonly number[]): Promise<Result<unknown>> {
		return await this.call('deleteHeads', () => remove(this.tables.heads, ({ id }) => ids.includes(id)));
	}

	async days(from: string, sync?: string): Promise<Result<readonly DayRow[]>> {
		return await this.call('days', () =>
			this.tables.days.filter((row) => row.day >= from && (sync === undefined || row.sync === sync)),
		);
	}

	async insertDays(sync: string, days: readonly DayCounts[]): Promise<Result<unknown>> {
		return await this.call('insertDays', () => {
			for (const day of days) this.tables.days.push({ ...day, sync, id: this.tables.nextId++ });
		});
	}

	async rows(sync: string): Promise<Result<readonly (TroubleRow & { readonly id: number })[]>> {
		return await this.call('rows', () =>
			this.tables.contacts.filter((row) => row.sync === sync).map((row) => ({ ...row })),
		);
	}

	async row(entry: string): Promise<Result<TroubleRow | undefined>> {
		return await this.call('row', () => this.tables.contacts.find((row) => row.entry === entry));
	}

	async insertRows(rows: readonly TroubleRow[]): Promise<Result<unknown>> {
		return await this.call('insertRows', () => {
			for (const row of rows) this.tables.contacts.push({ ...row, id: this.tables.nextId++ });
		});
	}

	async deleteRows(sync: string, entries: readonly string[]): Promise<Result<readonly string[]>> {
		return await this.call('deleteRows', () => {
			remove(this.tables.contacts, (row) => row.sync === sync && entries.includes(row.entry));
			return [];
		});
	}

	async deleteRowIds(ids: readonly number[]): Promise<Result<unknown>> {
		return await this.call('deleteRowIds', () => remove(this.tables.contacts, ({ id }) => ids.includes(id)));
	}

	private async call<T>(name: string, work: () => T): Promise<Result<T>> {
		await this.pause();
		this.calls.push(name);
		const fate = this.fate(name);
		if (fate === 'dies before') throw new Killed();
		if (fate === 'refused before') return UNREACHABLE;
		const value = work();
		if (fate === 'dies after') throw new Killed();
		return fate === 'answer lost' ? UNREACHABLE : ok(value);
	}
}

function remove<T>(list: T[], which: (one: T) => boolean): void {
	for (let index = list.length - 1; index >= 0; index--) {
		const one = list[index];
		if (one !== undefined && which(one)) list.splice(index, 1);
	}
}
