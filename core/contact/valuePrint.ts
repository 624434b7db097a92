import type { FieldValue } from './contact';
import { digitsOf } from '../digits';
import { withPlainLineBreaks } from './lineBreaks';

const DIGITS = 6;

/** A fingerprint of a value, the same whether a destination was given it or a source tells it: numbers and yes/no values may be texts, line breaks others. */
export function printOfValue(value: FieldValue | undefined): string {
	const texts: readonly unknown[] = Array.isArray(value) ? value : [value ?? ''];
	const text = texts.map(String).sort().join(';');
	return digitsOf(withPlainLineBreaks(text).trim(), DIGITS);
}
