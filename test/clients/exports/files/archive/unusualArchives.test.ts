import { deflateSync, strToU8, zipSync } from 'fflate';
import { utils, write } from '@e965/xlsx';
import { file, read } from '../../reading';

/** Archives as other programs pack them, and what in them is no table. */

const SUBSCRIBED = 'Email,Email Status\nada@x.com,subscribed\n';
const OTHERS = 'Email,Name\nbob@x.com,Bob\n';

interface Entry {
	readonly name: string | Buffer;
	readonly text: string;
	/** Sizes stand in a field of their own. */
	readonly large?: boolean;
	readonly method?: number;
	/** Its name in UTF-8, in a field of its own. */
	readonly unicode?: string;
}

const CRC = Uint32Array.from({ length: 256 }, (_, byte) => {
	let crc = byte;
	for (let bit = 0; bit < 8; bit++) crc = (crc & 1) === 0 ? crc >>> 1 : (crc >>> 1) ^ 0xedb88320;
	return crc;
});
const crc32 = (bytes: Uint8Array): number =>
	~bytes.reduce((crc, byte) => (crc >>> 8) ^ (CRC[(crc ^ byte) & 0xff] ?? 0), ~0) >>> 0;
const little = (size: 2 | 4 | 8, ...numbers: number[]): Buffer =>
	Buffer.concat(
		numbers.map((number) => {
			const bytes = Buffer.alloc(8);
			bytes.writeBigUInt64LE(BigInt(number));
			return bytes.subarray(0, size);
		}),
	);
const field = (kind: number, content: Buffer): Buffer => Buffer.concat([little(2, kind, content.length), content]);
const NOT_HERE = 0xffffffff;

/** `large`: its directory is described by the record of large archives. */
function archive(entries: readonly Entry[], large = false): Uint8Array {
	const parts: Buffer[] = [];
	const directory: Buffer[] = [];
	let at = 0;
	for (const { name, text, large: isLarge = false, method = 8, unicode } of entries) {
		const bytes = Buffer.from(text);
		const packed = Buffer.from(deflateSync(new Uint8Array(bytes)));
		const path = Buffer.from(name as string);
		const sizes = isLarge ? [NOT_HERE, NOT_HERE] : [packed.length, bytes.length];
		const more = Buffer.concat([
			isLarge ? field(1, little(8, bytes.length, packed.length)) : Buffer.alloc(0),
			unicode === undefined || unicode === ''
				? Buffer.alloc(0)
				: field(0x7075, Buffer.concat([Buffer.from([1]), little(4, crc32(path)), Buffer.from(unicode)])),
		]);
		const common = Buffer.concat([
			little(2, 20, 0, method, 0, 0),
			little(4, crc32(bytes), ...sizes),
			little(2, path.length, more.length),
		]);
		const local = Buffer.concat([little(4, 0x04034b50), common, path, more, packed]);
		parts.push(local);
		directory.push(little(4, 0x02014b50), little(2, 20), common, little(2, 0, 0, 0), little(4, 0, at), path, more);
		at += local.length;
	}
	const lines = Buffer.concat(directory);
	const record = Buffer.concat([
		little(4, 0x06064b50),
		little(8, 44),
		little(2, 45, 45),
		little(4, 0, 0),
		little(8, entries.length, entries.length, lines.length, at),
		little(4, 0x07064b50, 0),
		little(8, at + lines.length),
		little(4, 1),
	]);
	const [count, size, start] = large ? [0xffff, NOT_HERE, NOT_HERE] : [entries.length, lines.length, at];
	const end = Buffer.concat([
		little(4, 0x06054b50),
		little(2, 0, 0, count, count),
		little(4, size, start),
		little(2, 0),
	]);
	return new Uint8Array(Buffer.concat([...parts, lines, ...(large ? [record] : []), end]));
}

