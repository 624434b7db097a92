import { AWKWARD, AWKWARD_CONTACTS, startSalesforce, type RunningSalesforce } from '../../../sandbox/salesforce';
import { callsTo, record, type Body, type Calls } from './salesforceCalls';

let salesforce: RunningSalesforce;
let call: Calls;
beforeAll(async () => {
	salesforce = await startSalesforce({ contacts: 60, leads: 30, settings: { sessionMs: 10 * 86_400_000 } });
	call = callsTo(salesforce);
});
afterAll(() => salesforce.close());
beforeEach(() => salesforce.reset());

const fieldsOf = async (object: string): Promise<Map<string, Body>> => {
	const { body } = await call('GET', `/sobjects/${object}/describe`);
	return new Map(body.fields.map((field) => [field.name as string, field] as const));
};

it('tells its name, time zone and kind', async () => {
	const { body } = await call.query('SELECT Id, Name, TimeZoneSidKey, IsSandbox FROM Organization');
	expect(body.records).toEqual([
		expect.objectContaining({ Name: 'Sandbox Org', TimeZoneSidKey: 'Europe/Paris', IsSandbox: false }),
	]);
});

describe('describe', () => {
	it('tells types, lengths, rights, options, formulas, compounds and keys', async () => {
		const fields = await fieldsOf('Contact');
		expect(fields.get('LastName')).toMatchObject({ type: 'string', length: 80, byteLength: 240, nillable: false, createable: true, compoundFieldName: 'Name' }); // prettier-ignore
		expect(fields.get('Email')).toMatchObject({
			type: 'email',
			length: 80,
			idLookup: true,
			externalId: false,
			unique: false,
		});
		expect(fields.get('Name')).toMatchObject({ length: 121, createable: false, updateable: false, calculated: false });
		expect(fields.get('Days_Since_Visit__c')).toMatchObject({ calculated: true, calculatedFormula: expect.any(String) as string, createable: false }); // prettier-ignore
		expect(fields.get('MailingAddress')).toMatchObject({ type: 'address', filterable: false, createable: false });
		expect(fields.get('MailingStreet')).toMatchObject({
			type: 'textarea',
			length: 255,
			compoundFieldName: 'MailingAddress',
		});
		expect(fields.get('Customer_Tier__c')).toMatchObject({ type: 'picklist', restrictedPicklist: true });
		expect(fields.get('Customer_Tier__c')?.picklistValues).toContainEqual({ active: true, defaultValue: false, label: 'Gold', validFor: null, value: 'Gold' }); // prettier-ignore
		expect(fields.get('Interests__c')).toMatchObject({ type: 'multipicklist', sortable: false });
		expect(fields.get('HubSpot_Id__c')).toMatchObject({ externalId: true, unique: true, idLookup: true, custom: true });
		expect(fields.get('Description')).toMatchObject({ filterable: false, length: 32_000 });
		expect(fields.get('Newsletter__c')).toMatchObject({ type: 'boolean', nillable: false, defaultedOnCreate: true });
		expect(fields.get('Credit_Limit__c')).toMatchObject({ type: 'currency', precision: 16, scale: 2 });
		expect(fields.get('AccountId')).toMatchObject({
			type: 'reference',
			referenceTo: ['Account'],
			relationshipName: 'Account',
		});
		const lead = await fieldsOf('Lead');
		expect([...lead.values()].filter(({ createable, nillable, defaultedOnCreate }) => createable === true && nillable === false && defaultedOnCreate === false).map(({ name }) => name as string).sort()).toEqual(['Company', 'LastName']); // prettier-ignore
		expect(lead.get('EmailBouncedDate')).toMatchObject({ createable: false, updateable: true });
	});

	it('leaves out what the user may not see, and answers 304 until something changes', async () => {
		const first = await call('GET', '/sobjects/Contact/describe');
		const since = { 'if-modified-since': first.headers.get('last-modified') ?? '' };
		const again = await call('GET', '/sobjects/Contact/describe', undefined, since);
		expect([again.status, again.body]).toEqual([304, undefined]);
		await call.operate('setAccess', { object: 'Contact', field: 'HasOptedOutOfEmail', access: 'hidden' });
		await call.operate('setField', { object: 'Contact', name: 'Shoe_Size__c', type: 'double' });
		const changed = await call('GET', '/sobjects/Contact/describe', undefined, since);
		const names = changed.body.fields.map(({ name }: Body) => name as string);
		expect(changed.status).toBe(200);
		expect(names).not.toContain('HasOptedOutOfEmail');
		expect(names).toContain('Shoe_Size__c');
		salesforce.clock.advance(2_000);
		salesforce.settings.stateAndCountryPicklists = true;
		const withPlaces = await call('GET', '/sobjects/Lead/describe', undefined, since);
		expect(withPlaces.body.fields.map(({ name }: Body) => name as string)).toContain('CountryCode');
		await call.operate('deleteField', { object: 'Contact', name: 'Shoe_Size__c' });
		expect((await fieldsOf('Contact')).has('Shoe_Size__c')).toBe(false);
	});
});

