import type {
	ICredentialDataDecryptedObject,
	ICredentialTestRequest,
	IDataObject,
	IHttpRequestHelper,
	IHttpRequestOptions,
} from 'n8n-workflow';
import { UserError } from 'n8n-workflow';
import { checkBaseUrl } from '../../../core/baseUrl';
import { adviceFor } from '../../../core/outcome';
import type { HttpPort } from '../../../core/ports';
import type { Failure, Result } from '../../../core/result';
import type { FullAnswer } from '../n8n/n8nHttp';
import { fromThrown, requestOptions, toReply } from '../n8n/n8nHttp';
import { textOf } from '../../../core/json';

/** Marks the test call of a credential; never sent. */
export const CHECK_MARK = 'x-contact-sync-check';

/** The test call of a credential: makes n8n run `diagnose` first (docs/decisions/credential-test.md). */
export const checkedRequest = (url: string, qs?: IDataObject): ICredentialTestRequest['request'] => ({
	baseURL: '={{ $credentials.baseUrl }}',
	url,
	qs,
	headers: { [CHECK_MARK]: 'yes' },
});

/** The headers that carry a credential. */
type HeadersOf = (credential: ICredentialDataDecryptedObject) => Readonly<Record<string, string>>;

/**
 * Adds a credential's headers to a request. A marked test call goes out bare, once: the vendor's 401 makes n8n run `diagnose`
 * and send the call again, which then carries the credential.
 */
export const authenticatedBy =
	(headersOf: HeadersOf) =>
	async (credential: ICredentialDataDecryptedObject, request: IHttpRequestOptions): Promise<IHttpRequestOptions> => {
		const baseUrl = checkBaseUrl(textOf(credential.baseUrl));
		if (baseUrl.kind !== 'ok') throw findingOf(baseUrl);
		const { [CHECK_MARK]: checking, ...headers } = request.headers ?? {};
		const all = checking === undefined ? { ...headers, ...headersOf(credential) } : headers;
		return await Promise.resolve({ ...request, headers: all });
	};

/**
 * Runs a vendor's access check while n8n tests a credential, and throws the finding as the text the person reads. Answers
 * an empty object, so that nothing is written into the stored credential. Passing faults are left to n8n's own test call.
 */
export async function diagnose(
	helper: IHttpRequestHelper,
	credential: ICredentialDataDecryptedObject,
	authentication: Readonly<Record<string, string>>,
	check: (http: HttpPort) => Promise<Result<unknown>>,
): Promise<IDataObject> {
	const baseUrl = checkBaseUrl(textOf(credential.baseUrl));
	if (baseUrl.kind !== 'ok') throw findingOf(baseUrl);
	const finding = await check(helperHttp(helper, baseUrl.value, authentication));
	if (finding.kind === 'stop' || finding.kind === 'refused') throw findingOf(finding);
	return {};
}

/** The message of a credential's test. */
export const findingOf = (failure: Failure): UserError =>
	new UserError(`${failure.reason}. ${adviceFor(failure.code)}`);

/** The port over the HTTP helper that n8n gives to a credential's own code. */
export function helperHttp(
	helper: IHttpRequestHelper,
	baseUrl: string,
	authentication: Readonly<Record<string, string>>,
): HttpPort {
	return {
		async send(request) {
			const options = requestOptions(request, baseUrl);
			const deadline = options.abortSignal as AbortSignal;
			try {
				return await toReply(
					(await helper.helpers.httpRequest({
						...options,
						headers: { ...options.headers, ...authentication },
					})) as FullAnswer,
					deadline,
				);
			} catch (error) {
				return await fromThrown(error, { host: new URL(baseUrl).host, field: 'Base URL', deadline });
			}
		},
	};
}
