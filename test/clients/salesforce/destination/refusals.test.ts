import type { MappedContact } from '../../../../core/contact/contact';
import type { RunningSalesforce } from '../../../../sandbox/salesforce';
import { startSalesforce } from '../../../../sandbox/salesforce';
import { statusCounts } from '../../../support/brevoAccount';
import { mapped } from '../../../support/mappedContacts';
import { operate } from '../support/organisation';
import { addRecord, KEY_FIELD, recordsOf, upsertIntoSalesforce, withEmail, writesIn } from './upsertIntoSalesforce';

let salesforce: RunningSalesforce;
beforeAll(async () => {
	salesforce = await startSalesforce({ contacts: 0, leads: 0, awkward: false });
});
beforeEach(() => {
	salesforce.reset();
	salesforce.settings.duplicateRule = 'off';
});
afterAll(async () => await salesforce.close());

type Values = Record<string, string | number | boolean | null | readonly string[]>;

const person = (id: number, values: Values = {}): MappedContact =>
	mapped(id, { email: `p${id}@x.example`, attributes: { LastName: `Lovelace ${id}`, ...values } });

const people = (count: number): MappedContact[] => Array.from({ length: count }, (_none, index) => person(index + 1));

const failRows = async (fault: Record<string, unknown>): Promise<unknown> =>
	await operate(salesforce, 'failRows', { object: 'Contact', ...fault });

describe('a value that Salesforce refuses', () => {
	it('costs the value and not the contact, also where several are refused at once (S14)', async () => {
		await operate(salesforce, 'setField', { object: 'Contact', name: 'Code__c', type: 'string', unique: true });
		await addRecord(salesforce, { Email: 'other@x.example', Code__c: 'A1' });
		const batch = [person(1, { Code__c: 'A1', Title: 'Countess' }), person(2, { Code__c: 'B2', Title: 'Lord' })];
		const report = await upsertIntoSalesforce(salesforce, batch);
		expect(statusCounts(report)).toEqual({ created: 2 });
		const refused = { field: 'Code__c', code: 'VALUE_REFUSED' };
		const holder = expect.stringContaining('is on record 003') as string;
		expect(report.results[0]?.warnings).toMatchObject([refused, { ...refused, message: holder }]);
		const [first] = withEmail(salesforce, 'p1@x.example');
		expect([first?.['Title'], first?.['Code__c'] ?? null]).toEqual(['Countess', null]);
		expect(withEmail(salesforce, 'p2@x.example')).toMatchObject([{ Code__c: 'B2', Title: 'Lord' }]);
	});

	it.each([
		['STRING_TOO_LONG', 'Title: data value too large: Ada (max length=1)'],
		['INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST', 'Title: bad value for restricted picklist field: Countess'],
		['NUMBER_OUTSIDE_VALID_RANGE', 'Title: value outside of valid range on numeric field'],
	])('with %s is left out, by its field or by its label', async (statusCode, message) => {
		await failRows({ statusCode, message, fields: ['Title'], field: 'Title', value: 'Countess', times: 0 });
		await failRows({ statusCode, message, field: 'Title', value: 'Lord', times: 0 });
		const report = await upsertIntoSalesforce(salesforce, [
			person(1, { Title: 'Countess' }),
			person(2, { Title: 'Lord' }),
			person(3),
		]);
		expect(statusCounts(report)).toEqual({ created: 3 });
		expect(report.results.map(({ warnings }) => warnings.map(({ code }) => code))).toEqual([
			['VALUE_REFUSED'],
			['VALUE_REFUSED'],
			[],
		]);
		expect(JSON.stringify(report)).not.toContain('too large: Ada');
	});

	it('costs a new contact where it is the address or a required value', async () => {
		await failRows({ statusCode: 'INVALID_EMAIL_ADDRESS', message: 'Email: invalid email address: p1@x.example', fields: ['Email'], field: 'Email', value: 'p1@x.example', times: 0 }); // prettier-ignore
		await failRows({ statusCode: 'STRING_TOO_LONG', message: 'Last Name: data value too large', fields: ['LastName'], field: 'LastName', value: 'Lovelace 2', times: 0 }); // prettier-ignore
		const report = await upsertIntoSalesforce(salesforce, people(3));
		expect(statusCounts(report)).toEqual({ 'failed DESTINATION_REFUSED': 2, created: 1 });
		expect(report.results[0]?.outcome.message).toContain('INVALID_EMAIL_ADDRESS');
		expect(JSON.stringify(report.results[0])).not.toContain('p1@x');
	});

	it('is told with the limit where the address is too long', async () => {
		const email = `${'a'.repeat(60)}@${'b'.repeat(30)}.example`;
		const report = await upsertIntoSalesforce(salesforce, [mapped(1, { email, attributes: { LastName: 'Lovelace' } })]);
		expect(statusCounts(report)).toEqual({ 'failed DESTINATION_REFUSED': 1 });
		expect(report.results[0]?.outcome.message).toContain(
			"'Email' is longer than the 80 characters that Salesforce takes",
		);
	});

	it('costs a contact that is there the value alone, also where it is required', async () => {
		await addRecord(salesforce, { Email: 'p2@x.example', LastName: 'Byron' });
		await failRows({ statusCode: 'STRING_TOO_LONG', message: 'Last Name: data value too large', fields: ['LastName'], field: 'LastName', value: 'Lovelace 2', times: 0 }); // prettier-ignore
		const report = await upsertIntoSalesforce(salesforce, [person(2, { Title: 'Countess' })]);
		expect(statusCounts(report)).toEqual({ updated: 1 });
		expect(recordsOf(salesforce, 'Contact')).toMatchObject([{ LastName: 'Byron', Title: 'Countess' }]);
	});
});

