import type { HttpReply } from '../../../core/ports';
import { endlessAnswer, foreignAnswer, isText } from '../../../core/calls/callFailures';
import { shortened } from '../../../core/calls/vendorMessage';
import type { Failure, Result } from '../../../core/result';
import { ok } from '../../../core/result';
import { isRecord, textOf } from '../../../core/json';

/**
 * Sorts Salesforce's answers by what to do next. Errors are a list `[{ message, errorCode, fields }]`
 * (https://developer.salesforce.com/docs/platform/api-rest/guide/errorcodes.html), of the sign-in an object
 * `{ error, error_description }`, of the servers in front a page or nothing.
 */

/** The window of the daily limit rolls: calls come free all the time. Asking each quarter of an hour costs 96 calls a day. */
export const DAILY_RECHECK_MS = 15 * 60_000;
/** Too many long calls at once: they end within seconds, or in minutes at worst. */
const CONCURRENT_WAIT_MS = 5_000;
/** A query that took two minutes takes as long again: not within this run. */
const QUERY_TIMEOUT_WAIT_MS = 60_000;
/** A call that came to nothing after so long was waited for in vain: connections that fail do so sooner. */
const SLOW_MS = 15_000;

/** One entry of an error body. `errorCode` at the top level, `statusCode` in rows of collections. */
export interface SalesforceFault {
	readonly code: string;
	readonly message: string;
	readonly fields: readonly string[];
}

/** The body of a good answer, or the failure. `doing` names the call in messages, e.g. "reading the records". */
export function classifyReply(reply: HttpReply, doing: string): Result<unknown> {
	if (reply.kind === 'unreachable') {
		if ((reply.waitedMs ?? 0) >= SLOW_MS) return tooSlow(reply.waitedMs ?? 0, doing);
		return passing(`Salesforce could not be reached while ${doing} (${reply.reason})`);
	}
	if (reply.kind === 'loginFailed') {
		return invalidCredential(`The Salesforce credential could not be used: ${shortened(reply.reason)}`);
	}
	if (reply.tooLong) return endlessAnswer('Salesforce');
	const { status, body } = reply;
	if (status >= 200 && status < 300) {
		if (typeof body === 'object' && body !== null) return ok(body);
		// A page of a proxy in between, or an answer that was cut off.
		return { kind: 'retry', code: 'UNEXPECTED_ANSWER', reason: `Salesforce's answer while ${doing} was no JSON` };
	}
	return classifyFault(status, body, doing);
}

/** The failure behind a status and a body, of a call or of a part of a composite call. */
export function classifyFault(status: number, body: unknown, doing: string): Failure {
	const fault = faultsIn(body).find(({ code }) => OWN_CODE.test(code));
	// Servers in front of Salesforce have an `error` in their bodies too.
	if (status >= 400 && status <= 403 && isRecord(body) && OAUTH_ERROR.test(textOf(body.error))) {
		const said = shortened(`${textOf(body.error)} ${textOf(body.error_description)}`);
		return invalidCredential(`Salesforce does not accept the sign-in (${status} while ${doing}): ${said}`);
	}
	if (/^\s*Bad_OAuth_Token/i.test(textOf(body))) {
		return invalidCredential(`Salesforce does not accept the credential (${status} while ${doing})`);
	}
	const answer = {
		status,
		body,
		doing,
		said: fault ? wordsOf(fault, status, doing) : `Salesforce answered ${status} while ${doing}`,
	};
	const meant = fault && BY_CODE[fault.code];
	if (fault && meant) return meant({ ...answer, fault });
	const meaning = BY_STATUS[status] ?? byRange;
	return meaning({ ...answer, fault });
}

interface Answer {
	readonly status: number;
	readonly body: unknown;
	/** Names the call. */
	readonly doing: string;
	/** Status, call and Salesforce's words, for messages. */
	readonly said: string;
	/** Absent: no error body of Salesforce's own. */
	readonly fault?: SalesforceFault;
}

/** An answer with an error body of Salesforce's own. */
type OwnAnswer = Answer & { readonly fault: SalesforceFault };

