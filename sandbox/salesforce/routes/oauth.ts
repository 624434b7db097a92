import type { Request, Response, Router } from 'express';
import { reply, type Account, type Reply } from '../api';
import { SalesforceError } from '../errors';
import { invalidGrant, oauthError } from '../oauth/errors';
import { CONNECTED_APP } from '../oauth/keys';
import { issueToken, KNOWN_SCOPES, type Form, type Host } from '../oauth/tokenEndpoint';

/** Origins of the two hosts. */
export interface Origins {
	readonly login: string;
	readonly myDomain: string;
}

/** Authorize page (agrees at once), token endpoint, revocation and identity, as both hosts serve them. */
export function mountOAuth(router: Router, account: Account, host: Host, origins: () => Origins): void {
	const base = '/services/oauth2';
	router.use((_request, response, next) => {
		response.set('Date', new Date(account.store.now()).toUTCString());
		next();
	});
	router.get(`${base}/authorize`, (request, response) => reply(response, () => authorize(account, request)));
	router.post(`${base}/token`, (request, response) => {
		reply(response, () => {
			const form = formOf(request);
			const { login: loginUrl, myDomain: myDomainUrl } = origins();
			const body = issueToken({ ...account, loginUrl, myDomainUrl }, form, request.get('authorization'), host);
			return { status: 200, body, headers: { 'Cache-Control': 'no-cache, no-store' } };
		});
	});
	const revoke = (request: Request, response: Response) =>
		reply(response, () => {
			const token = request.method === 'GET' ? request.query['token'] : formOf(request)['token'];
			if (typeof token === 'string' && account.sessions.revoke(token)) return { status: 200 };
			throw oauthError('invalid_token', 'invalid token');
		});
	router.get(`${base}/revoke`, revoke);
	router.post(`${base}/revoke`, revoke);
	const identity = (request: Request, response: Response) => reply(response, () => who(account, request, origins()));
	router.get(`${base}/userinfo`, identity);
	router.get('/id/:org/:user', identity);
}

function authorize(account: Account, request: Request): Reply {
	const text = (name: string): string | undefined => {
		const value = request.query[name];
		return typeof value === 'string' ? value : undefined;
	};
	const { sessions, settings } = account;
	if (text('client_id') !== CONNECTED_APP.consumerKey)
		throw oauthError('invalid_client_id', 'client identifier invalid');
	if (text('response_type') !== 'code') throw oauthError('unsupported_response_type', 'response type not supported');
	const redirectUri = text('redirect_uri');
	if (redirectUri === undefined || !URL.canParse(redirectUri)) {
		throw oauthError('redirect_uri_mismatch', 'redirect_uri must match configuration');
	}
	const scopes = (text('scope') ?? settings.appScopes).split(' ').filter((scope) => scope !== '');
	const target = new URL(redirectUri);
	const state = text('state');
	if (state !== undefined) target.searchParams.set('state', state);
	const back = (params: Record<string, string>): Reply => {
		for (const [name, value] of Object.entries(params)) target.searchParams.set(name, value);
		return { status: 302, headers: { Location: target.toString() } };
	};
	if (scopes.some((scope) => !KNOWN_SCOPES.has(scope))) {
		return back({ error: 'invalid_scope', error_description: 'the requested scope is not allowed' });
	}
	const challenge = text('code_challenge');
	const method = text('code_challenge_method');
	if (challenge === undefined && settings.requirePkce) {
		return back({ error: 'invalid_request', error_description: 'missing required code challenge' });
	}
	if (challenge !== undefined && (method ?? 'S256') !== 'S256') {
		return back({ error: 'invalid_request', error_description: 'invalid code challenge method' });
	}
	const userId = sessions.userIdOf(text('login_hint') ?? settings.authorizeAs);
	if (userId === undefined || !sessions.isActive(userId)) throw invalidGrant('authentication failure');
	return back({ code: sessions.newCode({ userId, scopes, redirectUri, challenge }) });
}

function formOf(request: Request): Form {
	if (request.is('application/x-www-form-urlencoded') === false) {
		throw oauthError('unsupported_grant_type', 'grant type not supported');
	}
	const body = (request.body ?? {}) as Record<string, unknown>;
	return Object.fromEntries(
		Object.entries(body).map(([name, value]) => [name, typeof value === 'string' ? value : undefined]),
	);
}

function who(account: Account, request: Request, origins: Origins): Reply {
	const { store, sessions, settings, limits } = account;
	const session = sessions.forIdentity(request.get('authorization'));
	const asked = request.params['user'];
	if (asked !== undefined && asked !== session.userId) throw new SalesforceError(404, 'Not found');
	if (settings.userInfoCounts) limits.take();
	const user = store.must('User', session.userId);
	return {
		status: 200,
		body: {
			sub: `${origins.myDomain}/id/${store.organizationId}/${session.userId}`,
			user_id: session.userId,
			organization_id: store.organizationId,
			preferred_username: user['Username'],
			username: user['Username'],
			display_name: user['Name'],
			name: user['Name'],
			email: user['Email'],
			active: user['IsActive'],
			urls: { rest: `${origins.myDomain}/services/data/v{version}/` },
		},
	};
}
