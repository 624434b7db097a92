import { inflate } from './inflateLibrary';

/** Reads archives from their directory, as unpacking programs do: what stands between the entries is not looked at. */

/** Account exports have some hundred entries. */
const MOST_ENTRIES = 2_000;
/** Tables pack 1 : 5 to 1 : 30; a text of blanks packs 1 : 1,000. */
const LARGEST_RATIO = 250;
/** What may be unpacked whatever it was packed to, in bytes. */
const ALWAYS_UNPACKED = 32 * 1024 * 1024;
/** What all entries of an upload may unpack to, in bytes: ten times the largest export that is known. */
export const MOST_UNPACKED = 2 * 1024 * 1024 * 1024;

export interface ZipEntry {
	/** Path inside the archive, with forward slashes; only ever shown. */
	readonly path: string;
	readonly packed: Uint8Array;
	readonly stored: boolean;
	/** Unpacked, in bytes. */
	readonly size: number;
	/** Of its content. */
	readonly checksum: number;
	/** Undefined: it can be read. Otherwise the end of the sentence "The entry …". */
	readonly fault?: string;
}

/** Entries in the order of the directory, without folders and without what macOS and Windows add. Text: what is wrong with the archive. */
export function readDirectory(bytes: Uint8Array): readonly ZipEntry[] | string {
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	const end = findEnd(view);
	if (end === undefined) return 'it ends in the middle: its directory is missing';
	const { count, start, size } = directoryAt(view, end);
	if (start > bytes.length || count < 0) return 'its directory is damaged';
	let at = start;
	if (count > MOST_ENTRIES) return `it has more than ${MOST_ENTRIES} entries`;
	const entries: ZipEntry[] = [];
	for (let index = 0; index < count; index++) {
		if (at + 46 > bytes.length || view.getUint32(at, true) !== 0x02014b50) return 'its directory is damaged';
		const nameLength = view.getUint16(at + 28, true);
		const extra = at + 46 + nameLength;
		const extraEnd = extra + view.getUint16(at + 30, true);
		if (extraEnd > bytes.length) return 'its directory is damaged';
		const path = pathOf(bytes.subarray(at + 46, extra), fieldIn(view, extra, extraEnd, UNICODE_PATH)).replaceAll(
			'\\',
			'/',
		);
		if (!isFolderOrLitter(path)) entries.push(entryAt(bytes, view, { at, extra, extraEnd }, path));
		at = extraEnd + view.getUint16(at + 32, true);
	}
	// An entry that the directory has and does not count may be the one with the opt-outs.
	if (at < start + size && at + 4 <= bytes.length && view.getUint32(at, true) === 0x02014b50)
		return 'its directory is damaged';
	return overlap(entries) ? 'its entries lie over one another, as no program packs them' : entries;
}

/** Whether two entries share bytes: a few of them could be unpacked to any size. */
function overlap(entries: readonly ZipEntry[]): boolean {
	const ranges = entries.map(({ packed }) => [packed.byteOffset, packed.byteOffset + packed.length] as const);
	const sorted = ranges.filter(([from, to]) => to > from).sort(([a], [b]) => a - b);
	return sorted.some(([from], index) => index > 0 && from < (sorted[index - 1]?.[1] ?? 0));
}

/** Where a line of the directory begins, and what is added behind its name. */
interface DirectoryLine {
	readonly at: number;
	readonly extra: number;
	readonly extraEnd: number;
}

function entryAt(bytes: Uint8Array, view: DataView, { at, extra, extraEnd }: DirectoryLine, path: string): ZipEntry {
	const flags = view.getUint16(at + 8, true);
	const method = view.getUint16(at + 10, true);
	const checksum = view.getUint32(at + 16, true);
	const [size, packedSize, offset] = largeNumbers(
		[view.getUint32(at + 24, true), view.getUint32(at + 20, true), view.getUint32(at + 42, true)],
		fieldIn(view, extra, extraEnd, ZIP64),
	);
	const none = { path, packed: bytes.subarray(0, 0), stored: true, size, checksum };
	if ((flags & 1) !== 0) return { ...none, fault: 'is protected by a password' };
	if (method !== 0 && method !== 8) return { ...none, fault: 'is packed in a way that is not known' };
	if (offset + 30 > bytes.length || view.getUint32(offset, true) !== 0x04034b50)
		return { ...none, fault: 'is damaged' };
	const start = offset + 30 + view.getUint16(offset + 26, true) + view.getUint16(offset + 28, true);
	if (start + packedSize > bytes.length) return { ...none, fault: 'is damaged' };
	return { path, packed: bytes.subarray(start, start + packedSize), stored: method === 0, size, checksum };
}

/** The record at the end, before a comment of at most 65,535 bytes. */
function findEnd(view: DataView): number | undefined {
	const first = Math.max(0, view.byteLength - 22 - 0xffff);
	for (let at = view.byteLength - 22; at >= first; at--) if (view.getUint32(at, true) === 0x06054b50) return at;
	return undefined;
}

const isFolderOrLitter = (path: string): boolean =>
	path.endsWith('/') || /(?:^|\/)(?:__MACOSX\/|\._|\.DS_Store$|Thumbs\.db$|desktop\.ini$)/.test(path);

