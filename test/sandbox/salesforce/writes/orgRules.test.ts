import type { Connection } from 'jsforce';
import { startSalesforce, type RunningSalesforce } from '../../../../sandbox/salesforce';
import { connectTo, failure, rowCodes, rowErrors } from '../jsforceCalls';
import { callsTo, record, type Answer, type Body, type Calls } from '../salesforceCalls';

// What administrators, other writers and code of the organisation do to a write.

let salesforce: RunningSalesforce;
let call: Calls;
let connection: Connection;
beforeAll(async () => {
	salesforce = await startSalesforce({ contacts: 60, leads: 20 });
	call = callsTo(salesforce);
});
afterAll(() => salesforce.close());
beforeEach(() => {
	salesforce.reset();
	connection = connectTo(salesforce);
});

const create = (...records: object[]) => connection.sobject('Contact').create(records);
const lastNames = (...names: string[]) => names.map((LastName) => ({ LastName }));
const count = async (where: string): Promise<number> => (await connection.query(`SELECT COUNT() FROM Contact WHERE ${where}`)).totalSize; // prettier-ignore
const accountIds = async (): Promise<string[]> =>
	(await connection.query<{ Id: string }>('SELECT Id FROM Account ORDER BY Id LIMIT 2')).records.map(({ Id }) => Id);
const codesIn = ({ body }: Answer): string[] =>
	body.map((row: Body) => (row.success === true ? 'ok' : (row.errors[0].statusCode as string)));

describe('locks', () => {
	it('S11 the next rows of an account meet a lock, then no more', async () => {
		const [busy, free] = (await accountIds()) as [string, string];
		await call.operate('lockRows', { object: 'Contact', accountId: busy, times: 2 });
		const rows = [busy, free, busy, busy].map((AccountId, n) => ({ LastName: `L${n}`, AccountId }));
		const results = await create(...rows);
		expect(rowCodes(results)).toEqual(['UNABLE_TO_LOCK_ROW', 'ok', 'UNABLE_TO_LOCK_ROW', 'ok']);
		expect(rowErrors(results)[0]?.[0]?.message).toContain('unable to obtain exclusive access to this record');
	});

	it('S12 a lock hides in the error of code that ran into it', async () => {
		await call.operate('lockRows', { object: 'Contact', hidden: true });
		const [[error] = [], none] = rowErrors(await create(...lastNames('A', 'B')));
		expect(error?.statusCode).toBe('CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY');
		expect(error?.message).toContain('UNABLE_TO_LOCK_ROW');
		expect(none).toEqual([]);
	});

	it('S11 writes to one account at the same time lock each other out, one after the other they do not', async () => {
		salesforce.settings.writeMs = 40;
		const [busy, free] = (await accountIds()) as [string, string];
		const write = (AccountId: string) => create({ LastName: 'L', AccountId }, { LastName: 'M' });
		const [first, second, elsewhere] = await Promise.all([write(busy), write(busy), write(free)]);
		expect([rowCodes(first), rowCodes(second)].sort()).toEqual([['UNABLE_TO_LOCK_ROW', 'ok'], ['ok', 'ok']]); // prettier-ignore
		expect(rowCodes(elsewhere)).toEqual(['ok', 'ok']);
		expect(rowCodes(await write(busy))).toEqual(['ok', 'ok']);
		expect(rowCodes(await create({ LastName: 'L', AccountId: busy }, { LastName: 'L', AccountId: busy }))).toEqual(['ok', 'ok']); // prettier-ignore
	});
});

