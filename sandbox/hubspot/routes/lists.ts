import { z } from 'zod';
import { bodyAs, type Account, type Answer, type Api, type Call } from '../api';
import { iso } from '../contacts/contactValues';
import type { ContactList } from '../entities';
import { HubSpotError, listNotFound, notFound, validationError } from '../errors';
import { at, LISTS, NEW_LISTS } from './paths';

export const READ_LISTS = { scopes: [['crm.lists.read'], ['crm.segments.read']] };
export const WRITE_LISTS = {
	scopes: ['crm.lists.read', 'crm.segments.read'].flatMap((read) =>
		['crm.lists.write', 'crm.segments.write', 'cms.membership.access_groups.write'].map((write) => [read, write]),
	),
};
const CREATE_LISTS = { scopes: [['crm.lists.write'], ['crm.segments.write'], ['cms.membership.access_groups.write']] };

const OBJECT_TYPE = '0-1';
const MAX_COUNT = 500;
/** Offsets of a list search stop here (seen by singer-io/tap-hubspot). */
const MAX_OFFSET = 10_000;

/** Finding, making and changing lists. */
export function mountLists(api: Api, account: Account): void {
	api.on('post', at(LISTS, '/search'), READ_LISTS, (call) => searchLists(account, call));
	api.on('post', at(NEW_LISTS, '/all'), READ_LISTS, (call) => walkLists(account, call));
	api.on('get', at(LISTS, ''), READ_LISTS, ({ query }) => {
		const withFilters = query.get('includeFilters') === 'true';
		const lists = query.getAll('listIds').map((id) => account.store.lists.live(id));
		return [
			200,
			{ lists: lists.flatMap((list) => (list === undefined ? [] : [listToJson(account, list, withFilters)])) },
		];
	});
	api.on('post', at(LISTS, ''), CREATE_LISTS, ({ body }) => createList(account, body));
	api.on('get', at(LISTS, '/object-type-id/:objectTypeId/name/:listName'), READ_LISTS, ({ params, query }) => {
		const list =
			params['objectTypeId'] === OBJECT_TYPE ? account.store.lists.byName(params['listName'] ?? '') : undefined;
		if (list === undefined)
			throw notFound(`List does not exist with name ${params['listName'] ?? ''} and object type ID 0-1.`);
		return [200, { list: listToJson(account, list, query.get('includeFilters') === 'true') }];
	});
	api.on('get', at(LISTS, '/:listId'), READ_LISTS, ({ params, query }) => {
		return [
			200,
			{ list: listToJson(account, mustFind(account, params['listId']), query.get('includeFilters') === 'true') },
		];
	});
	api.on('delete', at(LISTS, '/:listId'), WRITE_LISTS, ({ params }) => {
		account.store.lists.delete(mustFind(account, params['listId']).id);
		return [204];
	});
	api.on('put', at(LISTS, '/:listId/restore'), WRITE_LISTS, ({ params }) => {
		const list = account.store.lists.lists.get(Number(params['listId']));
		if (list === undefined) throw listNotFound(params['listId'] ?? '');
		account.store.restoreList(list.id);
		return [204];
	});
	api.on('put', at(LISTS, '/:listId/update-list-filters'), WRITE_LISTS, ({ params, body }) => {
		const list = mustFind(account, params['listId']);
		if (list.processingType !== 'DYNAMIC') throw invalidType(list);
		account.store.editFilters(list.id, bodyAs(filtersBody, body).filterBranch);
		return [200, { updatedList: listToJson(account, list, true) }];
	});
	api.on('put', at(LISTS, '/:listId/update-list-name'), WRITE_LISTS, ({ params, query }) => {
		const list = mustFind(account, params['listId']);
		const name = query.get('listName') ?? '';
		if (name === '') throw validationError('listName must not be empty');
		refuseTakenName(account, name, list);
		account.store.lists.rename(list.id, name);
		return [200, { updatedList: listToJson(account, list, false) }];
	});
}

