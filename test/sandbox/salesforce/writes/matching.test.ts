import type { Connection } from 'jsforce';
import { startSalesforce, type RunningSalesforce } from '../../../../sandbox/salesforce';
import { connectTo, failure, rowCodes, rowErrors } from '../jsforceCalls';
import { callsTo, record, type Calls } from '../salesforceCalls';

// Records that are there already: duplicate rules, keys of several records, converted and deleted ones.

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

const allowSave = { headers: { 'Sforce-Duplicate-Rule-Header': 'allowSave=true' } };
const idsOf = async (soql: string): Promise<string[]> =>
	(await connection.query<{ Id: string }>(soql)).records.map(({ Id }) => Id);
const convertedLead = async (): Promise<string> => (await idsOf('SELECT Id FROM Lead WHERE IsConverted = true'))[0] as string; // prettier-ignore

describe('duplicate rules', () => {
	const jane = { FirstName: 'Jane', LastName: 'Miller-Grün', Email: 'jane@one.example' };

	it('S1 an alert passes with allowSave, a block never; updates are checked where the rule says so', async () => {
		const contact = connection.sobject('Contact');
		await contact.create(jane);
		await call.operate('duplicateRule', { object: 'Contact', action: 'alert', match: 'email', onUpdate: true });
		salesforce.settings.duplicateRule = 'off';
		expect(rowCodes(await contact.create([jane]))).toEqual(['DUPLICATES_DETECTED']);
		expect(rowCodes(await contact.create([jane], allowSave))).toEqual(['ok']);
		const other = await contact.create({ LastName: 'Other' });
		expect(rowCodes(await contact.update([{ Id: other.id as string, Email: jane.Email }]))).toEqual(['DUPLICATES_DETECTED']); // prettier-ignore
		// A record is no duplicate of itself.
		const own = { Id: other.id as string, Email: 'other@one.example' };
		expect(rowCodes([...(await contact.update([own])), ...(await contact.update([own]))])).toEqual(['ok', 'ok']);
		await call.operate('duplicateRule', { object: 'Contact', action: 'block', match: 'email', message: 'Ask Dana first' }); // prettier-ignore
		const blocked = await contact.create([jane], allowSave);
		expect(rowErrors(blocked)).toEqual([[{ statusCode: 'DUPLICATES_DETECTED', message: 'Ask Dana first', fields: [] }]]); // prettier-ignore
	});

	it('S3 a fuzzy rule on name and company refuses an address that no record has, also of a lead against contacts', async () => {
		const account = await connection.sobject('Account').create({ Name: 'Atelier Nord GmbH' });
		await connection.sobject('Contact').create({ ...jane, AccountId: account.id as string });
		await call.operate('duplicateRule', { object: 'Lead', action: 'block', match: 'nameAndCompany', against: ['Lead', 'Contact'] }); // prettier-ignore
		const lead = connection.sobject('Lead');
		const results = await lead.upsert(
			[
				{
					FirstName: 'J.',
					LastName: 'Miller Grun',
					Company: 'ATELIER NORD',
					Email: 'new@two.example',
					HubSpot_Id__c: '1',
				},
				{
					FirstName: 'J.',
					LastName: 'Miller Grun',
					Company: 'Atelier Süd',
					Email: 'new@two.example',
					HubSpot_Id__c: '2',
				},
				{ FirstName: 'Joe', LastName: 'Miller Grun', Company: 'Atelier Nord', HubSpot_Id__c: '3' },
			],
			'HubSpot_Id__c',
			allowSave,
		);
		expect(rowCodes(results)).toEqual(['DUPLICATES_DETECTED', 'ok', 'ok']);
		const answer = await call('POST', '/sobjects/Lead', { FirstName: 'Jane', LastName: 'Miller Grün', Company: 'Atelier Nord' }); // prettier-ignore
		const matches = answer.body[0].duplicateResut.matchResults as Array<{ entityType: string; size: number }>;
		expect(matches.map(({ entityType, size }) => [entityType, size])).toEqual([['Lead', 0], ['Contact', 1]]); // prettier-ignore
	});
});

