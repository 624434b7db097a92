import { callsTo, startEmptyBrevo, type Call } from './brevoCalls';
import type { RunningBrevo } from '../../../sandbox/brevo';

let brevo: RunningBrevo;
let call: Call;
beforeEach(async () => {
	brevo = await startEmptyBrevo();
	call = callsTo(brevo);
});
afterEach(() => brevo.close());

const read = async (identifier: string, type?: string) =>
	(await call('GET', `/contacts/${encodeURIComponent(identifier)}${type ? `?identifierType=${type}` : ''}`)).body;

describe('Brevo sandbox: POST /contacts', () => {
	it('creates with 201 and the id, updates with 204 and no body, refuses without updateEnabled', async () => {
		const created = await call('POST', '/contacts', { email: 'Ada@Example.com', attributes: { FIRSTNAME: 'Ada' } });
		expect([created.status, created.body]).toEqual([201, { id: 1 }]);
		const refused = await call('POST', '/contacts', { email: 'ada@example.com', attributes: { FIRSTNAME: 'Eve' } });
		expect(refused.status).toBe(400);
		expect(refused.body).toEqual({
			code: 'duplicate_parameter',
			message: 'Unable to create contact, email is already associated with another Contact',
			metadata: { duplicate_identifiers: ['email'] },
		});
		const updated = await call('POST', '/contacts', {
			email: 'ada@example.com',
			updateEnabled: true,
			attributes: { LASTNAME: 'Byron' },
		});
		expect([updated.status, updated.body]).toEqual([204, '']);
		expect((await read('ada@example.com')).attributes).toEqual({ FIRSTNAME: 'Ada', LASTNAME: 'Byron' });
	});

	it('refuses the phone of another contact also with updateEnabled, naming the identifier', async () => {
		await call('POST', '/contacts', { email: 'a@example.com', attributes: { SMS: '+33612345678' } });
		await call('POST', '/contacts', { email: 'b@example.com' });
		const clash = { email: 'b@example.com', updateEnabled: true, attributes: { SMS: '0033612345678' } };
		const answer = await call('POST', '/contacts', clash);
		expect(answer.status).toBe(400);
		expect(answer.body).toMatchObject({
			code: 'duplicate_parameter',
			message: 'Unable to update contact, SMS is already associated with another Contact',
			metadata: { duplicate_identifiers: ['SMS'] },
		});
		brevo.settings.duplicateCode = 'invalid_parameter';
		expect((await call('POST', '/contacts', clash)).body.code).toBe('invalid_parameter');
	});

	it('refuses the ext_id of another contact, and finds a contact by ext_id alone', async () => {
		await call('POST', '/contacts', { email: 'a@example.com', ext_id: 'hubspot:1:contact:5' });
		const clash = await call('POST', '/contacts', {
			email: 'new@example.com',
			ext_id: 'hubspot:1:contact:5',
			updateEnabled: true,
		});
		expect(clash.body.metadata).toEqual({ duplicate_identifiers: ['ext_id'] });
		const byKey = await call('POST', '/contacts', {
			ext_id: 'hubspot:1:contact:5',
			updateEnabled: true,
			attributes: { CITY: 'Lyon' },
		});
		expect(byKey.status).toBe(204);
		const contact = await read('hubspot:1:contact:5', 'ext_id');
		expect(contact.attributes).toEqual({ CITY: 'Lyon', EXT_ID: 'hubspot:1:contact:5' });
		expect(brevo.store.contacts.size).toBe(1);
	});

	it('gives a contact with only a phone a stand-in address, and gives phones back as digits', async () => {
		await call('POST', '/contacts', { attributes: { SMS: '+33612345678' } });
		expect(await read('33612345678')).toMatchObject({
			email: '33612345678@mailin-sms.com',
			attributes: { SMS: '33612345678' },
		});
	});

	it.each([
		[{ email: 'not an address' }, 'invalid_parameter'],
		[{ email: 'a@example' }, 'invalid_parameter'],
		[{ email: 'a@example.com', attributes: { SMS: '12345' } }, 'invalid_parameter'],
		[{ email: 'a@example.com', attributes: { SMS: '12345678901234567' } }, 'invalid_parameter'],
		[{ email: 'a@example.com', attributes: { SMS: '+33 6 12 34 56 78' } }, 'invalid_parameter'],
		[{ email: 'a@example.com', attributes: { SMS: '0612345678' } }, 'invalid_parameter'],
		[{ email: 'a@example.com', listIds: ['1'] }, 'invalid_parameter'],
		[{ email: 'a@example.com', listIds: [999] }, 'invalid_parameter'],
		[{ email: 'a@example.com', emailBlacklisted: 'true' }, 'invalid_parameter'],
		[{ email: 'a@example.com', attributes: [] }, 'invalid_parameter'],
		[{ email: 5 }, 'invalid_parameter'],
		[{ attributes: { FIRSTNAME: 'Nobody' } }, 'missing_parameter'],
	])('refuses %j with %s and stores nothing', async (body, code) => {
		const answer = await call('POST', '/contacts', body);
		expect([answer.status, answer.body.code]).toEqual([400, code]);
		expect(brevo.store.contacts.size).toBe(0);
	});

	it('merges on demand: the contact modified last stays, the other is deleted, its block is kept', async () => {
		await call('POST', '/contacts', {
			email: 'old@example.com',
			attributes: { SMS: '33612345678' },
			emailBlacklisted: true,
		});
		brevo.clock.advance(1_000);
		await call('POST', '/contacts', { email: 'new@example.com' });
		const answer = await call('POST', '/contacts', {
			email: 'new@example.com',
			attributes: { SMS: '33612345678' },
			updateEnabled: true,
			forceMerge: true,
			getId: true,
		});
		expect([answer.status, answer.body]).toEqual([200, { id: 2 }]);
		expect([...brevo.store.contacts.keys()]).toEqual([2]);
		expect(await read('new@example.com')).toMatchObject({ emailBlacklisted: true, attributes: { SMS: '33612345678' } });
	});
});

