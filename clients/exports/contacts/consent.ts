import type { Columns } from '../recognise/columns';
import type { Layout } from '../recognise/layout';
import { IP } from '../recognise/columnKinds';
import { hasWords, phrasesIn, remembered, wordForm } from '../recognise/headerForm';
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
const OWN_MACHINE =
	/^(?:::ffff:)?(?:127\.|10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|169\.254\.|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.|0\.0\.0\.0$)|^(?:::1$|fe80:|f[cd][\da-f]{2}:)/i;

/** What a column tells of where a contact came from. */
type Source = 'imported' | 'form' | 'contact' | 'other';

const sourceOf = remembered((text): Source => {
	const form = wordForm(text);
	if (IMPORTED.some((words) => hasWords(form, words)) || form === 'account') return 'imported';
	if (form === 'contact') return 'contact';
	return hasWords(form, 'form') ? 'form' : 'other';
});

/** Constant Contact's permissions, in the languages of its accounts. */
const IMPLIED: ReadonlySet<string> = new Set(
	phrasesIn('implied, implicit, implicite, implizit, implicito, implicita, stillschweigend, tacite'),
);
const EXPRESS: ReadonlySet<string> = new Set(
	phrasesIn('express, expresse, explicit, explicite, explizit, ausdrucklich, esplicito, esplicita, espresso, espressa'),
);

type CellOf = (form: string) => string;

/** The grade of a subscribed contact. */
export function gradeOf(layout: Layout, cells: readonly string[], permission: string): Grade {
	const { columns } = layout;
	const cellOf: CellOf = (form) => cells[columns.at.get(form) ?? -1]?.trim() ?? '';
	const source = sourceOf(cellOf('source') || cellOf('opt in source') || cellOf('email update source'));
	if (source === 'imported') return 'imported';
	if (IMPLIED.has(permission)) return 'imported';
	if (layout.vendor === 'mailchimp') return mailchimpGrade(cellOf, source);
	if (columns.optIns.some(({ index, double }) => double && saysYes(cells[index] ?? ''))) return 'confirmed';
	const hasSingle =
		columns.optIns.some(({ index }) => saysYes(cells[index] ?? '')) ||
		columns.times.consent.some((index) => instantOf(cells[index] ?? '') !== undefined) ||
		EXPRESS.has(permission) ||
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
