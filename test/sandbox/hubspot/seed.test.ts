import { AWKWARD, startHubSpot, type RunningHubSpot } from '../../../sandbox/hubspot';
import { callsTo } from './hubSpotCalls';
import { processorMs } from '../../support/processorTime';
import { itInAll } from '../../support/sizes';

const opened: RunningHubSpot[] = [];
async function start(options: Parameters<typeof startHubSpot>[0]): Promise<RunningHubSpot> {
	const hubspot = await startHubSpot(options);
	opened.push(hubspot);
	return hubspot;
}
afterAll(async () => {
	for (const hubspot of opened) await hubspot.close();
});

const stateOf = ({ store }: RunningHubSpot) => ({
	contacts: [...store.contacts.contacts.values()].map(({ id, properties, createdAt, updatedAt }) => ({
		id,
		properties,
		createdAt,
		updatedAt,
	})),
	lists: store.lists
		.all()
		.map(({ id, name, members }) => ({ id, name, members: members.page('join', undefined, 1e6, false).members })),
});

describe('the seeded HubSpot account', () => {
	it('is the same for the same seed, and again after a reset', async () => {
		const [a, b, c] = [
			await start({ members: 80 }),
			await start({ members: 80 }),
			await start({ members: 80, seed: 2 }),
		];
		const before = stateOf(a);
		expect(stateOf(b)).toEqual(before);
		expect(stateOf(c)).not.toEqual(before);
		a.store.addContact({ email: 'extra@example.com' }, [101]);
		a.settings.joinOrder = 'newestFirst';
		a.reset();
		expect(stateOf(a)).toEqual(before);
		expect(a.settings.joinOrder).toBe('oldestFirst');
	});

	it('has ids that look real: 9 to 11 digits, unique, not consecutive, not in the order of joining', async () => {
		const { store } = await start({ members: 300 });
		const ids = [...store.contacts.contacts.keys()];
		expect(new Set(ids).size).toBe(ids.length);
		expect(new Set(ids.map((id) => String(id).length))).toEqual(new Set([9, 10, 11]));
		const joined = store.list(101).members.page('join', undefined, 1_000, false).members;
		expect(joined).toHaveLength(300);
		expect(joined.map(({ id }) => id)).not.toEqual([...joined].map(({ id }) => id).sort((a, b) => a - b));
		expect(new Set(joined.map(({ at }) => at)).size).toBeLessThan(300);
	});

	it.each([50, 60, 2_000])(
		'%i members hold every kind of awkward contact, and mostly ordinary ones',
		async (members) => {
			const { store } = await start({ members });
			const held = [...store.list(101).members.ids()].map((id) => store.contact(id).properties);
			const has = (name: string, test: (value: string) => boolean) =>
				held.filter((properties) => test(properties[name] ?? '')).length;
			const digits = (value: string) => value.replace(/\D/g, '').length;
			const seen = {
				phoneOnly: held.filter(({ email, phone }) => email === undefined && phone !== undefined).length,
				neither: held.filter(({ email, phone }) => email === undefined && phone === undefined).length,
				phone5: has('phone', (phone) => digits(phone) === 5),
				phone17: has('phone', (phone) => digits(phone) === 17),
				malformed: has('email', (email) => email !== '' && !/^[^@\s]+@[^@\s.]+(\.[^@\s.]+)+$/.test(email)),
				optedOut: has('hs_email_optout', (value) => value === 'true'),
				long: has('customer_notes', (text) => text.length === 5_000),
				emoji: has('firstname', (text) => /\p{Extended_Pictographic}/u.test(text)),
				rightToLeft: has('lastname', (text) => /\p{Script=Hebrew}/u.test(text)),
				angles: has('firstname', (text) => text.includes('<b>')),
				sharedPhone: has('phone', (phone) => phone.replace(/\D/g, '').endsWith('141000042')) - 1,
				localPhone: held.filter(({ phone = '', country }) => /^0[\d ]+$/.test(phone) && country !== undefined).length,
			};
			for (const [kind, count] of Object.entries(seen)) expect({ kind, some: count > 0 }).toEqual({ kind, some: true });
			const ordinary = held.filter(
				({ email = '', phone = '' }) => email.includes('@') && /^\+\d{8,15}$/.test(phone),
			).length;
			expect(ordinary).toBeGreaterThan(members >= 2_000 ? members * 0.9 : members * 0.5);
			expect(AWKWARD.length).toBeLessThanOrEqual(50);
		},
	);

	itInAll('copes with 100,000 members in a few seconds of processor time', async () => {
		const ms = await processorMs(async () => {
			const call = callsTo(await start({ members: 100_000 }));
			const { body } = await call('GET', '/crm/lists/2026-09/101/memberships/join-order?limit=250');
			expect(body).toMatchObject({ total: 100_000 });
		});
		expect(ms).toBeLessThan(12_000);
	});

	it('HB-26: defines properties of every kind, with what may not be written marked so', async () => {
		const hubspot = await start({ members: 0, extraProperties: 100 });
		const { body } = await callsTo(hubspot)('GET', '/crm/properties/2026-09/contacts');
		const byName = new Map<string, Record<string, unknown>>(
			body.results.map((property: { name: string }) => [property.name, property]),
		);
		expect(byName.size).toBeGreaterThan(220);
		for (const name of [
			'hubspotscore',
			'hs_email_domain',
			'createdate',
			'hs_analytics_num_page_views',
			'hs_email_optout',
		]) {
			expect(byName.get(name)).toMatchObject({ modificationMetadata: { readOnlyValue: true }, hubspotDefined: true });
		}
		expect(byName.get('email')).toMatchObject({
			type: 'string',
			fieldType: 'text',
			hasUniqueValue: true,
			modificationMetadata: { readOnlyValue: false },
		});
		expect(byName.get('interests')).toMatchObject({
			type: 'enumeration',
			fieldType: 'checkbox',
			hubspotDefined: false,
		});
		expect(byName.get('customer_tier')).toMatchObject({
			fieldType: 'radio',
			options: [{ value: 'bronze' }, { value: 'silver' }, { value: 'gold' }],
		});
		expect(byName.get('vip')).toMatchObject({ type: 'bool', fieldType: 'booleancheckbox' });
		expect(byName.get('days_since_purchase')).toHaveProperty('calculationFormula');
		expect([...byName.values()].some(({ hidden }) => hidden === true)).toBe(true);
		expect([...byName.values()].some(({ calculated }) => calculated === true)).toBe(true);
		hubspot.store.archiveProperty('loyalty_points');
		const after = await callsTo(hubspot)('GET', '/crm/properties/2026-09/contacts');
		expect(after.body.results.map(({ name }) => name)).not.toContain('loyalty_points');
	});

	it('is changed and looked at through the control API', async () => {
		const hubspot = await start({ members: 60 });
		const act = async (body: object) => {
			const reply = await fetch(`${hubspot.origin}/_sandbox/do`, {
				method: 'POST',
				headers: { 'content-type': 'application/json' },
				body: JSON.stringify(body),
			});
			return { status: reply.status, body: (await reply.json()) as { result?: { id?: string } } };
		};
		const { body } = await act({
			op: 'addContact',
			properties: { email: 'c@example.com', phone: '+33612345678' },
			lists: ['101'],
		});
		const id = body.result?.id ?? '';
		expect((await act({ op: 'optOut', id })).status).toBe(200);
		expect((await act({ op: 'changeContact', id, properties: { nope: '1' } })).status).toBe(400);
		expect((await act({ op: 'addToList', list: '101', id })).status).toBe(400);
		const set = (settings: object) =>
			fetch(`${hubspot.origin}/_sandbox/settings`, {
				method: 'POST',
				headers: { 'content-type': 'application/json' },
				body: JSON.stringify(settings),
			});
		expect((await set({ joinOrder: 'newest' })).status).toBe(400);
		expect((await set({ joinOrder: 'newestFirst', indexingDelayMs: 5 })).status).toBe(200);
		expect(hubspot.settings).toMatchObject({ joinOrder: 'newestFirst', indexingDelayMs: 5 });
		const view = (await (await fetch(`${hubspot.origin}/_sandbox/view?list=101&limit=2`)).json()) as Record<
			string,
			unknown
		>;
		expect(view).toMatchObject({
			system: 'HubSpot',
			list: { id: '101', name: 'Newsletter subscribers', size: 61 },
			contacts: [{ id, email: 'c@example.com', phone: '+33612345678', firstname: null, optedOut: true }, {}],
			requests: 0,
		});
		const all = (await (await fetch(`${hubspot.origin}/_sandbox/export?list=101`)).json()) as {
			contacts: Array<{ id: string }>;
		};
		expect(all.contacts).toHaveLength(61);
		expect(all.contacts).toContainEqual({
			id,
			properties: { email: 'c@example.com', phone: '+33612345678', hs_email_optout: 'true' },
		});
	});
});
