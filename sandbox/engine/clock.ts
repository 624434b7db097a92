/**
 * Time as the stand-in vendors see it: real time plus an offset that tests move. All instants are ms since 1970 in UTC.
 * Several servers may share one clock, so that "an hour later" is an hour later for all of them.
 */
export class SandboxClock {
	private offsetMs = 0;
	private frozenAt: number | undefined;

	now(): number {
		return this.frozenAt ?? Date.now() + this.offsetMs;
	}

	/** Moves the clock by `ms`, which may be negative. */
	advance(ms: number): void {
		if (this.frozenAt !== undefined) this.frozenAt += ms;
		else this.offsetMs += ms;
	}

	/** Sets the clock to `epochMs`; it runs on from there, unless it is frozen. */
	set(epochMs: number): void {
		if (this.frozenAt !== undefined) this.frozenAt = epochMs;
		else this.offsetMs = epochMs - Date.now();
	}

	/** Stops the clock where it is; `advance` and `set` still move it. */
	freeze(): void {
		this.frozenAt = this.now();
	}

	/** Lets a frozen clock run on. */
	unfreeze(): void {
		if (this.frozenAt === undefined) return;
		this.offsetMs = this.frozenAt - Date.now();
		this.frozenAt = undefined;
	}

	/** Back to real time. */
	reset(): void {
		this.offsetMs = 0;
		this.frozenAt = undefined;
	}
}
