import { z } from 'zod';

/**
 * Notices that cursors lead round in a circle, over any number of polls and with one cursor kept (Brent's method): the cursor kept is
 * replaced after 1, 2, 4, 8 … pages, so a circle is noticed after at most about three times its length.
 */
export const cursorCircle = z.object({
	/** The cursor kept. */
	mark: z.string(),
	/** Pages since it was kept. */
	pages: z.number(),
	/** Pages after which the next one is kept. */
	every: z.number(),
});

export type CursorCircle = z.output<typeof cursorCircle>;

/** What is known after one more cursor, or `circle` when it leads back. */
export function followCursor(before: CursorCircle | undefined, cursor: string): CursorCircle | 'circle' {
	if (!before) return { mark: cursor, pages: 0, every: 1 };
	if (before.mark === cursor) return 'circle';
	const pages = before.pages + 1;
	return pages >= before.every ? { mark: cursor, pages: 0, every: before.every * 2 } : { ...before, pages };
}

export const CIRCLE = {
	kind: 'refused',
	code: 'UNEXPECTED_ANSWER',
	reason: 'The pages lead back to one that was already read',
} as const;