describe('limits', () => {
	it('are told on every answer, shared with others, and roll on after 24 hours', async () => {
		salesforce.settings.edition = 'developer';
		await call.operate('setOtherUse', { calls: 14_998 });
		const header = async () => (await call('GET', '/sobjects/Contact')).headers.get('sforce-limit-info');
		expect(await header()).toBe('api-usage=14999/15000');
		salesforce.settings.perAppUsage = true;
		expect(await header()).toBe('api-usage=15000/15000; per-app-api-usage=2/15000(appName=Contact sync)');
		const refused = await call('GET', '/sobjects/Contact');
		expect(refused).toMatchObject({
			status: 403,
			body: [{ errorCode: 'REQUEST_LIMIT_EXCEEDED', message: 'TotalRequests Limit exceeded.' }],
		});
		expect(refused.headers.get('retry-after')).toBeNull();
		salesforce.clock.advance(24 * 3_600_000 + 60_000);
		await call.operate('setOtherUse', { calls: 0 });
		expect((await call('GET', '/limits')).body.DailyApiRequests).toEqual({ Max: 15_000, Remaining: 14_999 });
	});

	it('long requests of others refuse everybody for a while, in the same code', async () => {
		salesforce.settings.longRunningRequests = 25;
		expect((await call('GET', '/limits')).body[0]).toEqual({ errorCode: 'REQUEST_LIMIT_EXCEEDED', message: 'ConcurrentRequests (Concurrent API Requests) Limit exceeded.' }); // prettier-ignore
		salesforce.settings.longRunningRequests = 24;
		expect((await call('GET', '/limits')).status).toBe(200);
	});

	it('need a permission to be read, and cost nothing where the settings say so', async () => {
		salesforce.settings.userMayViewSetup = false;
		expect((await call('GET', '/limits')).status).toBe(403);
		salesforce.settings.userMayViewSetup = true;
		Object.assign(salesforce.settings, { limitsCounts: false, notModifiedCounts: false });
		const used = salesforce.limits.used();
		await call('GET', '/limits');
		await call('GET', '/sobjects/Contact/describe', undefined, { 'if-modified-since': new Date().toUTCString() });
		expect(salesforce.limits.used()).toBe(used);
	});
});

describe('list views', () => {
	const path = '/sobjects/Contact/listviews';

	it('are listed, described with their query, and read 25 at a time', async () => {
		const { body } = await call('GET', path);
		expect(body.listviews.map(({ label }: Body) => label as string)).toEqual(['Newsletter contacts', 'My contacts', 'Recently Viewed Contacts']); // prettier-ignore
		const { newsletterContacts, recentContacts } = salesforce.ids.listViews;
		const described = await call('GET', `${path}/${newsletterContacts}/describe`);
		expect(described.body.query).toMatch(
			/^SELECT Name, Account\.Name, Email, .* FROM Contact WHERE Newsletter__c = true AND Email != '' ORDER BY Name ASC/,
		);
		const { body: all } = await call.query(described.body.query as string);
		const page = await call('GET', `${path}/${newsletterContacts}/results?limit=10&offset=10`);
		const ids = page.body.records.map(
			({ columns }: Body) => columns.find((one: Body) => one.fieldNameOrPath === 'Id')?.value as string,
		);
		expect(ids).toEqual(all.records.slice(10, 20).map(({ Id }: Body) => Id as string));
		salesforce.settings.listViewOffset = 'fromOne';
		const shifted = await call('GET', `${path}/${newsletterContacts}/results?limit=10&offset=11`);
		expect(shifted.body.records).toEqual(page.body.records);
		expect((await call('GET', `${path}/${newsletterContacts}/results?limit=2001`)).status).toBe(400);
		expect((await call('GET', `${path}/${recentContacts}/describe`)).status).toBe(400);
		expect((await call('GET', `${path}/${salesforce.ids.listViews.openLeads}`)).status).toBe(404);
	});

	it('may show my records only, and change without touching any record', async () => {
		const { myContacts } = salesforce.ids.listViews;
		const { query } = (await call('GET', `${path}/${myContacts}/describe`)).body;
		expect(query).toContain('USING SCOPE mine');
		const mine = (await call.query(query as string)).body.totalSize as number;
		expect(mine).toBe(
			(await call.query(`SELECT COUNT() FROM Contact WHERE OwnerId = '${salesforce.ids.users.sync}'`)).body.totalSize,
		);
		await call.operate('editListView', { id: myContacts, where: "LastName LIKE 'M%'" });
		const edited = (await call('GET', `${path}/${myContacts}/describe`)).body.query as string;
		expect((await call.query(edited)).body.totalSize).toBeLessThan(mine);
		await expect(
			call.operate('createListView', { object: 'Contact', label: 'Bad', where: 'Nope = 1' }),
		).rejects.toThrow('No such column');
		await call.operate('deleteListView', { id: myContacts });
		expect((await call('GET', `${path}/${myContacts}`)).status).toBe(404);
	});
});

