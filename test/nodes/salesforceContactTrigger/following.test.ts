import { setTimeout as pause } from 'node:timers/promises';
import type { IDataObject } from 'n8n-workflow';
import { COMMON_FIELDS } from '../../../nodes/shared/records/salesforceScope';
import { convertLead } from '../../../sandbox/salesforce/records/lifecycle';
import type { Watched } from './salesforceTrigger';
import { condition, mapAfter, mockTime, picked, refusal, told, trigger, watch } from './salesforceTrigger';

describe('Salesforce Contact Trigger', () => {
	let org: Watched;

	beforeAll(mockTime);
	beforeEach(async () => void (org = await watch()));
	afterEach(async () => await org.salesforce.close());
	// A poll looks every half second whether its run has ended; with the real time back, such a look would last on.
	afterAll(async () => await pause(600));

	const names = (outcome: { emitted: { json: IDataObject }[][] }): unknown[] =>
		outcome.emitted.flat().map(({ json }) => (json.fields as IDataObject | undefined)?.LastName);

	it('SB-02 SB-07 SB-11: on activation hands on every contact in batches, and keeps its place in static data', async () => {
		const { returned, emitted, staticData } = await org.poll(trigger({ options: { batchSize: 12 } }));
		expect(returned).toBeNull();
		expect(emitted.map((items) => items.length)).toEqual([12, 12, 6]);
		// Only the last batch closes the first sync.
		expect(emitted.map(([item]) => (item?.json.delivery as IDataObject).endsFirstSync)).toEqual([
			undefined,
			undefined,
			true,
		]);
		const { organizationId } = org.salesforce.store;
		expect(emitted[0]?.[0]?.json).toMatchObject({
			key: expect.stringMatching(new RegExp(`^salesforce:${organizationId}:Contact:003\\w{15}$`)) as string,
			change: 'added',
			source: { system: 'salesforce', account: organizationId, object: 'Contact' },
			delivery: { phase: 'firstSync', sequence: 1, members: 12, expected: 30 },
		});
		expect(JSON.parse(JSON.stringify(staticData))).toMatchObject({
			'node:Salesforce': { contactSync: { version: 1, sequence: 3 } },
		});
	});

	it('SB-10: later polls hand on what is new, changed and deleted, and cost one call when there is nothing', async () => {
		const { store } = org.salesforce;
		await org.poll();
		await org.poll();
		org.salesforce.requests.clear();
		expect((await org.poll()).emitted).toEqual([]);
		expect(org.salesforce.requests.total).toBe(1);
		const [first, second] = [...store.table('Contact').all()].map((row) => row['Id'] as string);
		store.change('Contact', first ?? '', { LastName: 'Ünlü' });
		store.remove('Contact', second ?? '');
		store.insert('Contact', { LastName: 'Born', Email: 'born@example.com' });
		const changes = told(await org.poll());
		expect(changes.map(({ change }) => change).sort()).toEqual(['added', 'deleted', 'updated']);
		expect(changes).toContainEqual(
			expect.objectContaining({ change: 'updated', fields: expect.objectContaining({ LastName: 'Ünlü' }) as object }),
		);
		expect(org.salesforce.requests.entries.filter(({ method }) => method !== 'GET')).toEqual([]);
	});

	it.each(['developer', 'professional', 'enterprise', 'unlimited', 'sandbox'] as const)(
		'SB-01 lifted: the edition %s is enough, with the calls of a day it has',
		async (edition) => {
			org.salesforce.settings.edition = edition;
			expect(told(await org.poll())).toHaveLength(30);
			expect(org.salesforce.requests.statuses()).toEqual({ 200: org.salesforce.requests.total });
		},
	);

	it('SB-29: leads as well, with their own fields', async () => {
		const { store } = org.salesforce;
		const leads = trigger({ object: 'Lead' });
		const first = told(await org.poll(leads));
		expect(first).toHaveLength(20);
		expect(first[0]).toMatchObject({ key: expect.stringContaining(':Lead:00Q') as string });
		expect(Object.keys(first[0]?.fields as object)).toContain('Company');
		const lead = first[0]?.source as { id: string };
		store.change('Lead', lead.id, { Status: 'Working - Contacted' });
		expect(told(await org.poll(leads)).map(({ change }) => change)).toEqual(['updated']);
	});

	it.each([
		['remove', 'removed'],
		['keep', 'updated'],
	])(
		'SB-29: a lead that was converted, with Converted Leads = %s, is told as %s and names its contact',
		async (convertedLeads, change) => {
			const { store } = org.salesforce;
			const leads = trigger({ object: 'Lead', options: { convertedLeads } });
			const [lead] = told(await org.poll(leads));
			const { id } = lead?.source as { id: string };
			const { contactId } = convertLead(store, id);
			const convertedTo = `salesforce:${store.organizationId}:Contact:${contactId}`;
			expect(told(await org.poll(leads))).toMatchObject([{ key: lead?.key, change, convertedTo }]);
		},
	);

	it('SB-24 lifted: seven triggers share one account, contacts and leads, each with its own place', async () => {
		const scopes: IDataObject[] = [
			{},
			{ object: 'Lead' },
			{ scope: 'campaign', campaign: picked(org.salesforce.ids.campaigns.newsletter) },
			{ scope: 'listView', listView: picked(org.salesforce.ids.listViews.newsletterContacts) },
			condition('Newsletter__c', 'isTrue'),
			{ object: 'Lead', scope: 'listView', listView: picked(org.salesforce.ids.listViews.openLeads) },
			{ object: 'Lead', ...condition('Status', 'equals', 'Open - Not Contacted') },
		];
		const nodes = scopes.map((parameters, index) => trigger(parameters, `Trigger ${index + 1}`));
		const counts: number[] = [];
		for (const node of nodes) counts.push(told(await org.poll(node)).length);
		expect(counts.slice(0, 2)).toEqual([30, 20]);
		expect(counts.every((count) => count > 0)).toBe(true);
		expect(counts[3]).toBeLessThanOrEqual(counts[4] ?? 0);
		for (const node of nodes) expect(told(await org.poll(node))).toEqual([]);
		org.salesforce.store.insert('Contact', { LastName: 'Both', Newsletter__c: true, Email: 'both@example.com' });
		const after: number[] = [];
		for (const node of nodes) after.push(told(await org.poll(node)).length);
		expect(after).toEqual([1, 0, 0, 1, 1, 0, 0]);
	});

	it('a run that failed is delivered again by the next poll', async () => {
		const first = await org.poll(trigger(), { onEmit: () => 'error' });
		const second = await org.poll(trigger());
		expect(told(second).map(({ key }) => key)).toEqual(told(first).map(({ key }) => key));
	});

	it('SB-12: a draft that was saved and is switched on later begins with its first poll', async () => {
		org.salesforce.store.insert('Contact', { LastName: 'While-Draft' });
		expect(names(await org.poll())).toContain('While-Draft');
	});

	it('a session that ends in the middle of a first sync is renewed, and nobody is lost or told twice', async () => {
		org.salesforce.settings.maxPageSize = 10;
		org.salesforce.sessions.expireAfterCalls = 4;
		const keys = told(await org.poll(trigger({ options: { batchSize: 10 } }))).map(({ key }) => key);
		expect(keys).toHaveLength(30);
		expect(new Set(keys).size).toBe(30);
		expect(org.salesforce.requests.count(({ path }) => path === '/services/oauth2/token')).toBe(2);
	});

	it('an organisation that answers from a foreign host without https is not called', async () => {
		const foreign = { access_token: 'x', instance_url: 'http://elsewhere.example' };
		org.salesforce.faults.next('POST /services/oauth2/token', { status: 200, body: foreign, times: 0 });
		const { message } = await refusal(org.poll());
		expect(message).toMatch(/instance URL that Salesforce gave must begin with https/);
		expect(JSON.stringify(org.staticData)).not.toContain('contactSync');
	});

	it('SB-05: an organisation without API access, a wrong secret and a user without contacts are told apart', async () => {
		org.salesforce.settings.apiEnabled = false;
		const { message: disabled } = await refusal(org.poll());
		expect(disabled).toMatch(/API/);
		org.salesforce.settings.apiEnabled = true;
		Object.assign(org.credential, { consumerSecret: 'wrong', accessToken: '' });
		const { message: wrong } = await refusal(org.poll());
		expect(wrong).toMatch(/'Consumer Secret' is wrong/);
		expect(wrong).not.toBe(disabled);
		Object.assign(org.credential, { consumerSecret: org.salesforce.app.consumerSecret });
		expect(told(await org.poll())).toHaveLength(30);
	});

	it("pauses without failed executions while the day's calls have come to the reserve", async () => {
		await org.poll();
		org.salesforce.settings.dailyLimit = 100;
		org.salesforce.limits.otherUse = 92;
		await org.poll();
		org.salesforce.requests.clear();
		expect((await org.poll()).returned).toBeNull();
		expect(org.salesforce.requests.total).toBe(0);
	});

	describe('fields to read', () => {
		const fieldsOf = (changes: IDataObject[]): string[] => Object.keys((changes[0]?.fields ?? {}) as object).sort();

		it('automatic: what Map Contact Fields uses, also of related records and inside expressions', async () => {
			const map = mapAfter({
				EMAIL: 'Email',
				COMPANY: 'Account.Name',
				FULLNAME: "={{ $json.fields.FirstName + $json.fields['Account.Website'] }}",
			});
			const changes = told(await org.poll(trigger(), { downstream: [map] }));
			expect(fieldsOf(changes)).toEqual(['Account.Name', 'Account.Website', 'Email', 'FirstName']);
			expect(changes.some(({ fields }) => (fields as IDataObject)['Account.Name'] !== null)).toBe(true);
		});

		it('the common ones when nothing is mapped, and those picked when they are', async () => {
			expect(fieldsOf(told(await org.poll()))).toEqual([...COMMON_FIELDS.Contact].sort());
			const reads = trigger({ fieldSelection: 'selected', fields: ['Email', 'Newsletter__c'] }, 'Other');
			expect(fieldsOf(told(await org.poll(reads)))).toEqual(['Email', 'Newsletter__c']);
		});

		it('a common field that the user may not see is nobody’s fault; a mapped one is named', async () => {
			await org.salesforce.close();
			org = await watch({ hiddenFields: ['Contact.Title'] });
			expect(fieldsOf(told(await org.poll()))).not.toContain('Title');
			const { message } = await refusal(org.poll(trigger({}, 'Mapped'), { downstream: [mapAfter({ A: 'Title' })] }));
			expect(message).toMatch(/shows no Contact field 'Title'.*Map Contact Fields uses/);
		});

		it('a mapping of another system after the trigger is named; one of the other object is asked for what both have', async () => {
			const { message } = await refusal(org.poll(trigger(), { downstream: [mapAfter({}, { source: 'hubSpot' })] }));
			expect(message).toMatch(/'Map' after this node maps fields of another system.*'Source'/);
			const lead = mapAfter({ EMAIL: 'Email', COMPANY: 'Company' }, { salesforceObject: 'Lead' });
			expect(fieldsOf(told(await org.poll(trigger(), { downstream: [lead] })))).toEqual(['Email']);
		});
	});
});
