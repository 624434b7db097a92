import { exclusively } from '../calls/exclusively';
import type { Clock } from '../ports';
import type { Failure, Result } from '../result';
import { ok } from '../result';
import type { HeadCells, HeadRow, HealthBook } from './healthBook';
import type { DayCounts, HealthBatch, HealthState } from './healthState';
import { afterBatch, beginning, countsOf } from './healthState';
import type { ProcessMemory, SyncMemory } from './processMemory';
import { keepForLater } from './processMemory';
import type { StoredState } from './stateCell';
import { readStateText, stateText } from './stateCell';
import { RowKeeper } from './rowKeeper';
import type { Statement } from './statement';
import type { KeptDetails } from './troubleRows';

export interface RecordTools {
	readonly clock: Clock;
	/** A new random name for a write. */
	readonly nonce: () => string;
	readonly random?: () => number;
	/** The mark of an address, see `addressMark`; undefined: none is kept. */
	readonly markOf: (address: string) => string | undefined;
}

export interface Recorded {
	readonly counts: DayCounts;
	/** Notices, one sentence each. */
	readonly notes: readonly string[];
}

/** Attempts that may lose against other processes. */
const MOST_TRIES = 20;
const LONGEST_BACKOFF_MS = 200;
/** Calls without an answer in one recording; after them it is left to a later one. */
const MOST_UNANSWERED = 3;
/** After that nothing is called for a while, so that an API that hangs holds no batch up. */
const REST_MS = 60_000;

/**
 * Records what a batch says. One call where this process wrote last and nothing changed but counts, two where contacts came or went. The
 * state of a sync is one cell, changed only if it still is what was read, so counts are exact however many processes record; the rows of
 * contacts follow it. What cannot be recorded now is recorded with the next batch of this process. Within this process one recording of a
 * sync runs at a time.
 */
export async function recordBatch(
	memory: ProcessMemory,
	book: HealthBook,
	sync: string,
	batch: HealthBatch,
	tools: RecordTools,
	keeps: KeptDetails,
): Promise<Result<Recorded>> {
	return await exclusively(`health:${book.key}:${sync}`, async () => {
		const mine = memory.of(book.key, sync);
		keepForLater(mine, batch);
		const { restUntil, restReason } = mine;
		if (restReason !== undefined && batch.at < restUntil && restUntil - batch.at <= REST_MS) return restReason;
		return await new Recording(mine, book, sync, tools, keeps).run();
	});
}

interface LostWrite {
	readonly nonce: string;
	readonly base: HealthState;
	readonly state: HealthState;
}

interface Written {
	/** What the state was before. */
	readonly base: HealthState;
	readonly state: HealthState;
	/** How the sync stands by now, where another process has gone on from `state`. */
	readonly since?: HealthState;
}

class Recording {
	private readonly notes: string[] = [];
	private readonly lost: LostWrite[] = [];
	private unanswered = 0;

	constructor(
		private readonly memory: SyncMemory,
		private readonly book: HealthBook,
		private readonly sync: string,
		private readonly tools: RecordTools,
		private readonly keeps: KeptDetails,
	) {}

	async run(): Promise<Result<Recorded>> {
		const written = await this.write();
		if (written.kind !== 'ok') {
			const rests = written.kind === 'retry';
			this.memory.restUntil = rests ? this.tools.clock.now() + REST_MS : 0;
			this.memory.restReason = rests ? written : undefined;
			return written;
		}
		this.memory.restReason = undefined;
		const { base, state, since = state } = written.value;
		const told = new Map<string, Statement>(
			this.memory.backlog.flatMap(({ statements }) => statements.map((one) => [one.key, one] as const)),
		);
		this.memory.backlog.length = 0;
		if (this.memory.dropped > 0) {
			this.notes.push(
				`n8n's API did not answer for so long that ${this.memory.dropped} executions could not be kept in mind; their contacts show again when they are delivered again.`,
			);
			this.memory.dropped = 0;
		}
		const keeper = new RowKeeper(this.memory, this.book, this.sync, this.keeps);
		this.notes.push(...(await keeper.follow({ base, state: this.memory.rowsKnown ? state : since, told })));
		if (state.overflow > 0) {
			this.notes.push(
				`More contacts are not in sync than Sync Health keeps; ${state.overflow} of them are counted only. Mend the commonest cause first.`,
			);
		}
		return ok({ counts: countsOf(since), notes: this.notes });
	}

