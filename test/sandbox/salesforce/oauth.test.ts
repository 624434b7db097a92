import { createHash, createSign, generateKeyPairSync } from 'node:crypto';
import { startSalesforce, type RunningSalesforce } from '../../../sandbox/salesforce';
import { callsTo, V, type Body, type Calls } from './salesforceCalls';

let salesforce: RunningSalesforce;
let call: Calls;
beforeAll(async () => {
	salesforce = await startSalesforce({ contacts: 5, leads: 0 });
	call = callsTo(salesforce);
});
afterAll(() => salesforce.close());
beforeEach(() => salesforce.reset());

const HOURS = 3_600_000;
const REDIRECT = 'http://localhost:5678/rest/oauth2-credential/callback';

async function token(
	form: Record<string, string>,
	host = salesforce.loginUrl,
	basic?: string,
): Promise<{ status: number; body: Body }> {
	const response = await fetch(`${host}/services/oauth2/token`, {
		method: 'POST',
		body: new URLSearchParams(form),
		headers: basic === undefined ? {} : { authorization: `Basic ${Buffer.from(basic).toString('base64')}` },
	});
	return { status: response.status, body: await response.json() };
}

const client = () => ({ client_id: salesforce.app.consumerKey, client_secret: salesforce.app.consumerSecret });
const asPair = () => `${salesforce.app.consumerKey}:${salesforce.app.consumerSecret}`;
const rest = async (accessToken: string, path = `${V}/sobjects/Contact`) => {
	const response = await fetch(salesforce.url + path, { headers: { authorization: `Bearer ${accessToken}` } });
	return { status: response.status, body: (await response.json()) as Body };
};

const encoded = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
function assertion(claims: object = {}, options: { key?: string; alg?: string } = {}): string {
	const now = Math.floor(salesforce.store.now() / 1_000);
	const standard = {
		iss: salesforce.app.consumerKey,
		sub: salesforce.users.sync,
		aud: 'https://login.salesforce.com',
		exp: now + 180,
	};
	const unsigned = `${encoded({ alg: options.alg ?? 'RS256', typ: 'JWT' })}.${encoded({ ...standard, ...claims })}`;
	const signature = createSign('RSA-SHA256')
		.update(unsigned)
		.sign(options.key ?? salesforce.privateKey);
	return `${unsigned}.${signature.toString('base64url')}`;
}
const bearer = (text: string, host?: string) =>
	token({ grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion: text }, host);

async function authorize(more: Record<string, string> = {}): Promise<URL> {
	const query = new URLSearchParams({ response_type: 'code', client_id: salesforce.app.consumerKey, redirect_uri: REDIRECT, state: 's1', scope: 'api refresh_token', ...more }); // prettier-ignore
	const response = await fetch(`${salesforce.loginUrl}/services/oauth2/authorize?${query.toString()}`, {
		redirect: 'manual',
	});
	expect(response.status).toBe(302);
	return new URL(response.headers.get('location') ?? '');
}

