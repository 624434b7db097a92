import type { FieldValue } from '../../../core/contact/contact';
import { withPlainLineBreaks } from '../../../core/contact/valuePrint';
import { storedNumber } from '../../../core/plainNumber';
import type { BrevoAttribute } from '../api/types';

/** Attributes Brevo treats as identifiers: digits without plus when read, with a plus when written. */
const PHONE_ATTRIBUTES = new Set(['SMS', 'WHATSAPP', 'LANDLINE_NUMBER']);

/**
 * Whether a value read from Brevo is what a written one becomes: numbers come back as numbers or text, a category as its
 * number or its label, choices in any order, phones as bare digits, line breaks as any system has them.
 */
export function sameBrevoValue(
	attribute: BrevoAttribute | undefined,
	held: FieldValue | undefined,
	wanted: FieldValue,
): boolean {
	if (held === undefined || held === null || held === '')
		return wanted === null || wanted === '' || isEmptyList(wanted);
	if (wanted === null) return false;
	if (Array.isArray(held) || Array.isArray(wanted)) return sameChoices(held, wanted);
	if (attribute && PHONE_ATTRIBUTES.has(attribute.name)) return digitsOf(held) === digitsOf(wanted);
	if (attribute?.category === 'category') return optionOf(attribute, held) === optionOf(attribute, wanted);
	if (held === wanted) return true;
	if (typeof held === 'number' || typeof wanted === 'number')
		return storedNumber(held) !== undefined && storedNumber(held) === storedNumber(wanted);
	if (typeof held === 'boolean' || typeof wanted === 'boolean')
		return String(held).toLowerCase() === String(wanted).toLowerCase();
	if (attribute?.type === 'date') return String(held).slice(0, 10) === String(wanted).slice(0, 10);
	return withPlainLineBreaks(String(held)).trim() === withPlainLineBreaks(String(wanted)).trim();
}

function sameChoices(held: FieldValue, wanted: FieldValue): boolean {
	const [a, b] = [held, wanted].map(
		(value) => new Set(Array.isArray(value) ? (value as readonly string[]) : [String(value)]),
	);
	return a !== undefined && b !== undefined && a.size === b.size && [...a].every((option) => b.has(option));
}

/** The stored text of a category value, from its number or its label. */
function optionOf({ enumeration = [] }: BrevoAttribute, value: FieldValue): string {
	const text = String(value).trim();
	const stored = (option: (typeof enumeration)[number]): string => option.valueStr ?? String(option.value);
	const byValue = enumeration.find((option) => stored(option) === text);
	const option = byValue ?? enumeration.find(({ label }) => label.toLowerCase() === text.toLowerCase());
	return option ? stored(option) : text;
}

const isEmptyList = (value: FieldValue): boolean => Array.isArray(value) && value.length === 0;

/** The digits of a number in international form, as Brevo stores it. */
export const digitsOf = (value: FieldValue): string =>
	String(value)
		.replace(/^\s*(\+|00)/, '')
		.replace(/\D/g, '');