/** The list of a path, or HubSpot's 404; deleted lists are gone. */
export function mustFind({ store }: Account, listId: string | undefined): ContactList {
	if (!/^\d+$/.test(listId ?? '')) throw validationError(`Invalid list ID: ${listId}`);
	const list = store.lists.live(listId ?? '');
	if (list === undefined) throw listNotFound(listId ?? '');
	return list;
}

function listToJson(account: Account, list: ContactList, withFilters: boolean): Record<string, unknown> {
	return {
		...commonFields(account, list),
		size: list.members.size,
		...(withFilters && list.filterBranch !== undefined && { filterBranch: list.filterBranch }),
	};
}

function commonFields({ settings }: Account, list: ContactList): Record<string, unknown> {
	const staysProcessing = list.processingType === 'MANUAL' && settings.staticListsStayProcessing;
	const filtersUpdatedAt = staysProcessing ? list.createdAt + 1_000 : list.filtersUpdatedAt;
	return {
		listId: String(list.id),
		listVersion: list.listVersion,
		name: list.name,
		objectTypeId: OBJECT_TYPE,
		processingType: list.processingType,
		processingStatus: staysProcessing ? 'PROCESSING' : list.processingStatus,
		createdAt: iso(list.createdAt),
		updatedAt: iso(list.updatedAt),
		...(filtersUpdatedAt !== undefined && { filtersUpdatedAt: iso(filtersUpdatedAt) }),
		createdById: '7001',
		updatedById: '7001',
	};
}

const strings = z.array(z.string()).optional();
const processingTypes = z.array(z.enum(['MANUAL', 'DYNAMIC', 'SNAPSHOT', 'ADHOC'])).optional();
const searchBody = z.object({
	query: z.string().optional(),
	listIds: strings,
	processingTypes,
	objectTypeId: z.string().optional(),
	count: z.number().int().optional(),
	offset: z.number().int().min(0).optional(),
	sort: z.string().optional(),
	additionalProperties: strings,
});

function searchLists(account: Account, { body }: Call): Answer {
	const asked = bodyAs(searchBody, body);
	const count = checkCount(asked.count);
	const offset = asked.offset ?? 0;
	if (offset >= MAX_OFFSET) throw validationError(`offset must be below ${MAX_OFFSET}`);
	const query = asked.query?.trim().toLowerCase() ?? '';
	const found = matching(account, asked).filter(
		({ id, name }) =>
			name.toLowerCase().includes(query) &&
			(asked.listIds === undefined || asked.listIds.length === 0 || asked.listIds.includes(String(id))),
	);
	sortLists(found, asked.sort);
	const page = found.slice(offset, offset + count);
	const end = offset + page.length;
	return [
		200,
		{
			offset: end,
			hasMore: end < found.length,
			total: found.length,
			lists: page.map((list) => searchResult(account, list)),
		},
	];
}

/** Known sorts; the full set is not documented, so others are refused. */
function sortLists(lists: ContactList[], sort: string | undefined): void {
	switch (sort) {
		case undefined:
		case 'HS_LIST_ID':
			return;
		case '-HS_LIST_ID':
			lists.reverse();
			return;
		case 'HS_UPDATED_AT':
			lists.sort((a, b) => a.updatedAt - b.updatedAt);
			return;
		case '-HS_UPDATED_AT':
			lists.sort((a, b) => b.updatedAt - a.updatedAt);
			return;
		default:
			throw validationError(`Unknown sort: ${sort}`);
	}
}

function matching(
	{ store }: Account,
	asked: { objectTypeId?: string | undefined; processingTypes?: string[] | undefined },
): ContactList[] {
	if (asked.objectTypeId !== undefined && asked.objectTypeId !== OBJECT_TYPE) return [];
	const types = asked.processingTypes ?? [];
	return store.lists.all().filter(({ processingType }) => types.length === 0 || types.includes(processingType));
}

function checkCount(count = 20): number {
	if (count < 1 || count > MAX_COUNT) throw validationError(`count must be between 1 and ${MAX_COUNT}, was ${count}`);
	return count;
}

