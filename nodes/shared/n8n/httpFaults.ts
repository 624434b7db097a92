import { NodeOperationError, OperationalError, UserError } from 'n8n-workflow';
import type { HttpReply } from '../../../core/ports';
import { readAnswer } from './answerBody';
import { isRecord } from '../../../core/json';

/** A token that could not be fetched now and may be later; `fromThrown` hands it on as a vendor that cannot be reached. */
export class SignInUnavailable extends OperationalError {}

/** Where a call went, for the message of a fault on the way. */
export interface Target {
	/** Host and port; absent where the credential's own code adds them. */
	readonly host?: string;
	/** The field of the credential that names the host; absent where the caller names it. */
	readonly field?: string;
	/** The credential is being tested: what is wrong is corrected at once, not only if it stays. */
	readonly tested?: true;
	/** Ends the reading of an answer that stops in the middle. */
	readonly deadline?: AbortSignal;
}

/**
 * The reply inside an exception. n8n wraps every failure in a NodeApiError; the axios error with the reply, if there was one,
 * is its cause. A fault of the login is one only where n8n says so: taken for one, a fault of the network would stop the
 * sync and send its owner to look for a wrong key. So every other fault counts as one of the way, which may pass.
 */
export async function fromThrown(error: unknown, target: Target = { field: 'Base URL' }): Promise<HttpReply> {
	const causes = causesOf(error);
	for (const cause of causes) {
		if (cause instanceof SignInUnavailable) return { kind: 'unreachable', reason: cause.message };
		const response = cause.response;
		if (isRecord(response) && typeof response.status === 'number') {
			const { headers, data } = response;
			try {
				return {
					kind: 'reply',
					status: response.status,
					headers: plainHeaders(headers),
					...(await readAnswer(data, target.deadline)),
				};
			} catch {
				return { kind: 'unreachable', reason: 'the answer broke off' };
			}
		}
	}
	const refused = causes.find(isRefusedLogin);
	if (refused) return { kind: 'loginFailed', reason: messageOf(refused) };
	// Never a success: a page with status 200 in the place of a token is one of these too.
	if (isRecord(error) && /^[3-5]\d{2}$/.test(String(error.httpCode))) {
		const data = isRecord(error.context) ? error.context.data : undefined;
		return { kind: 'reply', status: Number(error.httpCode), headers: {}, body: data ?? { message: messageOf(error) } };
	}
	return { kind: 'unreachable', reason: wayFault(faultCode(causes), messageOf(error), target) };
}

function causesOf(error: unknown): ReadonlyArray<Readonly<Record<string, unknown>>> {
	const causes: Array<Readonly<Record<string, unknown>>> = [];
	for (let cause = error; isRecord(cause) && causes.length < 5; cause = cause.cause) causes.push(cause);
	return causes;
}

/** Ours and n8n's errors about a setting, and what the host says that n8n asks for a token. */
function isRefusedLogin(cause: Readonly<Record<string, unknown>>): boolean {
	if (cause instanceof UserError || cause instanceof NodeOperationError) return true;
	if (cause.code === 'EAUTH') return !PASSING_GRANT.test(grantError(cause.body));
	// An answer of another form than RFC 6749 has: the host's own words are JSON, those of a proxy are a page.
	if (cause.code === 'ESTATUS') return [400, 401, 403].includes(Number(cause.status)) && isJsonText(cause.body);
	// A key with a line break or a letter that no header can carry.
	if (cause.code === 'ERR_INVALID_CHAR') return true;
	return LOGIN_WORDS.test(messageOf(cause));
}

/** Of the errors of RFC 6749, those that say nothing about the grant. */
const PASSING_GRANT = /server_error|temporarily_unavailable/;

/** What n8n's OAuth2 client throws as plain errors, before it sends anything. */
const LOGIN_WORDS =
	/without access token|reconnect the credential|credentials not connected|credential with no id|any credentials of type/i;

const grantError = (body: unknown): string => (isRecord(body) && typeof body.error === 'string' ? body.error : '');

const isJsonText = (body: unknown): boolean =>
	isRecord(body) || (typeof body === 'string' && /^\s*\{[^]*\}\s*$/.test(body));

/** The code of a fault, such as ECONNREFUSED, CERT_HAS_EXPIRED or ECONNABORTED (a timeout). */
function faultCode(causes: ReadonlyArray<Readonly<Record<string, unknown>>>): string | undefined {
	for (const cause of causes) {
		const codes = [cause.code, cause.httpCode, /\b[A-Z]+(?:_[A-Z]+)*_CERT(?:_[A-Z]+)*\b/.exec(messageOf(cause))?.[0]];
		for (const code of codes) if (typeof code === 'string' && /^[A-Z][A-Z0-9_]{3,}$/.test(code)) return code;
	}
	return undefined;
}

/** OpenSSL's verdicts on a certificate (https://nodejs.org/api/tls.html#x509-certificate-error-codes). */
const CERTIFICATE = /CERT|^UNABLE_TO_VERIFY|^HOSTNAME_MISMATCH$|^INVALID_CA$|^PATH_LENGTH_EXCEEDED$|^INVALID_PURPOSE$/;
/** Nothing answers at this address. */
const NOT_THERE: ReadonlySet<string> = new Set([
	'ENOTFOUND',
	'EAI_AGAIN',
	'ECONNREFUSED',
	'EHOSTUNREACH',
	'ENETUNREACH',
]);
/** Something answers there, but no HTTP, or no TLS. */
const NOT_HTTP = /^HPE_|^EPROTO$|^ERR_SSL|^ERR_TLS|^ERR_INVALID_PROTOCOL|^ERR_INVALID_URL/;

/**
 * What went wrong on the way and what to look at; completes the sentence "could not be reached (…)". Codes of faults that a
 * setting may have caused are told in words: n8n's editor replaces messages with such a code by its own, which name no setting.
 */
function wayFault(code: string | undefined, message: string, { host, field, tested }: Target): string {
	const at = host === undefined ? '' : ` at ${host}`;
	if (code === undefined) return /time[d-]*\s?out/i.test(message) ? 'time-out' : 'network fault';
	if (CERTIFICATE.test(code)) {
		const setting = field === undefined ? '' : `'${field}' and `;
		return `${code}${at}: this n8n does not trust the certificate. Where a proxy looks into connections, give n8n its certificate in NODE_EXTRA_CA_CERTS; otherwise check ${setting}the clock of this machine`;
	}
	const correct = field === undefined ? '' : `. Correct '${field}'${tested ? '' : ' in the credential if it stays'}`;
	if (NOT_THERE.has(code)) return `nothing answers${at || ' there'}${correct}`;
	if (NOT_HTTP.test(code)) return `nothing answers${at || ' there'} as a web server with HTTPS does${correct}`;
	return code;
}

export function plainHeaders(headers: unknown): Record<string, string> {
	if (!isRecord(headers)) return {};
	return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]));
}

export const messageOf = (error: unknown): string => {
	const message = isRecord(error) ? error.message : error;
	return typeof message === 'string' ? message : String(error);
};
