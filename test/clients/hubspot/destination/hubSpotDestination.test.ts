import type { MappedContact } from '../../../../core/contact/contact';
import type { RunningHubSpot } from '../../../../sandbox/hubspot';
import { startHubSpot } from '../../../../sandbox/hubspot';
import { newAccount, statusCounts } from '../../../support/brevoAccount';
import { addKeyProperty, upsertIntoHubSpot, writesOf } from '../../../support/hubSpotAccount';
import { sizeOf } from '../../../support/sizes';
import { mappedFromSalesforce } from '../../../support/mappedContacts';

/** The list Trade fair Lyon 2025, which is a static one. */
const STATIC = '102';

let hubspot: RunningHubSpot;

afterEach(async () => await hubspot.close());

const person = (n: number, more: Partial<MappedContact> = {}, attributes = {}): MappedContact =>
	mappedFromSalesforce(
		n,
		{ email: `person${n}@example.com`, attributes: { firstname: `Ada ${n}`, city: 'Lyon', ...attributes } },
		more,
	);

const crowd = (count: number): MappedContact[] => Array.from({ length: count }, (_none, n) => person(n));

const start = async (options: Parameters<typeof startHubSpot>[0] = {}): Promise<void> => {
	hubspot = await startHubSpot({ members: 20, awkward: false, ...options });
};

const contactAt = (email: string) => {
	const id = hubspot.store.contacts.holderOf(email);
	if (id === undefined) throw new Error('There is no such contact');
	return hubspot.store.contact(id);
};