describe('keys', () => {
	it('S4 of several records: 300 with their addresses for one record, an error in its row of a collection', async () => {
		const contact = connection.sobject('Contact');
		const several = await call('PATCH', '/sobjects/Contact/Email/office@shared.example', { LastName: 'X' });
		expect(several.status).toBe(300);
		const results = await contact.upsert([{ Email: 'office@shared.example', LastName: 'X' }], 'Email');
		expect(rowErrors(results)[0]?.[0]).toMatchObject({ statusCode: 'DUPLICATE_EXTERNAL_ID', message: expect.stringMatching(/^Email: more than one record found for external id field: \[003\w+, 003\w+\]$/) as string, fields: ['Email'] }); // prettier-ignore
	});

	it('an id that comes twice in one update fails all its rows, or the later one', async () => {
		const [id, other] = await idsOf('SELECT Id FROM Contact LIMIT 2');
		const update = () => connection.sobject('Contact').update([id, other, id].map((Id, n) => ({ Id: Id as string, Title: `T${n}` }))); // prettier-ignore
		expect(rowCodes(await update())).toEqual(['DUPLICATE_VALUE', 'ok', 'DUPLICATE_VALUE']);
		salesforce.settings.repeatedKey = 'laterFail';
		expect(rowCodes(await update())).toEqual(['ok', 'ok', 'DUPLICATE_VALUE']);
		salesforce.settings.repeatedKey = 'updates';
		expect(rowCodes(await update())).toEqual(['ok', 'ok', 'ok']);
	});

	it('S5 and S6 Email is a key, a field that is neither external id nor idLookup is none until it is made one', async () => {
		const contact = connection.sobject('Contact');
		expect(rowCodes(await contact.upsert([{ Email: 'solo@one.example', LastName: 'S' }], 'Email'))).toEqual(['ok']);
		expect((await failure(contact.upsert([{ Title: 'T', LastName: 'S' }], 'Title'))).errorCode).toBe('NOT_FOUND');
		await call.operate('setField', { object: 'Contact', name: 'Source_Key__c', type: 'string', length: 20, externalId: true, unique: true }); // prettier-ignore
		const { fields } = await contact.describe();
		expect(fields.find(({ name }) => name === 'Source_Key__c')).toMatchObject({ externalId: true, unique: true, idLookup: true, caseSensitive: false }); // prettier-ignore
		const made = await contact.upsert([{ Source_Key__c: 'Ab1', LastName: 'S' }], 'Source_Key__c');
		const again = await contact.upsert([{ Source_Key__c: 'aB1', Title: 'T' }], 'Source_Key__c');
		expect(again[0]).toMatchObject({ id: made[0]?.id, created: false });
	});

	it('S4 a new key finds records that had it before the first upsert, and several where it is not unique', async () => {
		await call.operate('setField', { object: 'Contact', name: 'Loose__c', type: 'string', externalId: true });
		const [first, second] = await idsOf('SELECT Id FROM Contact LIMIT 2');
		await call.operate('changeRecord', { object: 'Contact', id: first, values: { Loose__c: 'x' } });
		const contact = connection.sobject('Contact');
		const upsert = () => contact.upsert([{ Loose__c: 'X', Title: 'T' }], 'Loose__c');
		expect((await upsert())[0]).toMatchObject({ id: first, created: false });
		await call.operate('changeRecord', { object: 'Contact', id: second, values: { Loose__c: 'x' } });
		expect(rowCodes(await upsert())).toEqual(['DUPLICATE_EXTERNAL_ID']);
		salesforce.settings.ambiguousKeyCode = 'INVALID_FIELD';
		expect(rowCodes(await upsert())).toEqual(['INVALID_FIELD']);
	});

	it('S6 a number can be a key, in the body and in the path', async () => {
		await call.operate('setField', { object: 'Contact', name: 'Number__c', type: 'double', externalId: true, unique: true }); // prettier-ignore
		const contact = connection.sobject('Contact');
		const made = await contact.upsert([{ Number__c: 7, LastName: 'S' }], 'Number__c');
		expect(await call('PATCH', '/sobjects/Contact/Number__c/7', { Title: 'T' })).toMatchObject({ status: 200, body: { id: made[0]?.id } }); // prettier-ignore
		expect(await call('PATCH', '/sobjects/Contact/Number__c/8', { LastName: 'T' })).toMatchObject({ status: 201 });
		expect(await idsOf('SELECT Id FROM Contact WHERE Number__c = 8')).toHaveLength(1);
	});

	it('S5 a key that is not unique needs the right to see all records, Email perhaps', async () => {
		salesforce.settings.userViewsAll = false;
		const contact = connection.sobject('Contact');
		const by = (key: string) => contact.upsert([{ [key]: 'a@b.example', LastName: 'L' }], key);
		const refused = 'INSUFFICIENT_ACCESS_OR_READONLY';
		expect([(await failure(by('Legacy_Code__c'))).errorCode, (await failure(by('Email'))).errorCode]).toEqual([refused, refused]); // prettier-ignore
		salesforce.settings.emailUpsertNeedsViewAll = false;
		expect(rowCodes(await by('Email'))).toEqual(['ok']);
		expect(rowCodes(await by('HubSpot_Id__c'))).toEqual(['ok']);
	});

	it('S23 a unique value of a converted lead: DUPLICATE_VALUE names its id', async () => {
		const id = await convertedLead();
		await call.operate('changeRecord', { object: 'Lead', id, values: { HubSpot_Id__c: '4711' } });
		const results = await connection.sobject('Lead').create([{ LastName: 'L', Company: 'C', HubSpot_Id__c: '4711' }]);
		const message = `duplicate value found: HubSpot_Id__c duplicates value on record with id: ${id}`;
		expect(rowErrors(results)).toEqual([[{ statusCode: 'DUPLICATE_VALUE', message, fields: [] }]]);
	});
});

