import { z } from 'zod';
import { bodyAs, intOf, type Account, type Answer, type Api, type Call } from '../api';
import { iso } from '../contacts/contactValues';
import type { ContactList } from '../entities';
import { HubSpotError, validationError } from '../errors';
import type { Member, MemberOrder } from '../lists/listMembers';
import { decode, encode, invalidType, mustFind, READ_LISTS, WRITE_LISTS } from './lists';
import { at, LISTS } from './paths';

/** https://developers.hubspot.com/docs/api-reference/legacy/crm/lists/memberships/get-memberships-by-added-date */
const PAGE = { fallback: 100, max: 250 };
/** A whole list can be emptied by one call only below this size. */
const MAX_BULK_MEMBERS = 100_000;
const OBJECT_TYPE = '0-1';

/** Members of lists, lists of members, and changing members by hand. */
export function mountMemberships(api: Api, account: Account): void {
	api.on('post', at(LISTS, '/records/memberships/batch/read'), READ_LISTS, (call) => batchRead(account, call));
	api.on('get', at(LISTS, '/records/:objectTypeId/:recordId/memberships'), READ_LISTS, ({ params }) => {
		const id = contactId(account, params['recordId'] ?? '');
		return [200, { results: id === undefined ? [] : listsOf(account, id) }];
	});
	api.on('get', at(LISTS, '/:listId/memberships'), READ_LISTS, (call) => pageOf(account, call, 'id'));
	api.on('get', at(LISTS, '/:listId/memberships/join-order'), READ_LISTS, (call) => pageOf(account, call, 'join'));
	api.on('put', at(LISTS, '/:listId/memberships/add'), WRITE_LISTS, ({ params, body }) =>
		change(account, changeable(account, params['listId']), bodyAs(idsBody, body), []),
	);
	api.on('put', at(LISTS, '/:listId/memberships/remove'), WRITE_LISTS, ({ params, body }) =>
		change(account, changeable(account, params['listId']), [], bodyAs(idsBody, body)),
	);
	api.on('put', at(LISTS, '/:listId/memberships/add-and-remove'), WRITE_LISTS, ({ params, body }) => {
		const { recordIdsToAdd, recordIdsToRemove } = bodyAs(addAndRemoveBody, body);
		return change(account, changeable(account, params['listId']), recordIdsToAdd, recordIdsToRemove);
	});
	api.on('put', at(LISTS, '/:listId/memberships/add-from/:sourceListId'), WRITE_LISTS, ({ params }) => {
		const list = changeable(account, params['listId']);
		const source = mustFind(account, params['sourceListId']);
		if (source.members.size >= MAX_BULK_MEMBERS)
			throw validationError(`The source list has ${MAX_BULK_MEMBERS} members or more`);
		account.store.lists.add(list.id, [...source.members.ids()]);
		return [204];
	});
	api.on('delete', at(LISTS, '/:listId/memberships'), WRITE_LISTS, ({ params }) => {
		const list = changeable(account, params['listId']);
		if (list.members.size >= MAX_BULK_MEMBERS)
			throw validationError(`The list has ${MAX_BULK_MEMBERS} members or more`);
		account.store.lists.remove(list.id, [...list.members.ids()]);
		return [204];
	});
}

/** Record ids come as texts; numbers are taken as well, as the API does. */
const recordId = z.union([z.string().regex(/^\d+$/), z.number().int().nonnegative()]).transform(Number);
const idsBody = z.array(recordId);
const addAndRemoveBody = z.object({ recordIdsToAdd: idsBody.default([]), recordIdsToRemove: idsBody.default([]) });

/**
 * One page. A cursor tells order, list and the member behind which the page starts, so it stays good while members come
 * and go. There is one only while there is a further page.
 */
function pageOf(account: Account, { params, query, path }: Call, order: MemberOrder): Answer {
	const list = mustFind(account, params['listId']);
	if (list.processingType === 'ADHOC') {
		throw invalidType(list);
	}
	const limit = intOf(query, 'limit', PAGE.fallback, 1, PAGE.max);
	const isNewestFirst = order === 'join' && account.settings.joinOrder === 'newestFirst';
	const after = query.get('after');
	const before = query.get('before');
	const isBackwards = after === null && before !== null;
	const start = startOf(account, list, order, after ?? before);
	const page = list.members.page(order, start, limit, isNewestFirst !== isBackwards);
	failWideWindow(account, page.position, page.members.length, limit);
	const first = page.members[0];
	const last = page.members[page.members.length - 1];
	const cursor = (member: Member) =>
		encode([order, list.id, account.store.lists.cursorGeneration, member.at, member.id]);
	const link = (name: string, member: Member) => {
		const value = cursor(member);
		return { [name]: value, link: `https://api.hubapi.com${path}?limit=${limit}&${name}=${value}` };
	};
	const [onward, back] = isBackwards ? ['before', 'after'] : ['after', 'before'];
	const next = page.hasMore && last !== undefined ? link(onward, last) : undefined;
	const prev = page.position > 0 && first !== undefined ? link(back, first) : undefined;
	const paging = isBackwards
		? { ...(prev && { next: prev }), ...(next && { prev: next }) }
		: { ...(next && { next }), ...(prev && { prev }) };
	return [
		200,
		{
			results: page.members.map(({ id, at: time }) => ({ recordId: String(id), membershipTimestamp: iso(time) })),
			total: list.members.size,
			...(Object.keys(paging).length > 0 && { paging }),
		},
	];
}