describe('Brevo sandbox: attribute values', () => {
	it('drops values of the wrong type silently and stores the right ones', async () => {
		const answer = await call('POST', '/contacts', {
			email: 'a@example.com',
			attributes: {
				FIRSTNAME: 7,
				BIRTHDAY: '11/02/1989',
				ANNUAL_REVENUE: '12.5',
				IS_CUSTOMER: 'yes',
				LIFECYCLE: 'Nothing known',
				INTERESTS: ['Events', 'Nonsense'],
				ORDERS_LAST_YEAR: 3,
				NOT_THERE: 'x',
				CITY: 'Łódź 🌍 "quoted" <b>',
			},
		});
		expect(answer.status).toBe(201);
		expect((await read('a@example.com')).attributes).toEqual({ INTERESTS: ['Events'], CITY: 'Łódź 🌍 "quoted" <b>' });
		expect(brevo.store.dropped.map(({ name, why }) => `${name}: ${why}`)).toEqual([
			'FIRSTNAME: wrong type',
			'BIRTHDAY: wrong type',
			'ANNUAL_REVENUE: wrong type',
			'IS_CUSTOMER: wrong type',
			'LIFECYCLE: unknown option',
			'ORDERS_LAST_YEAR: not writable',
			'NOT_THERE: unknown attribute',
		]);
	});

	it('keeps float, date, boolean, category by number or label, and several choices', async () => {
		const attributes = {
			ANNUAL_REVENUE: 12.5,
			BIRTHDAY: '1989-02-11',
			IS_CUSTOMER: false,
			LIFECYCLE: 6,
			INTERESTS: ['Events', 'Offers'],
		};
		await call('POST', '/contacts', { email: 'a@example.com', attributes });
		expect((await read('a@example.com')).attributes).toEqual(attributes);
		await call('PUT', '/contacts/a%40example.com', { attributes: { LIFECYCLE: 'lead' } });
		expect((await read('a@example.com')).attributes.LIFECYCLE).toBe(2);
	});

	it('takes 10,000 characters of text and not one more, dates from 1900 to 2050', async () => {
		const attributes = { NOTES: 'é'.repeat(10_000), BIRTHDAY: '1900-01-01' };
		await call('POST', '/contacts', { email: 'a@example.com', attributes });
		await call('PUT', '/contacts/a%40example.com', {
			attributes: { NOTES: 'é'.repeat(10_001), BIRTHDAY: '2051-01-01' },
		});
		expect((await read('a@example.com')).attributes).toEqual(attributes);
	});

	it('does not clear with an empty value, unless the account is set to', async () => {
		await call('POST', '/contacts', { email: 'a@example.com', attributes: { CITY: 'Lyon', FIRSTNAME: 'Ada' } });
		await call('PUT', '/contacts/a%40example.com', { attributes: { CITY: '', FIRSTNAME: null } });
		expect((await read('a@example.com')).attributes).toEqual({ CITY: 'Lyon', FIRSTNAME: 'Ada' });
		brevo.settings.emptyClears = true;
		await call('PUT', '/contacts/a%40example.com', { attributes: { CITY: '' } });
		expect((await read('a@example.com')).attributes).toEqual({ FIRSTNAME: 'Ada' });
	});

	it('can be set to refuse unknown attributes', async () => {
		brevo.settings.unknownAttributes = 'error';
		const answer = await call('POST', '/contacts', { email: 'a@example.com', attributes: { NOT_THERE: 'x' } });
		expect([answer.status, answer.body.code]).toEqual([400, 'invalid_parameter']);
	});
});

