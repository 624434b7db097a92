import type { ContactChange } from '../contact/contact';
import type { Clock, Log } from '../ports';
import type { Failure, Result } from '../result';
import type { ChangeSource, SourceIdentity } from './changeSource';
import { sameOrigin } from './changeSource';
import type { DeliveryOutcome, Flight, PollRegister, TriggerMemory } from './pollRegister';
import type { PollState, StateStore } from './pollState';
import { readState } from './pollState';

/** Share of the time budget after which nothing new is begun. */
const BUDGET_SHARE = 0.9;
/** n8n gives an activation 84 s for its first poll. */
const SHELTERED_BUDGET_MS = 60_000;
/** n8n repeats an activation's first poll after 1, 2, 4 and 8 s; scheduled polls are a minute apart at least. */
const ACTIVATION_RETRY_MS = 20_000;
/** Time a batch is expected to need before one was measured. */
const FIRST_GUESS_MS = 3_000;
/** How often a poll looks whether its batch came back. */
const LOOK_MS = 500;
/** A run that never reports back (its process lost it) blocks its trigger no longer than this. */
const LOST_FLIGHT_MS = 24 * 60 * 60_000;
/** Failed deliveries in a row that are repeated with the very next poll; then the pause doubles up to the longest. */
const PROMPT_REDELIVERIES = 3;
const FIRST_REST_MS = 60_000;
const LONGEST_REST_MS = 15 * 60_000;

export interface PollSettings {
	/** Workflow and node. */
	readonly key: string;
	readonly budgetMs: number;
	/** The cursor waits for the run it started. Off: it moves when the batch is handed over. */
	readonly acknowledged: boolean;
	/** n8n itself spaces failing polls out (its durable scheduler), so a failure may always be shown. */
	readonly spacedByHost: boolean;
	/** Nobody watches this activation (n8n was started): even wrong settings are shown from the second poll on only. */
	readonly unattended: boolean;
}

export interface PollParts<Cursor> {
	/** Checks the settings and makes the source; nothing is begun after `deadline` (ms since 1970). */
	open(deadline: number): Promise<Result<ChangeSource<Cursor>>>;
	readonly store: StateStore;
	/** Starts a run with the batch; resolves when that run has ended. */
	deliver(batch: readonly ContactChange[]): Promise<DeliveryOutcome>;
	readonly register: PollRegister;
	readonly clock: Clock;
	readonly log: Log;
}

export interface PollReport {
	/** `busy`: an earlier poll or batch is still going on. `resting`: pausing after failed deliveries. */
	readonly end: 'upToDate' | 'budgetUsed' | 'busy' | 'resting' | 'deliveryFailed' | 'failed';
	/** Contacts handed over. */
	readonly delivered: number;
	readonly failure?: Failure;
	/** Whether the failure should be thrown, which makes n8n show a failed execution. */
	readonly show: boolean;
	/** Whether this may be the poll with which n8n tries out an activation; of what it throws only the message is shown. */
	readonly activating: boolean;
}

/**
 * One poll with acknowledged delivery: reads a batch, hands it over, waits for its run, and only then moves the cursor.
 * Batches follow one another until nothing is left or the time budget is nearly used; at most one is under way, so none
 * overtakes another. A run that outlives the poll stays in flight, and a later poll settles it. Whatever fails, the
 * stored cursor lies before the first change that was not acknowledged.
 */
export async function poll<Cursor>(settings: PollSettings, parts: PollParts<Cursor>): Promise<PollReport> {
	const memory = parts.register.of(settings.key);
	if (memory.polling) return { end: 'busy', delivered: 0, show: false, activating: false };
	memory.polling = true;
	try {
		return await new PollRun(settings, parts, memory).run();
	} finally {
		memory.polling = false;
	}
}

class PollRun<Cursor> {
	private readonly startedAt: number;
	private readonly sheltered: boolean;
	private readonly deadline: number;
	private delivered = 0;
	private moved = false;

	constructor(
		private readonly settings: PollSettings,
		private readonly parts: PollParts<Cursor>,
		private readonly memory: TriggerMemory,
	) {
		this.startedAt = parts.clock.now();
		const last = memory.lastStartedAt;
		// A throw here would make n8n give the activation up for good, while it goes on to show the workflow as active.
		this.sheltered = !settings.spacedByHost && (last === undefined || this.startedAt - last < ACTIVATION_RETRY_MS);
		memory.lastStartedAt = this.startedAt;
		const budgetMs = this.sheltered ? Math.min(settings.budgetMs, SHELTERED_BUDGET_MS) : settings.budgetMs;
		this.deadline = this.startedAt + budgetMs * BUDGET_SHARE;
	}

	async run(): Promise<PollReport> {
		if (this.memory.flight && !this.isSettled(this.memory.flight)) return this.report('busy');
		const opened = await this.parts.open(this.deadline);
		if (opened.kind !== 'ok') return this.failed(opened);
		const source = opened.value;
		this.settleFlight(source);
		const rest = this.memory.restUntil - this.startedAt;
		// A rest longer than the longest one comes of a clock that was put back.
		if (rest > 0 && rest <= LONGEST_REST_MS) return this.report('resting');
		const begun = await this.begin(source);
		return begun.kind === 'ok' ? await this.drain(source, begun.value) : this.failed(begun);
	}

	private isSettled(flight: Flight): boolean {
		if (flight.outcome) return true;
		if (this.startedAt - flight.startedAt < LOST_FLIGHT_MS) return false;
		this.parts.log.warn(`Batch ${flight.sequence} never reported back and is delivered again`);
		flight.outcome = 'failed';
		return true;
	}