function startOf({ store }: Account, list: ContactList, order: MemberOrder, cursor: string | null): Member | undefined {
	if (cursor === null || cursor === '') return undefined;
	const [madeFor, listId, generation, time, id] = decode(cursor);
	const isGood =
		madeFor === order &&
		listId === list.id &&
		generation === store.lists.cursorGeneration &&
		typeof time === 'number' &&
		typeof id === 'number';
	if (!isGood) throw validationError('The paging cursor is invalid');
	return { at: time, id };
}

function failWideWindow({ settings }: Account, position: number, length: number, limit: number): void {
	const bad = settings.wideWindowFailsAt;
	if (bad === null || limit <= 50 || bad < position || bad >= position + length) return;
	throw new HubSpotError(500, { message: 'internal error' });
}

/** The list of a path if its members can be changed by calls: those of active lists cannot (H25). */
function changeable(account: Account, listId: string | undefined): ContactList {
	const list = mustFind(account, listId);
	if (list.processingType === 'DYNAMIC') {
		throw invalidType(list);
	}
	return list;
}

/** Unknown ids and existing members are ignored, not errors; empty arrays are left out of the answer. */
function change(account: Account, list: ContactList, toAdd: readonly number[], toRemove: readonly number[]): Answer {
	const { store, settings } = account;
	if (toAdd.length + toRemove.length > settings.membershipChangeLimit) {
		throw validationError(`At most ${settings.membershipChangeLimit} records can be changed at once`);
	}
	const known = toAdd.map((id) => store.contacts.live(id)?.id);
	const missing = toAdd.filter((_id, index) => known[index] === undefined);
	const added = store.lists.add(
		list.id,
		known.filter((id) => id !== undefined),
	);
	const removed = store.lists.remove(list.id, toRemove);
	return [
		200,
		{
			...(added.length > 0 && { recordsIdsAdded: added.map(String) }),
			...(removed.length > 0 && { recordIdsRemoved: removed.map(String) }),
			...(missing.length > 0 && { recordIdsMissing: missing.map(String) }),
		},
	];
}

function contactId({ store }: Account, text: string): number | undefined {
	if (!/^\d{1,15}$/.test(text)) throw validationError(`Invalid record ID: ${text}`);
	return store.contacts.contacts.has(Number(text)) ? Number(text) : undefined;
}

function listsOf({ store }: Account, id: number): Array<Record<string, unknown>> {
	return store.lists.all().flatMap((list) => {
		const times = list.members.times(id);
		if (times === undefined) return [];
		return [
			{
				listId: String(list.id),
				listVersion: list.listVersion,
				isPublicList: true,
				firstAddedTimestamp: iso(times.first),
				lastAddedTimestamp: iso(times.last),
			},
		];
	});
}

const batchBody = z.object({
	inputs: z.array(z.object({ objectTypeId: z.literal(OBJECT_TYPE), recordId: z.string() })),
});

function batchRead(account: Account, { body }: Call): Answer {
	const { inputs } = bodyAs(batchBody, body);
	const { membershipBatchLimit: max } = account.settings;
	if (inputs.length === 0 || inputs.length > max) {
		throw validationError(`The number of inputs must be between 1 and ${max}, was ${inputs.length}`);
	}
	const startedAt = iso(account.now());
	const results: unknown[] = [];
	const missing: string[] = [];
	for (const input of inputs) {
		const id = contactId(account, input.recordId);
		if (id === undefined) missing.push(input.recordId);
		else
			results.push({
				objectTypeId: OBJECT_TYPE,
				recordId: input.recordId,
				recordListMemberships: listsOf(account, id),
			});
	}
	const answer = { status: 'COMPLETE', results, startedAt, completedAt: iso(account.now()) };
	if (missing.length === 0) return [200, answer];
	const error = {
		status: 'error',
		category: 'OBJECT_NOT_FOUND',
		message: 'Some records do not exist',
		context: { ids: missing },
		errors: [],
		links: {},
	};
	return [207, { ...answer, numErrors: 1, errors: [error] }];
}
