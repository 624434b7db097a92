import { CFB, read, SSF } from '@e965/xlsx';

/**
 * The only import of the workbook reader, which the build puts into this file (gulpfile.js). It reads XLSX and the older XLS, XLSB, ODS and
 * the tables in HTML or XML that many programs call .xls.
 */

/** A number as it is stored, what its format makes of it, and the format. */
export interface SheetCell {
	/** From 0. */
	readonly column: number;
	readonly kind: 'text' | 'number' | 'boolean' | 'error';
	readonly value: string | number | boolean;
	readonly shown?: string;
	readonly format?: string;
}

export interface Sheet {
	readonly name: string;
	readonly hidden: boolean;
	/** Days count from 1904, as in workbooks of old Macs. */
	readonly from1904: boolean;
	/** There were further rows. */
	readonly isCut: boolean;
	/** The filled cells of each row, from the left. */
	readonly rows: readonly (readonly SheetCell[])[];
}

const KINDS: Readonly<Record<string, SheetCell['kind']>> = { s: 'text', n: 'number', b: 'boolean', e: 'error' };

/** Sheets in the order of their tabs. Throws where the file is no workbook or is protected by a password. */
export function readSheets(bytes: Uint8Array, mostRows: number): Sheet[] {
	const book = read(bytes, {
		type: 'array',
		dense: true,
		cellNF: true,
		cellHTML: false,
		cellFormula: false,
		sheetRows: mostRows,
	});
	return book.SheetNames.map((name, index): Sheet => {
		const data = (book.Sheets[name] as { '!data'?: CellOfLibrary[][] } | undefined)?.['!data'] ?? [];
		return {
			name,
			hidden: (book.Workbook?.Sheets?.[index]?.Hidden ?? 0) > 0,
			from1904: book.Workbook?.WBProps?.date1904 === true,
			isCut: book.Sheets[name]?.['!fullref'] !== undefined,
			rows: rowsOf(data, book.Sheets[name]?.['!merges'] ?? []),
		};
	});
}

/** What the library leaves untyped. */
const containers = CFB as {
	read(
		bytes: Uint8Array,
		options: { readonly type: 'array' },
	): {
		readonly FileIndex: ReadonlyArray<{ readonly content?: Uint8Array | readonly number[] }>;
	};
};

/** The streams of the container of Office 97; of a file that has none, its bytes. Empty where it is damaged. */
export function openContainer(bytes: Uint8Array): Uint8Array[] {
	if (bytes[0] !== 0xd0) return [bytes];
	try {
		return containers.read(bytes, { type: 'array' }).FileIndex.map(({ content }) => Uint8Array.from(content ?? []));
	} catch {
		// The reading itself says so.
		return [];
	}
}

interface CellOfLibrary {
	readonly t: string;
	readonly v?: string | number | boolean;
	readonly w?: string;
	readonly z?: string | number;
}

interface Merge {
	readonly s: { readonly r: number; readonly c: number };
	readonly e: { readonly r: number };
}

/** Rows of more columns are not searched cell by cell. */
const MOST_SEARCHED = 256;
/** How many cells are filled in because they are merged with the one above; a sheet may say that all are. */
const MOST_SPREAD = 200_000;

/** Only the filled cells: a row whose last column is filled would take room for all before it. */
function rowsOf(data: readonly (CellOfLibrary[] | undefined)[], merges: readonly Merge[]): SheetCell[][] {
	const rows = Array.from(data, (row) => {
		if (!row) return [];
		// A row may have its one filled cell in the last of 16,384 columns; its keys are those of the filled ones.
		const columns = row.length > MOST_SEARCHED ? Object.keys(row).map(Number) : row.keys();
		const cells: SheetCell[] = [];
		for (const column of columns) {
			const read = cellOf(row[column], column);
			if (read) cells.push(read);
		}
		return cells;
	});
	let left = MOST_SPREAD;
	for (const { s, e } of merges) {
		const to = Math.min(e.r, rows.length - 1, s.r + left);
		if (to > s.r) left -= to - s.r;
		if (left > 0) spread(rows, s.r, s.c, to);
	}
	return rows;
}

/** A cell that is merged downwards says the same of all of its rows: `Unsubscribed` beside three contacts. */
function spread(rows: SheetCell[][], from: number, column: number, to: number): void {
	const cell = rows[from]?.find((one) => one.column === column);
	if (!cell) return;
	for (const row of rows.slice(from + 1, to + 1))
		if (row.length > 0 && !row.some((one) => one.column === column)) {
			row.push(cell);
			row.sort((one, other) => one.column - other.column);
		}
}

function cellOf(cell: CellOfLibrary | undefined, column: number): SheetCell | undefined {
	const kind = KINDS[cell?.t ?? ''];
	if (cell?.v === undefined || cell.v === '' || kind === undefined) return undefined;
	return {
		column,
		kind,
		value: cell.v,
		...(cell.w === undefined ? {} : { shown: cell.w }),
		...(typeof cell.z === 'string' ? { format: cell.z } : {}),
	};
}

/** What the library leaves untyped. */
const formats = SSF as {
	is_date(format: string): boolean;
	parse_date_code(serial: number, options: { readonly date1904: boolean }): DateParts | null | undefined;
};

/** A day and a time as a clock shows them. */
export interface DateParts {
	readonly y: number;
	readonly m: number;
	readonly d: number;
	readonly H: number;
	readonly M: number;
	readonly S: number;
}

/** Whether a number format shows a day or a time. */
export const isDateFormat = (format: string): boolean => formats.is_date(format);

/** The parts of a day that Excel counts, undefined where there is none. */
export const dateParts = (serial: number, from1904: boolean): DateParts | undefined =>
	formats.parse_date_code(serial, { date1904: from1904 }) ?? undefined;
