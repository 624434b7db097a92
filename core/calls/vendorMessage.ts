/** Longest part of a vendor's own words that goes into a message. */
const LONGEST = 300;

/** Keys of the vendors and of n8n, tokens, and sessions of Salesforce: something in between may quote the headers of a call. */
const KEYS =
	/\bx(?:key|smtp)sib-[\w-]+|\bpat-[a-z0-9]+-[\w-]{8,}|\b00D\w{9,15}![\w.]+|\bn8n_api_\w{8,}|\beyJ[\w-]+\.[\w-]+(?:\.[\w-]+)?|\bbearer\s+[\w.~+/=!-]{8,}/gi;

export const withoutKeys = (text: string): string => text.replace(KEYS, '(key)');

/** A vendor's own words, short enough for a message. Vendors quote values in some; addresses, numbers and keys stay out of ours. */
export function shortened(message: string): string {
	const safe = withoutKeys(message.slice(0, 10 * LONGEST))
		.replace(/\+\d(?:[\s().-]*\d){6,}/g, '(number)')
		.replace(/[^\s"'<>(),;]+(?:@|%40)[^\s"'<>(),;]+/gi, '(address)')
		.trim();
	return safe.length > LONGEST ? `${safe.slice(0, LONGEST)}…` : safe;
}
