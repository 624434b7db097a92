import { callsTo, startEmptyBrevo, type AttributeAnswer, type Call, type ContactAnswer } from './brevoCalls';
import type { RunningBrevo } from '../../../sandbox/brevo';

let brevo: RunningBrevo;
let call: Call;
beforeEach(async () => {
	brevo = await startEmptyBrevo();
	call = callsTo(brevo);
});
afterEach(() => brevo.close());

const emails = (body: { contacts: ContactAnswer[] }) => body.contacts.map(({ email }) => email.split('@')[0]);

/** c1 … cn, one second apart, from 10:00:01 UTC. */
const createContacts = (count: number) => {
	brevo.clock.freeze();
	brevo.clock.set(Date.parse('2026-06-01T10:00:00.000Z'));
	for (let n = 1; n <= count; n += 1) {
		brevo.clock.advance(1_000);
		brevo.store.createContact({ identifiers: { email: `c${n}@example.com` } }, 'control');
	}
};

describe('Brevo sandbox: GET /contacts', () => {
	it('gives 50 unless told otherwise, 1,000 at most, newest first or asc', async () => {
		createContacts(60);
		const standard = (await call('GET', '/contacts')).body;
		expect([standard.contacts.length, standard.count, emails(standard)[0]]).toEqual([50, 60, 'c60']);
		expect(emails((await call('GET', '/contacts?limit=3&offset=58')).body)).toEqual(['c2', 'c1']);
		expect(emails((await call('GET', '/contacts?limit=2&offset=2&sort=asc')).body)).toEqual(['c3', 'c4']);
		expect((await call('GET', '/contacts?limit=1000&offset=60')).body).toEqual({ contacts: [], count: 60 });
		const tooMany = await call('GET', '/contacts?limit=1001');
		expect(tooMany.body).toEqual({ code: 'out_of_range', message: 'Limit exceeds max value' });
		for (const query of ['limit=ten', 'offset=-1', 'sort=up', 'modifiedSince=yesterday', 'ids=a']) {
			expect((await call('GET', `/contacts?${query}`)).status).toBe(400);
		}
	});

	it('modifiedSince includes its own instant, in any offset; a blank instead of + is refused', async () => {
		createContacts(5);
		const since = async (text: string) => emails((await call('GET', `/contacts?sort=asc&modifiedSince=${text}`)).body);
		expect(await since('2026-06-01T10:00:04.000Z')).toEqual(['c4', 'c5']);
		expect(await since('2026-06-01T10:00:04.001Z')).toEqual(['c5']);
		expect(await since(encodeURIComponent('2026-06-01T12:00:04.000+02:00'))).toEqual(['c4', 'c5']);
		expect(await since('2026-06-01T12:00:04.000')).toEqual(['c4', 'c5']);
		expect((await call('GET', '/contacts?modifiedSince=2026-06-01T12:00:04.000+02:00')).status).toBe(400);
		await call('PUT', '/contacts/1', { attributes: { CITY: 'Lyon' } });
		expect(await since('2026-06-01T10:00:05.000Z')).toEqual(['c1', 'c5']);
		expect(emails((await call('GET', '/contacts?createdSince=2026-06-01T10:00:05.000Z')).body)).toEqual(['c5']);
	});

	it('filters by ids (20 at most), lists, segment and attribute', async () => {
		createContacts(4);
		await call('PUT', '/contacts/1', {
			listIds: [1],
			attributes: { COUNTRY: 'France', INTERESTS: ['Events', 'Offers'] },
		});
		await call('PUT', '/contacts/2', { listIds: [2], attributes: { LIFECYCLE: 2, IS_CUSTOMER: true } });
		await call('PUT', '/contacts/3', { attributes: { FIRSTNAME: 'Say "hi"', SMS: '+33612345678' } });
		const found = async (query: string) => emails((await call('GET', `/contacts?sort=asc&${query}`)).body);
		const filter = (text: string) => found(`filter=${encodeURIComponent(text)}`);
		expect(await found('ids=1,3')).toEqual(['c1', 'c3']);
		expect(await found('ids=1&ids=4')).toEqual(['c1', 'c4']);
		expect((await call('GET', `/contacts?ids=${Array.from({ length: 21 }, (_u, n) => n + 1).join(',')}`)).status).toBe(
			400,
		);
		expect(await found('listIds=1&listIds=2')).toEqual(['c1', 'c2']);
		expect(await found('segmentId=1')).toEqual(['c1']);
		expect((await call('GET', '/contacts?segmentId=1&listIds=1')).status).toBe(400);
		expect((await call('GET', '/contacts?listIds=999')).status).toBe(400);
		expect(await filter('equals(COUNTRY,"France")')).toEqual(['c1']);
		expect(await filter('equals(INTERESTS,"Events, Offers")')).toEqual(['c1']);
		expect(await filter('equals(LIFECYCLE, "Lead")')).toEqual(['c2']);
		expect(await filter('equals(LIFECYCLE, "2")')).toEqual(['c2']);
		expect(await filter('equals(IS_CUSTOMER, true)')).toEqual(['c2']);
		expect(await filter('equals(FIRSTNAME,"Say \\"hi\\"")')).toEqual(['c3']);
		expect(await filter('equals(SMS,"33612345678")')).toEqual(['c3']);
		expect((await call('GET', '/contacts?filter=contains(CITY,"x")')).status).toBe(400);
		expect((await call('GET', '/contacts?filter=equals(NOT_THERE,"x")')).status).toBe(400);
	});
});

