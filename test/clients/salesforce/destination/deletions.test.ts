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
	const settings = { duplicateRule: 'off', personAccounts: true } as const;
	salesforce = await startSalesforce({ contacts: 0, leads: 0, awkward: false, settings });
});
beforeEach(() => salesforce.reset());
afterAll(async () => await salesforce.close());

const keyOf = (id: number): string => `hubspot:1:contact:${id}`;

const gone = (id: number, more: Partial<MappedContact> = {}): MappedContact => ({
	...mapped(id, {}, { change: 'deleted' }),
	...more,
});

const upsert = async (contacts: readonly MappedContact[], { settings, ...options }: UpsertOptions = {}) =>
	await upsertIntoSalesforce(salesforce, contacts, {
		deletes: true,
		...options,
		settings: { deletes: true, ...settings },
	});

/** A record that carries the key of contact `id`. */
const keyed = async (id: number, values: Record<string, string | boolean> = {}): Promise<string> =>
	await addRecord(salesforce, { Email: `p${id}@x.example`, [KEY_FIELD]: keyOf(id), ...values });

const live = (): string[] => recordsOf(salesforce, 'Contact').map((row) => String(row['Id']));

describe('SB-27: a contact that was deleted at the source, where records are deleted', () => {
	it('loses its record to the recycle bin, once', async () => {
		const first = await keyed(1);
		const other = await keyed(2);
		const report = await upsert([gone(1)]);
		expect(report.results[0]?.outcome).toMatchObject({
			status: 'removed',
			code: 'RECORD_DELETED',
			destinationId: first,
		});
		expect(live()).toEqual([other]);
		expect(salesforce.store.must('Contact', first)).toMatchObject({ IsDeleted: true });
		salesforce.requests.clear();
		expect(statusCounts(await upsert([gone(1)]))).toEqual({ 'unchanged NOT_IN_DESTINATION': 1 });
		expect(writesIn(salesforce)).toBe(0);
	});

	it('keeps its record with a case, off the campaign, and others of the batch go', async () => {
		const kept = await keyed(1);
		await keyed(2);
		await operate(salesforce, 'openCase', { contactId: kept });
		const { id: campaign } = await operate(salesforce, 'addRecord', { object: 'Campaign', values: { Name: 'All' } });
		await operate(salesforce, 'addToCampaign', { campaign, object: 'Contact', ids: [kept] });
		const report = await upsert([gone(1), gone(2)], { campaign: { id: String(campaign) } });
		expect(statusCounts(report)).toEqual({ 'failed DELETE_REFUSED': 1, 'removed RECORD_DELETED': 1 });
		expect(report.failure).toBeUndefined();
		expect(report.results[0]?.outcome.message).toContain('because of the following cases: 00001026');
		expect(report.results[0]?.outcome.retryable).toBe(false);
		expect(live()).toEqual([kept]);
		expect(membersOf(salesforce, String(campaign))).toEqual([]);
	});

	it('carries its opt-out to the other records of the address and to one that stays', async () => {
		const kept = await keyed(1);
		await operate(salesforce, 'openCase', { contactId: kept });
		const twin = await addRecord(salesforce, { Email: 'p2@x.example' });
		await keyed(2);
		const contact = { attributes: {}, email: 'p2@x.example' };
		await upsert([gone(1, { optedOut: true }), gone(2, { optedOut: true, contact })]);
		expect(live()).toEqual([kept, twin]);
		expect(recordsOf(salesforce, 'Contact')).toMatchObject([
			{ HasOptedOutOfEmail: true },
			{ HasOptedOutOfEmail: true },
		]);
	});

	it('is found by the link of the contact as well', async () => {
		const id = await addRecord(salesforce, { Email: 'p1@x.example' });
		const organisation = String([...salesforce.store.table('Organization').rows.keys()][0]);
		const linkedTo = `salesforce:${organisation}:Contact:${id}`;
		expect(statusCounts(await upsert([gone(1, { linkedTo: [linkedTo] })]))).toEqual({ 'removed RECORD_DELETED': 1 });
		expect(live()).toEqual([]);
	});

	it.each<[string, string, () => Promise<readonly [MappedContact, UpsertOptions?]>]>([
		[
			'it is found by its address alone',
			'found by its e-mail address alone',
			async () => {
				await addRecord(salesforce, { Email: 'p1@x.example' });
				return [mapped(1, { email: 'p1@x.example' }, { change: 'deleted' })];
			},
		],
		[
			'another sync made the record',
			'stands for another contact as well',
			async () => {
				const id = await addRecord(salesforce, { Email: 'p1@x.example', [KEY_FIELD]: 'brevo:9:contact:4' });
				const organisation = String([...salesforce.store.table('Organization').rows.keys()][0]);
				return [gone(1, { linkedTo: [`salesforce:${organisation}:Contact:${id}`] })];
			},
		],
		[
			'it is a person account',
			'is a person account',
			async () => {
				const values = { LastName: 'Byron', PersonEmail: 'p1@x.example' };
				await operate(salesforce, 'addPersonAccount', { values });
				return [mapped(1, { email: 'p1@x.example' }, { change: 'deleted' })];
			},
		],
		[
			'it is a lead that was converted',
			'a lead that was converted',
			async () => {
				const values = { Email: 'p1@x.example', LastName: 'L', Company: 'Poems', [KEY_FIELD]: keyOf(1) };
				await operate(salesforce, 'convertLead', { id: await addRecord(salesforce, values, 'Lead') });
				return [gone(1), { object: 'Lead' }];
			},
		],
	])('keeps its record where %s, and says so', async (_why, message, prepare) => {
		const [contact, options] = await prepare();
		const before = live();
		const report = await upsert([contact], options);
		expect(report.results[0]?.outcome.status).not.toBe('failed');
		expect(report.results[0]?.warnings).toMatchObject([
			{ code: 'NOT_DELETED', message: expect.stringContaining(message) as string },
		]);
		expect(live()).toEqual(before);
	});

	it('keeps its record where another contact of the batch has its address now', async () => {
		const id = await keyed(1);
		const next = mapped(2, { email: 'p1@x.example', attributes: { LastName: 'Next' } }, { change: 'added' });
		await upsert([gone(1), next]);
		expect(recordsOf(salesforce, 'Contact')).toMatchObject([{ Id: id, LastName: 'Next', [KEY_FIELD]: keyOf(2) }]);
	});

	it('keeps its record where it only left the list, or records are not deleted', async () => {
		const id = await keyed(1);
		await upsert([mapped(1, {}, { change: 'removed' })]);
		await upsert([gone(1)], { settings: { deletes: false } });
		expect(live()).toEqual([id]);
	});

	it('is told by a dry run, with its calls, and nothing is deleted', async () => {
		const id = await keyed(1);
		const report = await upsert([gone(1)], { settings: { dryRun: true } });
		expect(report.results[0]?.outcome).toMatchObject({
			status: 'planned',
			wouldBe: 'removed',
			code: 'RECORD_DELETED',
		});
		expect(live()).toEqual([id]);
		const planned = report.cost?.calls ?? 0;
		const real = await upsert([gone(1)]);
		expect(real.cost?.calls).toBe(planned);
	});

	it('waits for a lock, and one record that a trigger keeps costs no other (S11, S16)', async () => {
		for (const id of [1, 2, 3, 4]) await keyed(id);
		const kept = String(recordsOf(salesforce, 'Contact')[2]?.['Id']);
		await operate(salesforce, 'openCase', { contactId: kept });
		await operate(salesforce, 'lockRows', { object: 'Contact', times: 2 });
		const report = await upsert([1, 2, 3, 4].map((id) => gone(id)));
		expect(statusCounts(report)).toEqual({ 'removed RECORD_DELETED': 3, 'failed DELETE_REFUSED': 1 });
		expect(live()).toEqual([kept]);
	});

	it('without the right to delete the run stops before the first write', async () => {
		await keyed(1);
		await operate(salesforce, 'setObjectAccess', {
			object: 'Contact',
			create: true,
			edit: true,
			delete: false,
		});
		await expect(upsert([gone(1)])).rejects.toThrow('may not delete Contact records');
		expect(statusCounts(await upsert([gone(1)], { deletes: false, settings: { deletes: false } }))).toEqual({
			unchanged: 1,
		});
	});
});
