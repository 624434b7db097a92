import type { Request, Response, Router } from 'express';
import type { BrevoAccount } from '../account';
import { invalidParameter, missingParameter, notFound } from '../brevoError';
import type { Contact, ContactList } from '../entities';
import { contactBody, listBody, segmentBody, timestamp } from '../format';
import { normalEmail } from '../contacts/identifiers';
import {
	bodyOf,
	optionalFlag,
	optionalId,
	optionalIds,
	optionalText,
	optionalTexts,
	pageOf,
	paging,
	pathId,
	requiredText,
	type Body,
} from '../readParameters';
import { selectContacts } from './contacts';

const LISTS_PAGE = { max: 50, standard: 10 };
const MEMBERS_PAGE = { max: 500, standard: 50 };
const SEGMENTS_PAGE = { max: 50, standard: 10 };
/** Contacts that one add or remove call takes. */
const MAX_ENTRIES = 150;

export function listRoutes(router: Router, account: BrevoAccount): void {
	const { store, settings, processes, clock } = account;

	router.get('/contacts/lists', (request, response) => {
		const page = paging(request, LISTS_PAGE);
		const lists = [...store.lists.values()];
		response.json({
			lists: pageOf(lists, page).map((list) => listBody(list, settings, clock.now())),
			count: lists.length,
		});
	});

	router.post('/contacts/lists', (request, response) => {
		const body = bodyOf(request);
		const name = requiredText(body, 'name');
		const folderId = optionalId(body, 'folderId');
		if (folderId === undefined) throw missingParameter('folderId is missing');
		response.status(201).json({ id: createList(account, name, folderId).id });
	});

	router.get('/contacts/lists/:listId', (request, response) => {
		const list = listOf(account, request);
		response.json({
			...listBody(list, settings, clock.now()),
			createdAt: timestamp(list.createdAt, settings.accountOffset),
			campaignStats: [],
			dynamicList: false,
		});
	});

	router.put('/contacts/lists/:listId', (request, response) => {
		const list = listOf(account, request);
		const body = bodyOf(request);
		const name = optionalText(body, 'name');
		const folderId = optionalId(body, 'folderId');
		if ((name === undefined) === (folderId === undefined)) {
			throw invalidParameter('Either name or folderId can be updated at a time');
		}
		if (folderId !== undefined && !store.folders.has(folderId)) throw invalidParameter('Folder ID does not exist');
		list.name = name ?? list.name;
		list.folderId = folderId ?? list.folderId;
		response.status(204).end();
	});

	router.delete('/contacts/lists/:listId', (request, response) => {
		store.deleteList(listOf(account, request));
		response.status(204).end();
	});

	router.get('/contacts/lists/:listId/contacts', (request, response) => {
		const list = listOf(account, request);
		const page = paging(request, MEMBERS_PAGE);
		const found = selectContacts(account, request, list.id);
		response.json({
			contacts: pageOf(found, page).map((contact) => contactBody(contact, store, settings)),
			count: found.length,
		});
	});

	router.post('/contacts/lists/:listId/contacts/add', (request, response) => {
		const list = listOf(account, request);
		const entries = namedContacts(account, bodyOf(request));
		const outcome = split(entries, ({ contact }) => contact !== undefined && !list.members.has(contact.id));
		outcome.taken.forEach(({ contact }) => {
			store.changeContact(contact as Contact, { addTo: [list.id] }, 'lists');
		});
		answerEntries(account, response, outcome, 'Contact already in list and/or does not exist');
	});

	router.post('/contacts/lists/:listId/contacts/remove', (request, response) => {
		const list = listOf(account, request);
		const body = bodyOf(request);
		if (optionalFlag(body, 'all') === true) {
			response.status(201).json({ contacts: processes.startEmptying(list.id) });
			return;
		}
		const entries = namedContacts(account, body);
		const outcome = split(entries, ({ contact }) => contact !== undefined && list.members.has(contact.id));
		outcome.taken.forEach(({ contact }) => {
			store.changeContact(contact as Contact, { removeFrom: [list.id] }, 'lists');
		});
		answerEntries(account, response, outcome, 'Contact already removed from list and/or does not exist');
	});

	router.get('/contacts/segments', (request, response) => {
		const page = paging(request, SEGMENTS_PAGE);
		response.json({
			segments: pageOf(store.segments, page).map((segment) => segmentBody(segment, settings)),
			count: store.segments.length,
		});
	});
}

/** A new list in an existing folder, as POST /contacts/lists and an import with `newList` make it. */
export function createList({ store, settings }: BrevoAccount, name: string, folderId: number): ContactList {
	// "Folder ID does not exist" with `document_not_found` was seen in the wild for this call.
	if (!store.folders.has(folderId)) throw notFound('Folder ID does not exist');
	if (settings.listNamesUnique && [...store.lists.values()].some((list) => list.name === name)) {
		throw invalidParameter('List name must be unique');
	}
	return store.createList(name, folderId);
}

interface Entry {
	readonly sent: string | number;
	readonly contact: Contact | undefined;
}

/** Exactly one of `emails`, `ids` and `extIds`, with 1 to 150 entries. */
function namedContacts({ store }: BrevoAccount, body: Body): Entry[] {
	const emails = optionalTexts(body, 'emails');
	const ids = optionalIds(body, 'ids');
	const extIds = optionalTexts(body, 'extIds');
	const given = [emails, ids, extIds].filter((entries) => entries !== undefined);
	if (given.length !== 1) throw invalidParameter('Exactly one of emails, ids and extIds should be passed');
	const count = given[0]?.length ?? 0;
	if (count < 1 || count > MAX_ENTRIES) throw invalidParameter(`Between 1 and ${MAX_ENTRIES} contacts can be passed`);
	if (emails !== undefined) {
		return emails.map((sent) => ({ sent, contact: store.owner('email', normalEmail(sent) ?? '') }));
	}
	if (ids !== undefined) return ids.map((sent) => ({ sent, contact: store.contacts.get(sent) }));
	return (extIds ?? []).map((sent) => ({ sent, contact: store.owner('ext_id', sent) }));
}

function split(entries: readonly Entry[], fits: (entry: Entry) => boolean): { taken: Entry[]; failed: Entry[] } {
	return { taken: entries.filter(fits), failed: entries.filter((entry) => !fits(entry)) };
}

function answerEntries(
	{ settings }: BrevoAccount,
	response: Response,
	{ taken, failed }: { taken: Entry[]; failed: Entry[] },
	allFailed: string,
): void {
	if (taken.length === 0 && settings.allFailedIsBadRequest) throw invalidParameter(allFailed);
	const sent = (entries: readonly Entry[]) => entries.map((entry) => entry.sent);
	response.status(201).json({ contacts: { success: sent(taken), failure: sent(failed) } });
}

function listOf({ store }: BrevoAccount, request: Request): ContactList {
	const list = store.lists.get(pathId(request, 'listId') ?? -1);
	if (list === undefined) throw notFound('List ID does not exist');
	return list;
}
