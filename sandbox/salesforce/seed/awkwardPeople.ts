import type { Person } from '../../people';
import type { Value } from '../schema/fields';

/** Kinds of people that have gone wrong in real organisations, as changes to an ordinary record. */
export const AWKWARD: ReadonlyArray<{
	readonly what: string;
	readonly apply: (person: Person) => Record<string, Value>;
}> = [
	{ what: 'no e-mail, phone only', apply: () => ({ Email: null }) },
	{ what: 'neither e-mail nor phone', apply: () => ({ Email: null, Phone: null, MobilePhone: null }) },
	{ what: 'opted out', apply: () => ({ HasOptedOutOfEmail: true }) },
	{ what: 'opted out, do not call', apply: () => ({ HasOptedOutOfEmail: true, DoNotCall: true }) },
	{ what: 'upper-case e-mail', apply: ({ email }) => ({ Email: email.toUpperCase() }) },
	{ what: 'an e-mail that others have too', apply: () => ({ Email: 'office@shared.example' }) },
	{ what: 'the same e-mail again, in capitals', apply: () => ({ Email: 'Office@Shared.example' }) },
	{ what: 'apostrophe and backslash in the name', apply: () => ({ FirstName: "D'Arcy", LastName: "O'Brien\\O'Neil" }) },
	{ what: 'quotes, per cent and underscore', apply: () => ({ LastName: '100%_"real" <Smith> & Sons' }) },
	{ what: 'last name only', apply: () => ({ FirstName: null, LastName: 'Sting' }) },
	{ what: 'emoji', apply: () => ({ FirstName: 'Zoë 🚀', LastName: '👩‍🔬 Müller' }) },
	{
		what: 'as long as may be',
		apply: () => ({ FirstName: 'F'.repeat(40), LastName: 'L'.repeat(80), Title: 'T'.repeat(128) }),
	},
	{ what: 'phone with an extension', apply: () => ({ Phone: '+33 1 23 45 67 89 ext. 12' }) },
	{ what: 'phone that is no phone', apply: () => ({ Phone: 'ask Anna', MobilePhone: null }) },
	{ what: 'national phone', apply: () => ({ Phone: '01 23 45 67 89' }) },
	{ what: 'several interests', apply: () => ({ Interests__c: 'Tea;Cheese & wine;Chess, online' }) },
	{
		what: 'bounced',
		apply: () => ({ EmailBouncedDate: Date.UTC(2025, 4, 6, 7, 8, 9), EmailBouncedReason: '550 no such user' }),
	},
	{ what: 'line breaks and quotes in a text', apply: () => ({ Description: 'First line\r\nSecond line\t"quoted"' }) },
];

/** The same for contacts alone. */
export const AWKWARD_CONTACTS: typeof AWKWARD = [
	{ what: 'born on a leap day', apply: () => ({ Birthdate: '1992-02-29' }) },
	{ what: 'numbers at their edges', apply: () => ({ Loyalty_Points__c: 0, Credit_Limit__c: -1234.56 }) },
	{ what: 'long texts', apply: () => ({ Notes__c: 'n'.repeat(32_768), Bio__c: 'Ü'.repeat(1_000) }) },
];