/** Fields behind the name of an entry (APPNOTE 4.5.3 and 4.6.9). */
const ZIP64 = 0x0001;
const UNICODE_PATH = 0x7075;

/** A field of this kind among those between two places; undefined where there is none. */
function fieldIn(view: DataView, from: number, to: number, kind: number): DataView | undefined {
	for (let at = from; at + 4 <= to;) {
		const size = view.getUint16(at + 2, true);
		if (at + 4 + size > to) return undefined;
		if (view.getUint16(at, true) === kind) return new DataView(view.buffer, view.byteOffset + at + 4, size);
		at += 4 + size;
	}
	return undefined;
}

/** Sizes and places that stand in the field of large archives, in their order, where their own room says so. Programs write it for small ones too. */
function largeNumbers(
	[size, packed, offset]: readonly [number, number, number],
	field: DataView | undefined,
): readonly [number, number, number] {
	let at = 0;
	const large = (number: number): number => {
		if (number !== NOT_HERE || !field || at + 8 > field.byteLength) return number;
		at += 8;
		return Number(field.getBigUint64(at - 8, true));
	};
	return [large(size), large(packed), large(offset)];
}
const NOT_HERE = 0xffffffff;

/** Where the directory is and how long, from the record at the end or the one for large archives before it. */
function directoryAt(
	view: DataView,
	end: number,
): { readonly count: number; readonly start: number; readonly size: number } {
	const count = view.getUint16(end + 10, true);
	const size = view.getUint32(end + 12, true);
	const start = view.getUint32(end + 16, true);
	if (count !== 0xffff && size !== NOT_HERE && start !== NOT_HERE) return { count, start, size };
	const locator = end - 20;
	const large = locator >= 0 && view.getUint32(locator, true) === 0x07064b50 ? Number(view.getBigUint64(locator + 8, true)) : -1; // prettier-ignore
	if (large < 0 || large + 56 > view.byteLength || view.getUint32(large, true) !== 0x06064b50)
		return { count: -1, start, size };
	const number = (at: number): number => Number(view.getBigUint64(large + at, true));
	return { count: number(32), size: number(40), start: number(48) };
}

/**
 * UTF-8, also where the archive does not say so; else what the entry adds in UTF-8 for programs that can read it; else the code page of DOS, which
 * Windows packs with, where there are bytes that are no letters in Latin-1.
 */
function pathOf(bytes: Uint8Array, unicode: DataView | undefined): string {
	if (unicode && unicode.byteLength > 5)
		return new TextDecoder().decode(new Uint8Array(unicode.buffer, unicode.byteOffset + 5, unicode.byteLength - 5));
	try {
		return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
	} catch {
		const isDos = bytes.some((byte) => byte >= 0x80 && byte < 0xa0);
		return Array.from(
			bytes,
			(byte) => (isDos ? DOS_LETTERS[byte - 0x80] : undefined) ?? String.fromCharCode(byte),
		).join('');
	}
}

/** From 0x80 on, as code pages 437 and 850 have them. */
const DOS_LETTERS = 'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑ';

/** Whether an entry unpacks to what no table packs to. */
const isBomb = (unpacked: number, entry: ZipEntry): boolean =>
	unpacked > ALWAYS_UNPACKED && unpacked > entry.packed.length * LARGEST_RATIO;

/** How many bytes may still be unpacked, shared by all archives of an upload. */
export interface UnpackBudget {
	left: number;
}

/** The bytes of an entry in parts; answers at its end what is wrong with it, where something is. */
export function* unpack(entry: ZipEntry, budget: UnpackBudget): Generator<Uint8Array, string | undefined> {
	if (entry.fault !== undefined) return entry.fault;
	let unpacked = 0;
	let checksum = 0;
	try {
		for (const part of entry.stored ? [entry.packed] : inflate(entry.packed)) {
			unpacked += part.length;
			budget.left -= part.length;
			checksum = crc32(part, checksum);
			if (isBomb(unpacked, entry) || budget.left < 0) return 'unpacks to far more than a table would';
			if (part.length > 0) yield part;
		}
	} catch {
		return 'is damaged';
	}
	return unpacked === entry.size && checksum === entry.checksum ? undefined : 'is damaged';
}

/** An entry as a whole, of at most `most` bytes; text: what is wrong with it. */
export function unpackWhole(entry: ZipEntry, budget: UnpackBudget, most: number): Uint8Array | string {
	if (entry.size > most) return 'is too large for what it is';
	const whole = new Uint8Array(entry.size);
	const parts = unpack(entry, budget);
	let at = 0;
	for (;;) {
		const { done, value } = parts.next();
		if (done) return value ?? whole;
		if (at + value.length > whole.length) return 'is damaged';
		whole.set(value, at);
		at += value.length;
	}
}

/** CRC-32 of archives (PKZIP's APPNOTE, 4.4.7), of a part behind others that have the checksum `before`. */
function crc32(bytes: Uint8Array, before: number): number {
	let crc = ~before;
	for (let at = 0; at < bytes.length; at++) crc = (crc >>> 8) ^ (CRC_TABLE[(crc ^ bytes[at]!) & 0xff] ?? 0);
	return ~crc >>> 0;
}

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
	let crc = byte;
	for (let bit = 0; bit < 8; bit++) crc = (crc & 1) === 0 ? crc >>> 1 : (crc >>> 1) ^ 0xedb88320;
	return crc;
});
