import { openSalesforceDestination } from '../../../../clients/salesforce/destination/openDestination';
import { heldIds } from '../../../../clients/salesforce/destination/lookup/keysOnCampaign';
import type { MappedContact } from '../../../../core/contact/contact';
import type { RunningSalesforce } from '../../../../sandbox/salesforce';
import { startSalesforce } from '../../../../sandbox/salesforce';
import { newAccount, statusCounts } from '../../../support/brevoAccount';
import { mapped } from '../../../support/mappedContacts';
import { clientOf, operate, sandboxClock, valueOf } from '../support/organisation';
import { addRecord, KEY_FIELD, membersOf, recordsOf, upsertIntoSalesforce, writesIn } from './upsertIntoSalesforce';

let salesforce: RunningSalesforce;
beforeAll(async () => {
	salesforce = await startSalesforce({ contacts: 0, leads: 0, awkward: false, settings: { duplicateRule: 'off' } });
});
beforeEach(() => salesforce.reset());
afterAll(async () => await salesforce.close());

const person = (id: number, more: Partial<MappedContact> = {}): MappedContact =>
	mapped(id, { email: `p${id}@x.example`, attributes: { LastName: `Lovelace ${id}` } }, more);
const lead = (id: number, more: Partial<MappedContact> = {}): MappedContact =>
	mapped(id, { email: `p${id}@x.example`, attributes: { LastName: `Lovelace ${id}`, Company: 'Poems' } }, more);
const people = (count: number): MappedContact[] => Array.from({ length: count }, (_none, index) => person(index + 1));

const newsletter = (): string => salesforce.ids.campaigns.newsletter;
const idsOf = (object: 'Contact' | 'Lead' = 'Contact'): string[] =>
	recordsOf(salesforce, object)
		.map((row) => String(row['Id']))
		.sort();
const intoCampaign = { campaign: { get id() { return newsletter(); } } }; // prettier-ignore

