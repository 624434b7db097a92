/** What the bytes of a text mean. Statistics are not needed: see `encodingOf`. */

export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252';

/** A text in UTF-8 may have one broken character to this many good ones; with more it is taken for Windows-1252. */
const GOOD_TO_BROKEN = 20;

/** The encoding that a byte order mark tells, or zeros in every other byte. Undefined: UTF-8, or Windows-1252 where it is not valid. */
export function markedEncoding(beginning: Uint8Array): Encoding | undefined {
	const [first, second, third] = beginning;
	if (first === 0xef && second === 0xbb && third === 0xbf) return 'utf-8';
	if (first === 0xff && second === 0xfe) return 'utf-16le';
	if (first === 0xfe && second === 0xff) return 'utf-16be';
	const part = beginning.subarray(0, 200);
	if (part.length < 4) return undefined;
	const zeros = [0, 0];
	for (const [index, byte] of part.entries()) if (byte === 0) zeros[index % 2]!++;
	const most = part.length / 2;
	if (zeros[1]! > most * 0.7 && zeros[0]! === 0) return 'utf-16le';
	if (zeros[0]! > most * 0.7 && zeros[1]! === 0) return 'utf-16be';
	return undefined;
}

/** Counts what is valid UTF-8 in a text that has no mark. */
export class Utf8Check {
	private readonly decoder = new TextDecoder('utf-8');
	private good = 0;
	private broken = 0;

	push(bytes: Uint8Array): void {
		this.count(this.decoder.decode(bytes, { stream: true }));
	}

	/** Whether the text is UTF-8, and how many characters of it are broken. */
	end(): { readonly encoding: Encoding; readonly broken: number } {
		this.count(this.decoder.decode());
		const isUtf8 = this.broken * GOOD_TO_BROKEN <= this.good;
		return isUtf8 ? { encoding: 'utf-8', broken: this.broken } : { encoding: 'windows-1252', broken: 0 };
	}

	private count(text: string): void {
		if (!NOT_ASCII.test(text)) return;
		for (const [characters] of text.matchAll(ALL_NOT_ASCII)) {
			const broken = characters.split('\ufffd').length - 1;
			this.broken += broken;
			this.good += characters.length - broken;
		}
	}
}

const NOT_ASCII = /[^\0-\x7f]/;
const ALL_NOT_ASCII = /[^\0-\x7f]+/g;

/** Decodes text that arrives in parts, without its byte order mark. */
export class TextReader {
	private readonly decoder: TextDecoder;

	constructor(private readonly encoding: Encoding) {
		this.decoder = new TextDecoder(encoding);
	}

	push(bytes: Uint8Array): string {
		return this.plain(this.decoder.decode(bytes, { stream: true }));
	}

	end(): string {
		return this.plain(this.decoder.decode());
	}

	/** Some versions of Node read Windows-1252 as Latin-1, which has control characters where it has € and quotation marks. */
	private plain(text: string): string {
		if (this.encoding !== 'windows-1252' || !CONTROLS.test(text)) return text;
		return text.replace(ALL_CONTROLS, (control) => WINDOWS_1252[control.charCodeAt(0) - 0x80] ?? control);
	}
}

const CONTROLS = /[\x80-\x9f]/;
const ALL_CONTROLS = /[\x80-\x9f]/g;
/** 0x80 to 0x9F; a blank where nothing is defined. */
const WINDOWS_1252 = Array.from('€ ‚ƒ„…†‡ˆ‰Š‹Œ Ž  ‘’“”•–—˜™š›œ žŸ');
