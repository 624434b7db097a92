import type { Connection } from 'jsforce';
import { startSalesforce, type RunningSalesforce } from '../../../../sandbox/salesforce';
import { connectTo, failure, rowCodes, rowErrors } from '../jsforceCalls';
import { callsTo, type Calls } from '../salesforceCalls';

// Person accounts and record types.

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
	connection = connectTo(salesforce);
});

const fieldNames = async (object: string): Promise<string[]> =>
	(await connection.sobject(object).describe()).fields.map(({ name }) => name);
const updateContact = (Id: string, values: object) => connection.sobject('Contact').update([{ Id, ...values }]);

describe('person accounts', () => {
	let person: { accountId: string; contactId: string };
	beforeEach(async () => {
		salesforce.settings.personAccounts = true;
		person = (await call.operate('addPersonAccount', { values: { FirstName: 'Pia', LastName: 'Person', PersonEmail: 'pia@one.example' } })) as unknown as typeof person; // prettier-ignore
	});

	it('S17 are an account and a contact that say so, with one name and address', async () => {
		const { records } = await connection.query(`SELECT Name, Email, IsPersonAccount, Account.Name, Account.PersonEmail, Account.IsPersonAccount FROM Contact WHERE Id = '${person.contactId}'`); // prettier-ignore
		expect(records[0]).toMatchObject({ Name: 'Pia Person', Email: 'pia@one.example', IsPersonAccount: true, Account: { Name: 'Pia Person', PersonEmail: 'pia@one.example', IsPersonAccount: true } }); // prettier-ignore
		expect(await fieldNames('Account')).toEqual(expect.arrayContaining(['IsPersonAccount', 'PersonEmail', 'PersonContactId'])); // prettier-ignore
		salesforce.settings.personAccounts = false;
		const names = [...(await fieldNames('Account')), ...(await fieldNames('Contact'))];
		expect(names.filter((name) => /Person/.test(name))).toEqual([]);
	});

	it('S17 AccountId and Name of the contact are refused, what else is written is a setting', async () => {
		const { records } = await connection.query<{ Id: string }>(`SELECT Id FROM Account WHERE IsPersonAccount = false LIMIT 1`); // prettier-ignore
		const AccountId = records[0]?.Id as string;
		const cases = [{ AccountId }, { Name: 'X' }, { LastName: 'Neu' }, { Title: 'T' }];
		const codes = async () => {
			const results = [];
			for (const values of cases) results.push(...(await updateContact(person.contactId, values)));
			return rowCodes(results);
		};
		const INVALID = 'INVALID_FIELD_FOR_INSERT_UPDATE';
		const READ_ONLY = 'INSUFFICIENT_ACCESS_OR_READONLY';
		expect(await codes()).toEqual([READ_ONLY, INVALID, READ_ONLY, READ_ONLY]);
		salesforce.settings.personContactWrites = 'exceptNames';
		expect(await codes()).toEqual([INVALID, INVALID, INVALID, 'ok']);
		salesforce.settings.personContactWrites = 'accepted';
		expect(await codes()).toEqual([INVALID, INVALID, 'ok', 'ok']);
		const refused = rowErrors(await updateContact(person.contactId, { AccountId }))[0]?.[0];
		expect(refused).toMatchObject({ message: 'Account: bad field names on insert/update call: AccountId', fields: ['AccountId'] }); // prettier-ignore
		const account = await connection.sobject('Account').retrieve(person.accountId);
		expect(account).toMatchObject({ Name: 'Pia Neu', LastName: 'Neu' });
	});

	it('S17 the account takes the values of its person, but no Name, and carries them to the contact', async () => {
		const account = connection.sobject('Account');
		expect((await failure(account.update({ Id: person.accountId, Name: 'X' }))).errorCode).toBe('INVALID_FIELD_FOR_INSERT_UPDATE'); // prettier-ignore
		await account.update({ Id: person.accountId, LastName: 'Neu', PersonEmail: 'neu@one.example' });
		expect(await connection.sobject('Contact').retrieve(person.contactId)).toMatchObject({ Name: 'Pia Neu', Email: 'neu@one.example' }); // prettier-ignore
		const made = await account.create({ FirstName: 'Per', LastName: 'Son', PersonEmail: 'per@one.example' });
		const [contact] = (await connection.query<{ Id: string }>("SELECT Id FROM Contact WHERE Email = 'per@one.example' AND IsPersonAccount = true")).records; // prettier-ignore
		expect(await account.retrieve(made.id as string)).toMatchObject({ Name: 'Per Son', PersonContactId: contact?.Id });
		expect((await failure(account.create({ Name: 'X', LastName: 'Y' }))).errorCode).toBe('INVALID_FIELD_FOR_INSERT_UPDATE'); // prettier-ignore
		expect((await failure(account.create({ FirstName: 'X' }))).errorCode).toBe('INVALID_FIELD_FOR_INSERT_UPDATE');
	});

	it('S17 no other contact belongs to it, and its contact goes with it alone', async () => {
		const contact = connection.sobject('Contact');
		const more = await contact.create([{ LastName: 'L', AccountId: person.accountId }]);
		expect(rowCodes(more)).toEqual(['FIELD_INTEGRITY_EXCEPTION']);
		expect(rowCodes(await contact.destroy([person.contactId]))).toEqual(['INSUFFICIENT_ACCESS_OR_READONLY']);
		await connection.sobject('Account').destroy(person.accountId);
		expect((await failure(contact.retrieve(person.contactId))).errorCode).toBe('ENTITY_IS_DELETED');
	});

	it('S18 a record type goes with no other field of a person account, and not on its contact', async () => {
		salesforce.settings.recordTypes = true;
		salesforce.settings.personContactWrites = 'accepted';
		const { id: RecordTypeId } = (await call.operate('addRecordType', { object: 'Account', name: 'Patient', person: true })) as unknown as { id: string }; // prettier-ignore
		const account = connection.sobject('Account');
		const Id = person.accountId;
		expect((await failure(account.update({ Id, RecordTypeId, LastName: 'Neu' }))).errorCode).toBe('INVALID_FIELD_FOR_INSERT_UPDATE'); // prettier-ignore
		expect(await account.update({ Id, RecordTypeId })).toMatchObject({ success: true });
		const { id: ofContact } = await call.operate('addRecordType', { object: 'Contact', name: 'VIP' });
		expect(rowCodes(await updateContact(person.contactId, { RecordTypeId: ofContact as string }))).toEqual(['INSUFFICIENT_ACCESS_OR_READONLY']); // prettier-ignore
	});
});