describe('contacts into HubSpot', () => {
	it('creates, puts on the list, and writes nothing the second time', async () => {
		await start();
		const contacts = crowd(30);
		const first = await upsertIntoHubSpot(hubspot, contacts, { list: { id: STATIC } });
		expect(statusCounts(first)).toEqual({ created: 30 });
		expect(contactAt('person7@example.com').properties).toMatchObject({ firstname: 'Ada 7', city: 'Lyon' });
		hubspot.requests.clear();
		const second = await upsertIntoHubSpot(hubspot, contacts, { list: { id: STATIC } });
		expect(statusCounts(second)).toEqual({ unchanged: 30 });
		expect(writesOf(hubspot)).toEqual({});
		expect(hubspot.store.list(STATIC).members.has(Number(contactAt('person7@example.com').id))).toBe(true);
	});

	const many = sizeOf(2_000, 10_000);
	it(`costs at most 220 calls for 10,000 new contacts in batches of 1,000: ${many}`, async () => {
		await start();
		hubspot.requests.clear();
		const contacts = crowd(many);
		for (let at = 0; at < contacts.length; at += 1_000) {
			const report = await upsertIntoHubSpot(hubspot, contacts.slice(at, at + 1_000), {
				list: { id: STATIC },
				account: 'ten-thousand',
			});
			expect(statusCounts(report)).toEqual({ created: 1_000 });
		}
		expect(hubspot.requests.total).toBeLessThanOrEqual(sizeOf(46, 220));
	}, 60_000);

	it('needs 2·log2(n)+1 extra calls at most for one bad row (H7, H16)', async () => {
		await start();
		const contacts = crowd(100);
		const bad = person(50, { contact: { email: 'no-such-place@invalid', attributes: { firstname: 'Bad' } } });
		contacts[50] = bad;
		hubspot.requests.clear();
		const report = await upsertIntoHubSpot(hubspot, contacts);
		expect(statusCounts(report)).toEqual({ created: 99, 'failed DESTINATION_REFUSED': 1 });
		const creates = hubspot.requests.counts()['POST /crm/objects/2026-09/contacts/batch/create'] ?? 0;
		expect(creates).toBeLessThanOrEqual(1 + 2 * Math.log2(100) + 1);
	});

	it('updates the contact that has the address as a further one, and keeps its first address (H3, H4)', async () => {
		await start();
		const id = hubspot.store.addContact({ email: 'first@example.com', city: 'Paris' });
		hubspot.store.addSecondaryEmail(id, 'second@example.com');
		const contact = person(1, { contact: { email: 'second@example.com', attributes: { city: 'Lyon' } } });
		const report = await upsertIntoHubSpot(hubspot, [contact]);
		expect(report.results[0]?.outcome).toMatchObject({ status: 'updated', destinationId: id });
		expect(report.results[0]?.warnings.map(({ code }) => code)).toEqual(['MATCHED_BY_FURTHER_ADDRESS']);
		expect(hubspot.store.contact(id).properties).toMatchObject({ email: 'first@example.com', city: 'Lyon' });
	});

	it('sends yes and no as texts, several choices joined, and clears by an empty text (H14)', async () => {
		await start();
		const contact = person(1, {}, { firstname: null });
		await upsertIntoHubSpot(hubspot, [person(1)]);
		const report = await upsertIntoHubSpot(hubspot, [contact]);
		expect(report.results[0]?.outcome.status).toBe('updated');
		expect(contactAt('person1@example.com').properties.firstname ?? '').toBe('');
	});

	it('finds a contact by its key when the address changed', async () => {
		await start();
		await addKeyProperty(hubspot);
		await upsertIntoHubSpot(hubspot, crowd(3));
		const { id } = contactAt('person1@example.com');
		const moved = person(1, { contact: { email: 'moved@example.com', attributes: {} } });
		const report = await upsertIntoHubSpot(hubspot, [moved]);
		expect(report.results[0]?.outcome).toMatchObject({ status: 'updated', destinationId: String(id) });
		expect(contactAt('moved@example.com').id).toBe(id);
	});

	it('leaves a contact alone whose former address another record of the source has now (H8)', async () => {
		await start();
		await addKeyProperty(hubspot);
		await upsertIntoHubSpot(hubspot, [person(1)]);
		const { id } = contactAt('person1@example.com');
		await upsertIntoHubSpot(hubspot, [person(1, { contact: { email: 'moved@example.com', attributes: {} } })]);
		const other = person(2, { contact: { email: 'person1@example.com', attributes: { firstname: 'Other' } } });
		const report = await upsertIntoHubSpot(hubspot, [other]);
		expect(statusCounts(report)).toEqual({ 'failed IDENTIFIER_TAKEN': 1 });
		expect(hubspot.store.contact(id).properties).toMatchObject({ email: 'moved@example.com', firstname: 'Ada 1' });
	});

	it('takes a contact off the list that leaves, and leaves it in the account', async () => {
		await start();
		await upsertIntoHubSpot(hubspot, crowd(3), { list: { id: STATIC } });
		const report = await upsertIntoHubSpot(hubspot, [person(1, { change: 'removed' })], { list: { id: STATIC } });
		expect(statusCounts(report)).toEqual({ removed: 1 });
		expect(hubspot.store.list(STATIC).members.has(Number(contactAt('person1@example.com').id))).toBe(false);
	});

	it('creates a static list by name once, and refuses an active one (H25)', async () => {
		await start();
		await upsertIntoHubSpot(hubspot, crowd(2), { list: { name: 'From Salesforce', create: true } });
		await upsertIntoHubSpot(hubspot, crowd(2), { list: { name: 'from salesforce', create: true } });
		expect(writesOf(hubspot)['POST /crm/lists/2026-09']).toBe(1);
		await expect(upsertIntoHubSpot(hubspot, crowd(1), { list: { id: '101' } })).rejects.toThrow(/LIST_NOT_STATIC/);
		await expect(upsertIntoHubSpot(hubspot, crowd(1), { list: { id: '9999' } })).rejects.toThrow(/LIST_NOT_FOUND/);
	});
});

