import type { Request, Router } from 'express';
import type { Operations, ServerContext } from '../engine';
import type { BrevoAccount } from './account';
import type { Attribute, AttributeValue, Contact, ContactList, IdentifierKind } from './entities';
import { contactBody } from './format';
import { normalIdentifier } from './contacts/identifiers';
import { newAttribute } from './routes/attributes';
import type { ContactChange } from './store';

const CONTACTS_SHOWN = 200;
const LOG_SHOWN = 1_000;

type Args = Record<string, unknown>;

/** `GET /_sandbox/view`, `/export` and `/writes`: what tests, the demo and the web page look at. */
export function brevoControl(account: BrevoAccount): (router: Router, context: ServerContext) => void {
	const { store, settings, processes } = account;
	return (router, { requests }) => {
		router.get('/view', (request, response) => {
			processes.settle();
			const list = listNamed(account, request.query.list);
			const limit = Number(request.query.limit ?? CONTACTS_SHOWN);
			response.json({
				system: 'Brevo',
				list: list && { id: list.id, name: list.name, size: list.members.size },
				lists: [...store.lists.values()].map(({ id, name, members }) => ({ id, name, size: members.size })),
				contacts: membersOf(account, request, limit).map(summary),
				requests: requests.total,
				counts: requests.counts(),
			});
		});

		router.get('/export', (request, response) => {
			processes.settle();
			response.json({
				contacts: membersOf(account, request).map((contact) => ({
					...contactBody(contact, store, settings),
					email: contact.identifiers.email ?? null,
					extId: contact.identifiers.ext_id ?? null,
				})),
			});
		});

		router.get('/writes', (_request, response) => {
			processes.settle();
			const counts = { created: 0, updated: 0, deleted: 0 };
			for (const { kind } of store.writes) counts[kind] += 1;
			response.json({
				counts,
				writes: store.writes.slice(-LOG_SHOWN),
				resubscriptions: store.resubscriptions,
				dropped: store.dropped.slice(-LOG_SHOWN),
			});
		});
	};

	function summary(contact: Contact): Record<string, unknown> {
		const { email, SMS, ext_id: extId } = contact.identifiers;
		const text = (...names: string[]) => {
			const value = names.map((name) => contact.attributes[name]).find((held) => held !== undefined);
			return value === undefined ? null : String(value);
		};
		return {
			id: contact.id,
			email: email ?? null,
			sms: SMS ?? null,
			firstname: text('FIRSTNAME', 'PRENOM'),
			lastname: text('LASTNAME', 'NOM'),
			extId: extId ?? null,
			blocked: contact.emailBlocked,
		};
	}
}

/** What `POST /_sandbox/do { op, … }` does: the account's own people at work. None of it counts as a resubscription. */
export function brevoOperations(account: BrevoAccount): Operations {
	const { store, settings } = account;
	const change = (contact: Contact, wanted: ContactChange) => {
		store.changeContact(contact, wanted, 'control');
		return { id: contact.id };
	};
	return {
		unsubscribe: (args) => {
			const contact = contactNamed(account, args);
			if (args.list !== undefined) {
				const { id } = requiredList(account, args.list);
				contact.listsLeft.add(id);
				return change(contact, { removeFrom: [id] });
			}
			contact.unsubscribedAt = account.clock.now();
			return change(contact, { emailBlocked: true });
		},
		resubscribe: (args) => change(contactNamed(account, args), { emailBlocked: false }),
		createContact: (args) => {
			const identifiers = identifiersIn(args);
			for (const [kind, value] of Object.entries(identifiers)) {
				if (store.owner(kind as IdentifierKind, value)) throw new Error(`${kind} belongs to another contact`);
			}
			const { id } = store.createContact({ ...changeIn(args), identifiers }, 'control');
			return { id };
		},
		editContact: (args) => {
			const contact = contactNamed(account, args);
			const wanted = changeIn(args);
			if (typeof args.newEmail === 'string') wanted.identifiers = { email: normal('email', args.newEmail) };
			if (typeof args.newExtId === 'string') wanted.identifiers = { ...wanted.identifiers, ext_id: args.newExtId };
			if (typeof args.newSms === 'string')
				wanted.identifiers = { ...wanted.identifiers, SMS: normal('SMS', args.newSms) };
			return change(contact, wanted);
		},
		deleteContact: (args) => store.deleteContact(contactNamed(account, args), 'control'),
		addToList: (args) => change(contactNamed(account, args), { addTo: [requiredList(account, args.list).id] }),
		removeFromList: (args) =>
			change(contactNamed(account, args), { removeFrom: [requiredList(account, args.list).id] }),
		createList: (args) => {
			const folder = [...store.folders.values()].find(({ id }) => args.folderId === undefined || id === args.folderId);
			if (folder === undefined) throw new Error('There is no such folder');
			return { id: store.createList(String(args.name), folder.id).id };
		},
		deleteList: (args) => store.deleteList(requiredList(account, args.list)),
		createAttribute: (args) => {
			const { name, category = 'normal', ...body } = args;
			const attribute: Attribute = newAttribute(store.attributes, String(category), String(name), body);
			store.attributes.push(attribute);
			return { name: attribute.name };
		},
		deleteAttribute: (args) => {
			if (store.attribute(String(args.name)) === undefined) throw new Error('There is no such attribute');
			store.deleteAttribute(String(args.name));
		},
		failNextImport: () => {
			settings.failImports += 1;
		},
		clearLogs: () => store.clearLogs(),
	};
}

