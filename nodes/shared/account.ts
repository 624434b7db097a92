import { createHash } from 'node:crypto';
import type { ICredentialDataDecryptedObject } from 'n8n-workflow';
import type { NodeContext } from './n8nHttp';

/**
 * Names the account behind a credential without its secret, for what is shared in one process: rate limiters, recently read
 * definitions and contacts. The name hangs on the key itself and not on n8n's id of the credential: a key that is exchanged
 * in place may open another account, where the same ids are other people; and two credentials with one key are one account.
 */
export async function accountKey(context: NodeContext, credentialType: string): Promise<string> {
	const id = context.getNode().credentials?.[credentialType]?.id ?? 'unsaved';
	const credential = await context.getCredentials(credentialType);
	const secret = secretOf(credential);
	const { baseUrl } = credential;
	const name = secret === undefined ? id : createHash('sha256').update(secret).digest('hex').slice(0, 16);
	return `${credentialType}:${name}:${typeof baseUrl === 'string' ? baseUrl : ''}`;
}

/** What opens the account. For OAuth2 the refresh token, which outlives the access tokens. */
function secretOf({ apiKey, accessToken, oauthTokenData }: ICredentialDataDecryptedObject): string | undefined {
	const tokens = typeof oauthTokenData === 'object' && oauthTokenData !== null ? oauthTokenData : {};
	const refreshToken = 'refresh_token' in tokens ? tokens.refresh_token : undefined;
	return [apiKey, accessToken, refreshToken].find((text): text is string => typeof text === 'string' && text !== '');
}
