import { Client } from '@hubspot/api-client';
import {
	startHubSpot,
	TOKEN_READ_ONLY,
	TOKEN_WITHOUT_PREFERENCES,
	type RunningHubSpot,
} from '../../../sandbox/hubspot';
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
const STATUSES = '/communication-preferences/2026-09/statuses';
const NEWSLETTER = 10_941_702;
const ADDRESS = 'ann@example.com';
const allOff = (address: string) => `${STATUSES}/${address}/unsubscribe-all?channel=EMAIL`;
const isAllOff = async (address: string) => (await call('GET', allOff(address))).body.results.length === 1;
const statusOf = async (address: string) =>
	(await call('GET', `${STATUSES}/${address}?channel=EMAIL`)).body.results.map(({ status }) => status);
const set = (statusState: string, more: object = {}) =>
	call('POST', `${STATUSES}/${ADDRESS}`, { subscriptionId: NEWSLETTER, statusState, channel: 'EMAIL', ...more });
const shown = (id: string) => hubspot.store.contact(id).properties['hs_email_optout'];
const added = (email = ADDRESS) => hubspot.store.addContact({ email });

describe('communication preferences of the stand-in HubSpot', () => {
	it('H22: one call opts an address out of all e-mail; the contact shows it, and no call undoes it', async () => {
		const id = added();
		expect(await isAllOff(ADDRESS)).toBe(false);
		const { status, body } = await call('POST', allOff('ANN@example.com'));
		expect({ status, results: body.results }).toEqual({ status: 200, results: [] });
		expect(await isAllOff(ADDRESS)).toBe(true);
		expect(shown(id)).toBe('true');
		expect(await statusOf(ADDRESS)).toEqual(['UNSUBSCRIBED', 'UNSUBSCRIBED', 'UNSUBSCRIBED']);

		const again = await set('SUBSCRIBED');
		expect(again).toMatchObject({ status: 400, body: { category: 'VALIDATION_ERROR' } });
		expect(again.body.message).toBe(
			`Subscription ${NEWSLETTER} for ${ADDRESS} cannot be updated because they have unsubscribed`,
		);
		expect((await set('NOT_SPECIFIED')).status).toBe(400);
		expect((await call('DELETE', allOff(ADDRESS))).status).toBe(404);
		expect(await isAllOff(ADDRESS)).toBe(true);
	});

	it('verbose tells what each status became, and that a second call changed nothing', async () => {
		const reasons = async () =>
			(await call('POST', `${allOff(ADDRESS)}&verbose=true`)).body.results.map(
				(result) => (result as unknown as { setStatusSuccessReason: string }).setStatusSuccessReason,
			);
		expect(new Set(await reasons())).toEqual(new Set(['UNSUBSCRIBE_FROM_ALL_OCCURRED']));
		expect(new Set(await reasons())).toEqual(new Set(['NO_STATUS_CHANGE']));
	});

	it('the opt-out hangs on the address: before there is a contact, and after it was deleted', async () => {
		await call('POST', allOff(ADDRESS));
		const made = await call('POST', CONTACTS, { properties: { email: ADDRESS } });
		expect(shown(made.body.id)).toBe('true');
		const other = await call('POST', CONTACTS, { properties: { email: 'bob@example.com' } });
		hubspot.store.optOut(other.body.id);
		await call('DELETE', `${CONTACTS}/${other.body.id}`);
		const back = await call('POST', CONTACTS, { properties: { email: 'bob@example.com' } });
		expect(shown(back.body.id)).toBe('true');
	});

	it('contacts that users make, change or restore show what their address is', async () => {
		await call('POST', allOff(ADDRESS));
		expect(shown(added())).toBe('true');
		await call('POST', allOff('bob@example.com'));
		const id = added('carl@example.com');
		hubspot.store.changeContact(id, { email: 'bob@example.com' });
		expect(shown(id)).toBe('true');
		const archived = added('dora@example.com');
		hubspot.store.archive(archived);
		await call('POST', allOff('dora@example.com'));
		hubspot.store.restoreContact(archived);
		expect(shown(archived)).toBe('true');
		hubspot.store.bulkChange([archived], { hs_email_optout: '' });
		expect(await isAllOff('dora@example.com')).toBe(false);
	});

	it.each([
		[true, undefined],
		[false, 'true'],
	])('optOutFollowsAddress %s: an opted-out contact with a new address', async (follows, expected) => {
		hubspot.settings.optOutFollowsAddress = follows;
		const id = added();
		await call('POST', allOff(ADDRESS));
		await call('PATCH', `${CONTACTS}/${id}`, { properties: { email: 'new@example.com' } });
		expect(shown(id)).toBe(expected);
		expect(await isAllOff('new@example.com')).toBe(!follows);
		expect(await isAllOff(ADDRESS)).toBe(true);
	});

	it.each([
		['address', undefined],
		['contact', 'true'],
	] as const)('optOutOfSecondaryAddress %s: an additional address opted out', async (reach, expected) => {
		hubspot.settings.optOutOfSecondaryAddress = reach;
		const id = added();
		hubspot.store.addSecondaryEmail(id, 'ann.b@example.com');
		await call('POST', allOff('ann.b@example.com'));
		expect(shown(id)).toBe(expected);
	});

	it('optOutDelayMs: the property shows it later, with the time at which it did', async () => {
		hubspot.settings.optOutDelayMs = 5_000;
		hubspot.clock.freeze();
		const id = added();
		const at = hubspot.clock.now();
		await call('POST', allOff(ADDRESS));
		expect(await isAllOff(ADDRESS)).toBe(true);
		hubspot.clock.advance(4_999);
		expect(shown(id)).toBeUndefined();
		hubspot.clock.advance(60_000);
		const { body } = await call('GET', `${CONTACTS}/${id}?properties=hs_email_optout`);
		expect(body.properties['hs_email_optout']).toBe('true');
		expect(Date.parse(body.updatedAt)).toBe(at + 5_000);
	});

	it('one type: on, off, and not on again; the contact shows it as a property of its own', async () => {
		const id = added();
		expect((await set('SUBSCRIBED')).body.results[0]).toMatchObject({
			status: 'SUBSCRIBED',
			setStatusSuccessReason: 'REQUESTED_CHANGE_OCCURRED',
		});
		expect((await set('UNSUBSCRIBED')).status).toBe(200);
		expect(hubspot.store.contact(id).properties[`hs_email_optout_${NEWSLETTER}`]).toBe('true');
		expect(shown(id)).toBeUndefined();
		expect(await statusOf(ADDRESS)).toEqual(['UNSUBSCRIBED', 'NOT_SPECIFIED', 'NOT_SPECIFIED']);
		expect((await set('SUBSCRIBED')).status).toBe(400);
		hubspot.settings.resubscribing = 'allowed';
		expect((await set('SUBSCRIBED')).body.results[0]).toMatchObject({
			status: 'SUBSCRIBED',
			setStatusSuccessReason: 'RESUBSCRIBE_OCCURRED',
		});
	});

	it('refuses other channels, unknown types, types no longer sent and what is no address', async () => {
		expect((await call('GET', `${STATUSES}/${ADDRESS}/unsubscribe-all`)).status).toBe(400);
		expect((await call('POST', `${STATUSES}/${ADDRESS}/unsubscribe-all?channel=SMS`)).status).toBe(400);
		expect((await call('POST', allOff('nobody'))).status).toBe(400);
		expect((await set('UNSUBSCRIBED', { channel: 'SMS' })).status).toBe(400);
		expect((await set('UNSUBSCRIBED', { subscriptionId: 7 })).status).toBe(404);
		expect((await set('UNSUBSCRIBED', { subscriptionId: 10_941_705 })).status).toBe(400);
	});

	it('H23: with data privacy on, a status needs a legal basis and its explanation; unsubscribe-all does where the account differs', async () => {
		hubspot.settings.dataPrivacy = true;
		const legal = { legalBasis: 'CONSENT_WITH_NOTICE', legalBasisExplanation: 'Signed up in the shop' };
		const missing = async (more: object) => (await set('UNSUBSCRIBED', more)).body.errors.map((error) => error);
		expect(await missing({})).toMatchObject([{ in: 'legalBasis' }, { in: 'legalBasisExplanation' }]);
		expect(await missing({ legalBasis: 'CONSENT_WITH_NOTICE' })).toMatchObject([{ in: 'legalBasisExplanation' }]);
		expect((await set('SUBSCRIBED', { ...legal, legalBasis: 'BECAUSE' })).status).toBe(400);
		expect((await set('SUBSCRIBED', legal)).body.results[0]).toMatchObject(legal);
		expect((await call('POST', allOff(ADDRESS))).status).toBe(200);
		hubspot.settings.unsubscribeAllNeedsBasis = true;
		expect((await call('POST', allOff('bob@example.com'))).status).toBe(400);
		expect((await call('POST', allOff('bob@example.com'), legal)).status).toBe(200);
		const details = await call('GET', '/account-info/2026-09/details');
		expect(JSON.stringify(details.body)).not.toMatch(/privacy|gdpr/i);
	});

	it('many at once: only in Enterprise accounts, whatever the token', async () => {
		const inputs = [ADDRESS, 'bob@example.com'];
		const off = () => call('POST', `${STATUSES}/batch/unsubscribe-all?channel=EMAIL`, { inputs });
		const refused = await off();
		expect(refused).toMatchObject({ status: 403, body: { category: 'MISSING_SCOPES' } });
		expect(refused.body.errors[0].context).toEqual({
			requiredGranularScopes: ['communication_preferences.statuses.batch.write'],
		});
		expect(await isAllOff(ADDRESS)).toBe(false);

		hubspot.settings.accountTier = 'enterprise';
		expect((await off()).status).toBe(200);
		const read = (path: string) => call('POST', `${STATUSES}/batch/${path}?channel=EMAIL`, { inputs });
		expect((await read('unsubscribe-all/read')).body.results).toMatchObject([
			{ subscriberIdString: ADDRESS, wideStatuses: [{ status: 'UNSUBSCRIBED' }] },
			{ subscriberIdString: 'bob@example.com', wideStatuses: [{ status: 'UNSUBSCRIBED' }] },
		]);
		expect((await read('read')).body.results).toHaveLength(2);
		const write = (subscriberIdString: string, statusState: string) => ({
			inputs: [
				{
					subscriberIdString: 'carl@example.com',
					statusState: 'SUBSCRIBED',
					channel: 'EMAIL',
					subscriptionId: NEWSLETTER,
				},
				{ subscriberIdString, statusState, channel: 'EMAIL', subscriptionId: NEWSLETTER },
			],
		});
		expect((await call('POST', `${STATUSES}/batch/write`, write(ADDRESS, 'SUBSCRIBED'))).status).toBe(400);
		expect((await statusOf('carl@example.com'))[0]).toBe('NOT_SPECIFIED');
		expect((await call('POST', `${STATUSES}/batch/write`, write('dora@example.com', 'UNSUBSCRIBED'))).status).toBe(200);
		const tooMany = { inputs: Array.from({ length: 101 }, (_, n) => `p${n}@example.com`) };
		expect((await call('POST', `${STATUSES}/batch/read?channel=EMAIL`, tooMany)).status).toBe(400);
	});

	it('needs its scopes', async () => {
		for (const token of [TOKEN_WITHOUT_PREFERENCES, TOKEN_READ_ONLY]) {
			for (const [method, body] of [['GET'], ['POST', {}]] as const) {
				const answer = await call(method, allOff(ADDRESS), body, token);
				expect(answer).toMatchObject({ status: 403, body: { category: 'MISSING_SCOPES' } });
			}
		}
		hubspot.tokens.set('pat-reads', ['communication_preferences.read']);
		expect((await call('GET', allOff(ADDRESS), undefined, 'pat-reads')).status).toBe(200);
		expect((await call('POST', allOff(ADDRESS), undefined, 'pat-reads')).status).toBe(403);
		hubspot.tokens.set('pat-both', ['communication_preferences.read_write']);
		expect((await call('POST', allOff(ADDRESS), undefined, 'pat-both')).status).toBe(200);
	});

	it('H24: hs_email_optout cannot be written as a property, or the write has no effect', async () => {
		const id = added();
		const write = (value: string) => call('PATCH', `${CONTACTS}/${id}`, { properties: { hs_email_optout: value } });
		expect((await write('true')).body.errors[0].code).toBe('READ_ONLY_VALUE');
		hubspot.settings.optOutPropertyWrites = 'ignored';
		expect((await write('true')).status).toBe(200);
		expect(shown(id)).toBeUndefined();
	});

	it('no address stands in the counts of the request log', async () => {
		await call('POST', allOff(ADDRESS));
		expect(Object.keys(hubspot.requests.counts())).toEqual([
			'POST /communication-preferences/2026-09/statuses/:email/unsubscribe-all',
		]);
	});
});