describe('web server flow', () => {
	const verifier = 'a'.repeat(64);
	const challenge = createHash('sha256').update(verifier).digest('base64url');

	it('with PKCE: code, token with instance_url and no expires_in, a code for one use', async () => {
		const back = await authorize({ code_challenge: challenge, code_challenge_method: 'S256' });
		expect(back.searchParams.get('state')).toBe('s1');
		const form = {
			grant_type: 'authorization_code',
			code: back.searchParams.get('code') ?? '',
			redirect_uri: REDIRECT,
			...client(),
		};
		const { status, body } = await token({ ...form, code_verifier: verifier });
		expect(status).toBe(200);
		expect(Object.keys(body as object).sort()).toEqual(['access_token', 'id', 'instance_url', 'issued_at', 'refresh_token', 'scope', 'signature', 'token_type']); // prettier-ignore
		expect(body).toMatchObject({ instance_url: salesforce.url, token_type: 'Bearer', scope: 'api refresh_token' });
		expect((await rest(body.access_token as string)).status).toBe(200);
		expect(await token({ ...form, code_verifier: verifier })).toMatchObject({
			status: 400,
			body: { error: 'invalid_grant' },
		});
	});

	it('refuses a wrong verifier, redirect, secret and client', async () => {
		const attempt = async (form: Record<string, string>) => {
			const back = await authorize({ code_challenge: challenge, code_challenge_method: 'S256' });
			const code = back.searchParams.get('code') ?? '';
			const { status, body } = await token({ grant_type: 'authorization_code', code, redirect_uri: REDIRECT, ...client(), code_verifier: verifier, ...form }); // prettier-ignore
			expect(status).toBe(400);
			return body.error as string;
		};
		expect(await attempt({ code_verifier: 'b'.repeat(64) })).toBe('invalid_grant');
		expect(await attempt({ redirect_uri: 'http://elsewhere.example' })).toBe('redirect_uri_mismatch');
		expect(await attempt({ client_secret: 'wrong' })).toBe('invalid_client');
		expect(await attempt({ client_id: 'wrong' })).toBe('invalid_client_id');
		expect(await attempt({ grant_type: 'password' })).toBe('unsupported_grant_type');
		salesforce.settings.requirePkce = true;
		expect((await authorize()).searchParams.get('error')).toBe('invalid_request');
	});

	it('without the scope refresh_token there is no refresh token; without api there is no REST', async () => {
		const back = await authorize({ scope: 'id' });
		const form = {
			grant_type: 'authorization_code',
			code: back.searchParams.get('code') ?? '',
			redirect_uri: REDIRECT,
		};
		const { body } = await token({ ...form, ...client() });
		expect(body.refresh_token).toBeUndefined();
		const refused = await rest(body.access_token as string);
		expect(refused).toEqual({ status: 401, body: [{ errorCode: 'INVALID_SESSION_ID', message: 'This session is not valid for use with the REST API' }] }); // prettier-ignore
		expect((await rest(body.access_token as string, '/services/oauth2/userinfo')).body.preferred_username).toBe(
			salesforce.users.sync,
		);
	});
});

describe('refresh tokens', () => {
	const refresh = (refreshToken: string, more = {}) =>
		token({ grant_type: 'refresh_token', refresh_token: refreshToken, ...client(), ...more });

	it('serve again and again, unless they rotate: then each works once, and a spent one ends everything', async () => {
		const first = await refresh(salesforce.refreshToken);
		expect(first.status).toBe(200);
		expect(first.body.refresh_token).toBeUndefined();
		expect((await refresh(salesforce.refreshToken)).status).toBe(200);
		salesforce.settings.refreshTokenRotation = true;
		const rotated = await refresh(salesforce.refreshToken);
		const next = rotated.body.refresh_token as string;
		expect(next).not.toBe(salesforce.refreshToken);
		expect((await rest(rotated.body.access_token as string)).status).toBe(200);
		expect(await refresh(salesforce.refreshToken)).toEqual({ status: 400, body: { error: 'invalid_grant', error_description: 'expired access/refresh token' } }); // prettier-ignore
		expect((await rest(rotated.body.access_token as string)).status).toBe(401);
		expect((await refresh(next)).status).toBe(400);
	});

	it('take no scope, and end with a revocation', async () => {
		expect((await refresh(salesforce.refreshToken, { scope: 'api' })).body.error).toBe('invalid_request');
		const { body } = await refresh(salesforce.refreshToken);
		const revoke = (value: string) =>
			fetch(`${salesforce.url}/services/oauth2/revoke`, {
				method: 'POST',
				body: new URLSearchParams({ token: value }),
			});
		expect((await revoke(salesforce.refreshToken)).status).toBe(200);
		expect((await rest(body.access_token as string)).status).toBe(401);
		expect((await refresh(salesforce.refreshToken)).body.error).toBe('invalid_grant');
		expect((await revoke('unknown')).status).toBe(400);
	});
});

