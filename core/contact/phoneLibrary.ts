import {
	getCountries,
	getCountryCallingCode,
	isSupportedCountry,
	parseIncompletePhoneNumber,
	parsePhoneNumberFromString,
} from 'libphonenumber-js/min';

/**
 * The only import of libphonenumber-js. The build puts this file and the library into one, because a community node has
 * no dependencies of its own. The small metadata is enough: it knows the possible lengths of every country's numbers,
 * and numbering plans change too often to insist on more.
 */

/** Two-letter ISO 3166 codes of the countries whose numbers are known. */
export const phoneCountries = (): readonly string[] => getCountries();

export const isPhoneCountry = (code: string): boolean => isSupportedCountry(code);

/** The calling code of a country, such as `49`. */
export const callingCode = (country: string): string | undefined =>
	isSupportedCountry(country) ? getCountryCallingCode(country) : undefined;

/** The digits of a written number in ASCII, with a leading plus where there is one. */
export const digitsOf = (text: string): string => parseIncompletePhoneNumber(text);

/**
 * The number in E.164 (`+` and digits), when it can be one. `country` is taken for numbers without a country code. The
 * library takes one trunk zero off. Where it would take off more at a second look, the zeros are no trunk prefix but stand
 * in for a number that is not known: such a number only gets shorter, not better.
 */
export function toE164(text: string, country?: string): string | undefined {
	const defaultCountry = country !== undefined && isSupportedCountry(country) ? country : undefined;
	const parsed = parsePhoneNumberFromString(text, { defaultCountry, extract: false });
	if (!parsed?.isPossible() || /^0+$/.test(parsed.nationalNumber)) return undefined;
	const again = parsePhoneNumberFromString(parsed.number, { extract: false });
	return again?.isPossible() && again.number === parsed.number ? parsed.number : undefined;
}
