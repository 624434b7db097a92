import type { Clock, HttpPort, HttpRequest } from '../../../core/ports';
import type { PageSize } from '../../../core/calls/pages/smallerPages';
import type { CallSettings, VendorCalls } from '../../../core/calls/vendorCalls';
import type { Result } from '../../../core/result';
import { ok } from '../../../core/result';
import type { CallsLeftByBucket } from './brevoCalls';
import { brevoCalls } from './brevoCalls';
import type { BrevoLimiters } from './limits';
import { CONTACTS_PER_PAGE, LISTS_PER_PAGE, pageSizeOf } from './limits';
import type {
	BrevoAccount,
	BrevoAttribute,
	BrevoContact,
	BrevoFolder,
	BrevoList,
	BrevoProcess,
	ContactBody,
	ContactPage,
	ContactQuery,
	IdentifierType,
	ImportBody,
	ListedProcess,
} from './types';
import {
	attributeList,
	brevoAccount,
	brevoContact,
	brevoFolder,
	brevoList,
	brevoProcess,
	contactPage,
	created,
	createdContact,
	folderPage,
	listChange,
	listPage,
	noBody,
	nothing,
	processPage,
	startedImport,
} from './types';

/**
 * The Brevo endpoints this package uses, one method each (https://developers.brevo.com/reference). Keeps the account's call
 * limits and repeats what may safely be carried out twice; everything else is up to the caller.
 */
export class BrevoClient {
	/** The calls left as of the last answer. */
	readonly callsLeft: CallsLeftByBucket = {};
	private readonly brevo: VendorCalls;

	/** A run that is cancelled calls no more, nor does a poll past its deadline. */
	constructor(
		http: HttpPort,
		clock: Clock,
		private readonly limiters: BrevoLimiters,
		settings: Pick<CallSettings, 'deadline' | 'cancelled'> = {},
	) {
		this.brevo = brevoCalls(http, clock, limiters, this.callsLeft, settings);
	}

	/** The size of pages of contacts that Brevo answers for in this account. */
	get contactPages(): PageSize {
		return pageSizeOf(this.limiters);
	}

	/** Calls sent by this client, repeated ones included. */
	get calls(): number {
		return this.brevo.sent;
	}

	/** The newest instant Brevo's `Date` header told, in ms since 1970; whole seconds. */
	get serverNow(): number | undefined {
		return this.brevo.newestDate;
	}

	/** Brevo's time by its last answer, this machine's before the first one: see `VendorCalls`. */
	serverTime(): number {
		return this.brevo.serverNow();
	}

	/** Who the account is, its plans and their credits. Costs one of 100 calls an hour. */
	async getAccount(): Promise<Result<BrevoAccount>> {
		return await this.brevo.read({ method: 'GET', path: '/account' }, brevoAccount);
	}

	async listAttributes(): Promise<Result<readonly BrevoAttribute[]>> {
		const answer = await this.brevo.read({ method: 'GET', path: '/contacts/attributes' }, attributeList);
		return answer.kind === 'ok' ? ok(answer.value.attributes) : answer;
	}

	/** Not repeated by itself: an attribute that exists already is refused. */
	async createAttribute(name: string, type: 'text' | 'boolean'): Promise<Result<unknown>> {
		const path = `/contacts/attributes/normal/${encodeURIComponent(name)}`;
		return await this.brevo.writeOnce({ method: 'POST', path, body: { type } }, nothing);
	}

	async getLists(offset: number, limit = LISTS_PER_PAGE): Promise<Result<{ lists: BrevoList[]; count?: number }>> {
		return await this.brevo.read(
			{ method: 'GET', path: '/contacts/lists', query: { limit, offset, sort: 'asc' } },
			listPage,
		);
	}

	/** A list that does not exist is refused with status 404. */
	async getList(listId: number): Promise<Result<BrevoList>> {
		return await this.brevo.read({ method: 'GET', path: `/contacts/lists/${listId}` }, brevoList);
	}

	/** Not repeated by itself: a second list of the same name would come of it. */
	async createList(name: string, folderId: number): Promise<Result<{ id: number }>> {
		return await this.brevo.writeOnce({ method: 'POST', path: '/contacts/lists', body: { name, folderId } }, created);
	}

	/** Its contacts stay. */
	async deleteList(listId: number): Promise<Result<unknown>> {
		return await this.brevo.writeRepeatable({ method: 'DELETE', path: `/contacts/lists/${listId}` }, noBody);
	}

	async getFolders(offset: number): Promise<Result<{ folders: BrevoFolder[]; count?: number }>> {
		const query = { limit: LISTS_PER_PAGE, offset, sort: 'asc' };
		return await this.brevo.read({ method: 'GET', path: '/contacts/folders', query }, folderPage);
	}

	async getFolder(folderId: number): Promise<Result<BrevoFolder>> {
		return await this.brevo.read({ method: 'GET', path: `/contacts/folders/${folderId}` }, brevoFolder);
	}

	/** Not repeated by itself, as with lists. */
	async createFolder(name: string): Promise<Result<{ id: number }>> {
		return await this.brevo.writeOnce({ method: 'POST', path: '/contacts/folders', body: { name } }, created);
	}

	/** Undefined when there is no such contact. */
	async getContact(identifier: string, type: IdentifierType): Promise<Result<BrevoContact | undefined>> {
		const path = `/contacts/${encodeURIComponent(identifier)}`;
		const answer = await this.brevo.read({ method: 'GET', path, query: { identifierType: type } }, brevoContact);
		return answer.kind === 'refused' && answer.status === 404 ? ok(undefined) : answer;
	}

