import { SalesforceLimits, sharedSalesforceLimits } from '../../../../clients/salesforce/api/limits';
import { chunkIds, listOfTexts } from '../../../../clients/salesforce/soql/chunkIds';
import { checkSalesforceAccess } from '../../../../clients/salesforce/api/checkAccess';
import { recentObject, recentOrganisation } from '../../../../clients/salesforce/api/cachedDefinitions';
import { filterOf } from '../../../../clients/salesforce/soql/listViewFilter';
import type { HttpPort, HttpRequest } from '../../../../core/ports';
import type { RunningSalesforce } from '../../../../sandbox/salesforce';
import { startSalesforce } from '../../../../sandbox/salesforce';
import { clientOf, operate, sandboxClock, sandboxHttp, valueOf } from '../support/organisation';

let salesforce: RunningSalesforce;

beforeAll(async () => {
	salesforce = await startSalesforce({ contacts: 260, leads: 5, awkward: false });
});
beforeEach(() => salesforce.reset());
afterAll(() => salesforce.close());

const calls = (): number => salesforce.requests.count();
const contactIds = (): string[] => [...salesforce.store.table('Contact').rows.keys()];

describe('the Salesforce client', () => {
	it('tells the organisation', async () => {
		expect(await clientOf(salesforce).organisation()).toEqual({
			kind: 'ok',
			value: { id: salesforce.store.organizationId, name: 'Sandbox Org', timeZone: 'Europe/Paris', sandbox: false },
		});
	});

	it('reads a query page by page, related fields under their path and without attributes', async () => {
		salesforce.settings.maxPageSize = 200;
		const client = clientOf(salesforce);
		const first = valueOf(await client.query('SELECT Id, Account.Name, MailingAddress FROM Contact ORDER BY Id'));
		expect(first.totalSize).toBe(260);
		expect(first.records).toHaveLength(200);
		expect(Object.keys(first.records[0] ?? {})).toEqual(['Id', 'Account.Name', 'MailingAddress']);
		const second = valueOf(await client.queryMore(first.next ?? ''));
		expect(second.records).toHaveLength(60);
		expect(second.next).toBeUndefined();
		const ids = [...first.records, ...second.records].map(({ Id }) => Id);
		expect(new Set(ids).size).toBe(260);
	});

	it('reads deleted records where asked to', async () => {
		const client = clientOf(salesforce);
		const [id] = contactIds();
		await operate(salesforce, 'deleteRecord', { object: 'Contact', id });
		const soql = `SELECT Id, IsDeleted FROM Contact WHERE Id = '${id}'`;
		expect(valueOf(await client.query(soql)).records).toEqual([]);
		expect(valueOf(await client.query(soql, { deleted: true })).records).toEqual([{ Id: id, IsDeleted: true }]);
	});

	it('a result that Salesforce dropped differs from other refusals', async () => {
		const client = clientOf(salesforce);
		salesforce.settings.maxPageSize = 200;
		const { next } = valueOf(await client.query('SELECT Id FROM Contact'));
		await operate(salesforce, 'expireLocators', {});
		expect(await client.queryMore(next ?? '')).toMatchObject({ kind: 'refused', code: 'CURSOR_EXPIRED' });
	});

	it('asks several queries in one counted call', async () => {
		const client = clientOf(salesforce);
		const before = salesforce.limits.used();
		const pages = valueOf(
			await client.queries([
				{ soql: 'SELECT Id FROM Lead' },
				{ soql: "SELECT Id FROM Contact WHERE Title = '+ & @{q0.totalSize} é'", deleted: true },
				{ soql: 'SELECT Id FROM Contact LIMIT 3' },
			]),
		);
		expect(pages.map(({ records }) => records.length)).toEqual([5, 0, 3]);
		expect(salesforce.limits.used() - before).toBe(1);
		expect(await client.queries([{ soql: 'SELECT Id FROM Lead' }, { soql: 'SELECT Nix FROM Lead' }])).toMatchObject({
			kind: 'stop',
			code: 'PERMISSION_MISSING',
			reason: expect.stringContaining('Lead.Nix') as string,
		});
	});

	it('does not send a query that Salesforce would find too long, and says what to do', async () => {
		const client = clientOf(salesforce);
		const before = calls();
		const soql = `SELECT Id FROM Contact WHERE Title = '${'x'.repeat(12_000)}'`;
		const refused = {
			kind: 'stop',
			code: 'SETTING_INVALID',
			reason: expect.stringContaining('fewer fields') as string,
		};
		expect(await client.query(soql)).toMatchObject(refused);
		expect(await client.queries([{ soql }])).toMatchObject(refused);
		expect(calls()).toBe(before);
	});

	it('lists of ids or addresses are cut so that each fits into a call', async () => {
		const client = clientOf(salesforce);
		const ids = Array.from({ length: 6 }, contactIds).flat();
		const around = (list: string): string => `SELECT Id FROM Contact WHERE Id IN (${list})`;
		const chunks = chunkIds(ids, around);
		expect(chunks.flat()).toEqual(ids);
		expect(chunks.length).toBeGreaterThan(1);
		expect(chunks.length).toBeLessThanOrEqual(4);
		for (const chunk of chunks) {
			expect(valueOf(await client.query(around(listOfTexts(chunk)))).records).toHaveLength(new Set(chunk).size);
		}
		const wide = Array.from({ length: 300 }, (_, n) => `${'é'.repeat(40)}+${n}'@example.com`);
		const byAddress = (list: string): string => `SELECT Id FROM Contact WHERE Email IN (${list})`;
		for (const chunk of chunkIds(wide, byAddress)) {
			expect(await client.query(byAddress(listOfTexts(chunk)))).toMatchObject({ kind: 'ok' });
		}
	});

	it('describes an object with the fields the user may see', async () => {
		await operate(salesforce, 'setAccess', { object: 'Contact', field: 'HasOptedOutOfEmail', access: 'hidden' });
		const contact = valueOf(await clientOf(salesforce).describe('Contact'));
		expect(contact).toMatchObject({ name: 'Contact', label: 'Contact' });
		const byName = new Map(contact.fields.map((field) => [field.name, field]));
		expect(byName.has('HasOptedOutOfEmail')).toBe(false);
		expect(byName.get('Account_Rating__c')).toMatchObject({ calculated: true, custom: true });
		expect(byName.get('AccountId')).toMatchObject({ relationshipName: 'Account', referenceTo: ['Account'] });
		expect(byName.get('Customer_Tier__c')).toMatchObject({ restrictedPicklist: true });
		expect(byName.get('Description')).toMatchObject({ filterable: false });
		expect(await clientOf(salesforce).describe('Nix')).toMatchObject({ kind: 'stop', code: 'PERMISSION_MISSING' });
	});

	it('keeps definitions for a minute', async () => {
		const client = clientOf(salesforce);
		const clock = sandboxClock(salesforce);
		const before = calls();
		for (let n = 0; n < 3; n++) valueOf(await recentObject(client, 'definitions', 'Contact', clock));
		for (let n = 0; n < 3; n++) valueOf(await recentOrganisation(client, 'definitions', clock));
		expect(calls() - before).toBe(2);
		salesforce.clock.advance(60_000);
		await recentObject(client, 'definitions', 'Contact', clock);
		expect(calls() - before).toBe(3);
	});

	it('offers list views and reads their filters', async () => {
		const client = clientOf(salesforce);
		const { listViews } = salesforce.ids;
		expect(valueOf(await client.listViews('Contact'))).toEqual([
			{ id: listViews.newsletterContacts, label: 'Newsletter contacts', readable: true },
			{ id: listViews.myContacts, label: 'My contacts', readable: true },
			{ id: listViews.recentContacts, label: 'Recently Viewed Contacts', readable: false },
		]);
		expect(valueOf(await client.listView('Contact', listViews.newsletterContacts))).toEqual({
			where: "Newsletter__c = true AND Email != ''",
			mine: false,
		});
		expect(valueOf(await client.listView('Contact', listViews.myContacts))).toEqual({ where: '', mine: true });
		expect(await client.listView('Contact', listViews.recentContacts)).toMatchObject({
			code: 'LIST_VIEW_NOT_READABLE',
		});
		expect(await client.listView('Contact', listViews.openLeads)).toMatchObject({ code: 'LIST_VIEW_NOT_FOUND' });
	});

	it('offers campaigns by name and tells one that is gone', async () => {
		const client = clientOf(salesforce);
		const { newsletter, fair } = salesforce.ids.campaigns;
		expect(valueOf(await client.campaigns()).map(({ id }) => id)).toEqual([newsletter, fair]);
		expect(valueOf(await client.campaigns('lyon'))).toEqual([{ id: fair, name: 'Trade fair Lyon 2025', active: true }]);
		expect(await client.campaign(fair)).toMatchObject({ kind: 'ok', value: { id: fair } });
		await operate(salesforce, 'deleteRecord', { object: 'Campaign', id: fair });
		expect(await client.campaign(fair)).toMatchObject({ kind: 'stop', code: 'CAMPAIGN_NOT_FOUND' });
	});

	it("tells Salesforce's own time", async () => {
		salesforce.settings.clockSkewMs = 3_600_000;
		const client = clientOf(salesforce);
		await client.organisation();
		expect(Math.abs(client.serverNow() - salesforce.clock.now() - 3_600_000)).toBeLessThan(2_000);
	});

	it('repeats what passes, and nothing else', async () => {
		const client = clientOf(salesforce);
		const query = 'GET /services/data/v66.0/query';
		salesforce.faults.next(query, { status: 503 });
		salesforce.faults.next(query, { status: 420 });
		salesforce.faults.next(query, { kind: 'reset' });
		expect(await client.query('SELECT Id FROM Lead')).toMatchObject({ kind: 'ok' });
		const before = calls();
		expect(await client.query('SELECT Id FROM Lead WHERE')).toMatchObject({ kind: 'refused' });
		expect(calls() - before).toBe(1);
	});

	it('starts no call after its deadline', async () => {
		const client = clientOf(salesforce, undefined, { deadline: salesforce.clock.now() + 500, random: () => 1 });
		salesforce.faults.next('GET /services/data/v66.0/query', { status: 503 });
		const before = calls();
		expect(await client.query('SELECT Id FROM Lead')).toMatchObject({ kind: 'retry', code: 'UNAVAILABLE' });
		expect(calls() - before).toBe(1);
	});

	it.each<[string, unknown]>([
		['no records', { totalSize: 1, done: true }],
		['a page without a next one', { totalSize: 3_000, done: false, records: [] }],
		[
			'a next page on another host',
			{ totalSize: 3, done: false, records: [], nextRecordsUrl: 'https://evil.example/' },
		],
		['a next page outside of its data', { totalSize: 3, done: false, records: [], nextRecordsUrl: '//evil.example/x' }],
		['records of another form', { totalSize: 1, done: true, records: ['x'] }],
	])('an answer of an unknown form is a failure, never an empty result: %s', async (_what, body) => {
		const http: HttpPort = { send: async () => ({ kind: 'reply', status: 200, headers: {}, body }) };
		expect(await clientOf(salesforce, http).query('SELECT Id FROM Lead')).toMatchObject({ code: 'UNEXPECTED_ANSWER' });
	});
});

