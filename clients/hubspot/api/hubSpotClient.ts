import type { Clock, HttpPort } from '../../../core/ports';
import type { CallSettings, VendorCalls } from '../../../core/calls/vendorCalls';
import { inSmallerParts } from '../../../core/calls/pages/smallerPages';
import type { Result } from '../../../core/result';
import { ok } from '../../../core/result';
import { isNotFound } from './classify';
import { hubSpotCalls } from './hubSpotCalls';
import type { HubSpotLimits } from './limits';
import { HUBSPOT_LIMITS } from './limits';
import type { HubSpotAccount, HubSpotContact, HubSpotList, HubSpotProperty, Member } from './types';
import {
	accountAnswer,
	batchReadAnswer,
	contactIdAnswer,
	contactsAnswer,
	instantOf,
	listSearchAnswer,
	membersAnswer,
	membershipsAnswer,
	propertiesAnswer,
	searchAnswer,
	toContact,
	toList,
	toProperties,
} from './types';

export type { CallSettings } from '../../../core/calls/vendorCalls';

export const HUBSPOT_BASE_URL = 'https://api.hubapi.com';

/** Dated versions appear each March and September and are kept for 18 months. */
const VERSION = '2026-09';
export const LISTS = `/crm/lists/${VERSION}`;
export const CONTACTS = `/crm/objects/${VERSION}/contacts`;
export const COMMUNICATION = `/communication-preferences/${VERSION}`;
export const IMPORTS = `/crm/imports/${VERSION}`;
const PROPERTIES = `/crm/properties/${VERSION}/contacts`;
const ACCOUNT = `/account-info/${VERSION}/details`;
/** HubSpot's type id of contacts. */
export const CONTACT_TYPE = '0-1';

export interface Page<T> {
	readonly items: readonly T[];
	/** Where the next page begins; absent on the last one. */
	readonly next?: string;
}

export interface ListSearch {
	readonly name?: string;
	readonly ids?: readonly string[];
	/** `DYNAMIC`, `MANUAL`, `SNAPSHOT`. */
	readonly processingTypes?: readonly string[];
	readonly offset?: number;
	readonly count?: number;
}

export interface SearchFilter {
	readonly propertyName: string;
	readonly operator: 'GTE' | 'LTE' | 'GT' | 'EQ' | 'NOT_IN' | 'HAS_PROPERTY';
	readonly value?: string;
	/** Of NOT_IN. */
	readonly values?: readonly string[];
}

export interface ContactSearch {
	/** Groups are alternatives; the filters of one group hold together. */
	readonly filterGroups: readonly { readonly filters: readonly SearchFilter[] }[];
	/** HubSpot takes one sort. */
	readonly sort: { readonly propertyName: string; readonly direction: 'ASCENDING' | 'DESCENDING' };
	readonly properties: readonly string[];
}

/** HubSpot's endpoints, one method each. Every method only reads. */
export class HubSpotClient {
	private readonly calls: VendorCalls;

	constructor(
		http: HttpPort,
		clock: Clock,
		readonly limits: HubSpotLimits,
		settings: CallSettings = {},
	) {
		this.calls = hubSpotCalls(http, clock, limits, settings);
	}

	/** Calls sent so far, repeated ones included. */
	get sent(): number {
		return this.calls.sent;
	}

	/** HubSpot's own time, ms since 1970. */
	serverNow(): number {
		return this.calls.serverNow();
	}

	/** The account the credential belongs to. Needs no scope of its own. */
	async account(): Promise<Result<HubSpotAccount>> {
		const answer = await this.calls.read({ method: 'GET', path: ACCOUNT }, accountAnswer, 'reading the account');
		return answer.kind === 'ok'
			? ok({ portalId: answer.value.portalId, timeZone: answer.value.timeZone ?? undefined })
			: answer;
	}

