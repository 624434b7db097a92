import type { RunningHubSpot } from '../../../sandbox/hubspot';

export interface Answer {
	readonly status: number;
	readonly headers: Headers;
	// The answers are checked by the tests; typing them here would be a third reading of the vendor's documents.
	readonly body: any;
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
			body: text === '' ? undefined : (JSON.parse(text) as unknown),
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
		ids.push(...body.results.map(({ recordId }: { recordId: string }) => recordId));
		after = body.paging?.next?.after;
		calls += 1;
	} while (after !== undefined);
	return { ids, calls };
}
