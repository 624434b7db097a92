import { deflateSync, Inflate, inflateSync } from 'fflate';

/** The only import of fflate, which the build puts into this file (gulpfile.js). */

/** Unpacks raw deflate in steps, so that no more than a part of it is in memory. Throws where the data are damaged. */
export function* inflate(packed: Uint8Array): Generator<Uint8Array, undefined> {
	let parts: Uint8Array[] = [];
	const stream = new Inflate((part) => parts.push(part));
	for (let at = 0; at < packed.length; at += STEP) {
		stream.push(packed.subarray(at, at + STEP), at + STEP >= packed.length);
		yield* parts;
		parts = [];
	}
	return undefined;
}

/** Packs bytes in the fastest way that still packs text 1 : 4. */
export const deflate = (bytes: Uint8Array): Uint8Array => deflateSync(bytes, { level: 1, mem: 1 });

/** Unpacks what `deflate` packed. `size`: of the bytes before. */
export const inflateWhole = (packed: Uint8Array, size: number): Uint8Array =>
	inflateSync(packed, { out: new Uint8Array(size) });

/** 16 KiB unpack to 16 MiB at the very most (deflate packs 1 : 1,032). */
const STEP = 16_384;
