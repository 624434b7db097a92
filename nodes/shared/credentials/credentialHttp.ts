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

/** Says what is wrong with the key itself, as far as it can be seen without a call. */
type RefuseKey = (credential: ICredentialDataDecryptedObject) => Failure | undefined;

/** Credentials that passed `diagnose`, which n8n hands to it and then to `authenticate` as the same object. */
const diagnosed = new WeakSet<ICredentialDataDecryptedObject>();

/** Has n8n run `preAuthentication`, as it does after a 401 of the vendor (docs/decisions/credential-test.md). */
export class NotDiagnosedYet extends UserError {
	readonly response = { status: 401 };

	constructor() {
		super('This n8n cannot test the credential: run the workflow to see whether it works');
	}
}

/**
 * Adds a credential's headers to a request. The marked call of a test is held back once, so that n8n runs `diagnose` before
 * anything is sent. A key that `refuse` knows to be wrong is sent nowhere; its reason says itself what to do.
 */
export const authenticatedBy =
	(headersOf: HeadersOf, refuse: RefuseKey = () => undefined) =>
	async (credential: ICredentialDataDecryptedObject, request: IHttpRequestOptions): Promise<IHttpRequestOptions> => {
		const baseUrl = checkBaseUrl(textOf(credential.baseUrl));
		if (baseUrl.kind !== 'ok') throw findingOf(baseUrl);
		const refused = refuse(credential);
		if (refused) throw new UserError(refused.reason);
		const { [CHECK_MARK]: checking, ...headers } = request.headers ?? {};
		if (checking !== undefined && !diagnosed.delete(credential)) throw new NotDiagnosedYet();
		return await Promise.resolve({ ...request, headers: { ...headers, ...headersOf(credential) } });
	};

/**
 * Runs a vendor's access check while n8n tests a credential, and throws the finding as the text the person reads. Answers
 * an empty object, so that nothing is written into the stored credential.
 */
export async function diagnose(
	helper: IHttpRequestHelper,
	credential: ICredentialDataDecryptedObject,
	authentication: Readonly<Record<string, string>>,
	check: (http: HttpPort) => Promise<Result<unknown>>,
): Promise<IDataObject> {
	const baseUrl = checkBaseUrl(textOf(credential.baseUrl));
	if (baseUrl.kind !== 'ok') throw findingOf(baseUrl);
	const finding = await check(helperHttp(helper, baseUrl.value, authentication, 'Base URL'));
	if (isFinding(finding)) throw findingOf(finding);
	diagnosed.add(credential);
	return {};
}

/** Whether a test ends with this. A limit of calls that was reached is left to n8n's own test call, which may come through. */
export const isFinding = (result: Result<unknown>): result is Failure =>
	result.kind !== 'ok' && result.code !== 'RATE_LIMITED';

/** The message of a credential's test. What may pass has advice for a sync, which tries again by itself; a test does not. */
export const findingOf = ({ kind, reason, code }: Failure): UserError =>
	new UserError(kind === 'retry' ? `${reason}.` : `${reason}. ${adviceFor(code)}`);

/** The port over the HTTP helper that n8n gives to a credential's own code. `field` names the host, for messages. */
export function helperHttp(
	helper: IHttpRequestHelper,
	baseUrl: string,
	authentication: Readonly<Record<string, string>>,
	field?: string,
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
				return await fromThrown(error, { host: new URL(baseUrl).host, field, tested: true, deadline });
			}
		},
	};
}
