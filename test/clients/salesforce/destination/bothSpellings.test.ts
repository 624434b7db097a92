import type { RunningSalesforce } from '../../../../sandbox/salesforce';
import { startSalesforce } from '../../../../sandbox/salesforce';
import { statusCounts } from '../../../support/brevoAccount';
import { mapped } from '../../../support/mappedContacts';
import { addRecord, KEY_FIELD, recordsOf, upsertIntoSalesforce } from './upsertIntoSalesforce';

/** One address: with the letters of its domain, as Salesforce may hold it, and in ASCII, as contacts travel. */
const LETTERS = 'ada@müller.example';
const ASCII = 'ada@xn--mller-kva.example';

let salesforce: RunningSalesforce;
beforeAll(async () => {
	salesforce = await startSalesforce({ contacts: 0, leads: 0, awkward: false, settings: { duplicateRule: 'off' } });
});
beforeEach(() => salesforce.reset());
afterAll(async () => await salesforce.close());

const ada = (more: Parameters<typeof mapped>[2] = {}) =>
	mapped(1, { email: ASCII, attributes: { LastName: 'Lovelace' } }, more);
const records = () => recordsOf(salesforce, 'Contact');

describe('an international domain that Salesforce holds in its own letters', () => {
	it('promise 2: is the address of one record', async () => {
		const id = await addRecord(salesforce, { Email: LETTERS, LastName: 'Byron' });
		const report = await upsertIntoSalesforce(salesforce, [ada()]);
		expect(report.results[0]?.outcome).toMatchObject({ status: 'updated', destinationId: id });
		expect(records()).toMatchObject([{ Email: LETTERS, LastName: 'Lovelace' }]);
		expect(statusCounts(await upsertIntoSalesforce(salesforce, [ada()]))).toEqual({ unchanged: 1 });
	});

	it('promise 1: an opt-out reaches every record that has it, in either spelling', async () => {
		await addRecord(salesforce, { Email: LETTERS, LastName: 'Byron', [KEY_FIELD]: 'hubspot:1:contact:9' });
		await addRecord(salesforce, { Email: ASCII, LastName: 'Lovelace' });
		await upsertIntoSalesforce(salesforce, [ada({ optedOut: true })]);
		expect(records().map((row) => row['HasOptedOutOfEmail'])).toEqual([true, true]);
	});
});

describe('an address that Salesforce holds with decomposed letters', () => {
	it('promise 1: is that of its record, and an opt-out reaches it', async () => {
		const id = await addRecord(salesforce, { Email: 'jose\u0301@example.com', LastName: 'Byron' });
		const jose = mapped(
			1,
			{ email: 'jos\u00e9@example.com', attributes: { LastName: 'Lovelace' } },
			{ optedOut: true },
		);
		const report = await upsertIntoSalesforce(salesforce, [jose]);
		expect(report.results[0]?.outcome).toMatchObject({ status: 'updated', destinationId: id });
		expect(records()).toMatchObject([{ HasOptedOutOfEmail: true, LastName: 'Lovelace' }]);
	});
});
