import { toE164 } from './phoneLibrary';

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
 * extension, and again in the result. A number without `+` or `00` needs `defaultCountry` (two-letter ISO code).
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
	const phone = toE164(international, defaultCountry);
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

const EXTENSION = /\s*(?:;\s*ext=|,?\s*\b(?:ext|extension|poste|durchwahl)\b\.?:?|\bx|#)\s*\p{Nd}{1,7}\s*$/iu;

function countFault(text: string): string | undefined {
	const digits = text.match(/\p{Nd}/gu)?.length ?? 0;
	if (digits === 0) return 'has no digits';
	if (digits >= MIN_PHONE_DIGITS && digits <= MAX_PHONE_DIGITS) return undefined;
	return `has ${digits} digits; it must have ${MIN_PHONE_DIGITS} to ${MAX_PHONE_DIGITS}`;
}
