import type { FieldValue } from './contact';
import { digitsOf } from '../digits';
import { instantOf } from '../instant';

const DIGITS = 6;
/** A day and a time. A day alone is a text like any other. */
const INSTANT = /^\d{4}-\d\d-\d\d[T ]\d\d:/;

/** With its country; Brevo shows a number without the plus sign that it was written with. */
const PHONE = /^\+[\d ().\-/]+$/;

/** The text with line breaks of one form: Salesforce stores others in a text area than it gets. */
export const withPlainLineBreaks = (text: string): string => text.replace(/\r\n?/g, '\n');

/**
 * A fingerprint of a value, the same whether a destination was given it or a source tells it: numbers and yes/no values may be texts,
 * line breaks others, a phone number written otherwise, and an instant may have another offset, with milliseconds or without.
 */
export function printOfValue(value: FieldValue | undefined): string {
	const texts: readonly unknown[] = Array.isArray(value) ? value : [value ?? ''];
	const text = withPlainLineBreaks(texts.map(String).sort().join(';')).trim();
	const instant = INSTANT.test(text) ? instantOf(text) : undefined;
	if (instant !== undefined) return digitsOf(new Date(Math.floor(instant / 1_000) * 1_000).toISOString(), DIGITS);
	return digitsOf(PHONE.test(text) ? text.replace(/\D/g, '') : text, DIGITS);
}
