import { storedNumber } from '../../core/plainNumber';
import { BoundedMap } from '../../core/boundedMap';
import type { DayRow, HeadCells, HeadRow, HealthBook } from '../../core/health/healthBook';
import type { DayCounts } from '../../core/health/healthState';
import type { TroubleRow } from '../../core/health/troubleRows';
import { TROUBLE_KINDS } from '../../core/health/statement';
import { textOf } from '../../core/json';
import type { Result } from '../../core/result';
import { ok } from '../../core/result';
import { CONTACT_COLUMNS, contactTableName, DAY_COLUMNS, HEALTH_TEXTS } from './healthTables';
import type { N8nClient } from './n8nClient';
import type { FoundTable, TableColumns } from './namedTable';
import { isChanged, makeTable, oldestNamed } from './namedTable';
import type { CellValue, DataRow, RowFilter } from './types';

/** Tables that this process has found, by book and name: looking them up costs a call. */
const known = new BoundedMap<FoundTable>(200);

/** Entries that a filter in an address holds: proxies take 8 KB of it, and an entry costs about 100 bytes. */
const MOST_IN_ADDRESS = 60;
/** Conditions of a filter in a body; SQLite takes 1,000 (SQLITE_MAX_EXPR_DEPTH, https://sqlite.org/limits.html). */
const MOST_IN_BODY = 400;
/** Signs of the rows of one body: n8n takes 16 MB (N8N_PAYLOAD_SIZE_MAX), and a sign is up to three bytes. */
const LONGEST_BODY = 5_000_000;
/** Pages of rows of one sync: 50,000 contacts. */
const MOST_ROW_PAGES = 200;
/** Rows of days and syncs: a year of 50 syncs. */
const MOST_DAY_PAGES = 80;
/** The entry of rows that are removed with the next call. */
const GONE = 'gone';

type Which = 'days' | 'contacts';

/** The health of syncs in two data tables of n8n, which are made where there are none. `account` names the credential without its secret. */
export class TableHealthBook implements HealthBook {
	readonly key: string;
	/** Notices about the tables, one sentence each. */
	readonly notes: string[] = [];
	private readonly names: Readonly<Record<Which, string>>;

	constructor(
		private readonly client: N8nClient,
		account: string,
		table: string,
	) {
		const name = table.trim();
		this.key = `${account}:${name}`;
		this.names = { days: name, contacts: contactTableName(name) };
	}

	async heads(sync?: string): Promise<Result<readonly HeadRow[]>> {
		// Every state is some text, and rows of days have none.
		const filter: RowFilter = and([...bySync(sync), { columnName: 'state', condition: 'gt', value: '' }]);
		const rows = await this.find('days', filter, MOST_DAY_PAGES);
		if (rows.kind !== 'ok') return rows;
		return ok(rows.value.map(({ id, sync: name, nonce, state }) => ({ id, sync: textOf(name), nonce, state })));
	}

	async insertHead(sync: string, cells: HeadCells): Promise<Result<unknown>> {
		const row = { sync, ...headCells(cells) };
		return await this.inTable('days', async ({ id }) => await this.client.insertRows(id, [row]));
	}

	async compareAndSet({ id, sync, nonce }: HeadRow, cells: HeadCells): Promise<Result<number>> {
		const filter = and([
			{ columnName: 'id', condition: 'eq', value: id },
			{ columnName: 'nonce', condition: 'eq', value: typeof nonce === 'string' ? nonce : null },
		]);
		// The name as well: under another one that a person wrote into the cell nothing would be found of the sync.
		const row = { sync, ...headCells(cells) };
		const write = async (table: FoundTable) => await this.client.updateRows(table.id, filter, row);
		const changed = await this.inTable('days', write);
		return isChanged(changed) ? ok(0) : changed;
	}

	async deleteHeads(ids: readonly number[]): Promise<Result<unknown>> {
		return await this.inTable('days', async ({ id }) => await this.client.deleteRows(id, anyOf('id', ids)));
	}