	/** Stores what a batch that outlived its poll came to. */
	private settleFlight(source: ChangeSource<Cursor>): void {
		const { flight } = this.memory;
		if (!flight?.outcome) return;
		this.memory.flight = undefined;
		if (flight.outcome === 'failed') {
			this.noteFailedDelivery(flight.sequence);
			return;
		}
		this.memory.failedDeliveries = 0;
		const state = readState(this.parts.store.read(), (stored) => source.readCursor(stored));
		if (!state || !sameOrigin(state.identity, flight.identity) || state.sequence >= flight.sequence) return;
		this.write({ ...state, cursor: flight.next as Cursor, sequence: flight.sequence });
	}

	/** The state to go on from; a changed list, object or account starts anew. */
	private async begin(source: ChangeSource<Cursor>): Promise<Result<PollState<Cursor>>> {
		const saved = readState(this.parts.store.read(), (stored) => source.readCursor(stored));
		const identified = await source.identify(saved?.identity, !this.memory.identified);
		if (identified.kind !== 'ok') return identified;
		this.memory.identified = true;
		const identity: SourceIdentity = identified.value;
		if (saved && sameOrigin(saved.identity, identity)) return { kind: 'ok', value: { ...saved, identity } };
		if (saved) this.parts.log.info('The list or the account was changed: the sync begins anew');
		// No number is used twice: a quota takes a batch of the same number for the same contacts delivered again.
		return { kind: 'ok', value: { version: 1, identity, sequence: saved ? saved.sequence + 1 : 0 } };
	}

	private async drain(source: ChangeSource<Cursor>, begun: PollState<Cursor>): Promise<PollReport> {
		let state = begun;
		let expectedMs = 0;
		for (;;) {
			const batchStartedAt = this.parts.clock.now();
			if (batchStartedAt + expectedMs > this.deadline) return this.report('budgetUsed');
			const read = await source.readBatch(state.cursor);
			if (read.kind !== 'ok') return this.failed(read);
			const { changes, next, underWay, more, phase } = read.value;
			if (changes.length === 0) {
				state = { ...state, cursor: next };
				this.write(state);
				this.moved ||= more;
				if (!more) return this.report('upToDate');
				continue;
			}
			const sequence = state.sequence + 1;
			const at = new Date(batchStartedAt).toISOString();
			const batch = changes.map((change) => ({ ...change, delivery: { phase, sequence, at } }));
			const acknowledged = { ...state, cursor: next, sequence };
			if (!this.settings.acknowledged) {
				// One batch a poll: several emissions of one poll race for the stored cursor.
				this.write(acknowledged);
				void this.parts.deliver(batch).catch(() => undefined);
				this.delivered += batch.length;
				return this.report(more ? 'budgetUsed' : 'upToDate');
			}
			this.write(underWay === undefined ? state : { ...state, cursor: underWay });
			const outcome = await this.handOver(batch, acknowledged);
			if (outcome === undefined) return this.report('busy');
			if (outcome === 'failed') {
				this.noteFailedDelivery(sequence);
				return this.report('deliveryFailed');
			}
			this.memory.failedDeliveries = 0;
			this.delivered += batch.length;
			this.moved = true;
			state = acknowledged;
			this.write(state);
			if (!more) return this.report('upToDate');
			expectedMs = Math.max(FIRST_GUESS_MS, (this.parts.clock.now() - batchStartedAt) * 1.2);
		}
	}

	/** Delivers and waits, at most until the deadline; undefined when the batch is still under way then. */
	private async handOver(
		batch: readonly ContactChange[],
		after: PollState<Cursor>,
	): Promise<DeliveryOutcome | undefined> {
		const flight: Flight = {
			sequence: after.sequence,
			identity: after.identity,
			next: after.cursor,
			startedAt: this.parts.clock.now(),
		};
		this.memory.flight = flight;
		const landed = this.parts.deliver(batch).then(
			(outcome) => void (flight.outcome = outcome),
			() => void (flight.outcome = 'failed'),
		);
		for (let left = this.timeLeftMs(); ; left = this.timeLeftMs()) {
			await Promise.race([landed, this.parts.clock.sleep(Math.max(1, Math.min(LOOK_MS, left)))]);
			if (flight.outcome) {
				this.memory.flight = undefined;
				return flight.outcome;
			}
			if (this.timeLeftMs() <= 0) return undefined;
		}
	}

	private noteFailedDelivery(sequence: number): void {
		const failures = ++this.memory.failedDeliveries;
		if (failures > PROMPT_REDELIVERIES) {
			const rest = Math.min(LONGEST_REST_MS, FIRST_REST_MS * 2 ** (failures - PROMPT_REDELIVERIES - 1));
			this.memory.restUntil = this.parts.clock.now() + rest;
		}
		this.parts.log.warn(`The run of batch ${sequence} did not succeed; its contacts are delivered again`);
	}

	private write(state: PollState<Cursor>): void {
		this.parts.store.write(state);
	}

	private timeLeftMs(): number {
		return this.deadline - this.parts.clock.now();
	}

	private report(end: PollReport['end']): PollReport {
		return { end, delivered: this.delivered, show: false, activating: this.sheltered };
	}

	/**
	 * A failure is thrown unless that would do harm: in a sheltered poll, where only a person who is activating with wrong
	 * settings gets to see it, and after progress, which a throw could undo. The next poll meets the same failure again. One
	 * that does not pass by itself is shown also when only reading without a delivery went before it.
	 */
	private failed(failure: Failure): PollReport {
		const wrongSettings = failure.kind !== 'retry';
		const progress = this.moved && !(wrongSettings && this.delivered === 0);
		const show = !progress && (!this.sheltered || (wrongSettings && !this.settings.unattended));
		return { end: 'failed', delivered: this.delivered, failure, show, activating: this.sheltered };
	}
}
