import type {
	ICredentialDataDecryptedObject,
	IExecuteFunctions,
	IHttpRequestOptions,
	ILoadOptionsFunctions,
	IPollFunctions,
	JsonObject,
} from 'n8n-workflow';
import { OperationalError } from 'n8n-workflow';
import type { HttpPort, HttpReply, HttpRequest } from '../../core/ports';
import { checkBaseUrl } from '../../core/baseUrl';
import type { Result } from '../../core/result';

export type NodeContext = IExecuteFunctions | IPollFunctions | ILoadOptionsFunctions;

const DEFAULT_TIMEOUT_MS = 60_000;

/**
 * Sends requests through n8n with the credential `credentialType` of the running node. Statuses come back as values. Only
 * for OAuth2 a 401 goes through n8n's own handling first, which refreshes the token and tries once more; with a fixed key
 * that second call could not succeed.
 */
export const n8nHttp = (context: NodeContext, credentialType: string, defaultBaseUrl: string): HttpPort =>
	httpOver(context, credentialType, {
		renewsTokens: credentialType.endsWith('OAuth2Api'),
		place: ({ baseUrl }) => checkBaseUrl(typeof baseUrl === 'string' && baseUrl.trim() ? baseUrl : defaultBaseUrl),
	});

/** Where a vendor's calls go, and what becomes of a 401. */
export interface Calls {
	/** Whether n8n exchanges a token that ran out, and repeats the call once. */
	readonly renewsTokens: boolean;
	/** What to put before a path; '' where the credential's own code does that. Asked anew for every call. */
	readonly place: (credential: ICredentialDataDecryptedObject) => Result<string> | Promise<Result<string>>;
}

/** Sends requests through n8n to where `calls` says. */
export function httpOver(context: NodeContext, credentialType: string, { renewsTokens, place }: Calls): HttpPort {
	const statusesAsValues = renewsTokens ? { ignore: true as const, except: [401] } : true;
	return {
		async send(request) {
			let credential: ICredentialDataDecryptedObject;
			try {
				credential = await context.getCredentials(credentialType);
			} catch (error) {
				return { kind: 'loginFailed', reason: messageOf(error) };
			}
			const placed = await place(credential);
			if (placed.kind !== 'ok') {
				return { kind: placed.kind === 'retry' ? 'unreachable' : 'loginFailed', reason: placed.reason };
			}
			try {
				const answer = (await context.helpers.httpRequestWithAuthentication.call(context, credentialType, {
					...requestOptions(request, placed.value),
					ignoreHttpStatusErrors: statusesAsValues,
				})) as FullAnswer;
				return toReply(answer);
			} catch (error) {
				return fromThrown(error);
			}
		},
	};
}

/** A token that could not be fetched now and may be later; `fromThrown` hands it on as a vendor that cannot be reached. */
export class SignInUnavailable extends OperationalError {}

/** What n8n's request helpers answer with `returnFullResponse`. */
export interface FullAnswer {
	readonly statusCode: number;
	readonly headers: unknown;
	readonly body: unknown;
}

export const toReply = ({ statusCode, headers, body }: FullAnswer): HttpReply => ({
	kind: 'reply',
	status: statusCode,
	headers: plainHeaders(headers),
	body,
});

/** Built anew for every call, because n8n writes into the object it is given. */
export function requestOptions(request: HttpRequest, baseUrl: string): IHttpRequestOptions {
	return {
		method: request.method,
		url: `${baseUrl}${request.path}`,
		headers: { accept: 'application/json', ...request.headers },
		qs: request.query ? { ...request.query } : undefined,
		arrayFormat: 'repeat',
		body: request.body as JsonObject | undefined,
		json: true,
		timeout: request.timeoutMs ?? DEFAULT_TIMEOUT_MS,
		returnFullResponse: true,
		disableFollowRedirect: true,
		ignoreHttpStatusErrors: true,
	};
}

/** The reply inside an exception. n8n wraps every failure in a NodeApiError; the axios error with the reply, if there was one, is its cause. */
export function fromThrown(error: unknown): HttpReply {
	for (let cause = error, depth = 0; isRecord(cause) && depth < 5; cause = cause.cause, depth++) {
		if (cause instanceof SignInUnavailable) return { kind: 'unreachable', reason: cause.message };
		// A fault of the host that n8n asks for a new OAuth2 token.
		if (cause.code === 'ESTATUS' && Number(cause.status) >= 500)
			return { kind: 'unreachable', reason: messageOf(cause) };
		const response = cause.response;
		if (isRecord(response) && typeof response.status === 'number') {
			return { kind: 'reply', status: response.status, headers: plainHeaders(response.headers), body: response.data };
		}
	}
	if (isRecord(error) && /^\d{3}$/.test(String(error.httpCode))) {
		const data = isRecord(error.context) ? error.context.data : undefined;
		return { kind: 'reply', status: Number(error.httpCode), headers: {}, body: data ?? { message: messageOf(error) } };
	}
	const code = transportCode(error);
	if (code) return { kind: 'unreachable', reason: code };
	return { kind: 'loginFailed', reason: messageOf(error) };
}

/** The code of a network fault, such as ECONNREFUSED or ECONNABORTED (a timeout). */
function transportCode(error: unknown): string | undefined {
	for (let cause = error, depth = 0; isRecord(cause) && depth < 5; cause = cause.cause, depth++) {
		for (const code of [cause.code, cause.httpCode]) {
			if (typeof code === 'string' && /^(E[A-Z_]+|ERR_[A-Z_]+|UND_[A-Z_]+)$/.test(code)) return code;
		}
	}
	return /timeout|socket hang up|network/i.test(messageOf(error)) ? 'network fault' : undefined;
}

function plainHeaders(headers: unknown): Record<string, string> {
	if (!isRecord(headers)) return {};
	return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]));
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