describe('code of the organisation', () => {
	it('S16 takes every row of a collection back for one value, each with the same error, without allOrNone', async () => {
		await call.operate('breakBatch', { object: 'Contact', field: 'MailingCity', value: 'Nowhere', message: 'AddressTrigger: execution of AfterInsert' }); // prettier-ignore
		const bad = { LastName: 'Bad', MailingCity: 'nowhere' };
		const results = await create(...lastNames('Batch1', 'Batch2'), bad, { FirstName: 'no last name' });
		expect(rowCodes(results).map((code) => code.slice(0, 13))).toEqual(['CANNOT_INSERT', 'CANNOT_INSERT', 'CANNOT_INSERT', 'REQUIRED_FIEL']); // prettier-ignore
		expect(new Set(rowErrors(results).slice(0, 3).map(([error]) => JSON.stringify(error))).size).toBe(1); // prettier-ignore
		expect(await count("LastName LIKE 'Batch%'")).toBe(0);
		expect(rowCodes(await create(...lastNames('Batch1', 'Batch2')))).toEqual(['ok', 'ok']);
		expect((await failure(connection.sobject('Contact').create(bad))).errorCode).toBe('CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY'); // prettier-ignore
		expect(await count("LastName = 'Bad'")).toBe(0);
	});

	it('S16 rows of another object, and those before an upsert that was taken back, keep what they were', async () => {
		await call.operate('breakBatch', { object: 'Contact', field: 'Title', value: 'Bad', message: 'boom' });
		const lead = record('Lead', { LastName: 'Apart', Company: 'C' });
		const mixed = await call('POST', '/composite/sobjects', { records: [lead, record('Contact', { LastName: 'Bad', Title: 'Bad' })] }); // prettier-ignore
		expect(codesIn(mixed)).toEqual(['ok', 'CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY']);
		const contact = connection.sobject('Contact');
		await contact.create({ LastName: 'Before', HubSpot_Id__c: '1' });
		const rows = [{ HubSpot_Id__c: '1', LastName: 'After' }, { HubSpot_Id__c: '2', LastName: 'X', Title: 'Bad' }]; // prettier-ignore
		expect(rowCodes(await contact.upsert(rows, 'HubSpot_Id__c'))).toEqual(['CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY', 'CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY']); // prettier-ignore
		expect(await count("HubSpot_Id__c = '1' AND LastName = 'Before'")).toBe(1);
	});

	it('S26 validation rules refuse with the text of the administrator, also what an update did not touch', async () => {
		const before = await connection.sobject('Contact').create({ LastName: 'Old' });
		await call.operate('validationRule', { object: 'Contact', field: 'Department', condition: 'blank', message: 'Which department?' }); // prettier-ignore
		await call.operate('validationRule', { object: 'Contact', field: 'LeadSource', condition: 'equals', value: 'Purchased List', message: 'No bought lists', atField: false }); // prettier-ignore
		const both = await create({ LastName: 'L', LeadSource: 'Purchased List' });
		expect(rowErrors(both)).toEqual([
			[
				{ statusCode: 'FIELD_CUSTOM_VALIDATION_EXCEPTION', message: 'Which department?', fields: ['Department'] },
				{ statusCode: 'FIELD_CUSTOM_VALIDATION_EXCEPTION', message: 'No bought lists', fields: [] },
			],
		]);
		const contact = connection.sobject('Contact');
		expect(rowCodes(await contact.update([{ Id: before.id as string, Title: 'T' }]))).toEqual(['FIELD_CUSTOM_VALIDATION_EXCEPTION']); // prettier-ignore
		expect(rowCodes(await contact.update([{ Id: before.id as string, Department: 'D' }]))).toEqual(['ok']);
		// No word of it in describe.
		expect((await contact.describe()).fields.find(({ name }) => name === 'Department')?.nillable).toBe(true);
	});

	it('a flow sets a field with every save, whatever was written', async () => {
		await call.operate('fieldUpdate', { object: 'Contact', field: 'Department', value: 'Set by flow' });
		const [made] = await create({ LastName: 'L', Department: 'Given' });
		const contact = connection.sobject('Contact');
		expect(await contact.retrieve(made?.id as string)).toMatchObject({ Department: 'Set by flow' });
		await contact.update({ Id: made?.id as string, Department: 'Again' });
		expect(await contact.retrieve(made?.id as string)).toMatchObject({ Department: 'Set by flow' });
	});

	it('S25 required fields: of the object, and custom ones, which describe names', async () => {
		await call.operate('setField', { object: 'Lead', name: 'Region__c', type: 'string', required: true });
		const lead = connection.sobject('Lead');
		const field = (await lead.describe()).fields.find(({ name }) => name === 'Region__c');
		expect(field).toMatchObject({ nillable: false, createable: true, defaultedOnCreate: false });
		const [error] = rowErrors(await lead.create([{ Company: 'C', LastName: ' '.trim() }]))[0] ?? [];
		expect(error).toEqual({ statusCode: 'REQUIRED_FIELD_MISSING', message: 'Required fields are missing: [LastName, Region__c]', fields: ['LastName', 'Region__c'] }); // prettier-ignore
	});

	it('tells all that is wrong with the values of a record, or the first thing', async () => {
		const bad = { LastName: 'L', FirstName: 'x'.repeat(41), Email: 'no address' };
		expect(rowErrors(await create(bad))[0]?.map(({ statusCode }) => statusCode)).toEqual(['STRING_TOO_LONG', 'INVALID_EMAIL_ADDRESS']); // prettier-ignore
		salesforce.settings.severalErrors = 'first';
		expect(rowErrors(await create(bad))[0]).toHaveLength(1);
	});
});

