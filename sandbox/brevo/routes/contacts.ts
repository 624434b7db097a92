import type { Request, Router } from 'express';
import type { BrevoAccount } from '../account';
import { BrevoError, invalidParameter } from '../brevoError';
import { ContactWrites } from '../contacts/contactWrites';
import type { Contact } from '../entities';
import { findContact } from '../contacts/findContact';
import { contactBody, contactStatistics, listedModification } from '../format';
import { parseFilter } from '../contacts/filter';
import {
	bodyOf,
	optionalFlag,
	optionalId,
	optionalText,
	pageOf,
	paging,
	queryIds,
	queryInstant,
	queryText,
	type Body,
} from '../readParameters';

/** GET /contacts: at most 1,000 per page, 50 when not said; at most 20 in `ids`. */
const PAGE = { max: 1_000, standard: 50 };
const MAX_IDS = 20;

export function contactRoutes(router: Router, account: BrevoAccount): void {
	const { store, settings } = account;
	const writes = new ContactWrites(store, settings);

	router.get('/contacts', (request, response) => {
		const page = paging(request, PAGE);
		const found = selectContacts(account, request);
		response.json({
			contacts: pageOf(found, page).map((contact) => contactBody(contact, store, settings)),
			count: found.length,
		});
	});

	router.post('/contacts', (request, response) => {
		const body = bodyOf(request);
		const { created, merged, id } = writes.createOrUpdate(body);
		const wantsId = (optionalFlag(body, 'getId') ?? false) && (merged || settings.getIdOnUpdate);
		if (created) response.status(201).json({ id });
		else if (wantsId) response.status(200).json({ id });
		else response.status(204).end();
	});

	// Deprecated from 30 Oct 2026, here for clients that still call it: updates only, no result per row.
	router.post('/contacts/batch', (request, response) => {
		const rows = bodyOf(request).contacts;
		if (!Array.isArray(rows) || rows.length === 0) throw invalidParameter('contacts should be an array');
		for (const row of rows as Body[]) {
			const email = optionalText(row, 'email');
			const id = optionalId(row, 'id');
			const sms = optionalText(row, 'sms');
			const [identifier, type] =
				email !== undefined
					? [email, 'email_id']
					: id !== undefined
						? [String(id), 'contact_id']
						: [sms ?? '', 'phone_id'];
			writes.update(findContact(store, identifier, type, { phones: true }), row, 'batch');
		}
		response.status(204).end();
	});

	router.get('/contacts/:identifier', (request, response) => {
		const contact = named(account, request, { phones: true });
		response.json({
			...contactBody(contact, store, settings),
			statistics: contactStatistics(contact, settings),
		});
	});

	router.put('/contacts/:identifier', (request, response) => {
		writes.update(named(account, request, { phones: false }), bodyOf(request));
		response.status(204).end();
	});

	router.delete('/contacts/:identifier', (request, response) => {
		const contact = named(account, request, { phones: false });
		const { email } = contact.identifiers;
		if (email !== undefined && settings.accountUsers.includes(email)) {
			throw new BrevoError(405, 'method_not_allowed', 'This email address belongs to a user of the account');
		}
		store.deleteContact(contact, 'delete');
		response.status(204).end();
	});
}

/** The contacts a listing asks for, in the order of their creation. `listId` narrows it to one list. */
export function selectContacts(
	{ store, settings, clock }: BrevoAccount,
	request: Request,
	listId?: number,
): readonly Contact[] {
	const modifiedSince = queryInstant(request, 'modifiedSince', settings.accountOffset) ?? -Infinity;
	const createdSince = queryInstant(request, 'createdSince', settings.accountOffset) ?? -Infinity;
	const ids = queryIds(request, 'ids');
	if (ids !== undefined && ids.length > MAX_IDS) throw invalidParameter('ids should not exceed 20 elements');
	if (settings.unknownIds === 'refused' && ids?.some((id) => !store.contacts.has(id))) throw invalidParameter('Contact ID does not exist'); // prettier-ignore
	const listIds = listId === undefined ? queryIds(request, 'listIds') : [listId];
	const segmentId = queryText(request, 'segmentId');
	if (listIds !== undefined && segmentId !== undefined) {
		throw invalidParameter('Either listIds or segmentId can be passed');
	}
	// Status and code are UNCONFIRMED for a list that does not exist.
	if (listIds?.some((id) => !store.lists.has(id))) throw invalidParameter('List ID does not exist');
	const filter = queryText(request, 'filter');
	const matches = filter === undefined ? undefined : parseFilter(filter, store);
	const segment = segmentId === undefined ? undefined : store.segments.find(({ id }) => String(id) === segmentId);
	if (segmentId !== undefined && segment === undefined) throw invalidParameter('Segment ID does not exist');

	const isWanted = (contact: Contact): boolean =>
		(modifiedSince === -Infinity ||
			(listedModification(contact, settings, clock.now()) ?? -Infinity) >= modifiedSince) &&
		contact.createdAt >= createdSince &&
		(listIds === undefined || listIds.some((id) => contact.listIds.has(id))) &&
		(segment === undefined || contact.attributes[segment.attribute] === segment.value) &&
		(matches === undefined || matches(contact));
	// Of an account of millions, those that are named are not looked for among all.
	const named = ids && [...new Set(ids)].sort((a, b) => a - b).flatMap((id) => store.contacts.get(id) ?? []);
	if (named !== undefined) return named.filter(isWanted);
	const filters = [listIds, segment, matches].some((one) => one !== undefined);
	const isAll = !filters && modifiedSince === -Infinity && createdSince === -Infinity;
	return isAll ? store.inOrder() : store.inOrder().filter(isWanted);
}

function named({ store }: BrevoAccount, request: Request, where: { phones: boolean }): Contact {
	return findContact(store, String(request.params.identifier), queryText(request, 'identifierType'), where);
}