describe('opt-outs into HubSpot', () => {
	const optedOut = (n: number): MappedContact => person(n, { optedOut: true });
	const out = (email: string) => contactAt(email).properties.hs_email_optout === 'true';

	it('are carried before the contact is created, one call each, and cost nothing the second time', async () => {
		await start();
		const first = await upsertIntoHubSpot(hubspot, [optedOut(1), optedOut(2), person(3)]);
		expect(statusCounts(first)).toEqual({ created: 3 });
		expect([1, 2, 3].map((n) => out(`person${n}@example.com`))).toEqual([true, true, false]);
		hubspot.requests.clear();
		const second = await upsertIntoHubSpot(hubspot, [optedOut(1), optedOut(2), person(3)]);
		expect(statusCounts(second)).toEqual({ unchanged: 3 });
		expect(writesOf(hubspot)).toEqual({});
	});

	it('go a hundred in a call with Enterprise', async () => {
		await start({ accountTier: 'enterprise' });
		const report = await upsertIntoHubSpot(hubspot, [1, 2, 3, 4].map(optedOut));
		expect(statusCounts(report)).toEqual({ created: 4 });
		expect(writesOf(hubspot)['POST /communication-preferences/2026-09/statuses/batch/unsubscribe-all']).toBe(1);
		expect(out('person4@example.com')).toBe(true);
	});

	it('stay with a contact that gets another address', async () => {
		await start();
		await addKeyProperty(hubspot);
		await upsertIntoHubSpot(hubspot, [optedOut(1)]);
		const moved = person(1, { contact: { email: 'moved@example.com', attributes: {} } });
		await upsertIntoHubSpot(hubspot, [moved]);
		expect(out('moved@example.com')).toBe(true);
	});

	it.each(['starter', 'enterprise'] as const)(
		'say that a legal basis is missing where a %s account demands one, and are carried with one (H23)',
		async (accountTier) => {
			await start();
			Object.assign(hubspot.settings, { accountTier, dataPrivacy: true, unsubscribeAllNeedsBasis: true });
			const without = await upsertIntoHubSpot(hubspot, [1, 2, 3].map(optedOut));
			expect(statusCounts(without)).toEqual({ 'failed LEGAL_BASIS_MISSING': 3 });
			const legalBasis = { basis: 'LEGITIMATE_INTEREST_CLIENT', explanation: 'Opted out in Salesforce' };
			const carried = await upsertIntoHubSpot(hubspot, [1, 2, 3].map(optedOut), { legalBasis });
			expect(statusCounts(carried)).toEqual({ created: 3 });
			expect(out('person2@example.com')).toBe(true);
		},
	);

	it.each(['first', 'second'])(
		'reach all addresses of a contact, also where that of the %s failed once',
		async (failed) => {
			await start();
			const id = hubspot.store.addContact({ email: 'first@example.com', firstname: 'Ada 1', city: 'Lyon' });
			hubspot.store.addSecondaryEmail(id, 'second@example.com');
			const contact = person(1, { optedOut: true, contact: { email: 'first@example.com', attributes: {} } });
			const call = `POST /communication-preferences/2026-09/statuses/${failed}%40example.com/unsubscribe-all`;
			hubspot.faults.next(call, { status: 500, times: 0 });
			const broken = await upsertIntoHubSpot(hubspot, [contact]);
			expect(broken.results[0]?.outcome).toMatchObject({ status: 'failed', retryable: true });
			hubspot.faults.clear();
			// What the process remembers of the first run is gone.
			await upsertIntoHubSpot(hubspot, [contact], { account: newAccount() });
			const outNow = ['first', 'second'].filter((name) =>
				hubspot.store.preferences.optedOut().includes(`${name}@example.com`),
			);
			expect(outNow).toEqual(['first', 'second']);
		},
	);

	it('are told apart by a dry run, with their calls', async () => {
		await start();
		const upsert = { dryRun: true };
		hubspot.requests.clear();
		const report = await upsertIntoHubSpot(hubspot, [optedOut(1), optedOut(2), person(3)], { upsert });
		expect(statusCounts(report)).toEqual({ planned: 3 });
		expect(writesOf(hubspot)).toEqual({});
		hubspot.requests.clear();
		await upsertIntoHubSpot(hubspot, [optedOut(1), optedOut(2), person(3)]);
		expect(report.cost?.calls).toBeGreaterThanOrEqual(hubspot.requests.total - 1);
		expect(report.cost?.calls).toBeLessThanOrEqual(hubspot.requests.total + 1);
	});
});

