import { startHubSpot, type RunningHubSpot } from '../../../sandbox/hubspot';
import { callsTo, type Call } from './hubSpotCalls';

let hubspot: RunningHubSpot;
let call: Call;
beforeAll(async () => {
	hubspot = await startHubSpot({ members: 5, awkward: false, burstLimit: 10_000 });
	call = callsTo(hubspot);
});
afterAll(() => hubspot.close());
beforeEach(() => hubspot.reset());

const CONTACTS = '/crm/objects/2026-09/contacts';
type Properties = Record<string, unknown>;

const create = (properties: Properties) => call('POST', CONTACTS, { properties });
const patch = (id: string, properties: Properties) => call('PATCH', `${CONTACTS}/${id}`, { properties });
const createAll = (rows: readonly Properties[], isTraced = false) =>
	call('POST', `${CONTACTS}/batch/create`, {
		inputs: rows.map((properties, n) => ({ properties, ...(isTraced && { objectWriteTraceId: `t${n}` }) })),
	});
const updateAll = (inputs: readonly object[]) => call('POST', `${CONTACTS}/batch/update`, { inputs });
const readAll = (ids: readonly string[], idProperty?: string) =>
	call('POST', `${CONTACTS}/batch/read`, {
		inputs: ids.map((id) => ({ id })),
		properties: ['email', 'hs_additional_emails'],
		...(idProperty !== undefined && { idProperty }),
	});
const added = (properties: Record<string, string>) => hubspot.store.addContact(properties);
const count = () => hubspot.store.contacts.contacts.size;
const valuesOf = (id: string) => hubspot.store.contact(id).properties;

