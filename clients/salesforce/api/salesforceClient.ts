import type { z } from 'zod';
import type { Clock, HttpPort } from '../../../core/ports';
import { unknownForm } from '../../../core/calls/callFailures';
import type { PageOf } from '../../../core/calls/pages/readPages';
import { readPages } from '../../../core/calls/pages/readPages';
import type { CallSettings, VendorCalls } from '../../../core/calls/vendorCalls';
import type { Result } from '../../../core/result';
import { ok } from '../../../core/result';
import { classifyFault, isNotFound, tooLong } from './classify';
import type { SalesforceLimits } from './limits';
import { SALESFORCE_LIMITS } from './limits';
import type { ListViewFilter } from '../soql/listViewFilter';
import { filterOf } from '../soql/listViewFilter';
import { salesforceCalls } from './salesforceCalls';
import type { WriteOptions } from './salesforceWriter';
import { SalesforceWriter } from './salesforceWriter';
import { inAddress, likeText, select, soqlText } from '../soql/buildSoql';
import type { Campaign, ListViewEntry, Organisation, QueryPage, SalesforceObject } from './types';
import {
	compositeAnswer,
	describeAnswer,
	firstPageAnswer,
	isSalesforceId,
	listViewAnswer,
	listViewsAnswer,
	queryAnswer,
} from './types';

export type { CallSettings } from '../../../core/calls/vendorCalls';

/** Spring '26; every organisation has it, and versions stay for years. */
export const API_VERSION = 'v66.0';
const DATA = `/services/data/${API_VERSION}`;

/** Campaigns offered to choose from at once. */
const CAMPAIGNS_SHOWN = 200;
/** Pages of list views at most: more than any organisation has, so that a loop ends. */
const LIST_VIEW_PAGES = 100;

export interface QueryOptions {
	/** Deleted records too, as far as they are in the recycle bin: `IsDeleted` marks them. */
	readonly deleted?: boolean;
	/** Names the call in messages, e.g. "reading the changed contacts". */
	readonly doing?: string;
}

export interface PlannedQuery {
	readonly soql: string;
	readonly deleted?: boolean;
	/** Of a query that asks for many things at once: queries for so many of them each that come to the same. */
	readonly parts?: { readonly count: number; readonly of: (size: number) => readonly PlannedQuery[] };
}

/** Salesforce's endpoints, one method each. Every method only reads; `writer` has those that write. */
export class SalesforceClient {
	private readonly calls: VendorCalls;

	/** `http` is signed in, at the address of the organisation (`instance_url`). */
	constructor(
		http: HttpPort,
		clock: Clock,
		readonly limits: SalesforceLimits,
		settings: CallSettings = {},
	) {
		this.calls = salesforceCalls(http, clock, limits, settings);
	}

	/** Salesforce's own time as its last answer gave it, ms since 1970. No position may rest on it alone: see `SourceTime`. */
	serverNow(): number {
		return this.calls.serverNow();
	}

	/** Calls sent so far, repeated ones and writes included. */
	get callsMade(): number {
		return this.calls.sent;
	}

	/** The endpoints that write, within the same limits. */
	writer(options: WriteOptions = {}): SalesforceWriter {
		return new SalesforceWriter(this.calls, DATA, options);
	}

	/** The first page of a query, at most 2,000 rows. Without a call where Salesforce would find its address too long. */
	async query(
		soql: string,
		{ deleted = false, doing = 'reading records' }: QueryOptions = {},
	): Promise<Result<QueryPage>> {
		const path = queryPath(soql, deleted);
		if (path.length > SALESFORCE_LIMITS.pathBytes) return tooLong(doing);
		return await this.calls.read({ method: 'GET', path }, firstPageAnswer, doing);
	}

	/** A further page. `CURSOR_EXPIRED` (refused): Salesforce dropped the result, it has to be read anew. */
	async queryMore(next: string, doing = 'reading records'): Promise<Result<QueryPage>> {
		return await this.calls.read({ method: 'GET', path: next }, queryAnswer, doing);
	}

	/** First pages of up to five queries for one counted call. The first that fails is the failure of all. */
	async queries(list: readonly PlannedQuery[], doing = 'reading records'): Promise<Result<readonly QueryPage[]>> {
		const paths = list.map(({ soql, deleted }) => queryPath(soql, deleted === true));
		if (paths.some((path) => path.length > SALESFORCE_LIMITS.pathBytes)) return tooLong(doing);
		const body = {
			allOrNone: false,
			compositeRequest: paths.map((url, index) => ({ method: 'GET', url, referenceId: `q${index}` })),
		};
		const request = { method: 'POST' as const, path: `${DATA}/composite`, body };
		const answer = await this.calls.read(request, compositeAnswer, doing);
		if (answer.kind !== 'ok') return answer;
		const pages: QueryPage[] = [];
		for (const index of list.keys()) {
			const part = answer.value.compositeResponse.find(({ referenceId }) => referenceId === `q${index}`);
			if (part && part.httpStatusCode !== 200) return classifyFault(part.httpStatusCode, part.body, doing);
			const page = firstPageAnswer.safeParse(part?.body) as z.SafeParseReturnType<unknown, QueryPage>;
			if (!page.success) return unknownForm('Salesforce', doing);
			pages.push(page.data);
		}
		return ok(pages);
	}

