import type { MappedContact } from '../../../../core/contact/contact';
import type { RunningSalesforce } from '../../../../sandbox/salesforce';
import { startSalesforce } from '../../../../sandbox/salesforce';
import { statusCounts } from '../../../support/brevoAccount';
import { mapped } from '../../../support/mappedContacts';
import { operate } from '../support/organisation';
import { addRecord, KEY_FIELD, recordsOf, upsertIntoSalesforce, withEmail } from './upsertIntoSalesforce';

let salesforce: RunningSalesforce;
beforeAll(async () => {
	salesforce = await startSalesforce({ contacts: 0, leads: 0, awkward: false, settings: { duplicateRule: 'off' } });
});
beforeEach(() => salesforce.reset());
afterAll(async () => await salesforce.close());

const person = (id: number, more: Partial<MappedContact> = {}): MappedContact =>
	mapped(id, { email: `p${id}@x.example`, attributes: { LastName: `Lovelace ${id}` } }, more);

const optedOutOf = (email: string): unknown[] => withEmail(salesforce, email).map((row) => row['HasOptedOutOfEmail']);

describe('an opt-out', () => {
	it('is carried to new records and to those that are there', async () => {
		await addRecord(salesforce, { Email: 'p2@x.example', LastName: 'Lovelace 2' });
		const batch = [person(1, { optedOut: true }), person(2, { optedOut: true }), person(3)];
		expect(statusCounts(await upsertIntoSalesforce(salesforce, batch))).toEqual({ created: 2, updated: 1 });
		expect([1, 2, 3].map((id) => optedOutOf(`p${id}@x.example`))).toEqual([[true], [true], [false]]);
		expect(statusCounts(await upsertIntoSalesforce(salesforce, batch))).toEqual({ unchanged: 3 });
	});

	it('is never taken back', async () => {
		await addRecord(salesforce, { Email: 'p1@x.example', LastName: 'Byron', HasOptedOutOfEmail: true });
		await upsertIntoSalesforce(salesforce, [person(1, { optedOut: false })]);
		expect(recordsOf(salesforce, 'Contact')).toMatchObject([{ LastName: 'Lovelace 1', HasOptedOutOfEmail: true }]);
		const bodies = salesforce.requests.entries.map((entry) => JSON.stringify(entry));
		expect(bodies.some((body) => body.includes('"HasOptedOutOfEmail":false'))).toBe(false);
	});

	it('is ignored by option (HB-22)', async () => {
		await upsertIntoSalesforce(salesforce, [person(1, { optedOut: true })], { settings: { optOuts: 'ignore' } });
		expect(optedOutOf('p1@x.example')).toEqual([false]);
	});

	it.each([
		['a contact that is only updated', 'updateOnly' as const],
		['a contact that is only created', 'createOnly' as const],
	])('passes the mode: %s', async (_what, mode) => {
		await addRecord(salesforce, { Email: 'p1@x.example', LastName: 'Byron' });
		await upsertIntoSalesforce(salesforce, [person(1, { optedOut: true })], { settings: { mode } });
		expect(optedOutOf('p1@x.example')).toEqual([true]);
	});

	it.each(['none', 'oldest', 'newest'] as const)(
		'reaches every record with the address (S4, %s)',
		async (severalMatches) => {
			for (let count = 0; count < 3; count++)
				await addRecord(salesforce, { Email: 'P1@x.example', LastName: `B ${count}` });
			const report = await upsertIntoSalesforce(salesforce, [person(1, { optedOut: true })], { severalMatches });
			expect(recordsOf(salesforce, 'Contact').map((row) => row['HasOptedOutOfEmail'])).toEqual([true, true, true]);
			if (severalMatches === 'none') expect(statusCounts(report)).toEqual({ 'failed SEVERAL_MATCHES': 1 });
		},
	);

	it('reaches the record of a contact that has lost its address', async () => {
		await upsertIntoSalesforce(salesforce, [person(1)]);
		const gone = mapped(1, { attributes: { LastName: 'Lovelace 1' } }, { optedOut: true });
		await upsertIntoSalesforce(salesforce, [gone]);
		expect(optedOutOf('p1@x.example')).toEqual([true]);
	});
});