interface ListChange {
	contacts: { success: unknown[]; failure: unknown[] };
}

describe('Brevo sandbox: lists and folders', () => {
	it('lists 10 unless told otherwise, 50 at most; the old counters are 0', async () => {
		for (let n = 3; n <= 60; n += 1) await call('POST', '/contacts/lists', { name: `List ${n}`, folderId: 1 });
		const standard = (await call('GET', '/contacts/lists')).body;
		expect([standard.lists.length, standard.count, standard.lists[0]?.name]).toEqual([10, 60, 'List 60']);
		expect((await call('GET', '/contacts/lists?limit=51')).body.code).toBe('out_of_range');
		const asc = (await call('GET', '/contacts/lists?limit=50&offset=50&sort=asc')).body;
		expect(asc.lists).toHaveLength(10);
		createContacts(2);
		await call('POST', '/contacts/lists/1/contacts/add', { ids: [1, 2] });
		expect((await call('GET', '/contacts/lists/1')).body).toMatchObject({
			uniqueSubscribers: 2,
			totalSubscribers: 0,
			totalBlacklisted: 0,
			dynamicList: false,
		});
	});

	it('creates in an existing folder only, changes name or folder, deletes without the contacts', async () => {
		expect((await call('POST', '/contacts/lists', { name: 'x' })).body.code).toBe('missing_parameter');
		expect((await call('POST', '/contacts/lists', { folderId: 1 })).body.code).toBe('missing_parameter');
		expect((await call('POST', '/contacts/lists', { name: 'x', folderId: 99 })).body).toEqual({
			code: 'document_not_found',
			message: 'Folder ID does not exist',
		});
		const { body } = await call('POST', '/contacts/lists', { name: 'x', folderId: 1 });
		createContacts(1);
		await call('POST', `/contacts/lists/${body.id}/contacts/add`, { emails: ['C1@example.com'] });
		expect((await call('PUT', `/contacts/lists/${body.id}`, { name: 'y', folderId: 2 })).status).toBe(400);
		expect((await call('PUT', `/contacts/lists/${body.id}`, { name: 'y' })).status).toBe(204);
		expect((await call('GET', `/contacts/lists/${body.id}`)).body.name).toBe('y');
		expect((await call('DELETE', `/contacts/lists/${body.id}`)).status).toBe(204);
		expect((await call('GET', `/contacts/lists/${body.id}`)).body.code).toBe('document_not_found');
		expect((await call('GET', '/contacts/c1%40example.com')).body.listIds).toEqual([]);
	});

	it('deletes a folder with every list in it', async () => {
		const folder = (await call('POST', '/contacts/folders', { name: 'HubSpot contacts' })).body.id;
		const list = (await call('POST', '/contacts/lists', { name: 'x', folderId: folder })).body.id;
		expect((await call('GET', `/contacts/folders/${folder}/lists`)).body).toMatchObject({
			count: 1,
			lists: [{ id: list }],
		});
		expect((await call('PUT', `/contacts/folders/${folder}`, { name: 'Renamed' })).status).toBe(204);
		expect((await call('GET', '/contacts/folders')).body.folders[0]).toMatchObject({ id: folder, name: 'Renamed' });
		expect((await call('DELETE', `/contacts/folders/${folder}`)).status).toBe(204);
		expect((await call('GET', `/contacts/lists/${list}`)).status).toBe(404);
		expect((await call('GET', '/contacts/folders?limit=51')).body.code).toBe('out_of_range');
	});

	it('adds 1 to 150 existing contacts by exactly one kind of name, and says which failed', async () => {
		createContacts(3);
		await call('PUT', '/contacts/3', { ext_id: 'key-3' });
		const add = (body: unknown) => call<ListChange>('POST', '/contacts/lists/1/contacts/add', body);
		const first = await add({ ids: [1, 99] });
		expect([first.status, first.body]).toEqual([201, { contacts: { success: [1], failure: [99] } }]);
		const byEmail = await add({ emails: ['c1@example.com', 'c2@example.com'] });
		expect(byEmail.body.contacts).toEqual({ success: ['c2@example.com'], failure: ['c1@example.com'] });
		expect((await add({ extIds: ['key-3'] })).body.contacts.success).toEqual(['key-3']);
		const again = await add({ ids: [1] });
		expect(again.status).toBe(400);
		expect(again.body).toEqual({
			code: 'invalid_parameter',
			message: 'Contact already in list and/or does not exist',
		});
		brevo.settings.allFailedIsBadRequest = false;
		expect((await add({ ids: [1] })).body).toEqual({ contacts: { success: [], failure: [1] } });
		expect((await add({ ids: [1], emails: ['c2@example.com'] })).status).toBe(400);
		expect((await add({})).status).toBe(400);
		expect((await add({ ids: [] })).status).toBe(400);
		expect((await add({ ids: Array.from({ length: 151 }, (_u, n) => n + 1) })).status).toBe(400);
		expect((await call('POST', '/contacts/lists/99/contacts/add', { ids: [1] })).status).toBe(404);
	});

	it('removes by name, or all in a process; the contacts and their blocks stay', async () => {
		createContacts(5);
		await call('POST', '/contacts/lists/1/contacts/add', { ids: [1, 2, 3, 4, 5] });
		await call('PUT', '/contacts/2', { emailBlacklisted: true });
		const removed = await call('POST', '/contacts/lists/1/contacts/remove', { ids: [1, 2, 77] });
		expect(removed.body).toEqual({ contacts: { success: [1, 2], failure: [77] } });
		expect((await call('GET', '/contacts/2')).body.emailBlacklisted).toBe(true);
		const all = await call('POST', '/contacts/lists/1/contacts/remove', { all: true });
		expect(all.body.contacts).toEqual({ total: 3, processId: 1 });
		brevo.clock.advance(1_000);
		expect((await call('GET', '/contacts/lists/1/contacts')).body).toEqual({ contacts: [], count: 0 });
		expect(brevo.store.contacts.size).toBe(5);
	});

	it('reads members 500 at a time', async () => {
		createContacts(3);
		await call('POST', '/contacts/lists/1/contacts/add', { ids: [1, 3] });
		expect(emails((await call('GET', '/contacts/lists/1/contacts?sort=asc&limit=500')).body)).toEqual(['c1', 'c3']);
		expect((await call('GET', '/contacts/lists/1/contacts?limit=501')).body.code).toBe('out_of_range');
		expect((await call('GET', '/contacts/lists/99/contacts')).body.code).toBe('document_not_found');
	});

	it('shows segments', async () => {
		const { body } = await call('GET', '/contacts/segments');
		expect(body).toMatchObject({ count: 1, segments: [{ id: 1, segmentName: 'People in France' }] });
	});
});

