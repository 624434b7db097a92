import { setTimeout as pause } from 'node:timers/promises';
import type { IDataObject, INodeListSearchResult, INodePropertyOptions } from 'n8n-workflow';
import type { Watched } from './salesforceTrigger';
import { condition, mockTime, picked, refusal, told, trigger, watch } from './salesforceTrigger';

beforeAll(mockTime);
afterAll(async () => await pause(600));

describe('the settings of the Salesforce Contact Trigger', () => {
	let org: Watched;

	beforeEach(async () => void (org = await watch()));
	afterEach(async () => await org.salesforce.close());

	const cases: [string, (org: Watched) => IDataObject, RegExp][] = [
		['SB-07: consent not confirmed', () => ({ consentConfirmed: false }), /'Confirm Consent' is off.*Tick/],
		['no list view', () => ({ scope: 'listView' }), /No list view is selected in 'List View'/],
		[
			'a list view that is none',
			() => ({ scope: 'listView', listView: picked("x' OR 1=1", 'id') }),
			/'List View' must be the ID/,
		],
		['a list view that is gone', () => ({ scope: 'listView', listView: picked('00B000000000AAAAAA') }), /no list view/],
		[
			'a list view without a query',
			({ salesforce }) => ({ scope: 'listView', listView: picked(salesforce.ids.listViews.recentContacts) }),
			/list view/i,
		],
		['no campaign', () => ({ scope: 'campaign' }), /No campaign is selected in 'Campaign'/],
		['a campaign that is gone', (org) => ({ scope: 'campaign', campaign: picked(goneCampaign(org)) }), /no campaign/],
		['no condition', () => ({ scope: 'conditions' }), /No condition is set/],
		[
			'a condition on a field that is gone',
			() => condition('Gone__c', 'equals', 'x'),
			/Condition 1 \(field 'Gone__c'\)/,
		],
		[
			'a condition that does not fit its field',
			() => condition('Birthdate', 'equals', 'soon'),
			/Condition 1 \(field 'Birthdate'\)/,
		],
		[
			'a picked field that is gone',
			() => ({ fieldSelection: 'selected', fields: ['Email', 'Gone__c'] }),
			/'Gone__c'.*'Field Names or IDs'/,
		],
		['nothing picked', () => ({ fieldSelection: 'selected', fields: [] }), /'Field Names or IDs' is empty/],
		['a batch size of 0', () => ({ options: { batchSize: 0 } }), /'Batch Size'/],
		['a batch size of true', () => ({ options: { batchSize: true } }), /'Batch Size'/],
		['a batch size that is none to people', () => ({ options: { batchSize: '0x10' } }), /'Batch Size'/],
		// Which JavaScript takes for 0: changes that Salesforce shows late would be lost, and no calls left to others.
		['a lookback of blanks', () => ({ options: { lookbackMinutes: ' ' } }), /'Lookback'/],
		['a lookback of nothing', () => ({ options: { lookbackMinutes: null } }), /'Lookback'/],
		['a reserve of nothing', () => ({ options: { dailyReserve: '' } }), /'Daily Call Reserve'/],
		['a reserve of false', () => ({ options: { dailyReserve: false } }), /'Daily Call Reserve'/],
		['a switch that is neither on nor off', () => ({ options: { syncAgain: 'perhaps' } }), /'Sync Everybody Again'/],
		['a lookback of two days', () => ({ options: { lookbackMinutes: 2_880 } }), /'Lookback'/],
		['a disappearance of nothing', () => ({ options: { largestDisappearance: 0 } }), /'Largest Disappearance'/],
		[
			'a condition on an option that does not exist (#12)',
			() => condition('LeadSource', 'equals', 'Webb'),
			/Condition 1 \(field 'LeadSource'\) is on a value that does not exist: 'Lead Source' has no option 'Webb'\. Its options: Web, Phone Inquiry, /,
		],
		['an operator that is none', () => condition('LastName', 'OR Id !=', 'x'), /Condition 1 \(field 'LastName'\)/],
		['a reserve of everything', () => ({ options: { dailyReserve: 100 } }), /'Daily Call Reserve'/],
	];

	function goneCampaign({ salesforce: { store } }: Watched): string {
		const id = store.insert('Campaign', { Name: 'Gone' })['Id'] as string;
		store.remove('Campaign', id);
		return id;
	}

	it.each(cases)(
		'%s refuses the activation and says what to do; corrected, everybody comes',
		async (_name, of, says) => {
			const { message } = await refusal(org.poll(trigger(of(org))));
			expect(message).toMatch(says);
			expect(message).toMatch(/\.$/);
			expect(JSON.stringify(org.staticData)).not.toContain('contactSync');
			expect(told(await org.poll())).toHaveLength(30);
		},
	);

	it('a campaign deleted after the first sync is named by each poll, and nobody is told to have left', async () => {
		const inCampaign = trigger({ scope: 'campaign', campaign: picked(org.salesforce.ids.campaigns.newsletter) });
		const [member] = told(await org.poll(inCampaign));
		org.salesforce.store.remove('Campaign', org.salesforce.ids.campaigns.newsletter);
		org.salesforce.store.change('Contact', (member?.source as { id: string }).id, { LastName: 'Changed' });
		const failures: string[] = [];
		const changes: IDataObject[] = [];
		for (let round = 0; round < 4; round++) {
			const outcome = await org.poll(inCampaign).catch((error: Error) => void failures.push(error.message));
			if (outcome) changes.push(...told(outcome));
		}
		expect(changes).toEqual([]);
		expect(failures.join()).toMatch(/no campaign/);
	});

	it('an ID of 15 characters is the same campaign as that of 18: nothing begins anew', async () => {
		const { newsletter } = org.salesforce.ids.campaigns;
		expect(told(await org.poll(trigger({ scope: 'campaign', campaign: picked(newsletter.slice(0, 15), 'id') }))).length).toBeGreaterThan(0); // prettier-ignore
		expect(told(await org.poll(trigger({ scope: 'campaign', campaign: picked(newsletter) })))).toEqual([]);
	});

	it('a value that only records hold, and no option, is followed; the last record that gives it up leaves (#12)', async () => {
		const found = org.salesforce.store.insert('Contact', { LastName: 'Fair', LeadSource: 'Fair 2019' });
		const fair = trigger(condition('LeadSource', 'isAnyOf', 'Fair 2019; Web'));
		const only = trigger(condition('LeadSource', 'equals', 'fair 2019'));
		expect(told(await org.poll(fair)).length).toBeGreaterThan(1);
		expect(told(await org.poll(only)).map(({ source }) => (source as { id: string }).id)).toEqual([found['Id']]);
		org.salesforce.store.change('Contact', found['Id'] as string, { LeadSource: 'Web' });
		expect(told(await org.poll(only))).toMatchObject([{ change: 'removed', source: { id: found['Id'] } }]);
	});

	it('conditions follow who meets them: who stops is told as having left', async () => {
		const tiers = trigger({ ...condition('Customer_Tier__c', 'isNotEmpty'), combine: 'any' });
		const all = told(await org.poll(tiers));
		expect(all.length).toBeGreaterThan(3);
		const { id } = all[0]?.source as { id: string };
		org.salesforce.store.change('Contact', id, { Customer_Tier__c: null });
		expect(told(await org.poll(tiers))).toMatchObject([{ change: 'removed', source: { id } }]);
	});

	describe('whatever is typed stays a value', () => {
		const attempts = [
			"x' OR Id != ''",
			"\\' OR Name LIKE '%",
			"') OR (Id != null",
			"x'; DELETE Contact",
			'%',
			"O'Brien",
			'{{ $json }}',
			'"x" OR 1=1',
		];

		it.each(attempts)('in a condition: %s', async (value) => {
			expect((await org.poll(trigger(condition('LastName', 'equals', value)))).emitted).toEqual([]);
			const found = org.salesforce.store.insert('Contact', { LastName: value });
			const told1 = told(await org.poll(trigger(condition('LastName', 'equals', value))));
			expect(told1.map(({ source }) => (source as { id: string }).id)).toEqual([found['Id']]);
		});

		it.each(attempts)('in a search for a campaign: %s', async (name) => {
			const search = async () =>
				(await org.ask('listSearch', 'searchCampaigns', trigger(), name)) as INodeListSearchResult;
			expect((await search()).results).toEqual([]);
			const { Id: id } = org.salesforce.store.insert('Campaign', { Name: `My ${name} fair`, IsActive: true });
			expect((await search()).results).toEqual([{ name: `My ${name} fair`, value: id }]);
		});

		it('in the name of a field, picked or of a condition: refused before anything is sent with it', async () => {
			const sneaky = 'Email FROM User WHERE Id != null --';
			expect((await refusal(org.poll(trigger(condition(sneaky, 'isNotEmpty'))))).message).toMatch(/Condition 1 asks/);
			const reads = trigger({ fieldSelection: 'selected', fields: ['Email', sneaky, "Account.Name'"] });
			expect(Object.keys(told(await org.poll(reads))[0]?.fields as object)).toEqual(['Email']);
			expect(
				org.salesforce.requests.entries.filter(({ path, query }) => `${path} ${String(query)}`.includes('User')),
			).toEqual([]);
		});
	});
});

