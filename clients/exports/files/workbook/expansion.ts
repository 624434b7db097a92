import { openContainer } from './workbookLibrary';

/**
 * Workbooks may say of one cell that it stands in a million rows, and of one link that it lies over a whole sheet. The library writes each of these
 * cells, so a file of a kilobyte could take all memory. What a part of a workbook spreads over is counted before the library reads it.
 */

/** A sheet of Excel has at most as many rows. */
export const MOST_ROWS = 1_048_576;
/** Cells that are spread beyond those that are written. */
const MOST_SPREAD = 500_000;
/** Cells that are looked at and not made. */
const MOST_LOOKED_AT = 50_000_000;

export const TOO_MANY_ROWS = 'it has more rows than a sheet of Excel';
const SPREADS = 'cells or links of it are repeated over more cells than any table has';

/** Why a part of a workbook in an archive cannot be handed to the library; undefined where it can. */
export function faultInPart(part: Uint8Array, path: string): string | undefined {
	if (path.endsWith('.bin')) return /sheet/i.test(path) && binaryLinks(part) > MOST_SPREAD ? SPREADS : undefined;
	if (!path.endsWith('.xml')) return undefined;
	const text = plainText(part);
	if (path !== 'content.xml')
		return linkedCells(text) > MOST_SPREAD ? SPREADS : hasRowBeyond(text) ? TOO_MANY_ROWS : undefined;
	if (repeatedCells(text) > MOST_SPREAD) return SPREADS;
	return VALUE_ALONE.test(text) ? 'cells of it have a value and no text' : undefined;
}

