import { TOKEN_WITHOUT_CONTACTS, TOKEN_WITHOUT_LISTS } from '../../sandbox/hubspot/tokens';
import type { E2e } from './support/startE2e';
import { startE2e } from './support/startE2e';

/** The *Test* of a credential, as the editor calls it. */
describe('testing a credential in n8n', () => {
	let e2e: E2e;
	let cookie: string;

	beforeAll(async () => {
		e2e = await startE2e({ members: 50 });
		cookie = await e2e.api.sessionCookie();
	});

	afterAll(async () => {
		await e2e?.close();
	});

	async function test(type: string, data: Record<string, unknown>): Promise<{ status: string; message: string }> {
		const reply = await fetch(`${e2e.n8n.url}/rest/credentials/test`, {
			method: 'POST',
			headers: { cookie, connection: 'close', 'content-type': 'application/json' },
			body: JSON.stringify({ credentials: { id: '', name: 'tried', type, data } }),
		});
		const { data: answer } = (await reply.json()) as { data: { status: string; message: string } };
		return answer;
	}

	it('HB-04: accepts a HubSpot token with both scopes', async () => {
		const { hubspot } = e2e.sandbox;
		expect(await test('contactSyncHubSpotApi', { accessToken: hubspot.token, baseUrl: hubspot.url })).toMatchObject({
			status: 'OK',
		});
	});

	it('tells a wrong HubSpot token', async () => {
		const answer = await test('contactSyncHubSpotApi', { accessToken: 'pat-wrong', baseUrl: e2e.sandbox.hubspot.url });
		expect(answer.status).toBe('Error');
		expect(answer.message).toMatch(/token/i);
		expect(answer.message).not.toMatch(/scope/i);
	});

	it.each([
		['crm.lists.read', TOKEN_WITHOUT_LISTS],
		['crm.objects.contacts.read', TOKEN_WITHOUT_CONTACTS],
	])('names the missing scope %s', async (scope, accessToken) => {
		const answer = await test('contactSyncHubSpotApi', { accessToken, baseUrl: e2e.sandbox.hubspot.url });
		expect(answer).toMatchObject({ status: 'Error', message: expect.stringContaining(scope) as string });
	});

	it('accepts a Brevo key', async () => {
		const { brevo } = e2e.sandbox;
		expect(await test('contactSyncBrevoApi', { apiKey: brevo.apiKey, baseUrl: brevo.url })).toMatchObject({
			status: 'OK',
		});
	});

	it('tells a wrong Brevo key from a blocked IP address', async () => {
		const { brevo } = e2e.sandbox;
		const wrong = await test('contactSyncBrevoApi', { apiKey: 'xkeysib-wrong', baseUrl: brevo.url });
		expect(wrong).toMatchObject({ status: 'Error', message: expect.stringMatching(/key/i) as string });
		brevo.settings.blockIp = true;
		const blocked = await test('contactSyncBrevoApi', { apiKey: brevo.apiKey, baseUrl: brevo.url });
		brevo.settings.blockIp = false;
		expect(blocked).toMatchObject({ status: 'Error', message: expect.stringMatching(/IP address/) as string });
		expect(blocked.message).not.toBe(wrong.message);
	});

	it('refuses a base URL without https and names the field', async () => {
		const answer = await test('contactSyncBrevoApi', { apiKey: 'x', baseUrl: 'http://api.brevo.example/v3' });
		expect(answer).toMatchObject({ status: 'Error', message: expect.stringContaining("'Base URL'") as string });
	});

	it('says so when the vendor does not answer', async () => {
		expect(await test('contactSyncBrevoApi', { apiKey: 'x', baseUrl: 'http://127.0.0.1:1/v3' })).toMatchObject({
			status: 'Error',
		});
	});
});
