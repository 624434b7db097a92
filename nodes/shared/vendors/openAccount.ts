import { createHash } from 'node:crypto';
import type { ICredentialDataDecryptedObject } from 'n8n-workflow';
import type { CallSettings } from '../../../core/calls/vendorCalls';
import type { Clock } from '../../../core/ports';
import type { Result } from '../../../core/result';
import { ok } from '../../../core/result';
import { n8nClock } from '../n8n/n8nClock';
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

/** When a client stops calling; without either it goes on until it has its answer. */
export interface CallsUntil {
	/** ms since 1970; no call is sent, and none repeated, after it. */
	readonly deadline?: number;
	/** Of an execution: calls and waits end once it is cancelled. */
	readonly signal?: AbortSignal | undefined;
}

/** What the client of any vendor is opened with. */
export interface ChosenAccount {
	/** See `accountKey`. */
	readonly account: string;
	/** Its waits end with the signal. What the account's nodes share, its limits, waits on a clock of its own. */
	readonly clock: Clock;
	readonly settings: CallSettings & { readonly cancelled: () => boolean };
}

/** The account of the credential chosen in the running node. One never chosen, or not to be read, is named as such. */
export async function chosenAccount(
	context: NodeContext,
	credentialType: string,
	system: string,
	{ deadline, signal }: CallsUntil,
): Promise<Result<ChosenAccount>> {
	if (!context.getNode().credentials?.[credentialType])
		return { kind: 'stop', code: 'CREDENTIAL_INVALID', reason: `No ${system} credential is selected in this node` };
	const cancelled = (): boolean => signal?.aborted === true;
	try {
		return ok({
			account: await accountKey(context, credentialType),
			clock: n8nClock(signal),
			settings: { cancelled, ...(deadline === undefined ? {} : { deadline }) },
		});
	} catch (error) {
		const reason = error instanceof Error ? error.message : String(error);
		return { kind: 'stop', code: 'CREDENTIAL_INVALID', reason: `The ${system} credential cannot be read: ${reason}` };
	}
}
