import { chunk } from 'lodash';
import type { PageOf } from '../../../core/calls/pages/readPages';
import { readPages } from '../../../core/calls/pages/readPages';
import type { Failure, Result } from '../../../core/result';
import { ok } from '../../../core/result';
import { chunkIds, listOfTexts } from '../soql/chunkIds';
import { NAMED_TOGETHER, SALESFORCE_LIMITS } from './limits';
import type { PlannedQuery, SalesforceClient } from './salesforceClient';
import type { QueryPage, SalesforceRecord } from './types';

/** Pages of one answer at most: the ids in a query are a few hundred, and a page has 200 rows at least. */
const MAX_PAGES = 100;

/**
 * Whole answers of several queries: five to a counted call, one alone as it is, further pages as they come. What no answer comes for
 * is asked for in smaller parts, by the size that comes through in this account.
 */
export async function readAll(
	client: SalesforceClient,
	queries: readonly PlannedQuery[],
	doing: string,
): Promise<Result<ReadonlyArray<QueryPage['records']>>> {
	const answers: Array<QueryPage['records']> = [];
	for (const some of chunk(queries, SALESFORCE_LIMITS.queriesPerComposite)) {
		const read = await client.limits.lookUps.read(
			async (size) =>
				size === NAMED_TOGETHER ? await readTogether(client, some, doing) : await readApart(client, some, size, doing),
			some.length === 1 ? (some[0]?.parts?.count ?? 1) : Infinity,
		);
		if (read.kind !== 'ok') return read;
		for (const records of read.value.answer) answers.push(records);
	}
	return ok(answers);
}

type Answers = ReadonlyArray<QueryPage['records']>;

async function readTogether(
	client: SalesforceClient,
	queries: readonly PlannedQuery[],
	doing: string,
): Promise<Result<Answers>> {
	const [single] = queries;
	if (single && queries.length === 1) return await readApart(client, queries, NAMED_TOGETHER, doing);
	const firstPages = await client.queries(queries, doing);
	if (firstPages.kind !== 'ok') return firstPages;
	const answers: Array<QueryPage['records']> = [];
	for (const first of firstPages.value) {
		const records = await withFurtherPages(client, first, doing);
		if (records.kind !== 'ok') return records;
		answers.push(records.value);
	}
	return ok(answers);
}

/** One query after the other, each in parts of this size. */
async function readApart(
	client: SalesforceClient,
	queries: readonly PlannedQuery[],
	size: number,
	doing: string,
): Promise<Result<Answers>> {
	const answers: Array<QueryPage['records']> = [];
	for (const query of queries) {
		const records: SalesforceRecord[] = [];
		const isMore = (query.parts?.count ?? 1) > size;
		for (const { soql, deleted = false } of isMore ? (query.parts?.of(size) ?? []) : [query]) {
			const first = await client.query(soql, { deleted, doing });
			if (first.kind !== 'ok') return first;
			const whole = await withFurtherPages(client, first.value, doing);
			if (whole.kind !== 'ok') return whole;
			for (const record of whole.value) records.push(record);
		}
		answers.push(records);
	}
	return ok(answers);
}

async function withFurtherPages(
	client: SalesforceClient,
	first: QueryPage,
	doing: string,
): Promise<Result<QueryPage['records']>> {
	const records = [...first.records];
	let { next } = first;
	for await (const more of pagesFrom(client, next, doing)) {
		if (more.kind !== 'ok') return passingIfExpired(more);
		for (const record of more.value.items) records.push(record);
		({ next } = more.value);
	}
	return next === undefined ? ok(records) : endless(doing);
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
const asPage = (page: Result<QueryPage>): Result<PageOf<SalesforceRecord>> =>
	page.kind === 'ok' ? ok({ items: page.value.records, next: page.value.next }) : page;

/** Records that were left out must not be taken for absent. */
const endless = (doing: string): Failure => ({
	kind: 'refused',
	code: 'UNEXPECTED_ANSWER',
	reason: `Salesforce's pages do not come to an end while ${doing}`,
});

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
	const among = (some: readonly string[]): PlannedQuery => query(`${field} IN (${listOfTexts(some)})`);
	return chunkIds(ids, (list) => query(`${field} IN (${list})`).soql).map((some) => ({
		...among(some),
		parts: { count: some.length, of: (size) => chunk(some, size).map(among) },
	}));
}
