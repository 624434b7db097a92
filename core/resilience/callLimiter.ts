import type { Clock } from '../ports';

/** At most `limit` calls in any window of `perMs` milliseconds. */
export interface CallRule {
	readonly limit: number;
	readonly perMs: number;
}

/**
 * Says when a call may start: every rule is kept at once, over rolling windows, first come first served. One limiter is
 * shared by all nodes and workflows of a process that use the same account (see `sharedLimiter`), because the vendors
 * count per account or app, not per workflow.
 */
export class CallLimiter {
	private readonly starts: number[] = [];
	private queue: Promise<void> = Promise.resolve();
	private pausedUntil = 0;

	constructor(
		private rules: readonly CallRule[],
		private readonly clock: Clock,
	) {}

	/** The account turned out to allow more or less; what was counted stays counted. */
	changeRules(rules: readonly CallRule[]): void {
		this.rules = rules;
	}

	/** Starts `call` as soon as every rule allows it. */
	async run<T>(call: () => Promise<T>): Promise<T> {
		// Wrapped, so that the next caller waits for the start of this call and not for its end.
		const started = this.queue.then(async () => {
			await this.waitForSlot();
			return { result: call() };
		});
		this.queue = started.then(
			() => undefined,
			() => undefined,
		);
		return await (await started).result;
	}

	/** After a 429: nobody starts before `instant` (ms since 1970). */
	pauseUntil(instant: number): void {
		this.pausedUntil = Math.max(this.pausedUntil, instant);
	}

	/** How long a call would have to wait now, in ms. */
	waitMs(): number {
		const now = this.clock.now();
		this.forget(now);
		const waits = this.rules.map(({ limit, perMs }) => {
			const blocking = this.starts[this.starts.length - limit];
			return blocking === undefined ? 0 : blocking + perMs - now;
		});
		return Math.max(0, this.pausedUntil - now, ...waits);
	}

	private async waitForSlot(): Promise<void> {
		for (let wait = this.waitMs(); wait > 0; wait = this.waitMs()) await this.clock.sleep(wait);
		this.starts.push(this.clock.now());
	}

	private forget(now: number): void {
		const longest = Math.max(...this.rules.map((rule) => rule.perMs));
		let stale = 0;
		while (stale < this.starts.length && (this.starts[stale] ?? 0) <= now - longest) stale++;
		if (stale > 0) this.starts.splice(0, stale);
	}
}

const limiters = new Map<string, CallLimiter>();
const MAX_LIMITERS = 200;

/**
 * The limiter of one account in this process. `key` names vendor, credential and endpoint family; it never holds a secret.
 * n8n's main process and each of its workers have their own: the vendor's 429 still settles what they do together.
 */
export function sharedLimiter(key: string, make: () => CallLimiter): CallLimiter {
	const known = limiters.get(key);
	if (known) return known;
	const oldest = limiters.keys().next();
	if (limiters.size >= MAX_LIMITERS && !oldest.done) limiters.delete(oldest.value);
	const limiter = make();
	limiters.set(key, limiter);
	return limiter;
}
