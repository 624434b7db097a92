/** Wait before the first look at an import of unknown speed, and per contact in it. */
const FIRST_LOOK_MS = 500;
const FIRST_LOOK_MS_PER_CONTACT = 0.5;
const SHORTEST_LOOK_MS = 250;
const LONGEST_LOOK_MS = 30_000;
/** Of the time that the last imports took. Each import that is over by then makes the next wait shorter. */
const EARLIER = 0.9;
/** A look that comes too early is repeated after this share of what was waited; each further wait is twice as long. */
const AGAIN = 0.3;

/**
 * When to look for the contacts of an import: not so early that the look is a call in vain, not so late that the sync waits for
 * nothing. Learns how long the imports of an account take.
 */
export class ImportPace {
	private last: { readonly ms: number; readonly contacts: number } | undefined;

	/** The imports of a run with so many contacts were seen to be over when they were looked at after so long. */
	learn(ms: number, contacts: number): void {
		this.last = { ms, contacts };
	}

	/** Wait before the first look, or a further one. */
	waitMs(look: number, contacts: number): number {
		const first = this.firstMs(contacts);
		const wait = look === 0 ? first : first * AGAIN * 2 ** (look - 1);
		return Math.min(LONGEST_LOOK_MS, Math.max(SHORTEST_LOOK_MS, wait));
	}

	/** An import of more contacts may take as long: Brevo's queue is most of it. One of fewer is not expected to. */
	private firstMs(contacts: number): number {
		const { last } = this;
		return last ? last.ms * EARLIER * Math.min(1, guess(contacts) / guess(last.contacts)) : guess(contacts);
	}
}

const guess = (contacts: number): number => FIRST_LOOK_MS + contacts * FIRST_LOOK_MS_PER_CONTACT;
