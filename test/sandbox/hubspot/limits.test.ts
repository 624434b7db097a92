import {
	OAUTH_CLIENT,
	OAUTH_REFRESH_TOKEN,
	startHubSpot,
	TOKEN_READ_ONLY,
	TOKEN_WITHOUT_CONTACT_WRITES,
	TOKEN_WITHOUT_CONTACTS,
	TOKEN_WITHOUT_LIST_WRITES,
	TOKEN_WITHOUT_LISTS,
	type RunningHubSpot,
} from '../../../sandbox/hubspot';
import { callsTo, type Call } from './hubSpotCalls';

let hubspot: RunningHubSpot;
let call: Call;
beforeAll(async () => {
	hubspot = await startHubSpot({ members: 5 });
	call = callsTo(hubspot);
});
afterAll(() => hubspot.close());
beforeEach(() => {
	hubspot.reset();
	hubspot.clock.freeze();
});

const LIST = '/crm/lists/2026-09/101';
const SEARCH = '/crm/objects/2026-09/contacts/search';

async function oauthToken(): Promise<string> {
	const reply = await fetch(`${hubspot.url}/oauth/2026-09/token`, {
		method: 'POST',
		body: new URLSearchParams({
			grant_type: 'refresh_token',
			refresh_token: OAUTH_REFRESH_TOKEN,
			client_id: OAUTH_CLIENT.clientId,
			client_secret: OAUTH_CLIENT.clientSecret,
		}),
	});
	const body = (await reply.json()) as { access_token: string; expires_in: number; hub_id: number };
	expect(body).toMatchObject({
		expires_in: 1800,
		hub_id: hubspot.settings.portalId,
		refresh_token: OAUTH_REFRESH_TOKEN,
	});
	return body.access_token;
}

