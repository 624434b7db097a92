import type { Columns } from '../recognise/columns';
import type { Layout } from '../recognise/layout';
import { hasWords, remembered, wordForm } from '../recognise/headerForm';
import { saysYes } from '../recognise/statusWords';
import { instantOf } from './dates';

/**
 * How good the evidence of a consent is (F12). `confirmed`: the address was confirmed; `single`: a form was filled in; `imported`: the owner
 * of the account added the contact; `none`: nothing is said.
 */
export type Grade = 'confirmed' | 'single' | 'imported' | 'none';

/** The worst first. */
export const GRADES: readonly Grade[] = ['none', 'imported', 'single', 'confirmed'];

export const isAtLeast = (grade: Grade, least: Grade): boolean => GRADES.indexOf(grade) >= GRADES.indexOf(least);

/** Sources that are no form: `List Import from File`, `Added by you`. */
const IMPORTED = [
	'import',
	'imported',
	'importe',
	'importiert',
	'upload',
	'uploaded',
	'csv',
	'file',
	'added by',
	'copy paste',
	'admin add',
];
/** A server of its own signed the contact up, not a browser. */
const OWN_MACHINE = /^(?:127\.|10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|::1$|0\.0\.0\.0$)/;
const IP = /^(?:\d{1,3}(?:\.\d{1,3}){3}|[\da-f:]*:[\da-f:.]+)$/i;

/** What a column tells of where a contact came from. */
type Source = 'imported' | 'form' | 'contact' | 'other';

const sourceOf = remembered((text): Source => {
	const form = wordForm(text);
	if (IMPORTED.some((words) => hasWords(form, words)) || form === 'account') return 'imported';
	if (form === 'contact') return 'contact';
	return hasWords(form, 'form') ? 'form' : 'other';
});

type CellOf = (form: string) => string;

/** The grade of a subscribed contact. */
export function gradeOf(layout: Layout, cells: readonly string[], permission: string): Grade {
	const { columns } = layout;
	const cellOf: CellOf = (form) => cells[columns.at.get(form) ?? -1]?.trim() ?? '';
	const source = sourceOf(cellOf('source') || cellOf('opt in source') || cellOf('email update source'));
	if (source === 'imported') return 'imported';
	if (permission === 'implied' || permission === 'implicit') return 'imported';
	if (layout.vendor === 'mailchimp') return mailchimpGrade(cellOf, source);
	if (columns.optIns.some(({ index, double }) => double && saysYes(cells[index] ?? ''))) return 'confirmed';
	const hasSingle =
		columns.optIns.some(({ index }) => saysYes(cells[index] ?? '')) ||
		columns.times.consent.some((index) => instantOf(cells[index] ?? '') !== undefined) ||
		(permission !== '' && ['express', 'explicit'].includes(permission)) ||
		source === 'contact' ||
		source === 'form';
	return hasSingle ? 'single' : 'none';
}

/** Mailchimp sets CONFIRM_TIME for imports too; what a form leaves behind is an address on the internet. */
function mailchimpGrade(cellOf: CellOf, source: Source): Grade {
	const ips = [cellOf('optin ip'), cellOf('confirm ip')].filter((ip) => IP.test(ip));
	if (ips.some((ip) => OWN_MACHINE.test(ip))) return 'imported';
	const [optIn, confirm] = [cellOf('optin time'), cellOf('confirm time')];
	if (ips.length === 2 && optIn !== '' && confirm !== '' && optIn !== confirm) return 'confirmed';
	if (ips.length > 0 || source === 'form') return 'single';
	return optIn !== '' || confirm !== '' ? 'imported' : 'none';
}

/** When it was, in ms since 1970, and the index of the column that says so. */
export interface ConsentTime {
	readonly at: number;
	readonly timeColumn: number;
}

/** The first of these columns that holds an instant. */
export function timeIn(
	layout: Layout,
	cells: readonly string[],
	kinds: readonly (keyof Columns['times'])[],
): ConsentTime | undefined {
	for (const kind of kinds) {
		for (const index of layout.columns.times[kind]) {
			const at = instantOf(cells[index] ?? '');
			if (at !== undefined) return { at, timeColumn: index };
		}
	}
	return undefined;
}

/** Whether a cell is of the kind that its column has; an empty one is. */
export function fitsKind(value: string, kind: Columns['kinds'][number]['kind']): boolean {
	if (value === '') return true;
	const cell = value.trim();
	if (cell === '' || cell === '#N/A') return true;
	// A day that a spreadsheet program has written anew still has digits only.
	if (kind === 'instant') return /^\d[\d\-/. :TZ+]*(?:UTC|[AP]M)?$/i.test(cell) && cell.length >= 6;
	// Some exports hold times in the columns of addresses.
	if (kind === 'ip') return IP.test(cell) || /^\d{4}-\d\d-\d\d/.test(cell);
	return /^[+-]?\d+(?:[.,]\d+)?(?:e\+?\d+)?$/i.test(cell);
}