describe('Brevo sandbox: PUT, GET, DELETE of one contact', () => {
	it('finds by every identifier type, and not by another one', async () => {
		await call('POST', '/contacts', {
			email: 'a+b@example.com',
			ext_id: 'x/1:2 3',
			attributes: { SMS: '33612345678', WHATSAPP: '33700000001', LANDLINE_NUMBER: '+33100000002' },
		});
		for (const [identifier, type] of [
			['a+b@example.com', 'email_id'],
			['1', 'contact_id'],
			['x/1:2 3', 'ext_id'],
			['+33612345678', 'phone_id'],
			['33700000001', 'whatsapp_id'],
			['0033100000002', 'landline_number_id'],
		] as const) {
			expect((await read(identifier, type)).id).toBe(1);
		}
		expect(await read('x/1:2 3')).toEqual({ code: 'document_not_found', message: 'Contact does not exist' });
		expect((await read('33612345678', 'whatsapp_id')).code).toBe('document_not_found');
		expect((await read('1', 'no_such_type')).code).toBe('invalid_parameter');
	});

	it('changes the e-mail through attributes.EMAIL, refuses one that is taken, ignores a top-level email', async () => {
		await call('POST', '/contacts', { email: 'a@example.com', ext_id: 'key-1' });
		await call('POST', '/contacts', { email: 'taken@example.com' });
		const taken = await call('PUT', '/contacts/key-1?identifierType=ext_id', {
			attributes: { EMAIL: 'taken@example.com' },
		});
		expect([taken.status, taken.body.metadata]).toEqual([400, { duplicate_identifiers: ['email'] }]);
		expect((await call('PUT', '/contacts/1', { attributes: { EMAIL: 'nonsense' } })).status).toBe(400);
		expect((await call('PUT', '/contacts/1', { email: 'top@example.com' })).status).toBe(204);
		expect((await read('1')).email).toBe('a@example.com');
		const moved = await call('PUT', '/contacts/key-1?identifierType=ext_id', {
			attributes: { EMAIL: 'New@example.com' },
		});
		expect(moved.status).toBe(204);
		expect((await read('key-1', 'ext_id')).email).toBe('new@example.com');
		expect((await read('a@example.com')).code).toBe('document_not_found');
	});

	it('echoes the external id as attributes.EXT_ID, as ext_id, or not at all', async () => {
		await call('POST', '/contacts', { email: 'a@example.com', ext_id: 'key-1' });
		expect((await read('1')).attributes).toEqual({ EXT_ID: 'key-1' });
		brevo.settings.extIdReadAs = 'field';
		expect(await read('1')).toMatchObject({ ext_id: 'key-1', attributes: {} });
		brevo.settings.extIdReadAs = 'none';
		expect(JSON.stringify(await read('1'))).not.toContain('key-1');
		expect((await read('key-1', 'ext_id')).id).toBe(1);
	});

	it('adds to lists and removes from lists, and sets ext_id', async () => {
		await call('POST', '/contacts', { email: 'a@example.com', listIds: [1] });
		await call('PUT', '/contacts/a%40example.com', { listIds: [2], unlinkListIds: [1], ext_id: 'key-9' });
		expect((await read('key-9', 'ext_id')).listIds).toEqual([2]);
		expect(brevo.store.writes.map(({ changedFields }) => changedFields)).toEqual([
			['email', '+list:1'],
			['ext_id', '+list:2', '-list:1'],
		]);
	});

	it('deletes with 204, then 404; an account user cannot be deleted', async () => {
		await call('POST', '/contacts', { email: 'a@example.com', listIds: [1] });
		await call('POST', '/contacts', { email: 'owner@sandbox.example' });
		expect((await call('DELETE', '/contacts/a%40example.com')).status).toBe(204);
		expect((await call('DELETE', '/contacts/a%40example.com')).status).toBe(404);
		expect(brevo.store.lists.get(1)?.members.size).toBe(0);
		const user = await call('DELETE', '/contacts/owner%40sandbox.example');
		expect([user.status, user.body.code]).toEqual([405, 'method_not_allowed']);
	});

	it('gives timestamps in the account’s offset, and leaves modifiedAt when nothing changed', async () => {
		brevo.clock.freeze();
		brevo.clock.set(Date.parse('2026-08-01T17:45:17.088Z'));
		await call('POST', '/contacts', { email: 'a@example.com', attributes: { CITY: 'Lyon' } });
		expect((await read('a@example.com')).createdAt).toBe('2026-08-01T19:45:17.088+02:00');
		brevo.clock.advance(60_000);
		await call('PUT', '/contacts/a%40example.com', { attributes: { CITY: 'Lyon' } });
		expect((await read('a@example.com')).modifiedAt).toBe('2026-08-01T19:45:17.088+02:00');
		await call('PUT', '/contacts/a%40example.com', { attributes: { CITY: 'Paris' } });
		expect((await read('a@example.com')).modifiedAt).toBe('2026-08-01T19:46:17.088+02:00');
		expect(brevo.store.writes).toHaveLength(2);
	});
});
