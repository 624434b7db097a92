import type { ContactChange, Delivery } from '../../contact/contact';
import type { PollParts } from '../pollParts';
import type { DeliveryOutcome, Flight, TriggerMemory } from '../pollRegister';
import type { PollState } from '../pollState';
import type { PollTime } from '../pollTime';

/** How often a poll looks whether its batch came back. */
const LOOK_MS = 500;
/** A run that never reports back (its process lost it) blocks its trigger for no longer than this. */
const LOST_FLIGHT_MS = 24 * 60 * 60_000;
/** Failed deliveries in a row that are repeated with the very next poll; then the pause doubles up to the longest. */
const PROMPT_REDELIVERIES = 3;
const FIRST_REST_MS = 60_000;
const LONGEST_REST_MS = 15 * 60_000;

/** Emits the batches of one trigger and waits for their runs; what became of them is kept in the memory of the process. */
export class BatchDelivery<Cursor> {
	constructor(
		private readonly parts: Pick<PollParts<Cursor>, 'deliver' | 'clock' | 'log'>,
		private readonly memory: TriggerMemory,
		private readonly time: PollTime,
	) {}

	/** A batch of an earlier poll is still under way. */
	isUnderWay(): boolean {
		const { flight } = this.memory;
		if (!flight || flight.outcome) return false;
		if (this.time.startedAt - flight.startedAt < LOST_FLIGHT_MS) return true;
		this.parts.log.warn(`Batch ${flight.sequence} never reported back and is delivered again`);
		flight.outcome = 'failed';
		return false;
	}

	/** The state that a batch which outlived its poll has led to; undefined: there was none, or its run failed. */
	takeSettled(): PollState<Cursor> | undefined {
		const { flight } = this.memory;
		if (!flight?.outcome) return undefined;
		this.memory.flight = undefined;
		this.note(flight.sequence, flight.outcome);
		return flight.outcome === 'succeeded' ? (flight.after as PollState<Cursor>) : undefined;
	}

	/** Whether failed deliveries put the next one off. A rest longer than the longest one comes of a clock that was put back. */
	isResting(): boolean {
		const rest = this.memory.restUntil - this.time.startedAt;
		return rest > 0 && rest <= LONGEST_REST_MS;
	}

	/** The contacts with the mark of their batch. `remembers`: a state was stored before this poll. `readAt`: as of when they are, in ms. */
	mark(changes: readonly ContactChange[], mark: Delivery, remembers: boolean, readAt: number): ContactChange[] {
		const { failedDeliveries, acknowledged } = this.memory;
		const again = failedDeliveries > 0 || (!acknowledged && remembers);
		const at = new Date(readAt).toISOString();
		const delivery: Delivery = { ...mark, at, ...(again ? { again } : {}) };
		return changes.map((change) => ({ ...change, delivery }));
	}

	/** Emits a batch without waiting for its run. */
	emitOnly(batch: readonly ContactChange[]): void {
		void this.parts.deliver(batch).catch(() => undefined);
	}

	/**
	 * Emits a batch and waits for its run, at most until the deadline; undefined when it is still under way then. `after` is the state
	 * to store once it succeeded. `landed` is called with the outcome and with how many ms the run took, also after the poll has ended.
	 */
	async emit(
		batch: readonly ContactChange[],
		after: PollState<Cursor>,
		landed: (outcome: DeliveryOutcome, runMs: number) => void,
	): Promise<DeliveryOutcome | undefined> {
		const flight: Flight = {
			sequence: after.sequence,
			after,
			startedAt: this.parts.clock.now(),
		};
		this.memory.flight = flight;
		const land = (outcome: DeliveryOutcome): void => {
			flight.outcome = outcome;
			landed(outcome, this.parts.clock.now() - flight.startedAt);
		};
		const landing = this.parts.deliver(batch).then(land, () => land('failed'));
		flight.landed = landing;
		for (let left = this.timeLeftMs(); ; left = this.timeLeftMs()) {
			await Promise.race([landing, this.parts.clock.sleep(Math.max(1, Math.min(LOOK_MS, left)))]);
			if (flight.outcome) {
				this.memory.flight = undefined;
				this.note(flight.sequence, flight.outcome);
				return flight.outcome;
			}
			if (this.timeLeftMs() <= 0) return undefined;
		}
	}

	private timeLeftMs(): number {
		return this.time.deliveryDeadline - this.parts.clock.now();
	}

	private note(sequence: number, outcome: DeliveryOutcome): void {
		if (outcome === 'succeeded') {
			this.memory.failedDeliveries = 0;
			this.memory.acknowledged = true;
			return;
		}
		const failures = ++this.memory.failedDeliveries;
		if (failures > PROMPT_REDELIVERIES) {
			const rest = Math.min(LONGEST_REST_MS, FIRST_REST_MS * 2 ** (failures - PROMPT_REDELIVERIES - 1));
			this.memory.restUntil = this.parts.clock.now() + rest;
		}
		this.parts.log.warn(`The run of batch ${sequence} did not succeed; its contacts are delivered again`);
	}
}
