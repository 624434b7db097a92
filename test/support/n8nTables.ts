import type { TestServer } from './testServer';
import { startTestServer } from './testServer';

export type Cells = Record<string, string | number | boolean | null>;

export interface FakeTable {
	id: string;
	name: string;
	createdAt: string;
	columns: { name: string; type: string }[];
	rows: (Cells & { id: number; createdAt: string })[];
	nextRow: number;
}

interface Filter {
	readonly filters: readonly { columnName: string; condition: string; value: string | number | null }[];
}

export const ALL_SCOPES = [
	'dataTable:list',
	'dataTable:create',
	'dataTableRow:read',
	'dataTableRow:create',
	'dataTableRow:update',
];

/**
 * Data tables of n8n's public API as n8n 2.41.1 was seen to answer; test/e2e/quotaGuard.test.ts runs the same client against
 * the real one.
 */
export interface FakeN8n {
	/** With `/api/v1`. */
	readonly url: string;
	readonly server: TestServer;
	readonly tables: FakeTable[];
	/** What the key may do; undefined: the key was revoked. */
	scopes: string[] | undefined;
	/** Answers instead of n8n where it answers something. */
	instead: (call: string) => { status: number; body?: unknown; text?: string } | 'hang' | 'cut' | 'lose' | undefined;
	/** Method and path pattern of each call, such as `PATCH /data-tables/{id}/rows/update`. */
	readonly calls: string[];
	table(name: string): FakeTable;
	close(): Promise<void>;
}

const SCOPE_OF: Readonly<Record<string, string>> = {
	'GET /data-tables': 'dataTable:list',
	'POST /data-tables': 'dataTable:create',
	'GET /data-tables/{id}/rows': 'dataTableRow:read',
	'POST /data-tables/{id}/rows': 'dataTableRow:create',
	'PATCH /data-tables/{id}/rows/update': 'dataTableRow:update',
};

type Reply = { status: number; body?: unknown; text?: string };

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
	let made = 0;
	const create = ({
		name,
		columns,
		projectId,
	}: Pick<FakeTable, 'name' | 'columns'> & { projectId?: string }): Reply => {
		if (projectId !== undefined) return refusal(400, `Project with ID "${projectId}" not found`);
		if (tables.some((table) => table.name === name))
			return refusal(409, `Data table with name '${name}' already exists`);
		made += 1;
		const createdAt = new Date(Date.now() + made).toISOString();
		const table: FakeTable = { id: `table${made}`, name, createdAt, columns, rows: [], nextRow: 1 };
		tables.push(table);
		return { status: 201, body: { ...table, rows: undefined } };
	};
	server.answer(({ method, url, headers, body }) => {
		const { pathname, searchParams } = new URL(url, 'http://n8n');
		if (!pathname.startsWith('/api/v1/')) return { status: 200, text: '<!DOCTYPE html><title>n8n</title>' };
		const [, root, id, ...rest] = pathname.replace('/api/v1', '').split('/');
		const call = `${method} /${[root, ...(id === undefined ? [] : ['{id}']), ...rest].join('/')}`;
		calls.push(call);
		const special = fake.instead(call);
		if (special !== undefined && special !== 'lose') return special;
		const answer = ((): Reply => {
			if (headers['x-n8n-api-key'] === undefined) return refusal(401, "'X-N8N-API-KEY' header required");
			if (!fake.scopes) return refusal(401, 'unauthorized');
			const scope = SCOPE_OF[call];
			if (scope === undefined) return refusal(404, 'not found');
			if (!fake.scopes.includes(scope)) return refusal(403, 'Forbidden');
			const json = (body === '' ? {} : JSON.parse(body)) as never;
			if (call === 'GET /data-tables') {
				return {
					status: 200,
					body: page(
						tables.map((table) => ({ ...table, rows: undefined })),
						searchParams,
					),
				};
			}
			if (call === 'POST /data-tables') return create(json);
			const table = tables.find((one) => one.id === id);
			if (!table) return refusal(404, `Could not find the data table: '${id}'`);
			return rowsReply(table, method, searchParams, json);
		})();
		return special === 'lose' ? 'cut' : answer;
	});
	return fake;
}

const refusal = (status: number, message: string): Reply => ({ status, body: { message } });
const invalid = (what: string): Reply => refusal(400, `Validation error with data table request: ${what}`);

function page(found: readonly unknown[], query: URLSearchParams): { data: unknown[]; nextCursor: string | null } {
	const offset = Number(query.get('cursor') ?? 0);
	const limit = Number(query.get('limit') ?? 100);
	const next = offset + limit;
	return { data: found.slice(offset, next), nextCursor: next < found.length ? String(next) : null };
}

function rowsReply(table: FakeTable, method: string, query: URLSearchParams, json: Record<string, unknown>): Reply {
	const types = new Map([['id', 'number'], ...table.columns.map(({ name, type }) => [name, type] as const)]);
	const wrong = (cells: Cells): Reply | undefined => {
		for (const [name, value] of Object.entries(cells)) {
			const type = types.get(name);
			if (type === undefined) return invalid(`unknown column name '${name}'`);
			if (value !== null && typeof value !== type)
				return invalid(`value '${String(value)}' does not match column type '${type}': '${name}' expects a ${type}`);
		}
		return undefined;
	};
	const matching = ({ filters }: Filter): Reply | FakeTable['rows'] => {
		for (const { columnName, value } of filters) {
			const problem = wrong({ [columnName]: value });
			if (problem) return problem;
		}
		return table.rows.filter((row) =>
			filters.every(({ columnName, condition, value }) => {
				const cell = row[columnName] ?? null;
				return condition === 'eq' ? cell === value : String(cell) >= String(value);
			}),
		);
	};
	if (method === 'GET') {
		const found = matching(JSON.parse(query.get('filter') ?? '{"filters":[]}') as Filter);
		if (!Array.isArray(found)) return found;
		const sorted = query.get('sortBy') === 'id:desc' ? [...found].reverse() : found;
		return {
			status: 200,
			body: page(
				sorted.map((row) => shown(table, row)),
				query,
			),
		};
	}
	if (method === 'POST') {
		for (const cells of json.data as Cells[]) {
			const problem = wrong(cells);
			if (problem) return problem;
			table.rows.push({ ...cells, id: table.nextRow++, createdAt: new Date().toISOString() });
		}
		return { status: 200, body: [{ id: table.nextRow - 1 }] };
	}
	const problem = wrong(json.data as Cells);
	if (problem) return problem;
	const found = matching(json.filter as Filter);
	if (!Array.isArray(found)) return found;
	for (const row of found) Object.assign(row, json.data);
	return { status: 200, body: json.returnData === true ? found.map((row) => shown(table, row)) : true };
}

/** A row with a cell for each column that there is now. */
const shown = (table: FakeTable, row: FakeTable['rows'][number]): Cells => ({
	...Object.fromEntries(table.columns.map(({ name }) => [name, row[name] ?? null])),
	id: row.id,
	createdAt: row.createdAt,
});
