/** First three characters of the ids of each object. */
export const KEY_PREFIXES = {
	Account: '001',
	Contact: '003',
	User: '005',
	Campaign: '701',
	CampaignMember: '00v',
	CampaignMemberStatus: '01Y',
	Case: '500',
	Lead: '00Q',
	ListView: '00B',
	RecordType: '012',
	Organization: '00D',
} as const;

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const CHECK = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345';

/** The 18-character form of a 15-character id: three characters more that tell which letters are upper case. */
export function withChecksum(id15: string): string {
	let suffix = '';
	for (let chunk = 0; chunk < 15; chunk += 5) {
		let bits = 0;
		for (let n = 0; n < 5; n += 1) if (/[A-Z]/.test(id15.charAt(chunk + n))) bits |= 1 << n;
		suffix += CHECK.charAt(bits);
	}
	return id15 + suffix;
}

/** The id of the n-th record of a kind, 18 characters. */
export function idOf(prefix: string, n: number): string {
	let rest = n;
	let digits = '';
	while (rest > 0) {
		digits = DIGITS.charAt(rest % 62) + digits;
		rest = Math.floor(rest / 62);
	}
	return withChecksum(`${prefix}gK00000${digits.padStart(5, '0')}`);
}

/** A 15- or 18-character id as 18 characters; undefined for anything else, a wrong checksum too. */
export function canonicalId(text: string): string | undefined {
	if (/^[0-9A-Za-z]{15}$/.test(text)) return withChecksum(text);
	if (!/^[0-9A-Za-z]{18}$/.test(text)) return undefined;
	const canonical = withChecksum(text.slice(0, 15));
	return canonical.slice(15) === text.slice(15).toUpperCase() ? canonical : undefined;
}
