import { z } from 'zod';
import type { HttpPort, HttpRequest } from '../../core/ports';
import type { Failure, Result } from '../../core/result';
import { ok } from '../../core/result';
import { classifyN8nReply } from './classify';
import type { ApiKeyScope, CellValue, DataRow, DataTable, RowFilter } from './types';
import { changedRows, dataTable, dataTablePage, doneRows, rowPage } from './types';

/** Where the API of an n8n on the same machine answers. */
export const N8N_API_BASE_URL = 'http://127.0.0.1:5678/api/v1';

/** n8n answers within some 20 ms; what takes this long is stuck. */
const TIMEOUT_MS = 10_000;
/** Most that n8n gives in a page. */
const PER_PAGE = 250;
/** A ledger has some rows a quota; beyond this something else is in the table. */
const MOST_PAGES = 20;

/** The part of n8n's public API that is used here: data tables and their rows, one method an endpoint. Nothing is repeated. */
export class N8nClient {
	/** Calls sent by this client. */
	calls = 0;

	constructor(private readonly http: HttpPort) {}

	/** Every data table that the owner of the key may see, with its columns. */
	async listTables(): Promise<Result<readonly DataTable[]>> {
		return await this.pages({ method: 'GET', path: '/data-tables' }, 'dataTable:list', dataTablePage);
	}

	/** In the personal project of the key's owner. A name that is taken is refused with status 409. */
	async createTable(name: string, columns: DataTable['columns']): Promise<Result<DataTable>> {
		return await this.call(
			{ method: 'POST', path: '/data-tables', body: { name, columns } },
			'dataTable:create',
			dataTable,
		);
	}

	/** All rows that meet the filter, by ascending id. */
	async findRows(tableId: string, filter: RowFilter, mostPages = MOST_PAGES): Promise<Result<readonly DataRow[]>> {
		const query = { filter: JSON.stringify(filter), sortBy: 'id:asc' };
		return await this.pages({ method: 'GET', path: rowsPath(tableId), query }, 'dataTableRow:read', rowPage, mostPages);
	}

	/** The newest rows of a table. */
	async newestRows(tableId: string, count: number): Promise<Result<readonly DataRow[]>> {
		const query = { sortBy: 'id:desc', limit: count };
		const page = await this.call({ method: 'GET', path: rowsPath(tableId), query }, 'dataTableRow:read', rowPage);
		return page.kind === 'ok' ? ok(page.value.data) : page;
	}

	/** All of them or none. */
	async insertRows(
		tableId: string,
		rows: ReadonlyArray<Readonly<Record<string, CellValue>>>,
	): Promise<Result<unknown>> {
		// Without asking for the ids n8n inserts many at a time.
		const body = { data: rows, returnType: rows.length === 1 ? 'id' : 'count' };
		return await this.call({ method: 'POST', path: rowsPath(tableId), body }, 'dataTableRow:create', doneRows);
	}

	/** Removes every row that meets the filter. The filter travels in the address, so it has to be short. */
	async deleteRows(tableId: string, filter: RowFilter): Promise<Result<unknown>> {
		const query = { filter: JSON.stringify(filter) };
		const path = `${rowsPath(tableId)}/delete`;
		return await this.call({ method: 'DELETE', path, query }, 'dataTableRow:delete', doneRows);
	}

	/** Changes every row that meets the filter, in one transaction. Answers how many those were. */
	async updateRows(
		tableId: string,
		filter: RowFilter,
		data: Readonly<Record<string, CellValue>>,
	): Promise<Result<number>> {
		const body = { filter, data, returnData: true };
		const path = `${rowsPath(tableId)}/update`;
		const rows = await this.call({ method: 'PATCH', path, body }, 'dataTableRow:update', changedRows);
		return rows.kind === 'ok' ? ok(rows.value.length) : rows;
	}

	/** Which of the scopes the key lacks. Every call is about something that does not exist, so nothing is read or written. */
	async lackingScopes(): Promise<Result<readonly ApiKeyScope[]>> {
		// In the form of n8n's ids: what has another form is refused before n8n looks at the key.
		const nowhere = 'contactSyncProbe';
		const filter: RowFilter = { type: 'and', filters: [{ columnName: 'id', condition: 'eq', value: 0 }] };
		const rows = rowsPath(nowhere);
		const probes: ReadonlyArray<readonly [ApiKeyScope, HttpRequest]> = [
			['dataTable:list', { method: 'GET', path: '/data-tables', query: { limit: 1 } }],
			[
				'dataTable:create',
				{
					method: 'POST',
					path: '/data-tables',
					body: { name: nowhere, columns: [{ name: 'used', type: 'number' }], projectId: nowhere },
				},
			],
			['dataTableRow:read', { method: 'GET', path: rows }],
			['dataTableRow:create', { method: 'POST', path: rows, body: { data: [{ used: 0 }], returnType: 'id' } }],
			['dataTableRow:update', { method: 'PATCH', path: `${rows}/update`, body: { filter, data: { used: 0 } } }],
		];
		const lacking: ApiKeyScope[] = [];
		for (const [scope, request] of probes) {
			const answer = await this.call(request, scope, z.object({}).passthrough());
			if (answer.kind === 'stop' && answer.code === 'SCOPE_MISSING') lacking.push(scope);
			else if (answer.kind === 'stop' || answer.kind === 'retry') return answer;
		}
		return ok(lacking);
	}

	private async pages<T>(
		request: HttpRequest,
		scope: ApiKeyScope,
		form: z.ZodType<{ data: T[]; nextCursor?: string | null }, z.ZodTypeDef, unknown>,
		mostPages = MOST_PAGES,
	): Promise<Result<readonly T[]>> {
		const found: T[] = [];
		let cursor: string | undefined;
		for (let page = 0; page < mostPages; page++) {
			const query = { ...request.query, limit: PER_PAGE, ...(cursor === undefined ? {} : { cursor }) };
			const answer = await this.call({ ...request, query }, scope, form);
			if (answer.kind !== 'ok') return answer;
			for (const row of answer.value.data) found.push(row);
			cursor = answer.value.nextCursor ?? undefined;
			if (cursor === undefined) return ok(found);
		}
		return tooMany(mostPages);
	}

	private async call<Schema extends z.ZodTypeAny>(
		request: HttpRequest,
		scope: ApiKeyScope,
		form: Schema,
	): Promise<Result<z.output<Schema>>> {
		this.calls += 1;
		return classifyN8nReply(await this.http.send({ timeoutMs: TIMEOUT_MS, ...request }), scope, form);
	}
}

const rowsPath = (tableId: string): string => `/data-tables/${encodeURIComponent(tableId)}/rows`;

const tooMany = (pages: number): Failure => ({
	kind: 'refused',
	code: 'LEDGER_REFUSED',
	reason: `n8n has more than ${PER_PAGE * pages} data tables, or rows of this quota or sync`,
});
