import { startBrevo } from '../../sandbox/brevo';
import { normalPhone } from '../../sandbox/brevo/contacts/identifiers';
import { accountPerson, COMPANIES, isOurs, keyOf } from './accountPerson';

/** A Brevo account of many contacts in a process of its own: a million of them take 1.5 GB. */
export interface Started {
	readonly url: string;
	readonly apiKey: string;
	readonly listId: number;
}

const DAY_MS = 86_400_000;

async function main(contacts: number): Promise<void> {
	const brevo = await startBrevo({ people: [], strangers: 0 });
	const { store } = brevo;
	const list = store.createList('Synced', 1);
	const begin = Date.now() - 700 * DAY_MS;
	for (let n = 1; n <= contacts; n++) {
		const person = accountPerson(n);
		// Every second one has a number.
		const phone = n % 2 === 0 ? normalPhone(`+4915${String(100_000_000 + n)}`) : undefined;
		store.createContact(
			{
				identifiers: {
					email: person.email,
					...(isOurs(n) ? { ext_id: keyOf(n) } : {}),
					...(phone === undefined ? {} : { SMS: phone }),
				},
				attributes: {
					FIRSTNAME: person.firstName,
					LASTNAME: person.lastName,
					CITY: person.city,
					COUNTRY: 'Germany',
					COMPANY_NAME: `Company No. ${n % COMPANIES}`,
					ANNUAL_REVENUE: n,
				},
				emailBlocked: n % 50 === 0,
				addTo: isOurs(n) ? [list.id] : [],
			},
			'seed',
			begin + n * 10,
		);
	}
	process.send?.({ url: brevo.url, apiKey: brevo.apiKey, listId: list.id } satisfies Started);
}

void main(Number(process.argv[2]));
