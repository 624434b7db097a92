/**
 * Salesforce's record ids as the decimal texts that `core/polling/memory` keeps. An id is a number of 15 digits to base 62, and its
 * 18-character form adds three that encode the capitals
 * (https://developer.salesforce.com/docs/atlas.en-us.api.meta/api/field_types.htm, "ID Field Type"). The order stays: Salesforce sorts ids
 * by their characters.
 */

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const CAPITALS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345';
const LENGTH = 15;
/** Digits that a JavaScript number holds exactly: 62 to the power of 8 is less than 2 to the power of 53. */
const TAIL = 8;
const TAIL_SIZE = 62 ** TAIL;

const VALUES = new Map([...DIGITS].map((digit, value) => [digit, value]));

/** A record id, of 15 or 18 characters, as a decimal text. */
export function packedId(id: string): string {
	const head = valueOf(id, 0, LENGTH - TAIL);
	const tail = valueOf(id, LENGTH - TAIL, LENGTH);
	return head === 0 ? `${tail}` : `${BigInt(head) * BigInt(TAIL_SIZE) + BigInt(tail)}`;
}

/** The record id of 18 characters behind a decimal text. */
export function recordId(packed: string): string {
	const number = BigInt(packed);
	const head = digitsOf(Number(number / BigInt(TAIL_SIZE)), LENGTH - TAIL);
	return fullId(head + digitsOf(Number(number % BigInt(TAIL_SIZE)), TAIL));
}

/** The 18 characters of an id; ids of 18 characters as they are. */
export function fullId(id: string): string {
	if (id.length !== LENGTH) return id;
	let suffix = '';
	for (let start = 0; start < LENGTH; start += 5) {
		let capitals = 0;
		for (let place = 0; place < 5; place++) {
			const character = id.charAt(start + place);
			if (character >= 'A' && character <= 'Z') capitals += 2 ** place;
		}
		suffix += CAPITALS.charAt(capitals);
	}
	return id + suffix;
}

function valueOf(id: string, from: number, to: number): number {
	let value = 0;
	for (let place = from; place < to; place++) value = value * 62 + (VALUES.get(id.charAt(place)) ?? 0);
	return value;
}

function digitsOf(number: number, count: number): string {
	let digits = '';
	for (let rest = number; digits.length < count; rest = Math.floor(rest / 62))
		digits = DIGITS.charAt(rest % 62) + digits;
	return digits;
}
