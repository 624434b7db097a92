import { createSign } from 'node:crypto';
import { Connection, OAuth2 } from 'jsforce';
import { startSalesforce, type RunningSalesforce } from '../../../sandbox/salesforce';
import { connectTo, failure } from './jsforceCalls';

// jsforce, which was not written here, must get along with the stand-in.

let salesforce: RunningSalesforce;
let connection: Connection;
beforeAll(async () => {
	salesforce = await startSalesforce({ contacts: 250, leads: 20 });
});
afterAll(() => salesforce.close());
beforeEach(() => {
	salesforce.reset();
	connection = connectTo(salesforce);
});

const oauth2 = (loginUrl: string) =>
	new OAuth2({
		loginUrl,
		clientId: salesforce.app.consumerKey,
		clientSecret: salesforce.app.consumerSecret,
		redirectUri: 'http://localhost:5678/callback',
	});

describe('jsforce signs in', () => {
	it('with client credentials on My Domain, not on the login host', async () => {
		const good = new Connection({ oauth2: oauth2(salesforce.url), version: '66.0' });
		const user = await good.authorize({ grant_type: 'client_credentials' });
		expect(user.organizationId).toBe(salesforce.store.organizationId);
		expect(good.instanceUrl).toBe(salesforce.url);
		expect((await good.identity()).username).toBe(salesforce.users.sync);
		const bad = new Connection({ oauth2: oauth2(salesforce.loginUrl) });
		expect((await failure(bad.authorize({ grant_type: 'client_credentials' }))).name).toBe('invalid_grant');
	});

	it('with an assertion', async () => {
		const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
		const exp = Math.floor(Date.now() / 1_000) + 180;
		const claims = {
			iss: salesforce.app.consumerKey,
			sub: salesforce.users.sync,
			aud: 'https://login.salesforce.com',
			exp,
		};
		const unsigned = `${part({ alg: 'RS256' })}.${part(claims)}`;
		const signature = createSign('RSA-SHA256').update(unsigned).sign(salesforce.privateKey, 'base64url');
		const signedIn = new Connection({ oauth2: oauth2(salesforce.loginUrl), version: '66.0' });
		await signedIn.authorize({
			grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
			assertion: `${unsigned}.${signature}`,
		});
		expect((await signedIn.query('SELECT Id FROM Contact LIMIT 1')).totalSize).toBe(1);
	});

	it('through the browser, with PKCE', async () => {
		const flow = new OAuth2({
			loginUrl: salesforce.loginUrl,
			clientId: salesforce.app.consumerKey,
			clientSecret: salesforce.app.consumerSecret,
			redirectUri: 'http://localhost:5678/callback',
			useVerifier: true,
		});
		const page = await fetch(flow.getAuthorizationUrl({ scope: 'api id refresh_token' }), { redirect: 'manual' });
		const code = new URL(page.headers.get('location') ?? '').searchParams.get('code') ?? '';
		const signedIn = new Connection({ oauth2: flow, version: '66.0' });
		await signedIn.authorize(code);
		expect(signedIn.refreshToken).toBeDefined();
		expect((await signedIn.describe('Lead')).name).toBe('Lead');
	});

	it('again by itself when the session ends in the middle of reading', async () => {
		const renewed: string[] = [];
		const patient = new Connection({
			oauth2: oauth2(salesforce.loginUrl),
			instanceUrl: salesforce.url,
			accessToken: salesforce.newToken(),
			refreshToken: salesforce.refreshToken,
			version: '66.0',
		});
		patient.on('refresh', (accessToken: string) => renewed.push(accessToken));
		const first = await patient.query('SELECT Id FROM Contact', {
			headers: { 'Sforce-Query-Options': 'batchSize=200' },
		});
		salesforce.sessions.expireAll();
		const next = await patient.queryMore(first.nextRecordsUrl ?? '');
		expect(first.records.length + next.records.length).toBe(249);
		expect(renewed).toHaveLength(1);
	});
});

