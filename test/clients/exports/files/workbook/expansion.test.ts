import { utils, write } from '@e965/xlsx';
import { strToU8, unzipSync, zipSync } from 'fflate';
import { faultInWorkbook } from '../../../../../clients/exports/files/workbook/expansion';
import { file, read } from '../../reading';

/** Workbooks of a few kilobytes that say of one cell, link or column that it stands in very many places. */

const reasonOf = async (name: string, content: string | Uint8Array): Promise<string> => {
	const { result } = await read([file(name, content)]);
	return result.kind === 'unreadable' ? `${result.file}: ${result.reason}` : 'read';
};

const CELL = (text: string, attributes = ''): string =>
	`<table:table-cell ${attributes} office:value-type="string"><text:p>${text}</text:p></table:table-cell>`;
const ROW = (cells: string, attributes = ''): string => `<table:table-row ${attributes}>${cells}</table:table-row>`;
const HEADER = ROW(CELL('Email') + CELL('Email status') + CELL('Unsubscribed'));
const ods = (rows: string, sheets = 1): Uint8Array =>
	zipSync({
		'META-INF/manifest.xml': strToU8('<manifest/>'),
		'styles.xml': strToU8('<?xml version="1.0"?><office:document-styles/>'),
		'content.xml': strToU8(
			`<?xml version="1.0"?><office:document-content><office:body><office:spreadsheet>${`<table:table table:name="S">${rows}</table:table>`.repeat(
				sheets,
			)}</office:spreadsheet></office:body></office:document-content>`,
		),
	});

const workbook = (bookType: 'xlsx' | 'xlsb'): Uint8Array => {
	const sheet = utils.aoa_to_sheet([
		['Email', 'Email status'],
		['ada@x.com', 'Unsubscribed'],
	]);
	(sheet['A2'] as { l?: object }).l = { Target: 'mailto:ada@x.com' };
	const book = utils.book_new();
	utils.book_append_sheet(book, sheet, 'S');
	return new Uint8Array(write(book, { type: 'array', bookType }) as ArrayBuffer);
};

/** The same workbook with its sheet changed. */
function withSheet(bytes: Uint8Array, path: RegExp, change: (sheet: Uint8Array) => Uint8Array): Uint8Array {
	const entries = unzipSync(bytes);
	const name = Object.keys(entries).find((one) => path.test(one)) ?? '';
	return zipSync({ ...entries, [name]: change(entries[name] ?? new Uint8Array()) });
}

const xlsx = (change: (sheet: string) => string): Uint8Array =>
	withSheet(workbook('xlsx'), /sheet1\.xml$/, (sheet) => strToU8(change(new TextDecoder().decode(sheet))));

const table2003 = (inside: string): string =>
	`<?xml version="1.0"?><Workbook xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="S"><Table>${inside}</Table></Worksheet></Workbook>`;
const row2003 = (attributes: string, ...cells: string[]): string =>
	`<Row ${attributes}>${cells.map((cell) => `<Cell><Data ss:Type="String">${cell}</Data></Cell>`).join('')}</Row>`;

describe('14: workbooks that are small and would take all memory end in an error that names them', () => {
	const repeated = /^x: The workbook cannot be read: cells or links of it are repeated/;
	const beyond = /^x: The workbook cannot be read: it has more rows than a sheet/;

	it.each<[string, () => string | Uint8Array, RegExp]>([
		[
			'ODS: a filled row repeated over all rows and columns',
			() =>
				ods(
					HEADER +
						ROW(
							CELL('ada@x.com') + CELL('x', 'table:number-columns-repeated="1000"'),
							'table:number-rows-repeated="1000000"',
						),
				),
			repeated,
		],
		[
			'ODS: many sheets of one row',
			() => ods(HEADER + ROW(CELL('ada@x.com'), 'table:number-rows-repeated="40000"'), 20),
			repeated,
		],
		[
			'XLSX: a link over the whole sheet',
			() => xlsx((sheet) => sheet.replace(/ref="A2"/, 'ref="A1:XFD1048576"')),
			repeated,
		],
		[
			'XLSB: a link over the whole sheet',
			() =>
				withSheet(workbook('xlsb'), /sheet1\.bin$/, (sheet) => {
					const at = sheet.findIndex((byte, index) => byte === 0xee && sheet[index + 1] === 3) + 3;
					const view = new DataView(sheet.buffer, sheet.byteOffset);
					view.setUint32(at + 4, 1_000_000, true);
					view.setUint32(at + 12, 16_000, true);
					return sheet;
				}),
			repeated,
		],
		[
			'XML of 2003: a column that stands for a billion',
			() => table2003('<Column ss:Span="1000000000"/>' + row2003('', 'Email') + row2003('', 'ada@x.com')),
			repeated,
		],
		[
			'HTML: thousands of cells over many rows',
			() => `<table><tr><td>Email</td></tr>${'<tr><td rowspan="60000">ada@x.com</td></tr>'.repeat(8_000)}</table>`,
			repeated,
		],
		[
			'XLSX: a row behind the last one',
			() => xlsx((sheet) => sheet.replace('<row r="2"', '<row r="4000000000"')),
			beyond,
		],
		[
			'XML of 2003: a row behind the last one',
			() => table2003(row2003('', 'Email') + row2003('ss:Index="2000000"', 'ada@x.com')),
			beyond,
		],
	])('%s', async (_what, content, reason) => {
		expect(await reasonOf('x', content())).toMatch(reason);
	});

	it('XLS: links that lie over the whole sheet many times', () => {
		const link = [0xb8, 0x01, 8, 0, 0, 0, 0xff, 0xff, 0, 0, 0xff, 0];
		const records = (times: number): Uint8Array =>
			Uint8Array.from([9, 8, 4, 0, 0, 6, 0x10, 0, ...Array.from({ length: times }, () => link).flat()]);
		expect(faultInWorkbook(records(1))).toBeUndefined();
		expect(faultInWorkbook(records(10))).toMatch(/repeated/);
	});
});

describe('MG-21: what spreadsheet programs write all the same', () => {
	it('ODS: empty cells and rows to the end of the sheet, and a few that are alike', async () => {
		const empty = '<table:table-cell table:number-columns-repeated="16381"/>';
		const rows =
			HEADER +
			ROW(CELL('ada@x.com') + CELL('Unsubscribed') + empty, 'table:number-rows-repeated="3"') +
			ROW('<table:table-cell table:number-columns-repeated="16384"/>', 'table:number-rows-repeated="1048560"');
		expect((await read([file('x.ods', ods(rows))])).standings).toEqual({ 'ada@x.com': 'optedOut' });
	});

	it('ODS: a yes without a text is not taken for an empty cell', async () => {
		const yes = '<table:table-cell office:value-type="boolean" office:boolean-value="true"/>';
		const rows = HEADER + ROW(CELL('ada@x.com') + CELL('Subscribed') + yes);
		expect(await reasonOf('x', ods(rows))).toMatch(/cells of it have a value and no text/);
	});

	it('HTML: blank lines and a comment between the mark of its encoding and the table', async () => {
		const html =
			'\ufeff\r\n<!-- report -->\r\n<table><tr><td>Email</td><td>Email status</td></tr><tr><td>ada@x.com</td><td>Subscribed</td></tr><tr><td>bob@x.com</td><td>Désabonné</td></tr></table>';
		expect((await read([file('x.xls', html)])).standings).toEqual({
			'ada@x.com': 'subscribed',
			'bob@x.com': 'optedOut',
		});
	});
});
