/** A telephone number as Brevo should hold it, worked out once more by hand (HB-25): digits with a country code, 6 to 16 of them. */
export function readPhone(text = ''): { readonly digits?: string; readonly unusable?: boolean } {
	const written = text.replace(/\s*ext\.?\s*\d+$/, '').replace('(0)', '');
	if (written.trim() === '') return {};
	const digits = written.replace(/\D/g, '');
	const hasCountry = /^\s*(\+|00)/.test(written);
	return hasCountry && digits.length >= 6 && digits.length <= 16
		? { digits: digits.replace(/^00/, '') }
		: { unusable: true };
}
