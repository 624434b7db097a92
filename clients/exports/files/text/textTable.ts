import { CsvReader } from './csv';
import { dialectOf } from './delimiter';
import { firstBytes } from '../bytes';
import type { Encoding } from './encoding';
import { markedEncoding, TextReader, Utf8Check } from './encoding';
import type { ExportFile, ExportTable, TableRow } from '../table';
import { namesOf } from '../names';

/** Text that tells how a file is delimited. In characters. */
const BEGINNING = 65_536;
/** Bytes that show how characters are written. */
const MARK = 4_096;
/** Bytes that are decoded at once. */
const PART = 32_768;

/** A text file as a table. Its rows are read as they are asked for; nothing of it is kept. */
export const textTable = (file: ExportFile): ExportTable => ({
	name: file.name,
	names: namesOf(file.name),
	dropsEmptyCells: false,
	hidden: false,
	rows: () => rowsOf(file),
});

async function* rowsOf(file: ExportFile): AsyncGenerator<readonly TableRow[]> {
	const encoding = await encodingOf(file);
	const decoder = new TextReader(encoding);
	let reader: CsvReader | undefined;
	let beginning = '';
	let size = 0;
	for await (const bytes of await file.open()) {
		size += bytes.length;
		for (let at = 0; at < bytes.length; at += PART) {
			const text = decoder.push(bytes.subarray(at, at + PART));
			if (reader) {
				yield reader.push(text);
				continue;
			}
			beginning += text;
			if (beginning.length < BEGINNING) continue;
			const { delimiter, skip } = dialectOf(beginning);
			reader = new CsvReader(delimiter, skip > 0 ? 2 : 1);
			yield reader.push(beginning.slice(skip));
		}
	}
	const rest = decoder.end();
	if (!reader) {
		const { delimiter, skip } = dialectOf(beginning + rest);
		reader = new CsvReader(delimiter, skip > 0 ? 2 : 1);
		yield reader.push((beginning + rest).slice(skip));
	} else yield reader.push(rest);
	yield reader.end();
	if ((file.size !== undefined && size !== file.size) || file.isWhole?.() === false) yield [{ kind: 'cut' }];
}

/** A mark tells the encoding; else it is UTF-8 where all of the file is valid, which takes a reading of its own, or Windows-1252. */
async function encodingOf(file: ExportFile): Promise<Encoding> {
	const marked = markedEncoding(await firstBytes(file, MARK));
	if (marked) return marked;
	const check = new Utf8Check();
	for await (const bytes of await file.open()) check.push(bytes);
	return check.end().encoding;
}
