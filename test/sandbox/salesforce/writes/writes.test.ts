import { startSalesforce, type RunningSalesforce } from '../../../../sandbox/salesforce';
import { callsTo, record, type Answer, type Body, type Calls } from '../salesforceCalls';

let salesforce: RunningSalesforce;
let call: Calls;
beforeAll(async () => {
	salesforce = await startSalesforce({ contacts: 60, leads: 20 });
	call = callsTo(salesforce);
});
afterAll(() => salesforce.close());
beforeEach(() => salesforce.reset());

const COLLECTION = '/composite/sobjects';
const contact = (values: object) => record('Contact', values);
const create = (records: object[], more: object = {}, headers = {}): Promise<Answer> => call('POST', COLLECTION, { records, ...more }, headers); // prettier-ignore
const upsert = (key: string, records: object[], more: object = {}, headers = {}): Promise<Answer> => call('PATCH', `${COLLECTION}/Contact/${key}`, { records, ...more }, headers); // prettier-ignore
const codes = ({ body }: Answer): string[] =>
	body.map((row: Body) => (row.success === true ? 'ok' : (row.errors[0].statusCode as string)));
const contacts = async (): Promise<number> =>
	(await call.query('SELECT COUNT() FROM Contact')).body.totalSize as number;
const one = async (id: string, fields: string): Promise<Body> => (await call.query(`SELECT ${fields} FROM Contact WHERE Id = '${id}'`)).body.records[0]; // prettier-ignore

describe('collections', () => {
	it('answer one result per record in order, errors with statusCode, status 200 even when all fail', async () => {
		const answer = await create([
			contact({ LastName: 'A' }),
			contact({ FirstName: 'B' }),
			record('Lead', { LastName: 'C', Company: 'D' }),
		]);
		expect(answer.status).toBe(200);
		expect(codes(answer)).toEqual(['ok', 'REQUIRED_FIELD_MISSING', 'ok']);
		expect(answer.body[1]).toEqual({ success: false, errors: [{ statusCode: 'REQUIRED_FIELD_MISSING', message: 'Required fields are missing: [LastName]', fields: ['LastName'] }] }); // prettier-ignore
		expect(answer.body[2].id).toMatch(/^00Q/);
		const allBad = await create([contact({ FirstName: 'B' })]);
		expect(allBad.status).toBe(200);
	});

	it('take 200 records, count as one call, and tell so in Sforce-Limit-Info', async () => {
		const before = salesforce.limits.used();
		const records = Array.from({ length: 200 }, (_, n) => contact({ LastName: `L${n}` }));
		const answer = await create(records);
		expect(codes(answer).every((code) => code === 'ok')).toBe(true);
		expect(answer.headers.get('sforce-limit-info')).toBe(`api-usage=${before + 1}/110000`);
		expect((await create([...records, contact({ LastName: 'x' })])).body[0].errorCode).toBe('EXCEEDED_ID_LIMIT');
		expect((await call('POST', COLLECTION, '{"records": [')).body[0].errorCode).toBe('JSON_PARSER_ERROR');
		expect((await call('POST', COLLECTION, { records: 5 })).body[0].errorCode).toBe('JSON_PARSER_ERROR');
	});

	it('allOrNone takes everything back', async () => {
		const before = await contacts();
		const answer = await create([contact({ LastName: 'A' }), contact({})], { allOrNone: true });
		expect(codes(answer)).toEqual(['ALL_OR_NONE_OPERATION_ROLLED_BACK', 'REQUIRED_FIELD_MISSING']);
		expect(await contacts()).toBe(before);
	});

	it('retrieve by ids keeps their order, with null for what is not there', async () => {
		const { body } = await call.query('SELECT Id FROM Contact ORDER BY Id LIMIT 2');
		const [a, b] = body.records.map(({ Id }: Body) => Id as string) as [string, string];
		const answer = await call('POST', `${COLLECTION}/Contact`, {
			ids: [b, '003000000000001AAA', a],
			fields: ['Id', 'Email'],
		});
		expect(answer.body.map((row: Body) => (row === null ? null : (row.Id as string)))).toEqual([b, null, a]);
	});
});

