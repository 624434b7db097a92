import { startHubSpot, type RunningHubSpot } from '../../../sandbox/hubspot';
import { callsTo, nextOf, type Call } from './hubSpotCalls';

let hubspot: RunningHubSpot;
let call: Call;
let ids: string[];
beforeAll(async () => {
	hubspot = await startHubSpot({ members: 150, accountTier: 'enterprise' });
	call = callsTo(hubspot);
});
afterAll(() => hubspot.close());
beforeEach(() => {
	hubspot.reset();
	ids = [...hubspot.store.list(101).members.ids()].map(String);
});

const CONTACTS = '/crm/objects/2026-09/contacts';
const batchRead = (wanted: readonly string[], more: object = {}) =>
	call('POST', `${CONTACTS}/batch/read`, { inputs: wanted.map((id) => ({ id })), ...more });
const plain = () => ids.filter((id) => hubspot.store.contact(id).properties['email'] !== undefined);

describe('contacts of the stand-in HubSpot', () => {
	it('batch read: 100 inputs, or 50 with history and HubSpot’s words for it', async () => {
		expect((await batchRead(ids.slice(0, 100), { properties: ['email'] })).body.results).toHaveLength(100);
		expect((await batchRead(ids.slice(0, 101))).status).toBe(400);
		const more = { propertiesWithHistory: ['email'] };
		expect((await batchRead(ids.slice(0, 50), more)).status).toBe(200);
		expect((await batchRead(ids.slice(0, 51), more)).body).toMatchObject({
			category: 'VALIDATION_ERROR',
			message:
				'The maximum number of inputs supported in a batch request for property histories is 50. Please reduce the number of items and try again',
		});
	});

	it('batch read: unknown names are absent, defined but empty ones null, three stamps always there', async () => {
		const id = hubspot.store.addContact({ email: 'Empty@Example.com' });
		const { body } = await batchRead([id], { properties: ['email', 'phone', 'no_such_property'] });
		expect(body.results[0].properties).toEqual({
			createdate: expect.any(String) as string,
			email: 'empty@example.com',
			hs_object_id: id,
			lastmodifieddate: body.results[0].updatedAt,
			phone: null,
		});
	});

	it('batch read: missing and archived ids come as errors of a 207', async () => {
		hubspot.store.archive(ids[1] as string);
		const { status, body } = await batchRead([ids[0] as string, ids[1] as string, '4711', 'x'], {
			properties: ['email'],
		});
		expect(status).toBe(207);
		expect(body.results).toHaveLength(1);
		expect(body).toMatchObject({
			numErrors: 1,
			errors: [{ category: 'OBJECT_NOT_FOUND', context: { ids: [ids[1], '4711', 'x'] } }],
		});
		const archived = await call('POST', `${CONTACTS}/batch/read?archived=true`, { inputs: [{ id: ids[1] }] });
		expect(archived.body.results[0]).toMatchObject({ id: ids[1], archived: true });
		expect(archived.body.results[0].archivedAt).toEqual(expect.any(String));
	});

	it('batch read by e-mail, without regard to case', async () => {
		const [id = ''] = plain();
		const email = hubspot.store.contact(id).properties['email'] ?? '';
		const { body } = await batchRead([email.toUpperCase()], { idProperty: 'email' });
		expect(body.results.map((contact) => contact.id)).toEqual([id]);
		expect((await batchRead(['Lyon'], { idProperty: 'city' })).status).toBe(400);
	});

	it('history holds every value, the newest first, with time and source', async () => {
		const [id = ''] = plain();
		const old = hubspot.store.contact(id).properties['email'];
		hubspot.store.changeContact(id, { email: 'moved@example.com' });
		hubspot.store.changeContact(id, { email: 'moved.again@example.com', phone: '' });
		const { body } = await batchRead([id], {
			properties: ['email'],
			propertiesWithHistory: ['email', 'phone', 'photo'],
		});
		const { email, phone, photo } = body.results[0].propertiesWithHistory;
		expect(email.map(({ value }) => value)).toEqual(['moved.again@example.com', 'moved@example.com', old]);
		expect(email[0]).toMatchObject({ sourceType: 'CRM_UI', timestamp: body.results[0].updatedAt });
		expect(phone[0].value).toBe('');
		expect(photo).toEqual([]);
	});

	it('every change moves lastmodifieddate, a page view too, although no visible property changed', async () => {
		const [id = ''] = plain();
		const read = async () => (await batchRead([id], { properties: ['email', 'firstname'] })).body.results[0].properties;
		const before = await read();
		hubspot.store.pageView(id);
		const after = await read();
		expect(Date.parse(after.lastmodifieddate)).toBeGreaterThan(Date.parse(before.lastmodifieddate));
		expect({ ...after, lastmodifieddate: '' }).toEqual({ ...before, lastmodifieddate: '' });
	});

	it('lists contacts 100 a page with a cursor, and reads one by id or e-mail', async () => {
		const seen: string[] = [];
		let after: string | undefined;
		do {
			const { body } = await call(
				'GET',
				`${CONTACTS}?limit=100&properties=email,phone${after ? `&after=${after}` : ''}`,
			);
			seen.push(...body.results.map(({ id }) => id));
			after = nextOf(body);
		} while (after);
		expect(seen).toHaveLength(hubspot.store.contacts.contacts.size);
		expect((await call('GET', `${CONTACTS}?limit=101`)).status).toBe(400);
		const [id = ''] = plain();
		const { email = '' } = hubspot.store.contact(id).properties;
		const one = await call(
			'GET',
			`${CONTACTS}/${encodeURIComponent(email)}?idProperty=email&properties=phone&properties=city`,
		);
		expect(one.body).toMatchObject({ id, archived: false });
		expect(await call('GET', `${CONTACTS}/4711`)).toMatchObject({
			status: 404,
			body: { category: 'OBJECT_NOT_FOUND' },
		});
	});

	it('a merge makes a new record with both addresses, the old ids are gone where they do not redirect, the lists follow', async () => {
		hubspot.settings.mergedIds = 'missing';
		const [a = '', b = ''] = plain();
		const [first, second] = [a, b].map((id) => hubspot.store.contact(id).properties);
		const { status, body } = await call('POST', `${CONTACTS}/merge`, { primaryObjectId: a, objectIdToMerge: b });
		expect(status).toBe(200);
		expect([a, b]).not.toContain(body.id);
		const read = await batchRead([a, b, body.id], {
			properties: ['email', 'hs_additional_emails', 'hs_merged_object_ids', 'phone'],
		});
		expect(read.body.errors[0].context.ids).toEqual([a, b]);
		expect(read.body.results[0].properties).toMatchObject({
			email: first?.['email'],
			hs_additional_emails: second?.['email'],
			hs_merged_object_ids: `${a};${b}`,
			phone: first?.['phone'] ?? second?.['phone'] ?? null,
		});
		const members = hubspot.store.list(101).members;
		expect([members.has(Number(a)), members.has(Number(b)), members.has(Number(body.id))]).toEqual([
			false,
			false,
			true,
		]);
	});

	it('a merge can keep the primary id, and old ids can lead to the survivor', async () => {
		hubspot.settings.mergeKeepsPrimaryId = true;
		hubspot.settings.mergedIds = 'redirect';
		const [a = '', b = ''] = plain();
		const { body } = await call('POST', `${CONTACTS}/merge`, { primaryObjectId: a, objectIdToMerge: b });
		expect(body.id).toBe(a);
		expect((await call('GET', `${CONTACTS}/${b}`)).body.id).toBe(a);
	});

	it('a merge can leave the survivor outside of the lists, and the parts are in the recycle bin', async () => {
		hubspot.settings.mergeKeepsLists = false;
		const [a = '', b = ''] = plain();
		const { body } = await call('POST', `${CONTACTS}/merge`, { primaryObjectId: a, objectIdToMerge: b });
		expect(hubspot.store.list(101).members.has(Number(body.id))).toBe(false);
		const archived = await call('GET', `${CONTACTS}?archived=true&limit=100`);
		expect(archived.body.results.map(({ id }: { id: string }) => id)).toEqual(expect.arrayContaining([a, b]));
	});

	it('opt-out can be read and not written', async () => {
		const [id = ''] = plain();
		hubspot.store.optOut(id);
		const { body } = await batchRead([id], { properties: ['hs_email_optout'] });
		expect(body.results[0].properties.hs_email_optout).toBe('true');
		const refused = await call('PATCH', `${CONTACTS}/${id}`, { properties: { hs_email_optout: 'false' } });
		expect(refused.status).toBe(400);
		expect(refused.body.errors[0]).toMatchObject({
			code: 'READ_ONLY_VALUE',
			context: { propertyName: ['hs_email_optout'] },
		});
	});
});