	/** The new state, written on top of the newest one. */
	private async write(): Promise<Result<Written>> {
		const { clock, random = Math.random } = this.tools;
		let failure: Failure | undefined;
		for (let tries = 0; tries < MOST_TRIES; tries++) {
			const step = await this.step();
			if (step.kind === 'ok') {
				if (step.value !== undefined) return ok(step.value);
				await clock.sleep(Math.ceil(random() * LONGEST_BACKOFF_MS));
				continue;
			}
			failure = step;
			this.memory.head = undefined;
			if (step.kind !== 'retry') return step;
			this.unanswered += 1;
			if (this.unanswered >= MOST_UNANSWERED) return step;
		}
		return failure ?? BUSY;
	}

	/** One look, where none is remembered, and one write. Undefined: another process was quicker. */
	private async step(): Promise<Result<Written | undefined>> {
		const found = this.memory.head ? ok(this.memory.head) : await this.load();
		if (found.kind !== 'ok') return found;
		const head = found.value;
		if (head === undefined) return ok(undefined);
		const done = this.lost.find(({ nonce }) => head.stored.recent.includes(nonce));
		if (done !== undefined) {
			const since = head.stored.state;
			// What the rows of another process's batch are is not known here.
			if (head.stored.recent[0] !== done.nonce) this.memory.rowsKnown = false;
			return ok({ base: done.base, state: done.state, since });
		}
		const base = head.stored.state;
		const ended = base.ended.filter(({ day }) => !this.memory.storedDays.has(day));
		const { backlog } = this.memory;
		// What waited while another process recorded is older than what that one wrote of the same contacts.
		const inTime = backlog.filter((batch, index) => index === backlog.length - 1 || batch.at >= base.at);
		let state: HealthState = { ...base, ended };
		for (const batch of inTime) state = afterBatch(state, batch, this.tools.markOf);
		const nonce = this.tools.nonce();
		const recent = [nonce, ...head.stored.recent];
		const cells = cellsOf(state, nonce, recent);
		const changed = await this.book.compareAndSet(head.row, cells);
		if (changed.kind === 'retry') this.lost.push({ nonce, base, state });
		if (changed.kind !== 'ok') return changed;
		if (changed.value === 0) {
			this.memory.head = undefined;
			return ok(undefined);
		}
		this.memory.dropped += backlog.length - inTime.length;
		this.memory.storedDays.clear();
		this.memory.head = {
			row: { ...head.row, nonce: cells.nonce, state: cells.state },
			stored: { state, recent },
		};
		return ok({ base, state });
	}

	/** Reads the state of the sync; makes its row where there is none. Undefined: it was made just now, and is to be read again. */
	private async load(): Promise<Result<{ row: HeadRow; stored: StoredState } | undefined>> {
		const heads = await this.book.heads(this.sync);
		if (heads.kind !== 'ok') return heads;
		const [row, ...others] = heads.value;
		const now = this.memory.backlog[0];
		const fresh = beginning(now?.at ?? this.tools.clock.now(), now?.day ?? '');
		if (row === undefined) {
			const nonce = this.tools.nonce();
			const made = await this.book.insertHead(this.sync, cellsOf(fresh, nonce, [nonce]));
			return made.kind === 'ok' ? ok(undefined) : made;
		}
		const read = readStateText(row.state);
		if (read === undefined) {
			this.notes.push(
				`The cell 'state' of the sync '${this.sync}' was changed by hand, so its contacts are recorded anew; those in trouble show again when they are delivered again.`,
			);
		}
		const stored = others.reduce(united, read ?? { state: fresh, recent: [] });
		if (others.length > 0) {
			// Two processes that recorded the very first batch at the same moment made two rows: the older one counts.
			const removed = await this.book.deleteHeads(others.map(({ id }) => id));
			if (removed.kind !== 'ok') return removed;
		}
		const head = { row, stored };
		this.memory.head = head;
		return ok(head);
	}
}

function united({ state, recent }: StoredState, { state: cell }: HeadRow): StoredState {
	const other = readStateText(cell);
	if (other === undefined) return { state, recent };
	const troubles = new Map([...other.state.troubles, ...state.troubles]);
	return {
		state: {
			...state,
			troubles,
			writes: state.writes + other.state.writes,
			calls: state.calls + other.state.calls,
		},
		recent: [...recent, ...other.recent],
	};
}

const cellsOf = (state: HealthState, nonce: string, recent: readonly string[]): HeadCells => ({
	counts: countsOf(state),
	lastBatch: new Date(state.at).toISOString(),
	nonce,
	state: stateText(state, recent),
});

const BUSY: Failure = {
	kind: 'retry',
	code: 'LEDGER_BUSY',
	reason: 'Too many processes record the health of this sync at the same moment',
};