describe('@hubspot/api-client on the older communication preferences', () => {
	it('definitions, status, unsubscribe once, subscribe never again', async () => {
		const { definitionApi, statusApi } = new Client({ accessToken: hubspot.token, basePath: hubspot.url })
			.communicationPreferences;
		const { subscriptionDefinitions } = await definitionApi.getPage();
		expect(subscriptionDefinitions.map(({ name }) => name)).toContain('Newsletter');
		const change = { emailAddress: ADDRESS, subscriptionId: String(NEWSLETTER) } as never;
		await expect(statusApi.unsubscribe(change)).rejects.toMatchObject({ code: 404 });
		added();
		expect((await statusApi.subscribe(change)).status).toBe('SUBSCRIBED');
		expect((await statusApi.unsubscribe(change)).status).toBe('NOT_SUBSCRIBED');
		await expect(statusApi.unsubscribe(change)).rejects.toMatchObject({ code: 400 });
		await expect(statusApi.subscribe(change)).rejects.toMatchObject({
			code: 400,
			body: { message: expect.stringMatching(/cannot be updated because they have unsubscribed$/) as string },
		});
		const { subscriptionStatuses } = await statusApi.getEmailStatus(ADDRESS);
		expect(subscriptionStatuses.map(({ status }) => status)).toContain('NOT_SUBSCRIBED');
		hubspot.settings.dataPrivacy = true;
		await expect(statusApi.subscribe(change)).rejects.toMatchObject({ code: 400 });
	});
});
