import { plainNumber } from '../../../core/plainNumber';
import type { HttpReply } from '../../../core/ports';
import { endlessAnswer, foreignAnswer, isText } from '../../../core/calls/callFailures';
import { shortened } from '../../../core/calls/vendorMessage';
import type { Failure, Result } from '../../../core/result';
import { ok } from '../../../core/result';
import type { JsonObject } from '../../../core/json';
import { isRecord, textOf } from '../../../core/json';

/**
 * Sorts HubSpot's answers by what to do next. Statuses and waits:
 * https://developers.hubspot.com/docs/api-reference/error-handling and, for 429,
 * https://developers.hubspot.com/docs/developer-tooling/platform/usage-guidelines.
 */

/** A rolling window passes within its 10 seconds, a search window within its second. */
const ROLLING_WAIT_MS = 10_000;
const SECONDLY_WAIT_MS = 1_000;
/** The day ends at midnight in the account's time zone; a call each quarter of an hour costs 96 calls a day. */
export const DAILY_RECHECK_MS = 15 * 60_000;
/** 429 answers carry no documented Retry-After; one that is there is kept within reason. */
const LONGEST_429_WAIT_MS = 60_000;
/** A lock by heavy writes lasts 2 seconds. */
const LOCKED_WAIT_MS = 2_000;
/** Moving to another data centre takes up to a day; the answer says how long. */
const MOVING_WAIT_MS = 60 * 60_000;
const LONGEST_MOVE_MS = 24 * 60 * 60_000;
/** 502 and 504 are processing limits hit by sustained load: pause a few seconds. */
const OVERLOADED_WAIT_MS = 3_000;

/** The JSON body of a good answer, or the failure. `doing` names the call in messages, e.g. "reading the list". */
export function classifyReply(reply: HttpReply, doing: string): Result<JsonObject> {
	if (reply.kind === 'unreachable') {
		return {
			kind: 'retry',
			code: 'UNAVAILABLE',
			reason: `HubSpot could not be reached while ${doing} (${reply.reason})`,
		};
	}
	if (reply.kind === 'loginFailed') {
		return {
			kind: 'stop',
			code: 'CREDENTIAL_INVALID',
			reason: `The HubSpot credential could not be used: ${shortened(reply.reason)}`,
		};
	}
	if (reply.tooLong) return endlessAnswer('HubSpot');
	const { status } = reply;
	if (status >= 200 && status < 300) {
		if (isRecord(reply.body)) return isIncomplete(status, reply.body) ? incomplete(doing) : ok(reply.body);
		if (status === 204) return ok({});
		// A page of a proxy in between, or an answer that was cut off.
		return { kind: 'retry', code: 'UNEXPECTED_ANSWER', reason: `HubSpot's answer while ${doing} was no JSON` };
	}
	const own = isOwn(reply.body);
	if (!own && !needsNoWords(status, reply.body)) return foreignAnswer('HubSpot', status, doing);
	const body = isRecord(reply.body) ? reply.body : {};
	const said = textOf(body.message);
	const message = `HubSpot answered ${status} while ${doing}${said ? `: ${shortened(said)}` : ''}`;
	const meaning = MEANINGS[status] ?? (status >= 500 ? serverFault : refused);
	return meaning({ status, body, headers: reply.headers, doing, said, message });
}

/** HubSpot's error bodies name their category, or at least the call (https://developers.hubspot.com/docs/api-reference/error-handling). */
const isOwn = (body: unknown): body is JsonObject =>
	isRecord(body) && (/^[A-Z][A-Z0-9_]*$/.test(textOf(body.category)) || textOf(body.correlationId) !== '');

/**
 * Whether a status says enough without HubSpot's own words, from wherever it comes: it passes, it is about the size of the
 * request, or it refuses the key. Any other one of something on the way must not be read as "no such list" or "not allowed".
 */
function needsNoWords(status: number, body: unknown): boolean {
	if (status === 401) return !isText(body);
	return status >= 500 || CLEAR_WITHOUT_WORDS.has(status);
}

const CLEAR_WITHOUT_WORDS: ReadonlySet<number> = new Set([408, 413, 414, 423, 429, 477]);

/**
 * Batch reads answer 207 when some records could not be read. Those that do not exist are rightly absent; those that met a
 * passing fault must not be taken for gone. Categories are an open set, so only clear faults count.
 */
const isIncomplete = (status: number, { errors }: JsonObject): boolean =>
	status === 207 &&
	Array.isArray(errors) &&
	errors.some((error) => isRecord(error) && PASSING_CATEGORY.test(textOf(error.category)));

/** Categories of errors that pass by themselves. */
export const PASSING_CATEGORY = /INTERNAL|TIMEOUT|RATE_LIMIT|UNAVAILABLE|LOCKED/i;

const incomplete = (doing: string): Failure => ({
	kind: 'retry',
	code: 'UNAVAILABLE',
	reason: `HubSpot could not read all it was asked for while ${doing}`,
});

/** Whether a failure is HubSpot's "no such thing". */
export const isNotFound = (failure: Failure): boolean => failure.kind === 'refused' && failure.status === 404;

/** Whether a failed search only used up the searches of this second, not the calls of the account. */
export const onlySearchesPaused = (failure: Failure): boolean =>
	failure.kind === 'retry' && failure.code === 'RATE_LIMITED' && failure.afterMs === SECONDLY_WAIT_MS;

