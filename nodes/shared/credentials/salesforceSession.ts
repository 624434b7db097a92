import { createHash } from 'node:crypto';
import type {
	ICredentialDataDecryptedObject,
	ICredentialTestRequest,
	IDataObject,
	IHttpRequestHelper,
	IHttpRequestOptions,
	INodeProperties,
} from 'n8n-workflow';
import { UserError } from 'n8n-workflow';
import { checkSalesforceAccess } from '../../../clients/salesforce/api/checkAccess';
import { API_VERSION } from '../../../clients/salesforce/api/salesforceClient';
import type { SignInWay } from '../../../clients/salesforce/signIn/signIn';
import { signIn } from '../../../clients/salesforce/signIn/signIn';
import type { Failure } from '../../../core/result';
import { textOf } from '../../../core/json';
import { CHECK_MARK, findingOf, helperHttp, isFinding, NotDiagnosedYet } from './credentialHttp';
import { SignInUnavailable } from '../n8n/n8nHttp';
import { checkInstanceUrl, loginHost } from './salesforceHost';

/**
 * What a sign-in without a person leaves in the credential (docs/decisions/salesforce-sign-in.md). n8n signs in when
 * `accessToken` is empty or Salesforce answered 401, and stores these.
 */
export const sessionFields: INodeProperties[] = [
	{
		displayName: 'Access Token',
		name: 'accessToken',
		type: 'hidden',
		typeOptions: { expirable: true, password: true },
		default: '',
	},
	{ displayName: 'Instance URL', name: 'instanceUrl', type: 'hidden', default: '' },
	{ displayName: 'Signed In With', name: 'signedInWith', type: 'hidden', default: '' },
];

/** The test call of these credentials, which needs a session but no permission; `sessionAuthenticated` adds the host. */
export const sessionTest: ICredentialTestRequest = {
	request: { url: `/services/data/${API_VERSION}`, headers: { [CHECK_MARK]: 'yes' } },
};

/** Credentials under test, which n8n hands to `authenticate` and then to `preAuthentication` as the same object. */
const underTest = new WeakSet<ICredentialDataDecryptedObject>();

/**
 * Sends a request to the organisation with the stored session. Without it go calls of a credential that was edited since: the
 * 401 makes n8n sign in with what the fields say now. The marked call of a test is held back once, with the same effect.
 */
export async function sessionAuthenticated(
	credential: ICredentialDataDecryptedObject,
	request: IHttpRequestOptions,
): Promise<IHttpRequestOptions> {
	const instance = checkInstanceUrl(credential.instanceUrl);
	if (instance.kind !== 'ok') throw findingOf(instance);
	const { [CHECK_MARK]: checking, ...headers } = request.headers ?? {};
	if (checking !== undefined && !underTest.delete(credential)) {
		underTest.add(credential);
		throw new NotDiagnosedYet();
	}
	const bare = credential.signedInWith !== fingerprint(credential);
	// A path is asked of the organisation of today; whole addresses come from n8n's HTTP Request node.
	const place = isPath(request.url) ? { baseURL: instance.value } : {};
	if (!isPath(request.url) && originOf(request.url) !== originOf(instance.value)) return { ...request, headers };
	const authorization = bare ? {} : { authorization: `Bearer ${textOf(credential.accessToken)}` };
	return await Promise.resolve({ ...request, ...place, headers: { ...headers, ...authorization } });
}

/**
 * Signs in, for n8n to store. While the credential is tested, the access of the user is looked at too. What a person has to
 * change is thrown as the text they read.
 */
export async function newSession(
	helper: IHttpRequestHelper,
	credential: ICredentialDataDecryptedObject,
	wayOf: (host: string) => SignInWay,
): Promise<IDataObject> {
	const host = loginHost(credential);
	if (host.kind !== 'ok') throw findingOf(host);
	const session = await signIn(helperHttp(helper, host.value, {}), wayOf(host.value), Date.now());
	if (session.kind !== 'ok') throw thrown(session);
	const { accessToken, instanceUrl } = session.value;
	const instance = checkInstanceUrl(instanceUrl);
	if (instance.kind !== 'ok') throw findingOf(instance);
	if (underTest.has(credential)) {
		const http = helperHttp(helper, instance.value, { authorization: `Bearer ${accessToken}` });
		const access = await checkSalesforceAccess(http);
		if (isFinding(access)) throw findingOf(access);
	}
	return { accessToken, instanceUrl: instance.value, signedInWith: fingerprint(credential) };
}

/** Refusals of a sign-in name the field to change themselves. */
const thrown = ({ kind, reason }: Failure): Error =>
	kind === 'retry' ? new SignInUnavailable(reason) : new UserError(reason);

/** Tells whether the fields are still those of the stored session, without showing them. */
function fingerprint(credential: ICredentialDataDecryptedObject): string {
	const fields = ['environment', 'myDomainUrl', 'consumerKey', 'consumerSecret', 'username', 'privateKey', 'audience'];
	const values = fields.map((name) => textOf(credential[name]));
	return createHash('sha256').update(JSON.stringify(values)).digest('hex').slice(0, 16);
}

const isPath = (url: string): boolean => /^\/(?!\/)/.test(url);

const originOf = (url: string): string | undefined => (URL.canParse(url) ? new URL(url).origin : undefined);
