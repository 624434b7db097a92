import type { ContactChange } from '../contact/contact';

/**
 * What one batch emits, and what the memory of members has to note once it is confirmed (see `remembering`): ids in the form
 * that is remembered. Each vendor adds what it needs beside it.
 */
export class Handover {
	readonly changes: ContactChange[] = [];
	/** Emitted as members. */
	readonly joined: string[] = [];
	/** Emitted as removed or deleted, or to be followed as such. */
	readonly left: string[] = [];
	/** Emitted as removed or deleted, with an opt-out after which nothing is to be emitted of them. */
	readonly optedOut: string[] = [];
	/** Records that go on as others: merged or converted. */
	readonly forgotten: string[] = [];
}
