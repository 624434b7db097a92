import type { ContactChange } from '../contact/contact';
import type { Clock, Log } from '../ports';
import type { Failure, Result } from '../result';
import type { BatchSizes } from './batches/batchPace';
import type { Whereabouts } from './beginning';
import type { ChangeSource } from './changeSource';
import type { DeliveryOutcome, PollRegister } from './pollRegister';
import type { StateStore } from './pollState';

export interface PollSettings {
	/** Workflow and node. */
	readonly key: string;
	readonly budgetMs: number;
	/** The cursor waits for the run of its batch. Off: it moves when the batch is emitted. */
	readonly acknowledged: boolean;
	/** n8n itself spaces failing polls out (its durable scheduler), so a failure may always be shown. */
	readonly spacedByHost: boolean;
	/** n8n activates the workflow at its own start, without a person: even wrong settings are shown from the second poll on only. */
	readonly unattended: boolean;
	/** The first poll of a publication, which n8n waits for. Absent: only a process's first polls are taken for one. */
	readonly activating?: boolean;
	/** Goes on where the first poll of a publication ended early; n8n does not wait for it. See `goOn`. */
	readonly followsUp?: boolean;
	/** Every contact is to be delivered once more. Counts once, for as long as it stays on. */
	readonly again?: boolean;
	/** How large the batches of a first sync may be. Absent: as large as the source makes them. */
	readonly batchSizes?: BatchSizes;
	/** The node that owns the state, and where the contacts go. Absent: a stored state is taken as it is. */
	readonly where?: Whereabouts;
}

export interface PollParts<Cursor> {
	/** Checks the settings and makes the source; nothing is begun after `deadline` (ms since 1970). */
	open(deadline: number): Promise<Result<ChangeSource<Cursor>>>;
	readonly store: StateStore;
	/** Starts a run with the batch; resolves when that run has ended. */
	deliver(batch: readonly ContactChange[]): Promise<DeliveryOutcome>;
	/** Whether the workflow is still published; asked between two batches. Absent: as long as it is polled. */
	isPublished?(): Promise<boolean>;
	/**
	 * The ids of this source's records that the destination held, as the run of the last batch returned them; undefined where it
	 * did not. Asked once, after the first batch of a beginning.
	 */
	heldIds?(): readonly string[] | undefined;
	readonly register: PollRegister;
	readonly clock: Clock;
	readonly log: Log;
}

export interface PollReport {
	/**
	 * `busy`: an earlier poll or batch is still going on. `resting`: pausing after failed deliveries. `unpublished`: the workflow was
	 * unpublished while a poll went on.
	 */
	readonly end: 'upToDate' | 'budgetUsed' | 'busy' | 'resting' | 'deliveryFailed' | 'failed' | 'unpublished';
	/** Contacts emitted. */
	readonly delivered: number;
	readonly failure?: Failure;
	/** Whether the failure should be thrown, which makes n8n show a failed execution. */
	readonly show: boolean;
	/** Whether this may be the poll with which n8n tries out an activation; of what it throws only the message is shown. */
	readonly activating: boolean;
}
