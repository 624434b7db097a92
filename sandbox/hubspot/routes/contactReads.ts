import { z } from 'zod';
import { bodyAs, intOf, manyOf, type Account, type Answer, type Api, type Call } from '../api';
import { contactToJson, iso } from '../contacts/contactValues';
import type { Contact } from '../entities';
import { notFound, validationError } from '../errors';
import { OPERATORS, searchContacts, type Sort } from '../contacts/search';
import { at, CONTACTS } from './paths';

const READ = { scopes: [['crm.objects.contacts.read']] };

/** Inputs of a batch call: 100, or 50 when history is asked for. */
const BATCH_LIMIT = 100;
const HISTORY_LIMIT = 50;
const HISTORY_MESSAGE =
	'The maximum number of inputs supported in a batch request for property histories is 50. Please reduce the number of items and try again';

/** Contact list, one contact, batch read and search. */
export function mountContactReads(api: Api, account: Account): void {
	api.on('get', at(CONTACTS, ''), READ, (call) => listContacts(account, call));
	api.on('post', at(CONTACTS, '/batch/read'), READ, (call) => batchRead(account, call));
	api.on('post', at(CONTACTS, '/search'), { ...READ, isSearch: true }, (call) => search(account, call));
	api.on('get', at(CONTACTS, '/:contactId'), READ, ({ params, query }) => {
		const { store } = account;
		const key = params['contactId'] ?? '';
		checkIdProperty(account, query.get('idProperty'));
		const isArchived = query.get('archived') === 'true';
		const found = store.contacts.find(query.get('idProperty') ?? undefined, key);
		const contact = isArchived ? archivedOf(store.contacts.contacts.get(Number(key))) : found;
		if (contact === undefined) throw notFound();
		const withHistory = manyOf(query, 'propertiesWithHistory');
		return [200, contactToJson(store.definitions, contact, manyOf(query, 'properties'), withHistory)];
	});
}

function archivedOf(contact: Contact | undefined): Contact | undefined {
	return contact?.archivedAt === undefined ? undefined : contact;
}

function listContacts({ store }: Account, { query, path }: Call): Answer {
	const withHistory = manyOf(query, 'propertiesWithHistory');
	const limit = intOf(query, 'limit', 10, 1, withHistory.length > 0 ? HISTORY_LIMIT : BATCH_LIMIT);
	const isArchived = query.get('archived') === 'true';
	const after = query.get('after') ?? '0';
	if (!/^\d{1,15}$/.test(after)) throw validationError(`Invalid value for 'after': ${after}`);
	const ids = [...store.contacts.contacts.values()]
		.filter(({ id, archivedAt }) => id >= Number(after) && (archivedAt !== undefined) === isArchived)
		.sort((a, b) => a.id - b.id)
		.slice(0, limit + 1);
	const next = ids[limit]?.id;
	return [
		200,
		{
			results: ids
				.slice(0, limit)
				.map((contact) => contactToJson(store.definitions, contact, manyOf(query, 'properties'), withHistory)),
			...(next !== undefined && { paging: { next: nextLink(path, query, String(next)) } }),
		},
	];
}

function nextLink(path: string, query: URLSearchParams, after: string): { after: string; link: string } {
	const copy = new URLSearchParams(query);
	copy.set('after', after);
	return { after, link: `https://api.hubapi.com${path}?${copy.toString()}` };
}

const names = z.array(z.string()).nullish();
const batchReadBody = z.object({
	inputs: z.array(z.object({ id: z.string() })),
	properties: names,
	propertiesWithHistory: names,
	idProperty: z.string().nullish(),
});

function batchRead(account: Account, { body, query }: Call): Answer {
	const { store, now } = account;
	const startedAt = iso(now());
	const { inputs, idProperty, ...asked } = bodyAs(batchReadBody, body);
	checkIdProperty(account, idProperty);
	const withHistory = asked.propertiesWithHistory ?? [];
	if (withHistory.length > 0 && inputs.length > HISTORY_LIMIT) throw validationError(HISTORY_MESSAGE);
	checkBatchSize(inputs.length);
	const isArchived = query.get('archived') === 'true';
	const found = new Map<number, Contact>();
	const missing: string[] = [];
	for (const { id } of inputs) {
		const contact = isArchived
			? archivedOf(store.contacts.contacts.get(Number(id)))
			: store.contacts.find(idProperty ?? undefined, id);
		const isOther = (idProperty ?? 'hs_object_id') === 'hs_object_id' && String(contact?.id) !== id;
		if (contact === undefined || (isOther && !account.settings.batchReadsRedirect)) missing.push(id);
		else found.set(contact.id, contact);
	}
	// In an order of its own: HubSpot promises none.
	const results = [...found.values()]
		.sort((a, b) => a.id - b.id)
		.map((contact) => contactToJson(store.definitions, contact, asked.properties ?? [], withHistory));
	const answer = { status: 'COMPLETE', results, startedAt, completedAt: iso(now()) };
	if (missing.length === 0) return [200, answer];
	const error = {
		status: 'error',
		category: 'OBJECT_NOT_FOUND',
		message: 'Could not get some CONTACT objects, they may be deleted or not exist. Check that ids are valid.',
		context: { ids: missing },
		errors: [],
		links: {},
	};
	return [207, { ...answer, numErrors: 1, errors: [error] }];
}