describe('addresses that are taken', () => {
	it('H1: a batch create is all or nothing, and names the first existing contact alone', async () => {
		const first = added({ email: 'b@example.com' });
		added({ email: 'c@example.com' });
		const before = count();
		const rows = [{ email: 'a@example.com' }, { email: 'B@example.com' }, { email: 'c@example.com' }];
		const { status, body } = await createAll(rows);
		expect(status).toBe(409);
		expect(body).toMatchObject({
			category: 'CONFLICT',
			message: `Contact already exists. Existing ID: ${first}`,
		});
		expect(count()).toBe(before);
	});

	it('H1: with a trace id on each row good rows are made and each bad one is listed', async () => {
		const existing = added({ email: 'b@example.com' });
		const { status, body } = await createAll(
			[{ email: 'a@example.com' }, { email: 'b@example.com' }, { email: 'c@example.com', vip: 'maybe' }],
			true,
		);
		expect(status).toBe(207);
		expect(body.results).toMatchObject([{ properties: { email: 'a@example.com' }, objectWriteTraceId: 't0' }]);
		expect(body.errors).toMatchObject([
			{
				category: 'CONFLICT',
				message: `Contact already exists. Existing ID: ${existing}`,
				context: { objectWriteTraceId: ['t1'] },
			},
			{ category: 'VALIDATION_ERROR', context: { objectWriteTraceId: ['t2'] } },
		]);
	});

	it('results of a batch create do not come in the order of its rows', async () => {
		const { body } = await createAll([{ email: 'a@example.com' }, { email: 'b@example.com' }]);
		expect(body.results.map(({ properties }) => properties.email)).toEqual(['b@example.com', 'a@example.com']);
	});

	it('H3: an address that is an additional one of another contact is taken, though reading by it finds nothing', async () => {
		const id = added({ email: 'main@example.com' });
		hubspot.store.addSecondaryEmail(id, 'Second@example.com');
		expect((await call('GET', `${CONTACTS}/second@example.com?idProperty=email`)).status).toBe(404);
		expect((await readAll(['second@example.com'], 'email')).body.results).toEqual([]);
		const clash = await create({ email: 'second@example.com' });
		expect(clash).toMatchObject({ status: 409, body: { message: `Contact already exists. Existing ID: ${id}` } });
		hubspot.settings.matchSecondaryEmail = true;
		expect((await readAll(['SECOND@example.com'], 'email')).body.results).toMatchObject([
			{ id, properties: { email: 'main@example.com', hs_additional_emails: 'second@example.com' } },
		]);
	});

	it('H4: an update that sends the additional address by which it matched makes it the main one', async () => {
		hubspot.settings.matchSecondaryEmail = true;
		const id = added({ email: 'main@example.com' });
		hubspot.store.addSecondaryEmail(id, 'second@example.com');
		await call('PATCH', `${CONTACTS}/second@example.com?idProperty=email`, {
			properties: { email: 'second@example.com', city: 'Lyon' },
		});
		expect(valuesOf(id)).toMatchObject({
			email: 'second@example.com',
			hs_additional_emails: 'main@example.com',
			city: 'Lyon',
		});
	});

	it.each([
		['conflict', 409, 'CONFLICT'],
		['validation', 400, 'VALIDATION_ERROR'],
	] as const)('takenEmailOnUpdate %s: another contact’s address', async (answer, status, category) => {
		hubspot.settings.takenEmailOnUpdate = answer;
		const holder = added({ email: 'a@example.com' });
		const id = added({ email: 'b@example.com' });
		const clash = await patch(id, { email: 'A@example.com', city: 'Lyon' });
		expect(clash).toMatchObject({ status, body: { category } });
		expect(clash.body.message).toContain(holder);
		expect(valuesOf(id)).not.toHaveProperty('city');
	});

	it.each([
		[true, 'old@example.com', 409],
		[false, undefined, 201],
	])('emailChangeKeepsOld %s: the address a contact had before', async (keeps, more, status) => {
		hubspot.settings.emailChangeKeepsOld = keeps;
		const id = added({ email: 'old@example.com' });
		await updateAll([{ id, properties: { email: 'new@example.com' } }]);
		expect(valuesOf(id)['hs_additional_emails']).toBe(more);
		expect((await create({ email: 'old@example.com' })).status).toBe(status);
	});

	it('H5: batch updates by e-mail are refused with idProperty, and change nothing without a word otherwise', async () => {
		const id = added({ email: 'a@example.com' });
		const input = { id: 'a@example.com', properties: { city: 'Lyon' } };
		for (const idProperty of ['email', 'hs_object_id', 'city']) {
			const refused = await updateAll([{ ...input, idProperty }]);
			expect(refused.status).toBe(400);
			expect(refused.body.message).toMatch(/^Unable to perform update\/upsert by non-unique 0-1 property/);
		}
		const silent = await updateAll([input]);
		expect(silent).toMatchObject({ status: 200, body: { status: 'COMPLETE', results: [] } });
		expect(valuesOf(id)).not.toHaveProperty('city');
		expect((await updateAll([{ id, properties: { city: 'Lyon' } }])).body.results).toHaveLength(1);
	});

	it.each([
		['conflict', true, 409, 0],
		['conflict', false, 409, 0],
		['validation', true, 400, 0],
		['perRow', true, 207, 2],
	] as const)('H6: one address twice, duplicatesInCreate %s, trace ids %s', async (answer, isTraced, status, made) => {
		hubspot.settings.duplicatesInCreate = answer;
		const before = count();
		const rows = [{ email: 'a@example.com' }, { email: ' A@example.com' }, { email: 'b@example.com' }];
		expect((await createAll(rows, isTraced)).status).toBe(status);
		expect(count() - before).toBe(made);
	});

	it('H9: contacts without an address are made again and again; a path without one leads nowhere', async () => {
		const ids = [await create({ email: '', city: 'Lyon' }), await create({ email: '', city: 'Lyon' })];
		expect(new Set(ids.map(({ body }) => body.id)).size).toBe(2);
		expect((await call('PATCH', `${CONTACTS}/?idProperty=email`, { properties: { city: 'Caen' } })).status).toBe(404);
		expect((await readAll([''], 'email')).body.results).toEqual([]);
	});

	it.each([
		['message', true, false],
		['identityProfile', false, true],
		['both', true, true],
	] as const)('H27: conflictBody %s', async (shape, inMessage, inProfile) => {
		hubspot.settings.conflictBody = shape;
		const id = added({ email: 'a@example.com' });
		const { status, body } = await create({ email: 'a@example.com' });
		const { identityProfile } = body as unknown as { identityProfile?: { vid: number; identity: object[] } };
		expect(status).toBe(409);
		expect(body.message.includes(id)).toBe(inMessage);
		expect(identityProfile?.vid).toBe(inProfile ? Number(id) : undefined);
		if (inProfile) expect(identityProfile?.identity[0]).toMatchObject({ value: 'a@example.com', isPrimary: true });
	});

	it('after a GDPR deletion no contact can have its addresses again', async () => {
		const id = added({ email: 'a@example.com' });
		hubspot.store.addSecondaryEmail(id, 'b@example.com');
		hubspot.store.addToList(102, [id]);
		const erase = (objectId: string, idProperty?: string) =>
			call('POST', `${CONTACTS}/gdpr-delete`, { objectId, ...(idProperty !== undefined && { idProperty }) });
		expect((await erase('a@example.com', 'email')).status).toBe(204);
		expect((await erase('unknown@example.com', 'email')).status).toBe(204);
		expect((await erase(id)).status).toBe(404);
		expect((await call('GET', `${CONTACTS}/${id}?archived=true`)).status).toBe(404);
		expect(hubspot.store.list(102).members.has(Number(id))).toBe(false);
		for (const email of ['A@example.com', 'b@example.com', 'unknown@example.com']) {
			expect(await create({ email })).toMatchObject({ status: 400, body: { errors: [{ code: 'INVALID_EMAIL' }] } });
		}
	});

	it('a property with unique values: found by it, no value twice, at most 10 of them', async () => {
		const holder = added({ email: 'a@example.com', customer_number: 'K-1' });
		expect((await readAll(['K-1', 'K-2'], 'customer_number')).body.results).toMatchObject([{ id: holder }]);
		for (const answer of [
			await create({ email: 'b@example.com', customer_number: 'K-1' }),
			await patch(added({ email: 'c@example.com' }), { customer_number: 'K-1' }),
		]) {
			expect(answer).toMatchObject({ status: 400, body: { errors: [{ code: 'CONFLICTING_UNIQUE_VALUE' }] } });
			expect(answer.body.message).toContain(`${holder} already has that value`);
		}
		const define = (n: number) =>
			call('POST', '/crm/properties/2026-09/contacts', {
				name: `key_${n}`,
				label: `Key ${n}`,
				groupName: 'contactinformation',
				type: 'string',
				fieldType: 'text',
				hasUniqueValue: true,
			});
		for (let n = 1; n <= 9; n += 1) expect((await define(n)).status).toBe(201);
		expect((await define(10)).status).toBe(400);
	});

	it('an upsert by e-mail does not match an additional address: the row conflicts', async () => {
		const id = added({ email: 'main@example.com' });
		hubspot.store.addSecondaryEmail(id, 'second@example.com');
		const input = { id: 'second@example.com', idProperty: 'email', properties: { city: 'Lyon' } };
		const { status, body } = await call('POST', `${CONTACTS}/batch/upsert`, { inputs: [input] });
		expect({ status, message: body.message }).toEqual({
			status: 409,
			message: `Contact already exists. Existing ID: ${id}`,
		});
	});

	it.each([
		['clears', undefined],
		['keeps', 'Lyon'],
	] as const)('partialEmailUpsert %s: properties that an upsert by e-mail leaves out', async (effect, city) => {
		hubspot.settings.partialEmailUpsert = effect;
		const id = added({ email: 'a@example.com', city: 'Lyon' });
		await call('POST', `${CONTACTS}/batch/upsert`, {
			inputs: [{ id: 'a@example.com', idProperty: 'email', properties: { firstname: 'Ann' } }],
		});
		expect(valuesOf(id)).toMatchObject({ email: 'a@example.com', firstname: 'Ann' });
		expect(valuesOf(id)['city']).toBe(city);
	});
});
