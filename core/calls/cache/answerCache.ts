import type { Clock } from '../../ports';
import type { Result } from '../../result';

/**
 * Answers that may be used again for a short while, so that the batches of one sync do not read the same definitions
 * each time. Callers at the same moment share one call; failures are never kept. Holds at most `maxEntries` answers.
 */
export class RecentAnswers<T> {
	private readonly entries = new Map<string, { readonly at: number; readonly answer: Promise<Result<T>> }>();

	constructor(
		private readonly keepMs: number,
		private readonly maxEntries = 100,
	) {}

	/** The kept answer for `key` (which holds no secret), or a new one from `ask` where it is older than `keepMs`. */
	async get(key: string, clock: Clock, ask: () => Promise<Result<T>>, keepMs = this.keepMs): Promise<Result<T>> {
		const known = this.entries.get(key);
		// Below zero the clock was put back: the age of the answer is not known.
		const age = known ? clock.now() - known.at : Infinity;
		if (known && age >= 0 && age < keepMs) return await known.answer;
		const answer = ask();
		this.entries.delete(key);
		const oldest = this.entries.keys().next();
		if (this.entries.size >= this.maxEntries && !oldest.done) this.entries.delete(oldest.value);
		this.entries.set(key, { at: clock.now(), answer });
		const result = await answer;
		if (result.kind !== 'ok' && this.entries.get(key)?.answer === answer) this.entries.delete(key);
		return result;
	}

	forget(key: string): void {
		this.entries.delete(key);
	}
}