describe('jsforce reads', () => {
	it('every page by itself, deleted records with queryAll', async () => {
		const options = { autoFetch: true, maxFetch: 10_000, headers: { 'Sforce-Query-Options': 'batchSize=200' } };
		const { records, totalSize } = await connection.query<{ Id: string }>('SELECT Id FROM Contact', options);
		expect(new Set(records.map(({ Id }) => Id)).size).toBe(totalSize);
		expect(salesforce.requests.counts()['GET /services/data/v66.0/query/:locator']).toBe(1);
		const all = await connection.query('SELECT Id FROM Contact', { ...options, scanAll: true });
		expect(all.records).toHaveLength(totalSize + 2);
	});

	it('describe, the list of objects, limits and usage', async () => {
		const { fields } = await connection.sobject('Contact').describe();
		expect(fields.find(({ name }) => name === 'Account_Rating__c')).toMatchObject({
			calculated: true,
			createable: false,
		});
		expect(fields.find(({ name }) => name === 'Email')).toMatchObject({ idLookup: true, length: 80, type: 'email' });
		const { sobjects } = await connection.describeGlobal();
		expect(sobjects.map(({ name }) => name)).toEqual(expect.arrayContaining(['Contact', 'Lead', 'Campaign']));
		const limits = await connection.limits();
		expect(limits['DailyApiRequests']?.Max).toBe(110_000);
		expect(connection.limitInfo.apiUsage).toEqual({ used: 3, limit: 110_000 });
		salesforce.clock.advance(120_000);
		const now = salesforce.clock.now();
		const updated = await connection.sobject('Contact').updated(new Date(now - 600_000), new Date(now));
		expect(updated.ids.length).toBeGreaterThan(0);
	});

	it('list views, with their query', async () => {
		const contact = connection.sobject('Contact');
		const { listviews } = (await contact.listviews()) as { listviews: Array<{ id: string; developerName: string }> };
		const view = listviews.find(({ developerName }) => developerName === 'Newsletter_contacts');
		const described = (await contact.listview(view?.id ?? '').describe()) as { query: string };
		expect((await connection.query(described.query)).totalSize).toBeGreaterThan(50);
		const results = (await contact.listview(view?.id ?? '').results()) as { records: unknown[] };
		expect(results.records).toHaveLength(25);
	});
});

describe('jsforce writes', () => {
	it('one record: create, retrieve, update, upsert, delete', async () => {
		const contact = connection.sobject('Contact');
		const made = await contact.create({ LastName: 'Solo', Email: 'solo@someone.example' });
		const id = made.id as string;
		expect((await contact.update({ Id: id, Title: 'T' })).success).toBe(true);
		expect(await contact.retrieve(id)).toMatchObject({ Title: 'T', Name: 'Solo', MailingAddress: null });
		expect(await contact.upsert({ HubSpot_Id__c: '5', LastName: 'Five' }, 'HubSpot_Id__c')).toMatchObject({ success: true, created: true }); // prettier-ignore
		expect((await contact.destroy(id)).success).toBe(true);
		expect((await failure(contact.retrieve(id))).errorCode).toBe('ENTITY_IS_DELETED');
		expect((await failure(contact.create({ FirstName: 'x' }))).errorCode).toBe('REQUIRED_FIELD_MISSING');
	});

	it('many at a time', async () => {
		const contact = connection.sobject('Contact');
		const given = Array.from({ length: 250 }, (_, n) => ({ LastName: `L${n}`, HubSpot_Id__c: String(n) }));
		const made = await contact.create(given, { allowRecursive: true });
		expect(made.every(({ success }) => success)).toBe(true);
		const again = await contact.upsert(given.slice(0, 10), 'HubSpot_Id__c');
		expect(again.map(({ created }) => created)).toEqual(Array.from({ length: 10 }, () => false));
		const ids = made.flatMap(({ id }) => id ?? []).slice(0, 5);
		expect((await contact.retrieve(ids)).map(({ Id }) => Id as string)).toEqual(ids);
		const updated = await contact.update([
			...ids.map((Id) => ({ Id, Title: 'T' })),
			{ Id: '003000000000001AAA', Title: 'T' },
		]);
		expect(updated.map(({ success }) => success)).toEqual([true, true, true, true, true, false]);
		expect((await contact.destroy(ids)).every(({ success }) => success)).toBe(true);
	});

	it('composite', async () => {
		const answer = await connection.requestPost<{ compositeResponse: Array<{ httpStatusCode: number }> }>(
			'/services/data/v66.0/composite',
			{
				compositeRequest: [
					{
						method: 'POST',
						url: '/services/data/v66.0/sobjects/Lead',
						referenceId: 'lead',
						body: { LastName: 'L', Company: 'C' },
					},
					{ method: 'GET', url: '/services/data/v66.0/sobjects/Lead/@{lead.id}', referenceId: 'read' },
				],
			},
		);
		expect(answer.compositeResponse.map(({ httpStatusCode }) => httpStatusCode)).toEqual([201, 200]);
	});

	it('and tells the errors of the stand-in apart', async () => {
		expect((await failure(connection.query('SELECT Foo FROM Contact'))).errorCode).toBe('INVALID_FIELD');
		expect((await failure(connection.query('SELECT FROM Contact'))).errorCode).toBe('MALFORMED_QUERY');
		salesforce.settings.dailyLimit = 0;
		expect((await failure(connection.query('SELECT Id FROM Contact'))).errorCode).toBe('REQUEST_LIMIT_EXCEEDED');
		salesforce.settings.dailyLimit = null;
		salesforce.sessions.expireAll();
		expect((await failure(connection.query('SELECT Id FROM Contact'))).errorCode).toBe('INVALID_SESSION_ID');
	});
});