describe('rights', () => {
	it('S20 a field the user may not see is no column, one it may only read refuses its row', async () => {
		salesforce.settings.badJsonFails = 'row';
		await call.operate('setAccess', { object: 'Contact', field: 'Department', access: 'hidden' });
		await call.operate('setAccess', { object: 'Contact', field: 'Title', access: 'readOnly' });
		const results = await create({ LastName: 'A', Department: 'D' }, { LastName: 'B', Title: 'T' }, { LastName: 'C' });
		expect(rowErrors(results)[0]?.[0]).toMatchObject({ statusCode: 'INVALID_FIELD', message: "No such column 'Department' on sobject of type Contact" }); // prettier-ignore
		expect(rowErrors(results)[1]?.[0]).toMatchObject({ statusCode: 'INVALID_FIELD_FOR_INSERT_UPDATE', fields: ['Title'] }); // prettier-ignore
		expect(rowCodes(results)[2]).toBe('ok');
		const { fields } = await connection.sobject('Contact').describe();
		expect(fields.find(({ name }) => name === 'Title')).toMatchObject({ createable: false, updateable: false });
	});

	it('S20 the opt-out is readable only, or not there at all, for contacts and leads', async () => {
		const optOut = async (object: string) =>
			(await connection.sobject(object).describe()).fields.find(({ name }) => name === 'HasOptedOutOfEmail');
		expect(rowCodes(await create({ LastName: 'L', HasOptedOutOfEmail: true }))).toEqual(['ok']);
		salesforce.settings.optOutAccess = 'readOnly';
		expect(await optOut('Contact')).toMatchObject({ createable: false, updateable: false });
		expect(rowCodes(await create({ LastName: 'L', HasOptedOutOfEmail: true }))).toEqual(['INVALID_FIELD_FOR_INSERT_UPDATE']); // prettier-ignore
		salesforce.settings.optOutAccess = 'hidden';
		expect([await optOut('Contact'), await optOut('Lead')]).toEqual([undefined, undefined]);
	});

	it('S21 middle name and suffix are there only where the organisation has them', async () => {
		const call = create({ LastName: 'L', MiddleName: 'M' });
		expect(await failure(call)).toMatchObject({ errorCode: 'INVALID_FIELD', message: expect.stringContaining("No such column 'MiddleName'") as string }); // prettier-ignore
		salesforce.settings.middleNames = true;
		const made = await create({ FirstName: 'F', LastName: 'L', MiddleName: 'M', Suffix: 'Jr.' });
		const { records } = await connection.query<{ Name: string }>(`SELECT Name FROM Contact WHERE Id = '${made[0]?.id ?? ''}'`); // prettier-ignore
		expect(records[0]?.Name).toBe('F M L Jr.');
	});

	it('on an object: describe tells of create, edit and delete, and writes are refused', async () => {
		const [made] = await create({ LastName: 'L' });
		await call.operate('setObjectAccess', { object: 'Contact', create: false, delete: false });
		const contact = connection.sobject('Contact');
		const described = await contact.describe();
		expect(described).toMatchObject({ createable: false, updateable: true, deletable: false });
		expect(described.fields.find(({ name }) => name === 'LastName')).toMatchObject({ createable: false, updateable: true }); // prettier-ignore
		const refused = await create({ LastName: 'M' });
		expect(rowErrors(refused)[0]?.[0]).toMatchObject({ statusCode: 'CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY', message: 'entity type cannot be inserted: Contact' }); // prettier-ignore
		salesforce.settings.noObjectRight = 'INSUFFICIENT_ACCESS_OR_READONLY';
		expect(rowCodes(await contact.destroy([made?.id as string]))).toEqual(['INSUFFICIENT_ACCESS_OR_READONLY']);
		expect(rowCodes(await contact.update([{ Id: made?.id as string, Title: 'T' }]))).toEqual(['ok']);
		await call.operate('setObjectAccess', { object: 'Contact', read: false });
		expect((await failure(contact.describe())).errorCode).toBe('NOT_FOUND');
		expect((await failure(connection.query('SELECT Id FROM Contact'))).errorCode).toBe('INVALID_TYPE');
		expect((await connection.describeGlobal()).sobjects.some(({ name }) => name === 'Contact')).toBe(false);
	});

	it('to campaigns and to records of others', async () => {
		salesforce.settings.userMayEditCampaigns = false;
		expect(await connection.sobject('CampaignMember').describe()).toMatchObject({ createable: false, deletable: false }); // prettier-ignore
		expect((await failure(connection.query('SELECT Label FROM CampaignMemberStatus'))).errorCode).toBe('INVALID_TYPE');
		expect((await connection.query('SELECT Status FROM CampaignMember LIMIT 1')).records).toHaveLength(1);
		salesforce.settings.userEdits = 'own';
		const { records } = await connection.query<{ Id: string }>(`SELECT Id FROM Contact WHERE OwnerId = '${salesforce.ids.users.sales}' LIMIT 1`); // prettier-ignore
		const contact = connection.sobject('Contact');
		expect(rowCodes(await contact.update([{ Id: records[0]?.Id as string, Title: 'T' }]))).toEqual(['INSUFFICIENT_ACCESS_OR_READONLY']); // prettier-ignore
		const foreign = await connection
			.sobject('Account')
			.create({ Name: 'Foreign', OwnerId: salesforce.ids.users.sales });
		salesforce.settings.userViewsAll = false;
		expect(rowCodes(await create({ LastName: 'L', AccountId: foreign.id }))).toEqual(['INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY']); // prettier-ignore
	});
});

