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

/** Real time, for tests over real HTTP. */
export const realClock: Clock = {
	now: () => Date.now(),
	sleep: async (ms) => await new Promise((resolve) => setTimeout(resolve, ms)),
};
