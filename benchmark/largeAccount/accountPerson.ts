import { generatePeople, type Person } from '../../sandbox/people';

const PEOPLE = generatePeople(5_000, 7);
/** Companies of the account, each with a domain of its own. */
export const COMPANIES = 40_000;

/** The `n`-th person of the account, from 1. */
export function accountPerson(n: number): Person & { readonly email: string } {
	const person = PEOPLE[n % PEOPLE.length] as Person;
	const name = person.lastName.toLowerCase().replace(/[^a-z]/g, '');
	return { ...person, email: `contact.${name}${n}@company${n % COMPANIES}.example` };
}

/** Every third contact was made by another tool. */
export const isOurs = (n: number): boolean => n % 3 !== 0;

export const keyOf = (n: number): string => `hubspot:12345678:contact:${100_000_000 + n}`;
