/**
 * Which states of which contacts were dealt with, so that the overlap of two searches costs nothing: record id to
 * last-modified stamp in ms since 1970. Only stamps within the overlap are kept.
 */
export type HandledChanges = Readonly<Record<string, number>>;

/** Bounds the stored state to about 300 KB. What is forgotten is looked at once more, which changes nothing. */
const MAX_HANDLED = 10_000;

export const isHandled = (handled: HandledChanges, id: string, at: number): boolean => {
	const known = handled[id];
	return known !== undefined && known >= at;
};

/** Adds what was dealt with and forgets what is older than `since`. */
export function remember(
	handled: HandledChanges,
	added: Iterable<readonly [id: string, at: number]>,
	since: number,
): HandledChanges {
	const all = new Map(Object.entries(handled));
	for (const [id, at] of added) all.set(id, Math.max(at, all.get(id) ?? 0));
	const kept = [...all].filter(([, at]) => at >= since);
	if (kept.length > MAX_HANDLED) {
		kept.sort((a, b) => b[1] - a[1]);
		kept.length = MAX_HANDLED;
	}
	return Object.fromEntries(kept);
}
