import type { CountedDelivery, Delivery } from './countedBatches';
import { afterGrant, alreadyCounted, firstKnown, unitedDeliveries } from './countedBatches';
import type { QuotaPeriod } from './period';
import { isBefore, isPeriodKey } from './period';
import type { LedgerRow, NonceCell, RowState } from './ledgerRow';
import { readRow } from './ledgerRow';
import type { AlertMarks, DueAlert } from './thresholds';
import { dueAlerts, toldUsedUp, unitedMarks } from './thresholds';

/** `finishBatch`: the batch that crosses the limit goes through whole, then nothing. `strict`: never one task over it. */
export type QuotaMode = 'finishBatch' | 'strict';

/** One quota, set alike in every node that uses it. */
export interface QuotaRules {
	readonly quota: string;
	/** Tasks in a period, unless the ledger's row says another number. */
	readonly limit: number;
	readonly mode: QuotaMode;
	/** In percent, ascending. */
	readonly thresholds: readonly number[];
}

/** The ledger's rows of one quota, read as the state of one period. */
export interface QuotaState {
	/** The row that counts: of several, the oldest. */
	readonly live?: RowState;
	/** A second open row of the period, to be closed before anything is reserved. */
	readonly duplicate?: { readonly row: RowState; readonly isCopy: boolean };
	/** Closed rows whose tasks the live row does not hold yet. */
	readonly toAbsorb: readonly RowState[];
	readonly used: number;
	readonly limit: number;
	/** Whose number the limit is. */
	readonly limitFrom: 'table' | 'node';
	readonly marks: AlertMarks;
	/** What was counted for the latest batch of each trigger, in this period or in the one before. */
	readonly deliveries: readonly CountedDelivery[];
	/** The latest earlier period ended with the quota told to be used up. */
	readonly stoppedBefore: boolean;
	/** Since when the period is counted, where that is not since its start. */
	readonly since?: number;
	readonly warnings: readonly string[];
}

/** What the rows of a quota (of this period and earlier ones) say. `nodeLimit` counts where the table names none. */
export function readState(rows: readonly LedgerRow[], period: QuotaPeriod, nodeLimit: number): QuotaState {
	const current = rows.filter((row) => row.period === period.key);
	const states = [...current].sort((a, b) => a.id - b.id).map((row) => readRow(row, nodeLimit));
	const closed = states.filter(({ nonces }) => nonces.closedInto !== undefined);
	const [live, second] = states.filter(({ nonces }) => nonces.closedInto === undefined);
	const before = latestBefore(rows, period, nodeLimit);
	const toAbsorb = closed.filter(({ row }) => !live?.nonces.absorbed.includes(row.id));
	const counting = [...(live ? [live] : []), ...toAbsorb];
	// A second row adds its tasks at once, also before it is closed; a copy made by hand does not.
	const isCopy = live !== undefined && second !== undefined && isCopyOf(second, live);
	const all = second && !isCopy ? [...counting, second] : counting;
	const filled = [...all, ...(live ? [] : before ? [before] : [])].find(({ limit }) => limit !== undefined);
	const limit = filled?.limit ?? nodeLimit;
	return {
		...(live ? { live } : {}),
		...(second ? { duplicate: { row: second, isCopy } } : {}),
		toAbsorb,
		used: all.reduce((sum, { used }) => sum + used, 0),
		limit,
		limitFrom: filled ? 'table' : 'node',
		marks: all.map(({ marks }) => marks).reduce(unitedMarks, { thresholds: [], raisedTo: [], renewed: false }),
		deliveries: firstKnown(
			all.map(({ deliveries }) => deliveries).reduce(unitedDeliveries, []),
			before?.deliveries ?? [],
		),
		stoppedBefore: before !== undefined && toldUsedUp(before.marks),
		...(before || live?.row.createdAt === undefined ? {} : { since: live.row.createdAt }),
		warnings: [
			...all.flatMap(({ warnings }) => warnings),
			...(second ? mergeWarnings(second, live, isCopy) : []),
			...rows.filter((row) => !isPeriodKey(row.period)).map((row) => periodWarning(row, period)),
		],
	};
}

