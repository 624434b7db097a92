import type { Clock } from '../ports';
import type { Result } from '../result';

export interface RetryPolicy {
	/** All tries, the first one included. */
	readonly attempts: number;
	/** Wait before the second try; doubles from there. */
	readonly firstDelayMs: number;
	/** A longer wait, also one that the vendor names, ends the tries: the run is better off failing and coming back. */
	readonly maxDelayMs: number;
}

/**
 * Repeats a call while it answers `retry`. The vendor's own wait (`afterMs`) wins over the exponential backoff, which has
 * full jitter so that parallel runs spread. Only for calls that may safely be carried out twice. `attempt` counts from 1.
 */
export async function withRetry<T>(
	call: (attempt: number) => Promise<Result<T>>,
	policy: RetryPolicy,
	clock: Clock,
	random: () => number = Math.random,
): Promise<Result<T>> {
	for (let attempt = 1; ; attempt++) {
		const result = await call(attempt);
		if (result.kind !== 'retry' || attempt >= policy.attempts) return result;
		const backoff = Math.min(policy.maxDelayMs, policy.firstDelayMs * 2 ** (attempt - 1));
		const wait = result.afterMs ?? Math.round(backoff * (0.5 + random() / 2));
		if (wait > policy.maxDelayMs) return result;
		await clock.sleep(wait);
	}
}