describe('upsert', () => {
	it('by a unique external id creates, then updates; null and "" clear, absent fields stay', async () => {
		const key = 'HubSpot_Id__c';
		const made = await upsert(key, [
			contact({ HubSpot_Id__c: '77', LastName: 'Seven', Title: 'T', Department: 'D', Phone: '1' }),
		]);
		expect(made.body[0]).toMatchObject({ success: true, created: true });
		const again = await upsert(key, [contact({ HubSpot_Id__c: '77', Title: null, Department: '' })]);
		expect(again.body[0]).toEqual({ id: made.body[0].id as string, success: true, errors: [], created: false });
		expect(await one(made.body[0].id as string, 'LastName, Title, Department, Phone')).toMatchObject({ LastName: 'Seven', Title: null, Department: null, Phone: '1' }); // prettier-ignore
	});

	it('by Email where the organisation allows it, whatever the case; an address of several records fails its row', async () => {
		const answer = await upsert('Email', [
			contact({ Email: 'OFFICE@shared.example', LastName: 'X' }),
			contact({ Email: 'new@someone.example', LastName: 'Y' }),
			contact({ Email: 'New@someone.example', LastName: 'Z' }),
			contact({ LastName: 'no key' }),
			contact({ Email: 'other@someone.example', Id: '003000000000001AAA', LastName: 'Z' }),
		]);
		expect(codes(answer)).toEqual([
			'DUPLICATE_EXTERNAL_ID',
			'DUPLICATE_VALUE',
			'DUPLICATE_VALUE',
			'MISSING_ARGUMENT',
			'INVALID_FIELD',
		]);
		salesforce.settings.repeatedKey = 'laterFail';
		const later = await upsert('Email', [contact({ Email: 'new@someone.example', LastName: 'Y' }), contact({ Email: 'New@someone.example', LastName: 'Z' })]); // prettier-ignore
		expect(codes(later)).toEqual(['ok', 'DUPLICATE_VALUE']);
		salesforce.settings.repeatedKey = 'updates';
		const twice = await upsert('Email', [contact({ Email: 'third@someone.example', LastName: 'Y' }), contact({ Email: 'THIRD@someone.example', LastName: 'Z' })]); // prettier-ignore
		expect(twice.body.map((row: Body) => row.created as boolean)).toEqual([true, false]);
		salesforce.settings.emailUpsert = false;
		expect(await upsert('Email', [contact({ Email: 'a@b.example' })])).toMatchObject({
			status: 404,
			body: [{ errorCode: 'NOT_FOUND' }],
		});
	});

	it('takes no other field and no record id for its key, and older versions have none', async () => {
		for (const key of ['Phone', 'Id', 'Nope__c']) expect((await upsert(key, [contact({})])).status).toBe(404);
		expect((await call('PATCH', '/services/data/v45.0/composite/sobjects/Contact/Email', { records: [] })).status).toBe(
			404,
		);
	});

	it('single: 201 created, 200 updated, 300 with the records, 404 for addresses in .inc', async () => {
		const path = (email: string) => `/sobjects/Contact/Email/${encodeURIComponent(email)}`;
		expect(await call('PATCH', path('solo@someone.example'), { LastName: 'S' })).toMatchObject({
			status: 201,
			body: { created: true },
		});
		expect(await call('PATCH', path('solo@someone.example'), { LastName: 'T' })).toMatchObject({
			status: 200,
			body: { created: false },
		});
		const several = await call('PATCH', path('office@shared.example'), { LastName: 'T' });
		expect(several.status).toBe(300);
		expect(several.body).toHaveLength(2);
		expect((await call('PATCH', path('a@company.inc'), { LastName: 'T' })).status).toBe(404);
	});
});

