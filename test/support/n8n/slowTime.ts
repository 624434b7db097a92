/** Seconds of real time for one of `Date.now`: a busy machine then takes no longer than the limits of a poll, which are in seconds. */
const SLOWER = 4;

/** The time of a test of nodes in one process, which passes slowly and jumps when it is told to. Starts with `start` (in `beforeAll`). */
export class SlowTime {
	private aheadMs = 0;

	start(): void {
		const now = Date.now.bind(Date);
		const began = now();
		jest.spyOn(Date, 'now').mockImplementation(() => began + Math.floor((now() - began) / SLOWER) + this.aheadMs);
	}

	advance(ms: number): void {
		this.aheadMs += ms;
	}
}
