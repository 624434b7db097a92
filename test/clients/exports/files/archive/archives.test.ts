import { strToU8, unzipSync, zipSync } from 'fflate';
import { utils, write } from '@e965/xlsx';
import { file, read } from '../../reading';
import { processorMs } from '../../../../support/processorTime';

const HEADER = 'Email Address,First Name,MEMBER_RATING,OPTIN_TIME,CONFIRM_TIME,LEID,EUID';
const SUBSCRIBED = `${HEADER},LAST_CHANGED\nada@example.com,Ada,2,2020-01-02 03:04:05,2020-01-02 03:05:05,1,a1,2024-01-01 00:00:00\n`;
const UNSUBSCRIBED = `${HEADER},UNSUB_TIME\nbob@example.com,Bob,2,,,2,a2,2023-05-06 07:08:09\n`;
const CLEANED = `${HEADER},CLEAN_TIME\ncy@example.com,Cy,2,,,3,a3,2023-05-06 07:08:09\n`;

const zip = (entries: Readonly<Record<string, Uint8Array | string>>): Uint8Array =>
	zipSync(
		Object.fromEntries(
			Object.entries(entries).map(([name, content]) => [
				name,
				typeof content === 'string' ? strToU8(content) : content,
			]),
		),
	);

const AUDIENCE = {
	'subscribed_email_audience_export_0a1b2c3d4e.csv': SUBSCRIBED,
	'unsubscribed_email_audience_export_0a1b2c3d4e.csv': UNSUBSCRIBED,
	'cleaned_email_audience_export_0a1b2c3d4e.csv': CLEANED,
};

describe('archives', () => {
	it('MG-14, MG-15: the zip of an audience is read with its three statuses', async () => {
		const taken = await read([file('audience_export_0a1b2c3d4e.zip', zip(AUDIENCE))]);
		expect(taken.standings).toEqual({
			'ada@example.com': 'subscribed',
			'bob@example.com': 'optedOut',
			'cy@example.com': 'bounced',
		});
		expect(taken.contactOf('bob@example.com').provenance).toEqual({
			file: 'audience_export_0a1b2c3d4e.zip › unsubscribed_email_audience_export_0a1b2c3d4e.csv',
			row: 2,
		});
	});

	it('MG-14: folders, litter, paths that lead out, other names and other entries are no obstacle', async () => {
		const content = zip({
			'Zürich/Экспорт/subscribed_email_audience_export_1.csv': SUBSCRIBED,
			'../../etc/unsubscribed.csv': UNSUBSCRIBED,
			'__MACOSX/._subscribed.csv': 'x',
			'images/logo.png': Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0, 0]),
			'readme.txt': 'Nothing to see\n',
			'more.zip': zip({ 'cleaned.csv': CLEANED }),
		});
		const taken = await read([file('export', content)]);
		expect(taken.standings).toEqual({
			'ada@example.com': 'subscribed',
			'bob@example.com': 'optedOut',
			'cy@example.com': 'bounced',
		});
		expect(taken.contactOf('bob@example.com').provenance.file).toBe('export › etc/unsubscribed.csv');
		expect(taken.result).toMatchObject({
			summary: { skipped: [{ reason: 'it is an image' }, { reason: 'no column holds e-mail addresses' }] },
		});
	});

	it('MG-14: a folder called Unsubscribed opts out', async () => {
		const content = zip({ 'Audience/Unsubscribed/contacts.csv': 'Email,Name,Status\na@example.com,x,subscribed\n' });
		expect((await read([file('export.zip', content)])).standings).toEqual({ 'a@example.com': 'optedOut' });
	});

	it('MG-09: one wrong byte in an entry is an error, for it may stand in an address', async () => {
		const bytes = zipSync({ [Object.keys(AUDIENCE)[1] ?? '']: strToU8(UNSUBSCRIBED) }, { level: 0 });
		const at = Buffer.from(bytes).indexOf('bob@');
		bytes[at] = 0x63;
		expect((await read([file('export.zip', bytes)])).result).toMatchObject({
			kind: 'unreadable',
			reason: expect.stringMatching(/damaged/),
		});
	});

	it('a zip bomb ends in an error, soon', async () => {
		const bomb = zip({ 'subscribed.csv': new Uint8Array(60_000_000) });
		const ms = await processorMs(async () => {
			expect((await read([file('bomb.zip', bomb)])).result.kind).toBe('unreadable');
		});
		expect(ms).toBeLessThan(10_000);
	});

	it('entries that share their bytes, as in a bomb of the kind that unpacks once, are an error before any is unpacked', async () => {
		const one = zip({ 'subscribed.csv': strToU8(SUBSCRIBED.repeat(1_000)) });
		const ms = await processorMs(async () => {
			expect((await read([file('bomb.zip', sameEntryAgain(one, 1_500))])).result).toMatchObject({
				kind: 'unreadable',
				reason: expect.stringMatching(/entries lie over one another/),
			});
		});
		expect(ms).toBeLessThan(2_000);
	});

	it.each<[string, (bytes: Uint8Array) => Uint8Array, RegExp]>([
		['is cut off', (bytes) => bytes.slice(0, bytes.length - 60), /ends in the middle/],
		[
			'has a damaged entry',
			(bytes) => bytes.map((byte, index) => (index > 90 && index < 140 ? 255 - byte : byte)),
			/damaged/,
		],
		['is protected', (bytes) => protectedZip(bytes), /password/],
	])('an archive that %s is an error that names it', async (_name, damage, reason) => {
		const taken = await read([file('export.zip', damage(zip(AUDIENCE)))]);
		expect(taken.result).toMatchObject({
			kind: 'unreadable',
			file: expect.stringContaining('export.zip'),
			reason: expect.stringMatching(reason),
		});
	});
});

