import type { Request, Response, Router } from 'express';
import type { ServerContext } from '../engine';
import type { Account } from './api';
import { valueOf } from './contacts/contactValues';
import type { Contact, ContactList } from './entities';

/** `GET /_sandbox/view` for the web page, `GET /_sandbox/export` for checks of a sync from outside. */
export function mountView(router: Router, account: Account, { requests }: ServerContext): void {
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
		withList(account, request, response, (list) => {
			const contacts = [...list.members.ids()].flatMap((id) => {
				const contact = account.store.contacts.contacts.get(id);
				return contact === undefined ? [] : [{ id: String(id), properties: contact.properties }];
			});
			response.json({ list: { id: String(list.id), name: list.name, size: list.members.size }, contacts });
		});
	});
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
