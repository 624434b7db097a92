import { parseText } from './csvLibrary';
import type { TableRow } from '../table';

/** Longest row in characters. Notes and addresses take a few thousand; more is a quotation that is never closed, or no table. */
const LONGEST_ROW = 1_000_000;
/** How many lines a quoted cell may go over when lines are read one by one, after a quotation was found wrong. */
const MOST_LINES = 100;
/** How much of a broken line is kept to look for addresses. */
const KEPT = 20_000;

const BROKEN = 'its quotation marks do not match';
const TOO_LONG = `it is longer than ${LONGEST_ROW.toLocaleString('en')} characters`;

/**
 * Rows of text that arrives in parts. Line ends may be mixed. A quotation mark in the wrong place would swallow the rows behind it, opt-outs
 * among them: the line where it begins is reported as broken, and the lines after it are read one by one.
 */
export class CsvReader {
	/** Text whose row is not complete. */
	private rest = '';
	/** Inside a line that is too long, until its end. */
	private skipping = false;
	/** How many of the next rows stand behind a broken line. */
	private suspect = 0;
	private readonly swallowed: RegExp;

	/** `line`: the number of the first line that comes. */
	constructor(
		private readonly delimiter: string,
		private line = 1,
	) {
		const mark = delimiter === '|' ? '\\|' : delimiter;
		// A line inside a cell that has an address as a cell of its own is a row that was swallowed.
		this.swallowed = new RegExp(`\\n(?:.*${mark})?"?[^\\s@"${mark}]+@[^\\s@"${mark}]+"?(?:${mark}|\\n|$)`);
	}

	/** Rows that are complete with this part. */
	push(text: string): TableRow[] {
		const all = this.rest + text;
		// The last character may be the first half of a line end.
		const cut = all.endsWith('\r') ? all.length - 1 : all.length;
		const whole = withPlainLineEnds(all.slice(0, cut));
		const rows = this.read(whole, true);
		this.rest += all.slice(cut);
		return rows;
	}

	/** Rows of what is left at the end of the text. */
	end(): TableRow[] {
		const whole = withPlainLineEnds(this.rest);
		const rows = whole === '' ? [] : this.read(whole, false);
		this.rest = '';
		return rows;
	}

	private read(whole: string, more: boolean): TableRow[] {
		const text = this.skipping ? this.afterLongLine(whole) : whole;
		const { rows, broken, end } = parseText(text, this.delimiter, more);
		const tooLong = more && text.length - end > LONGEST_ROW;
		// Most texts have no cell that goes over several lines, and need not be searched for them cell by cell.
		const hasLongCells = countLines(text, more ? end : text.length) > rows.length;
		if (broken || tooLong || (hasLongCells && rows.some((cells) => this.hasSwallowed(cells))))
			return this.readByLines(text, more);
		this.rest = more ? text.slice(end) : '';
		return this.numbered(rows, hasLongCells);
	}

	private numbered(rows: readonly string[][], hasLongCells = true): TableRow[] {
		const found: TableRow[] = [];
		for (const cells of rows) {
			const line = this.line++;
			if (hasLongCells) for (const cell of cells) if (cell.includes('\n')) this.line += countLines(cell);
			if (cells.length === 1 && cells[0]?.trim() === '') continue;
			found.push(this.suspect > 0 ? { kind: 'cells', line, cells, recovered: true } : { kind: 'cells', line, cells });
			if (this.suspect > 0) this.suspect--;
		}
		return found;
	}

	private hasSwallowed(cells: readonly string[]): boolean {
		return cells.some((cell) => cell.includes('\n') && this.swallowed.test(cell));
	}

	/** A line at a time, and several where a quoted cell goes over them. */
	private readByLines(text: string, more: boolean): TableRow[] {
		const found: TableRow[] = [];
		let at = 0;
		for (;;) {
			const row = this.nextByLines(text, at, more);
			if (row === undefined) break;
			if (row.kind === 'wait') {
				this.rest = text.slice(at);
				return this.cutLongRest(found);
			}
			if (row.kind === 'broken') {
				found.push({
					kind: 'broken',
					line: this.line++,
					text: text.slice(at, Math.min(row.end, at + KEPT)),
					reason: BROKEN,
				});
				this.suspect = MOST_LINES;
			} else {
				found.push(...this.numbered(row.rows));
			}
			at = row.end + 1;
		}
		this.rest = '';
		return found;
	}

	/** `end`: where the row ends, before its line end. `wait`: the rest of it is still to come. */
	private nextByLines(
		text: string,
		at: number,
		more: boolean,
	):
		| { readonly kind: 'rows'; readonly rows: string[][]; readonly end: number }
		| { readonly kind: 'broken'; readonly end: number }
		| { readonly kind: 'wait' }
		| undefined {
		if (at >= text.length) return undefined;
		const first = lineEnd(text, at);
		if (more && first === text.length) return { kind: 'wait' };
		let end = first;
		let marks = marksIn(text, at, first);
		for (let lines = 1; lines <= MOST_LINES && end - at <= LONGEST_ROW; lines++) {
			if (more && end === text.length) return { kind: 'wait' };
			// A mark inside a cell that is not quoted, as in 5" pipe, has no partner. Others come in pairs in complete rows.
			if (lines === 1 || marks % 2 === 0) {
				const row = text.slice(at, end);
				const { rows, broken } = parseText(row, this.delimiter, false);
				if (!broken && rows.length <= 1 && !rows.some((cells) => this.hasSwallowed(cells)))
					return { kind: 'rows', rows, end };
				if (lines > 1) break;
			}
			if (end === text.length) break;
			const next = lineEnd(text, end + 1);
			marks += marksIn(text, end, next);
			end = next;
		}
		return { kind: 'broken', end: first };
	}

	private cutLongRest(found: TableRow[]): TableRow[] {
		if (this.rest.length <= LONGEST_ROW) return found;
		const end = this.rest.indexOf('\n');
		// Several lines that wait for the end of a quotation come to an end of their own: MOST_LINES.
		if (end >= 0 && end <= LONGEST_ROW) return found;
		found.push({ kind: 'broken', line: this.line, text: this.rest.slice(0, KEPT), reason: TOO_LONG });
		this.skipping = end < 0;
		if (end >= 0) this.line++;
		this.rest = end < 0 ? '' : this.rest.slice(end + 1);
		return found;
	}

	private afterLongLine(text: string): string {
		const end = text.indexOf('\n');
		if (end < 0) return '';
		this.skipping = false;
		this.line++;
		return text.slice(end + 1);
	}
}

const withPlainLineEnds = (text: string): string => (text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text);

const lineEnd = (text: string, from: number): number => {
	const end = text.indexOf('\n', from);
	return end < 0 ? text.length : end;
};

/** Line ends before a place. */
function countLines(text: string, before = text.length): number {
	let count = 0;
	for (let at = text.indexOf('\n'); at >= 0 && at < before; at = text.indexOf('\n', at + 1)) count++;
	return count;
}

/** Quotation marks between two places. */
function marksIn(text: string, from: number, to: number): number {
	const part = text.slice(from, to);
	let count = 0;
	for (let at = part.indexOf('"'); at >= 0; at = part.indexOf('"', at + 1)) count++;
	return count;
}