/** Only properties with unique values identify a contact. */
function checkIdProperty({ store }: Account, name: string | null | undefined): void {
	if (name === null || name === undefined || store.definitions.get(name)?.hasUniqueValue === true) return;
	throw validationError(`Property ${name} is not a unique property and cannot be used as idProperty`);
}

/** Batches of more than 100 inputs, and empty ones, are refused. */
export function checkBatchSize(size: number): void {
	if (size > BATCH_LIMIT) {
		throw validationError(
			`The maximum number of inputs supported in a batch request is ${BATCH_LIMIT}. Please reduce the number of items and try again`,
		);
	}
	if (size === 0) throw validationError('inputs must not be empty');
}

/** Limits of https://developers.hubspot.com/docs/api-reference/latest/crm/search-the-crm. */
const SEARCH = { page: 200, total: 10_000, groups: 5, filters: 6, allFilters: 18 };

const filter = z.object({
	propertyName: z.string(),
	operator: z.enum(OPERATORS),
	value: z.coerce.string().optional(),
	highValue: z.coerce.string().optional(),
	values: z.array(z.coerce.string()).optional(),
});
const searchBody = z.object({
	filterGroups: z.array(z.object({ filters: z.array(filter) })).default([]),
	sorts: z
		.array(
			z.union([
				z.string(),
				z.object({ propertyName: z.string(), direction: z.enum(['ASCENDING', 'DESCENDING']).default('ASCENDING') }),
			]),
		)
		.default([]),
	query: z.string().optional(),
	properties: z.array(z.string()).default([]),
	limit: z.number().int().default(10),
	after: z.union([z.string(), z.number()]).optional(),
});

function search({ store }: Account, { body }: Call): Answer {
	const asked = bodyAs(searchBody, body);
	const { filterGroups, sorts, limit } = asked;
	if (limit < 1 || limit > SEARCH.page)
		throw validationError(`The maximum page size is ${SEARCH.page}; limit was ${limit}`);
	if (filterGroups.length > SEARCH.groups)
		throw validationError(`The number of filter groups exceeds the maximum of ${SEARCH.groups}`);
	if (filterGroups.some(({ filters }) => filters.length > SEARCH.filters)) {
		throw validationError(`The number of filters in a group exceeds the maximum of ${SEARCH.filters}`);
	}
	if (filterGroups.reduce((sum, { filters }) => sum + filters.length, 0) > SEARCH.allFilters) {
		throw validationError(`The total number of filters exceeds the maximum of ${SEARCH.allFilters}`);
	}
	if (sorts.length > 1) throw validationError('Only one sort is supported');
	const after = String(asked.after ?? '0');
	if (!/^\d{1,9}$/.test(after)) throw validationError(`after must be an integer value, was: ${after}`);
	const offset = Number(after);
	if (offset >= SEARCH.total) {
		throw validationError(`Paging through results is limited to ${SEARCH.total}; after was ${offset}`);
	}
	const hits = searchContacts(store.contacts, {
		groups: filterGroups.map(({ filters }) => filters),
		...(sorts[0] !== undefined && { sort: asSort(sorts[0]) }),
		...(asked.query !== undefined && { text: asked.query }),
	});
	const page = hits.slice(offset, Math.min(offset + limit, SEARCH.total));
	const end = offset + page.length;
	return [
		200,
		{
			total: hits.length,
			results: page.map((contact) => contactToJson(store.definitions, contact, asked.properties)),
			...(end < hits.length && { paging: { next: { after: String(end) } } }),
		},
	];
}

function asSort(sort: string | Sort): Sort {
	if (typeof sort !== 'string') return sort;
	return sort.startsWith('-')
		? { propertyName: sort.slice(1), direction: 'DESCENDING' }
		: { propertyName: sort, direction: 'ASCENDING' };
}
