/** What the bytes of a text mean. Statistics are not needed: see `encodingOf`. */

export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252';

/** A text in UTF-8 may have one broken character to this many good ones; with more it is taken for Windows-1252. */
const GOOD_TO_BROKEN = 20;

/** The encoding that a byte order mark tells, or zeros beside characters. Undefined: UTF-8, or Windows-1252 where it is not valid. */
export function markedEncoding(beginning: Uint8Array): Encoding | undefined {
	const [first, second, third] = beginning;
	if (first === 0xef && second === 0xbb && third === 0xbf) return 'utf-8';
	if (first === 0xff && second === 0xfe) return 'utf-16le';
	if (first === 0xfe && second === 0xff) return 'utf-16be';
	const [little, big] = asciiPairs(beginning);
	const few = beginning.length / 32;
	if (little > few && little > big * 8) return 'utf-16le';
	if (big > few && big > little * 8) return 'utf-16be';
	return undefined;
}

/**
 * Pairs of a zero and a character of ASCII, in both orders. Text in UTF-16 of any script has them: delimiters, digits, addresses, line ends. Others
 * have none.
 */
function asciiPairs(bytes: Uint8Array): readonly [little: number, big: number] {
	let [little, big] = [0, 0];
	for (let at = 0; at + 1 < bytes.length; at += 2) {
		const [first, second] = [bytes[at]!, bytes[at + 1]!];
		if (second === 0 && isAscii(first)) little++;
		if (first === 0 && isAscii(second)) big++;
	}
	return [little, big];
}

const isAscii = (byte: number): boolean => (byte >= 0x20 && byte < 0x7f) || byte === 9 || byte === 10 || byte === 13;

/** Counts what is valid UTF-8 in a text that has no mark. */
export class Utf8Check {
	private readonly strict = new TextDecoder('utf-8', { fatal: true });
	private readonly lenient = new TextDecoder('utf-8');
	private readonly parts = new WholeCharacters();
	private good = 0;
	private broken = 0;

	push(bytes: Uint8Array): void {
		this.count(this.parts.push(bytes));
	}

	/** Whether the text is UTF-8, and how many characters of it are broken. */
	end(): { readonly encoding: Encoding; readonly broken: number } {
		this.count(this.parts.end());
		const isUtf8 = this.broken * GOOD_TO_BROKEN <= this.good;
		return isUtf8 ? { encoding: 'utf-8', broken: this.broken } : { encoding: 'windows-1252', broken: 0 };
	}

	private count(bytes: Uint8Array): void {
		let good = 0;
		let bits = 0;
		// By index: this looks at every byte of every file.
		for (let at = 0; at < bytes.length; at++) {
			const byte = bytes[at]!;
			bits |= byte;
			if (byte >= FIRST_LEAD) good++;
		}
		const broken = bits < 0x80 ? 0 : this.brokenIn(bytes);
		this.broken += broken;
		this.good += Math.max(0, good - broken);
	}

	private brokenIn(bytes: Uint8Array): number {
		try {
			this.strict.decode(bytes);
			return 0;
		} catch {
			return this.lenient.decode(bytes).split('\ufffd').length - 1;
		}
	}
}

/** Bytes from here on begin a character of several bytes; from 0x80 on they go on with one. */
const FIRST_LEAD = 0xc0;

/** Parts of UTF-8 that end with a whole character: such parts are decoded several times as fast as a stream is. */
class WholeCharacters {
	private rest = new Uint8Array();

	push(bytes: Uint8Array): Uint8Array {
		const all = this.rest.length === 0 ? bytes : joined(this.rest, bytes);
		const end = all.length - unfinished(all);
		this.rest = all.slice(end);
		return all.subarray(0, end);
	}

	end(): Uint8Array {
		const { rest } = this;
		this.rest = new Uint8Array();
		return rest;
	}
}

function joined(one: Uint8Array, other: Uint8Array): Uint8Array {
	const all = new Uint8Array(one.length + other.length);
	all.set(one);
	all.set(other, one.length);
	return all;
}

/** How many bytes at the end are the beginning of a character. */
function unfinished(bytes: Uint8Array): number {
	for (let back = 1; back <= Math.min(3, bytes.length); back++) {
		const byte = bytes[bytes.length - back]!;
		if (byte < 0x80) return 0;
		if (byte < FIRST_LEAD) continue;
		const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
		return length > back ? back : 0;
	}
	return 0;
}

/** Decodes text that arrives in parts, without its byte order mark. */
export class TextReader {
	private readonly decoder: TextDecoder;
	private readonly parts: WholeCharacters | undefined;
	private isFirst = true;

	constructor(private readonly encoding: Encoding) {
		this.decoder = new TextDecoder(encoding, { ignoreBOM: true });
		this.parts = encoding === 'utf-8' ? new WholeCharacters() : undefined;
	}

	push(bytes: Uint8Array): string {
		return this.plain(
			this.parts ? this.decoder.decode(this.parts.push(bytes)) : this.decoder.decode(bytes, { stream: true }),
		);
	}

	end(): string {
		return this.plain(this.parts ? this.decoder.decode(this.parts.end()) : this.decoder.decode());
	}

	private plain(text: string): string {
		if (text === '') return text;
		const unmarked = this.isFirst && text.startsWith('\ufeff') ? text.slice(1) : text;
		this.isFirst = false;
		// Some versions of Node read Windows-1252 as Latin-1, which has control characters where it has € and quotation marks.
		if (this.encoding !== 'windows-1252' || !CONTROLS.test(unmarked)) return unmarked;
		return unmarked.replace(ALL_CONTROLS, (control) => WINDOWS_1252[control.charCodeAt(0) - 0x80] ?? control);
	}
}

const CONTROLS = /[\x80-\x9f]/;
const ALL_CONTROLS = /[\x80-\x9f]/g;
/** 0x80 to 0x9F; a blank where nothing is defined. */
const WINDOWS_1252 = Array.from('€ ‚ƒ„…†‡ˆ‰Š‹Œ Ž  ‘’“”•–—˜™š›œ žŸ');
