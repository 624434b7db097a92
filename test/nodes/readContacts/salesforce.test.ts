import type { IDataObject } from 'n8n-workflow';
import type { RunningSalesforce } from '../../../sandbox/salesforce';
import { startSalesforce } from '../../../sandbox/salesforce';
import { convertLead, merge } from '../../../sandbox/salesforce/records/lifecycle';
import { codesOf, idsOf, picked, run, salesforceCredential } from './readRun';

const ALL = { source: 'salesforce', scope: 'all', returnAll: true };
const NAMED = { source: 'salesforce', scope: 'named' };
const LEADS = { ...NAMED, object: 'Lead' };

describe('Read Contacts from Salesforce', () => {
	let salesforce: RunningSalesforce;

	beforeEach(async () => void (salesforce = await startSalesforce({ contacts: 120, leads: 30, awkward: false })));
	// Read only, whatever was asked.
	afterEach(async () => {
		const writes = salesforce.requests.entries.filter(
			({ method, path }) => method !== 'GET' && !/\/(composite|token)(\?|$)/.test(path),
		);
		expect(writes).toEqual([]);
		await salesforce.close();
	});

	const read = async (parameters: IDataObject, input?: readonly IDataObject[]) =>
		await run(salesforceCredential(salesforce), parameters, input ? { input } : {});
	const rows = (object: 'Contact' | 'Lead' = 'Contact'): IDataObject[] =>
		[...salesforce.store.table(object).all()].filter((row) => row['IsDeleted'] !== true);
	const ids = (object: 'Contact' | 'Lead' = 'Contact'): string[] => rows(object).map(({ Id: id }) => id as string);
	const add = (values: IDataObject, object: 'Contact' | 'Lead' = 'Contact'): string =>
		String(salesforce.store.insert(object, { LastName: 'New', ...values })['Id']);
	const keyOf = (id: string, object = 'Contact'): string =>
		`salesforce:${salesforce.store.organizationId}:${object}:${id}`;
	const changesOf = (result: Awaited<ReturnType<typeof read>>) =>
		result.json('Read').map(({ change, source }) => [(source as IDataObject).id, change]);

	describe('records of a scope', () => {
		it('IS-07: reads all of them in the order of their IDs, as contact items of the phase resync', async () => {
			const result = await read(ALL, [{}, {}]);
			expect(result.error).toBeUndefined();
			expect(idsOf(result)).toEqual(ids().sort());
			expect(result.json('Read')[0]).toMatchObject({
				change: 'updated',
				source: { system: 'salesforce', object: 'Contact' },
				optedOut: expect.any(Boolean) as boolean,
				delivery: { phase: 'resync', sequence: 0 },
			});
			expect(result.hints).toEqual(['120 contacts read']);
			// The organisation, the fields, what was converted and merged lately, the contacts.
			expect(salesforce.requests.total).toBeLessThanOrEqual(6);
		});

		it('promise 1: each names the records that were merged into it lately', async () => {
			const [winner = '', loser = ''] = ids();
			merge(salesforce.store, 'Contact', winner, [loser], {});
			const read = (await run(salesforceCredential(salesforce), ALL)).json('Read');
			expect(read.flatMap(({ key, mergedFrom }) => (mergedFrom ? [[key, mergedFrom]] : []))).toEqual([
				[keyOf(winner), [keyOf(loser)]],
			]);
		});

		it('portions with Limit and Continue After add up to all', async () => {
			const seen: string[] = [];
			for (let portion = 0; portion < 3; portion++) {
				const options = { continueAfter: seen.at(-1) ?? '' };
				const result = await read({ ...ALL, returnAll: false, limit: 50, options });
				expect(result.hints[0]?.includes('there are more')).toBe(portion < 2);
				seen.push(...idsOf(result));
			}
			expect(seen).toEqual(ids().sort());
		});

		it('more than a page are read page by page', async () => {
			const big = await startSalesforce({ contacts: 4_100, leads: 0, awkward: false });
			const result = await run(salesforceCredential(big), ALL);
			expect(new Set(idsOf(result)).size).toBe(4_100);
			expect(big.requests.total).toBeLessThanOrEqual(8);
			await big.close();
		});

		it('a list view, a campaign, conditions', async () => {
			const { listViews, campaigns } = salesforce.ids;
			const view = await read({ ...ALL, scope: 'listView', listView: picked(listViews.newsletterContacts) });
			const inView = rows().filter(({ Newsletter__c: newsletter }) => newsletter === true).length; // prettier-ignore
			expect(view.error).toBeUndefined();
			expect(view.items('Read')).toHaveLength(inView);
			expect(view.json('Read')[0]?.source).toMatchObject({ list: listViews.newsletterContacts });
			const campaign = await read({ ...ALL, scope: 'campaign', campaign: picked(campaigns.newsletter) });
			expect(campaign.error).toBeUndefined();
			expect(campaign.items('Read').length).toBeGreaterThan(0);
			expect(campaign.items('Read').length).toBeLessThan(120);
			const one = add({ LastName: 'Only', Title: 'Unique' });
			const conditions = { row: [{ field: 'Title', operator: 'equals', value: 'Unique' }] };
			expect(idsOf(await read({ ...ALL, scope: 'conditions', conditions }))).toEqual([one]);
		});

		it('with Only Changed Since, in one query', async () => {
			salesforce.clock.advance(3_600_000);
			const changedSince = new Date(salesforce.clock.now() - 5_000).toISOString();
			const [first = ''] = ids();
			salesforce.store.change('Contact', first, { LastName: 'Ünlü' });
			expect(idsOf(await read({ ...ALL, options: { changedSince } }))).toEqual([first]);
		});

		it('a campaign that is gone is named', async () => {
			const { error } = await read({ ...ALL, scope: 'campaign', campaign: picked('701000000000000AAA') });
			expect(error?.message).toContain('no campaign');
		});
	});

	describe('named records', () => {
		it('a thousand e-mail addresses cost five calls', async () => {
			const big = await startSalesforce({ contacts: 1_000, leads: 0, awkward: false });
			const input = [...big.store.table('Contact').all()]
				.flatMap(({ Email: email }) => (typeof email === 'string' && email !== '' ? [{ email }] : []))
				.slice(0, 1_000);
			const result = await run(salesforceCredential(big), NAMED, { input });
			expect(result.error).toBeUndefined();
			const linked = new Set(
				result
					.items('Read')
					.flatMap(({ pairedItem }) => [pairedItem].flat().map((one) => (one as { item: number }).item)),
			);
			expect(linked.size + result.items('Read', 1).length).toBe(input.length);
			expect(linked.size).toBeGreaterThan(900);
			// The organisation, the fields, a composite of the queries, the leads behind the contacts.
			expect(big.requests.total).toBeLessThanOrEqual(6);
			await big.close();
		});

		it('IS-17: several records of one address leave all, each linked to the item', async () => {
			const office = [1, 2, 3].map((number) => add({ LastName: `Office ${number}`, Email: 'Office@X.example' }));
			const result = await read(NAMED, [{ note: 'none' }, { email: 'office@x.example' }]);
			expect(idsOf(result).sort()).toEqual(office.sort());
			expect(result.items('Read').map(({ pairedItem }) => pairedItem)).toEqual(Array(3).fill({ item: 1 }));
			expect(codesOf(result)).toEqual(['NO_CONTACT_NAMED']);
			expect(result.hints).toEqual(['1 of 2 items led to 3 contacts, 1 not found']);
		});

		it('finds by ID of 15 or 18 characters and by key; a key of another organisation is not looked for', async () => {
			const [a = '', b = '', c = ''] = ids();
			const named = await read({ ...NAMED, namedBy: 'expression', contactName: '={{ $json.who }}' }, [
				{ who: a.slice(0, 15) },
				{ who: b },
				{ who: keyOf(c) },
				{ who: `salesforce:00D000000000000AAA:Contact:${a}` },
				{ who: keyOf(a, 'Lead') },
			]);
			expect(idsOf(named).sort()).toEqual([a, b, c].sort());
			expect(codesOf(named)).toEqual(['NO_CONTACT_NAMED', 'NO_CONTACT_NAMED']);
		});

		it('a deleted record comes as deleted, a merged one leads to its survivor, one purged is not found', async () => {
			const [deleted = '', loser = '', winner = '', purged = ''] = ids();
			salesforce.store.remove('Contact', deleted);
			salesforce.store.change('Contact', loser, { HasOptedOutOfEmail: true });
			merge(salesforce.store, 'Contact', winner, [loser], {});
			salesforce.store.remove('Contact', purged);
			salesforce.store.purge(purged);
			const result = await read(NAMED, [{ id: deleted }, { id: loser }, { id: winner }, { id: purged }]);
			expect(changesOf(result).sort()).toEqual([[deleted, 'deleted'], [winner, 'updated']].sort()); // prettier-ignore
			const survivor = result.items('Read').find(({ json }) => json.change === 'updated');
			expect(survivor).toMatchObject({
				json: { mergedFrom: [keyOf(loser)], optedOut: true },
				pairedItem: [{ item: 1 }, { item: 2 }],
			});
			expect(codesOf(result)).toEqual(['CONTACT_NOT_FOUND']);
		});

		it('promise 1: a survivor names what was merged into it, also where that is not asked for', async () => {
			const [first = '', second = '', winner = ''] = ids();
			merge(salesforce.store, 'Contact', second, [first], {});
			merge(salesforce.store, 'Contact', winner, [second], {});
			const [survivor] = (await read(NAMED, [{ id: winner }])).json('Read');
			expect([...(survivor?.mergedFrom as string[])].sort()).toEqual([keyOf(first), keyOf(second)].sort());
		});

		it.each([
			['remove', 'removed'],
			['keep', 'updated'],
		])(
			'SB-29: a converted lead, with Converted Leads = %s, is told as %s and carries convertedTo',
			async (option, change) => {
				const lead = add({ LastName: 'Was Lead', Company: 'X', Email: 'lead@x.example' }, 'Lead');
				const { contactId } = convertLead(salesforce.store, lead, {});
				const parameters = { ...LEADS, options: { convertedLeads: option } };
				for (const input of [{ id: lead }, { email: 'lead@x.example' }]) {
					const result = await read(parameters, [input]);
					expect(result.json('Read')).toMatchObject([{ change, convertedTo: keyOf(contactId) }]);
				}
				const contact = await read(NAMED, [{ key: keyOf(lead, 'Lead'), convertedTo: keyOf(contactId) }]);
				expect(contact.json('Read')).toMatchObject([{ source: { id: contactId }, mergedFrom: [keyOf(lead, 'Lead')] }]);
			},
		);

		it('an opt-out of the contact that a lead became, and of a deleted survivor, comes with what was named', async () => {
			const [contactId = '', loser = '', winner = ''] = ids();
			const lead = add({ LastName: 'Was Lead', Company: 'X' }, 'Lead');
			convertLead(salesforce.store, lead, { contactId });
			salesforce.store.change('Contact', contactId, { HasOptedOutOfEmail: true });
			expect((await read(LEADS, [{ id: lead }])).json('Read')).toMatchObject([{ change: 'removed', optedOut: true }]);
			salesforce.store.change('Contact', loser, { HasOptedOutOfEmail: false });
			salesforce.store.change('Contact', winner, { HasOptedOutOfEmail: true });
			merge(salesforce.store, 'Contact', winner, [loser], {});
			salesforce.store.remove('Contact', winner);
			const gone = await read(NAMED, [{ id: loser }]);
			expect(gone.json('Read')).toMatchObject([{ source: { id: loser }, change: 'deleted', optedOut: true }]);
		});
	});

	it('opt-outs that the user may not see stop it', async () => {
		const hiding = await startSalesforce({ contacts: 3, awkward: false, hiddenFields: ['Contact.HasOptedOutOfEmail'] });
		expect((await run(salesforceCredential(hiding), ALL)).error?.message).toContain('Email Opt Out');
		await hiding.close();
	});

	it('promise 1: so do those of contacts, where converted leads stay', async () => {
		const hiding = await startSalesforce({ contacts: 3, leads: 3, awkward: false, hiddenFields: ['Contact.HasOptedOutOfEmail'] }); // prettier-ignore
		const [lead = ''] = [...hiding.store.table('Lead').rows.keys()];
		convertLead(hiding.store, lead, {});
		const stays = { ...LEADS, options: { convertedLeads: 'keep' } };
		const refused = await run(salesforceCredential(hiding), stays, { input: [{ id: lead }] });
		const left = await run(salesforceCredential(hiding), LEADS, { input: [{ id: lead }] });
		await hiding.close();
		expect(refused.error?.message).toMatch(/Email Opt Out .* of Contact/);
		expect(left.json('Read')).toMatchObject([{ change: 'removed', optedOut: null }]);
	});
});