describe('Brevo sandbox: attributes', () => {
	const attribute = async (name: string) =>
		(await call<{ attributes: AttributeAnswer[] }>('GET', '/contacts/attributes')).body.attributes.find(
			(entry) => entry.name === name,
		);

	it('creates, widens and deletes attributes of every category', async () => {
		expect((await call('POST', '/contacts/attributes/normal/score', { type: 'float' })).status).toBe(201);
		expect(await attribute('SCORE')).toEqual({ name: 'SCORE', category: 'normal', type: 'float' });
		await call('POST', '/contacts/attributes/category/SIZE', {
			type: 'category',
			enumeration: [{ value: 1, label: 'Small' }],
		});
		await call('PUT', '/contacts/attributes/category/SIZE', { enumeration: [{ value: 2, label: 'Large' }] });
		expect((await attribute('SIZE'))?.enumeration).toEqual([
			{ value: 1, valueStr: '1', label: 'Small' },
			{ value: 2, valueStr: '2', label: 'Large' },
		]);
		await call('POST', '/contacts/attributes/normal/COLOURS', {
			type: 'multiple-choice',
			multiCategoryOptions: ['Red'],
		});
		await call('PUT', '/contacts/attributes/normal/COLOURS', { multiCategoryOptions: ['Blue'] });
		expect((await attribute('COLOURS'))?.multiCategoryOptions).toEqual(['Red', 'Blue']);
		expect((await call('DELETE', '/contacts/attributes/multiple-choice/COLOURS/Red')).status).toBe(204);
		expect((await attribute('COLOURS'))?.multiCategoryOptions).toEqual(['Blue']);
		await call('POST', '/contacts', { email: 'a@example.com', attributes: { SCORE: 4 } });
		expect((await call('DELETE', '/contacts/attributes/normal/SCORE')).status).toBe(204);
		expect(await attribute('SCORE')).toBeUndefined();
		expect((await call('GET', '/contacts/1')).body.attributes).toEqual({});
	});

	it.each([
		['/contacts/attributes/normal/FIRSTNAME', { type: 'text' }, 'Attribute name must be unique'],
		['/contacts/attributes/normal/EMAIL', { type: 'text' }, 'Attribute name must be unique'],
		['/contacts/attributes/unheard/X', { type: 'text' }, 'attributeCategory is not valid'],
		['/contacts/attributes/normal/X', { type: 'id' }, 'type is not valid'],
		['/contacts/attributes/transactional/X', { type: 'user' }, 'type is not valid'],
		['/contacts/attributes/normal/X', {}, 'type is missing'],
		['/contacts/attributes/category/X', { enumeration: [{ value: 1, label: 'x'.repeat(201) }] }, '200 characters'],
		['/contacts/attributes/global/X', {}, 'value is missing'],
	])('refuses POST %s %j', async (path, body, message) => {
		const answer = await call('POST', path, body);
		expect(answer.status).toBe(400);
		expect(answer.body.message).toContain(message);
	});

	it('has the seed’s attributes, localised names and any number of further ones', async () => {
		const french = await startEmptyBrevo({ language: 'fr', extraAttributes: 60 });
		const { attributes } = (await callsTo(french)<{ attributes: AttributeAnswer[] }>('GET', '/contacts/attributes'))
			.body;
		await french.close();
		const names = attributes.map(({ name }) => name);
		expect(names).toEqual(
			expect.arrayContaining(['NOM', 'PRENOM', 'SMS', 'EXT_ID', 'WHATSAPP', 'DOUBLE_OPT-IN', 'EXTRA_60']),
		);
		expect(names).not.toContain('FIRSTNAME');
		expect(attributes.find(({ name }) => name === 'EXTRA_06')?.enumeration).toContainEqual({
			value: 0,
			valueStr: 'fr',
			label: 'FR',
		});
	});
});