function contactNamed({ store }: BrevoAccount, args: Args): Contact {
	const { id, email, extId } = args;
	const contact =
		typeof id === 'number'
			? store.contacts.get(id)
			: typeof extId === 'string'
				? store.owner('ext_id', extId)
				: typeof email === 'string'
					? store.owner('email', email.toLowerCase())
					: undefined;
	if (contact === undefined) throw new Error('There is no such contact; name it by id, email or extId');
	return contact;
}

function identifiersIn({ email, sms, extId }: Args): Partial<Record<IdentifierKind, string>> {
	return {
		...(typeof email === 'string' ? { email: normal('email', email) } : {}),
		...(typeof sms === 'string' ? { SMS: normal('SMS', sms) } : {}),
		...(typeof extId === 'string' ? { ext_id: extId } : {}),
	};
}

function changeIn({ attributes, listIds, emailBlacklisted, smsBlacklisted }: Args): ContactChange {
	return {
		...(typeof attributes === 'object' && attributes !== null
			? { attributes: attributes as Record<string, AttributeValue | null> }
			: {}),
		...(Array.isArray(listIds) ? { addTo: listIds.map(Number) } : {}),
		...(typeof emailBlacklisted === 'boolean' ? { emailBlocked: emailBlacklisted } : {}),
		...(typeof smsBlacklisted === 'boolean' ? { smsBlocked: smsBlacklisted } : {}),
	};
}

function normal(kind: IdentifierKind, raw: string): string {
	const value = normalIdentifier(kind, raw);
	if (value === undefined) throw new Error(`${kind} is malformed`);
	return value;
}

function requiredList(account: BrevoAccount, wanted: unknown): ContactList {
	const list = listNamed(account, wanted);
	if (list === null) throw new Error('There is no such list; name it by id or name');
	return list;
}

/** A list by id or by name; the newest one of that name. */
function listNamed({ store }: BrevoAccount, wanted: unknown): ContactList | null {
	const lists = [...store.lists.values()].reverse();
	return lists.find(({ id, name }) => id === wanted || String(id) === wanted || name === wanted) ?? null;
}

/** Members in the order they joined; every contact when no list is asked for, none when there is no such list. */
function membersOf(account: BrevoAccount, request: Request, limit = Infinity): Contact[] {
	const { store } = account;
	const asked = request.query.list !== undefined && request.query.list !== '';
	const ids = asked ? (listNamed(account, request.query.list)?.members ?? []) : store.contacts.keys();
	const members: Contact[] = [];
	for (const id of ids) {
		if (members.length >= limit) break;
		const contact = store.contacts.get(id);
		if (contact !== undefined) members.push(contact);
	}
	return members;
}