describe('14: archives of other programs', () => {
	const both = (large: boolean): Entry[] => [
		{ name: 'active.csv', text: SUBSCRIBED, large },
		{ name: 'unsubscribed.csv', text: OTHERS, large },
	];
	it.each([
		['neither', false, false],
		['the sizes of entries', true, false],
		['the directory', false, true],
		['both', true, true],
	])(
		'are read also where they write the numbers of large archives for small ones: %s',
		async (_what, entries, directory) => {
			const bytes = archive(both(entries), directory);
			expect((await read([file('export.zip', bytes)])).standings).toEqual({
				'ada@x.com': 'subscribed',
				'bob@x.com': 'optedOut',
			});
		},
	);

	it.each<[string, string | Buffer, string]>([
		['UTF-8', 'Désabonnés.csv', ''],
		['UTF-8 with letters taken apart', 'Désabonnés.csv'.normalize('NFD'), ''],
		['Latin-1', Buffer.from('D\xe9sabonn\xe9s.csv', 'latin1'), ''],
		['the code page of DOS', Buffer.from('D\x82sabonn\x82s.csv', 'latin1'), ''],
		['question marks, and UTF-8 in a field of its own', 'D?????????.csv', 'Désabonnés.csv'],
		['question marks', 'D?sabonn?s.csv', ''],
	])('have names that opt out in %s', async (_what, name, unicode) => {
		const bytes = archive([{ name, text: OTHERS, unicode }]);
		expect((await read([file('export.zip', bytes)])).standings).toEqual({ 'bob@x.com': 'optedOut' });
	});

	it('whose directory counts fewer entries than it has are damaged: the one that is missing may hold the opt-outs', async () => {
		const bytes = Buffer.from(archive(both(false)));
		bytes.writeUInt16LE(1, bytes.length - 12);
		expect((await read([file('export.zip', new Uint8Array(bytes))])).result).toMatchObject({
			kind: 'unreadable',
			reason: expect.stringMatching(/directory is damaged/),
		});
	});

	it.each([
		['unsubscribed.csv.gz', Buffer.from([0x1f, 0x8b, 8, 0])],
		['Désabonnés.pdf', Buffer.from('%PDF-1.7')],
		['unsubscribed.json', Buffer.from('[{"email":"bob@x.com"}]')],
	])('with opt-outs in a file that is no table are an error that names it: %s', async (name, content) => {
		const taken = await read([
			file('export.zip', zipSync({ 'active.csv': strToU8(SUBSCRIBED), [name]: new Uint8Array(content) })),
		]);
		expect(taken.result).toMatchObject({
			kind: 'unreadable',
			file: `export.zip › ${name}`,
			reason: expect.stringMatching(/opted out or bounced, but it is/),
		});
	});

	it.each<[string, Uint8Array]>([
		['data.csv.gz', Uint8Array.from([0x1f, 0x8b, 8, 0])],
		['data.rar', strToU8('Rar!\x1a\x07')],
		['data.7z', Uint8Array.from([0x37, 0x7a, 0xbc, 0xaf])],
		['data.tar', strToU8(`data.csv${'\0'.repeat(249)}ustar\0${'\0'.repeat(250)}`)],
		['data.slk', strToU8('ID;PWXL;N;E\nC;Y1;X1;K"Email"\nE\n')],
	])(
		'MG-14: with a table or an archive that is not read are an error: %s may hold the opt-outs',
		async (name, content) => {
			const taken = await read([file('export.zip', zipSync({ 'active.csv': strToU8(SUBSCRIBED), [name]: content }))]);
			expect(taken.result).toMatchObject({
				kind: 'unreadable',
				file: `export.zip › ${name}`,
				reason: expect.stringMatching(/may hold contacts that opted out, but it is/),
			});
		},
	);

	it('MG-14: with a table whose first addresses stand far below are an error: it may be the one with the opt-outs', async () => {
		const rows = (filled: string): string => `Id,Info\n${'1,\n'.repeat(5_000)}${filled}`;
		const zip = (table: string): Uint8Array =>
			zipSync({ 'active.csv': strToU8(SUBSCRIBED), 'data.csv': strToU8(table) });
		const late = await read([file('export.zip', zip(rows('2,out: ada@x.com\n'.repeat(20))))]);
		expect(late.result).toMatchObject({ kind: 'unreadable', file: 'export.zip › data.csv' });
		const none = await read([file('export.zip', zip(rows('2,bob\n')))]);
		expect(none.standings).toEqual({ 'ada@x.com': 'subscribed' });
	});

	it('with pictures called so are read without them', async () => {
		const png = Buffer.from([0x89, 0x50, 0x4e, 0x47]);
		const taken = await read([
			file('export.zip', zipSync({ 'active.csv': strToU8(SUBSCRIBED), 'unsubscribe.png': new Uint8Array(png) })),
		]);
		expect(taken.standings).toEqual({ 'ada@x.com': 'subscribed' });
	});
});

describe('14: files that only look like tables', () => {
	it.each([
		['RTF', '{\\rtf1\\ansi Email\\par ada@x.com\\par bob@x.com\\par }', /text document/],
		['SYLK', 'ID;PWXL;N;E\nC;Y1;X1;K"Email"\nC;Y2;X1;K"ada@x.com"\nE\n', /old spreadsheet/],
		['DIF', 'TABLE\n0,1\n"EXCEL"\nVECTORS\n0,2\n""\nDATA\n0,0\n""\n-1,0\nBOT\n1,0\n"ada@x.com"\n', /old spreadsheet/],
	])('say what they are: %s', async (_what, text, reason) => {
		const taken = await read([file('contacts.xls', text)]);
		expect(taken.result).toMatchObject({
			kind: 'unreadable',
			file: 'contacts.xls',
			reason: expect.stringMatching(reason),
		});
	});

	it('MG-21: a sheet of more columns than any table of contacts says so', async () => {
		const wide = Array.from({ length: 2_500 }, (_, index) => `c${index}`);
		const book = utils.book_new();
		utils.book_append_sheet(
			book,
			utils.aoa_to_sheet([
				['Email', ...wide],
				['a@x.com', ...wide],
			]),
			'S',
		);
		const bytes = new Uint8Array(write(book, { type: 'array', bookType: 'xlsx' }) as ArrayBuffer);
		expect((await read([file('wide.xlsx', bytes)])).result).toMatchObject({
			kind: 'unreadable',
			reason: expect.stringMatching(/more columns/),
		});
	});
});
