import type { N8nApi } from '../../../demo/n8n/n8nApi';

/** A row of the ledger, as the data table's screen shows it. */
export interface LedgerCells {
	readonly id: number;
	readonly quota: string;
	readonly period: string;
	readonly used: number;
	readonly limit: number | null;
	readonly alerted: string | null;
	readonly note: string | null;
	readonly nonce: string | null;
	readonly deliveries: string | null;
	readonly [further: string]: unknown;
}

interface Table {
	readonly id: string;
	readonly name: string;
	readonly columns: ReadonlyArray<{ readonly id: string; readonly name: string }>;
}

/** The ledger's data table as a person handles it in n8n. */
export class LedgerTable {
	constructor(
		private readonly api: N8nApi,
		readonly name = 'Contact Sync Quota',
	) {}

	named(name: string): LedgerTable {
		return new LedgerTable(this.api, name);
	}

	/** Every data table with the name; a person may have made another in the meantime. */
	async tables(): Promise<Table[]> {
		const { data } = await this.call<{ data: Table[] }>('GET', '?limit=250');
		return data.filter(({ name }) => name === this.name);
	}

	/** The rows of a quota, by id. */
	async rows(quota: string): Promise<LedgerCells[]> {
		const [table] = await this.tables();
		if (!table) return [];
		const query = `limit=250&${filterOf(only({ quota }))}`;
		const { data } = await this.call<{ data: LedgerCells[] }>('GET', `/${table.id}/rows?${query}`);
		return [...data].sort((a, b) => a.id - b.id);
	}

	/** The one row in which the quota is counted; throws when there are several. */
	async row(quota: string): Promise<LedgerCells> {
		const rows = (await this.rows(quota)).filter(({ note }) => !/^(Merged|A copy)/.test(note ?? ''));
		const [row, another] = rows;
		if (!row || another) throw new Error(`The quota '${quota}' is counted in ${rows.length} rows`);
		return row;
	}

	/** Types something into cells of the row. */
	async edit(quota: string, cells: Partial<LedgerCells>): Promise<void> {
		const { id } = await this.row(quota);
		await this.call('PATCH', `/${await this.id()}/rows/update`, { filter: only({ id }), data: cells });
	}

	/** Adds a row with the cells of the one there is, other than those given. */
	async duplicate(quota: string, other: Partial<LedgerCells> = {}): Promise<void> {
		const { id: _id, createdAt: _created, updatedAt: _updated, ...cells } = await this.row(quota);
		const data = [{ ...cells, ...other }];
		await this.call('POST', `/${await this.id()}/rows`, { data, returnType: 'count' });
	}

	async deleteRows(quota: string): Promise<void> {
		await this.call('DELETE', `/${await this.id()}/rows/delete?${filterOf(only({ quota }))}`);
	}

	async rename(to: string): Promise<LedgerTable> {
		await this.call('PATCH', `/${await this.id()}`, { name: to });
		return this.named(to);
	}

	async deleteColumn(column: string): Promise<void> {
		const [table] = await this.tables();
		const found = table?.columns.find(({ name }) => name === column);
		await this.call('DELETE', `/${table?.id}/columns/${found?.id}`);
	}

	async addColumn(name: string, type: 'string' | 'number'): Promise<void> {
		await this.call('POST', `/${await this.id()}/columns`, { name, type });
	}

	async delete(): Promise<void> {
		await this.call('DELETE', `/${await this.id()}`);
	}

	private async id(): Promise<string> {
		const [table] = await this.tables();
		if (!table) throw new Error(`There is no data table '${this.name}'`);
		return table.id;
	}

	private async call<T>(method: string, path: string, body?: unknown): Promise<T> {
		return await this.api.json<T>({ method, path: `/api/v1/data-tables${path}`, body });
	}
}

const only = (cells: Readonly<Record<string, string | number>>) => ({
	type: 'and',
	filters: Object.entries(cells).map(([columnName, value]) => ({ columnName, condition: 'eq', value })),
});

/** n8n refuses every sign that is not escaped, a plus for a blank too. */
const filterOf = (filter: object): string =>
	`filter=${encodeURIComponent(JSON.stringify(filter)).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`)}`;