describe('the organisation', () => {
	it('is the same for the same seed, also after a reset, with every awkward person in it', async () => {
		const dump = () => JSON.stringify([...salesforce.store.table('Contact').rows.values(), ...salesforce.store.table('Lead').rows.values()].map(({ $deletedAt: _at, SystemModstamp: _s, LastModifiedDate: _l, ConvertedDate: _c, CreatedDate: _d, ...row }) => row)); // prettier-ignore
		const before = dump();
		await call.operate('bulkChange', {
			object: 'Contact',
			ids: [salesforce.ids.contactWithCase],
			values: { Title: 'x' },
		});
		expect(dump()).not.toBe(before);
		salesforce.reset();
		expect(dump()).toBe(before);
		expect(AWKWARD.length + AWKWARD_CONTACTS.length).toBeLessThanOrEqual(60 - 20);
		const odd = await call.query(
			"SELECT LastName FROM Contact WHERE LastName LIKE '100\\%\\_%' OR LastName = 'O\\'Brien\\\\O\\'Neil'",
		);
		expect(odd.body.totalSize).toBe(2);
	});

	it('does what operations say: memberships, merges, cases, bulk changes of one stamp', async () => {
		const { body } = await call.query("SELECT Id FROM Contact WHERE Email LIKE '%@%' ORDER BY Id LIMIT 4");
		const [master, loser, third, fourth] = body.records.map(({ Id }: Body) => Id as string) as [
			string,
			string,
			string,
			string,
		];
		const { fair } = salesforce.ids.campaigns;
		const isMember = async (id: string) => ((await call.query(`SELECT COUNT() FROM CampaignMember WHERE CampaignId = '${fair}' AND ContactId = '${id}'`)).body.totalSize as number) === 1; // prettier-ignore
		await call.operate('addToCampaign', { campaign: fair, object: 'Contact', ids: [loser] });
		await call.operate('removeFromCampaign', { campaign: fair, object: 'Contact', ids: [master] });
		await call.operate('merge', { object: 'Contact', masterId: master, loserIds: [loser] });
		expect(await isMember(master)).toBe(true);
		const merged = await call.queryAll(`SELECT IsDeleted, MasterRecordId FROM Contact WHERE Id = '${loser}'`);
		expect(merged.body.records[0]).toMatchObject({ IsDeleted: true, MasterRecordId: master });
		await call.operate('openCase', { contactId: third });
		expect((await call('DELETE', `/sobjects/Contact/${third}`)).body[0].errorCode).toBe('DELETE_FAILED');
		await call.operate('bulkChange', { object: 'Contact', ids: [third, fourth], values: { Title: 'Bulk' } });
		const stamps = (await call.query("SELECT SystemModstamp FROM Contact WHERE Title = 'Bulk'")).body.records.map((row: Body) => row.SystemModstamp as string); // prettier-ignore
		expect(new Set(stamps).size).toBe(1);
		expect(stamps).toHaveLength(2);
		await expect(call.operate('nothing')).rejects.toThrow('op must be one of');
		await expect(call.operate('addRecord', { object: 'Contact', values: { Nope: 1 } })).rejects.toThrow(
			'No field Nope',
		);
	});

	it('answers faults in its own form, 404 and 405 below the API, 415 without JSON', async () => {
		salesforce.faults.next('GET /services/data/v66.0/query', { status: 503 });
		expect((await call.query('SELECT Id FROM Contact')).body[0].errorCode).toBe('SERVER_UNAVAILABLE');
		salesforce.faults.next('GET /services/data/v66.0/query', { status: 420 });
		expect((await call.query('SELECT Id FROM Contact')).body).toBeUndefined();
		expect((await call('GET', '/nothing')).body[0].errorCode).toBe('NOT_FOUND');
		expect((await call('GET', '/services/data/v99.0/limits')).status).toBe(404);
		expect((await call('PUT', '/sobjects/Contact', {})).status).toBe(405);
		expect(
			(await call('POST', '/sobjects/Contact', 'LastName=x', { 'content-type': 'application/x-www-form-urlencoded' }))
				.status,
		).toBe(415);
		salesforce.login.faults.next('POST /services/oauth2/token', { status: 500 });
		expect((await fetch(`${salesforce.loginUrl}/services/oauth2/token`, { method: 'POST' })).status).toBe(500);
	});

	it('shows itself to the page and to whoever checks a sync', async () => {
		salesforce.clock.advance(2_000);
		await call('POST', '/composite/sobjects', { records: [record('Lead', { LastName: 'Newest', Company: 'C' })] });
		const view = (await (await fetch(`${salesforce.url}/_sandbox/view?object=Lead&limit=1`)).json()) as Body;
		expect(view).toMatchObject({ system: 'Salesforce', contacts: [{ lastname: 'Newest' }] });
		const dump = (await (await fetch(`${salesforce.url}/_sandbox/export?object=Contact`)).json()) as Body;
		expect(dump.records.length).toBeGreaterThanOrEqual(60);
	});
});
