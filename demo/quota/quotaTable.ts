import { DemoError } from '../demoError';
import type { N8nApi } from '../n8n/n8nApi';

/** What people see of a quota in its row of the data table. */
export interface QuotaRow {
	readonly quota: string;
	readonly period: string;
	readonly used: number;
	/** Null: as the nodes say. */
	readonly limit: number | null;
	/** What was told already. */
	readonly alerted: string | null;
}

/** n8n's data table in which tasks are counted, as its screen in the editor shows and changes it. */
export class QuotaTable {
	private constructor(
		private readonly api: N8nApi,
		private readonly table: { readonly id: string; readonly projectId: string },
	) {}

	/** The table of this name. Throws a DemoError when no workflow has made it yet. */
	static async find(api: N8nApi, name: string): Promise<QuotaTable> {
		const filter = encodeURIComponent(JSON.stringify({ name }));
		const path = `/api/v1/data-tables?filter=${filter}`;
		const { data } = await api.json<{ data: Array<{ id: string; name: string; projectId: string }> }>({
			...{ method: 'GET', path },
		});
		const table = data.find((candidate) => candidate.name === name);
		if (!table) throw new DemoError(`n8n has no data table '${name}'`);
		return new QuotaTable(api, table);
	}

	/** Where a person changes it by hand. */
	get screen(): string {
		return `${this.api.url}/projects/${this.table.projectId}/datatables/${this.table.id}`;
	}

	/** The only row of a quota that has run for one period. */
	async row(quota: string): Promise<QuotaRow> {
		const { data } = await this.api.json<{ data: QuotaRow[] }>({ method: 'GET', path: this.rows });
		const [row, another] = data.filter((candidate) => candidate.quota === quota);
		if (!row || another) throw new DemoError(`The data table should have one row of the quota '${quota}'`);
		return row;
	}

	/** Types a number into the cell 'limit' of a quota. */
	async setLimit(quota: string, limit: number): Promise<void> {
		const filter = { type: 'and', filters: [{ columnName: 'quota', condition: 'eq', value: quota }] };
		await this.api.json({ method: 'PATCH', path: `${this.rows}/update`, body: { filter, data: { limit } } });
	}

	private get rows(): string {
		return `/api/v1/data-tables/${this.table.id}/rows`;
	}
}