describe("Salesforce's limits", () => {
	it.each<[string, object | undefined]>([
		['api-usage=18/5000', { limit: 5_000, remaining: 4_982 }],
		['api-usage=18/5000; per-app-api-usage=17/250(appName=sample)', { limit: 5_000, remaining: 4_982 }],
		['per-app-api-usage=17/250(appName=sample), api-usage=18/5000', { limit: 5_000, remaining: 4_982 }],
		['api-usage=5001/5000', { limit: 5_000, remaining: 0 }],
		['per-app-api-usage=17/250(appName=sample)', undefined],
		['something else', undefined],
	])('reads the calls of the day from %j', (header, expected) => {
		const limits = new SalesforceLimits(sandboxClock(salesforce));
		limits.learn({ 'sforce-limit-info': header });
		if (expected === undefined) expect(limits.daily).toBeUndefined();
		else expect(limits.daily).toMatchObject(expected);
	});

	it('learns the calls of the day from every answer, also with the part per app', async () => {
		const client = clientOf(salesforce);
		salesforce.settings.perAppUsage = true;
		await client.organisation();
		const first = client.limits.daily;
		expect(first).toMatchObject({ limit: salesforce.limits.max(), remaining: salesforce.limits.max() - 1 });
		await client.organisation();
		expect(client.limits.daily?.remaining).toBe((first?.remaining ?? 0) - 1);
	});

	it('waits for long calls of others to end', async () => {
		const client = clientOf(salesforce);
		salesforce.settings.longRunningRequests = 100;
		const start = salesforce.clock.now();
		expect(await client.organisation()).toMatchObject({ kind: 'retry', code: 'RATE_LIMITED' });
		expect(salesforce.clock.now() - start).toBeGreaterThanOrEqual(15_000);
		salesforce.settings.longRunningRequests = 0;
		salesforce.clock.advance(5_000);
		expect(await client.organisation()).toMatchObject({ kind: 'ok' });
	});

	it('after the limit of the day no call of this process starts for a quarter of an hour', async () => {
		const client = clientOf(salesforce);
		salesforce.settings.dailyLimit = 1;
		await client.organisation();
		expect(await client.organisation()).toMatchObject({ kind: 'retry', code: 'DAILY_LIMIT_REACHED', afterMs: 900_000 });
		const before = calls();
		expect(await client.organisation()).toMatchObject({ kind: 'retry', code: 'DAILY_LIMIT_REACHED' });
		expect(calls()).toBe(before);
		salesforce.settings.dailyLimit = null;
		salesforce.clock.advance(900_000);
		expect(await client.organisation()).toMatchObject({ kind: 'ok' });
	});

	it('four calls of a process are under way at once, not more', async () => {
		let underWay = 0;
		let most = 0;
		const http: HttpPort = {
			async send() {
				most = Math.max(most, ++underWay);
				await new Promise((resolve) => setImmediate(resolve));
				underWay -= 1;
				return { kind: 'reply', status: 200, headers: {}, body: { totalSize: 0, done: true, records: [] } };
			},
		};
		const client = clientOf(salesforce, http);
		await Promise.all(Array.from({ length: 20 }, async () => await client.query('SELECT Id FROM Lead')));
		expect(most).toBe(4);
	});

	it('are shared by account', () => {
		const clock = sandboxClock(salesforce);
		expect(sharedSalesforceLimits('one', clock)).toBe(sharedSalesforceLimits('one', clock));
		expect(sharedSalesforceLimits('one', clock)).not.toBe(sharedSalesforceLimits('two', clock));
	});
});

