import type { CredentialDesk } from '../support/credentialDesk';
import type { E2e } from '../support/startE2e';
import { LEDGER_SCOPES } from '../quota/openLedger';

/** The credential of n8n's own API, tested in a real n8n. `started` is asked when tests begin. */
export function n8nCredentialTests(started: () => { readonly e2e: E2e; readonly desk: CredentialDesk }): void {
	describe("n8n's own API", () => {
		const said = async (apiKey: string, baseUrl = `${started().e2e.n8n.url}/api/v1`) =>
			await started().desk.test('contactSyncN8nApi', { apiKey, baseUrl });

		it('HB-17, SB-13: accepts a key with the scopes of a ledger, and no longer when it was revoked', async () => {
			const { api } = started().e2e;
			const { id, key } = await api.createApiKey(LEDGER_SCOPES);
			expect(await said(key)).toMatchObject({ status: 'OK' });
			await api.deleteApiKey(id);
			expect(await said(key)).toMatchObject({
				status: 'Error',
				message: expect.stringContaining('does not accept the API key') as string,
			});
		});

		it('names every scope that a key lacks, and leaves no table behind', async () => {
			const { api } = started().e2e;
			const { key } = await api.createApiKey(['dataTable:list', 'dataTableRow:read', 'dataTableRow:create']);
			expect(await said(key)).toMatchObject({
				status: 'Error',
				message: expect.stringContaining('lacks the scopes dataTable:create, dataTableRow:update') as string,
			});
			const { data } = await api.json<{ data: unknown[] }>({ method: 'GET', path: '/api/v1/data-tables' });
			expect(data).toEqual([]);
		});

		it('tells an address where n8n is, but not its API, from one where nobody answers', async () => {
			const { e2e } = started();
			const { key } = await e2e.api.createApiKey(LEDGER_SCOPES);
			const wrong = await said(key, e2e.n8n.url);
			expect(wrong).toMatchObject({ status: 'Error', message: expect.stringContaining("'Base URL'") as string });
			const nobody = await said(key, 'http://127.0.0.1:1/api/v1');
			expect(nobody.status).toBe('Error');
			expect(nobody.message).not.toBe(wrong.message);
		});
	});
}
