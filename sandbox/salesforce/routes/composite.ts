import { ok, versionOf, type Account, type Call, type Reply, type Resources } from '../api';
import { refusal, SalesforceError } from '../errors';
import { jsonBody } from './shared';

const MAX_SUBREQUESTS = 25;
/** Queries, and collections if the setting says so, of one composite request. */
const MAX_QUERIES = 5;

interface Subrequest {
	readonly method: string;
	readonly url: string;
	readonly referenceId: string;
	readonly body: unknown;
	readonly headers: Readonly<Record<string, string>>;
}

/** `/composite`, counted once, and `/composite/batch`, counted for each of its parts. */
export function addComposite(resources: Resources, account: Account): void {
	resources.add('POST', '/composite', (call) => {
		const { compositeRequest, allOrNone } = jsonBody(call);
		const subrequests = listOf(compositeRequest).map(subrequestOf);
		const ids = new Set(subrequests.map(({ referenceId }) => referenceId));
		if (ids.size < subrequests.length) throw refusal(400, 'INVALID_INPUT', 'Every referenceId must be unique');
		const heavy = subrequests.filter(({ url }) => isQuery(url, account.settings.collectionsCountAsQueries));
		if (heavy.length > MAX_QUERIES) {
			throw refusal(
				400,
				'LIMIT_EXCEEDED',
				`A composite request takes at most ${MAX_QUERIES} query or collection subrequests`,
			);
		}
		return composite(resources, account, call, subrequests, allOrNone === true);
	});
	resources.add('POST', '/composite/batch', (call) => {
		const { batchRequests, haltOnError } = jsonBody(call);
		// Each part counts, the request that carries them does not.
		account.limits.giveBack();
		let halted = false;
		const results = listOf(batchRequests).map((part) => {
			if (halted) return { statusCode: 412, result: [{ errorCode: 'BATCH_PROCESSING_HALTED', message: 'Batch processing halted per request' }] }; // prettier-ignore
			const { method, url, richInput } = part as { method?: unknown; url?: unknown; richInput?: unknown };
			const full = `/services/data/${String(url).replace(/^\//, '')}`;
			const { status, body } = answered(() => {
				account.limits.take();
				return perform(resources, call, {
					method: String(method),
					url: full,
					body: richInput,
					headers: {},
					referenceId: '',
				});
			});
			halted = status >= 400 && haltOnError === true;
			return { statusCode: status, result: body ?? null };
		});
		return ok({ hasErrors: results.some(({ statusCode }) => statusCode >= 400), results });
	});
}

function composite(
	resources: Resources,
	account: Account,
	call: Call,
	subrequests: readonly Subrequest[],
	allOrNone: boolean,
) {
	return account.store.transaction((rollBack) => {
		const results = new Map<string, unknown>();
		const replies = subrequests.map((subrequest) => {
			const reply = answered(() => perform(resources, call, resolved(subrequest, results)));
			if (reply.status < 400) results.set(subrequest.referenceId, reply.body);
			return { subrequest, reply };
		});
		const undone = allOrNone && replies.some(({ reply }) => reply.status >= 400);
		if (undone) rollBack();
		const halted: Reply = { status: 400, body: [{ errorCode: 'PROCESSING_HALTED', message: 'The transaction was rolled back since another operation in the same transaction failed.' }] }; // prettier-ignore
		return ok({
			compositeResponse: replies.map(({ subrequest, reply }) => {
				const { status, body, headers } = undone && reply.status < 400 ? halted : reply;
				return {
					body: body ?? null,
					httpHeaders: headers ?? {},
					httpStatusCode: status,
					referenceId: subrequest.referenceId,
				};
			}),
		});
	});
}

function perform(resources: Resources, outer: Call, { method, url, body, headers }: Subrequest): Reply {
	const mark = url.indexOf('?');
	const place = versionOf(mark === -1 ? url : url.slice(0, mark));
	if (place === undefined || place.path.startsWith('/composite/batch') || place.path === '/composite') {
		throw refusal(400, 'INVALID_INPUT', `${url} cannot be a subrequest`);
	}
	const lower = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
	return resources.dispatch({
		...place,
		method,
		query: new URLSearchParams(mark === -1 ? '' : url.slice(mark + 1)),
		header: (name) => lower.get(name.toLowerCase()),
		body,
		session: outer.session,
		request: outer.request,
	});
}

function answered(work: () => Reply): Reply {
	try {
		return work();
	} catch (error) {
		if (error instanceof SalesforceError) return { status: error.status, body: error.body };
		throw error;
	}
}

function listOf(value: unknown): unknown[] {
	if (!Array.isArray(value) || value.length === 0) throw refusal(400, 'JSON_PARSER_ERROR', 'The list of subrequests is missing'); // prettier-ignore
	if (value.length > MAX_SUBREQUESTS) throw refusal(400, 'LIMIT_EXCEEDED', `Limit of ${MAX_SUBREQUESTS} subrequests exceeded`); // prettier-ignore
	return value;
}

function subrequestOf(value: unknown): Subrequest {
	const { method, url, referenceId, body, httpHeaders } = (value ?? {}) as Record<string, unknown>;
	if (typeof method !== 'string' || typeof url !== 'string' || typeof referenceId !== 'string') {
		throw refusal(400, 'JSON_PARSER_ERROR', 'A subrequest needs method, url and referenceId');
	}
	return { method, url, referenceId, body, headers: (httpHeaders ?? {}) as Record<string, string> };
}

function isQuery(url: string, withCollections: boolean): boolean {
	const path = versionOf(url.split('?')[0] ?? '')?.path ?? '';
	return /^\/query(All)?($|\/)/.test(path) || (withCollections && path.startsWith('/composite/sobjects'));
}

/** Puts results of earlier subrequests in for `@{referenceId.path}`. */
function resolved(subrequest: Subrequest, results: ReadonlyMap<string, unknown>): Subrequest {
	const fill = (text: string): string =>
		text.replace(/@\{([A-Za-z0-9_]+)((?:\.[A-Za-z0-9_]+|\[\d+\])+)\}/g, (_whole, id: string, path: string) => {
			let value = results.get(id);
			for (const [, name, index] of path.matchAll(/\.([A-Za-z0-9_]+)|\[(\d+)\]/g)) {
				value = (value as Record<string, unknown> | undefined | null)?.[name ?? index ?? ''];
			}
			if (typeof value === 'string') return value;
			throw refusal(400, 'PROCESSING_HALTED', `Invalid reference specified. No value for ${id}${path} found in ${id}`);
		});
	const inside = (value: unknown): unknown => {
		if (typeof value === 'string') return fill(value);
		if (Array.isArray(value)) return value.map(inside);
		if (typeof value !== 'object' || value === null) return value;
		return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, inside(one)]));
	};
	return { ...subrequest, url: fill(subrequest.url), body: inside(subrequest.body) };
}
