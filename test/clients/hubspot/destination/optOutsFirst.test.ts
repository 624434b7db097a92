import type { MappedContact } from '../../../../core/contact/contact';
import { summariseRun } from '../../../../core/upsert/summariseRun';
import { tellDryRun } from '../../../../core/upsert/tellRun';
import type { RunningHubSpot } from '../../../../sandbox/hubspot';
import { startHubSpot } from '../../../../sandbox/hubspot';
import { newAccount, statusCounts } from '../../../support/brevoAccount';
import { upsertIntoHubSpot, writesOf } from '../../../support/hubSpotAccount';

/** The list Trade fair Lyon 2025, which is a static one. */
const STATIC = '102';
const UNSUBSCRIBE = /unsubscribe-all$/;

let hubspot: RunningHubSpot;

afterEach(async () => await hubspot.close());

const start = async (options: Parameters<typeof startHubSpot>[0] = {}): Promise<void> => {
	hubspot = await startHubSpot({ members: 5, awkward: false, ...options });
};

const person = (email: string, optedOut: boolean | null, more: Partial<MappedContact> = {}): MappedContact => ({
	key: `export:mailchimp:contact:${email}`,
	change: optedOut ? 'optedOut' : 'added',
	source: { system: 'export', account: 'mailchimp', object: 'contact', id: email },
	changedAt: '2026-11-20T10:00:00.000Z',
	optedOut,
	warnings: [],
	contact: { email, attributes: { firstname: `First of ${email}` } },
	...more,
});

const run = async (contacts: readonly MappedContact[], more: Parameters<typeof upsertIntoHubSpot>[2] = {}) =>
	await upsertIntoHubSpot(hubspot, contacts, {
		list: { id: STATIC },
		...more,
		upsert: { optOuts: 'blockOnly', ...more.upsert },
	});

const holderOf = (email: string) => hubspot.store.contacts.holderOf(email);
const isOptedOut = (email: string): boolean => hubspot.store.preferences.optedOutAt(email) !== undefined;

