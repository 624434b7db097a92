import type { BrevoStore } from '../../../../sandbox/brevo';
import type { Contact, IdentifierKind } from '../../../../sandbox/brevo/entities';
import { identifierKinds } from '../../../../sandbox/brevo/entities';
import type { BrevoPipeline } from './brevoPipeline';

/** What people and other tools do in Brevo itself. */
export const BREVO_HAPPENINGS = [
	'unsubscribe',
	'leaveBrevoList',
	'foreignId',
	'stranger',
	'editInBrevo',
	'deleteInBrevo',
	'failImport',
] as const;
export type BrevoHappening = (typeof BREVO_HAPPENINGS)[number];

export const isBrevoHappening = (what: string): what is BrevoHappening =>
	(BREVO_HAPPENINGS as readonly string[]).includes(what);

/** Identifiers that contacts of the source have or are going to have. */
export interface WantedIdentifiers {
	readonly email: string;
	/** With a plus. */
	readonly phone: string;
	readonly landline: string;
	readonly whatsApp: string;
}

export interface BrevoScene {
	/** The key of the record it is about. */
	readonly key: string | undefined;
	readonly other: number;
	/** Different each time. */
	readonly n: number;
	readonly wanted: WantedIdentifiers;
}

/** Lets it happen in Brevo, where there is a contact that it can happen to. */
export function happenInBrevo(
	pipeline: BrevoPipeline,
	what: BrevoHappening,
	{ key, other, n, wanted }: BrevoScene,
): void {
	const { store, settings } = pipeline.brevo;
	// One at a time: what is given up again and again ends as a named outcome (docs/decisions/brevo-imports.md).
	if (what === 'failImport') return void (settings.failImports = 1);
	// What comes between the last look and the end of an import is merged with its rows (docs/decisions/brevo-imports.md).
	if (what === 'stranger') return pipeline.mayBeImporting ? undefined : makeStranger(pipeline, wanted, other, n);
	const contact = key === undefined ? undefined : contactOfKey(store, key);
	if (!contact) return;
	switch (what) {
		case 'unsubscribe':
			return void store.changeContact(contact, { emailBlocked: true }, 'control');
		case 'leaveBrevoList':
			for (const { list } of pipeline.workflows) {
				if (!contact.listIds.has(list)) continue;
				contact.listsLeft.add(list);
				store.changeContact(contact, { removeFrom: [list] }, 'control');
			}
			return;
		case 'foreignId':
			// Whose address changes as well while its delivery is not acknowledged is found by nothing (docs/decisions/contact-identity.md).
			if (!pipeline.isAcknowledged) return;
			return void store.changeContact(contact, { identifiers: { ext_id: `webshop:${n}` } }, 'control');
		case 'deleteInBrevo':
			return store.deleteContact(contact, 'control');
		case 'editInBrevo':
			return edit(pipeline, contact, other, n);
	}
}

/** The contact with this key of the source, be it the external id or a note of ours. */
export const contactOfKey = (store: BrevoStore, key: string): Contact | undefined =>
	store.owner('ext_id', key) ?? [...store.contacts.values()].find((contact) => keysOf(contact).includes(key));

/** The same for many keys. */
export function contactsByKey(store: BrevoStore): (key: string) => Contact | undefined {
	const noted = new Map([...store.contacts.values()].flatMap((one) => keysOf(one).map((key) => [key, one] as const)));
	return (key) => store.owner('ext_id', key) ?? noted.get(key);
}

/** Every key of a contact: the external id, and those noted beside it. */
export const keysOf = ({ identifiers, attributes }: Contact): readonly string[] => [
	...(identifiers.ext_id === undefined ? [] : [identifiers.ext_id]),
	...Object.entries(attributes).flatMap(([name, value]) => (/^CONTACT_SYNC_KEY/.test(name) ? [String(value)] : [])),
];

/** Another tool brings a contact that has what one of the source is going to want. */
function makeStranger({ brevo }: BrevoPipeline, wanted: WantedIdentifiers, other: number, n: number): void {
	const { store } = brevo;
	const digits = (number: string): string => number.replace('+', '');
	const wishes: readonly Partial<Record<IdentifierKind, string>>[] = [
		{ email: wanted.email },
		{ SMS: digits(wanted.phone) },
		{ LANDLINE_NUMBER: digits(wanted.landline) },
		{ WHATSAPP: digits(wanted.whatsApp) },
	];
	const identifiers: Partial<Record<IdentifierKind, string>> = {
		email: `stranger${n}@x.example`,
		...(n % 2 ? { ext_id: `webshop:${n}` } : {}),
		...wishes[other % wishes.length],
	};
	const isFree = identifierKinds.every((kind) => store.owner(kind, identifiers[kind] ?? '') === undefined);
	if (isFree) store.createContact({ identifiers, emailBlocked: other % 5 === 0 }, 'control');
}

/** A person at work in Brevo changes the address, a value, or takes the contact off the list. */
function edit({ brevo, workflows }: BrevoPipeline, contact: Contact, other: number, n: number): void {
	const changes = [
		{ identifiers: { email: `edited${n}@x.example` }, ...(contact.emailBlocked ? { emailBlocked: true } : {}) },
		{ attributes: { FIRSTNAME: `Edited${n}`, IS_CUSTOMER: n % 2 === 0 } },
		{ removeFrom: workflows.map(({ list }) => list) },
	];
	brevo.store.changeContact(contact, changes[other % changes.length] ?? {}, 'control');
}
