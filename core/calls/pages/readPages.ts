import type { Result } from '../../result';
import { ok } from '../../result';
import { CIRCLE } from './cursorCircle';

export interface PageOf<T> {
	readonly items: readonly T[];
	/** Where the next page begins; absent on the last one. */
	readonly next?: string;
}

/** A page together with the cursor that led to it (absent: the first page). */
export interface ReadPage<T> extends PageOf<T> {
	readonly at?: string;
}

export interface PageLoop {
	/** Cursor of the first page to read; absent: the beginning. */
	readonly from?: string;
	/** The loop ends after so many pages, whether or not more follow. */
	readonly maxPages: number;
}

/**
 * Reads page after page. Ends after the last page, after `maxPages`, or with the first failure. A cursor that leads back
 * to a page already read is a failure, because following it would never end.
 */
export async function* readPages<T>(
	read: (cursor: string | undefined) => Promise<Result<PageOf<T>>>,
	{ from, maxPages }: PageLoop,
): AsyncGenerator<Result<ReadPage<T>>, void, void> {
	const seen = new Set<string | undefined>();
	let cursor = from;
	for (let page = 0; page < maxPages; page++) {
		seen.add(cursor);
		const answer = await read(cursor);
		if (answer.kind !== 'ok') {
			yield answer;
			return;
		}
		const { next } = answer.value;
		if (next !== undefined && seen.has(next)) {
			yield CIRCLE;
			return;
		}
		yield ok({ ...answer.value, at: cursor });
		if (next === undefined) return;
		cursor = next;
	}
}
