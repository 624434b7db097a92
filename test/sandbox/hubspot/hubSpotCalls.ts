import type { RunningHubSpot } from '../../../sandbox/hubspot';

/** At least one; a test that finds none fails anyway. */
type Some<T> = [T, ...T[]];

/** One entry of an answer. Every field the tests look at; which of them are there is what the tests check. */
export interface Entry {
	id: string;
	name: string;
	code: string;
	listId: string;
	listVersion: number;
	recordId: string;
	membershipTimestamp: string;
	firstAddedTimestamp: string;
	lastAddedTimestamp: string;
	properties: Record<string, string | null> & Record<'email' | 'lastmodifieddate', string>;
	propertiesWithHistory: Record<
		'email' | 'phone' | 'photo',
		Some<{ value: string; timestamp: string; sourceType: string }>
	>;
	additionalProperties: Record<string, string>;
	createdAt: string;
	updatedAt: string;
	filtersUpdatedAt: string;
	archivedAt: string;
	new: boolean;
	filterBranch: { filterBranchType: string };
	context: Record<string, string[]>;
	status: string;
	message: string;
}

/** An answer's body, in the same spirit. */
export interface Body extends Entry {
	total: number;
	results: Some<Entry>;
	lists: Some<Entry>;
	list: Entry;
	errors: Some<Entry>;
	paging: { next: { after: string }; prev: { before: string } };
	category: string;
	policyName: string;
}

export interface Answer {
	readonly status: number;
	readonly headers: Headers;
	readonly body: Body;
}

export type Call = (method: string, path: string, body?: unknown, token?: string) => Promise<Answer>;

/** Calls of a sandbox with its all-round token, or another one. */
export function callsTo(hubspot: RunningHubSpot): Call {
	return async (method, path, body, token = hubspot.token) => {
		const reply = await fetch(hubspot.url + path, {
			method,
			headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
			...(body !== undefined && { body: JSON.stringify(body) }),
		});
		const text = await reply.text();
		return {
			status: reply.status,
			headers: reply.headers,
			body: (text === '' ? undefined : JSON.parse(text)) as Body,
		};
	};
}

/** Reads a membership endpoint to its end; returns record ids in order and the number of calls. */
export async function walk(call: Call, path: string, limit = 250): Promise<{ ids: string[]; calls: number }> {
	const ids: string[] = [];
	let after: string | undefined;
	let calls = 0;
	do {
		const { status, body } = await call('GET', `${path}?limit=${limit}${after === undefined ? '' : `&after=${after}`}`);
		if (status !== 200) throw new Error(`status ${status}`);
		ids.push(...body.results.map(({ recordId }) => recordId));
		after = nextOf(body);
		calls += 1;
	} while (after !== undefined);
	return { ids, calls };
}

/** The cursor of the next page, if there is one. */
export function nextOf(body: Body): string | undefined {
	return (body.paging as Partial<Body['paging']> | undefined)?.next?.after;
}
