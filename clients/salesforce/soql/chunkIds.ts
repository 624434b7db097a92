import { SALESFORCE_LIMITS } from '../api/limits';
import { inAddress, soqlText } from './buildSoql';

/** What stands before the text of the query in an address, and some room. */
const PATH_BYTES = 100;

/**
 * Splits ids, or other texts, so that a query with each part fits into an address: by encoded bytes, because texts differ
 * (a list of 200 addresses may have 7 KB or 18 KB). `soqlAround` makes the query from the text between the parentheses of
 * `IN (…)`. A query that is too long without any id is split one by one; sending it shows why it fails.
 */
export function chunkIds(ids: readonly string[], soqlAround: (list: string) => string): readonly (readonly string[])[] {
	const room = SALESFORCE_LIMITS.pathBytes - PATH_BYTES - inAddress(soqlAround('')).length;
	const chunks: string[][] = [];
	let used = Infinity;
	for (const id of ids) {
		const bytes = inAddress(soqlText(id)).length + ','.length;
		if (used + bytes > room) {
			chunks.push([]);
			used = 0;
		}
		chunks.at(-1)?.push(id);
		used += bytes;
	}
	return chunks;
}

/** The text between the parentheses of `IN (…)`. */
export const listOfTexts = (values: readonly string[]): string => values.map(soqlText).join(',');
