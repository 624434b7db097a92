import type { BatchPace } from './batches/batchPace';
import type { PollState } from './pollState';

export type DeliveryOutcome = 'succeeded' | 'failed';

/** A batch that was emitted and whose outcome is not yet in the stored state. */
export interface Flight {
	readonly sequence: number;
	/** The state to store once it succeeded. */
	readonly after: PollState<unknown>;
	readonly startedAt: number;
	/** Absent while the run is going on. */
	outcome?: DeliveryOutcome;
	/** Resolves once there is an outcome. */
	landed?: Promise<void>;
}

/** What one process remembers of one trigger. Nothing here survives a restart, and nothing has to. */
export interface TriggerMemory {
	polling: boolean;
	lastStartedAt?: number;
	/** The account was read in this process. */
	identified: boolean;
	flight?: Flight;
	failedDeliveries: number;
	/** A batch was acknowledged in this process. */
	acknowledged: boolean;
	/** After failed deliveries nothing is delivered before this instant. */
	restUntil: number;
	/** Where this process took up the first sync: records that were followed by then, and the instant in ms. */
	firstSync?: { readonly members: number; readonly at: number };
	/** How large the batches of a first sync are by now. */
	pace?: BatchPace;
}

const MAX_TRIGGERS = 2_000;

/**
 * Memory of all triggers of one process, by workflow and node. n8n does not keep two polls of one node apart, so the
 * register does.
 */
export class PollRegister {
	private readonly triggers = new Map<string, TriggerMemory>();

	of(key: string): TriggerMemory {
		const known = this.triggers.get(key);
		if (known) return known;
		if (this.triggers.size >= MAX_TRIGGERS) this.forgetOne();
		const fresh: TriggerMemory = {
			polling: false,
			identified: false,
			failedDeliveries: 0,
			acknowledged: false,
			restUntil: 0,
		};
		this.triggers.set(key, fresh);
		return fresh;
	}

	private forgetOne(): void {
		for (const [key, { polling, flight }] of this.triggers) {
			if (polling || flight) continue;
			this.triggers.delete(key);
			return;
		}
	}
}
