import { exclusively } from '../calls/exclusively';
import type { Failure, Result } from '../result';
import { ok } from '../result';
import { deliveriesText } from './countedBatches';
import type { LedgerTools, QuotaLedger, QuotaSettings } from './ledger';
import { lookUp } from './ledger';
import type { LedgerRow, NonceCell, RowState } from './ledgerRow';
import { noncesText, readNonces, REMEMBERED_WRITES } from './ledgerRow';
import type { QuotaPeriod } from './period';
import { periodAt } from './period';
import type { Decision, QuotaState, ReservationRequest } from './reserve';
import { decide, noncesAfter, readState } from './reserve';
import type { DueAlert } from './thresholds';
import { marksText } from './thresholds';
import type { QuotaUsage } from './usage';
import { usageOf } from './usage';

/** What came of a request; `granted` and `over` are its tasks. */
export interface Reservation {
	/** May go on, with those of `already`. */
	readonly granted: number;
	readonly over: number;
	/** Of those granted: were counted when the batch was delivered before, and are not counted again. */
	readonly already: number;
	/** After the reservation. */
	readonly usage: QuotaUsage;
	/** Alerts to send with this reservation: no other one will carry them. */
	readonly alerts: readonly DueAlert[];
	readonly warnings: readonly string[];
}

/** Attempts that may lose against other writers; with random waits in between none loses as often. */
const MOST_TRIES = 60;
const SHORTEST_BACKOFF_MS = 40;
const LONGEST_BACKOFF_MS = 1_000;

/**
 * Counts tasks, as many of them as the quota allows, and each batch of a trigger once, however often it is delivered. Two calls where there is no other writer: one to read, one that
 * writes only if what was read still stands. Two more for the first task of a period. Within this process one reservation
 * of a quota runs at a time.
 */
export async function reserveTasks(
	ledger: QuotaLedger,
	settings: QuotaSettings,
	request: ReservationRequest,
	tools: LedgerTools,
): Promise<Result<Reservation>> {
	const reserve = async (): Promise<Result<Reservation>> =>
		await new ReservationRun(ledger, settings, request, tools).run();
	return await exclusively(`quota:${ledger.key}:${settings.quota}`, reserve);
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
		private readonly request: ReservationRequest,
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
		const rows = await lookUp(ledger, settings.quota, period, tools);
		if (rows.kind !== 'ok') return rows;
		const state = readState(rows.value, period, settings.limit);
		const fate = this.fateOfLostWrites(rows.value);
		if (fate !== undefined) return fate;
		for (const warning of state.warnings) this.warnings.add(warning);
		const { live, duplicate } = state;
		if (this.request.tasks === 0) return { kind: 'done', reservation: this.reservationOf(state) };
		if (!live) return await this.insert(state);
		return duplicate ? await this.close(duplicate.row, live, duplicate.isCopy) : await this.reserve(state, live);
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
			deliveries: '',
			...(limitFrom === 'table' ? { limit } : {}),
		});
		return made.kind === 'ok' ? AGAIN : made.kind === 'retry' ? CONFLICT : made;
	}

	/**
	 * Closes a second row for good, so that a process that knows only that row cannot count on it any more. Its tasks stay in it
	 * until the live row takes them over in one write.
	 */
	private async close({ row, used, marks, nonces }: RowState, live: RowState, isCopy: boolean): Promise<Step> {
		const into = live.row.id;
		const nonce: NonceCell = { ...nonces, recent: [this.tools.nonce(), ...nonces.recent], closedInto: into };
		const closed = await this.ledger.compareAndSet(row, {
			used: isCopy ? 0 : used,
			...(isCopy ? { deliveries: '' } : {}),
			alerted: marksText(marks),
			nonce: noncesText(nonce),
			note: isCopy ? `A copy of row ${into}; does not count` : `Merged into row ${into}, where its tasks are counted`,
		});
		return closed.kind === 'ok' ? (closed.value > 0 ? AGAIN : CONFLICT) : closed.kind === 'retry' ? CONFLICT : closed;
	}

	private async reserve(state: QuotaState, live: RowState): Promise<Step> {
		const decision = this.decide(state);
		const reservation = this.reservationOf(state, decision);
		// A write that may still arrive late is made void by one that changes the row.
		const mayComeLate = this.lost.length > 0;
		const changes = decision.granted > 0 || decision.alerts.length > 0 || state.toAbsorb.length > 0 || mayComeLate;
		if (!changes) return { kind: 'done', reservation };
		const nonce = this.tools.nonce();
		const written = await this.ledger.compareAndSet(live.row, {
			used: decision.used,
			alerted: marksText(decision.marks),
			nonce: noncesText(noncesAfter(state, nonce)),
			deliveries: deliveriesText(decision.deliveries),
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
			// With a row that was deleted by hand, what was counted in it is gone too.
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

	private decide(state: QuotaState): Decision {
		return decide(state, this.request, this.settings);
	}

	private reservationOf(state: QuotaState, decision = this.decide(state)): Reservation {
		const { settings, period, tools, warnings } = this;
		const { granted, over, already, used, alerts } = decision;
		const usage = usageOf(settings.quota, state, period, tools.clock.now(), used);
		return { granted, over, already, usage, alerts, warnings: [...warnings] };
	}
}
