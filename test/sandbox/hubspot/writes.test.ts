import { startHubSpot, type RunningHubSpot } from '../../../sandbox/hubspot';
import { callsTo, type Call } from './hubSpotCalls';

let hubspot: RunningHubSpot;
let call: Call;
beforeAll(async () => {
	hubspot = await startHubSpot({ members: 20, accountTier: 'enterprise' });
	call = callsTo(hubspot);
});
afterAll(() => hubspot.close());
beforeEach(() => hubspot.reset());

const CONTACTS = '/crm/v3/objects/contacts';
const upsert = (inputs: readonly object[]) => call('POST', `${CONTACTS}/batch/upsert`, { inputs });
const byEmail = (id: string, properties: object, trace?: string) => ({
	id,
	idProperty: 'email',
	properties,
	...(trace !== undefined && { objectWriteTraceId: trace }),
});
const count = () => hubspot.store.contacts.contacts.size;

describe('writing contacts to the stand-in HubSpot', () => {
	it('creates, lower-cases the address, and names the existing id on a clash', async () => {
		const made = await call('POST', CONTACTS, {
			properties: { email: ' New.One@Example.COM ', vip: 'true', loyalty_points: '7' },
		});
		expect(made.status).toBe(201);
		expect(made.body.properties).toMatchObject({ email: 'new.one@example.com', vip: 'true', loyalty_points: '7' });
		const clash = await call('POST', CONTACTS, { properties: { email: 'NEW.ONE@example.com' } });
		expect(clash).toMatchObject({
			status: 409,
			body: { category: 'CONFLICT', message: `Contact already exists. Existing ID: ${made.body.id}` },
		});
	});

	it('names every value it refuses', async () => {
		const { status, body } = await call('POST', CONTACTS, {
			properties: {
				email: 'not-an-address',
				vip: 'maybe',
				customer_tier: 'wood',
				birthday: '31.12.1999',
				loyalty_points: 'many',
				nope: '1',
				hubspotscore: '9',
			},
		});
		expect(status).toBe(400);
		expect(body.message).toMatch(/^Property values were not valid: \[\{/);
		expect(body.errors.map(({ code }) => code)).toEqual([
			'INVALID_EMAIL',
			'INVALID_OPTION',
			'INVALID_OPTION',
			'INVALID_DATE',
			'INVALID_DOUBLE',
			'PROPERTY_DOESNT_EXIST',
			'READ_ONLY_VALUE',
		]);
	});

	it('patches by id or e-mail; an empty text clears', async () => {
		const { body: made } = await call('POST', CONTACTS, {
			properties: { email: 'p@example.com', phone: '+33612345678' },
		});
		const patched = await call('PATCH', `${CONTACTS}/p@example.com?idProperty=email`, {
			properties: { phone: '', city: 'Lyon' },
		});
		expect(patched).toMatchObject({ status: 200, body: { id: made.id, properties: { phone: null, city: 'Lyon' } } });
		expect((await call('PATCH', `${CONTACTS}/${made.id}`, { properties: {} })).status).toBe(400);
		expect((await call('PATCH', `${CONTACTS}/${made.id}`, { properties: { city: { name: 'Lyon' } } })).status).toBe(
			400,
		);
	});

	it('upsert: creates and updates, tells which, not in the order of the inputs', async () => {
		await upsert([byEmail('a@example.com', { city: 'Nice' })]);
		const { status, body } = await upsert([
			byEmail('A@example.com', { city: 'Brest' }),
			byEmail('b@example.com', { city: 'Lille' }),
		]);
		expect(status).toBe(200);
		const seen = body.results.map(({ properties, new: isNew }) => [properties.email, isNew]);
		expect(seen).toEqual([
			['b@example.com', true],
			['a@example.com', false],
		]);
	});

	it('upsert without trace ids: one bad input refuses all, and nothing is written', async () => {
		const before = count();
		const { status } = await upsert([
			byEmail('c@example.com', { city: 'Caen' }),
			byEmail('d@example.com', { customer_tier: 'wood' }),
		]);
		expect(status).toBe(400);
		expect(count()).toBe(before);
		expect(hubspot.store.contacts.holderOf('c@example.com')).toBeUndefined();
	});

	it('upsert with a trace id each: good inputs are written, bad ones are listed with their trace id', async () => {
		const { status, body } = await upsert([
			byEmail('c@example.com', { city: 'Caen' }, 't1'),
			byEmail('d@example.com', { customer_tier: 'wood' }, 't2'),
		]);
		expect(status).toBe(207);
		expect(body.results).toHaveLength(1);
		expect(body).toMatchObject({
			numErrors: 1,
			errors: [{ category: 'VALIDATION_ERROR', context: { objectWriteTraceId: ['t2'] } }],
		});
		expect(hubspot.store.contacts.holderOf('c@example.com')).toBeDefined();
	});

	it('upsert: the same id twice refuses all, 101 inputs too, and so does a property that is not unique', async () => {
		const twice = await upsert([byEmail('e@example.com', {}, 't1'), byEmail('E@example.com ', {}, 't2')]);
		expect(twice).toMatchObject({ status: 400, body: { context: { ids: ['e@example.com'] } } });
		const many = Array.from({ length: 101 }, (_, n) => byEmail(`m${n}@example.com`, {}, `t${n}`));
		expect((await upsert(many)).status).toBe(400);
		expect((await upsert([{ id: 'Lyon', idProperty: 'city', properties: {} }])).status).toBe(400);
	});

	it('upsert by a unique property the account made', async () => {
		const made = await call('POST', '/crm/v3/properties/contacts', {
			name: 'brevo_id',
			label: 'Brevo id',
			groupName: 'contactinformation',
			type: 'string',
			fieldType: 'text',
			hasUniqueValue: true,
		});
		expect(made.status).toBe(201);
		const input = { id: 'x-1', idProperty: 'brevo_id', properties: { email: 'u@example.com' } };
		expect((await upsert([input])).body.results[0].new).toBe(true);
		expect((await upsert([{ ...input, properties: { city: 'Metz' } }])).body.results[0]).toMatchObject({
			new: false,
			properties: { brevo_id: 'x-1' },
		});
	});

	it('archive: 204 also for unknown ids; the address is free again', async () => {
		const { body } = await call('POST', CONTACTS, { properties: { email: 'gone@example.com' } });
		expect((await call('DELETE', `${CONTACTS}/${body.id}`)).status).toBe(204);
		expect((await call('DELETE', `${CONTACTS}/4711`)).status).toBe(204);
		expect((await call('GET', `${CONTACTS}/${body.id}`)).status).toBe(404);
		expect((await call('POST', CONTACTS, { properties: { email: 'gone@example.com' } })).status).toBe(201);
	});
});
