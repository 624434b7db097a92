import { z } from 'zod';
import type { HttpReply } from '../../../core/ports';
import { endlessAnswer, foreignAnswer, isText } from '../../../core/calls/foreignAnswer';
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
 * anything else answers may pass. `form` is what a success must look like; anything will do without it.
 */
export function classifyBrevoReply(reply: HttpReply): Result<unknown>;
export function classifyBrevoReply<T>(reply: HttpReply, form: z.ZodType<T, z.ZodTypeDef, unknown>): Result<T>;
export function classifyBrevoReply(reply: HttpReply, form: z.ZodTypeAny = z.unknown()): Result<unknown> {
	if (reply.kind === 'loginFailed')
		return { kind: 'stop', code: 'CREDENTIAL_INVALID', reason: withoutPeople(reply.reason) };
	if (reply.kind === 'unreachable') {
		return { kind: 'retry', code: 'UNAVAILABLE', reason: `Brevo could not be reached (${reply.reason})` };
	}
	if (reply.tooLong) return endlessAnswer('Brevo');
	if (reply.status >= 200 && reply.status < 300) {
		const read = form.safeParse(reply.body);
		return read.success ? ok<unknown>(read.data) : unexpected(reply.status, read.error);
	}
	return failureOf(reply.status, reply.headers, reply.body);
}

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
	// 425 is the contact being worked on elsewhere (`account_in_process`); it passes.
	if (status === 425 || status === 408 || status >= 500) {
		return { kind: 'retry', code: 'UNAVAILABLE', reason: `Brevo answered with status ${status}` };
	}
	const body = bodyOf(answered);
	if (body) return verdictOf(status, body);
	return status === 401 && !isText(answered) ? verdictOf(status, NO_WORDS) : foreignAnswer('Brevo', status);
}

const NO_WORDS: ErrorBody = { code: '', message: '', taken: [] };

/** What Brevo's own refusal means. */
function verdictOf(status: number, body: ErrorBody): Failure {
	// Both a wrong key and an unknown address of the caller are a 401; only the message tells them apart.
	if (status === 401) {
		return /unrecogni[sz]ed ip|authori[sz]ed_ips/i.test(body.message)
			? { kind: 'stop', code: 'IP_BLOCKED', reason: 'Brevo does not accept calls from the IP address of this n8n' }
			: { kind: 'stop', code: 'CREDENTIAL_INVALID', reason: 'Brevo does not accept the API key' };
	}
	if (status === 402 || status === 403) {
		return {
			kind: 'stop',
			code: 'ACCOUNT_RESTRICTED',
			reason: `Brevo does not allow this call (${withoutPeople(body.code)})`,
		};
	}
	// Brevo's documented refusals have these statuses; with another one, nothing was said about the contact.
	if (!REFUSALS.has(status)) return foreignAnswer('Brevo', status);
	if (body.taken.length > 0) return identifierTaken(body.taken, status);
	return {
		kind: 'refused',
		code: 'DESTINATION_REFUSED',
		reason: `Brevo refused: ${withoutPeople(body.message || body.code || `status ${status}`)}`,
		status,
	};
}

/** Bad request, not found, conflict, too large, unprocessable. */
const REFUSALS: ReadonlySet<number> = new Set([400, 404, 409, 413, 422]);

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
	return message
		.slice(0, LONGEST_READ)
		.replace(/[^\s"'<>]+(?:@|%40)[^\s"'<>]+/gi, '(address)')
		.replace(/\+?\d(?:[\s().-]*\d){6,}/g, '(number)')
		.slice(0, 300);
}

function unexpected(status: number, error: z.ZodError): Failure {
	const issue = error.issues[0];
	const where = issue && issue.path.length > 0 ? ` at ${issue.path.slice(0, 4).join('.')}` : '';
	return { kind: 'stop', code: 'UNEXPECTED_ANSWER', reason: `Brevo answered ${status} in an unknown form${where}` };
}