describe('what refuses a record', () => {
	it('lengths, addresses, picklists, numbers, references, read-only fields', async () => {
		const cases: Array<[object, string, string]> = [
			[{ FirstName: 'x'.repeat(41) }, 'STRING_TOO_LONG', 'First Name: data value too large'],
			[{ Email: 'not an address' }, 'INVALID_EMAIL_ADDRESS', 'invalid email address: not an address'],
			[{ Email: 'jörg@example.com' }, 'INVALID_EMAIL_ADDRESS', 'invalid email address'],
			[
				{ Customer_Tier__c: 'Platinum' },
				'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST',
				'bad value for restricted picklist field: Platinum',
			],
			[{ Interests__c: 'Tea;Golf' }, 'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST', 'Golf'],
			[{ Loyalty_Points__c: 1e9 }, 'NUMBER_OUTSIDE_VALID_RANGE', 'outside of valid range'],
			[{ AccountId: '003000000000001AAA' }, 'MALFORMED_ID', 'id value of incorrect type'],
			[{ AccountId: '001gK000zzzzzzz' }, 'INVALID_CROSS_REFERENCE_KEY', 'invalid cross reference id'],
			[{ OwnerId: salesforce.ids.users.inactive }, 'INACTIVE_OWNER_OR_USER', 'inactive user'],
			[{ Name: 'x' }, 'INVALID_FIELD_FOR_INSERT_UPDATE', 'Unable to create/update fields: Name'],
			[{ Days_Since_Visit__c: 1 }, 'INVALID_FIELD_FOR_INSERT_UPDATE', 'Unable to create/update fields'],
			[{ Newsletter__c: null }, 'INVALID_TYPE_ON_FIELD_IN_RECORD', 'value not of required type'],
		];
		const answer = await create(cases.map(([values]) => contact({ LastName: 'L', ...values })));
		cases.forEach(([values, statusCode, message], index) => {
			const [error] = answer.body[index]?.errors ?? [];
			expect({ values, error }).toMatchObject({
				values,
				error: { statusCode, message: expect.stringContaining(message) as string },
			});
		});
		// Free text where the picklist is not restricted, and 40 characters counted as such.
		expect(
			codes(await create([contact({ LastName: 'L', LeadSource: 'Anything', FirstName: '🚀'.repeat(40) })])),
		).toEqual(['ok']);
	});

	it('JSON of another type and unknown fields fail the whole request or their row, as the setting says', async () => {
		const before = await contacts();
		for (const values of [
			{ Newsletter__c: 'yes' },
			{ Birthdate: '15.06.1990' },
			{ Birthdate: '1990-02-30' },
			{ Loyalty_Points__c: 'many' },
			{ Title: 5 },
			{ Nope__c: 1 },
		]) {
			// prettier-ignore
			const whole = await create([contact({ LastName: 'ok' }), contact({ LastName: 'L', ...values })]);
			expect(whole.status).toBe(400);
			expect(['JSON_PARSER_ERROR', 'INVALID_FIELD']).toContain(whole.body[0].errorCode);
		}
		expect(await contacts()).toBe(before);
		salesforce.settings.badJsonFails = 'row';
		expect(codes(await create([contact({ LastName: 'ok' }), contact({ LastName: 'L', Title: 5 })]))).toEqual([
			'ok',
			'JSON_PARSER_ERROR',
		]);
		await call.operate('setAccess', { object: 'Contact', field: 'Title', access: 'readOnly' });
		expect(codes(await create([contact({ LastName: 'L', Title: 'x' })]))).toEqual(['INVALID_FIELD_FOR_INSERT_UPDATE']);
	});

	it('state and country picklists, where they are on', async () => {
		const place = { LastName: 'L', MailingCountry: 'Deutschland' };
		expect(codes(await create([contact(place)]))).toEqual(['ok']);
		salesforce.settings.stateAndCountryPicklists = true;
		expect(codes(await create([contact(place), contact({ ...place, MailingCountry: 'Germany' }), contact({ LastName: 'L', MailingCountryCode: 'FR' })]))).toEqual(['FIELD_INTEGRITY_EXCEPTION', 'ok', 'ok']); // prettier-ignore
	});

	it('unique values, and the required field that would be blanked', async () => {
		const made = await create([
			contact({ LastName: 'A', HubSpot_Id__c: '1' }),
			contact({ LastName: 'B', HubSpot_Id__c: '1' }),
		]);
		expect(codes(made)).toEqual(['ok', 'DUPLICATE_VALUE']);
		expect(made.body[1].errors[0].message).toContain(made.body[0].id);
		const blanked = await call('PATCH', COLLECTION, {
			records: [contact({ id: made.body[0].id as string, LastName: '' })],
		});
		expect(codes(blanked)).toEqual(['REQUIRED_FIELD_MISSING']);
	});

	it('duplicate rules: alerts pass with the header from v52 on, blocks never', async () => {
		const twin = contact({ LastName: 'Twin', Email: 'Office@Shared.example' });
		const header = {
			'sforce-duplicate-rule-header': 'allowSave=true; includeRecordDetails=false; runAsCurrentUser=true',
		};
		expect(codes(await create([twin]))).toEqual(['DUPLICATES_DETECTED']);
		expect((await create([twin])).body[0].errors[0]).not.toHaveProperty('duplicateResut');
		expect(codes(await create([twin], {}, { 'sforce-duplicate-rule-header': 'allowSave=false' }))).toEqual([
			'DUPLICATES_DETECTED',
		]);
		const old = await call('POST', '/services/data/v51.0/composite/sobjects', { records: [twin] }, header);
		expect(codes(old)).toEqual(['DUPLICATES_DETECTED']);
		const single = await call('POST', '/sobjects/Contact', { LastName: 'Twin', Email: 'office@shared.example' });
		expect(single.status).toBe(400);
		expect(single.body[0].duplicateResut.matchResults[0].matchRecords[0].record.Id).toMatch(/^003/);
		expect(codes(await create([twin], {}, header))).toEqual(['ok']);
		salesforce.settings.duplicateRule = 'block';
		expect(codes(await create([twin], {}, header))).toEqual(['DUPLICATES_DETECTED']);
	});

	it('assignment rules give a lead to somebody else, on updates too, unless the header says no', async () => {
		const lead = record('Lead', { LastName: 'L', Company: 'C' });
		const owner = async (id: string) => (await call.query(`SELECT OwnerId FROM Lead WHERE Id = '${id}'`)).body.records[0].OwnerId as string; // prettier-ignore
		const kept = await create([lead], {}, { 'sforce-auto-assign': 'FALSE' });
		expect(await owner(kept.body[0].id as string)).toBe(salesforce.ids.users.sync);
		await call('PATCH', COLLECTION, { records: [record('Lead', { id: kept.body[0].id as string, Title: 'x' })] });
		expect(await owner(kept.body[0].id as string)).toBe(salesforce.ids.users.routing);
	});

	it('SB-27 deleting: a case holds its contact, twice is too often (S9)', async () => {
		const { contactWithCase } = salesforce.ids;
		const [free] = (await call.query('SELECT Id FROM Contact ORDER BY Id LIMIT 1')).body.records.map(({ Id }: Body) => Id as string); // prettier-ignore
		const path = `${COLLECTION}?allOrNone=false&ids=${String(contactWithCase)},${String(free)},${String(free)}`;
		const answer = await call('DELETE', path);
		expect(codes(answer)).toEqual(['DELETE_FAILED', 'ok', 'ENTITY_IS_DELETED']);
		expect(answer.body[0].errors[0].message).toContain('associated with the following cases.: 00001026');
	});

	it('planned failures: locks, validation rules, anything with a code', async () => {
		await call.operate('failRows', { object: 'Contact', field: 'LastName', value: 'Locked', statusCode: 'UNABLE_TO_LOCK_ROW', message: 'unable to obtain exclusive access to this record' }); // prettier-ignore
		const rows = [contact({ LastName: 'Free' }), contact({ LastName: 'Locked' })];
		expect(codes(await create(rows))).toEqual(['ok', 'UNABLE_TO_LOCK_ROW']);
		expect(codes(await create(rows))).toEqual(['ok', 'ok']);
	});
});
