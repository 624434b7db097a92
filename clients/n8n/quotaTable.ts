import { createHash, randomBytes } from 'node:crypto';
import { readNonces } from '../../core/quota/ledgerRow';
import type { Failure, Result } from '../../core/result';
import { ok } from '../../core/result';
import type { N8nClient } from './n8nClient';
import type { DataTable } from './types';

/** The columns of a ledger, in the order people see them. */
export const QUOTA_COLUMNS: readonly { readonly name: string; readonly type: 'string' | 'number' }[] = [
	{ name: 'quota', type: 'string' },
	{ name: 'period', type: 'string' },
	{ name: 'used', type: 'number' },
	{ name: 'limit', type: 'number' },
	{ name: 'alerted', type: 'string' },
	{ name: 'note', type: 'string' },
	{ name: 'nonce', type: 'string' },
	{ name: 'deliveries', type: 'string' },
];

/** The data table of a ledger. */
export interface QuotaTable {
	readonly id: string;
	readonly name: string;
	/** Notices: that the table was made, has another name, or is not the only one of its name. */
	readonly note?: string;
}

/** Rows of a table that are looked at to tell whose ledger it is. */
const ROWS_LOOKED_AT = 5;

/**
 * Finds the ledger's table by its name, or by what is written in it if it was renamed, so that counting goes on; makes
 * it where there is none. Columns that were changed are named.
 */
export async function findQuotaTable(client: N8nClient, name: string): Promise<Result<QuotaTable>> {
	const tables = await client.listTables();
	if (tables.kind !== 'ok') return tables;
	const named = oldestOf(tables.value, name);
	if (named) return named;
	const renamed = await findRenamed(client, tables.value, name);
	if (renamed.kind !== 'ok') return renamed;
	if (renamed.value) {
		const { id, name: newName } = renamed.value;
		const note = `The data table '${name}' was renamed to '${newName}' and is still used. Write the new name into 'Table', or rename it back.`;
		return ok({ id, name: newName, note });
	}
	return await create(client, name);
}

/** Two tables of one name can be in two projects of n8n. Undefined: there is none. */
function oldestOf(tables: readonly DataTable[], name: string): Result<QuotaTable> | undefined {
	const named = tables.filter((table) => table.name === name);
	const [oldest] = named.sort((a, b) => (a.createdAt ?? '').localeCompare(b.createdAt ?? ''));
	if (!oldest) return undefined;
	const checked = withColumns(oldest);
	if (checked.kind !== 'ok' || named.length === 1) return checked;
	const note = `n8n has ${named.length} data tables named '${name}'; tasks are counted in the oldest. Workflows with keys of other people may count in another one.`;
	return ok({ ...checked.value, note });
}

function withColumns(table: DataTable): Result<QuotaTable> {
	const wrong = QUOTA_COLUMNS.filter(({ name, type }) => !holds(typeOf(table, name), type));
	if (wrong.length === 0) return ok({ id: table.id, name: table.name });
	const wanted = wrong.map(({ name, type }) => {
		const is = typeOf(table, name);
		return is === undefined ? `'${name}' (${type}) is missing` : `'${name}' is of type ${is} instead of ${type}`;
	});
	return { kind: 'refused', ...changedColumns(table.name, wanted) };
}

/** Numbers are read from a column of texts too. */
const holds = (type: string | undefined, wanted: string): boolean =>
	type === wanted || (wanted === 'number' && type === 'string');

const typeOf = ({ columns }: DataTable, name: string): string | undefined =>
	columns.find((column) => column.name === name)?.type;

/** The failure for columns that were changed. `wanted` names each and what is wrong with it. */
export const changedColumns = (table: string, wanted: readonly string[]): Pick<Failure, 'code' | 'reason'> => ({
	code: 'LEDGER_TABLE_CHANGED',
	reason: `The data table '${table}' was changed: its column ${wanted.join(', ')}`,
});

async function findRenamed(
	client: N8nClient,
	tables: readonly DataTable[],
	name: string,
): Promise<Result<DataTable | undefined>> {
	const mark = markOf(name);
	for (const table of tables) {
		if (withColumns(table).kind !== 'ok') continue;
		const rows = await client.newestRows(table.id, ROWS_LOOKED_AT);
		if (rows.kind !== 'ok') return rows;
		if (rows.value.some(({ nonce }) => readNonces(nonce).recent.some((one) => one.endsWith(mark)))) return ok(table);
	}
	return ok(undefined);
}

async function create(client: N8nClient, name: string): Promise<Result<QuotaTable>> {
	const made = await client.createTable(name, [...QUOTA_COLUMNS]);
	if (made.kind === 'ok') {
		const note = `The data table '${name}' was made in n8n, because there was none; tasks are counted there from now on, beginning with 0.`;
		return ok({ id: made.value.id, name, note });
	}
	// Another run was quicker, or the answer was lost.
	if (made.kind === 'stop' || (made.kind === 'refused' && made.status !== 409)) return made;
	const tables = await client.listTables();
	if (tables.kind !== 'ok') return tables;
	return oldestOf(tables.value, name) ?? made;
}

/** The end of every nonce in the table of this name: a renamed table is known by it. */
const markOf = (name: string): string => `.${createHash('sha256').update(name).digest('hex').slice(0, 6)}`;

/** A random name for a write into the table of this name. */
export const newNonce = (name: string): string => `${randomBytes(6).toString('hex')}${markOf(name)}`;
