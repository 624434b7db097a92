import { hasWords, wordForm } from './headerForm';
import type { Standing } from './statusWords';
import { strictWordsIn } from './statusWords';
import type { Vendor } from './vendor';

/** A status that the name of a file tells. `word`: as Mailchimp calls it. */
export interface NameStatus {
	readonly standing: Standing;
	readonly word: string;
}

/** As a word of its own, with no word before it that turns it round. */
const AGREED = /(?<!\b(?:un|non|not|never|no|de|ex|pre|nie|nicht|pas|mai) )\bsubscribed\b/;

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
];

/**
 * What the name of a file says of all of its contacts. Words that forbid mail count in any file. `subscribed` counts in Mailchimp's only,
 * which have no column that says it; other tools export each status under names that people choose.
 */
export function nameStatusOf(fileName: string, vendor: Vendor): NameStatus | undefined {
	const form = wordForm(fileName.replace(/\.[a-z0-9]{2,4}$/i, ''));
	const found = BEGINNINGS.find(([begins]) => begins.test(form));
	if (found) return { standing: found[1], word: found[2] };
	// `contacts without bounces` and `subscribed and unsubscribed` say nothing of a single contact.
	const strict = EXCEPT.test(form) || AGREED.test(form) ? undefined : strictWordsIn(form);
	if (strict) return { standing: strict, word: strict === 'bounced' ? 'bounced' : 'unsubscribed' };
	const without = NO_CONSENT.find((words) => hasWords(form, words));
	if (without) return { standing: 'noConsent', word: without };
	const agreed = vendor === 'mailchimp' && AGREED.test(form) && strictWordsIn(form) === undefined;
	return agreed ? { standing: 'subscribed', word: 'subscribed' } : undefined;
}
