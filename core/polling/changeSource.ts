import type { ContactChange, Delivery } from '../contact/contact';
import type { Result } from '../result';
import type { BatchRoom } from './batches/batchPace';
import { ok } from '../result';

/** The records that a trigger follows. A cursor is only good for the account and scope it was made for. */
export interface SourceIdentity {
	/** The account at the vendor. */
	readonly account: string;
	/** What is followed there: object and list, view or conditions. */
	readonly scope: string;
	/** Names the credential the account was read with, no secret: another key may open another account. */
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
	 * The cursor to store while the batch is under way: the same position as before, with the contacts of the batch noted as
	 * pending, in case the process is killed. Absent: the position alone.
	 */
	readonly underWay?: Cursor;
	/** False: nothing more to read in this poll. */
	readonly more: boolean;
	/** A line for the log, of something that is no failure. */
	readonly note?: string;
	/** How many records are followed once these changes are acknowledged, where the source remembers them. */
	readonly members?: number;
	/** How many records a first sync has to read in all, where the source tells without a call of its own. */
	readonly expected?: number;
	/** True: the first sync is read to its end with these changes. */
	readonly endsFirstSync?: boolean;
}

/** The batch with a line for the log. */
export const withNote = <Cursor>(batch: Result<ChangeBatch<Cursor>>, note: string): Result<ChangeBatch<Cursor>> =>
	batch.kind === 'ok' ? ok({ ...batch.value, note }) : batch;

/**
 * What a vendor supplies to a trigger. Cursors are JSON. Reading has no effect at the vendor, and a batch read again from
 * the same cursor holds the changes as they are by then.
 */
export interface ChangeSource<Cursor> {
	/** Reads what is followed. `previous` may be answered again unless `recheck` is set or the credential changed. */
	identify(previous: SourceIdentity | undefined, recheck: boolean): Promise<Result<SourceIdentity>>;
	/** A stored cursor, checked; undefined when it is none of this source's. */
	readCursor(stored: unknown): Cursor | undefined;
	/**
	 * The changes after `cursor`; absent: from the start. Stops reading at the deadline it was made with. `room`: most contacts of
	 * the batch, which has fewer where they are large; absent: as set. Batches are read one after the other, each from the cursor
	 * of the one before, but a first sync's while that one is still under way.
	 */
	readBatch(cursor: Cursor | undefined, room?: BatchRoom): Promise<Result<ChangeBatch<Cursor>>>;
	/**
	 * Contacts of the sync that opted out and are not delivered yet, for a sync that pauses while its quota is used up (HB-19):
	 * changes of kind `optedOut`, at most 1,000, in at most ten calls. The cursor does not move. `seen` is what the last look
	 * returned, absent on the first one of a pause; looking again with it costs little and returns only what came since.
	 */
	readOptOuts?(cursor: Cursor | undefined, seen: string | undefined): Promise<Result<OptOutLook>>;
	/** The check that `askedFirst` put before the source, for a batch that was read ahead. */
	askAgain?(): Promise<Result<unknown>>;
	/** The same source without the check before it, where `askedFirst` put one there. */
	readonly unasked?: ChangeSource<Cursor>;
	/**
	 * The cursor with the ids of records of this source that the destination held when a sync began without a memory. Those that
	 * the first sync does not emit are looked up, and emitted as removed or deleted, with their opt-out.
	 */
	withHeld?(cursor: Cursor, ids: readonly string[]): Cursor;
}

export interface OptOutLook {
	readonly changes: readonly ContactChange[];
	/** Where the next look goes on; stored by the engine once these changes are acknowledged. */
	readonly seen: string;
}
