import { allBytes, firstBytes } from './bytes';
import { kindOf } from './fileKind';
import { textTable } from './text/textTable';
import type { ExportFile, FilePart, Unreadable } from './table';
import { faultInPart } from './workbook/expansion';
import { LARGEST_WORKBOOK, readWorkbook, unreadableWorkbook } from './workbook/workbook';
import type { UnpackBudget, ZipEntry } from './archive/zip';
import { readDirectory, unpack, unpackWhole } from './archive/zip';

/** Archives and workbooks are held in memory. In bytes. */
const LARGEST_ARCHIVE = 256 * 1024 * 1024;
/** How deep an archive may stand inside another. */
const DEEPEST = 2;
/** Bytes that tell what a file is. */
const BEGINNING = 4_096;

const SAVE_AS_CSV = 'Export it again as CSV, or open it in a spreadsheet program and save it as CSV or .xlsx.';

/** What a file holds: the content counts, not the ending of its name. */
export async function* openFile(file: ExportFile, budget: UnpackBudget): AsyncGenerator<FilePart> {
	const beginning = await firstBytes(file, BEGINNING);
	yield* partsOf(file, beginning, budget, 0);
}

async function* partsOf(
	file: ExportFile,
	beginning: Uint8Array,
	budget: UnpackBudget,
	depth: number,
): AsyncGenerator<FilePart> {
	const kind = kindOf(beginning);
	const inArchive = depth > 0;
	if (kind === 'text') {
		yield { kind: 'table', table: textTable(file) };
	} else if (kind === 'empty') {
		yield { kind: 'skipped', file: file.name, reason: 'the file is empty', isEmpty: true };
	} else if (kind === 'zip' || kind === 'workbook') {
		const most = kind === 'zip' ? LARGEST_ARCHIVE : LARGEST_WORKBOOK;
		const bytes = await allBytes(file, most);
		if (file.isWhole?.() === false) yield damaged(file.name);
		else if (bytes === undefined) yield tooLarge(file.name, most);
		else if (kind === 'workbook') yield* readWorkbook(bytes, file.name);
		else yield* archiveParts(file.name, bytes, budget, depth);
	} else if (inArchive) {
		const { what, mayHoldContacts = false } = kind;
		yield { kind: 'skipped', file: file.name, reason: `it is ${what}`, isImage: what === 'an image', mayHoldContacts };
	} else {
		yield unreadable(file.name, `The file is ${kind.what}, which is no table of contacts`, SAVE_AS_CSV);
	}
}

async function* archiveParts(
	name: string,
	bytes: Uint8Array,
	budget: UnpackBudget,
	depth: number,
): AsyncGenerator<FilePart> {
	const entries = readDirectory(bytes);
	if (typeof entries === 'string') {
		yield unreadable(name, `The archive cannot be read: ${entries}`, 'Download the export again.');
		return;
	}
	if (entries.some(({ path }) => path === '[Content_Types].xml' || path === 'content.xml')) {
		yield* workbookOf(name, bytes, entries, budget);
		return;
	}
	if (depth >= DEEPEST) {
		yield unreadable(name, 'The archive stands too deep inside other archives', 'Unpack it first.');
		return;
	}
	if (entries.length === 0) yield { kind: 'skipped', file: name, reason: 'the archive is empty', isEmpty: true };
	for (const entry of entries) yield* entryParts(name, entry, budget, depth);
}

async function* entryParts(
	archive: string,
	entry: ZipEntry,
	budget: UnpackBudget,
	depth: number,
): AsyncGenerator<FilePart> {
	const name = `${archive} › ${shown(entry.path)}`;
	const beginning = firstOf(entry);
	if (typeof beginning === 'string') {
		yield unreadable(
			name,
			`The entry ${beginning}`,
			'Download the export again, or unpack it and hand over the files in it.',
		);
		return;
	}
	let isWhole = true;
	const file: ExportFile = {
		name,
		size: entry.size,
		isWhole: () => isWhole,
		async *open() {
			const parts = unpack(entry, budget);
			for (let next = parts.next(); ; next = parts.next()) {
				if (next.done) {
					isWhole = next.value === undefined;
					return;
				}
				yield await Promise.resolve(next.value);
			}
		},
	};
	yield* partsOf(file, beginning, budget, depth + 1);
}

function firstOf(entry: ZipEntry): Uint8Array | string {
	const { done, value } = unpack(entry, { left: Infinity }).next();
	if (!done) return value.subarray(0, BEGINNING);
	return value ?? new Uint8Array();
}

/** The reader unpacks a workbook by itself, so it is looked at before: a few kilobytes may unpack to gigabytes. */
function* workbookOf(
	name: string,
	bytes: Uint8Array,
	entries: readonly ZipEntry[],
	budget: UnpackBudget,
): Generator<FilePart> {
	let size = 0;
	for (const entry of entries) {
		const whole = size > LARGEST_WORKBOOK ? 'is too large' : unpackWhole(entry, budget, LARGEST_WORKBOOK);
		const fault = typeof whole === 'string' ? `a part of it ${whole}` : faultInPart(whole, entry.path);
		if (typeof whole === 'string' || fault !== undefined) {
			yield unreadableWorkbook(name, fault ?? '');
			return;
		}
		size += whole.length;
	}
	yield* size > LARGEST_WORKBOOK ? [tooLarge(name, LARGEST_WORKBOOK)] : readWorkbook(bytes, name);
}

/** Paths of archives are shown, never followed. */
const shown = (path: string): string =>
	path
		.split('/')
		.filter((part) => part !== '' && part !== '.' && part !== '..')
		.join('/')
		.replace(/[\p{Cc}\p{Cf}]/gu, '')
		.slice(-200);

const unreadable = (file: string, reason: string, advice: string): Unreadable => ({
	kind: 'unreadable',
	file,
	reason,
	advice,
});

const damaged = (file: string): Unreadable => unreadable(file, 'The file is damaged', 'Download the export again.');

const tooLarge = (file: string, most: number): Unreadable =>
	unreadable(
		file,
		`The file is larger than ${most / 1024 / 1024} MB, which is too much to hold in memory`,
		SAVE_AS_CSV,
	);
