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
const OLD_CONTACTS = '/crm/v3/objects/contacts';
type Properties = Record<string, unknown>;

const create = (properties: Properties) => call('POST', CONTACTS, { properties });
const patch = (id: string, properties: Properties) => call('PATCH', `${CONTACTS}/${id}`, { properties });
const createAll = (rows: readonly Properties[], isTraced = false) =>
	call('POST', `${CONTACTS}/batch/create`, {
		inputs: rows.map((properties, n) => ({ properties, ...(isTraced && { objectWriteTraceId: `t${n}` }) })),
	});
const added = (properties: Record<string, string>) => hubspot.store.addContact(properties);
const count = () => hubspot.store.contacts.contacts.size;
const valuesOf = (id: string) => hubspot.store.contact(id).properties;

describe('values that are not taken', () => {
	it.each([
		['H14', { vip: true }],
		['H14', { loyalty_points: 7 }],
	])('%s: values have to be texts: %j', async (_rule, properties) => {
		const before = count();
		expect((await create({ email: 'a@example.com', ...properties })).status).toBe(400);
		expect((await createAll([{ email: 'b@example.com' }, properties], true)).status).toBe(400);
		expect(count()).toBe(before);
		hubspot.settings.scalarValues = 'taken';
		expect((await create({ email: 'a@example.com', ...properties })).status).toBe(201);
	});

	it.each([
		['H15', 'nope', 'x', 'PROPERTY_DOESNT_EXIST'],
		['H15', 'shop_field', 'x', 'PROPERTY_DOESNT_EXIST'],
		['H19', 'hs_object_id', '7', 'READ_ONLY_VALUE'],
		['H20', 'hs_marketable_status', 'true', 'READ_ONLY_VALUE'],
		['calculated', 'days_since_purchase', '7', 'READ_ONLY_VALUE'],
		['options', 'customer_tier', 'Gold', 'INVALID_OPTION'],
		['options', 'interests', 'coffee;cars', 'INVALID_OPTION'],
		['booleans', 'vip', 'TRUE', 'INVALID_OPTION'],
		['H12', 'birthday', '2001-02-03T10:00:00Z', 'INVALID_DATE'],
		['H12', 'birthday', '981158400001', 'INVALID_DATE'],
		['numbers', 'loyalty_points', '1,5', 'INVALID_DOUBLE'],
		['length', 'customer_notes', 'x'.repeat(65_537), 'VALUE_TOO_LONG'],
		['H16', 'email', 'ann@shop.local', 'INVALID_EMAIL'],
		['H16', 'email', 'ann@example.con', 'INVALID_EMAIL'],
		['H16', 'email', 'ann@-example.com', 'INVALID_EMAIL'],
		['H16', 'email', 'ann..b@example.com', 'INVALID_EMAIL'],
		['H16', 'email', 'ann@example.123', 'INVALID_EMAIL'],
	])('%s: %s', async (_rule, name, value, code) => {
		const before = count();
		const rows = [{ email: 'ok@example.com' }, { email: 'bad@example.com', [name]: value }];
		const whole = await createAll(rows);
		expect(whole.status).toBe(400);
		expect(whole.body.errors).toMatchObject([{ code, context: { propertyName: [name] } }]);
		expect(count()).toBe(before);
		expect(await createAll(rows, true)).toMatchObject({
			status: 207,
			body: {
				results: [{ objectWriteTraceId: 't0' }],
				errors: [{ errors: [{ code }], context: { objectWriteTraceId: ['t1'] } }],
			},
		});
	});

	it('H12, H13: what is taken: midnight as text or milliseconds, 65,536 characters', async () => {
		const { body } = await create({
			birthday: '981158400000',
			last_purchase_at: '2001-02-03T10:00:00+01:00',
			customer_notes: 'x'.repeat(65_536),
		});
		expect(valuesOf(body.id)).toMatchObject({ birthday: '2001-02-03', last_purchase_at: '2001-02-03T09:00:00.000Z' });
	});

	it('an archived property is unknown', async () => {
		hubspot.store.archiveProperty('customer_tier');
		expect((await create({ customer_tier: 'gold' })).body.errors[0].code).toBe('PROPERTY_DOESNT_EXIST');
	});

	it('a lifecycle stage moves on only: an earlier one has no effect and no error, unless it was cleared before', async () => {
		const id = added({ lifecyclestage: 'customer' });
		const back = await patch(id, { lifecyclestage: 'lead', city: 'Lyon' });
		expect(back).toMatchObject({ status: 200, body: { properties: { lifecyclestage: 'customer', city: 'Lyon' } } });
		await patch(id, { lifecyclestage: '' });
		await patch(id, { lifecyclestage: 'lead' });
		expect(valuesOf(id)['lifecyclestage']).toBe('lead');
		await patch(id, { lifecyclestage: 'evangelist' });
		expect(valuesOf(id)['lifecyclestage']).toBe('evangelist');
	});

	it('an admin’s rules hold on every write of 2026-09 with their message, and not on older paths', async () => {
		const rule = { property: 'city', regex: '^[A-Z]', minLength: 3, message: 'Towns start with a capital' };
		hubspot.settings.validationRules = [rule];
		const id = added({ email: 'a@example.com' });
		const properties = { city: 'lyon' };
		const keyed = { id: 'n@example.com', idProperty: 'email', properties };
		const writes = (area: string) => [
			call('POST', area, { properties }),
			call('PATCH', `${area}/${id}`, { properties }),
			call('POST', `${area}/batch/create`, { inputs: [{ properties }] }),
			call('POST', `${area}/batch/update`, { inputs: [{ id, properties }] }),
			call('POST', `${area}/batch/upsert`, { inputs: [keyed] }),
		];
		for (const { status, body } of await Promise.all(writes(CONTACTS))) {
			expect({ status, category: body.category, errors: body.errors }).toMatchObject({
				status: 400,
				category: 'VALIDATION_ERROR',
				errors: [{ message: rule.message, context: { propertyName: ['city'] } }],
			});
		}
		for (const { status } of await Promise.all(writes(OLD_CONTACTS))) expect(status).toBeLessThan(300);
		const rows = await createAll([{ city: 'Ly' }, { city: 'Lyon' }, { city: '' }], true);
		expect(rows.body.results).toHaveLength(2);
		expect(rows.body.errors).toMatchObject([{ errors: [{ message: rule.message }] }]);
	});
});
