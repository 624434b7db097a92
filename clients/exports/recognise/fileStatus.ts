import type { TableNames } from '../files/table';
import { hasWords, wordForm } from './headerForm';
import { isEnd } from './headers';
import { refusesMail } from './words/refusals';
import type { Standing } from './statusWords';
import { hasEnded, stricter, strictWordsIn } from './statusWords';
import type { Vendor } from './vendor';

/** A status that the name of a file tells. `word`: as Mailchimp calls it. */
export interface NameStatus {
	readonly standing: Standing;
	readonly word: string;
}

/** As a word of its own, with no word before it that turns it round. */
const AGREED = /(?<!\b(?:un|non|not|never|no|de|ex|pre|nie|nicht|pas|mai) )\bsubscribed\b/;
/** Words that may turn it round wherever they stand before it, and behind it. */
const TURNED =
	/\b(?:un|dis|half|semi|wrong|non|not|never|no|ex|pre|nie|nicht|kein|pas|mai|previously|formerly|former|once|was|were|been|to be|and|or|und|oder|et|ou|old|ehemals|ancien|anciens|without|except|ohne|sans|senza)\b.*\bsubscribed\b|\bsubscribed\b.*\b(?:until|before|except|without|no|not|nicht|yet|old|ex|former|archive|bad|remove|delete|sms)\b/;

/** How the names of Mailchimp's files begin. Each is looked for as a word, so that none is found inside another. */
const BEGINNINGS: ReadonlyArray<readonly [begins: RegExp, standing: Standing, word: string]> = [
	[/^unsubscribed\b/, 'optedOut', 'unsubscribed'],
	[/^cleaned\b/, 'bounced', 'cleaned'],
	[/^non ?subscribed\b/, 'noConsent', 'nonsubscribed'],
	[/^not subscribed\b/, 'noConsent', 'nonsubscribed'],
	[/^archived\b/, 'noConsent', 'archived'],
	[/^sms only\b/, 'noConsent', 'sms only'],
	[/^pending\b/, 'noConsent', 'pending'],
];

/** Words that leave out what is named behind them. */
const EXCEPT = /\b(?:without|no|excl|excluding|except|minus|ohne|sans|senza|hors)\b/;

/** Days and copies, as in `removed 2024-05-01 (2)`. */
const NUMBERS = /(?:^| )\d+(?= |$)/g;

/** Words of a name that mean no consent, wherever they stand. */
const NO_CONSENT = [
	'nonsubscribed',
	'non subscribed',
	'not subscribed',
	'archived',
	'pending',
	'transactional',
	'awaiting confirmation',
	'inactive',
	'unconfirmed',
	'non marketing',
	'no consent',
	'without consent',
	'no permission',
	'without permission',
	'not opted in',
	'no opt in',
	'without opt in',
	'ohne opt in',
	'non subscribers',
	'nonsubscribers',
	'ex subscribers',
	'former subscribers',
	'keine einwilligung',
	'ohne einwilligung',
	'sans consentement',
	'senza consenso',
	'sin consentimiento',
	'sem consentimento',
];

/**
 * What the name of a file says of all of its contacts, and the names of its sheet and of the folders in its archive. Words that forbid mail count
 * in any file. `subscribed` counts in Mailchimp's only, which have no column that says it; other tools export each status under names that people
 * choose.
 */
export function nameStatusOf(name: TableNames, vendor: Vendor): NameStatus | undefined {
	const said = [name.file, name.sheet, ...name.folders].flatMap((part) => (part === '' ? [] : (forbidden(part) ?? [])));
	const [first, ...others] = said;
	if (first)
		return others.reduce(
			(one, other) => (stricter(one.standing, other.standing) === one.standing ? one : other),
			first,
		);
	if (vendor !== 'mailchimp') return undefined;
	const agrees = (part: string): boolean => {
		const form = formOf(part);
		return AGREED.test(form) && !TURNED.test(form) && strictWordsIn(form) === undefined && !hasEnded(form);
	};
	return agrees(name.file) || agrees(name.sheet) ? { standing: 'subscribed', word: 'subscribed' } : undefined;
}

const formOf = (name: string): string => wordForm(name.replace(/\.[a-z0-9]{2,4}$/i, ''));

function forbidden(name: string): NameStatus | undefined {
	const form = formOf(name);
	const found = BEGINNINGS.find(([begins]) => begins.test(form));
	if (found) return { standing: found[1], word: found[2] };
	// `contacts without bounces` and `subscribed and unsubscribed` say nothing of a single contact.
	const strict = EXCEPT.test(form) || AGREED.test(form) ? undefined : strictWordsIn(form);
	if (strict) return { standing: strict, word: strict === 'bounced' ? 'bounced' : 'unsubscribed' };
	if (refusesMail(form)) return { standing: 'optedOut', word: 'unsubscribed' };
	const without = NO_CONSENT.find((words) => hasWords(form, words));
	if (without) return { standing: 'noConsent', word: without };
	return isEnd(form.replace(NUMBERS, '').trim()) ? { standing: 'noConsent', word: form } : undefined;
}