describe('record types', () => {
	it('S19 RecordTypeId is a column only where the organisation has record types', async () => {
		expect(await fieldNames('Contact')).not.toContain('RecordTypeId');
		expect((await failure(connection.query('SELECT RecordTypeId FROM Contact'))).message).toContain("No such column 'RecordTypeId'"); // prettier-ignore
		salesforce.settings.recordTypes = true;
		expect(await fieldNames('Lead')).toContain('RecordTypeId');
		await call.operate('setAccess', { object: 'Lead', field: 'RecordTypeId', access: 'hidden' });
		expect(await fieldNames('Lead')).not.toContain('RecordTypeId');
	});

	it('S19 describe names those of the object; a new record gets the default, and none the user may not give', async () => {
		salesforce.settings.recordTypes = true;
		const add = async (name: string, more: object): Promise<string> =>
			(await call.operate('addRecordType', { object: 'Contact', name, ...more })).id as string;
		const usual = await add('Customer', { isDefault: true });
		const closed = await add('Board', { available: false });
		const { recordTypeInfos } = await connection.sobject('Contact').describe();
		expect(recordTypeInfos.map(({ name, available, defaultRecordTypeMapping }) => [name, available, defaultRecordTypeMapping])).toEqual([['Customer', true, true], ['Board', false, false], ['Master', true, false]]); // prettier-ignore
		expect((await connection.sobject('Lead').describe()).recordTypeInfos.map(({ name }) => name)).toEqual(['Master']);
		const contact = connection.sobject('Contact');
		const results = await contact.create([{ LastName: 'L' }, { LastName: 'L', RecordTypeId: closed }]);
		expect(await contact.retrieve(results[0]?.id as string)).toMatchObject({ RecordTypeId: usual });
		expect(rowErrors(results)[1]?.[0]).toEqual({ statusCode: 'INVALID_CROSS_REFERENCE_KEY', message: `Record Type ID: this ID value isn't valid for the user: ${closed}`, fields: ['RecordTypeId'] }); // prettier-ignore
		// A record type changes together with other fields where no person account is concerned.
		const other = await add('Partner', {});
		expect(rowCodes(await updateContact(results[0]?.id as string, { RecordTypeId: other, Title: 'T' }))).toEqual([
			'ok',
		]);
	});

	it('S10 values of a restricted picklist may be fewer for a record type', async () => {
		salesforce.settings.recordTypes = true;
		await call.operate('addRecordType', { object: 'Contact', name: 'Customer', isDefault: true, picklists: { Customer_Tier__c: ['Gold'], Interests__c: ['Tea', 'Books'], LeadSource: ['Web'] } }); // prettier-ignore
		const rows = [{ Customer_Tier__c: 'Silver' }, { Customer_Tier__c: 'Gold' }, { Interests__c: 'Tea;Running' }, { LeadSource: 'Other' }]; // prettier-ignore
		const create = () => connection.sobject('Contact').create(rows.map((values) => ({ LastName: 'L', ...values })));
		const BAD = 'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST';
		expect(rowCodes(await create())).toEqual([BAD, 'ok', BAD, 'ok']);
		salesforce.settings.recordTypePicklists = 'ignored';
		expect(rowCodes(await create())).toEqual(['ok', 'ok', 'ok', 'ok']);
	});
});