describe('opt-outs of a migration into HubSpot', () => {
	it('MG-10, MG-23: an address that opted out is unsubscribed without a contact, before the first other contact', async () => {
		await start();
		hubspot.requests.clear();
		const report = await run([person('yes@example.com', false), person('no@example.com', true)]);
		expect(statusCounts(report)).toEqual({ created: 1, 'updated ADDRESS_OPTED_OUT': 1 });
		expect(isOptedOut('no@example.com')).toBe(true);
		expect(holderOf('no@example.com')).toBeUndefined();
		const routes = hubspot.requests.entries.map(({ path }) => path);
		const first = (pattern: RegExp): number => routes.findIndex((path) => pattern.test(path));
		expect(first(UNSUBSCRIBE)).toBeGreaterThanOrEqual(0);
		expect(first(UNSUBSCRIBE)).toBeLessThan(first(/contacts\/batch\/create$/));
	});

	it('MG-23: a contact that HubSpot holds is unsubscribed and comes off the list, and none of its values is written', async () => {
		await start();
		const id = hubspot.store.addContact({ email: 'no@example.com', firstname: 'As it was' });
		hubspot.store.addToList(STATIC, [id]);
		const report = await run([person('no@example.com', true)]);
		expect(statusCounts(report)).toEqual({ removed: 1 });
		expect(hubspot.store.contact(id).properties).toMatchObject({ firstname: 'As it was', hs_email_optout: 'true' });
		expect(hubspot.store.list(STATIC).members.has(Number(id))).toBe(false);
	});

	it('keeps it on the list where contacts that leave are kept', async () => {
		await start();
		const id = hubspot.store.addContact({ email: 'no@example.com' });
		hubspot.store.addToList(STATIC, [id]);
		const report = await run([person('no@example.com', true)], { upsert: { leavers: 'keep' } });
		expect(statusCounts(report)).toEqual({ updated: 1 });
		expect(hubspot.store.list(STATIC).members.has(Number(id))).toBe(true);
	});

	it('F2: a contact that unsubscribed in HubSpot stays so when a file says that it subscribed', async () => {
		await start();
		const id = hubspot.store.addContact({ email: 'left@example.com', firstname: 'Old' });
		hubspot.store.optOut(id, true);
		await run([person('left@example.com', false)]);
		expect(hubspot.store.contact(id).properties).toMatchObject({
			firstname: 'First of left@example.com',
			hs_email_optout: 'true',
		});
	});

	it.each([
		['blockOnly', 'before'],
		['blockOnly', 'after'],
		['block', 'before'],
		['block', 'after'],
	] as const)(
		'MG-23: with the rule %s, a contact that two readings of files hand on is opted out, also where the row that says so is older and stands %s',
		async (optOuts, place) => {
			await start();
			const out = person('twice@example.com', true);
			const agreed = person('twice@example.com', false, { changedAt: '2026-11-25T10:00:00.000Z' });
			await run(place === 'before' ? [out, agreed] : [agreed, out], { upsert: { optOuts } });
			expect(isOptedOut('twice@example.com')).toBe(true);
		},
	);

	it('F15: a second run carries only what differs, opt-outs first', async () => {
		await start();
		const account = newAccount();
		const before = [person('a@example.com', false), person('b@example.com', false), person('c@example.com', true)];
		await run(before, { account });
		hubspot.requests.clear();
		const again = await run(before, { account });
		expect(statusCounts(again)).toEqual({ unchanged: 2, 'unchanged ADDRESS_OPTED_OUT': 1 });
		expect(writesOf(hubspot)).toEqual({});
		const newer = [person('a@example.com', true), person('b@example.com', false), person('d@example.com', false)];
		expect(statusCounts(await run(newer, { account }))).toEqual({ removed: 1, unchanged: 1, created: 1 });
		expect(hubspot.store.contact(holderOf('a@example.com') ?? 0).properties.hs_email_optout).toBe('true');
	});

	it.each([
		['HubSpot is down', { status: 503 }, 'UNAVAILABLE'],
		['the key may not unsubscribe', { status: 403 }, /./],
	])('no contact is created while an opt-out cannot be written: %s', async (_what, fault, code) => {
		await start();
		hubspot.faults.next('POST /communication-preferences/*', { ...fault, times: 100 });
		const report = await run([person('no@example.com', true), person('yes@example.com', false)]);
		expect(report.failure?.code).toEqual(typeof code === 'string' ? code : expect.stringMatching(code));
		expect(report.results.map(({ outcome }) => outcome.status)).toEqual(['failed', 'failed']);
		expect(holderOf('yes@example.com')).toBeUndefined();
	});

	it('a missing legal basis costs the contacts that opted out, and is asked for once (H23)', async () => {
		await start();
		const body = { status: 'error', message: 'legalBasis is required', category: 'VALIDATION_ERROR' };
		hubspot.faults.next('POST /communication-preferences/*', { status: 400, body, times: 7 });
		hubspot.requests.clear();
		const report = await run([person('1@example.com', true), person('2@example.com', true)]);
		expect(statusCounts(report)).toEqual({ 'failed LEGAL_BASIS_MISSING': 2 });
		expect(holderOf('1@example.com')).toBeUndefined();
	});

	it('a dry run says how many calls the opt-outs take and how long, and skips those that are out already', async () => {
		await start();
		const id = hubspot.store.addContact({ email: 'out@example.com' });
		hubspot.store.optOut(id, true);
		hubspot.requests.clear();
		const contacts = [
			person('out@example.com', true),
			...Array.from({ length: 1_000 }, (_none, n) => person(`no${n}@example.com`, true)),
			person('yes@example.com', false),
		];
		const report = await run(contacts, { upsert: { dryRun: true }, callsPerSecond: 9 });
		expect(writesOf(hubspot)).toEqual({});
		expect(summariseRun(contacts, report, true)).toMatchObject({
			contacts: 1_002,
			statuses: { created: 1, updated: 1_000, unchanged: 1 },
			optOuts: { contacts: 1_001, written: 1_000, addresses: 1_000, already: 1 },
			optOutCalls: 1_000,
			minutes: 1.9,
		});
		expect(tellDryRun(report, { blocked: 1_001 })).toContain(
			'1,000 calls of these, about 1.9 minutes, opt out one address each.',
		);
	});

	it('with Marketing Hub Enterprise a hundred addresses go in a call', async () => {
		await start({ accountTier: 'enterprise' });
		hubspot.requests.clear();
		const contacts = Array.from({ length: 250 }, (_none, n) => person(`no${n}@example.com`, true));
		expect(statusCounts(await run(contacts))).toEqual({ 'updated ADDRESS_OPTED_OUT': 250 });
		expect(Object.values(writesOf(hubspot)).reduce((sum, count) => sum + count, 0)).toBe(3);
		expect(isOptedOut('no249@example.com')).toBe(true);
	});

	it('F17: opt-outs without a contact can be left to an import of HubSpot; those of contacts are written all the same', async () => {
		await start();
		const id = hubspot.store.addContact({ email: 'held@example.com' });
		const contacts = [person('held@example.com', true), person('none@example.com', true)];
		const report = await run(contacts, { optOutsImported: true });
		expect(statusCounts(report)).toEqual({ updated: 1, 'unchanged OPT_OUT_IMPORTED': 1 });
		expect(hubspot.store.contact(id).properties.hs_email_optout).toBe('true');
		expect(isOptedOut('none@example.com')).toBe(false);
	});

	it('update only creates none and still opts addresses out (F1)', async () => {
		await start();
		const report = await run([person('no@example.com', true), person('yes@example.com', false)], {
			upsert: { mode: 'updateOnly' },
		});
		expect(statusCounts(report)).toEqual({ 'updated ADDRESS_OPTED_OUT': 1, 'excluded UPDATE_ONLY': 1 });
		expect(isOptedOut('no@example.com')).toBe(true);
	});
});

