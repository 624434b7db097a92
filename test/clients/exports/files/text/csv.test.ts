import fc from 'fast-check';
import { CsvReader } from '../../../../../clients/exports/files/text/csv';
import { dialectOf } from '../../../../../clients/exports/files/text/delimiter';
import type { TableRow } from '../../../../../clients/exports/files/table';
import { propertyRuns } from '../../../../support/propertyRuns';

/** Rows of a text that comes in parts of so many characters. */
function rowsOf(text: string, part = text.length, delimiter = ','): TableRow[] {
	const reader = new CsvReader(delimiter);
	const rows: TableRow[] = [];
	for (let at = 0; at < text.length; at += Math.max(1, part)) rows.push(...reader.push(text.slice(at, at + part)));
	return [...rows, ...reader.end()];
}

const cellsOf = (rows: readonly TableRow[]): (readonly string[])[] =>
	rows.flatMap((row) => (row.kind === 'cells' ? [row.cells] : []));
const brokenAt = (rows: readonly TableRow[]): number[] =>
	rows.flatMap((row) => (row.kind === 'broken' ? [row.line] : []));

describe('rows of a CSV file', () => {
	it.each([1, 2, 3, 7, 1000])('MG-25: are the same when they come %i characters at a time', (part) => {
		const text = 'a,b\r\n1,"x, ""y""\r\nz"\r2,"\n"\n3,end';
		expect(cellsOf(rowsOf(text, part))).toEqual([
			['a', 'b'],
			['1', 'x, "y"\nz'],
			['2', '\n'],
			['3', 'end'],
		]);
	});

	it('MG-25: count their first lines, with cells over several lines and blank lines between', () => {
		const rows = rowsOf('a,b\n1,"x\ny\nz"\n\n2,3\n');
		expect(rows.map((row) => row.kind !== 'cut' && row.line)).toEqual([1, 2, 6]);
	});

	it('MG-25: may hold a mark in the middle of a cell that is not quoted', () => {
		expect(cellsOf(rowsOf('a,b\n1,5" pipe\n2,x\n'))[1]).toEqual(['1', '5" pipe']);
	});

	it.each<[string, string]>([
		['until the end of the file', 'h,i\na,"broken\nb,2\nc,3\n'],
		['until the next quoted cell', 'h,i\na,"broken\nb,2\nc,"3, 4"\n'],
		['until a mark that happens to end it', 'h,i\na,"broken\nb@example.com,2\nc@example.com,x"\n'],
	])('MG-23: a quotation that is never closed swallows no row: %s', (_until, text) => {
		for (const part of [3, 1000]) {
			const rows = rowsOf(text, part);
			expect(brokenAt(rows)).toContain(2);
			const first = cellsOf(rows).map(([cell]) => cell?.slice(0, 1));
			expect(first).toEqual(expect.arrayContaining(['h', 'b']));
			expect(rows.some((row) => row.kind === 'cells' && row.cells[0]?.startsWith('b') && row.recovered)).toBe(true);
		}
	});

	it('MG-23: a note over several lines that names an address is one cell', () => {
		const rows = rowsOf('email,note\na@example.com,"called:\nwrite to b@example.com, please\nbye"\n');
		expect(brokenAt(rows)).toEqual([]);
		expect(cellsOf(rows)).toHaveLength(2);
	});

	it('a row of 100 MB is refused, and the rows behind it are read, in little memory', () => {
		const reader = new CsvReader(',');
		const rows = [...reader.push('a,b\n1,')];
		const part = 'x'.repeat(1_000_000);
		for (let count = 0; count < 100; count++) rows.push(...reader.push(part));
		rows.push(...reader.push('\n2,3\n'), ...reader.end());
		expect(rows.map((row) => row.kind)).toEqual(['cells', 'broken', 'cells']);
		expect(rows[1]).toMatchObject({ line: 2, reason: expect.stringContaining('longer than 1,000,000') });
		expect(rows[2]).toMatchObject({ line: 3, cells: ['2', '3'] });
	});

	it('a quoted cell of 100 MB is refused too', () => {
		const reader = new CsvReader(',');
		const rows = [...reader.push('a,b\n1,"')];
		for (let count = 0; count < 100; count++) rows.push(...reader.push(`${'x'.repeat(999_999)}\n`));
		rows.push(...reader.push('z"\n2,3\n'), ...reader.end());
		expect(rows[1]).toMatchObject({ kind: 'broken', line: 2 });
		expect(cellsOf(rows)).toContainEqual(['2', '3']);
	}, 120_000);

	it('MG-25: what is written by the rules is read as it was, in parts of any size', () => {
		const cell = fc.string({ unit: fc.constantFrom('a', 'B', ' ', ',', '"', '\n', ';', 'é', '😀'), maxLength: 8 });
		const table = fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 8 });
		fc.assert(
			fc.property(table, fc.integer({ min: 1, max: 20 }), (rows, part) => {
				const quoted = rows.map((cells) => cells.map((one) => `"${one.replaceAll('"', '""')}"`).join(','));
				expect(cellsOf(rowsOf(`${quoted.join('\n')}\n`, part))).toEqual(rows);
			}),
			propertyRuns('CSV as it was written', 200).parameters,
		);
	});
});

describe('how a file is delimited', () => {
	it.each<[string, string, string]>([
		['commas', 'Email Address,"First; Name"\na@example.com,x', ','],
		['semicolons', 'EMAIL;NOM;NOTE\na@example.com;x;"1,2,3"', ';'],
		['tabs', 'Email\tName, first\na@example.com\tx', '\t'],
		['bars', 'email|name\na@example.com|x', '|'],
		['nothing', 'email\na@example.com', ','],
	])('MG-25: %s are found', (_name, text, delimiter) => {
		expect(dialectOf(text)).toEqual({ delimiter, skip: 0 });
	});

	it('MG-25: the line sep=; of Excel is followed and passed over', () => {
		expect(dialectOf('sep=;\r\na;b\r\n')).toEqual({ delimiter: ';', skip: 7 });
	});
});