describe('assertions (JWT bearer)', () => {
	it('are verified: signature, algorithm, key, audience, expiry, user', async () => {
		expect((await bearer(assertion())).status).toBe(200);
		expect((await bearer(assertion({ aud: salesforce.url }), salesforce.url)).status).toBe(200);
		expect((await bearer(assertion())).body.refresh_token).toBeUndefined();
		const { privateKey: other } = generateKeyPairSync('rsa', { modulusLength: 1_024, publicKeyEncoding: { type: 'spki', format: 'pem' }, privateKeyEncoding: { type: 'pkcs8', format: 'pem' } }); // prettier-ignore
		const now = salesforce.store.now();
		const cases: Array<[string, string]> = [
			[assertion({}, { key: other }), 'invalid assertion'],
			[assertion({}, { alg: 'none' }), 'invalid assertion'],
			[assertion().split('.').slice(0, 2).join('.') + '.', 'invalid assertion'],
			[assertion({ exp: Math.floor(now / 1_000) - 1 }), 'expired authorization code'],
			[assertion({ exp: now + 180_000 }), 'invalid assertion'],
			[assertion({ aud: 'https://test.salesforce.com' }), 'audience is invalid'],
			[assertion({ sub: 'nobody@sandbox.example' }), "user hasn't approved this consumer"],
			[assertion({ sub: salesforce.users.sales }), "user hasn't approved this consumer"],
			['nonsense', 'invalid assertion'],
		];
		for (const [text, wanted] of cases) {
			const { status, body } = await bearer(text);
			expect({ status, body }).toEqual({ status: 400, body: { error: 'invalid_grant', error_description: wanted } });
		}
		expect((await bearer(assertion({ iss: 'wrong' }))).body.error).toBe('invalid_client_id');
		await call.operate('setUser', { username: salesforce.users.inactive, approved: true });
		expect((await bearer(assertion({ sub: salesforce.users.inactive }))).body.error_description).toBe('inactive user');
	});

	it('newer organisations take their My Domain alone as audience', async () => {
		salesforce.settings.loginHostAudience = false;
		expect((await bearer(assertion())).body.error).toBe('app_not_found');
		expect((await bearer(assertion({ aud: salesforce.url }))).status).toBe(200);
	});

	it('expire by the clock of the organisation', async () => {
		const text = assertion();
		salesforce.clock.advance(181_000);
		expect((await bearer(text)).body.error).toBe('invalid_grant');
	});
});

describe('client credentials', () => {
	it('work on My Domain only, with the key and secret as Basic or in the form', async () => {
		const form = { grant_type: 'client_credentials' };
		expect((await token(form, salesforce.url, asPair())).status).toBe(200);
		expect((await token({ ...form, ...client() }, salesforce.url)).status).toBe(200);
		expect(await token(form, salesforce.loginUrl, asPair())).toMatchObject({ status: 400, body: { error: 'invalid_grant', error_description: 'request not supported on this domain' } }); // prettier-ignore
		expect((await token(form, salesforce.url, `${asPair()}x`)).body.error).toBe('invalid_client');
		salesforce.settings.clientCredentialsEnabled = false;
		expect((await token(form, salesforce.url, asPair())).body.error_description).toBe(
			'no client credentials user enabled',
		);
	});
});

describe('sessions', () => {
	it('end without use, also in the middle of a run, and REST says so with INVALID_SESSION_ID', async () => {
		const expired = { status: 401, body: [{ message: 'Session expired or invalid', errorCode: 'INVALID_SESSION_ID' }] };
		expect(await rest('no-such-token')).toEqual(expired);
		const accessToken = salesforce.newToken();
		salesforce.clock.advance(1.5 * HOURS);
		expect((await rest(accessToken)).status).toBe(200);
		salesforce.clock.advance(1.5 * HOURS);
		expect((await rest(accessToken)).status).toBe(200);
		salesforce.clock.advance(2 * HOURS);
		expect(await rest(accessToken)).toEqual(expired);
		const another = salesforce.newToken();
		await call.operate('expireSessionsAfter', { calls: 2 });
		expect([await rest(another), await rest(another), await rest(another)].map(({ status }) => status)).toEqual([
			200, 200, 401,
		]);
	});

	it('tell an organisation or user without API from a wrong user', async () => {
		const accessToken = salesforce.newToken();
		await call.operate('setUser', { username: salesforce.users.sync, apiEnabled: false });
		const refused = { status: 403, body: [{ message: 'The REST API is not enabled for this Organization.', errorCode: 'API_DISABLED_FOR_ORG' }] }; // prettier-ignore
		expect(await rest(accessToken)).toEqual(refused);
		expect((await rest(accessToken, '/services/oauth2/userinfo')).status).toBe(200);
		await call.operate('setUser', { username: salesforce.users.sync, apiEnabled: true });
		salesforce.settings.apiEnabled = false;
		expect(await rest(accessToken)).toEqual(refused);
	});

	it('belong to the organisation: the login host serves no data', async () => {
		const response = await fetch(`${salesforce.loginUrl}${V}/limits`, {
			headers: { authorization: `Bearer ${salesforce.newToken()}` },
		});
		expect(response.status).toBe(404);
	});
});