describe('a record that Salesforce refuses', () => {
	it.each([
		['FIELD_CUSTOM_VALIDATION_EXCEPTION', 'Ask sales first', 'DESTINATION_REFUSED', 'Ask sales first'],
		['DUPLICATES_DETECTED', 'Use one of these records?', 'DUPLICATE_RULE', 'duplicate rule'],
		['REQUIRED_FIELD_MISSING', 'Required fields are missing: [Title]', 'REQUIRED_FIELD_MISSING', 'demands'],
		['INSUFFICIENT_ACCESS_OR_READONLY', 'insufficient access rights on object id', 'PERMISSION_MISSING', 'may not'],
		['CANNOT_EXECUTE_FLOW_TRIGGER', 'The flow failed', 'DESTINATION_REFUSED', 'The flow failed'],
		['INVALID_CROSS_REFERENCE_KEY', 'invalid cross reference id', 'DESTINATION_REFUSED', 'refers to a record'],
		['ENTITY_IS_DELETED', 'entity is deleted', 'DESTINATION_REFUSED', 'refers to a record'],
		[
			'DUPLICATE_VALUE',
			'duplicate value found: <unknown> duplicates value on record with id: <unknown>',
			'DESTINATION_REFUSED',
			'must be unique',
		],
		['ENTITY_IS_LOCKED', 'the entity is locked for editing', 'DESTINATION_REFUSED', 'approval'],
		['SOMETHING_NEW', 'p1@x.example is odd', 'DESTINATION_REFUSED', 'SOMETHING_NEW'],
	])('with %s ends with its reason, and the others go on (S3, S26)', async (statusCode, message, code, said) => {
		await failRows({ statusCode, message, field: 'Email', value: 'p1@x.example', times: 0 });
		const report = await upsertIntoSalesforce(salesforce, people(3));
		expect(statusCounts(report)).toEqual({ [`failed ${code}`]: 1, created: 2 });
		expect(report.results[0]?.outcome).toMatchObject({ retryable: false });
		expect(report.results[0]?.outcome.message).toContain(said);
		expect(report.results[0]?.outcome.message).not.toContain('p1@x');
		expect(report.failure).toBeUndefined();
	});

	it('does not take the others of its call along where a trigger takes all of them back (S16)', async () => {
		await operate(salesforce, 'breakBatch', { object: 'Contact', field: 'LastName', value: 'Lovelace 3', message: 'No threes' }); // prettier-ignore
		const report = await upsertIntoSalesforce(salesforce, people(8));
		expect(statusCounts(report)).toEqual({ 'failed DESTINATION_REFUSED': 1, created: 7 });
		expect(report.results[2]?.outcome.status).toBe('failed');
		expect(recordsOf(salesforce, 'Contact')).toHaveLength(7);
	});

	it('is not split where each is refused by itself', async () => {
		await failRows({ statusCode: 'FIELD_CUSTOM_VALIDATION_EXCEPTION', message: 'Not today', times: 0 });
		const report = await upsertIntoSalesforce(salesforce, people(8));
		expect(statusCounts(report)).toEqual({ 'failed DESTINATION_REFUSED': 8 });
		expect(writesIn(salesforce)).toBe(1);
	});

	it('for a duplicate rule that alerts is saved all the same by option, never for one that blocks (S1)', async () => {
		salesforce.settings.duplicateRule = 'alert';
		await operate(salesforce, 'duplicateRule', { object: 'Contact', action: 'alert', match: 'nameAndCompany' });
		await addRecord(salesforce, { Email: 'other@x.example', LastName: 'Lovelace 1' });
		const refused = await upsertIntoSalesforce(salesforce, people(1));
		expect(statusCounts(refused)).toEqual({ 'failed DUPLICATE_RULE': 1 });
		const saved = await upsertIntoSalesforce(salesforce, people(1), { saveDuplicates: true });
		expect(statusCounts(saved)).toEqual({ created: 1 });
		await operate(salesforce, 'duplicateRule', { object: 'Contact', action: 'block', match: 'nameAndCompany' });
		await addRecord(salesforce, { Email: 'second@x.example', LastName: 'Lovelace 2' });
		const blocked = await upsertIntoSalesforce(salesforce, [person(2)], { saveDuplicates: true });
		expect(statusCounts(blocked)).toEqual({ 'failed DUPLICATE_RULE': 1 });
	});
});