	async days(from: string, sync?: string): Promise<Result<readonly DayRow[]>> {
		const filter = and([...bySync(sync), { columnName: 'day', condition: 'gte', value: from }]);
		const rows = await this.find('days', filter, MOST_DAY_PAGES);
		// The row with the state is told by the state itself.
		return rows.kind === 'ok' ? ok(rows.value.filter(({ state }) => !textOf(state)).map(toDayRow)) : rows;
	}

	async insertDays(sync: string, days: readonly DayCounts[]): Promise<Result<unknown>> {
		const rows = days.map((day) => ({ sync, ...dayCells(day) }));
		return await this.inTable('days', async ({ id }) => await this.client.insertRows(id, rows));
	}

	async rows(sync: string): Promise<Result<readonly (TroubleRow & { readonly id: number })[]>> {
		const rows = await this.find('contacts', and(bySync(sync)), MOST_ROW_PAGES);
		return rows.kind === 'ok' ? ok(rows.value.map(toTroubleRow)) : rows;
	}

	async row(entry: string): Promise<Result<TroubleRow | undefined>> {
		const filter = and([{ columnName: 'entry', condition: 'eq', value: entry }]);
		const rows = await this.find('contacts', filter, 1);
		if (rows.kind !== 'ok') return rows;
		const [first] = rows.value;
		return ok(first && toTroubleRow(first));
	}

	async insertRows(rows: readonly TroubleRow[]): Promise<Result<unknown>> {
		return await this.inTable('contacts', async ({ id }) => {
			for (const some of inBodies(rows)) {
				const made = await this.client.insertRows(id, some);
				if (made.kind !== 'ok') return made;
			}
			return ok(undefined);
		});
	}

	async deleteRows(sync: string, entries: readonly string[]): Promise<Result<readonly string[]>> {
		const named = entries.filter((entry) => entry !== GONE);
		return await this.inTable('contacts', async ({ id }) => {
			if (named.length < entries.length) {
				const filter = and([...bySync(sync), { columnName: 'entry', condition: 'eq', value: GONE }]);
				const removed = await this.client.deleteRows(id, filter);
				return removed.kind === 'ok' ? ok(named) : removed;
			}
			if (named.length <= MOST_IN_ADDRESS) {
				const removed = await this.client.deleteRows(id, anyOf('entry', named));
				return removed.kind === 'ok' ? ok([]) : removed;
			}
			// Too many for an address: they are marked by a filter in a body, and removed by their mark.
			const marked = await this.client.updateRows(id, anyOf('entry', named.slice(0, MOST_IN_BODY)), GONE_CELLS);
			return marked.kind === 'ok' ? ok([GONE, ...named.slice(MOST_IN_BODY)]) : marked;
		});
	}

	async deleteRowIds(ids: readonly number[]): Promise<Result<unknown>> {
		return await this.inTable('contacts', async ({ id }) => {
			for (let at = 0; at < ids.length; at += MOST_IN_ADDRESS) {
				const removed = await this.client.deleteRows(id, anyOf('id', ids.slice(at, at + MOST_IN_ADDRESS)));
				if (removed.kind !== 'ok') return removed;
			}
			return ok(undefined);
		});
	}

	/** Reads a table; one that was deleted meanwhile is made anew, and read. */
	private async find(which: Which, filter: RowFilter, mostPages: number): Promise<Result<readonly DataRow[]>> {
		const wasKnown = known.get(this.placeOf(which)) !== undefined;
		const read = async ({ id }: FoundTable) => await this.client.findRows(id, filter, mostPages);
		const rows = await this.inTable(which, read);
		return wasKnown && isChanged(rows) ? await this.inTable(which, read) : rows;
	}

	private async inTable<T>(which: Which, work: (table: FoundTable) => Promise<Result<T>>): Promise<Result<T>> {
		const table = await this.table(which);
		if (table.kind !== 'ok') return table;
		const result = await work(table.value);
		if (isChanged(result)) known.delete(this.placeOf(which));
		const { name } = table.value;
		return result.kind === 'refused' && !result.reason.includes(name)
			? { ...result, reason: `Data table '${name}': ${result.reason}` }
			: result;
	}

