import { utils, write } from '@e965/xlsx';
import fc from 'fast-check';
import { zipSync } from 'fflate';
import { propertyRuns } from '../../../support/propertyRuns';
import { file, read } from '../reading';

const CSV = new TextEncoder().encode(
	'Email,Note,Status\na@example.com,"x, ""y""\nz",unsubscribed\r\nb@example.com,é😀,active\nc@example.com,,\n',
);

function workbook(bookType: 'xlsx' | 'biff8'): Uint8Array {
	const book = utils.book_new();
	const sheet = utils.aoa_to_sheet([
		['Email', 'Status'],
		['a@example.com', 'unsubscribed'],
		['b@example.com', 45352],
	]);
	utils.book_append_sheet(book, sheet, 'Contacts');
	return new Uint8Array(write(book, { type: 'array', bookType }) as ArrayBuffer);
}

const WHOLE: Readonly<Record<string, Uint8Array>> = {
	csv: CSV,
	zip: zipSync({ 'unsubscribed.csv': CSV, 'inner.zip': zipSync({ 'a.csv': CSV }) }),
	xlsx: workbook('xlsx'),
	xls: workbook('biff8'),
};

// The workbook reader tells the console what it makes of records; in the package it has none.
beforeAll(() => void jest.spyOn(console, 'error').mockImplementation(() => undefined));
afterAll(() => jest.restoreAllMocks());

describe('files that are damaged', () => {
	it.each(Object.entries(WHOLE))(
		'MG-09: %s is read or ends in an error that names it, whatever is damaged',
		async (kind, whole) => {
			const runs = propertyRuns(`damaged ${kind}`, 150);
			const change = fc.record({ at: fc.nat({ max: whole.length - 1 }), byte: fc.nat({ max: 255 }) });
			await fc.assert(
				fc.asyncProperty(
					fc.array(change, { maxLength: 12 }),
					fc.integer({ min: 0, max: whole.length }),
					fc.boolean(),
					async (changes, length, cut) => {
						const bytes = whole.slice();
						for (const { at, byte } of changes) bytes[at] = byte;
						const taken = await read([file(`export.${kind}`, cut ? bytes.slice(0, length) : bytes)]);
						expect(['read', 'unreadable']).toContain(taken.result.kind);
						if (taken.result.kind === 'unreadable') expect(taken.result.file).toContain(`export.${kind}`);
						else
							expect(taken.result.summary.contacts + taken.result.summary.repeated).toBe(
								taken.result.summary.addresses,
							);
						runs.count();
					},
				),
				runs.parameters,
			);
		},
		60_000,
	);
});