/** Salesforce's codes, such as `NOT_FOUND`; a list of another kind is no error body of its own. */
const OWN_CODE = /^[A-Z][A-Z0-9_]*$/;
/** Errors of the sign-in, such as `invalid_grant` (RFC 6749, 5.2); servers in between write theirs as words. */
const OAUTH_ERROR = /^[a-z]+(_[a-z]+)+$/;

/** Whether a failure is Salesforce's "no such thing". */
export const isNotFound = (failure: Failure): boolean => failure.kind === 'refused' && failure.status === 404;

/** Whether a query took longer than Salesforce lets it: one over fewer records may do. */
export const isQueryTimeout = (failure: Failure): boolean =>
	failure.kind === 'retry' && failure.status === 400 && failure.afterMs === QUERY_TIMEOUT_WAIT_MS;

/** The same, or no answer within the time there was: n8n's scheduler gives a poll less than Salesforce gives a query. */
export const isTooSlow = (failure: Failure): boolean =>
	failure.kind === 'retry' && failure.afterMs === QUERY_TIMEOUT_WAIT_MS;

/** The same, or a server in front gave up waiting: fewer records at a time may come through. */
export const mayBeTooMuch = (failure: Failure): boolean =>
	isTooSlow(failure) || (failure.kind === 'retry' && failure.code === 'UNAVAILABLE' && (failure.status ?? 0) >= 500);

/** The entries of an error body; none when it is of another form. */
export function faultsIn(body: unknown): readonly SalesforceFault[] {
	return (Array.isArray(body) ? (body as unknown[]) : []).filter(isRecord).map((entry) => ({
		code: textOf(entry.errorCode) || textOf(entry.statusCode),
		message: textOf(entry.message),
		fields: (Array.isArray(entry.fields) ? (entry.fields as unknown[]) : []).filter(
			(name): name is string => typeof name === 'string',
		),
	}));
}

/** A query whose call would be longer than Salesforce takes. */
export const tooLong = (doing: string): Failure => ({
	kind: 'stop',
	code: 'SETTING_INVALID',
	reason: `The query is longer than Salesforce takes (${doing}): read fewer fields, or use fewer or shorter conditions`,
});

/** Two sentences come with this code although no session ended: signing in again would go on for ever. */
function sessionFault({ fault: { message }, said }: OwnAnswer): Failure {
	if (/not valid for use with the REST API/i.test(message)) {
		return {
			kind: 'stop',
			code: 'SCOPE_MISSING',
			reason: `The session may not use the REST API (scope 'api'): ${said}`,
		};
	}
	if (/not attached to Agent/i.test(message)) return invalidCredential(said);
	return invalidCredential('Salesforce does not accept the session of the credential (401 INVALID_SESSION_ID)');
}

/** One code for two limits: the calls of the day, and long calls at the same time. */
function limitFault({ fault: { message }, doing }: OwnAnswer): Failure {
	if (/concurrent/i.test(message)) {
		return {
			kind: 'retry',
			code: 'RATE_LIMITED',
			reason: `Too many long calls of this Salesforce organisation run at once (403 while ${doing})`,
			afterMs: CONCURRENT_WAIT_MS,
		};
	}
	return {
		kind: 'retry',
		code: 'DAILY_LIMIT_REACHED',
		reason: `The daily calls of this Salesforce organisation are used up (403 while ${doing})`,
		afterMs: DAILY_RECHECK_MS,
	};
}

