import { createHash, randomBytes } from 'node:crypto';
import { readNonces } from '../../core/quota/ledgerRow';
import type { Result } from '../../core/result';
import { ok } from '../../core/result';
import type { N8nClient } from './n8nClient';
import type { FoundTable, TableColumns } from './namedTable';
import { makeTable, oldestNamed, withColumns } from './namedTable';
import type { DataTable } from './types';

/** The columns of a ledger, in the order people see them. */
export const QUOTA_COLUMNS: TableColumns = [
	{ name: 'quota', type: 'string' },
	{ name: 'period', type: 'string' },
	{ name: 'used', type: 'number' },
	{ name: 'limit', type: 'number' },
	{ name: 'alerted', type: 'string' },
	{ name: 'note', type: 'string' },
	{ name: 'nonce', type: 'string' },
	{ name: 'deliveries', type: 'string' },
];

/** Rows of a table that are looked at to tell whose ledger it is. */
const ROWS_LOOKED_AT = 5;

/**
 * Finds the ledger's table by its name, or by what is written in it if it was renamed, so that counting goes on; makes
 * it where there is none. Columns that were changed are named.
 */
export async function findQuotaTable(client: N8nClient, name: string): Promise<Result<FoundTable>> {
	const tables = await client.listTables();
	if (tables.kind !== 'ok') return tables;
	const named = oldestNamed(tables.value, name, QUOTA_COLUMNS, TEXTS);
	if (named) return named;
	const renamed = await findRenamed(client, tables.value, name);
	if (renamed.kind !== 'ok') return renamed;
	if (renamed.value) {
		const { id, name: newName } = renamed.value;
		const note = `The data table '${name}' was renamed to '${newName}' and is still used. Write the new name into 'Table', or rename it back.`;
		return ok({ id, name: newName, note });
	}
	return await makeTable(client, name, QUOTA_COLUMNS, TEXTS);
}

async function findRenamed(
	client: N8nClient,
	tables: readonly DataTable[],
	name: string,
): Promise<Result<DataTable | undefined>> {
	const mark = markOf(name);
	for (const table of tables) {
		if (withColumns(table, QUOTA_COLUMNS).kind !== 'ok') continue;
		const rows = await client.newestRows(table.id, ROWS_LOOKED_AT);
		if (rows.kind !== 'ok') return rows;
		if (rows.value.some(({ nonce }) => readNonces(nonce).recent.some((one) => one.endsWith(mark)))) return ok(table);
	}
	return ok(undefined);
}

const TEXTS = {
	several: (count: number, name: string): string =>
		`n8n has ${count} data tables named '${name}'; tasks are counted in the oldest. Workflows with keys of other people may count in another one.`,
	made: (name: string): string =>
		`The data table '${name}' was made in n8n, because there was none; tasks are counted there from now on, beginning with 0.`,
};

/** The end of every nonce in the table of this name: a renamed table is known by it. */
const markOf = (name: string): string => `.${createHash('sha256').update(name).digest('hex').slice(0, 6)}`;

/** A random name for a write into the table of this name. */
export const newNonce = (name: string): string => `${randomBytes(6).toString('hex')}${markOf(name)}`;
