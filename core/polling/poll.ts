import type { Delivery } from '../contact/contact';
import type { Failure, Result } from '../result';
import { BatchDelivery } from './batches/batchDelivery';
import { BatchPace, isFixed } from './batches/batchPace';
import { firstSyncProgress } from './batches/firstSyncProgress';
import { beginFrom, isOfCopy } from './beginning';
import type { ChangeBatch, ChangeSource } from './changeSource';
import { sameOrigin } from './changeSource';
import { lookForOptOuts } from './optOutsInPause';
import type { PollParts, PollReport, PollSettings } from './pollParts';
import type { TriggerMemory } from './pollRegister';
import type { PollState } from './pollState';
import { readState } from './pollState';
import type { PollTime } from './pollTime';
import { beginPoll } from './pollTime';
import type { BatchRead } from './batches/readAhead';
import { ReadAhead } from './batches/readAhead';

/** Time a batch is expected to need before one was measured. */
const FIRST_GUESS_MS = 3_000;
export type { PollParts, PollReport, PollSettings };

/**
 * One poll with acknowledged delivery: reads a batch, emits it, waits for its run, and only then moves the cursor.
 * Batches follow one another until nothing is left or the time budget is nearly used; at most one is under way, so none
 * overtakes another, and in a first sync the next one is read meanwhile. A run that outlives the poll stays in flight, and a later poll
 * settles it. Whatever fails, the stored cursor lies before the first change that was not acknowledged.
 */
export async function poll<Cursor>(settings: PollSettings, parts: PollParts<Cursor>): Promise<PollReport> {
	const memory = parts.register.of(settings.key);
	if (memory.polling) return { end: 'busy', delivered: 0, show: false, activating: false };
	memory.polling = true;
	try {
		const run = new PollRun(settings, parts, memory);
		if (run.delivery.isUnderWay()) return run.report('busy');
		const opened = await parts.open(run.time.deadline);
		return opened.kind === 'ok' ? await run.follow(opened.value) : run.failed(opened);
	} finally {
		memory.polling = false;
	}
}

/**
 * Goes on where the first poll of a publication, for which n8n waits, ended early: else the contacts of a first sync would wait for the next
 * poll, a minute later. What fails is left to that one. Undefined: there is nothing to go on with.
 */
export async function goOn<Cursor>(
	{ end }: PollReport,
	settings: PollSettings,
	parts: PollParts<Cursor>,
): Promise<PollReport | undefined> {
	if (settings.activating !== true || settings.spacedByHost || !settings.acknowledged || !parts.isPublished) return;
	const { flight } = parts.register.of(settings.key);
	if (end === 'busy' && flight) {
		await flight.landed;
		if (flight.outcome !== 'succeeded') return;
	} else if (end !== 'budgetUsed') return;
	if (!(await parts.isPublished())) return;
	return await poll({ ...settings, activating: false, followsUp: true }, parts);
}

/**
 * Whether a failure is thrown, which n8n shows as a failed execution, or only logged. The next poll meets it again.
 *
 * `retry` passes by itself; all other failures last until a setting is changed. `unattended` and `activating`: polls that n8n
 * waits for while it activates a workflow (sheltered), at its own start or for a person; a throw there makes n8n give the
 * activation up for good, so only a person gets to see wrong settings. `scheduled`: every other poll.
 */
const SHOWN = {
	passing: { unattended: false, activating: false, scheduled: true },
	lasting: { unattended: false, activating: true, scheduled: true },
} as const;

/** Where a poll is when it has read a batch. */
interface Draining<Cursor> {
	readonly source: ChangeSource<Cursor>;
	/** Before the batch. */
	readonly state: PollState<Cursor>;
	readonly batches: ReadAhead<Cursor>;
	readonly pace: BatchPace | undefined;
	readonly read: BatchRead<Cursor>;
	/** How long the batch is expected to take, in ms. */
	readonly expectedMs: number;
}

class PollRun<Cursor> {
	readonly time: PollTime;
	readonly delivery: BatchDelivery<Cursor>;
	private delivered = 0;
	private moved = false;
	/** A state was stored before this poll. */
	private remembers = false;

	constructor(
		private readonly settings: PollSettings,
		private readonly parts: PollParts<Cursor>,
		private readonly memory: TriggerMemory,
	) {
		this.time = beginPoll(settings, memory, parts.clock.now());
		this.delivery = new BatchDelivery(parts, memory, this.time);
	}

	/** Stores what became of an earlier batch, finds the state to go on from, and emits batch after batch. */
	async follow(source: ChangeSource<Cursor>): Promise<PollReport> {
		this.settleFlight(source);
		// A person who publishes may have mended what made the deliveries fail.
		if (this.settings.activating) this.memory.restUntil = 0;
		if (this.delivery.isResting()) return this.report('resting');
		const begun = await this.begin(source);
		return begun.kind === 'ok' ? await this.drain(source, begun.value) : await this.stopped(source, begun);
	}

