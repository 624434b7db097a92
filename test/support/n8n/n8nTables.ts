import type { SeenRequest, TestServer } from '../http/testServer';
import { startTestServer } from '../http/testServer';

export type Cell = string | number | boolean | null;
export type Cells = Record<string, Cell>;

export interface FakeTable {
	id: string;
	name: string;
	createdAt: string;
	columns: { name: string; type: string }[];
	rows: (Cells & { id: number; createdAt: string })[];
	nextRow: number;
}

/** What a quota's ledger needs. */
export const LEDGER_SCOPES = [
	'dataTable:list',
	'dataTable:create',
	'dataTableRow:read',
	'dataTableRow:create',
	'dataTableRow:update',
];

export const ALL_SCOPES = [...LEDGER_SCOPES, 'dataTableRow:delete'];

/**
 * Data tables of n8n's public API as n8n 2.41.1 was seen to answer, with the order of its checks: key, form of the request,
 * scope, table, columns. test/e2e/quotaGuard.test.ts runs the same client against the real one.
 */
export interface FakeN8n {
	/** With `/api/v1`. */
	readonly url: string;
	readonly server: TestServer;
	readonly tables: FakeTable[];
	/** What the key may do; undefined: the key was revoked. */
	scopes: string[] | undefined;
	/** Answers instead of n8n where it answers something. */
	instead: (call: string) => Reply | 'hang' | 'cut' | 'lose' | undefined;
	/** Method and path pattern of each call, such as `PATCH /data-tables/{id}/rows/update`. */
	readonly calls: string[];
	table(name: string): FakeTable;
	close(): Promise<void>;
}

interface Reply {
	readonly status: number;
	readonly body?: unknown;
	readonly text?: string;
}

/** A request that was taken apart. */
interface Call {
	/** As in `FakeN8n.calls`. */
	readonly pattern: string;
	readonly tableId: string;
	readonly query: URLSearchParams;
	readonly rawQuery: string;
	readonly body: Record<string, unknown>;
	readonly key: unknown;
}

const SCOPE_OF: Readonly<Record<string, string>> = {
	'GET /data-tables': 'dataTable:list',
	'POST /data-tables': 'dataTable:create',
	'GET /data-tables/{id}/rows': 'dataTableRow:read',
	'POST /data-tables/{id}/rows': 'dataTableRow:create',
	'PATCH /data-tables/{id}/rows/update': 'dataTableRow:update',
	'DELETE /data-tables/{id}/rows/delete': 'dataTableRow:delete',
};

export async function startFakeN8n(): Promise<FakeN8n> {
	const server = await startTestServer();
	const tables: FakeTable[] = [];
	const calls: string[] = [];
	const fake: FakeN8n = {
		url: `${server.url}/api/v1`,
		server,
		tables,
		scopes: ALL_SCOPES,
		instead: () => undefined,
		calls,
		table: (name) => {
			const found = tables.find((table) => table.name === name);
			if (!found) throw new Error(`there is no table ${name}`);
			return found;
		},
		close: async () => await server.close(),
	};
	server.answer((request) => {
		if (!request.url.startsWith('/api/v1/')) return elsewhere(request);
		const call = readCall(request);
		calls.push(call.pattern);
		const special = fake.instead(call.pattern);
		if (special !== undefined && special !== 'lose') return special;
		const reply = answer(fake, call);
		return special === 'lose' ? 'cut' : reply;
	});
	return fake;
}

/** Any other path leads to the page of n8n's editor, but for those of its own API and for writes. */
const elsewhere = ({ method, url }: SeenRequest): Reply =>
	method !== 'GET' || url.startsWith('/rest/')
		? { status: 404, text: `<pre>Cannot ${method} ${url}</pre>` }
		: { status: 200, text: '<!DOCTYPE html><title>n8n</title>' };

function readCall({ method, url, headers, body }: SeenRequest): Call {
	const { pathname, searchParams, search } = new URL(url, 'http://n8n');
	const [, root = '', id, ...rest] = pathname.replace('/api/v1', '').split('/');
	return {
		pattern: `${method} /${[root, ...(id === undefined ? [] : ['{id}']), ...rest].join('/')}`,
		tableId: id ?? '',
		query: searchParams,
		rawQuery: search.slice(1),
		body: body === '' ? {} : (JSON.parse(body) as Record<string, unknown>),
		key: headers['x-n8n-api-key'],
	};
}

