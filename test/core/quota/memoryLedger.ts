import type { NewRow, QuotaLedger, QuotaSettings, RowChange } from '../../../core/quota/ledger';
import type { LedgerRow } from '../../../core/quota/ledgerRow';
import type { Failure, Result } from '../../../core/result';
import { ok } from '../../../core/result';

export type StoredRow = { -readonly [Cell in keyof LedgerRow]: LedgerRow[Cell] } & { quota: string; note?: string };

/** What happens to one call: carried out, not carried out but the answer is a fault, carried out and the answer lost, or carried out late. */
export type Fate = 'well' | 'refused before' | 'answer lost' | 'late';

export const UNREACHABLE: Failure = { kind: 'retry', code: 'LEDGER_UNREACHABLE', reason: 'n8n does not answer' };

/** The ledger as a list of rows: one atomic compare-and-set, no unique key, calls that may go wrong. */
export class MemoryLedger implements QuotaLedger {
	readonly key = 'memory';
	readonly rows: StoredRow[] = [];
	calls = 0;
	/** Asked for each call. */
	fate: (call: 'find' | 'insert' | 'compareAndSet') => Fate = () => 'well';
	/** Run before each call is carried out, so that calls of several clients mix. */
	pause: () => Promise<void> = async () => {};
	private nextId = 1;
	private readonly comingLate: (() => void)[] = [];

	constructor(private readonly now: () => number = () => 0) {}

	/** A row as a person or another run leaves it. */
	put(row: Partial<StoredRow>): StoredRow {
		const stored: StoredRow = {
			id: this.nextId++,
			quota: 'All Syncs',
			period: '2026-11',
			used: 0,
			limit: null,
			alerted: '',
			nonce: '',
			deliveries: '',
			createdAt: this.now(),
			...row,
		};
		this.rows.push(stored);
		return stored;
	}

	async find(quota: string, fromPeriod: string): Promise<Result<readonly LedgerRow[]>> {
		return await this.call('find', () =>
			this.rows.filter((row) => row.quota === quota && row.period >= fromPeriod).map((row) => ({ ...row })),
		);
	}

	async insert({ limit = null as never, ...row }: NewRow): Promise<Result<unknown>> {
		return await this.call('insert', () => this.put({ limit, ...row }));
	}

	async compareAndSet(row: LedgerRow, change: RowChange): Promise<Result<number>> {
		return await this.call('compareAndSet', () => {
			const found = this.rows.find(({ id, used, nonce }) => id === row.id && used === row.used && nonce === row.nonce);
			if (!found) return 0;
			Object.assign(found, Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined)));
			return 1;
		});
	}

	/** Carries out what was under way while its caller had given up. */
	deliverLate(): void {
		for (const work of this.comingLate.splice(0)) work();
	}

	private async call<T>(name: 'find' | 'insert' | 'compareAndSet', work: () => T): Promise<Result<T>> {
		this.calls += 1;
		await this.pause();
		const fate = this.fate(name);
		if (fate === 'well') return ok(work());
		if (fate === 'answer lost') work();
		if (fate === 'late') this.comingLate.push(() => void work());
		return UNREACHABLE;
	}
}

export const SETTINGS: QuotaSettings = {
	quota: 'All Syncs',
	limit: 1_000,
	mode: 'finishBatch',
	thresholds: [80, 100],
	period: 'month',
	timeZone: 'UTC',
};

/** Names for writes that never repeat. */
export function counter(prefix = 'n'): () => string {
	let count = 0;
	return () => `${prefix}${++count}`;
}