	/** Stores what a batch that outlived its poll came to. */
	private settleFlight(source: ChangeSource<Cursor>): void {
		const after = this.delivery.takeSettled();
		if (!after) return;
		const state = this.stored(source);
		if (!state || !sameOrigin(state.identity, after.identity) || state.sequence >= after.sequence) return;
		this.write(this.withHeld(source, after));
	}

	/** The state to go on from; a changed list, object, account or destination starts anew. */
	private async begin(source: ChangeSource<Cursor>): Promise<Result<PollState<Cursor>>> {
		const own = this.stored(source);
		const identified = await source.identify(own?.identity, !this.memory.identified);
		if (identified.kind !== 'ok') return identified;
		this.memory.identified = true;
		const identity = identified.value;
		const others = (this.parts.store.readOthers?.() ?? []).flatMap((stored) => this.read(source, stored) ?? []);
		const { where = {}, again = false } = this.settings;
		const begun = beginFrom({ own, others }, identity, where, again);
		if (begun.note !== undefined) this.parts.log.info(begun.note);
		this.remembers = begun.kind === 'goesOn';
		if (begun.kind === 'goesOn') return { kind: 'ok', value: begun.state };
		const mark = again ? { begunAgain: true } : {};
		return {
			kind: 'ok',
			value: { version: 1, identity, sequence: begun.sequence, ...where, ...mark, beginning: true },
		};
	}

	private stored(source: ChangeSource<Cursor>): PollState<Cursor> | undefined {
		return this.read(source, this.parts.store.read());
	}

	private read(source: ChangeSource<Cursor>, stored: unknown): PollState<Cursor> | undefined {
		return readState(stored, (cursor) => source.readCursor(cursor));
	}

	/** Reads batch after batch, emits each and stores the cursor behind it, until nothing is left or the time is used. */
	private async drain(source: ChangeSource<Cursor>, begun: PollState<Cursor>): Promise<PollReport> {
		const { clock, log } = this.parts;
		const pace = this.pace();
		const batches = new ReadAhead(source, clock);
		let state = begun;
		let expectedMs = 0;
		for (;;) {
			const startedAt = clock.now();
			const deadline = this.moved ? this.time.deliveryDeadline : this.time.deadline;
			if (startedAt + expectedMs > deadline) return this.report('budgetUsed');
			if (this.moved && (await this.parts.isPublished?.()) === false) return this.report('unpublished');
			const read = await batches.take(state.cursor, pace?.room);
			if (read.result.kind !== 'ok') return await this.stopped(source, read.result);
			const { changes, next, more, note } = read.result.value;
			if (note !== undefined) log.warn(note);
			// The sync goes on, and the next pause looks for opt-outs anew.
			state = { ...state, optOuts: undefined };
			if (changes.length === 0) {
				state = { ...state, cursor: next };
				this.write(state);
				this.moved ||= more;
			} else {
				const came = await this.deliver(read.result.value, { source, state, batches, pace, read, expectedMs });
				if ('end' in came) return this.report(came.end);
				state = came.state;
				const growth = pace?.growthOver(changes.length) ?? 1;
				expectedMs = Math.max(FIRST_GUESS_MS, (clock.now() - startedAt) * 1.2 * growth);
			}
			if (!more) return this.report('upToDate');
		}
	}

	/** Emits a batch, waits for its run and stores the cursor behind it. `end`: the poll ends with this batch. */
	private async deliver(
		batch: ChangeBatch<Cursor>,
		{ source, state, batches, pace, read, expectedMs }: Draining<Cursor>,
	): Promise<{ readonly state: PollState<Cursor> } | { readonly end: PollReport['end'] }> {
		const { changes, next, underWay, more, phase } = batch;
		const { beginning, ...rest } = state;
		const sequence = state.sequence + 1;
		const marked = this.delivery.mark(changes, this.markOf(batch, state), this.remembers, read.at);
		const acknowledged = { ...rest, cursor: next, sequence };
		if (!this.settings.acknowledged) {
			// One batch a poll: several emissions of one poll race for the stored cursor.
			this.write(acknowledged);
			this.delivery.emitOnly(marked);
			this.delivered += marked.length;
			return { end: more ? 'budgetUsed' : 'upToDate' };
		}
		this.write(underWay === undefined ? state : { ...state, cursor: underWay });
		const isFirstSync = phase === 'firstSync';
		const twoRunsMs = Math.max(expectedMs, FIRST_GUESS_MS) * 2;
		const isTimeForBoth = this.parts.clock.now() + twoRunsMs < this.time.deliveryDeadline;
		// After the first batch of a beginning the cursor may change, see `withHeld`.
		if (isFirstSync && more && !beginning && isTimeForBoth) batches.begin(next, pace?.room);
		const after = beginning ? { ...acknowledged, beginning } : acknowledged;
		const outcome = await this.delivery.emit(marked, after, (came, runMs) => {
			if (came === 'failed') pace?.failed();
			else pace?.learn({ changes, readMs: read.tookMs, runMs });
		});
		if (outcome === undefined) return { end: 'busy' };
		if (outcome === 'failed') return { end: 'deliveryFailed' };
		this.delivered += marked.length;
		this.moved = true;
		const stored = this.withHeld(source, after);
		this.write(stored);
		return { state: stored };
	}

