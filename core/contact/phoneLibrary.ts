import { getCountries, isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/min';

/**
 * The only import of libphonenumber-js. The build puts this file and the library into one, because a community node has
 * no dependencies of its own. The small metadata is enough: it knows the possible lengths of every country's numbers,
 * and numbering plans change too often to insist on more.
 */

/** Two-letter ISO 3166 codes of the countries whose numbers are known. */
export const phoneCountries = (): readonly string[] => getCountries();

export const isPhoneCountry = (code: string): boolean => isSupportedCountry(code);

/**
 * The number in E.164 (`+` and digits), when it can be one. `country` is taken for numbers without a country code. Read
 * again until it stays the same, because the library takes off one trunk zero at a time.
 */
export function toE164(text: string, country: string | undefined): string | undefined {
	const defaultCountry = country !== undefined && isSupportedCountry(country) ? country : undefined;
	const parsed = parsePhoneNumberFromString(text, { defaultCountry, extract: false });
	if (!parsed?.isPossible()) return undefined;
	return parsed.number === text ? text : toE164(parsed.number, country);
}
