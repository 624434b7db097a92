import type { TableRow } from '../files/table';
import { looksLikeAddress } from './headerForm';

/** Whether a table is one of contacts although no column of it holds addresses only: in many rows a cell has one among other words. */
export function holdsAddresses(sample: readonly TableRow[]): boolean {
	const rows = sample.filter((row) => row.kind === 'cells');
	const withAddress = rows.filter(({ cells }) => cells.some((cell) => looksLikeAddress(cell) || INSIDE.test(cell)));
	return withAddress.length > 2 && withAddress.length > rows.length * 0.3;
}

const INSIDE = /[^\s@]@[^\s@.]+\.[^\s@]/;

/** MD5, SHA-1 or SHA-256 in the first cell of many rows. */
export function holdsHashes(sample: readonly TableRow[]): boolean {
	const rows = sample.filter((row) => row.kind === 'cells');
	return rows.filter(({ cells }) => HASH.test(cells[0] ?? '')).length > rows.length * 0.4;
}

const HASH = /^\s*(?:[\da-f]{32}|[\da-f]{40}|[\da-f]{64})\s*$/i;
