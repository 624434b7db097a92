import { HubSpotClient } from '../../../../clients/hubspot/api/hubSpotClient';
import { HubSpotLimits } from '../../../../clients/hubspot/api/limits';
import type { HttpPort } from '../../../../core/ports';
import type { RunningHubSpot } from '../../../../sandbox/hubspot';
import { startHubSpot } from '../../../../sandbox/hubspot';
import { plainHttp } from '../../../support/http/plainHttp';
import { realClock } from '../../../support/manualClock';
import { sandboxClock, sandboxHttp } from '../support/listFollower';

describe('the HubSpot client', () => {
	let hubspot: RunningHubSpot;
	let client: HubSpotClient;
	let limits: HubSpotLimits;

	const clientOn = (http: HttpPort, deadline?: number): HubSpotClient =>
		new HubSpotClient(http, sandboxClock(hubspot), limits, { deadline, random: () => 0 });
	const contactIds = (): string[] => [...hubspot.store.contacts.contacts.keys()].map(String);

	beforeEach(async () => {
		hubspot = await startHubSpot({ members: 150 });
		limits = new HubSpotLimits(sandboxClock(hubspot));
		client = clientOn(sandboxHttp(hubspot));
	});

	afterEach(async () => {
		await hubspot.close();
	});

	it('tells the account', async () => {
		expect(await client.account()).toEqual({ kind: 'ok', value: { portalId: '24813579', timeZone: 'Europe/Paris' } });
	});

	it('finds lists by id, name and type', async () => {
		const byId = await client.searchLists({ ids: ['101'] });
		expect(byId).toMatchObject({
			kind: 'ok',
			value: {
				items: [
					{
						id: '101',
						name: 'Newsletter subscribers',
						processingType: 'DYNAMIC',
						objectTypeId: '0-1',
						size: 150,
						version: 1,
					},
				],
			},
		});
		const added = byId.kind === 'ok' ? byId.value.items[0]?.lastAddedAt : undefined;
		expect(added).toBeGreaterThan(Date.UTC(2025, 0, 1));
		expect(await client.searchLists({ name: 'fair', processingTypes: ['MANUAL'] })).toMatchObject({
			value: { items: [{ id: '102' }] },
		});
		expect(await client.searchLists({ ids: ['4711'] })).toMatchObject({ value: { items: [] } });
	});

	it.each([
		['contacts', 'POST /crm/objects/2026-09/contacts/batch/read'],
		['memberships', 'POST /crm/lists/2026-09/records/memberships/batch/read'],
	])(
		'an answer that lacks %s because of a fault is asked for again, and not taken for the whole',
		async (_what, call) => {
			const error = {
				status: 'error',
				category: 'INTERNAL_ERROR',
				message: 'Could not read all',
				context: { ids: ['2'] },
			};
			const partial = { status: 'COMPLETE', results: [], numErrors: 1, errors: [error] };
			hubspot.faults.next(call, { status: 207, body: partial });
			const [first = ''] = contactIds();
			if (call.includes('lists'))
				expect(await client.listsOf([first])).toMatchObject({
					kind: 'ok',
					value: new Map([[first, new Set(['101', '102'])]]),
				});
			else expect(await client.contacts([first], ['email'])).toMatchObject({ kind: 'ok', value: [{ id: first }] });
			hubspot.faults.next(call, { status: 207, body: partial, times: 4 });
			const answer = call.includes('lists') ? await client.listsOf([first]) : await client.contacts([first], ['email']);
			expect(answer).toMatchObject({ kind: 'retry', code: 'UNAVAILABLE' });
		},
	);

	it('does not sit out the rest of the day: without a deadline, too, a long pause is an answer', async () => {
		hubspot.faults.next('GET /account-info/2026-09/details', {
			status: 429,
			body: {
				status: 'error',
				errorType: 'RATE_LIMIT',
				policyName: 'DAILY',
				message: 'You have reached your daily limit.',
			},
		});
		expect(await client.account()).toMatchObject({ kind: 'retry', code: 'DAILY_LIMIT_REACHED' });
		const before = hubspot.clock.now();
		expect(await client.contactProperties()).toMatchObject({ kind: 'retry', code: 'DAILY_LIMIT_REACHED' });
		expect(hubspot.clock.now() - before).toBeLessThan(60_000);
	});

	it('names a list that is gone', async () => {
		expect(await client.membersByJoinOrder('4711', undefined)).toMatchObject({ kind: 'stop', code: 'LIST_NOT_FOUND' });
	});

	it('reads contacts with their history; ids that are gone are absent', async () => {
		const [first = '', second = '', gone = ''] = contactIds();
		hubspot.store.changeContact(first, { firstname: 'Ада' });
		hubspot.store.archive(gone);
		const read = await client.contacts([first, second, gone], ['firstname', 'email'], { withHistory: ['firstname'] });
		const contacts = read.kind === 'ok' ? read.value : [];
		expect(contacts.map(({ id }) => id).sort()).toEqual([first, second].sort());
		const changed = contacts.find(({ id }) => id === first);
		expect(changed?.properties.firstname).toBe('Ада');
		expect(changed?.history.firstname?.map(({ value }) => value)[0]).toBe('Ада');
		expect(changed?.history.firstname?.[0]?.at).toBeGreaterThan(changed?.history.firstname?.[1]?.at ?? Infinity);
	});

	it('halves a membership read that names too many contacts', async () => {
		Object.assign(hubspot.settings, { membershipBatchLimit: 30 });
		const asked = contactIds().slice(0, 120);
		const members = hubspot.store.list('101').members;
		const read = await client.listsOf(asked);
		const found = read.kind === 'ok' ? asked.filter((id) => read.value.get(id)?.has('101')) : [];
		expect(found.sort()).toEqual(asked.filter((id) => members.has(Number(id))).sort());
	});

	it('HB-28: learns the limits from the headers, and keeps them without a single refusal', async () => {
		Object.assign(hubspot.settings, { burstLimit: 40 });
		const began = hubspot.clock.now();
		for (let call = 0; call < 100; call++) expect((await client.account()).kind).toBe('ok');
		expect(hubspot.requests.statuses()).toEqual({ '200': 100 });
		expect(hubspot.clock.now() - began).toBeGreaterThan(15_000);
		expect(limits.daily).toMatchObject({ limit: 250_000, remaining: 249_900 });
	});

	it('keeps searches under their own limit of 5 a second, however many start at once', async () => {
		const search = {
			filterGroups: [],
			sort: { propertyName: 'lastmodifieddate', direction: 'ASCENDING' },
			properties: ['email'],
		} as const;
		const http = plainHttp(hubspot.url, { authorization: `Bearer ${hubspot.token}` });
		const inRealTime = new HubSpotClient(http, realClock, new HubSpotLimits(realClock));
		const began = Date.now();
		const answers = await Promise.all(Array.from({ length: 14 }, async () => await inRealTime.searchContacts(search)));
		expect(new Set(answers.map(({ kind }) => kind))).toEqual(new Set(['ok']));
		expect(hubspot.requests.statuses()).toEqual({ '200': 14 });
		expect(Date.now() - began).toBeGreaterThan(2_500);
	});

	it('waits out a 429 that others provoked, all callers together', async () => {
		hubspot.faults.next('GET /account-info/*', { status: 429 });
		const began = hubspot.clock.now();
		const answers = await Promise.all([client.account(), client.account()]);
		expect(answers.map(({ kind }) => kind)).toEqual(['ok', 'ok']);
		expect(hubspot.clock.now() - began).toBeGreaterThanOrEqual(10_000);
	});

	it('a daily limit that is used up is not retried within the poll', async () => {
		Object.assign(hubspot.settings, { dailyLimit: 1 });
		await client.account();
		expect(await client.account()).toMatchObject({ kind: 'retry', code: 'DAILY_LIMIT_REACHED' });
		expect(hubspot.requests.total).toBe(2);
	});

	it('begins nothing after its deadline', async () => {
		hubspot.faults.next('*', { status: 503, times: 0 });
		const began = hubspot.clock.now();
		const short = clientOn(sandboxHttp(hubspot), began + 2_000);
		expect(await short.account()).toMatchObject({ kind: 'retry', code: 'UNAVAILABLE' });
		expect(hubspot.clock.now() - began).toBeLessThan(3_000);
	});

	it.each([
		['a contact without id', { results: [{ properties: {} }] }],
		['no results at all', { status: 'COMPLETE' }],
		['results of another kind', { results: 'none' }],
	])('an answer of an unknown form is a failure, never an empty list: %s', async (_name, body) => {
		hubspot.faults.next('POST /crm/objects/*', { status: 200, body });
		expect(await client.contacts(['1'], ['email'])).toMatchObject({ kind: 'refused', code: 'UNEXPECTED_ANSWER' });
	});

	it('rides out garbage, cut-off answers and resets', async () => {
		for (const kind of ['garbage', 'cutOff', 'reset'] as const) hubspot.faults.next('GET /account-info/*', { kind });
		expect((await client.account()).kind).toBe('ok');
	});
});
