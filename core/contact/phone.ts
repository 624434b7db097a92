import { callingCode, digitsOf, toE164 } from './phoneLibrary';

/** `unusable`: `reason` completes the sentence "The phone number …" and never repeats the number. */
export type PhoneReading =
	| { readonly kind: 'phone'; readonly phone: string }
	| { readonly kind: 'empty' }
	| { readonly kind: 'unusable'; readonly reason: string };

/** HB-25 and SB-26: a phone number has 6 to 16 digits. */
const MIN_PHONE_DIGITS = 6;
const MAX_PHONE_DIGITS = 16;

/**
 * The international form of a number, `+` and digits only (E.164). The digits are counted as written, without an
 * extension, and again in the result. A number without `+` or `00` needs `defaultCountry` (two-letter ISO code). Nothing is
 * guessed: a number that could be two is refused, for one of them belongs to a stranger.
 */
export function normalisePhone(raw: string, defaultCountry?: string): PhoneReading {
	const text = plainText(raw);
	if (text === '') return { kind: 'empty' };
	const written = text.replace(EXTENSION, '').replace(NOTE, '');
	const fault = countFault(written) ?? spellingFault(written);
	if (fault !== undefined) return { kind: 'unusable', reason: fault };
	const international = written.replace(/^[([]\s*(?=\+|00)/, '').replace(/^00/, '+');
	const isInternational = international.startsWith('+');
	const readings = isInternational
		? [...inFull(international), ...abroad(written, defaultCountry)]
		: nationally(international, defaultCountry);
	const [phone, other] = new Set(readings);
	if (other !== undefined)
		return {
			kind: 'unusable',
			reason: 'can be read with and without its country code; write it with a plus sign and the country code',
		};
	if (phone === undefined) {
		const lacksCountry = !defaultCountry && !isInternational;
		return {
			kind: 'unusable',
			reason: lacksCountry
				? 'has no country code, and no default country is set'
				: 'is not a possible number of its country',
		};
	}
	const countedAfter = countFault(phone);
	return countedAfter === undefined ? { kind: 'phone', phone } : { kind: 'unusable', reason: countedAfter };
}

/** With digits of every script in ASCII, without invisible marks, `tel:` and the apostrophe by which spreadsheets keep a number as text. */
const plainText = (raw: string): string =>
	raw
		.replace(FOOTNOTES, ' $& ')
		.normalize('NFKC')
		.replace(/[\p{Cf}\0]/gu, '')
		.replace(/(?![0-9])\p{Nd}/gu, asciiDigit)
		.trim()
		.replace(/^tel:/i, '')
		.trim()
		.replace(/^'(?=[+\d(])/, '');

/** The digits of a script stand in a row, and its zero is the first of them. */
function asciiDigit(digit: string): string {
	const code = digit.codePointAt(0) ?? 0;
	let value = 0;
	while (value < 9 && /\p{Nd}/u.test(String.fromCodePoint(code - value - 1))) value++;
	return String(value);
}

/** What a number with its country code can mean: nothing is left out of it but one trunk zero, or Mexico's former 1. */
function inFull(text: string): readonly string[] {
	const digits = digitsOf(text).replace(MEXICAN_MOBILE, '+52');
	const phone = toE164(digits);
	return phone !== undefined && (phone === digits || withoutOneZero(digits, phone)) ? [phone] : [];
}

/** Mobile numbers of Mexico had a 1 after the country code until August 2019; all its numbers have ten digits. */
const MEXICAN_MOBILE = /^\+521(?=\d{10}$)/;

/** Whether `phone` is `digits` without one zero, as in `+49 (0) 30 …`. */
const withoutOneZero = (digits: string, phone: string): boolean =>
	[1, 2, 3].some(
		(length) => digits[length + 1] === '0' && digits.slice(0, length + 1) + digits.slice(length + 2) === phone,
	);

/**
 * What a number without a plus can mean. One that begins with the code of its country may have been written with it: other
 * systems leave the plus out, and so do spreadsheets. One that begins like a call abroad, as 09 in Mexico, may be one of its country.
 */
function nationally(text: string, country: string | undefined): readonly string[] {
	const code = country === undefined ? undefined : callingCode(country);
	if (code === undefined) return [];
	const digits = digitsOf(text);
	const withoutCode = [toE164(`+${code}${digits}`)].filter(isKnown);
	if (digits.startsWith(code)) return [...inFull(`+${digits}`), ...withoutCode];
	return abroad(text, country).length > 0
		? [...abroad(text, country), ...withoutCode]
		: [toE164(text, country)].filter(isKnown);
}

/** What a number without a plus means where it is dialled as a call abroad: in Brazil a carrier's number stands between 00 and the country code. */
function abroad(text: string, country: string | undefined): readonly string[] {
	const code = country === undefined ? undefined : callingCode(country);
	if (code === undefined || text.startsWith('+')) return [];
	return [toE164(text, country)].filter(isKnown).filter((phone) => !phone.startsWith(`+${code}`));
}

const isKnown = (phone: string | undefined): phone is string => phone !== undefined;

const EXTENSION =
	/\s*(?:;\s*ext=|,{2,}|,?\s*(?<!\p{L})(?:e?xtn?|extension|int|interno|anexo|ramal|poste|durchwahl|dw|app|x)\b\.?:?|,?\s*(?<!\p{L})(?:ext|x)|#)\s*\d{1,7}\s*#?\s*$/iu;

/** Words in brackets behind a number, such as `(privat)`. */
const NOTE = /\s*\(\s*\p{L}[\p{L}\p{M}\s.]*\)\s*$/u;

/** Raised and circled digits. */
const FOOTNOTES = /\p{No}+/gu;

/**
 * What makes the digits something else than one number in full: letters that stand for digits, or an exponent; marks that stand in
 * for digits; a second number; the decimal point of a spreadsheet.
 */
function spellingFault(text: string): string | undefined {
	if (/[,;|\n\r]/.test(text) || hasSecondNumber(text)) return 'may be two numbers in one field';
	if (/^\+?\d{6,}\.0$/.test(text)) return 'is written as a decimal';
	return NUMBER.test(text) && !/\.{2}|_{2}|\p{Pd}{3}/u.test(text)
		? undefined
		: 'has letters or signs that are no digits';
}

const NUMBER = /^[([]?\s*\+{0,2}[\d\s()[\].:/\\~_\p{Pd}\u2212\u30fc]*$/u;

/** Whether a slash separates a second number, or its last digits (`030 1234567/68`), rather than groups of one. */
function hasSecondNumber(text: string): boolean {
	const parts = text
		.replace(/^\D*(?:\+|00)/, '')
		.split('/')
		.map((part) => part.replace(/\D/g, '').length);
	if (parts.length < 2 || (parts.length > 2 && parts.slice(1).every((count) => count <= 4))) return false;
	const last = parts.pop() ?? 0;
	const before = parts.reduce((sum, count) => sum + count, 0);
	return before >= (last <= 3 ? 6 : 8);
}

function countFault(text: string): string | undefined {
	const digits = text.match(/\d/g)?.length ?? 0;
	if (digits === 0) return 'has no digits';
	if (digits >= MIN_PHONE_DIGITS && digits <= MAX_PHONE_DIGITS) return undefined;
	return `has ${digits} digits; it must have ${MIN_PHONE_DIGITS} to ${MAX_PHONE_DIGITS}`;
}