	private async table(which: Which): Promise<Result<FoundTable>> {
		const found = known.get(this.placeOf(which));
		if (found) return ok(found);
		const tables = await this.client.listTables();
		if (tables.kind !== 'ok') return tables;
		// One list tells of both.
		for (const each of ['days', 'contacts'] as const) {
			const named = oldestNamed(tables.value, this.names[each], COLUMNS[each], HEALTH_TEXTS);
			const table = named ?? (each === which ? await this.make(each) : undefined);
			if (table?.kind === 'ok') this.note(each, table.value);
			else if (table !== undefined && each === which) return table;
		}
		const table = known.get(this.placeOf(which));
		return table ? ok(table) : await this.make(which);
	}

	private async make(which: Which): Promise<Result<FoundTable>> {
		return await makeTable(this.client, this.names[which], COLUMNS[which], HEALTH_TEXTS);
	}

	private note(which: Which, table: FoundTable): void {
		if (known.get(this.placeOf(which)) === undefined && table.note !== undefined) this.notes.push(table.note);
		known.set(this.placeOf(which), table);
	}

	private readonly placeOf = (which: Which): string => `${this.key}:${which}`;
}

/** Rows in as few bodies as n8n takes: a batch fits in one, 50,000 contacts whose table was deleted do not. */
function inBodies(rows: readonly TroubleRow[]): ReadonlyArray<readonly Readonly<Record<string, CellValue>>[]> {
	const bodies: Array<Array<Readonly<Record<string, CellValue>>>> = [];
	let length = Infinity;
	for (const row of rows) {
		const own = JSON.stringify(row).length;
		if (length + own > LONGEST_BODY) {
			bodies.push([]);
			length = 0;
		}
		bodies.at(-1)?.push({ ...row });
		length += own;
	}
	return bodies;
}

const COLUMNS: Readonly<Record<Which, TableColumns>> = { days: DAY_COLUMNS, contacts: CONTACT_COLUMNS };

const GONE_CELLS: Readonly<Record<string, CellValue>> = { entry: GONE, status: 'in sync again' };

type Filters = RowFilter['filters'];

const and = (filters: Filters): RowFilter => ({ type: 'and', filters });

const bySync = (sync: string | undefined): Filters =>
	sync === undefined ? [] : [{ columnName: 'sync', condition: 'eq', value: sync }];

const anyOf = (columnName: string, values: readonly (string | number)[]): RowFilter => ({
	type: 'or',
	filters: values.map((value) => ({ columnName, condition: 'eq' as const, value })),
});

const headCells = ({ counts, lastBatch, nonce, state }: HeadCells): Record<string, CellValue> => ({
	...dayCells(counts),
	lastBatch,
	nonce,
	state,
});

const dayCells = ({ inSync, ...counts }: DayCounts): Record<string, CellValue> => ({
	...counts,
	inSync: inSync ?? null,
	nonce: '',
	state: '',
});

function toDayRow({ id, sync, day, inSync, ...cells }: DataRow): DayRow {
	const { excluded, failing, waiting, writes, calls } = cells;
	return {
		id,
		sync: textOf(sync),
		day: textOf(day),
		...(inSync === null || inSync === undefined ? {} : { inSync: countOf(inSync) }),
		excluded: countOf(excluded),
		failing: countOf(failing),
		waiting: countOf(waiting),
		writes: countOf(writes),
		calls: countOf(calls),
	};
}

/** People edit these cells: what is no count is 0. */
function countOf(cell: unknown): number {
	const count = storedNumber(cell) ?? 0;
	return count > 0 ? Math.floor(count) : 0;
}

function toTroubleRow(row: DataRow): TroubleRow & { readonly id: number } {
	const text = (name: string): string => textOf(row[name]);
	return {
		id: row.id,
		sync: text('sync'),
		key: text('key'),
		status: TROUBLE_KINDS.find((kind) => kind === row.status) ?? 'failing',
		reason: text('reason'),
		since: text('since'),
		lastSeen: text('lastSeen'),
		nextTry: text('nextTry'),
		whatToDo: text('whatToDo'),
		address: text('address'),
		values: text('values'),
		entry: text('entry'),
	};
}
