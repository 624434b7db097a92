import type {
	ICredentialDataDecryptedObject,
	IExecuteFunctions,
	IHttpRequestOptions,
	ILoadOptionsFunctions,
	IPollFunctions,
	JsonObject,
} from 'n8n-workflow';
import type { HttpPort, HttpReply, HttpRequest } from '../../../core/ports';
import { checkBaseUrl } from '../../../core/baseUrl';
import { textOf } from '../../../core/json';
import type { Result } from '../../../core/result';
import { readAnswer } from './answerBody';
import { fromThrown, messageOf, plainHeaders } from './httpFaults';

export { fromThrown, SignInUnavailable } from './httpFaults';

export type NodeContext = IExecuteFunctions | IPollFunctions | ILoadOptionsFunctions;

const DEFAULT_TIMEOUT_MS = 60_000;
/** For the end of an answer whose headers came at the last moment. */
const GRACE_MS = 1_000;

/**
 * Sends requests through n8n with the credential `credentialType` of the running node. Statuses come back as values. Only
 * for OAuth2 a 401 goes through n8n's own handling first, which refreshes the token and tries once more; with a fixed key
 * that second call could not succeed.
 */
export const n8nHttp = (context: NodeContext, credentialType: string, defaultBaseUrl: string): HttpPort =>
	httpOver(context, credentialType, {
		renewsTokens: credentialType.endsWith('OAuth2Api'),
		hostField: 'Base URL',
		place: ({ baseUrl }) => checkBaseUrl(typeof baseUrl === 'string' && baseUrl.trim() ? baseUrl : defaultBaseUrl),
	});

/** Where a vendor's calls go, and what becomes of a 401. */
export interface Calls {
	/** Whether n8n exchanges a token that ran out, and repeats the call once. */
	readonly renewsTokens: boolean;
	/** What to put before a path; '' where the credential's own code does that. Asked anew for every call. */
	readonly place: (credential: ICredentialDataDecryptedObject) => Result<string> | Promise<Result<string>>;
	/** The field of the credential that names the host, for messages. */
	readonly hostField: string;
}

/** Sends requests through n8n to where `calls` says. */
export function httpOver(
	context: NodeContext,
	credentialType: string,
	{ renewsTokens, place, hostField }: Calls,
): HttpPort {
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
			const options = { ...requestOptions(request, placed.value), ignoreHttpStatusErrors: statusesAsValues };
			const deadline = options.abortSignal as AbortSignal;
			try {
				const answer = (await context.helpers.httpRequestWithAuthentication.call(
					context,
					credentialType,
					options,
				)) as FullAnswer;
				return await toReply(answer, deadline);
			} catch (error) {
				// Of a session the credential's own code adds the host.
				const host = hostOf(placed.value || textOf(credential.instanceUrl));
				return await fromThrown(error, { host, field: hostField, deadline });
			}
		},
	};
}

/** What n8n's request helpers answer with `returnFullResponse`. */
export interface FullAnswer {
	readonly statusCode: number;
	readonly headers: unknown;
	readonly body: unknown;
}

export const toReply = async (
	{ statusCode, headers, body }: FullAnswer,
	deadline: AbortSignal | undefined,
): Promise<HttpReply> => ({
	kind: 'reply',
	status: statusCode,
	headers: plainHeaders(headers),
	...(await readAnswer(body, deadline)),
});

/** Built anew for every call, because n8n writes into the object it is given. */
export function requestOptions(request: HttpRequest, baseUrl: string): IHttpRequestOptions {
	const timeout = request.timeoutMs ?? DEFAULT_TIMEOUT_MS;
	return {
		method: request.method,
		url: `${baseUrl}${request.path}`,
		headers: { accept: 'application/json', ...request.headers },
		qs: request.query ? { ...request.query } : undefined,
		arrayFormat: 'repeat',
		body: request.body as JsonObject | undefined,
		json: true,
		timeout,
		encoding: 'stream',
		// Nothing else ends an answer that stops in the middle.
		abortSignal: AbortSignal.timeout(timeout + GRACE_MS),
		returnFullResponse: true,
		disableFollowRedirect: true,
		ignoreHttpStatusErrors: true,
	};
}

const hostOf = (baseUrl: string): string | undefined => (URL.canParse(baseUrl) ? new URL(baseUrl).host : undefined);
