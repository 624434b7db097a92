import { createHash, createHmac } from 'node:crypto';
import type { SalesforceSettings } from '../settings';
import type { SalesforceStore } from '../records/store';
import { userOfAssertion } from './assertion';
import { invalidGrant, oauthError } from './errors';
import { CONNECTED_APP } from './keys';
import type { RefreshGrant, Sessions } from './sessions';

/** The two hosts that answer: login.salesforce.com for all organisations, My Domain for one organisation. */
export type Host = 'login' | 'myDomain';

export interface OAuthContext {
	readonly store: SalesforceStore;
	readonly sessions: Sessions;
	readonly settings: SalesforceSettings;
	/** Origins without a path. */
	readonly loginUrl: string;
	readonly myDomainUrl: string;
}

export type Form = Readonly<Record<string, string | undefined>>;

export const KNOWN_SCOPES: ReadonlySet<string> = new Set(['api', 'web', 'full', 'id', 'openid', 'profile', 'email', 'refresh_token', 'offline_access']); // prettier-ignore
const JWT_BEARER = 'urn:ietf:params:oauth:grant-type:jwt-bearer';

/** Answers `POST /services/oauth2/token`. Throws the refusals. */
export function issueToken(context: OAuthContext, form: Form, authorization: string | undefined, host: Host): object {
	const client = clientOf(form, authorization);
	switch (form['grant_type']) {
		case 'authorization_code':
			return ofCode(context, form, client, host);
		case 'refresh_token': {
			checkClient(client, true);
			// Salesforce takes the scopes of the grant and refuses others.
			if (form['scope'] !== undefined) throw oauthError('invalid_request', 'scope parameter not supported');
			const grant = context.sessions.useRefreshToken(form['refresh_token'] ?? '');
			if (grant === undefined) throw invalidGrant('expired access/refresh token');
			return answer(context, grant.userId, grant.scopes, host, grant, context.settings.refreshTokenRotation);
		}
		case JWT_BEARER:
			return ofAssertion(context, form, host);
		case 'client_credentials': {
			if (host !== 'myDomain') throw invalidGrant('request not supported on this domain');
			checkClient(client, false);
			if (!context.settings.clientCredentialsEnabled) throw invalidGrant('no client credentials user enabled');
			return answer(context, context.store.integrationUserId, appScopes(context), host);
		}
		default:
			throw oauthError('unsupported_grant_type', 'grant type not supported');
	}
}

function ofCode(context: OAuthContext, form: Form, client: Client, host: Host): object {
	const code = context.sessions.takeCode(form['code'] ?? '');
	if (code === undefined) throw invalidGrant('expired authorization code');
	// A public client proves itself with the verifier; a confidential one sends its secret as well.
	checkClient(client, code.challenge !== undefined);
	if (form['redirect_uri'] !== code.redirectUri) throw oauthError('redirect_uri_mismatch', 'redirect_uri must match configuration'); // prettier-ignore
	if (code.challenge !== undefined) {
		const verifier = form['code_verifier'];
		if (verifier === undefined) throw invalidGrant('required code_verifier missing');
		const hashed = createHash('sha256').update(verifier).digest('base64url');
		if (hashed !== code.challenge) throw invalidGrant('invalid code verifier');
	}
	const keeps = code.scopes.includes('refresh_token') || code.scopes.includes('offline_access');
	const grant = keeps ? context.sessions.newGrant(code.userId, code.scopes) : undefined;
	return answer(context, code.userId, code.scopes, host, grant, true);
}

function ofAssertion(context: OAuthContext, form: Form, host: Host): object {
	const { store, sessions, settings, loginUrl, myDomainUrl } = context;
	const hosts = [
		settings.orgType === 'production' ? 'https://login.salesforce.com' : 'https://test.salesforce.com',
		loginUrl,
	];
	const username = userOfAssertion(form['assertion'] ?? '', {
		now: store.now(),
		audiences: settings.loginHostAudience ? [...hosts, myDomainUrl] : [myDomainUrl],
		outdatedAudiences: hosts,
	});
	const userId = sessions.userIdOf(username);
	if (userId === undefined || !sessions.approved.has(username.toLowerCase())) {
		throw invalidGrant("user hasn't approved this consumer");
	}
	return answer(context, userId, appScopes(context), host);
}

const appScopes = ({ settings }: OAuthContext): string[] =>
	settings.appScopes.split(' ').filter((scope) => scope !== '');

function answer(
	{ sessions, store, loginUrl, myDomainUrl }: OAuthContext,
	userId: string,
	scopes: readonly string[],
	host: Host,
	grant?: RefreshGrant,
	showsRefreshToken = false,
): object {
	if (!sessions.isActive(userId)) throw invalidGrant('inactive user');
	const session = sessions.open(userId, scopes, grant);
	const id = `${host === 'login' ? loginUrl : myDomainUrl}/id/${store.organizationId}/${userId}`;
	const issuedAt = String(store.now());
	return {
		access_token: session.token,
		...(showsRefreshToken && grant !== undefined && { refresh_token: grant.token }),
		signature: createHmac('sha256', CONNECTED_APP.consumerSecret)
			.update(id + issuedAt)
			.digest('base64'),
		scope: scopes.join(' '),
		instance_url: myDomainUrl,
		id,
		token_type: 'Bearer',
		issued_at: issuedAt,
	};
}

interface Client {
	readonly key: string | undefined;
	readonly secret: string | undefined;
}

function clientOf(form: Form, authorization: string | undefined): Client {
	const basic = /^Basic (\S+)$/i.exec(authorization ?? '')?.[1];
	if (basic === undefined) return { key: form['client_id'], secret: form['client_secret'] };
	const [key = '', ...secret] = Buffer.from(basic, 'base64').toString('utf8').split(':');
	return { key, secret: secret.join(':') };
}

function checkClient({ key, secret }: Client, mayLackSecret: boolean): void {
	if (key !== CONNECTED_APP.consumerKey) throw oauthError('invalid_client_id', 'client identifier invalid');
	if (secret === undefined && mayLackSecret) return;
	if (secret !== CONNECTED_APP.consumerSecret) throw oauthError('invalid_client', 'invalid client credentials');
}