it('a change that refers to a record that is gone is refused for good, and does not come again without end', async () => {
	await upsertIntoSalesforce(salesforce, people(2));
	await failRows({ statusCode: 'INVALID_CROSS_REFERENCE_KEY', message: 'Owner ID: owner cannot be blank', fields: ['OwnerId'], field: 'Email', value: 'p1@x.example', times: 0 }); // prettier-ignore
	const changed = [1, 2].map((id) => person(id, { Title: 'Countess' }));
	const report = await upsertIntoSalesforce(salesforce, changed);
	expect(statusCounts(report)).toEqual({ 'failed DESTINATION_REFUSED': 1, updated: 1 });
	expect(report.results[0]?.outcome.message).toContain('OwnerId');
	expect(report.failure).toBeUndefined();
});

it.each(['SERVER_UNAVAILABLE', 'REQUEST_RUNNING_TOO_LONG'])(
	'a record that Salesforce did not get to comes again with the next delivery: %s',
	async (statusCode) => {
		await failRows({ statusCode, message: 'Busy', field: 'Email', value: 'p1@x.example', times: 0 });
		const report = await upsertIntoSalesforce(salesforce, people(3));
		expect(statusCounts(report)).toEqual({ 'failed UNAVAILABLE': 1, created: 2 });
		expect(report.failure?.kind).toBe('retry');
	},
);

describe('a locked record', () => {
	it.each([false, true])('is written again after a while, alone (S11, S12; hidden: %s)', async (hidden) => {
		await operate(salesforce, 'lockRows', { object: 'Contact', times: 2, hidden });
		const report = await upsertIntoSalesforce(salesforce, people(5));
		expect(statusCounts(report)).toEqual({ created: 5 });
		expect(recordsOf(salesforce, 'Contact')).toHaveLength(5);
		expect(writesIn(salesforce)).toBe(2);
	});

	it('that stays locked comes again with the next delivery', async () => {
		await operate(salesforce, 'lockRows', { object: 'Contact', times: 0 });
		const report = await upsertIntoSalesforce(salesforce, people(2));
		expect(statusCounts(report)).toEqual({ 'failed RECORD_LOCKED': 2 });
		expect(report.results[0]?.outcome.retryable).toBe(true);
		expect(report.failure).toMatchObject({ kind: 'retry', code: 'RECORD_LOCKED' });
		expect(writesIn(salesforce)).toBe(4);
	});
});

describe('a create whose answer is lost', () => {
	it('is not repeated; the next delivery finds the records by their keys', async () => {
		salesforce.faults.next('POST /services/data/v66.0/composite/sobjects', { kind: 'afterWork' });
		const report = await upsertIntoSalesforce(salesforce, people(3));
		expect(report.failure).toMatchObject({ kind: 'retry' });
		expect(writesIn(salesforce)).toBe(1);
		const again = await upsertIntoSalesforce(salesforce, people(3));
		expect(statusCounts(again)).toEqual({ unchanged: 3 });
		expect(again.failure).toBeUndefined();
		expect(recordsOf(salesforce, 'Contact')).toHaveLength(3);
	});
});

describe('a record that was deleted', () => {
	it('counts as absent, and the contact is created anew (S9)', async () => {
		await upsertIntoSalesforce(salesforce, people(1));
		const [row] = recordsOf(salesforce, 'Contact');
		await operate(salesforce, 'deleteRecord', { object: 'Contact', id: row?.['Id'] });
		expect(statusCounts(await upsertIntoSalesforce(salesforce, people(1)))).toEqual({ created: 1 });
		expect(recordsOf(salesforce, 'Contact')).toMatchObject([{ [KEY_FIELD]: 'hubspot:1:contact:1' }]);
	});

	it('while it is written comes again with the next delivery', async () => {
		await upsertIntoSalesforce(salesforce, people(1));
		await failRows({ statusCode: 'ENTITY_IS_DELETED', message: 'entity is deleted', times: 0 });
		const report = await upsertIntoSalesforce(salesforce, [person(1, { Title: 'Countess' })]);
		expect(report.failure).toMatchObject({ kind: 'retry' });
	});
});

it('a right that is missing after all stops the run with its first call', async () => {
	await failRows({ statusCode: 'CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY', message: 'entity type cannot be inserted: Contact', times: 0 }); // prettier-ignore
	const report = await upsertIntoSalesforce(salesforce, people(250));
	expect(report.failure).toMatchObject({ kind: 'stop', code: 'PERMISSION_MISSING' });
	expect(writesIn(salesforce)).toBe(1);
});

