import { z } from 'zod';
import type { Clock } from '../ports';

/** A time of the vendor's that can be relied on, with this machine's at that moment; ms since 1970. Part of a cursor. */
export const knownTime = z.object({ at: z.number(), seenAt: z.number() });

export type KnownTime = z.output<typeof knownTime>;

/**
 * How late it is at the vendor, as far as there is evidence: no later than an answer told, and no later than the time known
 * before with what passed since on this machine's clock, or the newest stamp that a record had. So neither an answer that a
 * proxy dated ahead nor a clock of this machine that was put forward moves a place past changes that are still to come; both
 * would have to agree. Before anything is known the machine's clock stands for it.
 */
export class SourceTime {
	private known: KnownTime | undefined;
	private newestStamp = -Infinity;

	/** `told` is the vendor's time as its last answer told it. */
	constructor(
		private readonly told: () => number,
		private readonly clock: Clock,
	) {}

	/** Goes on from what an earlier poll knew. */
	begin(known: KnownTime | undefined): void {
		this.known ??= known;
	}

	/** A record has this stamp, so it is not earlier than that. */
	saw(stamp: number): void {
		this.newestStamp = Math.max(this.newestStamp, stamp);
	}

	now(): number {
		const here = this.clock.now();
		// A clock that was put back has passed no time.
		const passed = this.known ? this.known.at + Math.max(0, here - this.known.seenAt) : here;
		return Math.min(this.told(), Math.max(passed, this.newestStamp));
	}

	/** For a later poll to go on from. */
	noted(): KnownTime {
		const now = this.now();
		return { at: Math.max(now, this.known?.at ?? now), seenAt: this.clock.now() };
	}
}
