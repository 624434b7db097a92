import { AccountIndex } from '../../clients/brevo/destination/lookup/accountIndex';
import { ContactMirror } from '../../clients/brevo/destination/lookup/contactMirror';
import type { BrevoContact } from '../../clients/brevo/api/types';
import { accountPerson, COMPANIES, isOurs, keyOf } from './accountPerson';

/** `npm run benchmark:memory -- 1000000`: what the two pictures of an account take, without the calls that fill them. */
const MB = 1_000_000;
const NAMES = ['FIRSTNAME', 'LASTNAME', 'CITY', 'COUNTRY', 'COMPANY_NAME', 'ANNUAL_REVENUE'];

function brevoContact(n: number): BrevoContact {
	const { email, firstName, lastName, city } = accountPerson(n);
	return {
		id: n,
		email,
		...(isOurs(n) ? { ext_id: keyOf(n) } : {}),
		emailBlacklisted: n % 50 === 0,
		smsBlacklisted: false,
		modifiedAt: new Date(1_785_000_000_000 + n * 10).toISOString(),
		listIds: isOurs(n) ? [12] : [],
		attributes: {
			FIRSTNAME: firstName,
			LASTNAME: lastName,
			CITY: city,
			COUNTRY: 'Germany',
			COMPANY_NAME: `Company No. ${n % COMPANIES}`,
			ANNUAL_REVENUE: n,
			...(n % 2 === 0 ? { SMS: `4915${100_000_000 + n}` } : {}),
		},
	};
}

function measure(name: string, contacts: number, put: (contact: BrevoContact) => void, bytes: () => number): void {
	global.gc?.();
	const [rss, at] = [process.memoryUsage().rss, Date.now()];
	for (let n = 1; n <= contacts; n++) put(brevoContact(n));
	global.gc?.();
	const grown = Math.round((process.memoryUsage().rss - rss) / MB);
	const each = (bytes() / contacts).toFixed(0);
	console.log(`${name}: ${each} bytes a contact, resident memory ${grown} MB more, ${(Date.now() - at) / 1_000} s`);
}

const count = Number(process.argv[2] ?? 1_000_000);
const mirror = new ContactMirror(NAMES, { expected: count, bytesPerContact: 120 });
measure('mirror', count, (contact) => mirror.put(contact), () => mirror.bytes); // prettier-ignore
const index = new AccountIndex(count);
measure('index', count, (contact) => index.put(contact), () => index.bytes); // prettier-ignore
const kept = Array.from({ length: 1_000 }, (_none, n) => mirror.byEmail(accountPerson(n * 37 + 1).email)?.values);
console.log(`values kept of ${kept.filter((values) => values !== undefined).length} contacts of 1,000`);
