import { createHash } from 'node:crypto';
import type { ICredentialDataDecryptedObject } from 'n8n-workflow';
import type { Result } from '../../../core/result';
import { ok } from '../../../core/result';
import type { NodeContext } from '../n8n/n8nHttp';

/**
 * Names the account behind a credential without its secret, for what is shared in one process: rate limiters, recently read
 * definitions and contacts. The name hangs on the key itself and not on n8n's id of the credential: a key that is exchanged
 * in place may open another account, where the same ids are other people; and two credentials with one key are one account.
 */
async function accountKey(context: NodeContext, credentialType: string): Promise<string> {
	const id = context.getNode().credentials?.[credentialType]?.id ?? 'unsaved';
	const credential = await context.getCredentials(credentialType);
	const opens = whatOpens(credential);
	const { baseUrl } = credential;
	const name = opens === undefined ? id : createHash('sha256').update(opens).digest('hex').slice(0, 16);
	return `${credentialType}:${name}:${typeof baseUrl === 'string' ? baseUrl : ''}`;
}

/**
 * What opens the account, without what is exchanged while the account stays: of an OAuth2 sign-in the identity where the
 * vendor names it (Salesforce may give a new refresh token with every access token), else the refresh token; of a sign-in
 * by key the app and the user.
 */
function whatOpens(credential: ICredentialDataDecryptedObject): string | undefined {
	const { apiKey, accessToken, consumerKey, oauthTokenData } = credential;
	if (isFilled(consumerKey)) {
		const { username, environment, myDomainUrl } = credential;
		return [consumerKey, username, environment, myDomainUrl].map(String).join('\n');
	}
	const tokens = typeof oauthTokenData === 'object' && oauthTokenData !== null ? oauthTokenData : {};
	const identity = 'id' in tokens ? tokens.id : undefined;
	const refreshToken = 'refresh_token' in tokens ? tokens.refresh_token : undefined;
	return [apiKey, accessToken, identity, refreshToken].find(isFilled);
}

const isFilled = (value: unknown): value is string => typeof value === 'string' && value !== '';

/** The account of the credential chosen in the running node. One never chosen, or not to be read, is named as such. */
export async function chosenAccount(
	context: NodeContext,
	credentialType: string,
	system: string,
): Promise<Result<string>> {
	if (!context.getNode().credentials?.[credentialType])
		return { kind: 'stop', code: 'CREDENTIAL_INVALID', reason: `No ${system} credential is selected in this node` };
	try {
		return ok(await accountKey(context, credentialType));
	} catch (error) {
		const reason = error instanceof Error ? error.message : String(error);
		return { kind: 'stop', code: 'CREDENTIAL_INVALID', reason: `The ${system} credential cannot be read: ${reason}` };
	}
}