	/** The object with the fields that the user may see. */
	async describe(object: string): Promise<Result<SalesforceObject>> {
		const doing = `reading the fields of ${object}`;
		const path = `${DATA}/sobjects/${encodeURIComponent(object)}/describe`;
		const answer = await this.calls.read({ method: 'GET', path }, describeAnswer, doing);
		if (answer.kind === 'ok' || !isNotFound(answer)) return answer;
		return {
			kind: 'stop',
			code: 'PERMISSION_MISSING',
			reason: `Salesforce shows no object '${object}' to the user of the credential`,
		};
	}

	/** The organisation the credential belongs to. */
	async organisation(): Promise<Result<Organisation>> {
		const doing = 'reading the organisation';
		const soql = select({ fields: ['Id', 'Name', 'TimeZoneSidKey', 'IsSandbox'], from: 'Organization', limit: 1 });
		const answer = await this.query(soql, { doing });
		if (answer.kind !== 'ok') return answer;
		const { Id: id, Name: name, TimeZoneSidKey: timeZone, IsSandbox: sandbox } = answer.value.records[0] ?? {};
		if (typeof id !== 'string' || !/^[a-zA-Z0-9]{18}$/.test(id)) return unknownForm('Salesforce', doing);
		return ok({
			id,
			name: typeof name === 'string' ? name : '',
			timeZone: typeof timeZone === 'string' ? timeZone : undefined,
			sandbox: sandbox === true,
		});
	}

	/** All list views of an object. */
	async listViews(object: string): Promise<Result<readonly ListViewEntry[]>> {
		const views: ListViewEntry[] = [];
		const first = `${DATA}/sobjects/${encodeURIComponent(object)}/listviews`;
		const read = async (path = first): Promise<Result<PageOf<ListViewEntry>>> =>
			await this.calls.read({ method: 'GET', path }, listViewsAnswer, 'reading the list views');
		for await (const page of readPages(read, { maxPages: LIST_VIEW_PAGES })) {
			if (page.kind !== 'ok') return page;
			for (const view of page.value.items) views.push(view);
		}
		return ok(views);
	}

	/** The filter of a list view. */
	async listView(object: string, id: string): Promise<Result<ListViewFilter>> {
		const notFound = {
			kind: 'stop',
			code: 'LIST_VIEW_NOT_FOUND',
			reason: `Salesforce has no list view ${id}`,
		} as const;
		if (!isSalesforceId(id)) return { ...notFound, reason: 'The list view is not given by the id of one' };
		const path = `${DATA}/sobjects/${encodeURIComponent(object)}/listviews/${id}/describe`;
		const answer = await this.calls.read({ method: 'GET', path }, listViewAnswer, 'reading the list view');
		if (answer.kind === 'ok') return filterOf(answer.value.query, answer.value.scope);
		if (isNotFound(answer)) return notFound;
		// Views such as "Recently Viewed" have no query.
		return answer.kind === 'refused' && answer.status === 400
			? { kind: 'stop', code: 'LIST_VIEW_NOT_READABLE', reason: answer.reason }
			: answer;
	}

	/** Campaigns whose name holds `name`, active ones first. */
	async campaigns(name?: string): Promise<Result<readonly Campaign[]>> {
		const where = name ? `Name LIKE ${likeText(name, 'contains')}` : '';
		return await this.readCampaigns(where, CAMPAIGNS_SHOWN, 'reading the campaigns');
	}

	/** One campaign. */
	async campaign(id: string): Promise<Result<Campaign>> {
		const notFound = { kind: 'stop', code: 'CAMPAIGN_NOT_FOUND', reason: `Salesforce has no campaign ${id}` } as const;
		if (!isSalesforceId(id)) return { ...notFound, reason: 'The campaign is not given by the id of one' };
		const answer = await this.readCampaigns(`Id = ${soqlText(id)}`, 1, 'reading the campaign');
		if (answer.kind !== 'ok') return answer;
		return answer.value[0] ? ok(answer.value[0]) : notFound;
	}

	/** The campaign of this name, whatever its case, the oldest of several. */
	async campaignNamed(name: string): Promise<Result<Campaign | undefined>> {
		const found = await this.readCampaigns(
			`Name = ${soqlText(name)}`,
			1,
			'looking for the campaign',
			'CreatedDate, Id',
		);
		return found.kind === 'ok' ? ok(found.value[0]) : found;
	}

	private async readCampaigns(
		where: string,
		limit: number,
		doing: string,
		orderBy = 'IsActive DESC, Name, Id',
	): Promise<Result<readonly Campaign[]>> {
		const soql = select({ fields: ['Id', 'Name', 'IsActive'], from: 'Campaign', where, orderBy, limit });
		const answer = await this.query(soql, { doing });
		if (answer.kind !== 'ok') return answer;
		return ok(
			answer.value.records.map((record) => ({
				id: String(record.Id),
				name: String(record.Name),
				active: record.IsActive === true,
			})),
		);
	}
}

const queryPath = (soql: string, deleted: boolean): string =>
	`${DATA}/${deleted ? 'queryAll' : 'query'}?q=${inAddress(soql)}`;
