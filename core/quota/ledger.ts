import type { Clock } from '../ports';
import { exclusively } from '../resilience/exclusively';
import type { RetryPolicy } from '../resilience/retry';
import { withRetry } from '../resilience/retry';
import type { Failure, Result } from '../result';
import { ok } from '../result';
import type { LedgerRow, NonceCell, RowState } from './ledgerRow';
import { noncesText, readNonces, REMEMBERED_WRITES } from './ledgerRow';
import type { PeriodKind, QuotaPeriod } from './period';
import { lookBackKey, periodAt } from './period';
import type { Decision, QuotaRules, QuotaState } from './reserve';
import { decide, noncesAfter, readState } from './reserve';
import type { DueAlert } from './thresholds';
import { marksText } from './thresholds';
import type { QuotaUsage } from './usage';
import { usageOf } from './usage';

/** The cells of a row that the ledger writes. */
export interface RowChange {
	readonly used: number;
	readonly alerted: string;
	readonly nonce: string;
	/** Absent: stays as it is. */
	readonly limit?: number;
	/** For people. Absent: stays as it is. */
	readonly note?: string;
}

export interface NewRow extends RowChange {
	readonly quota: string;
	readonly period: string;
}

/**
 * Where the tasks of a quota are counted. A `retry` of a write leaves open whether it was carried out, now or later; every
 * other failure means that it was not.
 */
export interface QuotaLedger {
	/** Names the ledger in this process; no secret. */
	readonly key: string;
	/** All rows of the quota whose period is `fromPeriod` or later. */
	find(quota: string, fromPeriod: string): Promise<Result<readonly LedgerRow[]>>;
	insert(row: NewRow): Promise<Result<unknown>>;
	/** Changes the row if its cells `used` and `nonce` still are what was read. Answers how many rows were changed. */
	compareAndSet(row: LedgerRow, change: RowChange): Promise<Result<number>>;
}

export interface LedgerTools {
	readonly clock: Clock;
	/** A new random name for a write, without white space. */
	readonly nonce: () => string;
	readonly random?: () => number;
}

export interface Reservation {
	readonly granted: number;
	readonly over: number;
	/** After the reservation. */
	readonly usage: QuotaUsage;
	/** To be told by whoever made the reservation: nobody else will be asked to. */
	readonly alerts: readonly DueAlert[];
	readonly warnings: readonly string[];
}

export interface QuotaSettings extends QuotaRules {
	readonly period: PeriodKind;
	readonly timeZone: string;
}

/** n8n may be restarting: its API is waited for some seconds, then the run is better off failing and coming back. */
const READING: RetryPolicy = { attempts: 5, firstDelayMs: 500, maxDelayMs: 8_000 };
/** Others were quicker this many times; with random waits in between nobody loses as often. */
const MOST_TRIES = 60;
const SHORTEST_BACKOFF_MS = 40;
const LONGEST_BACKOFF_MS = 1_000;

/** How the quota stands, in one call and without a write: whether it is used up, and until when. */
export async function readUsage(
	ledger: QuotaLedger,
	settings: QuotaSettings,
	{ clock, random }: LedgerTools,
): Promise<Result<{ usage: QuotaUsage; warnings: readonly string[] }>> {
	const now = clock.now();
	const period = periodAt(now, settings.period, settings.timeZone);
	const rows = await withRetry(
		async () => await ledger.find(settings.quota, lookBackKey(period)),
		READING,
		clock,
		random,
	);
	if (rows.kind !== 'ok') return rows;
	const state = readState(rows.value, period, settings.limit);
	return ok({ usage: usageOf(settings.quota, state, period, now), warnings: state.warnings });
}

/**
 * Counts `wanted` tasks, as many of them as the quota allows. Two calls where nobody else writes: one to read, one that
 * writes only if what was read still stands. Two more for the first task of a period. Within this process one reservation
 * of a quota runs at a time.
 */
export async function reserveTasks(
	ledger: QuotaLedger,
	settings: QuotaSettings,
	wanted: number,
	tools: LedgerTools,
): Promise<Result<Reservation>> {
	const run = new ReservationRun(ledger, settings, wanted, tools);
	return await exclusively(`quota:${ledger.key}:${settings.quota}`, async () => await run.run());
}

/** A write whose answer was lost. */
interface LostWrite {
	readonly nonce: string;
	/** The row it was to change, and its nonces. */
	readonly row: number;
	readonly base: readonly string[];
	readonly reservation: Reservation;
}

type Step = { kind: 'done'; reservation: Reservation } | { kind: 'again'; conflict: boolean } | Failure;

const AGAIN = { kind: 'again', conflict: false } as const;
const CONFLICT = { kind: 'again', conflict: true } as const;

class ReservationRun {
	private readonly period: QuotaPeriod;
	private readonly lost: LostWrite[] = [];
	private readonly warnings = new Set<string>();

	constructor(
		private readonly ledger: QuotaLedger,
		private readonly settings: QuotaSettings,
		private readonly wanted: number,
		private readonly tools: LedgerTools,
	) {
		this.period = periodAt(tools.clock.now(), settings.period, settings.timeZone);
	}