	/** Up to 1,000 contacts, oldest first. */
	async getContacts({
		limit = CONTACTS_PER_PAGE,
		offset,
		modifiedSince,
		listId,
		listIds,
		equals,
		ids,
		sort = 'asc',
	}: ContactQuery): Promise<Result<ContactPage>> {
		const query = {
			limit,
			offset,
			sort,
			...(modifiedSince === undefined ? {} : { modifiedSince }),
			...(listId === undefined ? {} : { listIds: String(listId) }),
			...(listIds === undefined || listIds.length === 0 ? {} : { listIds: listIds.map(String) }),
			...(ids === undefined ? {} : { ids }),
			...(equals ? { filter: `equals(${equals.attribute},"${equals.text.replace(/["\\]/g, '\\$&')}")` } : {}),
		};
		return await this.brevo.read({ method: 'GET', path: '/contacts', query }, contactPage);
	}

	/**
	 * Creates a contact; answers its id. One that has an identifier of it already is refused with IDENTIFIER_TAKEN and stays as it is:
	 * an update from here could put it back on a list that it left. So a repetition after a lost answer is refused as well.
	 */
	async createContact(body: ContactBody & { readonly email?: string }): Promise<Result<number | undefined>> {
		const answer = await this.brevo.writeRepeatable(
			{ method: 'POST', path: '/contacts', body: { ...body, updateEnabled: false } },
			createdContact,
		);
		if (answer.kind !== 'ok') return answer;
		return ok(answer.value && 'id' in answer.value ? answer.value.id : undefined);
	}

	/**
	 * Changes what is named; `attributes.EMAIL` changes the address. A missing contact is refused with status 404. Before a repetition
	 * that puts the contact on lists it is read, so that it is not put back on one it left since: a call more for each.
	 */
	async updateContact(contactId: string, body: ContactBody): Promise<Result<unknown>> {
		const path = `/contacts/${encodeURIComponent(contactId)}`;
		const query = { identifierType: 'contact_id' };
		return await this.brevo.repeat(async (attempt) => {
			let wanted = body;
			if (attempt > 1 && body.listIds) {
				const now = await this.brevo.once({ method: 'GET', path, query }, brevoContact);
				if (now.kind !== 'ok') return now;
				wanted = withoutListsLeft(body, now.value);
			}
			return await this.brevo.once({ method: 'PUT', path, query, body: wanted }, noBody);
		});
	}

	/**
	 * Starts a bulk upsert. Never repeated by itself: the same body twice makes two jobs, of which the second may end long after the
	 * run, and by then its contacts may be others.
	 */
	async importContacts(body: ImportBody): Promise<Result<number>> {
		const request: HttpRequest = { method: 'POST', path: '/contacts/import', body, timeoutMs: 120_000 };
		const answer = await this.brevo.writeOnce(request, startedImport);
		return answer.kind === 'ok' ? ok(answer.value.processId) : answer;
	}

	/**
	 * Puts up to 150 contacts on a list, at once; answers the ids that Brevo says are on it now. Not repeated by itself: one of them may
	 * leave the list in between.
	 */
	async addToList(listId: number, contactIds: readonly number[]): Promise<Result<readonly number[]>> {
		const path = `/contacts/lists/${listId}/contacts/add`;
		const answer = await this.brevo.writeOnce({ method: 'POST', path, body: { ids: contactIds } }, listChange);
		if (answer.kind === 'ok') return ok(answer.value.success);
		// When all of them are on the list, or are not there, Brevo answers 400 instead of an empty success.
		const noneAdded = answer.kind === 'refused' && answer.status === 400 && /already in list/i.test(answer.reason);
		return noneAdded ? ok([]) : answer;
	}

	/** Takes up to 150 contacts off a list. Those that are not on it are no fault. */
	async removeFromList(listId: number, contactIds: readonly number[]): Promise<Result<unknown>> {
		const path = `/contacts/lists/${listId}/contacts/remove`;
		const answer = await this.brevo.writeRepeatable({ method: 'POST', path, body: { ids: contactIds } }, listChange);
		// When none of them is on the list, Brevo answers 400 instead of an empty success.
		const noneLeft =
			answer.kind === 'refused' && answer.status === 400 && /already|not exist|removed/i.test(answer.reason);
		return noneLeft ? ok(undefined) : answer;
	}

	/** Costs one of 100 calls an hour; see `processCallWaitMs`. */
	async getProcess(processId: number): Promise<Result<BrevoProcess>> {
		return await this.brevo.read({ method: 'GET', path: `/processes/${processId}` }, brevoProcess);
	}

	/** The 50 newest processes of the account. Costs as much as `getProcess`. */
	async getProcesses(): Promise<Result<readonly ListedProcess[]>> {
		const query = { limit: LISTS_PER_PAGE, offset: 0, sort: 'desc' };
		return await this.brevo.read({ method: 'GET', path: '/processes', query }, processPage);
	}

	/** How long the next look at a process would have to wait for its turn, in ms. */
	processCallWaitMs(): number {
		return this.limiters.others.waitMs();
	}
}

function withoutListsLeft(body: ContactBody, { listUnsubscribed }: BrevoContact): ContactBody {
	const { listIds = [], ...others } = body;
	const left = listIds.filter((id) => !listUnsubscribed?.includes(id));
	return left.length === 0 ? others : { ...others, listIds: left };
}
