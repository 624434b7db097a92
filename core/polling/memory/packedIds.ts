import { z } from 'zod';
import { ALPHABET } from '../../digits';

/**
 * Many record ids in little text: sorted, each as the difference to the one before, in a variable number of base-64 digits
 * (five bits of the number and one that says whether another digit follows). 200,000 ids of 10 to 12 digits take about
 * 1 MB. Record ids are whole numbers that may be longer than a JavaScript number is exact, so they stay texts outside.
 */
export const packedIds = z.object({
	count: z.number().int().nonnegative(),
	digits: z.string().regex(/^[A-Za-z0-9_-]*$/),
});

export type PackedIds = z.output<typeof packedIds>;

export const NO_IDS: PackedIds = { count: 0, digits: '' };

const BASE = 32;
/** Ids of so many digits are exact as numbers; what is longer is split there, or counted with BigInt, which is slower. */
const EXACT_DIGITS = 15;
const END_FROM = 10 ** EXACT_DIGITS;
const LARGEST_EXACT = Number.MAX_SAFE_INTEGER;
/** Up to here numbers can be split by bits, which is faster. */
const BITS = 0x7fffffff;

const CODES = Uint8Array.from(ALPHABET, (letter) => letter.charCodeAt(0));
const VALUES = new Int8Array(128).fill(-1);
CODES.forEach((code, value) => (VALUES[code] = value));

/** By size: ids of different length differ in it, and of the same length the text decides. */
export function compareIds(a: string, b: string): number {
	if (a.length !== b.length) return a.length - b.length;
	return a < b ? -1 : a > b ? 1 : 0;
}

/** Collects base-64 digits. */
export class DigitWriter {
	private codes = new Uint8Array(1_024);
	private length = 0;

	/** A whole number from 0 on. */
	write(value: number | bigint): void {
		if (this.length + 64 > this.codes.length) {
			const wider = new Uint8Array(this.codes.length * 2);
			wider.set(this.codes);
			this.codes = wider;
		}
		let rest = value;
		while (typeof rest === 'bigint') {
			if (rest <= LARGEST_EXACT) rest = Number(rest);
			else {
				this.codes[this.length++] = CODES[BASE + Number(rest % 32n)] ?? 0;
				rest /= 32n;
			}
		}
		for (; rest > BITS; rest = (rest - (rest % BASE)) / BASE) {
			this.codes[this.length++] = CODES[BASE + (rest % BASE)] ?? 0;
		}
		for (; rest >= BASE; rest >>= 5) this.codes[this.length++] = CODES[BASE + (rest & 31)] ?? 0;
		this.codes[this.length++] = CODES[rest] ?? 0;
	}

	toString(): string {
		// In portions, because a call takes only so many arguments.
		const parts: string[] = [];
		for (let start = 0; start < this.length; start += 8_192) {
			parts.push(String.fromCharCode(...this.codes.subarray(start, Math.min(this.length, start + 8_192))));
		}
		return parts.join('');
	}
}

/** Reads what a `DigitWriter` wrote. */
export class DigitReader {
	private position = 0;

	constructor(private readonly digits: string) {}

	get atEnd(): boolean {
		return this.position >= this.digits.length;
	}

	/** The next number; a BigInt where a number would not be exact. */
	read(): number | bigint {
		const start = this.position;
		let value = 0;
		let weight = 1;
		while (!this.atEnd) {
			const digit = VALUES[this.digits.charCodeAt(this.position++)] ?? -1;
			value += (digit & 31) * weight;
			if (digit < BASE) break;
			weight *= BASE;
		}
		return value <= LARGEST_EXACT ? value : this.readLong(start);
	}

	private readLong(start: number): bigint {
		let value = 0n;
		for (let at = this.position - 1; at >= start; at--) {
			value = value * 32n + BigInt((VALUES[this.digits.charCodeAt(at)] ?? 0) % BASE);
		}
		return value;
	}
}

/** Writes ids in ascending order, each once. Of long ids that begin alike only the ends are subtracted. */
export function writeIds(writer: DigitWriter, ids: readonly string[]): void {
	let before = '0';
	let beginning = '';
	let end = 0;
	for (const id of ids) {
		const idBeginning = id.slice(0, -EXACT_DIGITS);
		const idEnd = +id.slice(-EXACT_DIGITS);
		if (idBeginning === beginning) writer.write(idEnd - end);
		else writer.write(BigInt(id) - BigInt(before));
		before = id;
		beginning = idBeginning;
		end = idEnd;
	}
}

/** Reads `count` ids. */
export function readIds(reader: DigitReader, count: number): string[] {
	const ids: string[] = [];
	let beginning = '';
	let end = 0;
	for (let n = 0; n < count && !reader.atEnd; n++) {
		const step = reader.read();
		if (typeof step === 'number' && end + step < END_FROM) {
			end += step;
			ids.push(beginning === '' ? `${end}` : beginning + `${end}`.padStart(EXACT_DIGITS, '0'));
			continue;
		}
		const id = `${BigInt(`${beginning}${`${end}`.padStart(EXACT_DIGITS, '0')}`) + BigInt(step)}`;
		beginning = id.slice(0, -EXACT_DIGITS);
		end = +id.slice(-EXACT_DIGITS);
		ids.push(id);
	}
	return ids;
}

/** What was unpacked, as long as the packed value is in use. */
const unpacked = new WeakMap<PackedIds, readonly string[]>();

/** The ids in ascending order. */
export function idsOf(packed: PackedIds): readonly string[] {
	const known = unpacked.get(packed);
	if (known) return known;
	const ids = readIds(new DigitReader(packed.digits), packed.count);
	unpacked.set(packed, ids);
	return ids;
}

/** Packs ids that are in ascending order, each once. */
export function packIds(ascending: readonly string[]): PackedIds {
	if (ascending.length === 0) return NO_IDS;
	const writer = new DigitWriter();
	writeIds(writer, ascending);
	const packed = { count: ascending.length, digits: writer.toString() };
	unpacked.set(packed, ascending);
	return packed;
}

/** Index of the first id that comes after `id`. */
export function indexBehind(ascending: readonly string[], id: string): number {
	let low = 0;
	let high = ascending.length;
	while (low < high) {
		const middle = (low + high) >> 1;
		if (compareIds(ascending[middle] ?? '', id) > 0) high = middle;
		else low = middle + 1;
	}
	return low;
}

export function hasId(packed: PackedIds, id: string): boolean {
	if (packed.count === 0) return false;
	const ids = idsOf(packed);
	return ids[indexBehind(ids, id) - 1] === id;
}

/** With `added`, then without `removed`; the same object when nothing changes. */
export function changedIds(packed: PackedIds, added: Iterable<string>, removed: ReadonlySet<string>): PackedIds {
	const coming = [...new Set(added)].filter((id) => !removed.has(id) && !hasId(packed, id)).sort(compareIds);
	const leaving = [...removed].some((id) => hasId(packed, id));
	if (coming.length === 0 && !leaving) return packed;
	const merged: string[] = [];
	let next = 0;
	for (const id of idsOf(packed)) {
		for (let one = coming[next]; one !== undefined && compareIds(one, id) < 0; one = coming[++next]) merged.push(one);
		if (!leaving || !removed.has(id)) merged.push(id);
	}
	for (; next < coming.length; next++) merged.push(coming[next] ?? '');
	return packIds(merged);
}
