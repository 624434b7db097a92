import type { ContactChange, Warning } from '../../../../core/contact/contact';
import type { MappingPlan } from '../../../../core/mapping/mapping';
import type { Outcome } from '../../../../core/outcome';
import type { PollReport } from '../../../../core/polling/poll';
import type { SandboxClock } from '../../../../sandbox/engine';
import type { Sandbox } from '../../triggerFollower';

/** What became of one item, in the order of the batch; undefined when its run did not come that far. */
export interface ItemOutcome {
	readonly change: ContactChange;
	readonly outcome: Outcome;
	readonly warnings: readonly Warning[];
}

export interface Delivered {
	readonly batch: readonly ContactChange[];
	/** Absent: the run died, or could not open the destination. */
	readonly outcomes?: readonly ItemOutcome[];
	/** Entries of Brevo's log of writes when the run began. */
	readonly writesBefore: number;
	/** The run ended as failed, so that its contacts come again. */
	readonly failed: boolean;
}

export interface PollOptions {
	readonly afterMs?: number;
	/** n8n dies with its so-many-th call from now on. */
	readonly killAfter?: number;
	/** A node behind the upsert fails. */
	readonly runFails?: boolean;
	/** Which process runs the batches: another one knows nothing of what the first one read and wrote. */
	readonly worker?: 0 | 1;
	/** The workflow is unpublished after so many batches, and published again before the next poll. */
	readonly unpublishAfter?: number;
	/** Happens right before the so-many-th call from now on that reads from Brevo. */
	readonly meanwhile?: { readonly atRead: number; readonly happen: () => void };
}

/** A trigger, with what the batches of its runs go through. */
export interface Workflow {
	/** The Brevo list its upsert fills. */
	list: number;
	next(afterMs: number): Promise<PollReport>;
	/** The process died. */
	kill(): void;
	/** The trigger has another name. */
	rename(): void;
	/** What the trigger is told of its publication by the next poll. */
	publication: Publication;
	plan(): Promise<MappingPlan | undefined>;
}

export interface Publication {
	/** Asked between two batches. */
	readonly isPublished: () => boolean;
	/** It was published since the last poll. */
	readonly activating: boolean;
}

export const PUBLISHED: Publication = { isPublished: () => true, activating: false };

/** A stand-in as a source. */
export interface Source extends Sandbox {
	readonly clock: SandboxClock;
	reset(): void;
	close(): Promise<void>;
}
