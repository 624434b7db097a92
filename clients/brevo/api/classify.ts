import type { HttpReply } from '../../../core/ports';
import { endlessAnswer, foreignAnswer, isText } from '../../../core/calls/callFailures';
import { withoutKeys } from '../../../core/calls/vendorMessage';
import type { Failure, Result } from '../../../core/result';
import { ok } from '../../../core/result';
import { LONGEST_PAUSE_MS, RATE_LIMIT_PAUSE_MS } from './limits';
import { isRecord } from '../../../core/json';

/** Details of a refusal because another contact has one of the identifiers. Names as Brevo spells them, such as `SMS`. */
export interface TakenIdentifiers {
	readonly taken: readonly string[];
}

/**
 * Sorts an answer of Brevo by what to do next (error bodies: https://developers.brevo.com/docs/how-it-works). `code` is an
 * open set there, so statuses decide first. Only an error body of Brevo's own speaks about a contact, a list or a key: what
 * anything else answers may pass.
 */
export function classifyBrevoReply(reply: HttpReply): Result<unknown> {
	if (reply.kind === 'loginFailed')
		return { kind: 'stop', code: 'CREDENTIAL_INVALID', reason: withoutPeople(reply.reason) };
	if (reply.kind === 'unreachable') {
		return { kind: 'retry', code: 'UNAVAILABLE', reason: `Brevo could not be reached (${reply.reason})` };
	}
	if (reply.tooLong) return endlessAnswer('Brevo');
	// Brevo's own answers without a body have the status 204 or 201.
	if (reply.status === 200 && isEmpty(reply.body)) return foreignAnswer('Brevo', reply.status);
	if (reply.status >= 200 && reply.status < 300) return ok(reply.body);
	return failureOf(reply.status, reply.headers, reply.body);
}

const isEmpty = (body: unknown): boolean => body === undefined || body === null || body === '';

interface ErrorBody {
	readonly code: string;
	readonly message: string;
	readonly taken: readonly string[];
}

function failureOf(status: number, headers: Readonly<Record<string, string>>, answered: unknown): Failure {
	if (status === 429) {
		return {
			kind: 'retry',
			code: 'RATE_LIMITED',
			reason: 'Brevo limits the number of calls of this account',
			afterMs: waitOf(headers),
		};
	}
	if (status >= 500 || PASSING.has(status)) {
		return { kind: 'retry', code: 'UNAVAILABLE', reason: `Brevo answered with status ${status}` };
	}
	const body = bodyOf(answered) ?? (status === 401 && !isText(answered) ? NO_WORDS : undefined);
	const meaning = body && MEANINGS[status];
	return meaning ? meaning(body, status) : foreignAnswer('Brevo', status);
}

/** Besides all from 500 on: a timeout, and a contact that is being worked on elsewhere (`account_in_process`). */
const PASSING: ReadonlySet<number> = new Set([408, 425]);

const NO_WORDS: ErrorBody = { code: '', message: '', taken: [] };

type Meaning = (body: ErrorBody, status: number) => Failure;

/** Both a wrong key and an unknown address of the caller are a 401; only the message tells them apart. */
const notLetIn: Meaning = ({ message }) =>
	/unrecogni[sz]ed ip|authori[sz]ed_ips/i.test(message)
		? { kind: 'stop', code: 'IP_BLOCKED', reason: notAllowedFrom(addressIn(message)) }
		: { kind: 'stop', code: 'CREDENTIAL_INVALID', reason: 'Brevo does not accept the API key' };

/** The page where an account allows addresses, as Brevo's own message names it. */
const ALLOWED_ADDRESSES = 'https://app.brevo.com/security/authorised_ips';

const notAllowedFrom = (address: string | undefined): string =>
	`Brevo does not accept calls from the IP address of this n8n${address === undefined ? '' : ` (${address})`}. Add it on ${ALLOWED_ADDRESSES} (Brevo: Security > Authorized IPs)`;

/** The address that Brevo saw: that of this n8n, or of the proxy it goes out by. */
const addressIn = (message: string): string | undefined =>
	/\bip address:? ((?:\d{1,3}\.){3}\d{1,3}|[\da-f]{0,4}(?::[\da-f]{0,4}){2,7})(?![\w:])/i.exec(
		message.slice(0, LONGEST_READ),
	)?.[1];