describe('limits of the stand-in HubSpot', () => {
	it.each([
		['starter', 100],
		['professional', 190],
	] as const)('%s: %i calls per rolling 10 s and app', async (accountTier, limit) => {
		hubspot.settings.accountTier = accountTier;
		const first = await call('GET', LIST);
		expect(first.headers.get('x-hubspot-ratelimit-max')).toBe(String(limit));
		expect(first.headers.get('x-hubspot-ratelimit-remaining')).toBe(String(limit - 1));
		expect(first.headers.get('x-hubspot-ratelimit-interval-milliseconds')).toBe('10000');
		expect(first.headers.get('x-hubspot-ratelimit-daily')).toBe(accountTier === 'starter' ? '250000' : '625000');
		hubspot.clock.advance(6_000);
		for (let n = 1; n < limit; n += 1) expect((await call('GET', LIST)).status).toBe(200);
		const refused = await call('GET', LIST);
		expect(refused.status).toBe(429);
		expect(refused.body).toEqual({
			status: 'error',
			message: 'You have reached your ten_secondly_rolling limit.',
			errorType: 'RATE_LIMIT',
			correlationId: expect.any(String) as string,
			policyName: 'TEN_SECONDLY_ROLLING',
			requestId: expect.any(String) as string,
		});
		expect(refused.headers.get('retry-after')).toBeNull();
		expect((await call('GET', LIST, undefined, TOKEN_READ_ONLY)).status).toBe(200);
		hubspot.clock.advance(4_001);
		expect((await call('GET', LIST)).status).toBe(200);
		expect((await call('GET', LIST)).status).toBe(429);
	});

	it('search: five a second and account, no rate headers, SECONDLY body, outside the burst', async () => {
		for (let n = 0; n < 5; n += 1) {
			const { status, headers } = await call('POST', SEARCH, {}, n % 2 ? TOKEN_READ_ONLY : undefined);
			expect(status).toBe(200);
			const names: string[] = [];
			headers.forEach((_value, name) => names.push(name));
			expect(names.filter((name) => name.includes('ratelimit'))).toEqual([]);
		}
		const refused = await call('POST', SEARCH, {});
		expect(refused).toMatchObject({
			status: 429,
			body: { policyName: 'SECONDLY', message: 'You have reached your secondly limit.' },
		});
		expect((await call('GET', LIST)).headers.get('x-hubspot-ratelimit-remaining')).toBe('99');
		hubspot.clock.advance(1_001);
		expect((await call('POST', SEARCH, {})).status).toBe(200);
	});

	it('the daily figure is shared by all keys, ends in DAILY, and renews at midnight of the account', async () => {
		hubspot.clock.set(Date.UTC(2026, 6, 1, 21, 59, 0));
		hubspot.settings.dailyLimit = 3;
		expect((await call('GET', LIST)).headers.get('x-hubspot-ratelimit-daily-remaining')).toBe('2');
		await call('POST', SEARCH, {});
		expect(
			(await call('GET', LIST, undefined, TOKEN_READ_ONLY)).headers.get('x-hubspot-ratelimit-daily-remaining'),
		).toBe('0');
		const refused = await call('GET', LIST);
		expect(refused).toMatchObject({
			status: 429,
			body: { policyName: 'DAILY', message: 'You have reached your daily limit.' },
		});
		expect((await call('POST', SEARCH, {})).body.policyName).toBe('DAILY');
		hubspot.clock.advance(59_000);
		expect((await call('GET', LIST)).status).toBe(429);
		hubspot.clock.advance(2_000);
		expect((await call('GET', LIST)).status).toBe(200);
		const usage = await call('GET', '/account-info/v3/api-usage/daily/private-apps');
		expect(usage.body.results[0]).toMatchObject({
			usageLimit: 3,
			currentUsage: 2,
			resetsAt: '2026-07-02T22:00:00.000Z',
		});
	});

	it('OAuth: 110 per 10 s, no daily headers, tokens live 1,800 s', async () => {
		const token = await oauthToken();
		const { status, headers } = await call('GET', LIST, undefined, token);
		expect(status).toBe(200);
		expect(headers.get('x-hubspot-ratelimit-max')).toBe('110');
		expect(headers.get('x-hubspot-ratelimit-daily')).toBeNull();
		hubspot.clock.advance(1_800_001);
		expect(await call('GET', LIST, undefined, token)).toMatchObject({
			status: 401,
			body: { category: 'EXPIRED_AUTHENTICATION' },
		});
		const bad = await fetch(`${hubspot.url}/oauth/v1/token`, {
			method: 'POST',
			body: new URLSearchParams({ client_id: 'x' }),
		});
		expect(bad.status).toBe(400);
	});

	it('OAuth: the authorize page leads back with a code that works once', async () => {
		const query = new URLSearchParams({
			client_id: OAUTH_CLIENT.clientId,
			redirect_uri: 'http://127.0.0.1/back',
			scope: 'crm.lists.read',
			state: 's',
		});
		const page = await fetch(`${hubspot.url}/oauth/authorize?${query.toString()}`, { redirect: 'manual' });
		const back = new URL(page.headers.get('location') ?? '');
		expect(back.searchParams.get('state')).toBe('s');
		const exchange = () =>
			fetch(`${hubspot.url}/oauth/2026-03/token`, {
				method: 'POST',
				body: new URLSearchParams({
					grant_type: 'authorization_code',
					client_id: OAUTH_CLIENT.clientId,
					client_secret: OAUTH_CLIENT.clientSecret,
					code: back.searchParams.get('code') ?? '',
				}),
			});
		const { access_token: token } = (await (await exchange()).json()) as { access_token: string };
		expect((await call('GET', LIST, undefined, token)).status).toBe(200);
		expect((await call('GET', '/crm/objects/2026-09/contacts', undefined, token)).status).toBe(403);
		expect(await (await exchange()).json()).toMatchObject({ status: 'BAD_AUTH_CODE' });
	});
});

