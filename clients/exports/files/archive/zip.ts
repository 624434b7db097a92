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
	const count = view.getUint16(end + 10, true);
	let at = view.getUint32(end + 16, true);
	if (count === 0xffff || at === 0xffffffff) return 'it is larger than 4 GB';
	if (count > MOST_ENTRIES) return `it has more than ${MOST_ENTRIES} entries`;
	const entries: ZipEntry[] = [];
	for (let index = 0; index < count; index++) {
		if (at + 46 > bytes.length || view.getUint32(at, true) !== 0x02014b50) return 'its directory is damaged';
		const nameLength = view.getUint16(at + 28, true);
		const path = nameOf(bytes.subarray(at + 46, at + 46 + nameLength)).replaceAll('\\', '/');
		if (!isFolderOrLitter(path)) entries.push(entryAt(bytes, view, at, path));
		at += 46 + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
	}
	return overlap(entries) ? 'its entries lie over one another, as no program packs them' : entries;
}

/** Whether two entries share bytes: a few of them could be unpacked to any size. */
function overlap(entries: readonly ZipEntry[]): boolean {
	const ranges = entries.map(({ packed }) => [packed.byteOffset, packed.byteOffset + packed.length] as const);
	const sorted = ranges.filter(([from, to]) => to > from).sort(([a], [b]) => a - b);
	return sorted.some(([from], index) => index > 0 && from < (sorted[index - 1]?.[1] ?? 0));
}

function entryAt(bytes: Uint8Array, view: DataView, at: number, path: string): ZipEntry {
	const flags = view.getUint16(at + 8, true);
	const method = view.getUint16(at + 10, true);
	const packedSize = view.getUint32(at + 20, true);
	const size = view.getUint32(at + 24, true);
	const checksum = view.getUint32(at + 16, true);
	const offset = view.getUint32(at + 42, true);
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

/** UTF-8, also where the archive does not say so, else Latin-1: entries of old programs are in the code page of their machine. */
function nameOf(bytes: Uint8Array): string {
	try {
		return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
	} catch {
		return Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
	}
}

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