interface Fault {
	readonly status: number;
	readonly body: JsonObject;
	readonly headers: Readonly<Record<string, string>>;
	/** Names the call. */
	readonly doing: string;
	/** HubSpot's sentence; empty: none. */
	readonly said: string;
	/** Status, call and sentence, for messages. */
	readonly message: string;
}

type Meaning = (fault: Fault) => Failure;

/** By HubSpot's sentence a wrong kind of key (an API key, a developer key) differs from one that was revoked. */
const wrongCredential: Meaning = ({ said }) => ({
	kind: 'stop',
	code: 'CREDENTIAL_INVALID',
	reason: `HubSpot does not accept the credential (401)${said ? `: ${shortened(withoutAnyKey(said))}` : ''}`,
});

const passing: Meaning = ({ message }) => ({ kind: 'retry', code: 'UNAVAILABLE', reason: message });

const overloaded: Meaning = (fault) => ({ ...passing(fault), afterMs: OVERLOADED_WAIT_MS });

const locked: Meaning = (fault) => ({
	...passing(fault),
	afterMs: Math.max(LOCKED_WAIT_MS, retryAfterMs(fault.headers) ?? 0),
});

const moving: Meaning = ({ headers, doing }) => ({
	kind: 'retry',
	code: 'UNAVAILABLE',
	reason: `HubSpot is moving this account to another data centre (477 while ${doing})`,
	afterMs: Math.min(LONGEST_MOVE_MS, retryAfterMs(headers) ?? MOVING_WAIT_MS),
});

/** The status tells callers that a smaller page may come through. */
const serverFault: Meaning = (fault) => ({ ...passing(fault), status: fault.status });

const refused: Meaning = ({ status, body, message }) => ({
	kind: 'refused',
	code: 'SOURCE_REFUSED',
	reason: message,
	status,
	details: body,
});

/** HubSpot quotes the key in some of its sentences, and the address of its page in others. */
const withoutAnyKey = (sentence: string): string =>
	sentence.replace(
		/(https:\/\/(?:developers|knowledge)\.hubspot\.com\/[\w/-]*)|pat-[\w-]+|[\w+/=-]{20,}|\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/gi,
		(_found, page: string | undefined) => page ?? '(key)',
	);

function forbidden({ body, message, doing }: Fault): Failure {
	const scopes = scopesIn(body);
	if (body.category === 'MISSING_SCOPES' || scopes.length > 0) {
		const named = scopes.length > 0 ? scopes.join(' or ') : 'see the README for the scopes each node needs';
		return {
			kind: 'stop',
			code: 'SCOPE_MISSING',
			reason: `The HubSpot credential lacks a scope for ${doing}: ${named}`,
		};
	}
	return { kind: 'stop', code: 'ACCOUNT_RESTRICTED', reason: message };
}

/** A 429 names its limit in `policyName`; searches are also known by HubSpot's sentence "You have reached your secondly limit." */
function rateLimited({ body, headers, doing }: Fault): Failure {
	const policy = textOf(body.policyName).toUpperCase();
	if (policy === 'DAILY') {
		return {
			kind: 'retry',
			code: 'DAILY_LIMIT_REACHED',
			reason: `HubSpot's daily limit of this account is used up (429 while ${doing})`,
			afterMs: DAILY_RECHECK_MS,
		};
	}
	const secondly = policy === 'SECONDLY' || /secondly limit/i.test(textOf(body.message));
	const asked = retryAfterMs(headers);
	const afterMs = secondly
		? SECONDLY_WAIT_MS
		: Math.min(LONGEST_429_WAIT_MS, Math.max(SECONDLY_WAIT_MS + 1, asked ?? ROLLING_WAIT_MS));
	return {
		kind: 'retry',
		code: 'RATE_LIMITED',
		reason: `HubSpot's rate limit was reached (429 while ${doing})`,
		afterMs,
	};
}

/** The scopes named anywhere in the error's details: HubSpot writes lists, or text like `{missingScopes=[a, b]}`. */
function scopesIn(body: JsonObject): string[] {
	const found = new Set<string>();
	const visit = (value: unknown, inScopes: boolean, depth: number): void => {
		if (depth > 6) return;
		if (typeof value === 'string') {
			if (!inScopes && !/scopes?=/i.test(value)) return;
			for (const [scope] of value.matchAll(/[a-z][a-z0-9_-]*(\.[a-z0-9_-]+)+/g)) found.add(scope);
		} else if (Array.isArray(value)) {
			for (const entry of value) visit(entry, inScopes, depth + 1);
		} else if (isRecord(value)) {
			for (const [name, entry] of Object.entries(value)) visit(entry, inScopes || /scope/i.test(name), depth + 1);
		}
	};
	visit({ errors: body.errors, context: body.context }, false, 0);
	return [...found].slice(0, 5);
}

/** `Retry-After` in ms; HubSpot writes seconds. */
function retryAfterMs(headers: Readonly<Record<string, string>>): number | undefined {
	const seconds = plainNumber(headers['retry-after']);
	return seconds !== undefined && seconds >= 0 ? seconds * 1_000 : undefined;
}

/** What each status means; any other one from 500 on is a fault of the server, and the rest are refusals. */
const MEANINGS: Readonly<Record<number, Meaning>> = {
	401: wrongCredential,
	403: forbidden,
	408: passing,
	423: locked,
	429: rateLimited,
	477: moving,
	502: overloaded,
	504: overloaded,
};