describe('SB-05: the check of a credential', () => {
	it('costs one call', async () => {
		const seen: HttpRequest[] = [];
		expect(await checkSalesforceAccess(sandboxHttp(salesforce, seen))).toMatchObject({ kind: 'ok' });
		expect(seen).toHaveLength(1);
	});

	it('tells that the organisation or the user has no API', async () => {
		salesforce.settings.apiEnabled = false;
		expect(await checkSalesforceAccess(sandboxHttp(salesforce))).toMatchObject({ kind: 'stop', code: 'API_DISABLED' });
		salesforce.settings.apiEnabled = true;
		const http = sandboxHttp(salesforce);
		await operate(salesforce, 'setUser', { username: salesforce.users.sync, apiEnabled: false });
		expect(await checkSalesforceAccess(http)).toMatchObject({ kind: 'stop', code: 'API_DISABLED' });
	});

	it('tells a wrong session', async () => {
		expect(await checkSalesforceAccess(sandboxHttp(salesforce, [], 'wrong'))).toMatchObject({
			kind: 'stop',
			code: 'CREDENTIAL_INVALID',
		});
	});

	it('tells a user that may read neither contacts nor leads from one that may read either', async () => {
		const notFound = { status: 404 };
		salesforce.faults.next('GET /services/data/v66.0/sobjects/Contact', notFound);
		expect(await checkSalesforceAccess(sandboxHttp(salesforce))).toMatchObject({ kind: 'ok' });
		salesforce.faults.next('GET /services/data/v66.0/sobjects/Contact', notFound);
		salesforce.faults.next('GET /services/data/v66.0/sobjects/Lead', notFound);
		expect(await checkSalesforceAccess(sandboxHttp(salesforce))).toMatchObject({
			kind: 'stop',
			code: 'PERMISSION_MISSING',
		});
	});
});