describe('access to the stand-in HubSpot', () => {
	it('401 for a wrong key, for none and for a revoked one', async () => {
		expect(await call('GET', LIST, undefined, 'pat-wrong')).toMatchObject({
			status: 401,
			body: { category: 'INVALID_AUTHENTICATION' },
		});
		expect((await fetch(hubspot.url + LIST)).status).toBe(401);
		hubspot.tokens.revoke(hubspot.token);
		expect((await call('GET', LIST)).status).toBe(401);
	});

	it('403 MISSING_SCOPES names the scopes of which one is needed', async () => {
		const lists = await call('GET', LIST, undefined, TOKEN_WITHOUT_LISTS);
		expect(lists).toMatchObject({
			status: 403,
			body: {
				category: 'MISSING_SCOPES',
				errors: [{ context: { requiredGranularScopes: ['crm.lists.read', 'crm.segments.read'] } }],
			},
		});
		expect((await call('GET', '/crm/properties/2026-09/contacts', undefined, TOKEN_WITHOUT_LISTS)).status).toBe(200);
		for (const path of ['/crm/objects/2026-09/contacts', '/crm/properties/2026-09/contacts']) {
			expect(await call('GET', path, undefined, TOKEN_WITHOUT_CONTACTS)).toMatchObject({
				status: 403,
				body: { category: 'MISSING_SCOPES' },
			});
		}
		expect((await call('GET', LIST, undefined, TOKEN_WITHOUT_CONTACTS)).status).toBe(200);
		expect((await call('DELETE', LIST, undefined, TOKEN_READ_ONLY)).status).toBe(403);
		hubspot.tokens.set('pat-segments', ['crm.segments.read']);
		expect((await call('GET', LIST, undefined, 'pat-segments')).status).toBe(200);
	});

	it('tells account and time zone to any key', async () => {
		const { body } = await call('GET', '/account-info/2026-09/details', undefined, TOKEN_WITHOUT_LISTS);
		expect(body).toMatchObject({
			portalId: hubspot.settings.portalId,
			timeZone: 'Europe/Paris',
			utcOffset: expect.stringMatching(/^\+0[12]:00$/) as string,
		});
	});

	it('refuses long URLs, bodies that are no JSON and unknown paths in HubSpot’s form', async () => {
		expect((await call('GET', `/crm/v3/objects/contacts?properties=${'x'.repeat(40_000)}`)).status).toBe(414);
		const headers = { authorization: `Bearer ${hubspot.token}`, 'content-type': 'application/json' };
		const broken = await fetch(hubspot.url + SEARCH, { method: 'POST', headers, body: '{"limit":' });
		expect({ status: broken.status, body: await broken.json() }).toMatchObject({
			status: 400,
			body: { category: 'VALIDATION_ERROR' },
		});
		const form = await fetch(hubspot.url + SEARCH, {
			method: 'POST',
			headers: { ...headers, 'content-type': 'text/plain' },
			body: 'limit',
		});
		expect(form.status).toBe(415);
		expect((await call('GET', '/contacts/v1/lists')).body).toMatchObject({ status: 'error' });
	});
});

describe('tokens that may not write', () => {
	const CONTACTS = '/crm/objects/2026-09/contacts';
	const LISTS = '/crm/lists/2026-09';
	const id = '1';
	const contactWrites = [
		['POST', CONTACTS],
		['PATCH', `${CONTACTS}/${id}`],
		['DELETE', `${CONTACTS}/${id}`],
		['POST', `${CONTACTS}/merge`],
		...['create', 'update', 'upsert', 'archive'].map((what) => ['POST', `${CONTACTS}/batch/${what}`] as const),
	] as const;
	const listWrites = [
		['POST', LISTS],
		['DELETE', `${LISTS}/103`],
		['PUT', `${LISTS}/103/update-list-name?listName=Other`],
		['PUT', `${LISTS}/103/restore`],
		...['add', 'remove', 'add-and-remove', 'add-from/101'].map(
			(what) => ['PUT', `${LISTS}/103/memberships/${what}`] as const,
		),
		['DELETE', `${LISTS}/103/memberships`],
	] as const;
	const otherWrites = [
		['POST', '/crm/properties/2026-09/contacts'],
		['DELETE', '/crm/properties/2026-09/contacts/customer_tier'],
	] as const;

	it.each([
		[TOKEN_READ_ONLY, [...contactWrites, ...listWrites, ...otherWrites], []],
		[TOKEN_WITHOUT_CONTACT_WRITES, contactWrites, listWrites],
		[TOKEN_WITHOUT_LIST_WRITES, listWrites, contactWrites],
	] as const)('%s', async (token, refused, allowed) => {
		for (const [method, path] of refused) {
			const answer = await call(method, path, {}, token);
			expect({ path, ...answer }).toMatchObject({ path, status: 403, body: { category: 'MISSING_SCOPES' } });
		}
		for (const [method, path] of allowed) {
			expect((await call(method, path, {}, token)).status).not.toBe(403);
		}
		expect((await call('GET', `${LISTS}/101`, undefined, token)).status).toBe(200);
		expect((await call('GET', CONTACTS, undefined, token)).status).toBe(200);
	});
});
