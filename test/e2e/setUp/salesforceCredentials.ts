import { itemsOf } from '../../../demo/n8n/n8nApi';
import { pollsEvery } from '../../../demo/n8n/quickPolls';
import type { CredentialDesk } from '../support/credentialDesk';
import type { E2e } from '../support/startE2e';
import { waitFor } from '../support/waitFor';

/** The three Salesforce credentials on a real n8n: tested, signed in with, renewed. `started` is asked when tests begin. */
export function salesforceCredentialTests(started: () => { readonly e2e: E2e; readonly desk: CredentialDesk }): void {
	describe('Salesforce in three ways', () => {
		const JWT = 'contactSyncSalesforceJwtApi';
		const CLIENT_CREDENTIALS = 'contactSyncSalesforceClientCredentialsApi';
		const OAUTH2 = 'contactSyncSalesforceOAuth2Api';
		const TRIGGER = 'n8n-nodes-contact-sync.salesforceContactTrigger';
		type Fields = Record<string, unknown>;
		let e2e: E2e;
		let desk: CredentialDesk;

		beforeAll(() => void ({ e2e, desk } = started()));

		const jwt = (fields: Fields = {}): Fields => {
			const { url, app, users, privateKey } = e2e.sandbox.salesforce;
			const { consumerKey } = app;
			return {
				...{ environment: 'customDomain', myDomainUrl: url, consumerKey, username: users.sync, privateKey },
				...fields,
			};
		};
		const clientCredentials = (fields: Fields = {}): Fields => {
			const { url, app } = e2e.sandbox.salesforce;
			const { consumerKey, consumerSecret } = app;
			return { myDomainUrl: url, consumerKey, consumerSecret, ...fields };
		};
		const oAuth2 = (): Fields => {
			const { url, app } = e2e.sandbox.salesforce;
			const { consumerKey: clientId, consumerSecret: clientSecret } = app;
			return { environment: 'customDomain', myDomainUrl: url, clientId, clientSecret };
		};
		const WAYS = { jwt: [JWT, jwt], clientCredentials: [CLIENT_CREDENTIALS, clientCredentials] } as const;

		it.each(['jwt', 'clientCredentials'] as const)(
			'SB-05: %s: the test tells API access that is switched off from a wrong key and a wrong user, and hides secrets',
			async (way) => {
				const { salesforce } = e2e.sandbox;
				const [type, fields] = WAYS[way];
				const stored = await desk.store(`Salesforce ${way}`, type, fields());
				const said = async (changed: Fields = {}) => await desk.test(type, fields(changed), stored);
				expect(await said()).toEqual({ status: 'OK', message: expect.anything() as string });
				expect(await said({ consumerKey: '3MVG9wrong' })).toMatchObject({
					status: 'Error',
					message: expect.stringContaining("'Consumer Key' is wrong") as string,
				});
				const wrong =
					way === 'jwt' ? { username: 'nobody@sandbox.example' } : { consumerSecret: 'someone-elses-secret-0001' };
				const { message } = await said(wrong);
				expect(message).toMatch(way === 'jwt' ? /'Username'/ : /'Consumer Secret' is wrong/);
				expect(message).not.toContain('someone-elses');
				expect((await said({ myDomainUrl: 'http://salesforce.example' })).message).toMatch(/'My Domain URL'/);
				salesforce.settings.apiEnabled = false;
				expect(await said()).toMatchObject({ status: 'Error', message: expect.stringMatching(/API/) as string });
				salesforce.settings.apiEnabled = true;
				expect(await said()).toMatchObject({ status: 'OK' });
				const shown = JSON.stringify(await desk.shown(stored));
				expect(shown).not.toMatch(/PRIVATE KEY|SANDBOX0CONSUMER0SECRET|00D\w+!/);
			},
		);

		it('SB-05: OAuth2: signs in on Salesforce’s page, reads, and keeps the refresh token that each renewal exchanges', async () => {
			const { salesforce } = e2e.sandbox;
			salesforce.settings.refreshTokenRotation = true;
			const credential = await desk.store('Salesforce OAuth2', OAUTH2, oAuth2());
			const page = await desk.signIn(credential);
			expect(page).toMatch(new RegExp(`^${salesforce.url}/services/oauth2/authorize\\?.*code_challenge_method=S256`));
			expect(new URL(page).searchParams.get('scope')).toBe('api refresh_token');
			const parameters = { salesforceAuthentication: 'oAuth2', object: 'Contact', consentConfirmed: true };
			const workflow = await e2e.api.createWorkflow({
				name: 'Salesforce by OAuth2',
				nodes: [
					{
						...{ id: 'trigger', name: 'Salesforce', typeVersion: 1, position: [0, 0], type: TRIGGER },
						parameters: { ...parameters, options: { batchSize: 10 }, pollTimes: pollsEvery(3) },
						credentials: { [OAUTH2]: credential },
					},
					{
						...{ id: 'end', name: 'End', typeVersion: 1, position: [200, 0], type: 'n8n-nodes-base.noOp' },
						parameters: {},
					},
				],
				connections: { Salesforce: { main: [[{ node: 'End', type: 'main', index: 0 }]] } },
			});
			const told = async (): Promise<unknown[]> => {
				const executions = await e2e.api.listExecutions(workflow.id);
				const full = await Promise.all(executions.map(async ({ id }) => await e2e.api.getExecution(id)));
				return full.flatMap((execution) => itemsOf(execution, 'Salesforce').map(({ json }) => json.key));
			};
			salesforce.sessions.expireAll();
			await e2e.api.publish(workflow.id);
			await waitFor('the first sync', async () => (await told()).length >= 30);
			salesforce.sessions.expireAll();
			salesforce.store.insert('Contact', { LastName: 'Later', Email: 'later@example.com' });
			const keys = await waitFor('the new contact', async () => {
				const all = await told();
				return all.length > 30 && all;
			});
			expect(new Set(keys).size).toBe(31);
			expect(keys).toHaveLength(31);
			await e2e.api.unpublish(workflow.id);
		});

		it.each([
			['oAuth2', OAUTH2, 1],
			['jwt', JWT, 5],
			['clientCredentials', CLIENT_CREDENTIALS, 5],
		] as const)('%s: five calls at once whose session ended all succeed, again and again', async (way, type, most) => {
			const { salesforce } = e2e.sandbox;
			salesforce.settings.refreshTokenRotation = true;
			const fields = way === 'oAuth2' ? oAuth2() : WAYS[way][1]();
			const credential = await desk.store(`At once: ${way}`, type, fields);
			if (way === 'oAuth2') await desk.signIn(credential);
			const parameters = { salesforceAuthentication: way, object: 'Contact' };
			const search = async () => await desk.search(TRIGGER, 'searchCampaigns', parameters, { [type]: credential });
			await search();
			const renewals = () => salesforce.requests.count(({ path }) => path === '/services/oauth2/token');
			for (let round = 0; round < 3; round++) {
				salesforce.sessions.expireAll();
				const before = renewals();
				const answers = await Promise.all([1, 2, 3, 4, 5].map(search));
				for (const answer of answers) expect(answer).toMatchObject({ results: [{ name: 'Newsletter' }, {}] });
				expect(renewals() - before).toBeGreaterThan(0);
				expect(renewals() - before).toBeLessThanOrEqual(most);
			}
		});
	});
}
