import { maxBy } from 'lodash';
import type { RunningBrevo } from '../brevo';
import type { HowLeft, ListShown, Person, Source, SourceRecord } from './sources/source';

/** How a contact of one side stands on the other, as the page shows it. */
export type Match = 'same' | 'differs' | 'missing';

export interface Row extends Person {
	readonly id: string;
	readonly match: Match;
	/** What differs, in words. */
	readonly why: string;
}

export interface Side {
	readonly system: string;
	readonly list: ListShown | null;
	readonly lists: readonly ListShown[];
	readonly contacts: readonly Row[];
	readonly requests: number;
	readonly counts: Readonly<Record<string, number>>;
}

/** A record that is no longer a member in the source, and what Brevo holds of it. */
export interface FormerRow {
	readonly id: string;
	readonly name: string;
	readonly email: string | null;
	readonly how: HowLeft;
	readonly optedOut: boolean;
	/** Absent: Brevo holds no contact of this person (any more). */
	readonly brevo?: { readonly onList: boolean; readonly blocked: boolean };
	/** Whether that is as it should be. */
	readonly isFine: boolean;
}

export interface Comparison {
	readonly source: Side;
	/** A Brevo list, or the other one of two systems that are synced both ways. */
	readonly target: Side;
	readonly former: readonly FormerRow[];
}

const FORMER_SHOWN = 20;

type BrevoContact = RunningBrevo['store']['contacts'] extends Map<number, infer T> ? T : never;

/**
 * The newest members of both lists, each with how it stands on the other side. `list`: Brevo's; default the one that most of
 * them were synced to, of several the newest.
 */
export function compareLists(source: Source, brevo: RunningBrevo, list: string | undefined, limit: number): Comparison {
	const { store, requests } = brevo;
	const targets = [...store.lists.values()];
	const newest = source
		.newest(limit)
		.map(({ id, person }) => ({ id, person, twin: findInBrevo(source, brevo, id, person) }));
	const synced = newest.filter(({ id, twin }) => twin?.identifiers.ext_id === source.keyOf(id));
	const shared = (id: number) => synced.filter(({ twin }) => twin?.listIds.has(id) === true).length;
	const target = targets.find(({ id }) => String(id) === list) ?? maxBy([...targets].reverse(), ({ id }) => shared(id));
	const shown = targets.map(({ id, name, members }) => ({ id: String(id), name, size: members.size }));
	const isListed = (contact: BrevoContact | undefined) => target !== undefined && contact?.listIds.has(target.id);

	const sourceRows = newest.map(({ id, person, twin }) => ({
		...{ id, ...person },
		...judge(source, person, isListed(twin) === true ? twin : undefined),
	}));
	const targetRows = [...(target?.members ?? [])]
		.slice(-limit)
		.reverse()
		.flatMap((id) => {
			const contact = store.contacts.get(id);
			return contact === undefined ? [] : [{ id: String(id), ...shownOf(contact), ...judgeTwin(source, contact) }];
		});
	return {
		former: source.former(FORMER_SHOWN).map((record) => {
			const twin = store.owner('ext_id', source.keyOf(record.id));
			return formerRow(record, twin && { onList: isListed(twin) === true, blocked: twin.emailBlocked });
		}),
		source: sideOf(source, sourceRows),
		target: {
			system: 'Brevo',
			list: shown.find(({ id }) => id === String(target?.id)) ?? null,
			lists: shown,
			contacts: targetRows,
			requests: requests.total,
			counts: requests.counts(),
		},
	};
}

export const sideOf = ({ system, list, lists, requests }: Source, contacts: readonly Row[]): Side => ({
	system,
	list: list ?? null,
	lists,
	contacts,
	requests: requests.total,
	counts: requests.counts(),
});

/** A record that was merged is shown by the contact that Brevo has under its own key. */
function formerRow({ id, person, how = 'left' }: SourceRecord, brevo: FormerRow['brevo']): FormerRow {
	const { firstname, lastname, email, blocked: optedOut } = person;
	const isSilenced = brevo === undefined || brevo.blocked || !optedOut || how !== 'left';
	return {
		id,
		name: [firstname, lastname].filter(Boolean).join(' '),
		email,
		how,
		optedOut,
		...(brevo !== undefined && { brevo }),
		isFine: brevo?.onList !== true && isSilenced,
	};
}

function judgeTwin(source: Source, contact: BrevoContact): Pick<Row, 'match' | 'why'> {
	const { ext_id: key, email } = contact.identifiers;
	const twin = source.find(key, email);
	if (twin !== undefined && twin.how === undefined) return judge(source, twin.person, contact);
	const where = source.system === 'HubSpot' ? 'in the HubSpot list' : `in ${source.system}`;
	if (twin === undefined) return { match: 'missing', why: `not ${where}` };
	const why = twin.how === 'left' ? `is not ${where}` : `${twin.how} in ${source.system}`;
	return { match: 'missing', why };
}

function shownOf({ identifiers, attributes, emailBlocked }: BrevoContact): Person {
	const text = (...names: string[]) => {
		const value = names.map((name) => attributes[name]).find((held) => held !== undefined);
		return value === undefined ? null : String(value);
	};
	return {
		email: identifiers.email ?? null,
		phone: identifiers.SMS ?? null,
		firstname: text('FIRSTNAME', 'PRENOM'),
		lastname: text('LASTNAME', 'NOM'),
		blocked: emailBlocked,
	};
}

/** By the source key first, then by address, as the upsert does. */
function findInBrevo(source: Source, { store }: RunningBrevo, id: string, { email }: Person): BrevoContact | undefined {
	return store.owner('ext_id', source.keyOf(id)) ?? (email === null ? undefined : store.owner('email', email.toLowerCase())); // prettier-ignore
}

function judge({ system }: Source, person: Person, twin: BrevoContact | undefined): Pick<Row, 'match' | 'why'> {
	if (twin === undefined) return { match: 'missing', why: 'not on the Brevo list' };
	const shown = shownOf(twin);
	const words = differences(person, shown);
	if (person.blocked && !shown.blocked) words.push(`opted out in ${system}, mailable in Brevo`);
	return judged(words);
}

/** Names and address are compared; other fields depend on a mapping the page does not know. */
export function differences(person: Person, other: Person): string[] {
	const form = (value: string | null): string => (value ?? '').trim().toLowerCase();
	const compared = (['email', 'firstname', 'lastname'] as const).filter((name) => person[name] !== null);
	return compared.filter((name) => form(person[name]) !== form(other[name])).map((name) => `${name} differs`);
}

export const judged = (words: readonly string[]): Pick<Row, 'match' | 'why'> =>
	words.length === 0 ? { match: 'same', why: '' } : { match: 'differs', why: words.join(', ') };
