import type { NewRow, QuotaLedger, RowChange } from '../../core/quota/ledger';
import type { LedgerRow } from '../../core/quota/ledgerRow';
import type { Result } from '../../core/result';
import { ok } from '../../core/result';
import type { N8nClient } from './n8nClient';
import type { FoundTable } from './namedTable';
import { changedColumns, isChanged } from './namedTable';
import { findQuotaTable, newNonce, QUOTA_COLUMNS } from './quotaTable';
import type { CellValue, DataRow, RowFilter } from './types';

/** Tables that this process has found, by ledger: looking one up costs a call. */
const known = new Map<string, FoundTable>();
const MOST_KNOWN = 200;

/**
 * The ledger of quotas as a data table of n8n. The table is looked up with the first call of a process and again when it was
 * deleted or changed. `account` names the credential without its secret.
 */
export class TableLedger implements QuotaLedger {
	readonly key: string;
	/** As n8n stores it. */
	private readonly tableName: string;
	/** Notices about the table, one sentence each. */
	readonly notes: string[] = [];

	constructor(
		private readonly client: N8nClient,
		account: string,
		tableName: string,
	) {
		this.tableName = tableName.trim();
		this.key = `${account}:${this.tableName}`;
	}

	/** A new name for a write. */
	readonly nonce = (): string => newNonce(this.tableName);

	async find(quota: string, fromPeriod: string): Promise<Result<readonly LedgerRow[]>> {
		const filter: RowFilter = {
			type: 'and',
			filters: [
				{ columnName: 'quota', condition: 'eq', value: quota },
				{ columnName: 'period', condition: 'gte', value: fromPeriod },
			],
		};
		const wasKnown = known.has(this.key);
		const found = await this.inTable(async ({ id, name }) => {
			const rows = await this.client.findRows(id, filter);
			return rows.kind === 'ok' ? this.readRows(rows.value, name) : rows;
		});
		return wasKnown && isChanged(found) ? await this.find(quota, fromPeriod) : found;
	}

	async insert({ quota, period, ...change }: NewRow): Promise<Result<unknown>> {
		const row = { quota, period, ...cellsOf(change) };
		const made = await this.inTable(async ({ id }) => await this.client.insertRows(id, [row]));
		return isChanged(made) ? ok(undefined) : made;
	}

	async compareAndSet(row: LedgerRow, change: RowChange): Promise<Result<number>> {
		const filter: RowFilter = {
			type: 'and',
			filters: [
				{ columnName: 'id', condition: 'eq', value: row.id },
				{ columnName: 'used', condition: 'eq', value: cellOf(row.used) },
				{ columnName: 'nonce', condition: 'eq', value: cellOf(row.nonce) },
			],
		};
		const changed = await this.inTable(async ({ id }) => await this.client.updateRows(id, filter, cellsOf(change)));
		return isChanged(changed) ? ok(0) : changed;
	}

	private async inTable<T>(work: (table: FoundTable) => Promise<Result<T>>): Promise<Result<T>> {
		const table = await this.table();
		if (table.kind !== 'ok') return table;
		const result = await work(table.value);
		if (isChanged(result)) known.delete(this.key);
		const { name } = table.value;
		return result.kind === 'refused' && !result.reason.includes(name)
			? { ...result, reason: `Data table '${name}': ${result.reason}` }
			: result;
	}

	private async table(): Promise<Result<FoundTable>> {
		const found = known.get(this.key);
		if (found) return ok(found);
		const table = await findQuotaTable(this.client, this.tableName);
		if (table.kind !== 'ok') return table;
		const { note } = table.value;
		if (note !== undefined) this.notes.push(note);
		const oldest = known.keys().next();
		if (known.size >= MOST_KNOWN && !oldest.done) known.delete(oldest.value);
		known.set(this.key, table.value);
		return table;
	}

	private readRows(rows: readonly DataRow[], table: string): Result<readonly LedgerRow[]> {
		const [first] = rows;
		const missing = first ? QUOTA_COLUMNS.filter(({ name }) => !(name in first)) : [];
		if (missing.length > 0) {
			const wanted = missing.map(({ name, type }) => `'${name}' (${type}) is missing`);
			return { kind: 'refused', ...changedColumns(table, wanted) };
		}
		return ok(rows.map(toLedgerRow));
	}
}

function toLedgerRow({ id, period, used, limit, alerted, nonce, deliveries, createdAt }: DataRow): LedgerRow {
	const made = typeof createdAt === 'string' ? Date.parse(createdAt) : NaN;
	return {
		id,
		period: typeof period === 'string' ? period.trim() : '',
		used,
		limit,
		alerted,
		nonce,
		deliveries,
		...(Number.isNaN(made) ? {} : { createdAt: made }),
	};
}

function cellsOf({ used, alerted, nonce, deliveries, limit, note }: RowChange): Record<string, CellValue> {
	return {
		used,
		alerted,
		nonce,
		...(deliveries === undefined ? {} : { deliveries }),
		...(limit === undefined ? {} : { limit }),
		...(note === undefined ? {} : { note }),
	};
}

/** As n8n compares it. */
const cellOf = (value: unknown): CellValue =>
	typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null;
