import type { ExportFile } from './table';

/** The beginning of a file, of at most so many bytes. */
export async function firstBytes(file: ExportFile, most: number): Promise<Uint8Array> {
	const parts: Uint8Array[] = [];
	let size = 0;
	for await (const part of await file.open()) {
		parts.push(part.subarray(0, most - size));
		size += parts.at(-1)?.length ?? 0;
		if (size >= most) break;
	}
	return joined(parts, size);
}

/** All bytes of a file; undefined where there are more than `most`. */
export async function allBytes(file: ExportFile, most: number): Promise<Uint8Array | undefined> {
	const parts: Uint8Array[] = [];
	let size = 0;
	for await (const part of await file.open()) {
		size += part.length;
		if (size > most) return undefined;
		parts.push(part);
	}
	return joined(parts, size);
}

function joined(parts: readonly Uint8Array[], size: number): Uint8Array {
	const whole = new Uint8Array(size);
	let at = 0;
	for (const part of parts) {
		whole.set(part, at);
		at += part.length;
	}
	return whole;
}