describe('records that are dead', () => {
	it('S8 a converted lead takes an edit without an error where the organisation lets it', async () => {
		const id = await convertedLead();
		expect(rowCodes(await connection.sobject('Lead').update([{ Id: id, Title: 'Lost' }]))).toEqual(['ok']);
		const [contact] = await idsOf(`SELECT ConvertedContactId, Id FROM Lead WHERE Id = '${id}' AND Title = 'Lost'`);
		expect(contact).toBe(id);
		expect(await idsOf("SELECT Id FROM Contact WHERE Title = 'Lost'")).toEqual([]);
	});

	it('S7 or refuses it, by id and by key', async () => {
		salesforce.settings.editConvertedLeads = 'refused';
		const id = await convertedLead();
		await call.operate('changeRecord', { object: 'Lead', id, values: { HubSpot_Id__c: '4711' } });
		const lead = connection.sobject('Lead');
		const refused = await lead.update([{ Id: id, Title: 'Lost' }]);
		expect(rowErrors(refused)[0]?.[0]).toMatchObject({ statusCode: 'CANNOT_UPDATE_CONVERTED_LEAD', message: 'cannot reference converted lead' }); // prettier-ignore
		expect(rowCodes(await lead.upsert([{ HubSpot_Id__c: '4711', Title: 'L' }], 'HubSpot_Id__c'))).toEqual(['CANNOT_UPDATE_CONVERTED_LEAD']); // prettier-ignore
	});

	it('S7 a campaign refuses a converted lead where the organisation refuses its edits, and takes it where not', async () => {
		const member = { CampaignId: salesforce.ids.campaigns.fair, LeadId: await convertedLead() };
		salesforce.settings.editConvertedLeads = 'refused';
		expect(rowCodes(await connection.sobject('CampaignMember').create([member]))).toEqual(['CANNOT_UPDATE_CONVERTED_LEAD']); // prettier-ignore
		salesforce.settings.editConvertedLeads = 'accepted';
		expect(rowCodes(await connection.sobject('CampaignMember').create([member]))).toEqual(['ok']);
	});

	it('S9 a deleted lead is refused by id, and by its key made anew', async () => {
		const lead = connection.sobject('Lead');
		const made = await lead.create({ LastName: 'L', Company: 'C', HubSpot_Id__c: '9' });
		await call.operate('deleteRecord', { object: 'Lead', id: made.id as string });
		expect(rowCodes(await lead.update([{ Id: made.id as string, Title: 'x' }]))).toEqual(['ENTITY_IS_DELETED']);
		const anew = await lead.upsert([{ HubSpot_Id__c: '9', LastName: 'L', Company: 'C' }], 'HubSpot_Id__c');
		expect(anew[0]).toMatchObject({ success: true, created: true });
	});

	it('S28 a campaign member is inserted, once; its memberships go with the lead to the contact', async () => {
		const { newsletter, fair } = salesforce.ids.campaigns;
		const member = connection.sobject('CampaignMember');
		const [leadId] = await idsOf(`SELECT Id FROM Lead WHERE IsConverted = false AND Id NOT IN (SELECT LeadId FROM CampaignMember) LIMIT 1`); // prettier-ignore
		const given = { CampaignId: newsletter, LeadId: leadId as string };
		const twice = await member.create([given, given]);
		expect(rowErrors(twice)[1]?.[0]).toMatchObject({ statusCode: 'DUPLICATE_VALUE', message: 'Already a campaign member.' }); // prettier-ignore
		for (const key of ['Id', 'CampaignId']) {
			const upsert = await call('PATCH', `/composite/sobjects/CampaignMember/${key}`, { records: [record('CampaignMember', given)] }); // prettier-ignore
			expect(upsert).toMatchObject({ status: 404, body: [{ errorCode: 'NOT_FOUND' }] });
		}
		expect(rowCodes(await member.create([{ ...given, CampaignId: fair, ContactId: salesforce.ids.contactWithCase as string }]))).toEqual(['REQUIRED_FIELD_MISSING']); // prettier-ignore
		const { contactId } = await call.operate('convertLead', { id: leadId });
		const [moved] = await idsOf(`SELECT Id FROM CampaignMember WHERE ContactId = '${String(contactId)}'`);
		expect(moved).toBe(twice[0]?.id);
		expect(rowCodes(await member.destroy([moved as string]))).toEqual(['ok']);
		expect(rowCodes(await member.create([{ CampaignId: newsletter, ContactId: contactId as string }]))).toEqual(['ok']);
	});
});
