import type { Failure, Result } from '../../core/result';
import { ok } from '../../core/result';
import type { N8nClient } from './n8nClient';
import type { DataTable } from './types';

/** The columns that a table needs, in the order people see them. It may have others. */
export type TableColumns = readonly { readonly name: string; readonly type: 'string' | 'number' }[];

/** A data table that is there, with the columns it needs. */
export interface FoundTable {
	readonly id: string;
	readonly name: string;
	/** Notices: that the table was made, has another name, or is not the only one of its name. */
	readonly note?: string;
}

/** What people are told about a table, one sentence each. */
export interface TableTexts {
	/** There are several of the name. */
	several(count: number, name: string): string;
	made(name: string): string;
}

/** Two tables of one name can be in two projects of n8n. Undefined: there is none. */
export function oldestNamed(
	tables: readonly DataTable[],
	name: string,
	columns: TableColumns,
	texts: TableTexts,
): Result<FoundTable> | undefined {
	const named = tables.filter((table) => table.name === name);
	const [oldest] = named.sort((a, b) => (a.createdAt ?? '').localeCompare(b.createdAt ?? ''));
	if (!oldest) return undefined;
	const checked = withColumns(oldest, columns);
	if (checked.kind !== 'ok' || named.length === 1) return checked;
	return ok({ ...checked.value, note: texts.several(named.length, name) });
}

/** The table, or which of its columns were changed. */
export function withColumns(table: DataTable, columns: TableColumns): Result<FoundTable> {
	const wrong = columns.filter(({ name, type }) => !holds(typeOf(table, name), type));
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

/**
 * A table that was deleted since it was found, or whose columns were changed. Nothing was written; the next look makes a new
 * table, or says what is wrong with this one.
 */
export const isChanged = (result: Result<unknown>): boolean =>
	result.kind === 'refused' && result.code === 'LEDGER_TABLE_CHANGED';

/** Makes a table; one that another run made meanwhile is taken. */
export async function makeTable(
	client: N8nClient,
	name: string,
	columns: TableColumns,
	texts: TableTexts,
): Promise<Result<FoundTable>> {
	const made = await client.createTable(name, [...columns]);
	if (made.kind === 'ok') return ok({ id: made.value.id, name, note: texts.made(name) });
	// Another run was quicker, or the answer was lost.
	if (made.kind === 'stop' || (made.kind === 'refused' && made.status !== 409)) return made;
	const tables = await client.listTables();
	if (tables.kind !== 'ok') return tables;
	return oldestNamed(tables.value, name, columns, texts) ?? made;
}
