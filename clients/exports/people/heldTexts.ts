import { deflate, inflateWhole } from '../files/archive/inflateLibrary';

/** Texts are packed in blocks of this many bytes: enough for packing to pay, little enough to unpack for one text. */
const BLOCK = 131_072;
/** A place is the number of its block times this, plus where it begins in the block. No text is longer. */
const LARGEST_BLOCK = 4_194_304;
/** UTF-8 takes at most so many bytes for a unit of a JavaScript text. */
const BYTES_A_UNIT = 3;
/** The length of a text stands before it. */
const LENGTH = 4;
/** So many bytes are not packed at all, which takes time. */
const NOT_PACKED = 16 * 1024 * 1024;
/** How many blocks are kept unpacked: the outputs are read from the beginning, each on its own. */
const MOST_UNPACKED = 4;

export const LONGEST_TEXT = Math.floor((LARGEST_BLOCK - LENGTH) / BYTES_A_UNIT);

/**
 * Texts that are kept until all files are read: as bytes, which the collector of garbage never has to walk through, and
 * packed where they are many. A table of 67 columns takes a tenth of what it takes as objects.
 */
export class HeldTexts {
	/** `size`: unpacked, absent where it is not packed. */
	private readonly blocks: { readonly bytes: Uint8Array; readonly size?: number }[] = [];
	private open = new Uint8Array(BLOCK);
	private used = 0;
	/** In bytes as they are kept. */
	private keptSize = 0;
	private readonly unpacked = new Map<number, Uint8Array>();
	private readonly encoder = new TextEncoder();
	private readonly decoder = new TextDecoder('utf-8', { ignoreBOM: true });

	/** Bytes that the texts take in memory. */
	get size(): number {
		return this.keptSize + this.open.length;
	}

	/** Keeps a text of at most LONGEST_TEXT characters, and answers its place. */
	add(text: string): number {
		const most = LENGTH + text.length * BYTES_A_UNIT;
		if (this.open.length - this.used < most) this.close(most);
		const at = this.used;
		const { written } = this.encoder.encodeInto(text, this.open.subarray(at + LENGTH));
		this.open[at] = written;
		this.open[at + 1] = written >>> 8;
		this.open[at + 2] = written >>> 16;
		this.used = at + LENGTH + written;
		return this.blocks.length * LARGEST_BLOCK + at;
	}

	read(place: number): string {
		const block = this.blockOf(Math.floor(place / LARGEST_BLOCK));
		const at = place % LARGEST_BLOCK;
		const length = block[at]! + block[at + 1]! * 256 + block[at + 2]! * 65_536;
		return this.decoder.decode(block.subarray(at + LENGTH, at + LENGTH + length));
	}

	private close(most: number): void {
		if (this.used > 0) {
			const whole = this.open.subarray(0, this.used);
			const block =
				this.keptSize < NOT_PACKED ? { bytes: whole.slice() } : { bytes: deflate(whole), size: whole.length };
			this.blocks.push(block);
			this.keptSize += block.bytes.length;
		}
		if (most > this.open.length || this.open.length > BLOCK) this.open = new Uint8Array(Math.max(BLOCK, most));
		this.used = 0;
	}

	private blockOf(index: number): Uint8Array {
		const block = this.blocks[index];
		if (!block) return this.open;
		if (block.size === undefined) return block.bytes;
		const known = this.unpacked.get(index);
		if (known) return known;
		const fresh = inflateWhole(block.bytes, block.size);
		const [oldest] = this.unpacked.keys();
		if (this.unpacked.size >= MOST_UNPACKED && oldest !== undefined) this.unpacked.delete(oldest);
		this.unpacked.set(index, fresh);
		return fresh;
	}
}
