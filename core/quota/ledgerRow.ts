import { storedNumber } from '../plainNumber';
import type { CountedDelivery } from './countedBatches';
import { readDeliveries } from './countedBatches';
import type { AlertMarks } from './thresholds';
import { readMarks } from './thresholds';
import { idTextOf } from '../json';

/** One row of the ledger as it is stored. People edit these cells, so anything may stand in them. */
export interface LedgerRow {
	readonly id: number;
	readonly period: string;
	readonly used: unknown;
	/** Filled: counts instead of the limit in the node. */
	readonly limit: unknown;
	readonly alerted: unknown;
	readonly nonce: unknown;
	readonly deliveries: unknown;
	/** When the row was made, in ms since 1970. */
	readonly createdAt?: number;
}

/**
 * The cell `nonce`: which writes made the row what it is, newest first. By them a write whose answer was lost is found
 * again. `=5` says that the row was closed in favour of row 5, `+6` that row 6 is counted in.
 */
export interface NonceCell {
	readonly recent: readonly string[];
	readonly absorbed: readonly number[];
	readonly closedInto?: number;
}

/** Writes that are remembered; only more others between a lost write and the look at its fate would leave it unknown. */
export const REMEMBERED_WRITES = 40;

export function readNonces(cell: unknown): NonceCell {
	const recent: string[] = [];
	const absorbed: number[] = [];
	let closedInto: number | undefined;
	for (const token of typeof cell === 'string' ? cell.split(/\s+/) : []) {
		if (/^\+\d+$/.test(token)) absorbed.push(Number(token.slice(1)));
		else if (/^=\d+$/.test(token)) closedInto = Number(token.slice(1));
		else if (token !== '') recent.push(token);
	}
	return { recent, absorbed, ...(closedInto === undefined ? {} : { closedInto }) };
}

export const noncesText = ({ recent, absorbed, closedInto }: NonceCell): string =>
	[
		...(closedInto === undefined ? [] : [`=${closedInto}`]),
		...[...new Set(recent)].slice(0, REMEMBERED_WRITES),
		...[...new Set(absorbed)].map((id) => `+${id}`),
	].join(' ');

/** What a row means. */
export interface RowState {
	readonly row: LedgerRow;
	readonly used: number;
	readonly limit?: number;
	readonly marks: AlertMarks;
	readonly nonces: NonceCell;
	/** The latest first. */
	readonly deliveries: readonly CountedDelivery[];
	/** What a person should put right, one sentence each. */
	readonly warnings: readonly string[];
}

/** Largest count that is still exact. */
const MOST = Number.MAX_SAFE_INTEGER;

/** Reads a row's cells sensibly: what means nothing counts as 0, as no limit or as nothing told, and is said. */
export function readRow(row: LedgerRow, nodeLimit: number): RowState {
	const warnings: string[] = [];
	const about = (column: string, what: string): void =>
		void warnings.push(`Row ${row.id} of the quota ledger: the cell '${column}' ${what}.`);
	const used = readUsed(row.used, about);
	const limit = readLimit(row.limit, about);
	const { marks, unread } = readMarks(idTextOf(row.alerted), limit ?? nodeLimit);
	if (unread.length > 0) about('alerted', 'holds words that mean nothing here; they are dropped');
	const { deliveries, strange } = readDeliveries(row.deliveries);
	if (strange) about('deliveries', 'was changed by hand; what cannot be read is dropped, and may be counted again');
	const nonces = readNonces(row.nonce);
	return { row, used, ...(limit === undefined ? {} : { limit }), marks, nonces, deliveries, warnings };
}

type Complaint = (column: string, what: string) => void;

function readUsed(cell: unknown, about: Complaint): number {
	const number = numberOf(cell);
	if (number === undefined) about('used', isEmpty(cell) ? 'is empty and counts as 0' : 'is no number and counts as 0');
	else if (number < 0) about('used', 'is negative and counts as 0');
	else if (!Number.isInteger(number)) about('used', 'is not a whole number and is rounded up');
	return Math.min(MOST, Math.max(0, Math.ceil(number ?? 0)));
}

function readLimit(cell: unknown, about: Complaint): number | undefined {
	if (isEmpty(cell)) return undefined;
	const number = numberOf(cell);
	if (number === undefined || number < 0) {
		about('limit', `is ${number === undefined ? 'no number' : 'negative'}; the limit of the node counts`);
		return undefined;
	}
	if (!Number.isInteger(number)) about('limit', 'is not a whole number and is rounded down');
	return Math.min(MOST, Math.floor(number));
}

/** Numbers typed into a text column are numbers too. */
const numberOf = (cell: unknown): number | undefined => storedNumber(cell);

const isEmpty = (cell: unknown): boolean => cell === null || cell === undefined || cell === '';