	/** Lists by name or id, with size and the instants of the last addition and removal; at most 500 a page. */
	async searchLists(search: ListSearch): Promise<Result<Page<HubSpotList>>> {
		const body = {
			query: search.name ?? '',
			...(search.ids ? { listIds: search.ids } : {}),
			...(search.processingTypes ? { processingTypes: search.processingTypes } : {}),
			offset: search.offset ?? 0,
			count: Math.min(search.count ?? HUBSPOT_LIMITS.listsPage, HUBSPOT_LIMITS.listsPage),
			additionalProperties: ['hs_list_size', 'hs_last_record_added_at', 'hs_last_record_removed_at'],
		};
		const answer = await this.calls.read(
			{ method: 'POST', path: `${LISTS}/search`, body },
			listSearchAnswer,
			'reading the lists',
		);
		if (answer.kind !== 'ok') return answer;
		const { lists, hasMore, offset } = answer.value;
		const present = lists.filter((list) => instantOf(list.deletedAt) === undefined).map(toList);
		return ok({ items: present, next: hasMore && typeof offset === 'number' ? String(offset) : undefined });
	}

	/** A page of the membership log in the order of joining. Which end comes first is not documented. */
	async membersByJoinOrder(
		listId: string,
		after: string | undefined,
		limit: number = HUBSPOT_LIMITS.membersPage,
	): Promise<Result<Page<Member>>> {
		return await this.members(listId, '/memberships/join-order', after, limit);
	}

	/** A page of the members in the order of their record ids. */
	async membersById(
		listId: string,
		after: string | undefined,
		limit: number = HUBSPOT_LIMITS.membersPage,
	): Promise<Result<Page<Member>>> {
		return await this.members(listId, '/memberships', after, limit);
	}

	/** The lists each of these contacts is in now, by record id; contacts HubSpot does not know may be absent. */
	async listsOf(ids: readonly string[]): Promise<Result<ReadonlyMap<string, ReadonlySet<string>>>> {
		const lists = new Map<string, ReadonlySet<string>>();
		const read = await inSmallerParts(ids, this.limits.listReads, async (part) => await this.listsOfPart(part, lists));
		return read.kind === 'ok' ? ok(lists) : read;
	}

	private async listsOfPart(ids: readonly string[], lists: Map<string, ReadonlySet<string>>): Promise<Result<[]>> {
		const waiting = [ids];
		for (let chunk = waiting.shift(); chunk; chunk = waiting.shift()) {
			const body = { inputs: chunk.map((recordId) => ({ objectTypeId: CONTACT_TYPE, recordId })) };
			const answer = await this.calls.read(
				{ method: 'POST', path: `${LISTS}/records/memberships/batch/read`, body },
				membershipsAnswer,
				'reading the lists of the changed contacts',
			);
			if (answer.kind === 'refused' && (answer.status === 400 || answer.status === 413) && chunk.length > 1) {
				// The most records a call may name is not documented; a refusal halves it.
				waiting.unshift(...chunksOf(chunk, Math.ceil(chunk.length / 2)));
				continue;
			}
			if (answer.kind !== 'ok') return answer;
			for (const { recordId, recordListMemberships } of answer.value.results) {
				lists.set(recordId, new Set(recordListMemberships?.map(({ listId }) => listId)));
			}
		}
		return ok([]);
	}

	/**
	 * Contacts by record id, at most 100 (50 with history). Ids that no longer exist are absent from the answer; so are those
	 * in the recycle bin, unless `archived` is set, and then only them.
	 */
	async contacts(
		ids: readonly string[],
		properties: readonly string[],
		{ withHistory = [], archived = false }: { withHistory?: readonly string[]; archived?: boolean } = {},
	): Promise<Result<readonly HubSpotContact[]>> {
		const { reads, historyReads } = this.limits;
		const more = withHistory.length > 0 ? { propertiesWithHistory: withHistory } : {};
		const doing = archived ? 'reading deleted contacts' : 'reading contacts';
		return await inSmallerParts(ids, withHistory.length > 0 ? historyReads : reads, async (part) => {
			const inputs = part.map((id) => ({ id }));
			return await this.readBatch({ inputs, properties, ...more }, archived, doing);
		});
	}

	/**
	 * Contacts by another property that is unique (an address, or a key of ours), at most 100. Those that are not found are absent.
	 * Whether a further address of a contact finds it is not documented.
	 */
	async contactsBy(
		idProperty: string,
		values: readonly string[],
		properties: readonly string[],
	): Promise<Result<readonly HubSpotContact[]>> {
		return await inSmallerParts(values, this.limits.reads, async (part) => {
			const inputs = part.map((id) => ({ id }));
			return await this.readBatch({ idProperty, inputs, properties }, false, 'looking up contacts');
		});
	}

