/** Longest part of a vendor's own words that goes into a message. */
const LONGEST = 300;

/** A vendor's own words, short enough for a message. Vendors quote values in some; addresses stay out of ours. */
export function shortened(message: string): string {
	const safe = message
		.slice(0, 10 * LONGEST)
		.replace(/[^\s"'<>(),;]+(?:@|%40)[^\s"'<>(),;]+/gi, '(address)')
		.trim();
	return safe.length > LONGEST ? `${safe.slice(0, LONGEST)}…` : safe;
}
