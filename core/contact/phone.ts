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
	const text = raw
		.normalize('NFKC')
		.replace(/[\p{Cf}\0]/gu, '')
		.trim()
		.replace(/^tel:/i, '')
		.trim();
	if (text === '') return { kind: 'empty' };
	const written = text.replace(EXTENSION, '');
	const counted = countFault(written);
	if (counted !== undefined) return { kind: 'unusable', reason: counted };
	const international = written.replace(/^\(\s*(\+|00)\s*(\p{Nd}{1,3})\s*\)/u, '$1$2 ').replace(/^00/, '+');
	const readings = international.startsWith('+') ? inFull(international) : nationally(international, defaultCountry);
	const [phone, other] = readings;
	if (other !== undefined)
		return {
			kind: 'unusable',
			reason: 'can be read with and without its country code; write it with a plus sign and the country code',
		};
	if (phone === undefined) {
		const national = !defaultCountry && !international.startsWith('+');
		return {
			kind: 'unusable',
			reason: national
				? 'has no country code, and no default country is set'
				: 'is not a possible number of its country',
		};
	}
	const countedAfter = countFault(phone);
	return countedAfter === undefined ? { kind: 'phone', phone } : { kind: 'unusable', reason: countedAfter };
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
 * systems leave the plus out, and so do spreadsheets.
 */
function nationally(text: string, country: string | undefined): readonly string[] {
	const code = country === undefined ? undefined : callingCode(country);
	if (code === undefined) return [];
	const digits = digitsOf(text);
	if (!digits.startsWith(code)) return [toE164(text, country)].filter(isKnown);
	const withCode = inFull(`+${digits}`);
	const withoutCode = [toE164(`+${code}${digits}`)].filter(isKnown);
	return [...new Set([...withCode, ...withoutCode])];
}

const isKnown = (phone: string | undefined): phone is string => phone !== undefined;

const EXTENSION = /\s*(?:;\s*ext=|,?\s*\b(?:ext|extension|poste|durchwahl)\b\.?:?|\bx|#)\s*\p{Nd}{1,7}\s*$/iu;

function countFault(text: string): string | undefined {
	const digits = text.match(/\p{Nd}/gu)?.length ?? 0;
	if (digits === 0) return 'has no digits';
	if (digits >= MIN_PHONE_DIGITS && digits <= MAX_PHONE_DIGITS) return undefined;
	return `has ${digits} digits; it must have ${MIN_PHONE_DIGITS} to ${MAX_PHONE_DIGITS}`;
}
