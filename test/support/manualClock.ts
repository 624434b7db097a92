import type { Clock } from '../../core/ports';

/** A clock that only moves when something sleeps or the test moves it; it notes every sleep. */
export class ManualClock implements Clock {
	readonly sleeps: number[] = [];

	constructor(private instant = Date.UTC(2026, 10, 21, 12)) {}

	now(): number {
		return this.instant;
	}

	async sleep(ms: number): Promise<void> {
		this.sleeps.push(ms);
		this.instant += ms;
		await Promise.resolve();
	}

	advance(ms: number): void {
		this.instant += ms;
	}
}

/** Many sleepers on one timeline: time jumps to the next one to wake once nothing else can go on. */
export class TimelineClock implements Clock {
	private sleepers: { readonly at: number; readonly wake: () => void }[] = [];

	constructor(private instant = Date.UTC(2026, 10, 21, 12)) {}

	now(): number {
		return this.instant;
	}

	async sleep(ms: number): Promise<void> {
		await new Promise<void>((wake) => this.sleepers.push({ at: this.instant + ms, wake }));
	}

	/** Lets time pass until `end` settles. */
	async play(end: Promise<unknown>): Promise<void> {
		let over = false;
		void end.finally(() => (over = true));
		for (;;) {
			await new Promise((resolve) => setImmediate(resolve));
			if (over) return;
			this.sleepers.sort((a, b) => a.at - b.at);
			const next = this.sleepers.shift();
			if (!next) throw new Error('everybody waits and nobody sleeps');
			this.instant = Math.max(this.instant, next.at);
			next.wake();
		}
	}
}

/** Real time, for tests over real HTTP. */
export const realClock: Clock = {
	now: () => Date.now(),
	sleep: async (ms) => await new Promise((resolve) => setTimeout(resolve, ms)),
};
