/** Digits worth six bits each, for what is kept as text in the state of a trigger. */
export const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** A hash of a text (FNV-1a with the final mixing of MurmurHash3, two lanes) as so many digits, ten at most. It finds changes; it keeps no secret. */
export function digitsOf(text: string, count: number): string {
	let a = 0x811c9dc5;
	let b = 0x01000193;
	for (let index = 0; index < text.length; index++) {
		const code = text.charCodeAt(index);
		a = Math.imul(a ^ code, 0x01000193);
		b = Math.imul(b ^ code, 0x85ebca6b);
		b ^= b >>> 13;
	}
	const lanes = [mixed(a), mixed(b)];
	let digits = '';
	for (let digit = 0; digit < count; digit++) {
		const lane = lanes[digit % 2] ?? 0;
		digits += ALPHABET[(lane >>> (6 * Math.floor(digit / 2))) & 63] ?? '';
	}
	return digits;
}

function mixed(hash: number): number {
	let mixing = hash ^ (hash >>> 16);
	mixing = Math.imul(mixing, 0x85ebca6b);
	mixing ^= mixing >>> 13;
	mixing = Math.imul(mixing, 0xc2b2ae35);
	return (mixing ^ (mixing >>> 16)) >>> 0;
}
