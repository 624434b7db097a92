import { read, SSF } from '@e965/xlsx';

/**
 * The only import of the workbook reader, which the build puts into this file (gulpfile.js). It reads XLSX and the older XLS, XLSB, ODS and
 * the tables in HTML or XML that many programs call .xls.
 */

/** A number as it is stored, what its format makes of it, and the format. */
export interface SheetCell {
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
	/** By row, then by column; empty cells are missing. */
	readonly rows: readonly (readonly (SheetCell | undefined)[])[];
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
			rows: Array.from(data, (row) => Array.from(row ?? [], cellOf)),
		};
	});
}

interface CellOfLibrary {
	readonly t: string;
	readonly v?: string | number | boolean;
	readonly w?: string;
	readonly z?: string | number;
}

function cellOf(cell: CellOfLibrary | undefined): SheetCell | undefined {
	const kind = KINDS[cell?.t ?? ''];
	if (cell?.v === undefined || kind === undefined) return undefined;
	return {
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
