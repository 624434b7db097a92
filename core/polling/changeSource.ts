import type { ContactChange, Delivery } from '../contact/contact';
import type { Result } from '../result';
import { ok } from '../result';

/** What a trigger follows. A cursor is only good for the place it was made for. */
export interface SourceIdentity {
	/** The account at the vendor. */
	readonly account: string;
	/** What is followed there: object and list, view or conditions. */
	readonly scope: string;
	/** What the account was read with; another key may open another account. No secret. */
	readonly credential: string;
}

export const sameOrigin = (a: SourceIdentity, b: SourceIdentity): boolean =>
	a.account === b.account && a.scope === b.scope;

export interface ChangeBatch<Cursor> {
	/** In the order of delivery; may be empty while the cursor still moves. */
	readonly changes: readonly ContactChange[];
	readonly phase: Delivery['phase'];
	/** Where to go on once these changes are acknowledged. */
	readonly next: Cursor;
	/**
	 * What is stored while they are under way: the same place as before, with a note of who may have been told by the time a
	 * process is killed. Absent: the place alone.
	 */
	readonly underWay?: Cursor;
	/** False: nothing more to read in this poll. */
	readonly more: boolean;
	/** What a person should know, for the log. */
	readonly note?: string;
}

/** The batch with something to be said of it. */
export const withNote = <Cursor>(batch: Result<ChangeBatch<Cursor>>, note: string): Result<ChangeBatch<Cursor>> =>
	batch.kind === 'ok' ? ok({ ...batch.value, note }) : batch;

/**
 * What a vendor supplies to a trigger. Cursors are JSON. Reading has no effect at the vendor, and a batch read again from
 * the same cursor holds the changes as they are by then.
 */
export interface ChangeSource<Cursor> {
	/** Tells what is followed. `previous` may be answered again unless `recheck` is set or the credential changed. */
	identify(previous: SourceIdentity | undefined, recheck: boolean): Promise<Result<SourceIdentity>>;
	/** Checks a stored cursor; undefined when it is none of this source's. */
	readCursor(stored: unknown): Cursor | undefined;
	/** The changes after `cursor`; absent: from the start. Stops reading at the deadline it was made with. */
	readBatch(cursor: Cursor | undefined): Promise<Result<ChangeBatch<Cursor>>>;
	/**
	 * Contacts of the sync that opted out and are not delivered yet, for a sync that pauses while its quota is used up (HB-19):
	 * changes of kind `optedOut`, at most 1,000, in at most ten calls. The cursor does not move. `seen` is what the last look
	 * returned, absent on the first one of a pause; looking again with it costs little and tells only what came since.
	 */
	readOptOuts?(cursor: Cursor | undefined, seen: string | undefined): Promise<Result<OptOutLook>>;
	/** The same source without the question whether it may go on, where something was put before it (`askedFirst`). */
	readonly unasked?: ChangeSource<Cursor>;
	/**
	 * The cursor with the ids of records of this source that the destination held when a sync began without a memory: who of them
	 * is not handed on by the first sync is looked for, and handed on as removed or deleted with their opt-out.
	 */
	withHeld?(cursor: Cursor, ids: readonly string[]): Cursor;
}

export interface OptOutLook {
	readonly changes: readonly ContactChange[];
	/** Where the next look goes on; stored by the engine once these changes are acknowledged. */
	readonly seen: string;
}