describe('requests', () => {
	it('S24 Sforce-Auto-Assign: FALSE keeps the owner, of one record as of a collection', async () => {
		const owner = async (id: string | undefined) =>
			(await connection.query<{ OwnerId: string }>(`SELECT OwnerId FROM Lead WHERE Id = '${id ?? ''}'`)).records[0]?.OwnerId; // prettier-ignore
		const lead = { LastName: 'L', Company: 'C' };
		const off = { headers: { 'Sforce-Auto-Assign': 'FALSE' } };
		const single = await connection.sobject('Lead').create(lead, off);
		const [many] = await connection.sobject('Lead').create([lead], off);
		const { sync, routing } = salesforce.ids.users;
		expect([await owner(single.id), await owner(many?.id)]).toEqual([sync, sync]);
		await connection.sobject('Lead').update({ Id: single.id as string, Title: 'T' });
		expect(await owner(single.id)).toBe(routing);
	});

	it('a collection takes ten runs of one object, and tells its results in the order of its rows', async () => {
		const rows = (runs: number) =>
			Array.from({ length: runs }, (_, n) => n % 2 === 0 ? record('Contact', { LastName: `L${n}` }) : record('Lead', { LastName: `L${n}`, Company: 'C' })); // prettier-ignore
		const ten = await call('POST', '/composite/sobjects', { records: rows(10) });
		expect(ten.body.map((row: Body) => String(row.id).slice(0, 3))).toEqual(['003', '00Q', '003', '00Q', '003', '00Q', '003', '00Q', '003', '00Q']); // prettier-ignore
		expect(await call('POST', '/composite/sobjects', { records: rows(11) })).toMatchObject({ status: 400, body: [{ errorCode: 'LIMIT_EXCEEDED' }] }); // prettier-ignore
		salesforce.settings.chunkLimit = 0;
		expect(codesIn(await call('POST', '/composite/sobjects', { records: rows(11) }))).toHaveLength(11);
	});

	it('writes beyond the daily limit are refused as a whole and store nothing', async () => {
		salesforce.settings.dailyLimit = salesforce.limits.used();
		const before = salesforce.store.table('Contact').rows.size;
		expect(await failure(create({ LastName: 'L' }))).toMatchObject({ errorCode: 'REQUEST_LIMIT_EXCEEDED' });
		expect(salesforce.store.table('Contact').rows.size).toBe(before);
	});

	it('without room new records are refused, changes are not', async () => {
		const [made] = await create({ LastName: 'L' });
		salesforce.settings.storageFull = true;
		expect(rowCodes(await create({ LastName: 'M' }))).toEqual(['STORAGE_LIMIT_EXCEEDED']);
		expect(rowCodes(await connection.sobject('Contact').update([{ Id: made?.id as string, Title: 'T' }]))).toEqual(['ok']); // prettier-ignore
	});

	it('a sandbox organisation says that it is one', async () => {
		const sandbox = await startSalesforce({ contacts: 0, leads: 0, settings: { orgType: 'sandbox' } });
		const { records } = await connectTo(sandbox).query('SELECT IsSandbox FROM Organization');
		expect(records[0]).toMatchObject({ IsSandbox: true });
		await sandbox.close();
	});
});