	/** What the contacts of a batch say of it. */
	private markOf(batch: ChangeBatch<Cursor>, { beginning, sequence }: PollState<Cursor>): Delivery {
		const { changes, phase, members, expected, endsFirstSync } = batch;
		const progress = { contacts: changes.length, members, expected };
		return {
			phase,
			sequence: sequence + 1,
			...(beginning ? { beginning } : {}),
			...(members === undefined ? {} : { members }),
			...(phase === 'firstSync' ? firstSyncProgress(this.memory, progress, this.parts.clock.now()) : {}),
			...(endsFirstSync === true ? { endsFirstSync } : {}),
		};
	}

	/** How large batches are; kept while the process lives and the setting stays. Undefined: as set. */
	private pace(): BatchPace | undefined {
		const { batchSizes } = this.settings;
		if (!batchSizes || isFixed(batchSizes)) return undefined;
		if (this.memory.pace?.isFor(batchSizes) !== true) this.memory.pace = new BatchPace(batchSizes);
		return this.memory.pace;
	}

	/** The state after the first batch of a beginning, with the ids that the destination held by then. */
	private withHeld(source: ChangeSource<Cursor>, { beginning, ...state }: PollState<Cursor>): PollState<Cursor> {
		if (!beginning || state.cursor === undefined) return state;
		const ids = this.parts.heldIds?.();
		if (ids && source.withHeld) return { ...state, cursor: source.withHeld(state.cursor, ids) };
		if (this.parts.heldIds) this.parts.log.warn(NOT_COMPARED);
		return state;
	}

	/**
	 * The end of a poll whose source does not go on. While a quota is used up (HB-19) opt-outs are emitted all the same: they are
	 * no tasks, and a contact that unsubscribed is not to be mailed until the quota renews.
	 */
	private async stopped(source: ChangeSource<Cursor>, failure: Failure): Promise<PollReport> {
		if (failure.code !== 'QUOTA_USED_UP') return this.failed(failure);
		const end = await this.deliverOptOuts(source.unasked ?? source);
		return end ? this.report(end) : this.failed(failure);
	}

	/** One look an hour at most. Undefined: the opt-outs are delivered, or there are none. */
	private async deliverOptOuts(source: ChangeSource<Cursor>): Promise<'busy' | 'deliveryFailed' | undefined> {
		const state = this.stored(source);
		if (!state || isOfCopy(state, this.settings.where ?? {})) return undefined;
		const look = await lookForOptOuts(source, state, this.parts, (seen) => this.write(seen));
		if (!look) return undefined;
		this.remembers = true;
		const sequence = state.sequence + 1;
		const batch = this.delivery.mark(look.changes, { phase: 'live', sequence }, this.remembers, this.parts.clock.now());
		const after = { ...state, sequence, optOuts: look.after };
		if (!this.settings.acknowledged) {
			this.write(after);
			this.delivery.emitOnly(batch);
			this.delivered += batch.length;
			return undefined;
		}
		// The look itself is not stored yet: after a process was killed meanwhile, the next one looks again.
		this.write(state);
		const outcome = await this.delivery.emit(batch, after, () => undefined);
		if (outcome === 'succeeded') {
			this.delivered += batch.length;
			this.write(after);
			return undefined;
		}
		return outcome === undefined ? 'busy' : 'deliveryFailed';
	}

	private write(state: PollState<Cursor>): void {
		this.parts.store.write(state);
	}

	report(end: PollReport['end']): PollReport {
		return { end, delivered: this.delivered, show: false, activating: this.time.sheltered };
	}

	/** After progress nothing is thrown, because a throw could undo it; before a lasting failure only a delivery counts as such. */
	failed(failure: Failure): PollReport {
		const kind = failure.kind === 'retry' ? 'passing' : 'lasting';
		const attendance = this.settings.unattended ? 'unattended' : 'activating';
		const progress = this.moved && (kind === 'passing' || this.delivered > 0);
		const show = !progress && SHOWN[kind][this.time.sheltered ? attendance : 'scheduled'];
		return { end: 'failed', delivered: this.delivered, failure, show, activating: this.time.sheltered };
	}
}

const NOT_COMPARED =
	'The sync began without a memory, and this n8n does not tell the trigger what the destination held: contacts that left the source, or unsubscribed and left it, since an earlier sync stay as they are there';
