import type { CursorCircle } from '../../../core/calls/pages/cursorCircle';
import { followCursor } from '../../../core/calls/pages/cursorCircle';
import type { Failure } from '../../../core/result';

/** The failure of a reading whose pages were read before: going on would never end, and what lies behind them counts as unknown. */
export const REPEATED_PAGES: Failure = {
	kind: 'stop',
	code: 'UNEXPECTED_ANSWER',
	reason:
		'Brevo answered with pages that had been read before, as a cache on the way does that does not look at the query',
};

/**
 * What is known after one more page, or `circle` when it was read before. Brevo's pages have no cursors but are counted by offset,
 * so the ends of a page stand for it.
 */
export const followPage = (
	before: CursorCircle | undefined,
	rows: ReadonlyArray<{ readonly id: number }>,
): CursorCircle | 'circle' => followCursor(before, `${rows[0]?.id} ${rows.at(-1)?.id} ${rows.length}`);

/** Keeps a reading of several pages from going round in a circle. */
export class PageCircle {
	private known: CursorCircle | undefined;

	/** Whether the page was read before. To be asked about each page that another one follows. */
	closesWith(rows: ReadonlyArray<{ readonly id: number }>): boolean {
		const known = followPage(this.known, rows);
		if (known === 'circle') return true;
		this.known = known;
		return false;
	}
}
