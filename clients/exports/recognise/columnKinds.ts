import type { ColumnKind } from './columns';

export const IP = /^(?:\d{1,3}(?:\.\d{1,3}){3}|[\da-f:]*:[\da-f:.]+)$/i;

/** Whether a cell is of the kind that its column has; an empty one is. */
export function fitsKind(value: string, kind: ColumnKind): boolean {
	if (value === '') return true;
	const cell = value.trim();
	if (cell === '' || cell === '#N/A') return true;
	// A day that a spreadsheet program has written anew still has digits only.
	// So is a serial of Excel, and so are the crosses that it saves where a column is too narrow.
	if (kind === 'instant' && /^(?:\d{5}(?:\.\d+)?|#+|[a-z]{3,9}\.? \d[\w ,:]+|\d{1,2}:\d\d\.\d)$/i.test(cell))
		return true;
	if (kind === 'instant') return /^\d[\d\-/. :TZ+]*(?:UTC|[AP]M)?$/i.test(cell) && cell.length >= 6;
	// Some exports hold times in the columns of addresses.
	if (kind === 'ip') return IP.test(cell) || /^\d{4}-\d\d-\d\d/.test(cell);
	return /^[+-]?\d+(?:[.,]\d+)?(?:e\+?\d+)?$/i.test(cell);
}
