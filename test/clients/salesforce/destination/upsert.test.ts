import { salesforceWriting } from '../../../../clients/salesforce/api/firstSyncCost';
import type { MappedContact } from '../../../../core/contact/contact';
import type { HttpRequest } from '../../../../core/ports';
import type { RunningSalesforce } from '../../../../sandbox/salesforce';
import { startSalesforce } from '../../../../sandbox/salesforce';
import { mapped } from '../../../support/mappedContacts';
import { statusCounts } from '../../../support/brevoAccount';
import { clientOf, operate, sandboxHttp } from '../support/organisation';
import { addRecord, KEY_FIELD, recordsOf, upsertIntoSalesforce, withEmail, writesIn } from './upsertIntoSalesforce';
import { sizeOf } from '../../../support/sizes';

let salesforce: RunningSalesforce;
beforeAll(async () => {
	salesforce = await startSalesforce({ contacts: 0, leads: 0, awkward: false, settings: { duplicateRule: 'off' } });
});
beforeEach(() => salesforce.reset());
afterAll(async () => await salesforce.close());

const person = (id: number, more: Record<string, string | null> = {}): MappedContact =>
	mapped(id, {
		email: `person${id}@crowd.example`,
		attributes: { LastName: `Lovelace ${id}`, FirstName: 'Ada', Title: 'Countess', Phone: '+493012345', ...more },
	});

const crowd = (count: number): MappedContact[] => Array.from({ length: count }, (_none, index) => person(index + 1));

