import type { MappedContact } from '../../../../core/contact/contact';
import type { RunningSalesforce } from '../../../../sandbox/salesforce';
import { startSalesforce } from '../../../../sandbox/salesforce';
import { statusCounts } from '../../../support/brevoAccount';
import { mapped } from '../../../support/mappedContacts';
import { operate } from '../support/organisation';
import type { UpsertOptions } from './upsertIntoSalesforce';
import { addRecord, KEY_FIELD, membersOf, recordsOf, upsertIntoSalesforce, writesIn } from './upsertIntoSalesforce';

let salesforce: RunningSalesforce;
beforeAll(async () => {
	salesforce = await startSalesforce({ contacts: 0, leads: 0, awkward: false, settings: { duplicateRule: 'off' } });
});
beforeEach(() => salesforce.reset());
afterAll(async () => await salesforce.close());

const KEY = 'hubspot:1:contact:1';

const person = (values: Record<string, string> = {}, more: Partial<MappedContact> = {}): MappedContact =>
	mapped(1, { email: 'p1@x.example', attributes: { LastName: 'Lovelace', Company: 'Poems', ...values } }, more);

const upsert = async (contact: MappedContact, options: UpsertOptions = {}) =>
	await upsertIntoSalesforce(salesforce, [contact], { object: 'Lead', ...options });

/** A lead of this sync that was converted. Returns the ids of both. */
async function converted(values: Record<string, string> = { [KEY_FIELD]: KEY }) {
	const lead = await addRecord(salesforce, { Email: 'p1@x.example', LastName: 'Lovelace', Company: 'Poems', ...values }, 'Lead'); // prettier-ignore
	const { contactId } = await operate(salesforce, 'convertLead', { id: lead });
	return { lead, contact: String(contactId) };
}

const contactNow = () => recordsOf(salesforce, 'Contact')[0];
const leadNow = () => recordsOf(salesforce, 'Lead')[0];

describe.each(['accepted', 'refused'] as const)('a lead that was converted (edits %s)', (editConvertedLeads) => {
	beforeEach(() => {
		salesforce.settings.editConvertedLeads = editConvertedLeads;
	});

	it.each([
		['its key', { [KEY_FIELD]: KEY }],
		['its address', {}],
	])(
		'is found by %s and followed to its contact, with the fields that contacts have (S7, S8, S10)',
		async (_how, keys) => {
			const { contact } = await converted(keys);
			const changed = person({ Title: 'Countess', Company: 'Engines', Status: 'Working - Contacted' });
			const report = await upsert(changed);
			expect(report.results[0]?.outcome).toMatchObject({ status: 'updated', destinationId: contact });
			expect(contactNow()).toMatchObject({ Title: 'Countess' });
			expect(leadNow()).toMatchObject({ Company: 'Poems', Status: 'Closed - Converted' });
			salesforce.requests.clear();
			expect(statusCounts(await upsert(changed))).toEqual({ unchanged: 1 });
			expect(writesIn(salesforce)).toBe(0);
		},
	);

	it('is left alone by option, but for an opt-out, which its contact gets', async () => {
		await converted();
		const report = await upsert(person({ Title: 'Countess' }), { convertedLeads: 'skip' });
		expect(report.results[0]?.outcome).toMatchObject({ status: 'failed', code: 'RECORD_CONVERTED' });
		expect(writesIn(salesforce)).toBe(0);
		await upsert(person({ Title: 'Countess' }, { optedOut: true }), { convertedLeads: 'skip' });
		expect(contactNow()).toMatchObject({ HasOptedOutOfEmail: true });
		expect(contactNow()?.['Title'] ?? null).toBeNull();
	});

	it('carries the opt-out to its contact', async () => {
		await converted();
		await upsert(person({}, { optedOut: true }));
		expect(contactNow()).toMatchObject({ HasOptedOutOfEmail: true });
	});

	it('whose contact was deleted ends as converted', async () => {
		const { contact, lead } = await converted();
		await operate(salesforce, 'deleteRecord', { object: 'Contact', id: contact });
		const report = await upsert(person());
		expect(report.results[0]?.outcome).toMatchObject({ status: 'failed', code: 'RECORD_CONVERTED' });
		expect(report.results[0]?.outcome.message).toContain(lead);
	});

	it('counts after a live one with its address', async () => {
		await converted({});
		const live = await addRecord(salesforce, { Email: 'p1@x.example', LastName: 'Byron', Company: 'Poems' }, 'Lead');
		const report = await upsert(person({}, { optedOut: true }));
		expect(report.results[0]?.outcome).toMatchObject({ status: 'updated', destinationId: live });
		expect(contactNow()).toMatchObject({ HasOptedOutOfEmail: true });
	});
});

it('a converted lead stays in the campaign as its contact, and leaves it so', async () => {
	const campaign = { id: salesforce.ids.campaigns.newsletter };
	await upsert(person(), { campaign });
	const { contactId } = await operate(salesforce, 'convertLead', { id: leadNow()?.['Id'] });
	expect(statusCounts(await upsert(person(), { campaign }))).toEqual({ unchanged: 1 });
	await upsert(person({}, { change: 'removed' }), { campaign });
	expect(membersOf(salesforce, campaign.id)).toEqual([]);
	expect(contactId).toBeDefined();
});

it('a converted lead leaves the campaign that knows it as a lead alone', async () => {
	const campaign = { id: salesforce.ids.campaigns.newsletter };
	await upsert(person(), { campaign });
	await operate(salesforce, 'convertLead', { id: leadNow()?.['Id'] });
	const [member] = recordsOf(salesforce, 'CampaignMember');
	salesforce.store.change('CampaignMember', String(member?.['Id']), { ContactId: null });
	expect(statusCounts(await upsert(person(), { campaign }))).toEqual({ unchanged: 1 });
	await upsert(person({}, { change: 'removed' }), { campaign });
	expect(membersOf(salesforce, campaign.id)).toEqual([]);
});

it('the contact of a converted lead that can carry no key is written once', async () => {
	await operate(salesforce, 'deleteField', { object: 'Contact', name: KEY_FIELD });
	await converted({});
	expect(statusCounts(await upsert(person({ Title: 'Countess' })))).toEqual({ updated: 1 });
	expect(statusCounts(await upsert(person({ Title: 'Countess' })))).toEqual({ unchanged: 1 });
});

it('a value of a live lead that a converted one has names that record (S23)', async () => {
	for (const object of ['Lead', 'Contact'])
		await operate(salesforce, 'setField', { object, name: 'Code__c', type: 'string', unique: true });
	const { lead } = await converted({ Code__c: 'A1' });
	await operate(salesforce, 'deleteRecord', { object: 'Contact', id: contactNow()?.['Id'] });
	const other = mapped(2, {
		email: 'p2@x.example',
		attributes: { LastName: 'Byron', Company: 'Poems', Code__c: 'A1' },
	});
	const report = await upsert(other);
	expect(report.results[0]?.outcome.status).toBe('created');
	expect(report.results[0]?.warnings.map(({ message }) => message).join(' ')).toContain(lead);
});

it('a converted lead whose contact the user may not change ends as converted', async () => {
	await converted();
	await operate(salesforce, 'setObjectAccess', { object: 'Contact', edit: false });
	const report = await upsert(person({ Title: 'Countess' }));
	expect(report.results[0]?.outcome).toMatchObject({ status: 'failed', code: 'RECORD_CONVERTED' });
});