/** The library takes such a cell for an empty one, and it may be the yes of an opt-out. */
const VALUE_ALONE = /<(?:[\w-]+:)?table-cell\s[^<>]*value-type\s*=\s*["'](?!string)[^<>]*\/>/;

/** The same of a workbook that is no archive: the container of Office 97, the records of older ones, a table in HTML or XML. */
export function faultInWorkbook(bytes: Uint8Array): string | undefined {
	if (bytes[0] === 0xd0 || bytes[0] === 0x09)
		return openContainer(bytes).some((stream) => oldLinks(stream) > MOST_LOOKED_AT) ? SPREADS : undefined;
	const text = plainText(bytes);
	return spannedColumns(text) > MOST_SPREAD || spannedCells(text) > MOST_LOOKED_AT ? SPREADS : undefined;
}

/** Tags are ASCII in each of its encodings. */
function plainText(bytes: Uint8Array): string {
	const text = new TextDecoder('latin1').decode(bytes);
	return text.charCodeAt(1) === 0 || /^(?:ÿþ|þÿ)/.test(text) ? text.replaceAll('\0', '') : text;
}

/** The largest number that an attribute of a tag has, at least 1. */
function numberOf(tag: string, name: string): number {
	if (!tag.includes(name)) return 1;
	const values = [...tag.matchAll(new RegExp(`[\\s:]${name}\\s*=\\s*["']?([^"'\\s>]*)`, 'g'))].map(
		([, value]) => value ?? '',
	);
	return Math.max(1, ...values.map((value) => Math.max(Number(value) || 1, parseInt(value, 10) || 1)));
}

/** Tags as the library finds them: an attribute may hold a bracket. */
const TAG = /<(\/?)(?:[^\s?><!/:"]*:|)([^\s?<>:/"]+)(?:\s+[^<>=?"'\s]+="[^"]*?")*\s*\/?>/g;

interface Tag {
	readonly text: string;
	readonly isEnd: boolean;
	readonly name: string;
}

function* tagsOf(text: string): Generator<Tag> {
	for (const [tag, end, name = ''] of text.matchAll(TAG))
		yield { text: tag, isEnd: end !== '', name: name.replace(/_.*$/s, '').toLowerCase() };
}

/** Filled cells of an ODS sheet that are not written but repeated. */
function repeatedCells(text: string): number {
	if (!text.includes('repeated')) return 0;
	let [sum, rowTimes, written, filled] = [0, 1, 0, 0];
	for (const tag of tagsOf(text)) {
		if (tag.name === 'table-row') {
			sum += filled * rowTimes - written;
			[rowTimes, written, filled] = [tag.isEnd ? 1 : numberOf(tag.text, 'number-rows-repeated'), 0, 0];
		} else if (tag.name === 'table-cell' && !tag.isEnd && !tag.text.endsWith('/>')) {
			written++;
			filled += numberOf(tag.text, 'number-columns-repeated');
		}
	}
	return sum + filled * rowTimes - written;
}

/** Cells under the links of an XLSX sheet. */
function linkedCells(text: string): number {
	let sum = 0;
	for (const [tag] of text.matchAll(/<(?:\w+:)?hyperlink\s[^<>]*>/g))
		sum += areaOf(/[\s:]ref\s*=\s*["']?([^"'\s>]*)/.exec(tag)?.[1] ?? '');
	return sum;
}

/** Rows behind the last one of a sheet, which the library passes over. */
const hasRowBeyond = (text: string): boolean =>
	[...text.matchAll(/<(?:\w+:)?row\s[^<>]*?\br\s*=\s*["']0*([1-9]\d{6,})["']/g)].some(
		([, row]) => Number(row) > MOST_ROWS,
	);

/** Of `A1:XFD1048576`. */
function areaOf(range: string): number {
	const [first, last = first] = range.split(':').map((cell) => /^\$?([A-Z]*)\$?(\d*)/i.exec(cell) ?? ['', '', '']);
	const span = (from: number, to: number): number => Math.abs(to - from) + 1;
	const columns = span(columnOf(first?.[1] ?? ''), columnOf(last?.[1] ?? ''));
	return columns * span(Number(first?.[2] ?? 0), Number(last?.[2] ?? 0));
}

const columnOf = (letters: string): number =>
	[...letters.toUpperCase()].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0);

const LINK_OF_XLSB = 0x01ee;
const LINK_OF_XLS = 0x01b8;
const TIP_OF_XLS = 0x0800;

/** The same of an XLSB sheet: records of a type and a size of up to two and four bytes, seven bits each. */
function binaryLinks(bytes: Uint8Array): number {
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	let [at, sum] = [0, 0];
	const number = (most: number): number => {
		let value = 0;
		for (let index = 0; index < most && at < bytes.length; index++) {
			const byte = bytes[at++] ?? 0;
			value += (byte & 0x7f) * 128 ** index;
			if (byte < 0x80) break;
		}
		return value;
	};
	while (at < bytes.length) {
		const type = number(2);
		const size = number(4);
		if (type === LINK_OF_XLSB && at + 16 <= bytes.length) {
			const [top, bottom, left, right] = [0, 4, 8, 12].map((offset) => view.getUint32(at + offset, true));
			sum += Math.max(0, bottom! - top! + 1) * Math.max(0, right! - left! + 1);
		}
		at += size;
	}
	return sum;
}

/** Cells that the links of an XLS sheet lie over: records of a type and a size of two bytes each. */
function oldLinks(bytes: Uint8Array): number {
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	let sum = 0;
	for (let at = 0; at + 4 <= bytes.length; at += 4 + view.getUint16(at + 2, true)) {
		const type = view.getUint16(at, true);
		// A tip has the number of its own record before its range.
		const range = at + (type === TIP_OF_XLS ? 6 : 4);
		if ((type !== LINK_OF_XLS && type !== TIP_OF_XLS) || range + 8 > bytes.length) continue;
		const [top, bottom, left, right] = [0, 2, 4, 6].map((offset) => view.getUint16(range + offset, true));
		sum += Math.max(0, bottom! - top! + 1) * Math.max(0, right! - left! + 1);
	}
	return sum;
}

/** Columns that an XML table of 2003 describes. */
function spannedColumns(text: string): number {
	if (!text.includes('Span')) return 0;
	let sum = 0;
	for (const tag of tagsOf(text)) if (tag.name === 'column') sum += numberOf(tag.text, 'Span');
	return sum;
}

/** Cells of an HTML table, each of which is compared with every one that lies over several. */
const spannedCells = (text: string): number => countOf(text, /<t[dh]/gi) * countOf(text, /(?:row|col)span\s*=/gi);

function countOf(text: string, what: RegExp): number {
	let count = 0;
	for (const _ of text.matchAll(what)) count++;
	return count;
}
