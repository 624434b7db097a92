import type { Request, Response, Router } from 'express';
import type { ServerContext } from '../engine';
import type { Account } from './api';
import { valueOf } from './contacts/contactValues';
import type { Contact, ContactList } from './entities';
import { SUBSCRIPTION_TYPES } from './preferences/subscriptionTypes';
import type { HubSpotStore } from './store';

/** `GET /_sandbox/view` for the web page, `GET /_sandbox/export` for checks of a sync from outside. */
export function mountView(router: Router, account: Account, { requests }: ServerContext): void {
	router.use((_request, _response, next) => {
		account.store.catchUp();
		next();
	});
	router.get('/view', (request, response) => {
		withList(account, request, response, (list) => {
			const limit = Math.min(Number(request.query['limit'] ?? 50) || 50, 1_000);
			const newest = list.members.page('join', undefined, limit, true).members;
			response.json({
				system: 'HubSpot',
				list: { id: String(list.id), name: list.name, size: list.members.size },
				contacts: newest.flatMap(({ id }) => {
					const contact = account.store.contacts.contacts.get(id);
					return contact === undefined ? [] : [row(contact)];
				}),
				requests: requests.total,
				counts: requests.counts(),
			});
		});
	});
	router.get('/lists', (_request, response) => {
		response.json({
			lists: account.store.lists.all().map(({ id, name, members }) => ({ id: String(id), name, size: members.size })),
		});
	});
	router.get('/export', (request, response) => {
		if (request.query['all'] === 'true') {
			response.json(exportAll(account));
			return;
		}
		withList(account, request, response, (list) => {
			const contacts = [...list.members.ids()].flatMap((id) => {
				const contact = account.store.contacts.contacts.get(id);
				return contact === undefined ? [] : [{ id: String(id), properties: contact.properties }];
			});
			response.json({ list: { id: String(list.id), name: list.name, size: list.members.size }, contacts });
		});
	});
}

/** Every contact with its lists and preferences, and every address that is opted out of all e-mail. */
function exportAll({ store }: Account): Record<string, unknown> {
	const lists = store.lists.all();
	const live = [...store.contacts.contacts.values()].filter(({ archivedAt }) => archivedAt === undefined);
	return {
		contacts: live.map(({ id, properties }) => ({
			id: String(id),
			properties,
			lists: lists.flatMap((list) => (list.members.has(id) ? [String(list.id)] : [])),
			preferences: preferencesOf(store, properties['email']),
		})),
		optedOut: store.preferences.optedOut(),
	};
}

/** What is set for an address: statuses by type of e-mail; null without an address. */
function preferencesOf({ preferences }: HubSpotStore, address: string | undefined): Record<string, unknown> | null {
	if (address === undefined) return null;
	const statuses = SUBSCRIPTION_TYPES.map(({ id, name }) => [name, preferences.statusOf(address, id).status] as const);
	return {
		optedOut: preferences.optedOutAt(address) !== undefined,
		statuses: Object.fromEntries(statuses.filter(([, status]) => status !== 'NOT_SPECIFIED')),
	};
}

function withList(account: Account, request: Request, response: Response, work: (list: ContactList) => void): void {
	const asked = request.query['list'];
	const lists = account.store.lists;
	const list = typeof asked === 'string' ? (lists.live(asked) ?? lists.byName(asked)) : lists.all()[0];
	if (list === undefined) response.status(404).json({ message: 'No such list' });
	else work(list);
}

function row(contact: Contact): Record<string, unknown> {
	return {
		id: String(contact.id),
		email: valueOf(contact, 'email') ?? null,
		phone: valueOf(contact, 'phone') ?? null,
		firstname: valueOf(contact, 'firstname') ?? null,
		lastname: valueOf(contact, 'lastname') ?? null,
		optedOut: contact.properties['hs_email_optout'] === 'true',
	};
}