/** Sets the flag of encryption in every entry of the directory. */
function protectedZip(bytes: Uint8Array): Uint8Array {
	const copy = bytes.slice();
	const view = new DataView(copy.buffer);
	for (let at = 0; at + 4 < copy.length; at++) if (view.getUint32(at, true) === 0x02014b50) copy[at + 8] = 1;
	return copy;
}

describe('workbooks', () => {
	const rows = [
		['Email address', 'First name', 'Email status', 'Phone - mobile', 'Zip', 'Created At', 'Vip'],
		['ada@example.com', 'Ada', 'Active', 33612345678, 1234, new Date(Date.UTC(2024, 1, 3)), true],
		['bob@example.com', 'Bob', 'Unsubscribed', '+41 44 668 18 00', 99, new Date(Date.UTC(2024, 1, 3, 14, 30)), false],
	];
	function workbook(
		bookType: 'xlsx' | 'biff8' | 'ods',
		change: (book: ReturnType<typeof utils.book_new>) => void = () => {},
	): Uint8Array {
		const sheet = utils.aoa_to_sheet(rows, { UTC: true, cellDates: false, dateNF: 'yyyy-mm-dd hh:mm' });
		for (const cell of ['E2', 'E3']) Object.assign(sheet[cell] as object, { z: '00000' });
		const book = utils.book_new();
		utils.book_append_sheet(book, sheet, 'Contacts');
		change(book);
		return new Uint8Array(write(book, { type: 'array', bookType }) as ArrayBuffer);
	}

	it.each(['xlsx', 'biff8'] as const)(
		'MG-21: %s is read with days, long numbers and zeros in front, whatever it is called',
		async (bookType) => {
			const taken = await read([file('contact_export_1100000000000_070224_101010.csv', workbook(bookType))]);
			expect(taken.standings).toEqual({ 'ada@example.com': 'subscribed', 'bob@example.com': 'optedOut' });
			expect(taken.contactOf('ada@example.com').fields).toMatchObject({
				'Phone - mobile': '33612345678',
				Zip: '01234',
				'Created At': '2024-02-03',
				Vip: 'true',
			});
			expect(taken.contactOf('bob@example.com').fields).toMatchObject({
				Zip: '00099',
				'Created At': '2024-02-03 14:30:00',
			});
		},
	);

	it('MG-21: all sheets are read, and of a hidden one only what forbids mail', async () => {
		const bytes = workbook('xlsx', (book) => {
			utils.book_append_sheet(
				book,
				utils.aoa_to_sheet([
					['Email', 'Status'],
					['ADA@example.com', 'unsubscribed'],
					['eve@example.com', 'subscribed'],
				]),
				'Old',
			);
			utils.book_append_sheet(book, utils.aoa_to_sheet([['Notes'], ['nothing']]), 'Notes');
			book.Workbook = { Sheets: [{ Hidden: 0 }, { Hidden: 1 }, { Hidden: 0 }] };
		});
		const taken = await read([file('contacts.xlsx', bytes)]);
		expect(taken.standings).toEqual({ 'ada@example.com': 'optedOut', 'bob@example.com': 'optedOut' });
		expect(taken.refused).toEqual([
			expect.objectContaining({ file: 'contacts.xlsx, sheet Old', line: 3, code: 'HIDDEN_SHEET' }),
		]);
	});

	it('MG-21: a sheet called Unsubscribed opts out in a file called subscribed, and merged cells say the same of all rows', async () => {
		const book = utils.book_new();
		utils.book_append_sheet(
			book,
			utils.aoa_to_sheet([
				['Email', 'Name'],
				['a@example.com', 'x'],
			]),
			'Unsubscribed',
		);
		const sheet = utils.aoa_to_sheet([
			['Email', 'Status', 'Opted out'],
			['b@example.com', 'unsubscribed', ''],
			['c@example.com', '', ''],
			['d@example.com', 'subscribed', ''],
		]);
		sheet['!merges'] = [{ s: { r: 1, c: 1 }, e: { r: 2, c: 1 } }];
		Object.assign(sheet, { C4: { t: 'e', v: 0x17, w: '#REF!' } });
		utils.book_append_sheet(book, sheet, 'Others');
		const bytes = new Uint8Array(write(book, { type: 'array', bookType: 'xlsx' }) as ArrayBuffer);
		expect((await read([file('subscribed.xlsx', bytes)])).standings).toEqual({
			'a@example.com': 'optedOut',
			'b@example.com': 'optedOut',
			'c@example.com': 'optedOut',
			'd@example.com': 'noConsent',
		});
	});

	it('a sheet with a cell in the last column of every row is read in little memory, or refused', async () => {
		const head = '<row r="1"><c r="A1" t="inlineStr"><is><t>Email</t></is></c></row>';
		const rows = Array.from(
			{ length: 20_000 },
			(_, index) => `<row r="${index + 2}"><c r="XFD${index + 2}"><v>1</v></c></row>`,
		);
		const sheet = `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>${head}${rows.join('')}</sheetData></worksheet>`;
		const book = utils.book_new();
		utils.book_append_sheet(book, utils.aoa_to_sheet([['Email']]), 'Contacts');
		const entries = unzipSync(new Uint8Array(write(book, { type: 'array', bookType: 'xlsx' }) as ArrayBuffer));
		const bytes = zipSync({ ...entries, 'xl/worksheets/sheet1.xml': strToU8(sheet) });
		const before = process.memoryUsage().rss;
		const taken = await read([file('contacts.xlsx', bytes)]);
		expect(taken.result.kind).toBe('read');
		expect(taken.refused).toHaveLength(20_000);
		expect((process.memoryUsage().rss - before) / 1024 / 1024).toBeLessThan(1_000);
	}, 120_000);

	it('a workbook that is none is an error that names it', async () => {
		const bytes = Uint8Array.from([0xd0, 0xcf, 0x11, 0xe0, ...new Array<number>(600).fill(7)]);
		const taken = await read([file('contacts.xls', bytes)]);
		expect(taken.result).toMatchObject({ kind: 'unreadable', file: 'contacts.xls' });
	});

	it('MG-21: a table in HTML that is called .xls is read', async () => {
		const html =
			'<html><body><table><tr><th>Email</th><th>Status</th></tr><tr><td>ada@example.com</td><td>Unsubscribed</td></tr></table></body></html>';
		expect((await read([file('contacts.xls', html)])).standings).toEqual({ 'ada@example.com': 'optedOut' });
	});
});

/** The archive of one entry with `count` lines in its directory, all of which lead to the same bytes. */
function sameEntryAgain(bytes: Uint8Array, count: number): Uint8Array {
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	const end = bytes.length - 22;
	const start = view.getUint32(end + 16, true);
	const line = bytes.subarray(start, end);
	const all = Buffer.concat([
		bytes.subarray(0, start),
		...Array.from({ length: count }, () => line),
		bytes.subarray(end),
	]);
	const newEnd = all.length - 22;
	all.writeUInt16LE(count, newEnd + 8);
	all.writeUInt16LE(count, newEnd + 10);
	all.writeUInt32LE(line.length * count, newEnd + 12);
	return new Uint8Array(all);
}