describe('a batch of contacts', () => {
	it('is created, and a second run with the same values writes nothing', async () => {
		const batch = crowd(250);
		const first = await upsertIntoSalesforce(salesforce, batch);
		expect(statusCounts(first)).toEqual({ created: 250 });
		expect(withEmail(salesforce, 'person7@crowd.example')).toMatchObject([
			{ LastName: 'Lovelace 7', Title: 'Countess', [KEY_FIELD]: 'hubspot:1:contact:7', HasOptedOutOfEmail: false },
		]);
		salesforce.requests.clear();
		expect(statusCounts(await upsertIntoSalesforce(salesforce, batch))).toEqual({ unchanged: 250 });
		expect(writesIn(salesforce)).toBe(0);
	});

	const many = sizeOf(2_000, 10_000);
	const mostCalls = sizeOf(16, 110);
	it(`of 10,000 takes at most 110 calls, and as many again only to read (S29): ${many}`, async () => {
		const batch = crowd(many);
		const first = await upsertIntoSalesforce(salesforce, batch);
		expect(statusCounts(first)).toEqual({ created: many });
		expect(salesforce.requests.total).toBeLessThanOrEqual(mostCalls);
		expect(first.cost).toEqual({ tasks: many, calls: salesforce.requests.total });
		const foreseen = salesforceWriting(false).calls(many);
		expect(Math.abs(foreseen - salesforce.requests.total)).toBeLessThanOrEqual(sizeOf(1, 5));
		salesforce.requests.clear();
		const again = batch.map((one) => ({
			...one,
			contact: { ...one.contact, attributes: { ...one.contact.attributes, Title: 'Queen' } },
		}));
		expect(statusCounts(await upsertIntoSalesforce(salesforce, again))).toEqual({ updated: many });
		expect(salesforce.requests.total).toBeLessThanOrEqual(mostCalls);
	}, 60_000);

	it('updates what differs and nothing else (S27)', async () => {
		const id = await addRecord(salesforce, {
			Email: 'Person1@Crowd.example',
			LastName: 'Lovelace 1',
			FirstName: 'Ada',
			Title: 'Lady',
			Phone: '(+49) 30 12345',
			Department: 'Engines',
		});
		const report = await upsertIntoSalesforce(salesforce, [person(1)]);
		expect(report.results[0]?.outcome).toMatchObject({
			status: 'updated',
			destinationId: id,
			changes: { Title: { from: 'Lady', to: 'Countess' }, [KEY_FIELD]: { from: null, to: 'hubspot:1:contact:1' } },
		});
		const [row] = recordsOf(salesforce, 'Contact');
		expect(row).toMatchObject({ Phone: '(+49) 30 12345', Department: 'Engines', Email: 'Person1@Crowd.example' });
	});

	it('is found by its key when its address changed (HB-24)', async () => {
		await upsertIntoSalesforce(salesforce, [person(1)]);
		const moved = { ...person(1), contact: { ...person(1).contact, email: 'countess@crowd.example' } };
		expect(statusCounts(await upsertIntoSalesforce(salesforce, [moved]))).toEqual({ updated: 1 });
		expect(recordsOf(salesforce, 'Contact')).toMatchObject([{ Email: 'countess@crowd.example' }]);
	});

	it('is found by its address alone where there is no key field, and by the former one after a change', async () => {
		await upsertIntoSalesforce(salesforce, [person(1)], { keyField: undefined });
		const moved = mapped(
			1,
			{ email: 'countess@crowd.example', attributes: { LastName: 'Lovelace 1' } },
			{ previousEmail: 'person1@crowd.example' },
		);
		const report = await upsertIntoSalesforce(salesforce, [moved], { keyField: undefined });
		expect(statusCounts(report)).toEqual({ updated: 1 });
		expect(recordsOf(salesforce, 'Contact')).toMatchObject([{ Email: 'countess@crowd.example', [KEY_FIELD]: null }]);
	});

	it('uses a key field of ours without being told', async () => {
		await operate(salesforce, 'setField', { object: 'Contact', name: 'Contact_Sync_Key__c', type: 'string', externalId: true, unique: true }); // prettier-ignore
		await upsertIntoSalesforce(salesforce, [person(1)], { keyField: undefined });
		expect(recordsOf(salesforce, 'Contact')).toMatchObject([{ Contact_Sync_Key__c: 'hubspot:1:contact:1' }]);
	});

	it('clears a value with null and never empties a required one (SB-21)', async () => {
		await upsertIntoSalesforce(salesforce, [person(1)]);
		const report = await upsertIntoSalesforce(salesforce, [person(1, { Title: null, LastName: null })]);
		expect(report.results[0]?.outcome.changes).toEqual({ Title: { from: 'Countess', to: null } });
		expect(report.results[0]?.warnings).toMatchObject([{ field: 'LastName', code: 'REQUIRED_VALUE_KEPT' }]);
		expect(recordsOf(salesforce, 'Contact')).toMatchObject([{ Title: null, LastName: 'Lovelace 1' }]);
	});

	it('names what a new record lacks before anything is written (S25)', async () => {
		const report = await upsertIntoSalesforce(salesforce, [person(1, { LastName: null })]);
		expect(report.results[0]?.outcome).toMatchObject({ status: 'excluded', code: 'REQUIRED_FIELD_MISSING' });
		expect(report.results[0]?.outcome.message).toContain('Last Name is empty');
		expect(writesIn(salesforce)).toBe(0);
	});

	it.each([
		['Contact', { LastName: 'L'.repeat(95) }, 'Last Name has 95 characters; at most 80 fit'],
		['Lead', { LastName: 'Byron', Company: 'C'.repeat(300) }, 'Company has 300 characters; at most 255 fit'],
		['Lead', { LastName: 'L'.repeat(95) }, 'Last Name has 95 characters; at most 80 fit. Company is empty'],
	] as const)(
		'names the required value that does not fit, its length and the limit (SB-21, SB-25): %s %#',
		async (object, attributes, words) => {
			const report = await upsertIntoSalesforce(salesforce, [mapped(1, { email: 'long@crowd.example', attributes })], { object }); // prettier-ignore
			const { status, code, message } = report.results[0]?.outcome ?? {};
			expect([status, code]).toEqual(['excluded', words.includes('empty') ? 'REQUIRED_FIELD_MISSING' : 'REQUIRED_VALUE_UNUSABLE']); // prettier-ignore
			expect(message).toContain(`${words}. `);
			if (!words.includes('empty')) expect(message).not.toMatch(/empty/);
			expect(writesIn(salesforce)).toBe(0);
		},
	);

	it('names why a required value was left out by the mapping (SB-25)', async () => {
		const message = "Last Name: the value of 'lastname' has 95 characters; at most 80 fit";
		const long = mapped(1, { email: 'long@crowd.example', attributes: {} }, { warnings: [{ field: 'LastName', code: 'VALUE_TOO_LONG', message }] }); // prettier-ignore
		const [told] = (await upsertIntoSalesforce(salesforce, [long])).results;
		expect(told?.outcome).toMatchObject({ status: 'excluded', code: 'REQUIRED_VALUE_UNUSABLE' });
		expect(told?.outcome.message).toContain(`${message}. `);
	});

	it('tells the length of a value that does not fit, and the limit (SB-25)', async () => {
		const [told] = (await upsertIntoSalesforce(salesforce, [person(1, { FirstName: 'F'.repeat(41) })])).results;
		expect(told?.warnings).toEqual([{ field: 'FirstName', code: 'VALUE_TOO_LONG', message: expect.stringContaining('First Name has 41 characters; at most 40 fit. ') as string }]); // prettier-ignore
	});

	it('creates none in the mode that updates only (S22)', async () => {
		const report = await upsertIntoSalesforce(salesforce, [person(1)], { settings: { mode: 'updateOnly' } });
		expect(statusCounts(report)).toEqual({ 'excluded UPDATE_ONLY': 1 });
		expect(recordsOf(salesforce, 'Contact')).toEqual([]);
	});

	it('of leads leaves their owners alone (S24)', async () => {
		const lead = mapped(1, { email: 'lead@crowd.example', attributes: { LastName: 'Byron', Company: 'Poems' } });
		await upsertIntoSalesforce(salesforce, [lead], { object: 'Lead' });
		const [row] = recordsOf(salesforce, 'Lead');
		expect(row).toMatchObject({ Company: 'Poems', OwnerId: row?.['CreatedById'] });
	});

	it('may exchange addresses, which are not unique there', async () => {
		await upsertIntoSalesforce(salesforce, [person(1), person(2)]);
		const swapped = [1, 2].map((id) => {
			const one = person(id);
			return { ...one, contact: { ...one.contact, email: `person${3 - id}@crowd.example` } };
		});
		expect(statusCounts(await upsertIntoSalesforce(salesforce, swapped))).toEqual({ updated: 2 });
		expect(withEmail(salesforce, 'person2@crowd.example')).toMatchObject([{ [KEY_FIELD]: 'hubspot:1:contact:1' }]);
		expect(withEmail(salesforce, 'person1@crowd.example')).toMatchObject([{ [KEY_FIELD]: 'hubspot:1:contact:2' }]);
		expect(statusCounts(await upsertIntoSalesforce(salesforce, swapped))).toEqual({ unchanged: 2 });
	});

	it('whose key another process wrote in between is read anew and updated', async () => {
		const client = clientOf(salesforce, {
			send: async (request) => {
				if (request.method === 'POST' && request.path.endsWith('/composite/sobjects') && !raced) {
					raced = await addRecord(salesforce, { Email: 'person1@crowd.example', [KEY_FIELD]: 'hubspot:1:contact:1' });
				}
				return await sandboxHttp(salesforce).send(request);
			},
		});
		let raced = '';
		const report = await upsertIntoSalesforce(salesforce, [person(1), person(2)], { client });
		expect(statusCounts(report)).toEqual({ updated: 1, created: 1 });
		expect(report.results[0]?.outcome.destinationId).toBe(raced);
		expect(recordsOf(salesforce, 'Contact')).toHaveLength(2);
	});

	it('of one account are written one after the other, all calls in turn (S11)', async () => {
		const accounts = ['Acme', 'Engines'].map((Name) => String(salesforce.store.insert('Account', { Name })['Id']));
		for (let id = 1; id <= 300; id++)
			await addRecord(salesforce, { Email: `person${id}@crowd.example`, AccountId: accounts[id % 2] ?? null });
		salesforce.settings.writeMs = 20;
		const seen: HttpRequest[] = [];
		const client = clientOf(salesforce, sandboxHttp(salesforce, seen));
		expect(statusCounts(await upsertIntoSalesforce(salesforce, crowd(300), { client }))).toEqual({ updated: 300 });
		const writes = seen.filter(({ method }) => method === 'PATCH');
		expect(writes).toHaveLength(2);
		const ids = writes.flatMap(({ body }) => (body as { records: Array<{ id: string }> }).records.map(({ id }) => id));
		const order = ids.map((id) => salesforce.store.find('Contact', id)?.['AccountId']);
		expect(order).toEqual([...order].sort());
	});
});