it('a storage that is full stops the run with its first call', async () => {
	salesforce.settings.storageFull = true;
	const report = await upsertIntoSalesforce(salesforce, people(250));
	expect(report.failure).toMatchObject({ kind: 'stop', code: 'ACCOUNT_RESTRICTED' });
	expect(writesIn(salesforce)).toBe(1);
});

it('a storage that is full holds back no change and no opt-out of records that are there', async () => {
	await addRecord(salesforce, { Email: 'p2@x.example', LastName: 'Byron' });
	salesforce.settings.storageFull = true;
	const report = await upsertIntoSalesforce(salesforce, [person(1), { ...person(2), optedOut: true }]);
	expect(statusCounts(report)).toEqual({ 'failed ACCOUNT_RESTRICTED': 1, updated: 1 });
	expect(recordsOf(salesforce, 'Contact')).toMatchObject([{ LastName: 'Lovelace 2', HasOptedOutOfEmail: true }]);
});

it('calls of the day that are used up leave the rest to the next delivery', async () => {
	salesforce.faults.next('PATCH /services/data/v66.0/composite/sobjects', {
		status: 403,
		body: [{ errorCode: 'REQUEST_LIMIT_EXCEEDED', message: 'TotalRequests Limit exceeded.' }],
	});
	await upsertIntoSalesforce(salesforce, people(3));
	const changed = people(3).map((one) => ({ ...one, contact: { ...one.contact, attributes: { LastName: 'Byron' } } }));
	const report = await upsertIntoSalesforce(salesforce, changed);
	expect(report.failure).toMatchObject({ kind: 'retry', code: 'DAILY_LIMIT_REACHED' });
	expect(statusCounts(report)).toEqual({ 'failed DAILY_LIMIT_REACHED': 3 });
});

describe('settings that do not fit', () => {
	const open = async (options: Parameters<typeof upsertIntoSalesforce>[2], contact = person(1)) =>
		await upsertIntoSalesforce(salesforce, [contact], options).then(
			() => 'opened',
			(error: Error) => error.message,
		);

	it.each([
		['a field that does not exist (S20)', { Nothing__c: 'x' }, /DESTINATION_FIELD_MISSING.*'Nothing__c'.*field-level/],
		['a formula', { Account_Rating__c: 'x' }, /DESTINATION_FIELD_MISSING/],
		['the record type (S18)', { AccountId: 'x' }, /DESTINATION_FIELD_MISSING/],
		['the opt-out as a field', { HasOptedOutOfEmail: true }, /DESTINATION_FIELD_MISSING/],
	])('stop the run before it writes: %s', async (_what, values, message) => {
		expect(await open({}, person(1, values))).toMatch(message);
	});

	it.each([
		['hidden', 'DESTINATION_FIELD_MISSING'],
		['readOnly', 'DESTINATION_FIELD_MISSING'],
	])('stop the run for a field that is %s (S20)', async (access, message) => {
		await operate(salesforce, 'setAccess', { object: 'Contact', field: 'Title', access });
		expect(await open({}, person(1, { Title: 'Countess' }))).toContain(message);
	});

	it.each(['hidden', 'readOnly'])('stop the run where opt-outs cannot be carried: %s', async (access) => {
		await operate(salesforce, 'setAccess', { object: 'Contact', field: 'HasOptedOutOfEmail', access });
		expect(await open({})).toContain('OPT_OUTS_HIDDEN');
		expect(await open({ settings: { optOuts: 'ignore' } })).toBe('opened');
	});

	it.each([
		['Nothing__c', /DESTINATION_FIELD_MISSING.*'External ID Field'/],
		['Title', /SETTING_INVALID.*External ID/],
		['Legacy_Code__c', /SETTING_INVALID.*40 characters/],
	])('stop the run for the key field %s (S6)', async (keyField, message) => {
		expect(await open({ keyField })).toMatch(message);
	});

	it('stop the run for a key field that is mapped as well', async () => {
		expect(await open({}, person(1, { [KEY_FIELD]: 'x' }))).toMatch(/SETTING_INVALID.*'HubSpot_Id__c'.*mapped/);
	});

	it('stop the run where the user may not create records', async () => {
		await operate(salesforce, 'setObjectAccess', { object: 'Contact', create: false });
		expect(await open({})).toMatch(/PERMISSION_MISSING.*create Contact/);
		expect(await open({ settings: { mode: 'updateOnly' } })).toBe('opened');
	});

	it('stop the run for a campaign that does not exist', async () => {
		expect(await open({ campaign: { id: '701000000000001AAA' } })).toContain('CAMPAIGN_NOT_FOUND');
	});
});
