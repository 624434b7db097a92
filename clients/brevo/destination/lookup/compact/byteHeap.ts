/** Bytes of one slab; a block that is longer gets a slab of its own. */
const SLAB_BYTES = 65_536;
/** Blocks begin at, and are as long as, multiples of this. */
const UNIT = 8;
/** A block begins with its length in units. */
const HEAD = 2;

/**
 * Blocks of bytes in a few large buffers, outside the heap of JavaScript objects: a million contacts are then a few hundred objects
 * to the garbage collector. A block that is freed is used again for the next one of its size.
 */
export class ByteHeap {
	private readonly slabs: Buffer[] = [];
	/** Where the last slab is free from. */
	private end = SLAB_BYTES;
	/** Blocks that were freed, by their length. */
	private readonly free = new Map<number, number[]>();
	/** Bytes of all slabs. */
	bytes = 0;
	/** Bytes of the blocks in use. */
	used = 0;

	/** Stores the first `length` bytes; answers where. */
	add(content: Buffer, length: number): number {
		const units = Math.ceil((length + HEAD) / UNIT);
		const at = this.free.get(units)?.pop() ?? this.take(units * UNIT);
		const { slab, start } = this.block(at);
		slab.writeUInt16LE(units, start);
		this.used += units * UNIT;
		content.copy(slab, start + HEAD, 0, length);
		return at;
	}

	/** Stores other bytes in the place of a block, or elsewhere where they are too many; answers where they are now. */
	replace(at: number, content: Buffer, length: number): number {
		const { slab, start } = this.block(at);
		if (length + HEAD > this.roomAt(at)) {
			this.remove(at);
			return this.add(content, length);
		}
		content.copy(slab, start + HEAD, 0, length);
		return at;
	}

	remove(at: number): void {
		const room = this.roomAt(at);
		this.used -= room;
		const same = this.free.get(room / UNIT);
		if (same) same.push(at);
		else this.free.set(room / UNIT, [at]);
	}

	/** Bytes that a block takes. */
	roomAt(at: number): number {
		const { slab, start } = this.block(at);
		return slab.readUInt16LE(start) * UNIT;
	}

	/** The slab of a block, and where its content begins in it. */
	contentAt(at: number): { readonly slab: Buffer; readonly start: number } {
		const { slab, start } = this.block(at);
		return { slab, start: start + HEAD };
	}

	private block(at: number): { readonly slab: Buffer; readonly start: number } {
		const slab = this.slabs[Math.floor((at * UNIT) / SLAB_BYTES)];
		if (!slab) throw new RangeError('There is no such block');
		return { slab, start: (at * UNIT) % SLAB_BYTES };
	}

	/** A new block at the end, as a number of units from the beginning of the first slab. */
	private take(room: number): number {
		if (this.end + room > SLAB_BYTES) {
			const size = Math.max(SLAB_BYTES, room);
			this.slabs.push(Buffer.alloc(size));
			this.bytes += size;
			this.end = 0;
		}
		const at = ((this.slabs.length - 1) * SLAB_BYTES + this.end) / UNIT;
		this.end = room > SLAB_BYTES ? SLAB_BYTES : this.end + room;
		return at;
	}
}
