import type { MappedContact } from '../../../../core/contact/contact';
import type { RunningSalesforce } from '../../../../sandbox/salesforce';
import { startSalesforce } from '../../../../sandbox/salesforce';
import { statusCounts } from '../../../support/brevoAccount';
import { mapped } from '../../../support/mappedContacts';
import { operate } from '../support/organisation';
import { addRecord, recordsOf, upsertIntoSalesforce, withEmail, writesIn } from './upsertIntoSalesforce';

let salesforce: RunningSalesforce;
beforeAll(async () => {
	const settings = { duplicateRule: 'off', personAccounts: true } as const;
	salesforce = await startSalesforce({ contacts: 0, leads: 0, awkward: false, settings });
});
beforeEach(() => salesforce.reset());
afterAll(async () => await salesforce.close());

const person = (id: number, values: Record<string, string> = {}, more: Partial<MappedContact> = {}): MappedContact =>
	mapped(id, { email: `p${id}@x.example`, attributes: { LastName: `Lovelace ${id}`, ...values } }, more);

const addPerson = async (id: number): Promise<string> => {
	const values = { LastName: 'Byron', FirstName: 'Ada', PersonEmail: `p${id}@x.example` };
	return String((await operate(salesforce, 'addPersonAccount', { values })).contactId);
};

describe.each(['refused', 'exceptNames', 'accepted'] as const)(
	'the contact of a person account (S17; its own writes are %s)',
	(personContactWrites) => {
		beforeEach(() => {
			salesforce.settings.personContactWrites = personContactWrites;
		});

		it('is written through its account, names included, among other contacts', async () => {
			const id = await addPerson(1);
			await addRecord(salesforce, { Email: 'p2@x.example' });
			const batch = [person(1, { Title: 'Countess' }), person(2, { Title: 'Lord' }), person(3)];
			const report = await upsertIntoSalesforce(salesforce, batch);
			expect(statusCounts(report)).toEqual({ updated: 2, created: 1 });
			expect(report.results[0]?.outcome.destinationId).toBe(id);
			expect(withEmail(salesforce, 'p1@x.example')).toMatchObject([{ LastName: 'Lovelace 1', Title: 'Countess' }]);
			salesforce.requests.clear();
			expect(statusCounts(await upsertIntoSalesforce(salesforce, batch))).toEqual({ unchanged: 3 });
			expect(writesIn(salesforce)).toBe(0);
		});

		it('takes an opt-out', async () => {
			await addPerson(1);
			await upsertIntoSalesforce(salesforce, [person(1, {}, { optedOut: true })]);
			expect(recordsOf(salesforce, 'Contact')).toMatchObject([{ HasOptedOutOfEmail: true }]);
		});

		it('goes without a value that its account has no field for, with a warning', async () => {
			await addPerson(1);
			const report = await upsertIntoSalesforce(salesforce, [person(1, { Department: 'Engines' })]);
			expect(report.results[0]?.outcome.status).toBe('updated');
			expect(report.results[0]?.warnings).toMatchObject([{ field: 'Department', code: 'VALUE_REFUSED' }]);
		});
	},
);

it('where the user may not change accounts, the contact of a person account ends with its reason', async () => {
	await addPerson(1);
	await operate(salesforce, 'setObjectAccess', { object: 'Account', edit: false });
	const report = await upsertIntoSalesforce(salesforce, [person(1), person(2)]);
	expect(statusCounts(report)).toEqual({ 'failed PERMISSION_MISSING': 1, created: 1 });
});

it('where accounts show no opt-out, that of a person account is carried to its contact', async () => {
	salesforce.settings.personContactWrites = 'accepted';
	await addPerson(1);
	await operate(salesforce, 'setAccess', { object: 'Account', field: 'PersonHasOptedOutOfEmail', access: 'hidden' });
	await upsertIntoSalesforce(salesforce, [person(1, {}, { optedOut: true })]);
	expect(recordsOf(salesforce, 'Contact')).toMatchObject([{ HasOptedOutOfEmail: true }]);
});
