import type { Sheet, SheetCell } from './workbookLibrary';
import { dateParts, isDateFormat, readSheets } from './workbookLibrary';
import { faultInWorkbook, MOST_ROWS, TOO_MANY_ROWS } from './expansion';
import { namesOf } from '../names';
import type { ExportTable, FilePart, TableRow, Unreadable } from '../table';

/** The library holds a workbook in memory, about ten times its unpacked size. */
export const LARGEST_WORKBOOK = 64 * 1024 * 1024;
const ROWS_AT_ONCE = 1_000;
/** Exports have a few hundred columns; a sheet may have 16,384, and with one filled cell in the last a row takes their room. */
const MOST_COLUMNS = 2_000;

/** The sheets of a workbook as tables. `name` is what people know the file by. */
export function readWorkbook(bytes: Uint8Array, name: string): FilePart[] {
	const fault = isArchive(bytes) ? undefined : faultInWorkbook(bytes);
	if (fault !== undefined) return [unreadableWorkbook(name, fault)];
	let sheets: Sheet[];
	try {
		sheets = readSheets(withoutBlanks(bytes), MOST_ROWS);
	} catch (error) {
		const locked = error instanceof Error && /password|encrypt/i.test(error.message);
		return [
			{
				kind: 'unreadable',
				file: name,
				reason: locked
					? 'The workbook is protected by a password'
					: 'The workbook is damaged or of a kind that cannot be read',
				advice: 'Open it in Excel, save it as .xlsx without a password, or export it as CSV.',
			},
		];
	}
	if (sheets.some(({ isCut }) => isCut)) return [unreadableWorkbook(name, TOO_MANY_ROWS)];
	const filled = sheets.filter((sheet) => sheet.rows.some((row) => row.length > 0));
	if (filled.length === 0) return [{ kind: 'skipped', file: name, reason: 'the workbook is empty', isEmpty: true }];
	return filled.map((sheet) => ({ kind: 'table', table: sheetTable(sheet, name, filled.length > 1) }));
}

const isArchive = (bytes: Uint8Array): boolean => bytes[0] === 0x50 && bytes[1] === 0x4b;

/** `why`: of the workbook, "a part of it is damaged". */
export const unreadableWorkbook = (file: string, why: string): Unreadable => ({
	kind: 'unreadable',
	file,
	reason: `The workbook cannot be read: ${why}`,
	advice: 'Export it again as CSV, or open it in a spreadsheet program and save it as CSV or .xlsx.',
});

/** A table in HTML may have blank lines between its byte order mark and its beginning, behind which the library does not look for one. */
function withoutBlanks(bytes: Uint8Array): Uint8Array {
	if (bytes[0] !== MARK[0] || bytes[1] !== MARK[1] || bytes[2] !== MARK[2]) return bytes;
	const start = bytes.findIndex((byte, index) => index >= MARK.length && !BLANKS.has(byte));
	if (start <= MARK.length) return bytes;
	const plain = bytes.slice(start - MARK.length);
	plain.set(MARK);
	return plain;
}
const MARK = [0xef, 0xbb, 0xbf] as const;
const BLANKS: ReadonlySet<number> = new Set([0x20, 9, 10, 13]);

function sheetTable(sheet: Sheet, name: string, named: boolean): ExportTable {
	return {
		name: named ? `${name}, sheet ${sheet.name}` : name,
		// A sheet may be called Unsubscribed.
		names: namesOf(name, sheet.name),
		dropsEmptyCells: true,
		hidden: sheet.hidden,
		async *rows() {
			for (let from = 0; from < sheet.rows.length; from += ROWS_AT_ONCE) {
				yield await Promise.resolve(rowsFrom(sheet, from));
			}
		},
	};
}

function rowsFrom(sheet: Sheet, from: number): TableRow[] {
	const rows: TableRow[] = [];
	for (const [index, row] of sheet.rows.slice(from, from + ROWS_AT_ONCE).entries()) {
		const line = from + index + 1;
		const last = row.at(-1);
		if (last === undefined) continue;
		if (last.column >= MOST_COLUMNS) {
			rows.push({
				kind: 'broken',
				line,
				text: textsOf(sheet, row).join(' '),
				reason: TOO_WIDE,
			});
			continue;
		}
		const cells = new Array<string>(last.column + 1).fill('');
		for (const cell of row) cells[cell.column] = textOf(cell, sheet.from1904);
		while (cells.length > 0 && cells.at(-1) === '') cells.pop();
		if (cells.length > 0) rows.push({ kind: 'cells', line, cells });
	}
	return rows;
}

const TOO_WIDE = 'it has more columns than a table of contacts';
export const isTooWide = (row: TableRow): boolean => row.kind === 'broken' && row.reason === TOO_WIDE;

const textsOf = (sheet: Sheet, row: Sheet['rows'][number]): string[] =>
	row.slice(0, 100).map((cell) => textOf(cell, sheet.from1904));

/**
 * A cell as an export file would have it. Numbers keep all their digits (a phone number is not 3.36E+10), zeros in front where the format adds
 * them, and days are written as days.
 */
function textOf(cell: SheetCell, from1904: boolean): string {
	const { kind, value, shown, format } = cell;
	// A formula that fails is not empty: what it would have said is not known.
	if (kind === 'error') return shown !== undefined && shown.startsWith('#') ? shown : '#REF!';
	if (kind === 'boolean') return value === true ? 'true' : 'false';
	if (typeof value !== 'number') return String(value);
	if (format !== undefined && isDateFormat(format)) return dayText(value, from1904) ?? String(value);
	if (shown !== undefined && format !== undefined && PADDED.test(format)) return shown;
	return plainNumber(value);
}

/** Formats that only add digits and signs, as those of phone numbers and postal codes: 00000, +0, 00 00 00. */
const PADDED = /^[+0 ()\-\\"/]*0[+0 ()\-\\"/]*$/;

const plainNumber = (value: number): string =>
	Number.isInteger(value) && Math.abs(value) < 1e21 ? value.toFixed(0) : String(value);

function dayText(serial: number, from1904: boolean): string | undefined {
	const parts = dateParts(serial, from1904);
	if (!parts) return undefined;
	const two = (part: number): string => String(Math.floor(part)).padStart(2, '0');
	const day = `${String(parts.y).padStart(4, '0')}-${two(parts.m)}-${two(parts.d)}`;
	const hasTime = serial % 1 !== 0;
	return hasTime ? `${day} ${two(parts.H)}:${two(parts.M)}:${two(parts.S)}` : day;
}
