import type { Failure } from '../result';
import type { HealthBook } from './healthBook';
import type { HealthState } from './healthState';
import type { SyncMemory } from './processMemory';
import type { Statement } from './statement';
import type { KeptDetails, RowChanges } from './troubleRows';
import { rowChanges, rowOf, rowRepairs } from './troubleRows';

interface Step {
	/** The state that the rows followed before. */
	readonly base: HealthState;
	readonly state: HealthState;
	/** What the batch said of its contacts. */
	readonly told: ReadonlyMap<string, Statement>;
}

/**
 * Lets the rows that people look at follow the state, with one call a batch: new rows first; rows of contacts that are in sync again in
 * the same call's stead where there are no new ones, else with the next batch; last the rows of days that ended. The first batch of a
 * process compares all rows with the state, because a process that died may have left some over.
 */
export class RowKeeper {
	constructor(
		private readonly memory: SyncMemory,
		private readonly book: HealthBook,
		private readonly sync: string,
		private readonly keeps: KeptDetails,
	) {}

	/** Notices, one sentence each. The state is right whatever becomes of the rows. */
	async follow({ base, state, told }: Step): Promise<readonly string[]> {
		const { memory } = this;
		const { added, removed } = rowChanges(this.sync, base, state);
		for (const entry of removed) memory.outdated.add(entry);
		const wasKnown = memory.rowsKnown && base.day === state.day;
		const failure = wasKnown ? await this.one(added, state, told) : await this.compare(state, told);
		memory.rowsKnown = failure === undefined;
		return failure === undefined ? [] : [`The rows of contacts could not be brought up to date: ${failure.reason}.`];
	}

	/** One call at most. */
	private async one(added: RowChanges['added'], state: HealthState, told: Step['told']): Promise<Failure | undefined> {
		const { memory, book } = this;
		if (added.length > 0) return await this.insert(added, told);
		if (memory.outdated.size > 0) {
			const left = await book.deleteRows(this.sync, [...memory.outdated]);
			if (left.kind !== 'ok') return left;
			memory.outdated.clear();
			for (const entry of left.value) memory.outdated.add(entry);
			return undefined;
		}
		return await this.storeDays(state);
	}

	private async insert(added: RowChanges['added'], told: Step['told']): Promise<Failure | undefined> {
		const rows = added.map(([key, trouble]) => rowOf(this.sync, key, trouble, told.get(key), this.keeps));
		const made = await this.book.insertRows(rows);
		return made.kind === 'ok' ? undefined : made;
	}

	private async storeDays({ ended }: HealthState): Promise<Failure | undefined> {
		const days = ended.filter(({ day }) => !this.memory.storedDays.has(day));
		if (days.length === 0) return undefined;
		const made = await this.book.insertDays(this.sync, days);
		if (made.kind !== 'ok') return made;
		for (const { day } of days) this.memory.storedDays.add(day);
		return undefined;
	}

	/** Compares all rows of the sync with the state, unless another process goes on with the state meanwhile. */
	private async compare(state: HealthState, told: Step['told']): Promise<Failure | undefined> {
		const { memory, book, sync } = this;
		const rows = await book.rows(sync);
		if (rows.kind !== 'ok') return rows;
		const { missing, tooMany } = rowRepairs(sync, state, rows.value);
		if (tooMany.length > 0) {
			const heads = await book.heads(sync);
			if (heads.kind !== 'ok') return heads;
			if (heads.value[0]?.nonce !== memory.head?.row.nonce) return MEANWHILE;
			const removed = await book.deleteRowIds(tooMany);
			if (removed.kind !== 'ok') return removed;
		}
		memory.outdated.clear();
		const failure = missing.length > 0 ? await this.insert(missing, told) : undefined;
		return failure ?? (await this.storeDays(state));
	}
}

const MEANWHILE: Failure = {
	kind: 'retry',
	code: 'LEDGER_BUSY',
	reason: 'another process recorded at the same moment; the next batch looks again',
};