describe('the Salesforce Contact Trigger in the editor', () => {
	let org: Watched;

	beforeAll(async () => void (org = await watch()));
	afterAll(async () => await org.salesforce.close());
	const values = (found: unknown): string[] => (found as { value: string }[]).map(({ value }) => value);

	it('shows a handful of the newest contacts and keeps no state', async () => {
		const { returned } = await org.poll(trigger(), { mode: 'manual' });
		expect(returned?.[0]).toHaveLength(10);
		expect(returned?.[0]?.[0]?.json).toMatchObject({ change: 'added', source: { object: 'Contact' } });
		expect(org.staticData).toEqual({});
	});

	it('says what to do when nobody is followed, and which field is wrong', async () => {
		const nobody = await refusal(org.poll(trigger(condition('LastName', 'equals', 'Nobody')), { mode: 'manual' }));
		expect(nobody.message).toMatch(/No record meets 'Which Records' yet/);
		const gone = trigger({ fieldSelection: 'selected', fields: ['Gone__c'] });
		expect((await refusal(org.poll(gone, { mode: 'manual' }))).message).toContain("'Gone__c'");
	});

	it('offers the list views of the object by name, without those that have no query', async () => {
		const search = async (object: string, filter?: string) =>
			(await org.ask('listSearch', 'searchListViews', trigger({ object }), filter)) as INodeListSearchResult;
		expect((await search('Contact')).results.map(({ name }) => name)).toEqual(['My contacts', 'Newsletter contacts']);
		expect((await search('Lead', " o'hara")).results.map(({ name }) => name)).toEqual(["O'Hara's open leads"]);
	});

	it('offers campaigns, searched by Salesforce, and tells which are not active', async () => {
		const { Id: id } = org.salesforce.store.insert('Campaign', { Name: 'Old fair', IsActive: false });
		const found = (await org.ask('listSearch', 'searchCampaigns', trigger(), 'fair')) as INodeListSearchResult;
		expect(found.results).toEqual([
			{ name: 'Trade fair Lyon 2025', value: org.salesforce.ids.campaigns.fair },
			{ name: 'Old fair (not active)', value: id },
		]);
	});

	it('SB-20: offers fields by label, with related ones and without formulas', async () => {
		const found = (await org.ask('loadOptions', 'getReadableFields')) as INodePropertyOptions[];
		expect(found).toContainEqual({ name: 'Account Name', value: 'Account.Name', description: 'Account.Name' });
		expect(values(found)).toEqual(expect.arrayContaining(['Email', 'MailingCity', 'Customer_Tier__c']));
		for (const formula of ['Account_Rating__c', 'Days_Since_Visit__c', 'SystemModstamp', 'Id'])
			expect(values(found)).not.toContain(formula);
	});

	it('offers the fields Salesforce can filter by, with their type', async () => {
		const found = (await org.ask('loadOptions', 'getConditionFields')) as INodePropertyOptions[];
		expect(found).toContainEqual({ name: 'Birthdate', value: 'Birthdate', description: 'Birthdate, date' });
		// In the words in which the operators say which fields they are for.
		expect(found).toContainEqual({ name: 'Account Name', value: 'Account.Name', description: 'Account.Name, text' });
		expect(values(found)).not.toContain('Description');
		const leads = await org.ask('loadOptions', 'getConditionFields', trigger({ object: 'Lead' }));
		expect(values(leads)).toContain('Company');
	});
});