describe('number 14: opt-outs that HubSpot does not show the credential', () => {
	const ONE = 'one@example.com';
	const hidden = async (): Promise<string[]> => {
		await start();
		hubspot.store.archiveProperty('hs_email_optout');
		hubspot.requests.clear();
		return [newAccount(), newAccount(), newAccount()];
	};

	it('promise 1: refuse the run by name before anything is written', async () => {
		const [account] = await hidden();
		await expect(upsertIntoHubSpot(hubspot, [person(ONE, false)], { account })).rejects.toThrow(
			/OPT_OUTS_HIDDEN.*hs_email_optout/,
		);
		expect(writesOf(hubspot)).toEqual({});
	});

	it('are no fault where opt-outs are ignored, unless marketing contacts are to be set', async () => {
		const [a, b] = await hidden();
		const ignoring = { optOuts: 'ignore', upsert: { optOuts: 'ignore' } } as const;
		expect(statusCounts(await upsertIntoHubSpot(hubspot, [person(ONE, false)], { account: a, ...ignoring }))).toEqual({ created: 1 }); // prettier-ignore
		await expect(upsertIntoHubSpot(hubspot, [person(ONE, false)], { account: b, ...ignoring, setsMarketing: true })).rejects.toThrow(/OPT_OUTS_HIDDEN/); // prettier-ignore
	});

	it('promise 1: refuse the run also where they were shown a moment ago', async () => {
		const account = newAccount();
		await start();
		await upsertIntoHubSpot(hubspot, [person(ONE, false)], { account });
		hubspot.store.archiveProperty('hs_email_optout');
		hubspot.requests.clear();
		const changed = { ...person(ONE, false), changedAt: '2026-11-21T10:00:00.000Z' };
		const report = await upsertIntoHubSpot(hubspot, [changed], { account });
		expect(report.failure).toMatchObject({ kind: 'stop', code: 'OPT_OUTS_HIDDEN' });
		expect(writesOf(hubspot)).toEqual({});
		const ignoring = { optOuts: 'ignore', upsert: { optOuts: 'ignore' } } as const;
		expect((await upsertIntoHubSpot(hubspot, [changed], { account, ...ignoring })).failure).toBeUndefined();
	});

	it('are carried once they are shown again', async () => {
		const [account] = await hidden();
		await expect(upsertIntoHubSpot(hubspot, [person(ONE, true)], { account })).rejects.toThrow(/OPT_OUTS_HIDDEN/); // prettier-ignore
		hubspot.reset();
		await upsertIntoHubSpot(hubspot, [person(ONE, true)], { account });
		const id = holderOf(ONE);
		expect(id === undefined ? undefined : hubspot.store.contact(id).properties.hs_email_optout).toBe('true');
	});
});
