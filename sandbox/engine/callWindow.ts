import type { SandboxClock } from './clock';

/** Answer of a window: `resetMs` is how long until the oldest counted call leaves the window (0 when none is in it). */
export interface WindowState {
	readonly allowed: boolean;
	readonly remaining: number;
	readonly resetMs: number;
}

/** A rolling window: at most `limit` calls within any `perMs` milliseconds of the sandbox clock. Refused calls do not count. */
export class CallWindow {
	private calls: number[] = [];
	private first = 0;

	constructor(
		private readonly clock: Pick<SandboxClock, 'now'>,
		private readonly rule: { limit: number; perMs: number },
	) {}

	/** Counts one call if there is room for it. */
	take(): WindowState {
		const state = this.peek();
		if (!state.allowed) return state;
		this.calls.push(this.clock.now());
		return this.state(true);
	}

	/** What `take` would say, without counting. */
	peek(): WindowState {
		const now = this.clock.now();
		const start = now - this.rule.perMs;
		while (this.first < this.calls.length && (this.calls[this.first] as number) <= start) this.first += 1;
		if (this.first > 1_000 && this.first * 2 > this.calls.length) {
			this.calls = this.calls.slice(this.first);
			this.first = 0;
		}
		return this.state(this.calls.length - this.first < this.rule.limit);
	}

	clear(): void {
		this.calls = [];
		this.first = 0;
	}

	private state(allowed: boolean): WindowState {
		const used = this.calls.length - this.first;
		const oldest = this.calls[this.first];
		const resetMs = oldest === undefined ? 0 : Math.max(0, oldest + this.rule.perMs - this.clock.now());
		return { allowed, remaining: Math.max(0, this.rule.limit - used), resetMs };
	}
}