describe('an inclusion segment', () => {
	const segment = (newContacts: 'emailOnly' | 'hold') => ({ id: '101', newContacts });
	const member = (): string => String([...hubspot.store.list('101').members.ids()][0]);

	it('creates newcomers with their address alone (IS-08, IS-16, IS-18)', async () => {
		await start();
		const report = await upsertIntoHubSpot(hubspot, [person(1)], {
			segment: segment('emailOnly'),
			list: { id: STATIC },
		});
		expect(report.results[0]?.outcome.status).toBe('created');
		expect(report.results[0]?.warnings.map(({ code }) => code)).toEqual(['OUTSIDE_SEGMENT']);
		expect(contactAt('person1@example.com').properties.firstname ?? '').toBe('');
	});

	it('holds newcomers where the option says so, and updates of contacts outside (IS-03, IS-09)', async () => {
		await start();
		const outside = hubspot.store.addContact({ email: 'person2@example.com', firstname: 'Old' });
		const report = await upsertIntoHubSpot(hubspot, [person(1), person(2)], { segment: segment('hold') });
		expect(statusCounts(report)).toEqual({ 'excluded OUTSIDE_SEGMENT': 2 });
		expect(hubspot.store.contact(outside).properties.firstname).toBe('Old');
	});

	it('updates members', async () => {
		await start();
		const email = hubspot.store.contact(member()).properties.email ?? '';
		const contact = person(1, { contact: { email, attributes: { city: 'Nantes' } } });
		const report = await upsertIntoHubSpot(hubspot, [contact], { segment: segment('hold') });
		expect(statusCounts(report)).toEqual({ updated: 1 });
		expect(hubspot.store.contact(member()).properties.city).toBe('Nantes');
	});

	it('lets opt-outs pass', async () => {
		await start();
		hubspot.store.addContact({ email: 'person2@example.com', firstname: 'Old' });
		const report = await upsertIntoHubSpot(hubspot, [person(2, { optedOut: true })], { segment: segment('hold') });
		expect(statusCounts(report)).toEqual({ updated: 1 });
		expect(contactAt('person2@example.com').properties).toMatchObject({ firstname: 'Old', hs_email_optout: 'true' });
	});

	it('must be an active list (IS-04)', async () => {
		await start();
		const run = upsertIntoHubSpot(hubspot, [person(1)], { segment: { id: STATIC, newContacts: 'hold' } });
		await expect(run).rejects.toThrow(/SEGMENT_NOT_ACTIVE/);
	});
});

describe('who wins, and modes', () => {
	it('fills empty values only, or writes new contacts only, as the rule of the value says', async () => {
		await start();
		hubspot.store.addContact({ email: 'person1@example.com', firstname: 'Kept' });
		const contact = person(1, {
			contact: {
				email: 'person1@example.com',
				attributes: { firstname: 'New', city: 'Lyon', lastname: 'Later' },
				overwrite: { firstname: 'ifEmpty', city: 'ifEmpty', lastname: 'onCreate' },
			},
		});
		await upsertIntoHubSpot(hubspot, [contact]);
		const { firstname, city, lastname } = contactAt('person1@example.com').properties;
		expect([firstname, city, lastname ?? '']).toEqual(['Kept', 'Lyon', '']);
	});

	it('creates none in the mode update only (S22), and changes none in the mode create only', async () => {
		await start();
		hubspot.store.addContact({ email: 'person1@example.com', city: 'Old' });
		const both = [person(1), person(2)];
		const updated = await upsertIntoHubSpot(hubspot, both, { upsert: { mode: 'updateOnly' } });
		expect(statusCounts(updated)).toEqual({ updated: 1, 'excluded UPDATE_ONLY': 1 });
		const created = await upsertIntoHubSpot(hubspot, [person(1, {}, { city: 'Nice' }), person(2)], {
			upsert: { mode: 'createOnly' },
		});
		expect(statusCounts(created)).toEqual({ created: 1, 'unchanged CREATE_ONLY': 1 });
		expect(contactAt('person1@example.com').properties.city).toBe('Lyon');
	});
});

it('names the scope that is missing', async () => {
	await start();
	const report = await upsertIntoHubSpot(hubspot, crowd(2), { token: 'pat-sandbox-nowrite' });
	expect(report.failure).toMatchObject({ kind: 'stop', code: 'SCOPE_MISSING' });
	expect(report.failure?.reason).toMatch(/crm\.objects\.contacts\.write/);
});
