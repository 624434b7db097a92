import type { Connection } from 'jsforce';
import { startSalesforce, type RunningSalesforce } from '../../../../sandbox/salesforce';
import { connectTo, failure, rowCodes } from '../jsforceCalls';
import { callsTo, type Calls } from '../salesforceCalls';

// The forms in which fields take their values.

let salesforce: RunningSalesforce;
let call: Calls;
let connection: Connection;
beforeAll(async () => {
	salesforce = await startSalesforce({ contacts: 10, leads: 5 });
	call = callsTo(salesforce);
});
afterAll(() => salesforce.close());
beforeEach(() => {
	salesforce.reset();
	salesforce.settings.badJsonFails = 'row';
	connection = connectTo(salesforce);
});

const create = (values: readonly object[]) => connection.sobject('Contact').create(values.map((one) => ({ LastName: 'L', ...one }))); // prettier-ignore
/** What a field holds after a create with this value, or the code of its refusal. */
async function kept(field: string, values: readonly unknown[]): Promise<unknown[]> {
	const results = await create(values.map((value) => ({ [field]: value })));
	const codes = rowCodes(results);
	const rows = await Promise.all(
		results.map(async ({ id }) => (id === undefined ? undefined : await connection.sobject('Contact').retrieve(id))),
	);
	return rows.map((row, index) => (row === undefined ? codes[index] : (row[field] as unknown)));
}

describe('values', () => {
	it('multi-select: joined by semicolons, stored in the order of the options, free text only where it is not restricted', async () => {
		const BAD = 'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST';
		const given = ['Running;Tea', 'Tea;Tea', 'Tea, Books', 'Tea;Golf', null, ''];
		expect(await kept('Interests__c', given)).toEqual(['Tea;Running', 'Tea', BAD, BAD, null, null]);
		salesforce.settings.multiSelectOrder = 'asGiven';
		expect(await kept('Interests__c', ['Running;Tea'])).toEqual(['Running;Tea']);
		salesforce.settings.multiSelectOrder = 'asDefined';
		await call.operate('setField', {
			object: 'Contact',
			name: 'Topics__c',
			type: 'multipicklist',
			options: ['A', 'B'],
		});
		expect(await kept('Topics__c', ['Zoo;B;A'])).toEqual(['A;B;Zoo']);
	});

	it('checkboxes take booleans alone, and are false where nothing is given', async () => {
		const JSON_ERROR = 'JSON_PARSER_ERROR';
		expect(await kept('Newsletter__c', [true, false, 'true', 1])).toEqual([true, false, JSON_ERROR, JSON_ERROR]);
		expect(await kept('Newsletter__c', [undefined])).toEqual([false]);
	});

	it('dates are days, datetimes have a zone and whole seconds', async () => {
		const BAD = 'JSON_PARSER_ERROR';
		const days = ['1990-02-28', '1990-02-30', '28.02.1990', '1990-02-28T00:00:00Z', 636_076_800_000, null];
		expect(await kept('Member_Since__c', days)).toEqual(['1990-02-28', BAD, BAD, BAD, BAD, null]);
		const instants = ['2025-03-01T10:00:00.700Z', '2025-03-01T10:00:00+0200', '2025-03-01T10:00:00', '2025-03-01'];
		const stored = ['2025-03-01T10:00:00.000+0000', '2025-03-01T08:00:00.000+0000', BAD, BAD];
		expect(await kept('Last_Visit__c', instants)).toEqual(stored);
	});

	it('numbers have a precision and a scale', async () => {
		await call.operate('setField', { object: 'Contact', name: 'Score__c', type: 'double', precision: 5, scale: 2 });
		const [BAD, RANGE] = ['JSON_PARSER_ERROR', 'NUMBER_OUTSIDE_VALID_RANGE'];
		expect(await kept('Score__c', [1.234, '2.5', -999.99, 1_000, '1,5', ''])).toEqual([1.23, 2.5, -999.99, RANGE, BAD, BAD]); // prettier-ignore
	});

	it('texts lose the blanks at their ends, and are empty when nothing else is left; line breaks of areas become two characters', async () => {
		expect(await kept('Title', [' T  x ', '\u00a0T', '   '])).toEqual(['T  x', '\u00a0T', null]);
		expect(await kept('LastName', ['  '])).toEqual(['REQUIRED_FIELD_MISSING']);
		expect(await kept('Notes__c', ['a\nb\r\nc'])).toEqual(['a\r\nb\r\nc']);
		const contact = connection.sobject('Contact');
		const upsert = (key: string) => contact.upsert([{ HubSpot_Id__c: key, LastName: 'L' }], 'HubSpot_Id__c');
		const [made] = await upsert(' k1 ');
		expect((await upsert('K1'))[0]).toMatchObject({ id: made?.id, created: false });
		expect((await upsert(' k1'))[0]).toMatchObject({ id: made?.id, created: false });
		expect(rowCodes(await upsert('  '))).toEqual(['MISSING_ARGUMENT']);
		salesforce.settings.lineBreaks = 'asGiven';
		expect(await kept('Notes__c', ['a\nb'])).toEqual(['a\nb']);
	});

	it('an address is stored in small letters, and a new one ends the bounce of the one before', async () => {
		expect(await kept('Email', ['Jane@One.Example'])).toEqual(['jane@one.example']);
		const bounced = { Email: 'bad@one.example', EmailBouncedDate: '2025-05-06T07:08:09Z', EmailBouncedReason: '550' };
		const contact = connection.sobject('Contact');
		const results = await create([bounced, bounced].map((one, n) => ({ ...one, Email: `${n}${one.Email}` })));
		const [first, second] = results.map(({ id }) => id as string) as [string, string];
		await contact.update({ Id: first, Email: 'good@one.example' });
		expect(await contact.retrieve(first)).toMatchObject({ IsEmailBounced: false, EmailBouncedReason: null });
		await contact.update({ Id: second, Email: '1BAD@one.example' });
		expect(await contact.retrieve(second)).toMatchObject({ IsEmailBounced: true });
		Object.assign(salesforce.settings, { emailCase: 'asGiven', addressChangeClearsBounce: false });
		await contact.update({ Id: second, Email: 'Good@Two.Example' });
		expect(await contact.retrieve(second)).toMatchObject({ Email: 'Good@Two.Example', IsEmailBounced: true });
	});

	it('phones are any text of 40 characters', async () => {
		expect(await kept('Phone', ['ask Anna', '+33 1 23 45 67 89', '1'.repeat(41)])).toEqual(['ask Anna', '+33 1 23 45 67 89', 'STRING_TOO_LONG']); // prettier-ignore
	});

	it('a request that is too large is refused as a whole with 413', async () => {
		const big = { records: [{ attributes: { type: 'Contact' }, LastName: 'L', Description: 'x'.repeat(60_000_000) }] };
		const before = salesforce.store.table('Contact').rows.size;
		expect(await call('POST', '/composite/sobjects', big)).toMatchObject({ status: 413, body: [{ errorCode: 'REQUEST_ENTITY_TOO_LARGE' }] }); // prettier-ignore
		expect(salesforce.store.table('Contact').rows.size).toBe(before);
	});

	it('a field of another name refuses the request, or its row alone', async () => {
		expect(rowCodes(await create([{ Nope__c: 1 }, {}]))).toEqual(['INVALID_FIELD', 'ok']);
		salesforce.settings.badJsonFails = 'request';
		expect((await failure(create([{ Nope__c: 1 }, {}]))).errorCode).toBe('INVALID_FIELD');
	});
});