	private async readBatch(
		body: Readonly<Record<string, unknown>>,
		archived: boolean,
		doing: string,
	): Promise<Result<readonly HubSpotContact[]>> {
		const request = { method: 'POST', path: `${CONTACTS}/batch/read`, query: { archived }, body } as const;
		const answer = await this.calls.read(request, batchReadAnswer, doing);
		return answer.kind === 'ok'
			? ok(answer.value.results.filter((contact) => (contact.archived === true) === archived).map(toContact))
			: answer;
	}

	/** Id of the live contact that a record id leads to: its own, or that of the contact it was merged into; undefined: none. */
	async contactId(id: string): Promise<Result<string | undefined>> {
		const answer = await this.calls.read(
			{ method: 'GET', path: `${CONTACTS}/${encodeURIComponent(id)}`, query: { properties: 'hs_object_id' } },
			contactIdAnswer,
			'reading a merged contact',
		);
		if (answer.kind !== 'ok') return isNotFound(answer) ? ok(undefined) : answer;
		return ok(answer.value.id);
	}

	/** A page of the record ids in the recycle bin. */
	async archivedContacts(after: string | undefined): Promise<Result<Page<string>>> {
		const query = { archived: true, properties: 'hs_object_id', ...(after === undefined ? {} : { after }) };
		const read = await this.limits.archivedPages.read(
			async (limit) =>
				await this.calls.read(
					{ method: 'GET', path: CONTACTS, query: { ...query, limit } },
					contactsAnswer,
					'reading the deleted contacts',
				),
		);
		if (read.kind !== 'ok') return read;
		const { results, paging } = read.value.answer;
		return ok({ items: results.map(({ id }) => id), next: paging });
	}

	/** One page of 200 hits at most. Searches lag behind changes and have their own limit of 5 a second. */
	async searchContacts(search: ContactSearch): Promise<Result<Page<HubSpotContact>>> {
		const body = {
			filterGroups: search.filterGroups,
			sorts: [search.sort],
			properties: search.properties,
		};
		const read = await this.limits.searchPages.read(
			async (limit) =>
				await this.calls.read(
					{ method: 'POST', path: `${CONTACTS}/search`, body: { ...body, limit } },
					searchAnswer,
					'searching changed contacts',
				),
		);
		if (read.kind !== 'ok') return read;
		const { results, paging } = read.value.answer;
		return ok({ items: results.map(toContact), next: paging });
	}

	/** All contact properties that exist, in one call. */
	async contactProperties(): Promise<Result<readonly HubSpotProperty[]>> {
		const answer = await this.calls.read(
			{ method: 'GET', path: PROPERTIES, query: { archived: false } },
			propertiesAnswer,
			'reading the contact properties',
		);
		return answer.kind === 'ok' ? ok(toProperties(answer.value)) : answer;
	}

	private async members(
		listId: string,
		kind: string,
		after: string | undefined,
		limit: number,
	): Promise<Result<Page<Member>>> {
		const path = `${LISTS}/${encodeURIComponent(listId)}${kind}`;
		const from: Readonly<Record<string, string>> = after === undefined ? {} : { after };
		const read = await this.limits.memberPages.read(async (size) => {
			const request = { method: 'GET', path, query: { ...from, limit: Math.min(limit, size) } } as const;
			return await this.calls.read(request, membersAnswer, 'reading the members of the list');
		}, limit);
		if (read.kind !== 'ok') return isNotFound(read) ? listNotFound(listId) : read;
		const { answer } = read.value;
		const items = answer.results.map(({ recordId, membershipTimestamp }) => ({
			id: recordId,
			at: membershipTimestamp,
		}));
		return ok({ items, next: answer.paging });
	}
}

/** The list does not exist (any more), or is of another account. */
export const listNotFound = (listId: string) =>
	({ kind: 'stop', code: 'LIST_NOT_FOUND', reason: `HubSpot has no list ${listId} in this account` }) as const;

export function chunksOf<T>(items: readonly T[], size: number): T[][] {
	const chunks: T[][] = [];
	for (let start = 0; start < items.length; start += size) chunks.push(items.slice(start, start + size));
	return chunks;
}
