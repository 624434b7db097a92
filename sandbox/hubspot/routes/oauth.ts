import type { Request, Router } from 'express';
import { answer, type Account } from '../api';
import { HubSpotError } from '../errors';
import { ALL_SCOPES, OAUTH_CLIENT, OAUTH_REFRESH_TOKEN } from '../tokens';
import { at, OAUTH } from './paths';

/** Authorize page (agrees at once) and token endpoint. Neither needs a token nor counts against a limit. */
export function mountOAuth(router: Router, account: Account): void {
	router.get('/oauth/authorize', (request, response) => {
		answer(response, () => {
			const { client_id: clientId, redirect_uri: redirect, scope, state } = request.query;
			if (clientId !== OAUTH_CLIENT.clientId || typeof redirect !== 'string')
				throw badRequest('BAD_CLIENT_ID', 'unknown client');
			const scopes = typeof scope === 'string' && scope !== '' ? scope.split(' ') : ALL_SCOPES;
			const target = new URL(redirect);
			target.searchParams.set('code', account.tokens.newCode(scopes));
			if (typeof state === 'string') target.searchParams.set('state', state);
			response.set('Location', target.toString());
			return [302];
		});
	});
	for (const path of at(OAUTH, '/token')) {
		router.post(path, (request, response) => {
			answer(response, () => {
				const fields = fieldsOf(request);
				if (fields['client_id'] !== OAUTH_CLIENT.clientId)
					throw badRequest('BAD_CLIENT_ID', 'missing or unknown client id');
				if (fields['client_secret'] !== OAUTH_CLIENT.clientSecret)
					throw badRequest('BAD_CLIENT_SECRET', 'missing or unknown client secret');
				const scopes = scopesOf(account, fields);
				const { accessToken, expiresIn } = account.tokens.newAccessToken(scopes);
				return [
					200,
					{
						token_type: 'bearer',
						refresh_token: OAUTH_REFRESH_TOKEN,
						access_token: accessToken,
						expires_in: expiresIn,
						hub_id: account.settings.portalId,
						scopes,
					},
				];
			});
		});
	}
}

function scopesOf(account: Account, fields: Record<string, unknown>): readonly string[] {
	switch (fields['grant_type']) {
		case 'refresh_token':
			if (fields['refresh_token'] === OAUTH_REFRESH_TOKEN) return ALL_SCOPES;
			throw badRequest('BAD_REFRESH_TOKEN', 'missing or unknown refresh token');
		case 'authorization_code': {
			const scopes = account.tokens.takeCode(String(fields['code']));
			if (scopes !== undefined) return scopes;
			throw badRequest('BAD_AUTH_CODE', 'missing or unknown auth code');
		}
		default:
			throw badRequest('BAD_GRANT_TYPE', 'missing or unknown grant type');
	}
}

/** Only form-encoded bodies are taken; on dated paths all parameters must be in the body. */
function fieldsOf(request: Request): Record<string, unknown> {
	if (!request.is('application/x-www-form-urlencoded'))
		throw badRequest('BAD_GRANT_TYPE', 'missing or unknown grant type');
	return request.body as Record<string, unknown>;
}

function badRequest(status: string, message: string): HubSpotError {
	return new HubSpotError(400, { message, status });
}
