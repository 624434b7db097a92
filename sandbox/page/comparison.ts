import type { RunningBrevo } from '../brevo';
import type { RunningHubSpot } from '../hubspot';
import { type FormerRow, formerMembers, howLeft } from './former';

/** How a contact of one side stands on the other, as the page shows it. */
export type Match = 'same' | 'differs' | 'missing';

export interface Row {
	readonly id: string;
	readonly email: string | null;
	readonly phone: string | null;
	readonly firstname: string | null;
	readonly lastname: string | null;
	/** Opted out in HubSpot, blocklisted in Brevo. */
	readonly blocked: boolean;
	readonly match: Match;
	/** What differs, in words. */
	readonly why: string;
}

export interface Side {
	readonly system: string;
	readonly list: { readonly id: string; readonly name: string; readonly size: number } | null;
	readonly lists: ReadonlyArray<{ readonly id: string; readonly name: string; readonly size: number }>;
	readonly contacts: readonly Row[];
	readonly requests: number;
	readonly counts: Readonly<Record<string, number>>;
}

interface Asked {
	/** List ids; default: HubSpot's first list, Brevo's newest one. */
	readonly hubspot?: string | undefined;
	readonly brevo?: string | undefined;
	readonly limit: number;
}

const FORMER_SHOWN = 20;

type HubSpotContact = ReturnType<RunningHubSpot['store']['contact']>;
type BrevoContact = RunningBrevo['store']['contacts'] extends Map<number, infer T> ? T : never;

/** The newest members of both lists, each with how it stands on the other side. */
export function compareLists(
	hubspot: RunningHubSpot,
	brevo: RunningBrevo,
	asked: Asked,
): { hubspot: Side; brevo: Side; former: readonly FormerRow[] } {
	const allSources = hubspot.store.lists.all();
	const source = allSources.find(({ id }) => String(id) === asked.hubspot) ?? allSources[0];
	const allTargets = [...brevo.store.lists.values()];
	const target = allTargets.find(({ id }) => String(id) === asked.brevo) ?? allTargets[allTargets.length - 1];

	const sourceRows = (source?.members.page('join', undefined, asked.limit, true).members ?? []).flatMap(({ id }) => {
		const properties = hubspot.store.contacts.contacts.get(id)?.properties;
		if (properties === undefined) return [];
		const person = personOf(properties);
		const twin = findInBrevo(hubspot, brevo, String(id), person);
		const isListed = target !== undefined && twin?.listIds.has(target.id) === true;
		return [{ id: String(id), ...person, ...judge(person, isListed ? twin : undefined) }];
	});
	const newest = [...(target?.members ?? [])].slice(-asked.limit).reverse();
	const targetRows = newest.flatMap((id) => {
		const contact = brevo.store.contacts.get(id);
		if (contact === undefined) return [];
		const sourceId = contact.identifiers.ext_id?.match(/^hubspot:\d+:contact:(\d+)$/)?.[1];
		const holder =
			sourceId === undefined ? hubspot.store.contacts.holderOf(contact.identifiers.email ?? '') : Number(sourceId);
		const twin = holder === undefined ? undefined : hubspot.store.contacts.contacts.get(holder);
		const isListed = twin !== undefined && source?.members.has(twin.id) === true;
		const shown = shownOf(contact);
		if (!isListed) return [{ id: String(id), ...shown, match: 'missing' as const, why: whyNotListed(twin) }];
		return [{ id: String(id), ...shown, ...judge(personOf(twin.properties), contact) }];
	});
	return {
		former: source === undefined ? [] : formerMembers(hubspot, brevo, source, target, FORMER_SHOWN),
		hubspot: {
			system: 'HubSpot',
			list: source === undefined ? null : { id: String(source.id), name: source.name, size: source.members.size },
			lists: allSources.map(({ id, name, members }) => ({ id: String(id), name, size: members.size })),
			contacts: sourceRows,
			requests: hubspot.requests.total,
			counts: hubspot.requests.counts(),
		},
		brevo: {
			system: 'Brevo',
			list: target === undefined ? null : { id: String(target.id), name: target.name, size: target.members.size },
			lists: allTargets.map(({ id, name, members }) => ({ id: String(id), name, size: members.size })),
			contacts: targetRows,
			requests: brevo.requests.total,
			counts: brevo.requests.counts(),
		},
	};
}

/** Why somebody on the Brevo list is not in the HubSpot list. */
function whyNotListed(twin: HubSpotContact | undefined): string {
	if (twin === undefined) return 'not in the HubSpot list';
	const how = { left: 'is not in the HubSpot list', deleted: 'deleted in HubSpot', merged: 'merged in HubSpot' };
	return how[howLeft(twin)];
}

type Person = Pick<Row, 'email' | 'phone' | 'firstname' | 'lastname' | 'blocked'>;

function personOf(properties: Readonly<Record<string, string>>): Person {
	return {
		email: properties['email'] ?? null,
		phone: properties['phone'] ?? null,
		firstname: properties['firstname'] ?? null,
		lastname: properties['lastname'] ?? null,
		blocked: properties['hs_email_optout'] === 'true',
	};
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
function findInBrevo(
	{ settings }: RunningHubSpot,
	{ store }: RunningBrevo,
	id: string,
	{ email }: Person,
): BrevoContact | undefined {
	const byKey = store.owner('ext_id', `hubspot:${settings.portalId}:contact:${id}`);
	return byKey ?? (email === null ? undefined : store.owner('email', email.toLowerCase()));
}

/** Names, address and the opt-out are compared; other fields depend on a mapping the page does not know. */
function judge(person: Person, twin: BrevoContact | undefined): Pick<Row, 'match' | 'why'> {
	if (twin === undefined) return { match: 'missing', why: 'not on the Brevo list' };
	const shown = shownOf(twin);
	const differs = (['email', 'firstname', 'lastname'] as const).filter(
		(name) =>
			person[name] !== null && (shown[name] ?? '').trim().toLowerCase() !== (person[name] ?? '').trim().toLowerCase(),
	);
	const words = differs.map((name) => `${name} differs`);
	if (person.blocked && !shown.blocked) words.push('opted out in HubSpot, mailable in Brevo');
	return words.length === 0 ? { match: 'same', why: '' } : { match: 'differs', why: words.join(', ') };
}