describe('the filter of a list view', () => {
	const filter = (query: string, scope?: string) => filterOf(query, scope);

	it.each<[string, string, object]>([
		['none', 'SELECT Name FROM Contact ORDER BY Name', { where: '', mine: false }],
		['one', "SELECT Name FROM Contact WHERE Name = 'x' ORDER BY Name", { where: "Name = 'x'", mine: false }],
		['no order', "SELECT Name FROM Contact WHERE Name = 'x'", { where: "Name = 'x'", mine: false }],
		['own records', 'SELECT Name FROM Contact USING SCOPE mine ORDER BY Name', { where: '', mine: true }],
		['everything', 'SELECT Name FROM Contact USING SCOPE everything WHERE A = 1', { where: 'A = 1', mine: false }],
		[
			'its words in texts',
			"SELECT Name FROM Contact WHERE Title = 'x ORDER BY y' AND City = 'it\\'s WHERE (' ORDER BY Name LIMIT 5",
			{ where: "Title = 'x ORDER BY y' AND City = 'it\\'s WHERE ('", mine: false },
		],
		[
			'its words in a sub-select',
			"SELECT Name FROM Contact WHERE Id IN (SELECT ContactId FROM CampaignMember WHERE Status = 'Sent' ORDER BY Id) ORDER BY Name",
			{ where: "Id IN (SELECT ContactId FROM CampaignMember WHERE Status = 'Sent' ORDER BY Id)", mine: false },
		],
	])('is what stands between WHERE and ORDER BY: %s', (_what, query, expected) => {
		expect(filter(query)).toEqual({ kind: 'ok', value: expected });
	});

	it.each([
		['a text that does not end', "SELECT Name FROM Contact WHERE Name = 'x ORDER BY Name"],
		['a parenthesis that closes too early', "SELECT Name FROM Contact WHERE Name = 'x') OR (Name = 'y'"],
		['a parenthesis that does not close', "SELECT Name FROM Contact WHERE (Name = 'x' ORDER BY Name"],
		['the records of a team', 'SELECT Name FROM Contact USING SCOPE team ORDER BY Name'],
	])('is refused, never read as something else: %s', (_what, query) => {
		expect(filter(query)).toMatchObject({ kind: 'stop', code: 'LIST_VIEW_NOT_READABLE' });
	});

	it('the scope may stand beside the query', () => {
		expect(filter('SELECT Name FROM Contact', 'mine')).toMatchObject({ value: { mine: true } });
		expect(filter('SELECT Name FROM Contact', 'queue')).toMatchObject({ code: 'LIST_VIEW_NOT_READABLE' });
	});
});
