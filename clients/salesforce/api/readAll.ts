import type { PageOf } from '../../../core/calls/pages/readPages';
import { readPages } from '../../../core/calls/pages/readPages';
import type { Failure, Result } from '../../../core/result';
import { ok } from '../../../core/result';
import { isTooSlow } from './classify';
import { chunkIds, listOfTexts } from '../soql/chunkIds';
import { SALESFORCE_LIMITS } from './limits';
import type { PlannedQuery, SalesforceClient } from './salesforceClient';
import type { QueryPage, SalesforceRecord } from './types';

/** Pages of one answer at most: the ids in a query are a few hundred, and a page has 200 rows at least. */
const MAX_PAGES = 100;

/** Whole answers of several queries: five to a counted call, one alone as it is, further pages as they come. */
export async function readAll(
	client: SalesforceClient,
	queries: readonly PlannedQuery[],
	doing: string,
): Promise<Result<ReadonlyArray<QueryPage['records']>>> {
	const answers: Array<QueryPage['records']> = [];
	for (let start = 0; start < queries.length; start += SALESFORCE_LIMITS.queriesPerComposite) {
		const part = queries.slice(start, start + SALESFORCE_LIMITS.queriesPerComposite);
		const firstPages = await firstPagesOf(client, part, doing);
		if (firstPages.kind !== 'ok') return firstPages;
		for (const first of firstPages.value) {
			const records = [...first.records];
			let { next } = first;
			for await (const more of pagesFrom(client, next, doing)) {
				if (more.kind !== 'ok') return passingIfExpired(more);
				for (const record of more.value.items) records.push(record);
				({ next } = more.value);
			}
			if (next !== undefined) return endless(doing);
			answers.push(records);
		}
	}
	return ok(answers);
}

/** The pages of a result from this path on; none where there is none. */
async function* pagesFrom(
	client: SalesforceClient,
	from: string | undefined,
	doing: string,
): ReturnType<typeof readPages<SalesforceRecord>> {
	if (from === undefined) return;
	const read = async (path = from): Promise<Result<PageOf<SalesforceRecord>>> =>
		asPage(await client.queryMore(path, doing));
	yield* readPages(read, { from, maxPages: MAX_PAGES });
}

/** A page of records as `readPages` wants it. */
export const asPage = (page: Result<QueryPage>): Result<PageOf<SalesforceRecord>> =>
	page.kind === 'ok' ? ok({ items: page.value.records, next: page.value.next }) : page;

async function firstPagesOf(
	client: SalesforceClient,
	queries: readonly PlannedQuery[],
	doing: string,
): Promise<Result<readonly QueryPage[]>> {
	const [single] = queries;
	if (!single || queries.length > 1) {
		const together = await client.queries(queries, doing);
		return together.kind !== 'ok' && isTooSlow(together) ? await oneByOne(client, queries, doing) : together;
	}
	const page = await client.query(single.soql, { deleted: single.deleted === true, doing });
	return page.kind === 'ok' ? ok([page.value]) : page;
}

/** Records that were left out must not be taken for absent. */
const endless = (doing: string): Failure => ({
	kind: 'refused',
	code: 'UNEXPECTED_ANSWER',
	reason: `Salesforce's pages do not come to an end while ${doing}`,
});

/** Several queries together may take longer than the time there is for one. */
async function oneByOne(
	client: SalesforceClient,
	queries: readonly PlannedQuery[],
	doing: string,
): Promise<Result<readonly QueryPage[]>> {
	const pages: QueryPage[] = [];
	for (const { soql, deleted = false } of queries) {
		const page = await client.query(soql, { deleted, doing });
		if (page.kind !== 'ok') return page;
		pages.push(page.value);
	}
	return ok(pages);
}

/** A result that Salesforce dropped is read again with the next poll. */
function passingIfExpired(failure: Failure): Failure {
	if (failure.kind !== 'refused' || failure.code !== 'CURSOR_EXPIRED') return failure;
	return { kind: 'retry', code: 'UNAVAILABLE', reason: failure.reason };
}

/** Queries for many ids, each as long as Salesforce takes. `field` is what the ids are compared with. */
export function idQueries(
	ids: readonly string[],
	query: (condition: string) => PlannedQuery,
	field = 'Id',
): PlannedQuery[] {
	const among = (list: string): string => `${field} IN (${list})`;
	return chunkIds(ids, (list) => query(among(list)).soql).map((some) => query(among(listOfTexts(some))));
}
