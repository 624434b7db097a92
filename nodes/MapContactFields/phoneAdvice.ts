import type { MappingSettings } from '../../core/mapping/mapping';

/** What to do about contacts that are excluded for their number, in the words of this node's settings. */
export function phoneAdvice({ defaultCountry, unusablePhone }: MappingSettings): string {
	const country =
		defaultCountry === undefined
			? ", or pick the country of such numbers under 'Default Country'."
			: `; 'Default Country' (${defaultCountry}) is only for numbers without a country code.`;
	const otherwise =
		unusablePhone === 'excludeContact'
			? "With 'When a Phone Number Cannot Be Used' on 'Leave the Number Out' the contact goes on without it, if it has an e-mail address."
			: "'When a Phone Number Cannot Be Used' leaves the number out, but then nothing says whose contact it is: give it an e-mail address.";
	return `Correct the phone number in the source (6 to 16 digits, with its country code)${country} ${otherwise}`;
}