	async run(): Promise<Result<Reservation>> {
		const { clock, random = Math.random } = this.tools;
		for (let tries = 0; tries < MOST_TRIES; tries++) {
			const step = await this.step();
			if (step.kind === 'done') return ok(step.reservation);
			if (step.kind !== 'again') return step;
			if (!step.conflict) continue;
			const longest = Math.min(LONGEST_BACKOFF_MS, SHORTEST_BACKOFF_MS * 2 ** Math.min(tries, 10));
			await clock.sleep(Math.ceil(random() * longest));
		}
		return {
			kind: 'retry',
			code: 'LEDGER_BUSY',
			reason: `Too many runs reserve tasks of the quota '${this.settings.quota}' at the same time`,
		};
	}

	/** One look at the ledger and at most one write. */
	private async step(): Promise<Step> {
		const { ledger, settings, period, tools } = this;
		const look = async (): Promise<Result<readonly LedgerRow[]>> =>
			await ledger.find(settings.quota, lookBackKey(period));
		const rows = await withRetry(look, READING, tools.clock, tools.random);
		if (rows.kind !== 'ok') return rows;
		const state = readState(rows.value, period, settings.limit);
		const fate = this.fateOfLostWrites(rows.value);
		if (fate !== undefined) return fate;
		for (const warning of state.warnings) this.warnings.add(warning);
		if (this.wanted > 0 && !state.live) return await this.insert(state);
		if (this.wanted > 0 && state.live && state.duplicate)
			return await this.close(state.duplicate.row, state.live, state.duplicate.isCopy);
		return await this.reserve(state);
	}

	/** The row starts empty and is counted on only once it has been read again: another one may have been made beside it. */
	private async insert({ limit, limitFrom }: QuotaState): Promise<Step> {
		const { settings, period, tools } = this;
		const made = await this.ledger.insert({
			quota: settings.quota,
			period: period.key,
			used: 0,
			alerted: '',
			nonce: tools.nonce(),
			...(limitFrom === 'table' ? { limit } : {}),
		});
		return made.kind === 'ok' ? AGAIN : made.kind === 'retry' ? CONFLICT : made;
	}

	/**
	 * Closes a second row for good, so that whoever knows only that row cannot count on it any more. Its tasks stay in it
	 * until the live row takes them over in one write.
	 */
	private async close({ row, used, marks, nonces }: RowState, live: RowState, isCopy: boolean): Promise<Step> {
		const into = live.row.id;
		const nonce: NonceCell = { ...nonces, recent: [this.tools.nonce(), ...nonces.recent], closedInto: into };
		const closed = await this.ledger.compareAndSet(row, {
			used: isCopy ? 0 : used,
			alerted: marksText(marks),
			nonce: noncesText(nonce),
			note: isCopy ? `A copy of row ${into}; does not count` : `Merged into row ${into}, where its tasks are counted`,
		});
		return closed.kind === 'ok' ? (closed.value > 0 ? AGAIN : CONFLICT) : closed.kind === 'retry' ? CONFLICT : closed;
	}

	private async reserve(state: QuotaState): Promise<Step> {
		const decision = decide(state, this.wanted, this.settings);
		const reservation = this.reservationOf(state, decision);
		const { live } = state;
		// A write that may still arrive late is made void by one that changes the row.
		const mayComeLate = this.lost.length > 0;
		const changes = decision.granted > 0 || decision.alerts.length > 0 || state.toAbsorb.length > 0 || mayComeLate;
		if (!live || this.wanted === 0 || !changes) return { kind: 'done', reservation };
		const nonce = this.tools.nonce();
		const written = await this.ledger.compareAndSet(live.row, {
			used: decision.used,
			alerted: marksText(decision.marks),
			nonce: noncesText(noncesAfter(state, nonce)),
			...(live.limit === undefined && state.limitFrom === 'table' ? { limit: state.limit } : {}),
		});
		if (written.kind === 'ok') return written.value > 0 ? { kind: 'done', reservation } : CONFLICT;
		if (written.kind !== 'retry') return written;
		this.lost.push({ nonce, row: live.row.id, base: live.nonces.recent, reservation });
		return CONFLICT;
	}

	/** Done with, if one of the lost writes stands in the ledger; undefined when each is void or may still come. */
	private fateOfLostWrites(rows: readonly LedgerRow[]): Step | undefined {
		if (this.lost.length === 0) return undefined;
		const current = rows.filter(({ period }) => period === this.period.key);
		const lists = current.map(({ nonce }) => readNonces(nonce).recent);
		const all = new Set(lists.flat());
		for (const { nonce, reservation } of this.lost) if (all.has(nonce)) return { kind: 'done', reservation };
		const unknown = this.lost.some(({ row, base }) => {
			// With a row that somebody deleted, what was counted in it is gone too.
			if (!current.some(({ id }) => id === row)) return false;
			const [newest] = base;
			return newest === undefined ? lists.some((list) => list.length >= REMEMBERED_WRITES) : !all.has(newest);
		});
		if (!unknown) return undefined;
		return {
			kind: 'retry',
			code: 'LEDGER_UNREACHABLE',
			reason: 'Whether tasks were counted is not known: the answer of n8n was lost and too many others wrote since',
		};
	}

	private reservationOf(state: QuotaState, { granted, over, used, alerts }: Decision): Reservation {
		const { settings, period, tools, warnings } = this;
		const usage = usageOf(settings.quota, state, period, tools.clock.now(), used);
		return { granted, over, usage, alerts, warnings: [...warnings] };
	}
}