const restricted: Meaning = ({ code }) => ({
	kind: 'stop',
	code: 'ACCOUNT_RESTRICTED',
	reason: `Brevo does not allow this call (${withoutPeople(code)})`,
});

const refused: Meaning = ({ code, message, taken }, status) =>
	taken.length > 0
		? identifierTaken(taken, status)
		: {
				kind: 'refused',
				code: 'DESTINATION_REFUSED',
				reason: `Brevo refused: ${withoutPeople(message || code || `status ${status}`)}`,
				status,
			};

/** What Brevo's own refusal means. These are the documented ones; with another status, nothing was said about the contact. */
const MEANINGS: Readonly<Record<number, Meaning>> = {
	400: refused,
	401: notLetIn,
	// Not enough credits.
	402: restricted,
	403: restricted,
	404: refused,
	// Conflict, too large, unprocessable.
	409: refused,
	413: refused,
	422: refused,
};

/** Another contact has these identifiers. */
export function identifierTaken(taken: readonly string[], status: number): Failure {
	const details: TakenIdentifiers = { taken };
	const reason = `Another Brevo contact already has this ${taken.join(', ')}`;
	return { kind: 'refused', code: 'IDENTIFIER_TAKEN', reason, status, details };
}

/** `x-sib-ratelimit-reset` is the time left in seconds (https://developers.brevo.com/docs/limit-headers). */
function waitOf(headers: Readonly<Record<string, string>>): number {
	for (const name of ['x-sib-ratelimit-reset', 'retry-after']) {
		const seconds = Number(headers[name]);
		if (headers[name]?.trim() && Number.isFinite(seconds) && seconds >= 0)
			return Math.min(LONGEST_PAUSE_MS, Math.max(100, Math.ceil(seconds * 1_000)));
	}
	return RATE_LIMIT_PAUSE_MS;
}

/** Every refusal of Brevo has a code and a message, both texts; undefined for any other body. */
function bodyOf(body: unknown): ErrorBody | undefined {
	if (typeof body !== 'object' || body === null) return undefined;
	const { code, message, metadata } = body as Record<string, unknown>;
	if (typeof code !== 'string' || code.trim() === '' || typeof message !== 'string') return undefined;
	return { code, message, taken: takenOf(code, message, metadata) };
}

/** The identifiers a `duplicate_parameter` is about: from `metadata`, else from the message. */
function takenOf(code: unknown, message: string, metadata: unknown): string[] {
	const listed = isRecord(metadata) ? metadata.duplicate_identifiers : undefined;
	if (Array.isArray(listed)) return listed.filter((name): name is string => typeof name === 'string');
	// `invalid_parameter` was seen for the same refusal.
	const isDuplicate = code === 'duplicate_parameter' || code === 'invalid_parameter';
	if (!isDuplicate || !/already (associated|exist)/i.test(message)) return [];
	const named = ['email', 'ext_id', 'SMS', 'WHATSAPP', 'LANDLINE_NUMBER'].filter((name) =>
		new RegExp(`\\b${name}\\b`, 'i').test(message),
	);
	// `Contact already exist` (sendinblue/APIv3-php-library #149) is about the address.
	return named.length === 0 && /\bcontact already/i.test(message) ? ['email'] : named;
}

/** Much longer texts are pages of a proxy, and searching them takes long. */
const LONGEST_READ = 2_000;

/**
 * Messages end up in logs and execution data; an address or a phone number quoted back by Brevo does not belong there.
 * `code` may be free text as well.
 */
function withoutPeople(message: string): string {
	return withoutKeys(message.slice(0, LONGEST_READ))
		.replace(/[^\s"'<>]+(?:@|%40)[^\s"'<>]+/gi, '(address)')
		.replace(/\+?\d(?:[\s().-]*\d){6,}/g, '(number)')
		.slice(0, 300);
}

/** The failure of a good answer that lacks what it must have at `path`. */
export function unexpectedForm(path: ReadonlyArray<string | number>, reply: HttpReply): Failure {
	const status = reply.kind === 'reply' ? reply.status : '';
	const where = path.length > 0 ? ` at ${path.slice(0, 4).join('.')}` : '';
	return { kind: 'stop', code: 'UNEXPECTED_ANSWER', reason: `Brevo answered ${status} in an unknown form${where}` };
}