describe('an opt-out of a record that is refused', () => {
	const refuse = async (field: string, value: string): Promise<unknown> =>
		await operate(salesforce, 'validationRule', { object: 'Contact', field, condition: 'equals', value, message: 'Not so' }); // prettier-ignore
	const batch = [person(1, { optedOut: true }), person(2)];

	it('is carried alone where the rest of it is what is refused', async () => {
		await addRecord(salesforce, { Email: 'p1@x.example', LastName: 'Byron' });
		await refuse('LastName', 'Lovelace 1');
		const report = await upsertIntoSalesforce(salesforce, batch);
		expect(statusCounts(report)).toEqual({ 'failed DESTINATION_REFUSED': 1, created: 1 });
		expect(report.results[0]?.warnings.map(({ code }) => code)).toEqual(['OPT_OUT_CARRIED']);
		expect(optedOutOf('p1@x.example')).toEqual([true]);
	});

	it('is told as not carried where it is refused as well', async () => {
		await addRecord(salesforce, { Email: 'p1@x.example', LastName: 'Byron' });
		await refuse('Email', 'p1@x.example');
		const report = await upsertIntoSalesforce(salesforce, batch);
		expect(statusCounts(report)).toEqual({ 'failed DESTINATION_REFUSED': 1, created: 1 });
		expect(report.results[0]?.warnings).toMatchObject([{ field: 'HasOptedOutOfEmail', code: 'OPT_OUT_NOT_CARRIED' }]);
		expect(optedOutOf('p1@x.example')).toEqual([false]);
	});
});

describe('several records with one address', () => {
	const two = async (): Promise<[string, string]> => {
		const older = await addRecord(salesforce, { Email: 'p1@x.example', LastName: 'Byron' });
		salesforce.clock.advance(60_000);
		return [older, await addRecord(salesforce, { Email: 'p1@x.example', LastName: 'Babbage' })];
	};

	it('end as a conflict that names them (S4)', async () => {
		const ids = await two();
		const { results } = await upsertIntoSalesforce(salesforce, [person(1)]);
		expect(results[0]?.outcome).toMatchObject({ status: 'failed', code: 'SEVERAL_MATCHES' });
		for (const id of ids) expect(results[0]?.outcome.message).toContain(id);
		expect(JSON.stringify(results)).not.toContain('p1@x.example');
	});

	it.each(['oldest', 'newest'] as const)('leave the %s to be written', async (severalMatches) => {
		const [older, newer] = await two();
		const { results } = await upsertIntoSalesforce(salesforce, [person(1)], { severalMatches });
		expect(results[0]?.outcome).toMatchObject({
			status: 'updated',
			destinationId: severalMatches === 'oldest' ? older : newer,
		});
		expect(statusCounts(await upsertIntoSalesforce(salesforce, [person(1)]))).toEqual({ unchanged: 1 });
	});

	it('are no conflict where one carries the key', async () => {
		const [, newer] = await two();
		await operate(salesforce, 'changeRecord', { object: 'Contact', id: newer, values: { [KEY_FIELD]: 'hubspot:1:contact:1' } }); // prettier-ignore
		const { results } = await upsertIntoSalesforce(salesforce, [person(1)]);
		expect(results[0]?.outcome).toMatchObject({ status: 'updated', destinationId: newer });
	});

	it('are no conflict where another contact of the source made all but one', async () => {
		const [older, newer] = await two();
		await operate(salesforce, 'changeRecord', { object: 'Contact', id: older, values: { [KEY_FIELD]: 'hubspot:1:contact:9' } }); // prettier-ignore
		const { results } = await upsertIntoSalesforce(salesforce, [person(1)]);
		expect(results[0]?.outcome).toMatchObject({ status: 'updated', destinationId: newer });
		await operate(salesforce, 'changeRecord', { object: 'Contact', id: newer, values: { [KEY_FIELD]: 'webshop:7:customer:1' } }); // prettier-ignore
		const again = await upsertIntoSalesforce(salesforce, [person(1)]);
		expect(again.results[0]?.outcome).toMatchObject({ destinationId: newer });
	});
});
