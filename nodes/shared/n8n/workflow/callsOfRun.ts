/**
 * Calls to a destination by execution, until Sync Health takes them: both nodes run in one process, and an item has no place for what
 * belongs to all of them.
 */
const calls = new Map<string, number>();
const MOST_RUNS = 500;

/** Adds to what was noted before, as several nodes may write in one execution. */
export function noteCalls(execution: string, count: number): void {
	const all = (calls.get(execution) ?? 0) + count;
	calls.delete(execution);
	calls.set(execution, all);
	const [oldest] = calls.size > MOST_RUNS ? calls.keys() : [];
	if (oldest !== undefined) calls.delete(oldest);
}

/** Takes what was noted for an execution; a second look finds nothing. */
export function takeCalls(execution: string): number {
	const count = calls.get(execution) ?? 0;
	calls.delete(execution);
	return count;
}