describe('a campaign', () => {
	it('is joined by new records and by those that are there, with few calls', async () => {
		await upsertIntoSalesforce(salesforce, [person(1)]);
		salesforce.requests.clear();
		const report = await upsertIntoSalesforce(salesforce, people(250), intoCampaign);
		expect(statusCounts(report)).toEqual({ created: 249, updated: 1 });
		expect(membersOf(salesforce, newsletter())).toEqual(idsOf());
		expect(writesIn(salesforce)).toBe(5);
		salesforce.requests.clear();
		expect(statusCounts(await upsertIntoSalesforce(salesforce, people(250), intoCampaign))).toEqual({ unchanged: 250 });
		expect(writesIn(salesforce)).toBe(0);
	});

	it('is joined by leads', async () => {
		await upsertIntoSalesforce(salesforce, [lead(1)], { object: 'Lead', ...intoCampaign });
		expect(membersOf(salesforce, newsletter())).toEqual(idsOf('Lead'));
	});

	it('is joined with the status of the setting, which must be one of the campaign', async () => {
		await upsertIntoSalesforce(salesforce, [person(1)], { ...intoCampaign, memberStatus: 'responded' });
		expect(recordsOf(salesforce, 'CampaignMember')).toMatchObject([{ Status: expect.stringMatching(/^responded$/i) }]);
		const wrong = upsertIntoSalesforce(salesforce, [person(1)], { ...intoCampaign, memberStatus: 'Excited' });
		await expect(wrong).rejects.toThrow(/SETTING_INVALID.*'Excited'.*'Sent'/);
	});

	it('is joined with a status that it got a moment ago, after it was read without it', async () => {
		const account = newAccount();
		const excited = { ...intoCampaign, account, memberStatus: 'Excited' };
		await expect(upsertIntoSalesforce(salesforce, [person(1)], excited)).rejects.toThrow(/SETTING_INVALID/);
		salesforce.clock.advance(1_000);
		salesforce.store.insert('CampaignMemberStatus', { CampaignId: newsletter(), Label: 'Excited', IsDefault: false });
		await upsertIntoSalesforce(salesforce, [person(1)], excited);
		expect(recordsOf(salesforce, 'CampaignMember')).toMatchObject([{ Status: 'Excited' }]);
	});

	it('takes a contact that joined it meanwhile for a member (S28)', async () => {
		await operate(salesforce, 'failRows', { object: 'CampaignMember', statusCode: 'DUPLICATE_VALUE', message: 'Already a campaign member.', times: 1 }); // prettier-ignore
		const report = await upsertIntoSalesforce(salesforce, [person(1)], intoCampaign);
		expect(statusCounts(report)).toEqual({ created: 1 });
	});

	it('is left by contacts that left the source list or were deleted there; the records stay', async () => {
		await upsertIntoSalesforce(salesforce, people(3), intoCampaign);
		const leaving = [person(1, { change: 'removed' }), person(2, { change: 'deleted', optedOut: true })];
		const report = await upsertIntoSalesforce(salesforce, leaving, intoCampaign);
		expect(statusCounts(report)).toEqual({ removed: 2 });
		expect(membersOf(salesforce, newsletter())).toHaveLength(1);
		expect(recordsOf(salesforce, 'Contact').map((row) => row['HasOptedOutOfEmail'])).toEqual([false, true, false]);
		expect(statusCounts(await upsertIntoSalesforce(salesforce, leaving, intoCampaign))).toEqual({ unchanged: 2 });
	});

	it('is left by a record that is deleted meanwhile', async () => {
		await upsertIntoSalesforce(salesforce, [person(1)], intoCampaign);
		await operate(salesforce, 'failRows', { object: 'Contact', statusCode: 'ENTITY_IS_DELETED', message: 'entity is deleted', times: 0 }); // prettier-ignore
		const leaving = person(1, { change: 'deleted', optedOut: true });
		const report = await upsertIntoSalesforce(salesforce, [leaving], intoCampaign);
		expect(statusCounts(report)).toEqual({ removed: 1 });
		expect(report.failure).toBeUndefined();
	});

	it('is read anew with each look at a contact', async () => {
		await upsertIntoSalesforce(salesforce, [person(1)], intoCampaign);
		const options = { object: 'Contact', fieldNames: [], keyField: KEY_FIELD, campaign: { id: newsletter() } } as const;
		const opened = await openSalesforceDestination(
			clientOf(salesforce),
			newAccount(),
			sandboxClock(salesforce),
			options,
		);
		const destination = valueOf(opened);
		const wanted = { key: 'hubspot:1:contact:1', otherKeys: [], emails: [], otherEmails: [] };
		const isMember = async () => valueOf(await destination.read([wanted])).byKey(wanted.key)?.onList;
		expect(await isMember()).toBe(true);
		await operate(salesforce, 'removeFromCampaign', { campaign: newsletter(), object: 'Contact', ids: idsOf() });
		expect(await isMember()).toBe(false);
	});

	it('keeps contacts that left, by option', async () => {
		await upsertIntoSalesforce(salesforce, [person(1)], intoCampaign);
		await upsertIntoSalesforce(salesforce, [person(1, { change: 'removed' })], {
			...intoCampaign,
			settings: { leavers: 'keep' },
		});
		expect(membersOf(salesforce, newsletter())).toHaveLength(1);
	});

	it('of another id keeps its members', async () => {
		const id = await addRecord(salesforce, { Email: 'p1@x.example', LastName: 'Lovelace 1' });
		await operate(salesforce, 'addToCampaign', { campaign: salesforce.ids.campaigns.fair, object: 'Contact', ids: [id] }); // prettier-ignore
		await upsertIntoSalesforce(salesforce, [person(1)], intoCampaign);
		await upsertIntoSalesforce(salesforce, [person(1, { change: 'removed' })], intoCampaign);
		expect(membersOf(salesforce, newsletter())).toEqual([]);
		expect(membersOf(salesforce, salesforce.ids.campaigns.fair)).toEqual([id]);
	});

	it('by name is found whatever its case, else created once', async () => {
		await upsertIntoSalesforce(salesforce, [person(1)], { campaign: { name: 'NEWSLETTER', create: true } });
		expect(membersOf(salesforce, newsletter())).toHaveLength(1);
		for (const id of [2, 3])
			await upsertIntoSalesforce(salesforce, [person(id)], { campaign: { name: 'Autumn', create: true } });
		const named = [...salesforce.store.table('Campaign').rows.values()].filter((row) => row['Name'] === 'Autumn');
		expect(named).toHaveLength(1);
		expect(membersOf(salesforce, String(named[0]?.['Id']))).toHaveLength(2);
	});

	it('whose members the user may not edit stops the run before it writes', async () => {
		salesforce.settings.userMayEditCampaigns = false;
		const run = upsertIntoSalesforce(salesforce, [person(1)], intoCampaign);
		await expect(run).rejects.toThrow(/PERMISSION_MISSING/);
		expect(recordsOf(salesforce, 'Contact')).toEqual([]);
	});

	it('that takes no members for a while gets them with the next delivery', async () => {
		await operate(salesforce, 'lockRows', { object: 'CampaignMember', times: 0 });
		const report = await upsertIntoSalesforce(salesforce, people(2), intoCampaign);
		expect(report.failure).toMatchObject({ kind: 'retry', code: 'RECORD_LOCKED' });
		salesforce.store.rules.faults.length = 0;
		expect(statusCounts(await upsertIntoSalesforce(salesforce, people(2), intoCampaign))).toEqual({ updated: 2 });
		expect(membersOf(salesforce, newsletter())).toEqual(idsOf());
		expect(idsOf()).toHaveLength(2);
	});
});

