import type { FieldValue } from '../../../../../core/contact/contact';
import type { TextDictionary } from './textDictionary';

const TAG = { empty: 0, no: 1, yes: 2, text: 3, whole: 4, number: 5, list: 6 } as const;
/** Room for one number of any size. */
const NUMBER_BYTES = 16;
const BITS = 128;
const MAY_BE_HALF = /[\ud800-\udfff]/;

/** Writes numbers and texts one after the other, in as few bytes as they take. */
export class ByteWriter {
	buffer = Buffer.alloc(1_024);
	length = 0;

	constructor(private readonly dictionary: TextDictionary) {}

	/** One of 0 to 255. */
	byte(value: number): void {
		this.ensure(1);
		this.buffer[this.length++] = value;
	}

	/** A whole number from 0 to 2^53 - 1; anything else becomes 0. */
	whole(value: number): void {
		this.ensure(NUMBER_BYTES);
		let rest = Number.isSafeInteger(value) && value > 0 ? value : 0;
		while (rest >= BITS) {
			this.buffer[this.length++] = (rest % BITS) + BITS;
			rest = Math.floor(rest / BITS);
		}
		this.buffer[this.length++] = rest;
	}

	wholes(values: readonly number[]): void {
		this.whole(values.length);
		for (const value of values) this.whole(value);
	}

	/** A text, as its number in the dictionary where it has one. */
	text(text: string): void {
		const code = this.dictionary.code(text);
		if (code === undefined) this.plainText(text);
		else this.whole(code * 2 + 1);
	}

	/** A text that hardly another contact has. */
	plainText(text: string): void {
		// Half a character, as left by tools that cut texts, is lost in UTF-8.
		if (MAY_BE_HALF.test(text) && Buffer.from(text).toString() !== text)
			return this.whole(this.dictionary.codeAnyway(text) * 2 + 1);
		const bytes = Buffer.byteLength(text);
		this.whole(bytes * 2);
		this.ensure(bytes);
		this.length += this.buffer.write(text, this.length);
	}

	texts(texts: readonly string[]): void {
		this.whole(texts.length);
		for (const text of texts) this.text(text);
	}

	value(value: FieldValue): void {
		if (value === null) this.byte(TAG.empty);
		else if (typeof value === 'boolean') this.byte(value ? TAG.yes : TAG.no);
		else if (typeof value === 'string') {
			this.byte(TAG.text);
			this.text(value);
		} else if (typeof value !== 'number') {
			this.byte(TAG.list);
			this.texts(value);
		} else if (Number.isSafeInteger(value) && value >= 0 && !Object.is(value, -0)) {
			this.byte(TAG.whole);
			this.whole(value);
		} else {
			this.byte(TAG.number);
			this.ensure(NUMBER_BYTES);
			this.length = this.buffer.writeDoubleLE(value, this.length);
		}
	}

	private ensure(bytes: number): void {
		if (this.length + bytes <= this.buffer.length) return;
		const larger = Buffer.alloc(Math.max(this.buffer.length * 2, this.length + bytes));
		this.buffer.copy(larger, 0, 0, this.length);
		this.buffer = larger;
	}
}

/** Reads what a `ByteWriter` with the same dictionary wrote. */
export class ByteReader {
	constructor(
		private readonly buffer: Buffer,
		public position: number,
		private readonly dictionary: TextDictionary,
	) {}

	byte(): number {
		return this.buffer[this.position++] ?? 0;
	}

	whole(): number {
		let value = 0;
		for (let factor = 1; ; factor *= BITS) {
			const byte = this.byte();
			value += (byte % BITS) * factor;
			if (byte < BITS) return value;
		}
	}

	wholes(): number[] {
		return Array.from({ length: this.whole() }, () => this.whole());
	}

	text(): string {
		const head = this.whole();
		if (head % 2 === 1) return this.dictionary.text((head - 1) / 2);
		const start = this.position;
		this.position += head / 2;
		return this.buffer.toString('utf8', start, this.position);
	}

	texts(): string[] {
		return Array.from({ length: this.whole() }, () => this.text());
	}

	value(): FieldValue {
		const tag = this.byte();
		if (tag === TAG.text) return this.text();
		if (tag === TAG.whole) return this.whole();
		if (tag === TAG.list) return this.texts();
		if (tag === TAG.number) return this.buffer.readDoubleLE((this.position += 8) - 8);
		return tag === TAG.empty ? null : tag === TAG.yes;
	}
}