/** A row copied by hand carries the other's writes; rows made at the same moment by two runs have none in common. */
const isCopyOf = (row: RowState, live: RowState): boolean =>
	row.nonces.recent.length > 0 && row.nonces.recent.some((nonce) => live.nonces.recent.includes(nonce));

/** Two rows made at the same moment by two runs are no mistake; rows made by hand are reported. */
function mergeWarnings({ row, used, nonces }: RowState, live: RowState | undefined, isCopy: boolean): string[] {
	if (!isCopy && nonces.recent.length > 0) return [];
	const target = live ? `row ${live.row.id}` : 'another row';
	return [
		isCopy
			? `Row ${row.id} of the quota ledger is a copy of ${target} and does not count.`
			: `Row ${row.id} of the quota ledger is for the same quota and period as ${target}; its ${used} tasks are added there.`,
	];
}

const periodWarning = ({ id }: LedgerRow, { key }: QuotaPeriod): string =>
	`Row ${id} of the quota ledger: the cell 'period' names no month or day, such as ${key}; the row does not count.`;

/** The row of the latest earlier period of the same kind; of several, the oldest. */
function latestBefore(rows: readonly LedgerRow[], period: QuotaPeriod, nodeLimit: number): RowState | undefined {
	const earlier = rows.filter((row) => isBefore(row.period, period));
	const latest = earlier.reduce((key, row) => (row.period > key ? row.period : key), '');
	return earlier
		.filter((row) => row.period === latest)
		.sort((a, b) => a.id - b.id)
		.map((row) => readRow(row, nodeLimit))
		.find(({ nonces }) => nonces.closedInto === undefined);
}

/** What a reservation is for. */
export interface ReservationRequest {
	/** A whole number from 0. */
	readonly tasks: number;
	/** The batch they belong to; absent: every task is counted. */
	readonly delivery?: Delivery;
}

/** What becomes of the tasks of a request. */
export interface Decision {
	readonly granted: number;
	readonly over: number;
	/** Of those granted, tasks that were counted before. */
	readonly already: number;
	readonly used: number;
	readonly marks: AlertMarks;
	readonly deliveries: readonly CountedDelivery[];
	readonly alerts: readonly DueAlert[];
}

/** Decides in one place for all modes; pure. No tasks wanted: nothing changes and nothing is told. */
export function decide(
	state: QuotaState,
	{ tasks, delivery }: ReservationRequest,
	{ mode, thresholds }: QuotaRules,
): Decision {
	const { used: usedBefore, limit, marks, stoppedBefore, deliveries } = state;
	const already = delivery ? alreadyCounted(delivery, deliveries, tasks) : 0;
	const asked = tasks - already;
	const left = Math.max(0, limit - usedBefore);
	const counted = mode === 'strict' ? Math.min(asked, left) : left > 0 ? asked : 0;
	const granted = already + counted;
	const used = usedBefore + counted;
	const told =
		tasks > 0
			? dueAlerts({ marks, usedBefore, used, limit, thresholds, stoppedBefore })
			: { alerts: [] as DueAlert[], marks };
	return {
		granted,
		over: tasks - granted,
		already,
		used,
		deliveries: delivery && granted > 0 ? afterGrant(delivery, deliveries, { already, granted }) : deliveries,
		...told,
	};
}

/** The nonces of the live row once a write with `nonce` went through. */
export function noncesAfter({ live, toAbsorb }: QuotaState, nonce: string): NonceCell {
	const closed = toAbsorb.map(({ nonces }) => nonces);
	return {
		recent: [nonce, ...(live?.nonces.recent ?? []), ...closed.flatMap(({ recent }) => recent)],
		absorbed: [
			...(live?.nonces.absorbed ?? []),
			...toAbsorb.map(({ row }) => row.id),
			...closed.flatMap(({ absorbed }) => absorbed),
		],
	};
}
