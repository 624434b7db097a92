import { z } from 'zod';
import type { Clock } from '../ports';

/** The vendor's time as far as it was confirmed, with this machine's at that moment; ms since 1970. Part of a cursor. */
export const knownTime = z.object({ at: z.number(), seenAt: z.number() });

export type KnownTime = z.output<typeof knownTime>;

/**
 * The vendor's time, as far as there is evidence: the earlier of
 *
 * 1. the date of its last answer, and
 * 2. the time known before plus what passed since on this machine's clock, or the newest stamp of a record if that is later.
 *
 * So neither an answer that a proxy dated ahead nor a clock of this machine that was put forward moves a position past changes
 * that are still to come; both would have to agree. Before anything is known the machine's clock stands for 2.
 */
export class SourceTime {
	private known: KnownTime | undefined;
	private newestStamp = -Infinity;

	/** `answered` is the vendor's time by the date of its last answer, ms since 1970. */
	constructor(
		private readonly answered: () => number,
		private readonly clock: Clock,
	) {}

	/** Goes on from the time that an earlier poll stored; only the first call of a poll counts. */
	begin(known: KnownTime | undefined): void {
		this.known ??= known;
	}

	/** Takes the stamp of a record: the vendor's time is not earlier than that. */
	saw(stamp: number): void {
		this.newestStamp = Math.max(this.newestStamp, stamp);
	}

	/** ms since 1970. */
	now(): number {
		const here = this.clock.now();
		// A clock that was put back has passed no time.
		const passed = this.known ? this.known.at + Math.max(0, here - this.known.seenAt) : here;
		return Math.min(this.answered(), Math.max(passed, this.newestStamp));
	}

	/** The time to store for a later poll. */
	noted(): KnownTime {
		const now = this.now();
		return { at: Math.max(now, this.known?.at ?? now), seenAt: this.clock.now() };
	}
}
