import type { Clock } from '../../../core/ports';
import type { ContactCursor } from './contactCursor';

/**
 * How late it may be at Salesforce by what is known: the time that was reached before and what passed since on n8n's clock, or
 * the newest stamp of a record. One answer that a proxy dated ahead must not move a place past changes that are still to come.
 */
export class ServerTime {
	private reached: ContactCursor['time'];
	private newestStamp = -Infinity;

	constructor(private readonly clock: Clock) {}

	/** What an earlier poll got to. A clock of n8n that was put back has passed no time. */
	begin({ time, records }: Pick<ContactCursor, 'time' | 'records'>): void {
		const now = this.clock.now();
		// A cursor of an earlier version: n8n's clock is all there is.
		this.reached ??= time ?? { at: Math.max(records.mark.at, now), seenAt: now };
	}

	/** A record has this stamp, so it is not earlier than that. */
	saw(stamp: number): void {
		this.newestStamp = Math.max(this.newestStamp, stamp);
	}

	/** The time that an answer told, as far as it can be true. Before anything was reached n8n's clock is the other witness. */
	trusted(told: number): number {
		const now = this.clock.now();
		const { at, seenAt } = this.reached ?? { at: now, seenAt: now };
		return Math.min(told, Math.max(at + Math.max(0, now - seenAt), this.newestStamp));
	}

	/** What to go on from in the next poll. `now` is a trusted time. */
	noted(now: number): ContactCursor['time'] {
		return { at: Math.max(now, this.reached?.at ?? now), seenAt: this.clock.now() };
	}
}
