import type { Person } from '../../people';

/** A contact as imports and forms leave it: what it changes of an ordinary contact's properties (`''` = empty). */
export interface Awkwardness {
	readonly kind: string;
	apply(person: Person): Readonly<Record<string, string>>;
}

const OFFICE_PHONE = '+33141000042';

/** The awkward members every seeded list of 50 or more has, at least one of each kind. */
export const AWKWARD: readonly Awkwardness[] = [
	{ kind: 'no e-mail, but a phone', apply: () => ({ email: '' }) },
	{ kind: 'neither e-mail nor phone', apply: () => ({ email: '', phone: '' }) },
	{ kind: 'e-mail, but no phone', apply: () => ({ phone: '' }) },
	{ kind: 'phone of 5 digits', apply: () => ({ phone: '12345' }) },
	{ kind: 'phone of 17 digits', apply: ({ n }) => ({ phone: `+49${String(15_000_000_000_000 + n)}0` }) },
	{ kind: 'malformed e-mail without @', apply: ({ n }) => ({ email: `newsletter.${n}.example.com` }) },
	{ kind: 'malformed e-mail with two dots', apply: ({ n }) => ({ email: `double..dot.${n}@example..com`, phone: '' }) },
	{ kind: 'opted out of all e-mail', apply: () => ({ hs_email_optout: 'true' }) },
	{ kind: 'opted out, without phone', apply: () => ({ hs_email_optout: 'true', phone: '' }) },
	{ kind: '5,000-character text', apply: ({ n }) => ({ customer_notes: longText(n) }) },
	{ kind: 'emoji', apply: () => ({ firstname: '👩🏽‍🚀 Zoë', lastname: 'Ünïcøde 🎉', company: '🍕🍕 Pizzeria' }) },
	{
		kind: 'right-to-left',
		apply: () => ({ firstname: 'مُحَمَّد', lastname: 'בן־דוד', company: '\u200fשלום וברכה\u200f (RTL)' }),
	},
	{
		kind: 'quotes and angle brackets',
		apply: () => ({
			firstname: '<b>"Bobby"</b>',
			lastname: `O'Brien & Sons; "DROP"`,
			jobtitle: '{{ contact.FIRSTNAME }}',
		}),
	},
	{
		kind: 'phone in local form, with a country',
		apply: ({ phone, callingCode }) => ({
			phone: `0${phone.slice(1 + callingCode.length).replace(/(\d{3})(?=\d)/g, '$1 ')}`,
		}),
	},
	{
		kind: 'phone with blanks, brackets and dashes',
		apply: ({ phone, callingCode }) => ({
			phone: `+${callingCode} (${phone.slice(1 + callingCode.length, 4 + callingCode.length)}) ${phone.slice(4 + callingCode.length).replace(/(\d{2})(?=\d)/g, '$1-')}`,
		}),
	},
	// An office number: several people have it, while some destinations let one contact have it.
	{ kind: 'phone shared with others', apply: () => ({ phone: OFFICE_PHONE }) },
	{ kind: 'phone shared with others, written differently', apply: () => ({ phone: '+33 (0)1 41 00 00 42' }) },
	{ kind: 'phone with an extension text', apply: ({ phone }) => ({ phone: `${phone} ext. 12` }) },
	{
		kind: 'values with line breaks and blanks around',
		apply: () => ({ firstname: '  Ana\u00a0', lastname: 'Line\nBreak', city: ' \t' }),
	},
	{
		kind: 'numbers, dates and choices empty',
		apply: () => ({ birthday: '', loyalty_points: '', vip: '', interests: '', customer_tier: '' }),
	},
	{ kind: 'negative and fractional numbers', apply: () => ({ loyalty_points: '-12', lifetime_value: '1234567.891' }) },
	{
		kind: 'e-mail with an apostrophe and a subdomain',
		apply: ({ n }) => ({ email: `o'neill.${n}@mail.team.example.org` }),
	},
];

function longText(n: number): string {
	const line = `Notiz ${n}: „Zu lang für manche Felder“ – è così, ça déborde. `;
	return line.repeat(Math.ceil(5_000 / line.length)).slice(0, 5_000);
}
