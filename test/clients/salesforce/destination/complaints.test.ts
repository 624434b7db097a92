import { toDestinationFields } from '../../../../clients/salesforce/destination/toDestinationFields';
import type { MappedContact } from '../../../../core/contact/contact';
import type { RunningSalesforce } from '../../../../sandbox/salesforce';
import { startSalesforce } from '../../../../sandbox/salesforce';
import { statusCounts } from '../../../support/brevoAccount';
import { mapped } from '../../../support/mappedContacts';
import { clientOf, valueOf } from '../support/organisation';
import { addRecord, upsertIntoSalesforce, withEmail } from './upsertIntoSalesforce';

/** What users complain about when other tools write into Salesforce, row by row, as far as no other test names it. */

let salesforce: RunningSalesforce;
beforeAll(async () => {
	salesforce = await startSalesforce({ contacts: 0, leads: 0, awkward: false });
});
beforeEach(() => {
	salesforce.reset();
	salesforce.settings.duplicateRule = 'off';
});
afterAll(async () => await salesforce.close());

const person = (id: number, values: Record<string, string> = {}): MappedContact =>
	mapped(id, { email: `p${id}@x.example`, attributes: { LastName: `Lovelace ${id}`, ...values } });

it('S2, S5: many records go through collections, never the Bulk API; one with the address is found by a query and updated by its id', async () => {
	await addRecord(salesforce, { Email: 'p1@x.example' });
	salesforce.requests.clear();
	const people = Array.from({ length: 250 }, (_none, n) => person(n + 1));
	expect(statusCounts(await upsertIntoSalesforce(salesforce, people))).toEqual({ created: 249, updated: 1 });
	const paths = salesforce.requests.entries.map(({ method, path }) => `${method} ${path}`);
	expect(paths.filter((path) => path.includes('/jobs/'))).toEqual([]);
	expect(paths.filter((path) => /^(POST|PATCH) .*\/composite\/sobjects\b/.test(path)).length).toBeGreaterThan(1);
});

it('S19: an organisation that shows no record types is written to all the same', async () => {
	const { fields } = valueOf(await clientOf(salesforce).describe('Contact'));
	expect(fields.map(({ name }) => name)).not.toContain('RecordTypeId');
	expect(statusCounts(await upsertIntoSalesforce(salesforce, [person(1)]))).toEqual({ created: 1 });
	expect(statusCounts(await upsertIntoSalesforce(salesforce, [person(1, { Title: 'Countess' })]))).toEqual({
		updated: 1,
	});
	expect(withEmail(salesforce, 'p1@x.example')).toMatchObject([{ Title: 'Countess' }]);
});

it('S21: a field that the organisation has not switched on is not offered, and one that is mapped stops the run by its name', async () => {
	const contact = valueOf(await clientOf(salesforce).describe('Contact'));
	expect(toDestinationFields(contact).map(({ name }) => name)).not.toContain('MiddleName');
	await expect(upsertIntoSalesforce(salesforce, [person(1, { MiddleName: 'King' })])).rejects.toThrow("'MiddleName'");
	expect(withEmail(salesforce, 'p1@x.example')).toEqual([]);
});