/** Search results tell size and newest changes as texts, without being asked to. */
function searchResult(account: Account, list: ContactList): Record<string, unknown> {
	const { settings, now } = account;
	const stats = list.members.statsAt(now() - settings.listStatsDelayMs);
	return {
		...commonFields(account, list),
		additionalProperties: {
			hs_list_size: String(stats.size),
			hs_list_reference_count: '0',
			...(stats.lastAddedAt !== undefined && { hs_last_record_added_at: String(stats.lastAddedAt) }),
			...(stats.lastRemovedAt !== undefined && { hs_last_record_removed_at: String(stats.lastRemovedAt) }),
		},
	};
}

const walkBody = z.object({
	objectTypeId: z.string().optional(),
	processingTypes: z.array(z.string()).optional(),
	count: z.number().int().optional(),
	additionalProperties: strings,
	after: z.string().optional(),
});

function walkLists(account: Account, { body }: Call): Answer {
	const asked = bodyAs(walkBody, body);
	const count = checkCount(asked.count);
	if (asked.processingTypes?.some((type) => !['MANUAL', 'DYNAMIC', 'SNAPSHOT'].includes(type)) === true) {
		throw refused('Unknown processing type', 'INVALID_PROCESSING_TYPE');
	}
	const filters = JSON.stringify([asked.objectTypeId ?? null, asked.processingTypes ?? []]);
	let from = 0;
	if (asked.after !== undefined) {
		const [id, made] = decode(asked.after);
		if (typeof id !== 'number' || made !== filters)
			throw refused('The cursor is invalid for this query', 'INVALID_CURSOR');
		from = id;
	}
	const found = matching(account, asked).filter(({ id }) => id > from);
	const page = found.slice(0, count);
	const last = page[page.length - 1];
	const after = last !== undefined && found.length > count ? encode([last.id, filters]) : undefined;
	return [
		200,
		{
			results: page.map((list) => searchResult(account, list)),
			...(after !== undefined && { paging: { next: { after } } }),
		},
	];
}

/** HubSpot's 400 with a kind of its own. */
function refused(message: string, subCategory: string): HubSpotError {
	return new HubSpotError(400, { message, category: 'VALIDATION_ERROR', subCategory });
}

/** Cursors are opaque to callers. */
export function encode(position: readonly unknown[]): string {
	return Buffer.from(JSON.stringify(position)).toString('base64url');
}

/** The parts of a cursor; empty when it is none. */
export function decode(cursor: string): unknown[] {
	try {
		const position: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
		return Array.isArray(position) ? (position as unknown[]) : [];
	} catch {
		return [];
	}
}

const filtersBody = z.object({ filterBranch: z.record(z.unknown()) });
const createBody = z.object({
	name: z.string().min(1),
	objectTypeId: z.literal(OBJECT_TYPE),
	processingType: z.enum(['MANUAL', 'DYNAMIC', 'SNAPSHOT']),
	filterBranch: z.unknown(),
});

function createList(account: Account, body: unknown): Answer {
	const { store } = account;
	const { name, processingType, filterBranch } = bodyAs(createBody, body);
	refuseTakenName(account, name);
	const list =
		processingType === 'MANUAL' || filterBranch === undefined
			? store.lists.create(name, processingType)
			: store.lists.mustHave(Number(store.createFilteredList(name, filterBranch, processingType)));
	return [200, { list: listToJson(account, list, true) }];
}

/** Names are unique, without regard to case. */
function refuseTakenName({ store }: Account, name: string, own?: ContactList): void {
	const other = store.lists.byName(name);
	if (other === undefined || other === own) return;
	throw refused(`List name '${name}' is already used by another list.`, 'ILS.DUPLICATE_LIST_NAMES');
}

/** A list of this type does not do what was asked of it. */
export function invalidType({ id, processingType }: ContactList): HubSpotError {
	return refused(
		`List ${id} has processing type ${processingType}, which is an invalid processing type for this operation.`,
		'ILS.INVALID_PROCESSING_TYPE',
	);
}