describe('the keys on a campaign', () => {
	it('are those of its members that come from the source', async () => {
		await upsertIntoSalesforce(salesforce, people(3), intoCampaign);
		await upsertIntoSalesforce(salesforce, [person(4)]);
		const stranger = await addRecord(salesforce, { Email: 's@x.example', [KEY_FIELD]: 'hubspot:2:contact:9' });
		await operate(salesforce, 'addToCampaign', { campaign: newsletter(), object: 'Contact', ids: [stranger] });
		const of = { object: 'Contact', campaignId: newsletter() } as const;
		const ids = valueOf(await heldIds(clientOf(salesforce), { ...of, keyField: KEY_FIELD }, 'hubspot:1:contact'));
		expect([...(ids ?? [])].sort()).toEqual(['1', '2', '3']);
		expect(valueOf(await heldIds(clientOf(salesforce), of, 'hubspot:1:contact'))).toBeUndefined();
	});
});

describe('a dry run', () => {
	it('tells what the real run does and costs, and writes nothing', async () => {
		await upsertIntoSalesforce(salesforce, people(5), intoCampaign);
		await addRecord(salesforce, { Email: 'p6@x.example', LastName: 'Byron' });
		const batch = [
			person(1, { optedOut: true }),
			person(2, { change: 'removed' }),
			mapped(3, { email: 'new3@x.example', attributes: { LastName: 'Moved' } }),
			...[6, 7, 8].map((id) => person(id)),
		];
		salesforce.requests.clear();
		const dry = await upsertIntoSalesforce(salesforce, batch, { ...intoCampaign, settings: { dryRun: true } });
		expect(writesIn(salesforce)).toBe(0);
		salesforce.requests.clear();
		const real = await upsertIntoSalesforce(salesforce, batch, intoCampaign);
		expect(dry.results.map(({ outcome }) => outcome.wouldBe)).toEqual(
			real.results.map(({ outcome }) => outcome.status),
		);
		expect(dry.cost).toEqual(real.cost);
		expect(real.cost?.calls).toBe(salesforce.requests.total);
	});

	it('leaves a campaign that does not exist alone', async () => {
		const dry = await upsertIntoSalesforce(salesforce, people(2), {
			campaign: { name: 'Autumn', create: false },
			settings: { dryRun: true },
		});
		expect(statusCounts(dry)).toEqual({ planned: 2 });
		salesforce.requests.clear();
		const real = await upsertIntoSalesforce(salesforce, people(2), { campaign: { name: 'Autumn', create: true } });
		expect(dry.cost).toEqual(real.cost);
		expect(real.cost?.calls).toBe(salesforce.requests.total);
	});
});
