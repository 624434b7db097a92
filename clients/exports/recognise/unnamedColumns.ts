import type { TableRow } from '../files/table';
import { looksLikeAddress } from './headerForm';

/** Rows that are looked at together: the addresses of a table may all stand below many rows of something else. */
const WINDOW = 200;

/** Whether rows are of contacts although no column of them holds addresses only: in many that stand together a cell has one among other words. */
export function holdsAddresses(rows: readonly TableRow[], isBeginning = true): boolean {
	for (let at = 0; at < rows.length; at += WINDOW) {
		const some = rows.slice(at, at + WINDOW).filter((row) => row.kind === 'cells');
		const withAddress = some.filter(({ cells }) => cells.some((cell) => looksLikeAddress(cell) || INSIDE.test(cell)));
		const least = isBeginning && at === 0 ? 3 : 10;
		if (withAddress.length >= least && withAddress.length > some.length * 0.3) return true;
	}
	return false;
}

const INSIDE = /[^\s@]@[^\s@.]+\.[^\s@]/;

/** MD5, SHA-1, SHA-256 and the like in the place of the address of many rows: in these columns, or in any where none is of addresses. */
export function holdsHashes(sample: readonly TableRow[], columns?: readonly number[]): boolean {
	const rows = sample.filter((row) => row.kind === 'cells');
	const isHashed = (cells: readonly string[]): boolean =>
		columns ? columns.some((index) => HASH.test(cells[index] ?? '')) : cells.some((cell) => HASH.test(cell));
	return rows.filter(({ cells }) => isHashed(cells)).length > rows.length * 0.4;
}

const HASH =
	/^\s*(?:0x)?(?:[\da-f]{32}|[\da-f]{40}|[\da-f]{56}|[\da-f]{64}|[\da-f]{96}|[\da-f]{128}|[\w+/-]{22}==|[\w+/-]{27}=|[\w+/-]{43}=|[\w+/-]{86}==)\s*$/i;