/** Salesforce answers alike for a field that does not exist and one that the user may not see. */
function fieldFault(answer: OwnAnswer): Failure {
	const { fault, doing } = answer;
	const [, column, entity] =
		/No such column '([^']*)' on (?:entity|sobject of type) '?(\w+)/i.exec(fault.message) ?? [];
	const [, relation] = /Didn't understand relationship '([^']*)'/i.exec(fault.message) ?? [];
	const name = column ?? relation;
	if (name === undefined) return refused(answer);
	const whole = entity === undefined ? name : `${entity}.${name}`;
	return missingPermission(
		`Salesforce shows no field '${shortened(whole)}' to the user of the credential (${doing}): it does not exist, or field-level security hides it`,
	);
}

const refused = ({ status, fault, said }: OwnAnswer): Failure => ({
	kind: 'refused',
	code: 'SOURCE_REFUSED',
	reason: said,
	status,
	details: fault,
});

/** To the sign-in page, or the page of something on the way: no record is gone for it. */
const notOwn = ({ status, doing }: Answer): Failure => foreignAnswer('Salesforce', status, doing);

const passing = (reason: string): Extract<Failure, { kind: 'retry' }> => ({
	kind: 'retry',
	code: 'UNAVAILABLE',
	reason,
});

const tooSlow = (waitedMs: number, doing: string): Failure => ({
	...passing(`Salesforce did not answer within ${Math.round(waitedMs / 1_000)} s while ${doing}`),
	afterMs: QUERY_TIMEOUT_WAIT_MS,
});

const invalidCredential = (reason: string): Failure => ({ kind: 'stop', code: 'CREDENTIAL_INVALID', reason });

const missingPermission = (reason: string): Failure => ({ kind: 'stop', code: 'PERMISSION_MISSING', reason });

function wordsOf({ code, message }: SalesforceFault, status: number, doing: string): string {
	// Queries are quoted over several lines, with a mark below the place.
	const said = shortened(message.replace(/\s+/g, ' '));
	return `Salesforce answered ${status} ${code} while ${doing}${said ? `: ${said}` : ''}`;
}

const quotedIn = (message: string): string | undefined => /'[\w.]+'/.exec(message)?.[0];

type Meaning<Of extends Answer> = (answer: Of) => Failure;

const passes: Meaning<Answer> = ({ said }) => passing(said);

const apiDisabled: Meaning<Answer> = ({ said }) => ({ kind: 'stop', code: 'API_DISABLED', reason: said });

const notAllowed: Meaning<Answer> = ({ said }) => missingPermission(said);

/** What a code says by itself, whichever status it comes with. */
const BY_CODE: Readonly<Record<string, Meaning<OwnAnswer>>> = {
	INVALID_SESSION_ID: sessionFault,
	API_DISABLED_FOR_ORG: apiDisabled,
	API_CURRENTLY_DISABLED: apiDisabled,
	REQUEST_LIMIT_EXCEEDED: limitFault,
	INVALID_FIELD: fieldFault,
	INVALID_TYPE: ({ fault, doing }) =>
		missingPermission(
			`Salesforce shows no object ${quotedIn(fault.message) ?? ''} to the user of the credential (${doing})`,
		),
	INSUFFICIENT_ACCESS: notAllowed,
	INSUFFICIENT_ACCESS_OR_READONLY: notAllowed,
	INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY: notAllowed,
	QUERY_TIMEOUT: ({ said }) => ({ ...passing(said), status: 400, afterMs: QUERY_TIMEOUT_WAIT_MS }),
	INVALID_QUERY_LOCATOR: ({ said, status }) => ({ kind: 'refused', code: 'CURSOR_EXPIRED', reason: said, status }),
	UNABLE_TO_LOCK_ROW: passes,
	SERVER_UNAVAILABLE: passes,
	REQUEST_RUNNING_TOO_LONG: ({ said }) => ({ ...passing(said), status: 503 }),
	TXN_SECURITY_METERING_ERROR: passes,
	UNKNOWN_EXCEPTION: passes,
};

/** What a status says where no code did. */
const BY_STATUS: Readonly<Record<number, Meaning<Answer>>> = {
	401: (answer) =>
		isText(answer.body)
			? notOwn(answer)
			: invalidCredential(`Salesforce does not accept the credential (401 while ${answer.doing})`),
	403: (answer) => (answer.fault ? { kind: 'stop', code: 'ACCOUNT_RESTRICTED', reason: answer.said } : notOwn(answer)),
	// 406 and 420 come from the servers in front of Salesforce, while they set themselves up.
	406: passes,
	408: passes,
	420: passes,
	414: ({ doing }) => tooLong(doing),
	431: ({ doing }) => tooLong(doing),
	429: ({ said }) => ({ kind: 'retry', code: 'RATE_LIMITED', reason: said, afterMs: CONCURRENT_WAIT_MS }),
};

/** What the statuses say that are not in the table. */
function byRange(answer: Answer): Failure {
	const { status, said, fault } = answer;
	if (status >= 500) return { ...passing(said), status };
	return status >= 400 && fault ? refused({ ...answer, fault }) : notOwn(answer);
}
