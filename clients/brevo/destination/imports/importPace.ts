/** Wait before the first look at an import of unknown speed, and per contact in it. */
const FIRST_LOOK_MS = 500;
const FIRST_LOOK_MS_PER_CONTACT = 0.5;
const SHORTEST_LOOK_MS = 250;
const LONGEST_LOOK_MS = 30_000;
/** Of the time that the last imports took at most. Each import that is over by then makes the next wait shorter. */
const EARLIER = 0.95;
/** Where the imports were over between two looks: how far from the one to the other. */
const BETWEEN = 0.6;
/**
 * A look that comes too early is repeated after this share of what was waited; each further wait is twice as long. Known: as many
 * contacts were imported before.
 */
const AGAIN = { unknown: 0.3, known: 0.1 };
/** Imports of this share of the contacts are expected to take as long: Brevo's queue is most of it. */
const AS_LONG = 0.5;

/** How far the imports of a run are, as the last look showed it. */
export interface ImportProgress {
	readonly imports: number;
	/** Of which every contact was seen as it is to be. */
	readonly over: number;
	/** Since the last one was sent. */
	readonly ms: number;
}

/** The imports of a run were over when they were looked at after `ms`, and were not when they were looked at before, if they were. */
export interface ImportTimes {
	readonly ms: number;
	readonly earlyMs: number;
	readonly contacts: number;
}

/**
 * When to look for the contacts of an import: not so early that the look is a call in vain, not so late that the sync waits for
 * nothing. Learns how long the imports of an account take; of the first ones, from how long those took of them that are over.
 */
export class ImportPace {
	private last: { readonly ms: number; readonly contacts: number } | undefined;
	/** Imports of the run that were over at its last look. */
	private over = 0;
	/** Wait before the next look, unless an import is over by then. */
	private nextMs = 0;

	learn({ ms, earlyMs, contacts }: ImportTimes): void {
		this.last = { ms: earlyMs > 0 ? earlyMs + (ms - earlyMs) * BETWEEN : ms * EARLIER, contacts };
	}

	/** Wait before the first look of a run, or a further one. */
	waitMs(look: number, contacts: number, progress?: ImportProgress): number {
		if (look === 0) {
			const { ms, isKnown } = this.expected(contacts);
			this.over = 0;
			this.nextMs = ms * (isKnown ? AGAIN.known : AGAIN.unknown);
			return within(ms);
		}
		const left = progress && progress.over > this.over ? timeLeft(progress) : undefined;
		this.over = Math.max(this.over, progress?.over ?? 0);
		const isLast = progress?.over === (progress?.imports ?? 0) - 1;
		if (left !== undefined && !(isLast && this.nextMs < left)) {
			this.nextMs = left;
			return within(left);
		}
		const wait = this.nextMs;
		this.nextMs *= 2;
		return within(wait);
	}

	/** An import of more contacts may take as long: Brevo's queue is most of it. One of far fewer is not expected to. */
	private expected(contacts: number): { readonly ms: number; readonly isKnown: boolean } {
		const { last } = this;
		if (!last) return { ms: guess(contacts), isKnown: false };
		if (contacts >= last.contacts * AS_LONG) return { ms: last.ms, isKnown: true };
		return { ms: last.ms * (guess(contacts) / guess(last.contacts)), isKnown: false };
	}
}

const guess = (contacts: number): number => FIRST_LOOK_MS + contacts * FIRST_LOOK_MS_PER_CONTACT;

/** As if Brevo carried the imports out one after the other, each took as long, and the next one were half through. */
const timeLeft = ({ imports, over, ms }: ImportProgress): number => ms * (imports / (over + 0.5) - 1);

const within = (ms: number): number => Math.min(LONGEST_LOOK_MS, Math.max(SHORTEST_LOOK_MS, ms));
