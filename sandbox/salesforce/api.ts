import type { Request, Response } from 'express';
import { notFound, refusal, SalesforceError } from './errors';
import type { Limits } from './limits';
import { CONNECTED_APP } from './oauth/keys';
import type { Session, Sessions } from './oauth/sessions';
import type { Cursors } from './cursors';
import type { SalesforceSettings } from './settings';
import type { SalesforceStore } from './records/store';
import type { ListViews } from './records/listViews';

/** The organisation and everything that belongs to it. After a reset its parts are others, so read them anew. */
export interface Account {
	store: SalesforceStore;
	sessions: Sessions;
	cursors: Cursors;
	listViews: ListViews;
	readonly limits: Limits;
	readonly settings: SalesforceSettings;
}

/** One REST call below `/services/data/vXX.X`, from outside or inside a composite request. */
export interface Call {
	readonly method: string;
	/** Below the version, such as `/sobjects/Contact/describe`. */
	readonly path: string;
	readonly version: number;
	readonly query: URLSearchParams;
	header(name: string): string | undefined;
	readonly body: unknown;
	readonly session: Session;
	/** Stands for the HTTP request, which the parts of a composite request have in common. */
	readonly request: object;
}

export interface Reply {
	readonly status: number;
	readonly body?: unknown;
	readonly headers?: Readonly<Record<string, string>>;
}

export type Handler = (call: Call, params: Readonly<Record<string, string>>) => Reply;

export const ok = (body: unknown): Reply => ({ status: 200, body });

/** Versions that instances serve; the sheet's newest is preview on some. */
const OLDEST_VERSION = 31;
const NEWEST_VERSION = 68;

const VERSION_PATH = /^\/services\/data\/v(\d{1,3})\.0(\/.*)?$/;

/** The table of REST resources. */
export class Resources {
	private readonly routes: Array<{ method: string; parts: string[]; since: number; handler: Handler }> = [];

	/** `since`: the API version that brought the resource. Parts that begin with `:` match any segment. */
	add(method: string, pattern: string, handler: Handler, since = OLDEST_VERSION): void {
		this.routes.push({ method, parts: pattern.split('/'), since, handler });
	}

	/** Answers a call or throws SalesforceError. */
	dispatch(call: Call): Reply {
		const given = call.path.replace(/\/$/, '').split('/');
		const matching = this.routes.flatMap((route) => {
			const params = route.since <= call.version ? paramsOf(route.parts, given) : undefined;
			return params === undefined ? [] : [{ ...route, params }];
		});
		const hit = matching.find(({ method }) => method === call.method);
		if (hit !== undefined) return hit.handler(call, hit.params);
		if (matching.length === 0) throw notFound();
		const allowed = [...new Set(matching.map(({ method }) => method))].join(', ');
		throw refusal(405, 'METHOD_NOT_ALLOWED', `HTTP Method '${call.method}' not allowed. Allowed are ${allowed}`);
	}
}

function paramsOf(parts: readonly string[], given: readonly string[]): Record<string, string> | undefined {
	if (parts.length !== given.length) return undefined;
	const params: Record<string, string> = {};
	for (const [index, part] of parts.entries()) {
		const actual = given[index] as string;
		if (!part.startsWith(':')) {
			if (part !== actual) return undefined;
			continue;
		}
		if (actual === '') return undefined;
		params[part.slice(1)] = decoded(actual);
	}
	return params;
}

function decoded(text: string): string {
	try {
		return decodeURIComponent(text);
	} catch {
		throw refusal(400, 'MALFORMED_ID', 'malformed escape in the path');
	}
}

/** Splits `/services/data/v66.0/…`; undefined where it is not such a path or no such version. */
export function versionOf(path: string): { version: number; path: string } | undefined {
	const match = VERSION_PATH.exec(path);
	const version = Number(match?.[1]);
	if (match === null || version < OLDEST_VERSION || version > NEWEST_VERSION) return undefined;
	return { version, path: match[2] ?? '' };
}

export const versionList = (): object[] =>
	Array.from({ length: NEWEST_VERSION - OLDEST_VERSION + 1 }, (_, n) => {
		const version = `${OLDEST_VERSION + n}.0`;
		return { label: `Release ${version}`, url: `/services/data/v${version}`, version };
	});

/** The answer of a REST request: session, limit, resource, `Sforce-Limit-Info`. */
export function serve(account: Account, resources: Resources, request: Request, response: Response): void {
	response.set('Date', new Date(account.store.now()).toUTCString());
	account.store.settle();
	if (request.path.replace(/\/$/, '') === '/services/data') return void response.json(versionList());
	const { locks } = account.store;
	const send = answerTo(() => {
		const place = versionOf(request.path);
		const session = account.sessions.forApi(request.get('authorization'));
		const isLimits = place?.path === '/limits';
		if (!isLimits || account.settings.limitsCounts) account.limits.take();
		try {
			if (place === undefined) throw notFound();
			if (['POST', 'PATCH', 'PUT'].includes(request.method) && request.is('application/json') !== 'application/json') {
				throw refusal(415, 'UNSUPPORTED_MEDIA_TYPE', 'Content-Type header not found or not supported');
			}
			const mark = request.originalUrl.indexOf('?');
			const answer = resources.dispatch({
				...place,
				method: request.method,
				query: new URLSearchParams(mark === -1 ? '' : request.originalUrl.slice(mark + 1)),
				header: (name) => request.get(name),
				body: request.body as unknown,
				session,
				request,
			});
			if (answer.status === 304 && !account.settings.notModifiedCounts) account.limits.giveBack();
			return answer;
		} finally {
			response.set('Sforce-Limit-Info', account.limits.header(CONNECTED_APP.name));
		}
	});
	if (!locks.isHolder(request)) return send(response);
	setTimeout(() => {
		locks.release(request);
		send(response);
	}, account.settings.writeMs);
}

/** Sends what `work` gives, or the refusal it throws. */
export const reply = (response: Response, work: () => Reply): void => answerTo(work)(response);

/** Does the work now; what is returned sends its answer. */
function answerTo(work: () => Reply): (response: Response) => void {
	let answer: Reply;
	try {
		answer = work();
	} catch (error) {
		if (!(error instanceof SalesforceError)) throw error;
		answer = { status: error.status, body: error.body };
	}
	return (response) => {
		response.status(answer.status).set(answer.headers ?? {});
		if (answer.body === undefined) response.end();
		else if (typeof answer.body === 'string') response.type('text/plain').send(answer.body);
		else response.json(answer.body);
	};
}