function answer({ scopes, tables }: FakeN8n, call: Call): Reply {
	const scope = SCOPE_OF[call.pattern];
	if (scope === undefined) return refusal(404, 'not found');
	if (call.key === undefined) return refusal(401, "'X-N8N-API-KEY' header required");
	if (!scopes) return refusal(401, 'unauthorized');
	const malformed = formFault(call);
	if (malformed !== undefined) return refusal(400, malformed);
	if (!scopes.includes(scope)) return refusal(403, 'Forbidden');
	if (call.pattern === 'GET /data-tables') return page(tables.map(shownTable), call.query);
	if (call.pattern === 'POST /data-tables') return create(tables, call.body);
	const table = tables.find((one) => one.id === call.tableId);
	if (!table) return refusal(404, `Could not find the data table: '${call.tableId}'`);
	const rows = new Rows(table);
	if (call.pattern.startsWith('GET')) return rows.read(call.query);
	if (call.pattern.startsWith('DELETE')) return rows.delete(call.query);
	return call.pattern.startsWith('POST') ? rows.insert(call.body) : rows.update(call.body);
}

const refusal = (status: number, message: string): Reply => ({ status, body: { message } });

/** What n8n checks against its OpenAPI description, before it looks at the scopes of the key. */
function formFault({ pattern, tableId, query, rawQuery, body }: Call): string | undefined {
	if (pattern.includes('{id}') && !/^[A-Za-z0-9]{16}$/.test(tableId))
		return 'request/params/dataTableId must match format "nanoid"';
	for (const [name, value = ''] of rawQuery.split('&').map((pair) => pair.split('='))) {
		if (/[:/?#[\]@!$&'()*+,;=]/.test(value))
			return `Parameter '${name}' must be url encoded. Its value may not contain reserved characters.`;
	}
	if (Number(query.get('limit') ?? 0) > 250) return 'request/query/limit must be <= 250';
	if (pattern === 'POST /data-tables' && String(body.name).length > 128)
		return 'request/body/name must NOT have more than 128 characters';
	if (pattern.endsWith('/rows') && body.data !== undefined && (body.data as unknown[]).length === 0)
		return 'request/body/data must NOT have fewer than 1 items';
	return undefined;
}

/** The cursor brings its own limit, as n8n's does. */
function page(found: readonly unknown[], query: URLSearchParams): Reply {
	const cursor = query.get('cursor');
	const { offset, limit } = cursor
		? (JSON.parse(Buffer.from(cursor, 'base64').toString()) as { offset: number; limit: number })
		: { offset: 0, limit: Number(query.get('limit') ?? 100) };
	const next = offset + limit;
	const nextCursor =
		next < found.length ? Buffer.from(JSON.stringify({ limit, offset: next })).toString('base64') : null;
	return { status: 200, body: { data: found.slice(offset, next), nextCursor } };
}

let made = 0;

function create(tables: FakeTable[], body: Record<string, unknown>): Reply {
	const { name, columns, projectId } = body as Pick<FakeTable, 'name' | 'columns'> & { projectId?: string };
	if (projectId !== undefined) return refusal(400, `Project with ID "${projectId}" not found`);
	if (name.trim() === '') return refusal(400, 'String must contain at least 1 character(s)');
	if (tables.some((table) => table.name === name.trim()))
		return refusal(409, `Data table with name '${name.trim()}' already exists in this project`);
	made += 1;
	const createdAt = new Date(Date.now() + made).toISOString();
	const id = `table${String(made).padStart(11, '0')}`;
	const table: FakeTable = { id, name: name.trim(), createdAt, columns, rows: [], nextRow: 1 };
	tables.push(table);
	return { status: 201, body: shownTable(table) };
}

const shownTable = ({ id, name, createdAt, columns }: FakeTable): unknown => ({
	id,
	name,
	createdAt,
	updatedAt: createdAt,
	projectId: 'personalProject0',
	columns: columns.map((column, index) => ({ ...column, index })),
	sizeBytes: 0,
});

/** A cell or a name that n8n does not take. */
class Refused extends Error {}

interface Filter {
	readonly type?: 'and' | 'or';
	readonly filters: readonly { columnName: string; condition: string; value: Cell }[];
}

/** The rows of a table, with the checks that n8n makes on columns and types. */
class Rows {
	private readonly types: ReadonlyMap<string, string>;

	constructor(private readonly table: FakeTable) {
		this.types = new Map(table.columns.map(({ name, type }) => [name, type]));
	}

	read(query: URLSearchParams): Reply {
		return this.checked(() => {
			const found = this.matching(JSON.parse(query.get('filter') ?? '{"filters":[]}') as Filter);
			const [column, direction] = (query.get('sortBy') ?? 'id:asc').split(':');
			if (column !== 'id' || direction === undefined) throw new Error('the stand-in sorts by id');
			return page((direction === 'desc' ? [...found].reverse() : found).map(this.shown), query);
		});
	}

	delete(query: URLSearchParams): Reply {
		return this.checked(() => {
			const filter = JSON.parse(query.get('filter') ?? '{"filters":[]}') as Filter;
			if (filter.filters.length === 0) throw new Refused('Filter is required for delete operations');
			const gone = new Set(this.matching(filter));
			this.table.rows = this.table.rows.filter((row) => !gone.has(row));
			return { status: 200, body: true };
		});
	}

	insert({ data, returnType = 'count' }: Record<string, unknown>): Reply {
		return this.checked(() => {
			const added = (data as Cells[]).map((cells) => this.cellsOf(cells));
			const ids = added.map((cells) => {
				const id = this.table.nextRow++;
				this.table.rows.push({ ...cells, id, createdAt: new Date().toISOString() });
				return { id };
			});
			return { status: 200, body: returnType === 'id' ? ids : { success: true, insertedRows: ids.length } };
		});
	}

	update({ filter, data, returnData }: Record<string, unknown>): Reply {
		return this.checked(() => {
			const cells = this.cellsOf(data as Cells);
			const found = this.matching(filter as Filter);
			for (const row of found) Object.assign(row, cells);
			return { status: 200, body: returnData === true ? found.map(this.shown) : true };
		});
	}

	private checked(work: () => Reply): Reply {
		try {
			return work();
		} catch (error) {
			if (!(error instanceof Refused)) throw error;
			return refusal(400, `Validation error with data table request: ${error.message}`);
		}
	}

	private matching({ type = 'and', filters }: Filter): FakeTable['rows'] {
		// SQLite's longest chain of conditions.
		if (filters.length > 999) throw new Error('Expression tree is too large (maximum depth 1000)');
		const wanted = filters.map(({ columnName, condition, value }) => ({
			columnName,
			condition,
			value: columnName === 'id' ? Number(value) : this.cellOf(columnName, value),
		}));
		const meets = (row: FakeTable['rows'][number]) => (one: (typeof wanted)[number]) => {
			const cell = row[one.columnName] ?? null;
			if (one.condition === 'eq') return cell === one.value;
			if (cell === null) return false;
			return one.condition === 'gt' ? String(cell) > String(one.value) : String(cell) >= String(one.value);
		};
		return this.table.rows.filter((row) => (type === 'or' ? wanted.some(meets(row)) : wanted.every(meets(row))));
	}

	private cellsOf(cells: Cells): Cells {
		return Object.fromEntries(Object.entries(cells).map(([name, cell]) => [name, this.cellOf(name, cell)]));
	}

	/** n8n makes a text of a number and a number of a text where it can; an empty text is 0. */
	private cellOf(name: string, cell: Cell): Cell {
		const type = this.types.get(name);
		if (type === undefined) throw new Refused(`unknown column name '${name}'`);
		if (cell === null) return null;
		if (type === 'string') return String(cell);
		const number = Number(cell);
		if (Number.isNaN(number))
			throw new Refused(
				`value '${String(cell)}' does not match column type '${type}': '${name}' expects a ${type} but we got '${String(cell)}'`,
			);
		return number;
	}

	/** With a cell for each column that there is now. */
	private readonly shown = (row: FakeTable['rows'][number]): Cells => ({
		...Object.fromEntries(this.table.columns.map(({ name }) => [name, row[name] ?? null])),
		id: row.id,
		createdAt: row.createdAt,
		updatedAt: row.createdAt,
	});
}
