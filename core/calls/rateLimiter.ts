import { sortedLastIndex } from 'lodash';
import type { Clock } from '../ports';

/** At most `limit` calls in any window of `perMs` milliseconds. */
export interface CallRule {
	readonly limit: number;
	readonly perMs: number;
}

/**
 * Says when a call may start: every rule is kept at once, over rolling windows, first come first served. A call holds its
 * place from its start until `perMs` after its end, because the vendor counts it when it arrives, which may be at any
 * moment between the two; so no window of the vendor's ever sees more than `limit`, however late calls arrive. One limiter
 * is shared by all nodes and workflows of a process that use the same account (see `sharedLimiter`), because the vendors
 * count per account or app, not per workflow.
 */
export class CallLimiter {
	/** Instants at which calls ended, oldest first. */
	private readonly ends: number[] = [];
	private underWay = 0;
	private queue: Promise<void> = Promise.resolve();
	private pausedUntil = 0;
	private onEnd: (() => void) | undefined;
	/** The latest local time seen. */
	private seenAt = 0;

	constructor(
		private rules: readonly CallRule[],
		private readonly clock: Clock,
	) {}

	/** Starts `call` as soon as every rule allows it. */
	async run<T>(call: () => Promise<T>): Promise<T> {
		// Wrapped, so that the next caller waits for the start of this call and not for its end.
		const started = this.queue.then(async () => {
			await this.waitForPlace();
			this.underWay += 1;
			return { result: this.holdPlace(call) };
		});
		this.queue = started.then(
			() => undefined,
			() => undefined,
		);
		return await (
			await started
		).result;
	}

	/** After a 429: no call starts before `instant` (ms since 1970). */
	pauseUntil(instant: number): void {
		this.noteClock(this.clock.now());
		this.pausedUntil = Math.max(this.pausedUntil, instant);
	}

	/** For an account that turns out to be allowed more or less; calls already made keep counting. */
	changeRules(rules: readonly CallRule[]): void {
		this.rules = rules;
	}

	/** How long a call would have to wait now, in ms, as far as that does not hang on calls that are under way. */
	waitMs(): number {
		const now = this.clock.now();
		this.noteClock(now);
		this.forget(now);
		const waits = this.rules.map((rule) => this.waitFor(rule, now)).filter((wait) => wait !== 'untilAnEnd');
		return Math.max(0, this.pausedUntil - now, ...waits);
	}

	private async holdPlace<T>(call: () => Promise<T>): Promise<T> {
		try {
			return await call();
		} finally {
			this.underWay -= 1;
			const now = this.clock.now();
			this.noteClock(now);
			this.ends.push(now);
			this.onEnd?.();
		}
	}

	private async waitForPlace(): Promise<void> {
		for (;;) {
			const wait = this.waitMs();
			if (wait > 0) await this.clock.sleep(wait);
			else if (this.rules.some((rule) => this.waitFor(rule, this.clock.now()) === 'untilAnEnd')) await this.nextEnd();
			else return;
		}
	}

	private async nextEnd(): Promise<void> {
		await new Promise<void>((resolve) => (this.onEnd = resolve));
		this.onEnd = undefined;
	}

	private waitFor({ limit, perMs }: CallRule, now: number): number | 'untilAnEnd' {
		const firstRecent = sortedLastIndex(this.ends, now - perMs);
		const recent = this.ends.length - firstRecent;
		const tooMany = this.underWay + recent - limit + 1;
		if (tooMany <= 0) return 0;
		const blocking = tooMany <= recent ? this.ends[firstRecent + tooMany - 1] : undefined;
		return blocking === undefined ? 'untilAnEnd' : blocking + perMs - now;
	}

	/** A clock that is put back takes everything noted with it, or no call would start for that long. */
	private noteClock(now: number): void {
		const putBack = this.seenAt - now;
		this.seenAt = now;
		if (putBack <= 0) return;
		this.ends.forEach((end, index) => (this.ends[index] = end - putBack));
		this.pausedUntil -= putBack;
	}

	private forget(now: number): void {
		const longest = Math.max(...this.rules.map((rule) => rule.perMs));
		this.ends.splice(0, sortedLastIndex(this.ends, now - longest));
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
