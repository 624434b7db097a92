import { setTimeout as pause } from 'node:timers/promises';
import type { IDataObject, INode, INodeListSearchResult, INodePropertyOptions } from 'n8n-workflow';
import { MapContactFields } from '../../../nodes/MapContactFields/MapContactFields.node';
import { HubSpotListTrigger } from '../../../nodes/HubSpotListTrigger/HubSpotListTrigger.node';
import { COMMON_PROPERTIES } from '../../../nodes/shared/records/hubSpotList';
import type { RunningHubSpot } from '../../../sandbox/hubspot';
import { startHubSpot, TOKEN_READ_ONLY, TOKEN_WITHOUT_CONTACTS } from '../../../sandbox/hubspot';
import type { PollOptions, PollOutcome } from '../../support/n8n/engine';
import { callMethod, runPoll, testNode } from '../../support/n8n/engine';
import { SlowTime } from '../../support/n8n/slowTime';

const TYPE = 'n8n-nodes-contact-sync.hubSpotListTrigger';
const MAP_TYPE = 'n8n-nodes-contact-sync.mapContactFields';
const TYPES = { [TYPE]: new HubSpotListTrigger(), [MAP_TYPE]: new MapContactFields() };
const LIST = { __rl: true, mode: 'list', value: '101', cachedResultName: 'Newsletter subscribers' };

const trigger = (parameters: INode['parameters'] = {}): INode =>
	testNode('HubSpot List Trigger', TYPE, { list: LIST, consentConfirmed: true, ...parameters }, [
		'contactSyncHubSpotApi',
	]);

const mapNode = (parameters: INode['parameters']): INode => testNode('Map', MAP_TYPE, parameters);

/** Every test plays a process of its own. */
let processes = 0;

describe('HubSpot List Trigger', () => {
	let hubspot: RunningHubSpot;
	let staticData: IDataObject;
	let workflowId: string;
	// Never goes back, or waits under way would last on.
	const time = new SlowTime();

	beforeAll(() => {
		time.start();
	});

	beforeEach(async () => {
		hubspot = await startHubSpot({ members: 60, extraLists: 130 });
		staticData = {};
		workflowId = `workflow-${++processes}`;
	});

	afterEach(async () => {
		await hubspot.close();
	});
	// A poll looks every half second whether its run has ended; with the real time back, such a look would last on.
	afterAll(async () => await pause(600));

	const credentials = (accessToken = hubspot.token) => ({
		contactSyncHubSpotApi: { accessToken, baseUrl: hubspot.url },
	});
	const poll = async (node: INode, options: Partial<PollOptions> = {}): Promise<PollOutcome> => {
		time.advance(60_000);
		return await runPoll(node, { types: TYPES, credentials: credentials(), staticData, workflowId, ...options });
	};
	const fieldsOf = ({ emitted }: PollOutcome): string[] =>
		Object.keys((emitted[0]?.[0]?.json.fields ?? {}) as object).sort();

	it('HB-01 HB-13 HB-14: on activation hands on every member in batches, and keeps its place in static data', async () => {
		const { returned, emitted, staticData: kept } = await poll(trigger({ options: { batchSize: 25 } }));
		expect(returned).toBeNull();
		expect(emitted.map((items) => items.length)).toEqual([25, 25, 10]);
		// Only the last batch closes the first sync.
		expect(emitted.map(([item]) => (item?.json.delivery as IDataObject).endsFirstSync)).toEqual([
			undefined,
			undefined,
			true,
		]);
		expect(emitted[0]?.[0]?.json).toMatchObject({
			key: expect.stringMatching(/^hubspot:24813579:contact:\d+$/) as string,
			change: 'added',
			source: { system: 'hubspot', list: '101' },
			delivery: { phase: 'firstSync', sequence: 1, members: 25, expected: 60 },
		});
		expect(JSON.parse(JSON.stringify(kept))).toMatchObject({
			'node:HubSpot List Trigger': { contactSync: { version: 1, sequence: 3, cursor: { phase: 'live' } } },
		});
	});

	it('HB-08 HB-21: later polls hand on changes, cost two calls when there are none, and write nothing to HubSpot', async () => {
		await poll(trigger());
		hubspot.requests.clear();
		expect((await poll(trigger())).emitted).toEqual([]);
		expect(hubspot.requests.total).toBe(2);
		const [id] = [...hubspot.store.list('101').members.ids()];
		hubspot.store.changeContact(id ?? 0, { lastname: 'Ünlü' });
		const { emitted } = await poll(trigger());
		expect(emitted[0]?.[0]?.json).toMatchObject({
			change: 'updated',
			changedFields: ['lastname'],
			fields: { lastname: 'Ünlü' },
		});
		expect(
			hubspot.requests.entries.filter(({ method, path }) => !(method === 'GET' || /search$|batch\/read$/.test(path))),
		).toEqual([]);
	});

	it.each([
		[true, ['added']],
		[false, []],
	])(
		'IS-09: a member that left and was back before the poll comes again as Members That Came Back says: %s',
		async (returningMembers, expected) => {
			const node = trigger({ options: { returningMembers } });
			for (let polls = 0; polls < 3; polls++) await poll(node);
			const id = [...hubspot.store.list('101').members.ids()].map(String)[0] ?? '';
			hubspot.store.removeFromList('101', [id]);
			await pause(5);
			hubspot.store.addToList('101', [id]);
			const { emitted } = await poll(node);
			expect(emitted.flat().map(({ json }) => json.change)).toEqual(expected);
		},
	);

	it('refuses Members That Came Back that is no switch by name', async () => {
		const thrown = await poll(trigger({ options: { returningMembers: '{}' } })).catch(
			(error: unknown) => error as Error,
		);
		expect(thrown).toMatchObject({ message: expect.stringContaining('Members That Came Back') as string });
	});

	it('a token exchanged in the same credential for one of another account begins anew, under the keys of that account', async () => {
		await poll(trigger());
		hubspot.faults.next('GET /account-info/2026-09/details', { status: 200, body: { portalId: 999, timeZone: 'UTC' } });
		const { emitted } = await poll(trigger(), { credentials: credentials(TOKEN_READ_ONLY) });
		expect(emitted.flat()).toHaveLength(60);
		expect(emitted[0]?.[0]?.json.key).toMatch(/^hubspot:999:contact:/);
	});

	it('a run that failed is delivered again by the next poll', async () => {
		const first = await poll(trigger(), { onEmit: () => 'error' });
		expect(first.returned).toBeNull();
		const second = await poll(trigger());
		expect(second.emitted[0]?.map(({ json }) => json.key)).toEqual(first.emitted[0]?.map(({ json }) => json.key));
	});

	it('does not wait for the run when asked not to', async () => {
		const { emitted } = await poll(trigger({ options: { acknowledged: false, batchSize: 40 } }), {
			onEmit: () => 'error',
		});
		expect(emitted).toHaveLength(1);
		const next = await poll(trigger({ options: { acknowledged: false, batchSize: 40 } }));
		expect(next.emitted[0]).toHaveLength(20);
	});

	it('HB-16: a draft that was saved and is switched on later begins with its first poll', async () => {
		hubspot.store.addContact({ email: 'while-draft@example.com' }, ['101']);
		const { emitted } = await poll(trigger());
		expect(emitted.flat()).toHaveLength(61);
	});

	describe('settings', () => {
		it.each([
			[
				'HB-07: consent not confirmed',
				{ consentConfirmed: false },
				/'Confirm Consent' is off/,
				/Tick 'Confirm Consent'/,
			],
			['HB-06: no list', { list: { ...LIST, value: '' } }, /No list is selected/, /Pick a list/],
			[
				'HB-06: a list that is no number',
				{ list: { __rl: true, mode: 'id', value: 'abc' } },
				/'List' must be the ID/,
				/Correct the setting/,
			],
			[
				'HB-06: a list that is gone',
				{ list: { __rl: true, mode: 'id', value: '4040' } },
				/no list 4040/,
				/pick a list again/,
			],
			[
				'IS-04: a static list',
				{ list: { ...LIST, value: '102' }, options: { activeListsOnly: true } },
				/not an active list/,
				/Pick an active list/,
			],
			[
				'an empty selection',
				{ propertySelection: 'selected', properties: [] },
				/Property Names or IDs/,
				/Correct the setting/,
			],
			['a batch size of 0', { options: { batchSize: 0 } }, /Batch Size/, /Correct the setting/],
		])(
			'%s refuses the activation and says what to do; corrected, every member comes',
			async (_name, parameters, message, description) => {
				const wrong = trigger(parameters);
				const thrown = await poll(wrong).catch((error: unknown) => error as Error);
				expect(thrown).toMatchObject({
					message: expect.stringMatching(message) as string,
					description: expect.stringMatching(description) as string,
				});
				// Of an activation that is refused n8n shows the message only.
				expect((thrown as Error).message).toMatch(description);
				expect(JSON.stringify(staticData)).not.toContain('contactSync');
				const later = await poll(wrong).catch((error: unknown) => error as Error);
				expect(later).toMatchObject({ description: expect.stringMatching(description) as string });
				expect((later as Error).message).not.toMatch(description);
				expect((await poll(trigger())).emitted.flat()).toHaveLength(60);
			},
		);

		it('HB-04: a wrong key and a missing scope are told apart, and nothing is lost by them', async () => {
			await expect(poll(trigger(), { credentials: credentials('pat-wrong') })).rejects.toMatchObject({
				message: expect.stringMatching(/HubSpot does not accept the credential.*Check the key or token/) as string,
			});
			await expect(poll(trigger(), { credentials: credentials(TOKEN_WITHOUT_CONTACTS) })).rejects.toMatchObject({
				message: expect.stringMatching(/lacks a scope.*crm\.objects\.contacts\.read/) as string,
				description: expect.stringMatching(/Grant the named scope/) as string,
				failure: { cause: 'credential-invalid' },
			});
			expect((await poll(trigger())).emitted.flat()).toHaveLength(60);
		});

		it('HB-06: a list deleted after the first sync is named by each poll; restored, it brings what changed meanwhile', async () => {
			await poll(trigger());
			const [id] = [...hubspot.store.list('101').members.ids()];
			hubspot.store.deleteList('101');
			await expect(poll(trigger())).rejects.toMatchObject({
				message: expect.stringMatching(/HubSpot has no list 101/) as string,
				description: expect.stringMatching(/pick a list again in the field 'List'/) as string,
			});
			hubspot.store.changeContact(id ?? 0, { lastname: 'Meanwhile' });
			hubspot.store.lists.restore(101);
			const { emitted } = await poll(trigger());
			expect(emitted.flat().map(({ json }) => json.fields)).toMatchObject([{ lastname: 'Meanwhile' }]);
		});

		it('reads the properties that Map Contact Fields uses, also through nodes in between', async () => {
			const between = testNode('Filter', 'test.start', {});
			const mapping = {
				mappingMode: 'defineBelow',
				value: { EMAIL: 'email', COMPANY: 'company', FULLNAME: "={{ $json.fields.firstname + $json.fields['city'] }}" },
			};
			const outcome = await poll(trigger(), { downstream: [between, mapNode({ mapping })] });
			expect(fieldsOf(outcome)).toEqual(['city', 'company', 'email', 'firstname']);
		});

		it('reads the common properties when nothing is mapped', async () => {
			expect(fieldsOf(await poll(trigger()))).toEqual(
				COMMON_PROPERTIES.filter((name) => hubspot.store.definitions.has(name)).sort(),
			);
		});

		it('reads the picked properties and nothing else', async () => {
			const picked = { propertySelection: 'selected', properties: ['email', 'vip'] };
			const outcome = await poll(trigger(picked), { downstream: [mapNode({ mapping: { value: { A: 'city' } } })] });
			expect(fieldsOf(outcome)).toEqual(['email', 'vip']);
		});
	});

	describe('HubSpot in trouble', () => {
		it('down at the first poll of the process: nothing is thrown; later polls fail visibly; then it recovers by itself', async () => {
			hubspot.faults.next('*', { kind: 'reset', times: 0 });
			expect((await poll(trigger(), { activation: 'init' })).returned).toBeNull();
			hubspot.faults.clear();
			hubspot.faults.next('*', { status: 477, headers: { 'Retry-After': '1200' }, times: 0 });
			await expect(poll(trigger(), { activation: 'init' })).rejects.toMatchObject({
				message: expect.stringMatching(/HubSpot is moving this account/) as string,
				failure: { cause: 'temporarily-unavailable', retryAfterMs: 1_200_000 },
			});
			hubspot.faults.clear();
			expect((await poll(trigger(), { activation: 'init' })).emitted.flat()).toHaveLength(60);
		}, 60_000);

		it("a wrong key found while n8n starts does not end the trigger's polling either", async () => {
			const wrong = { credentials: credentials('pat-wrong'), activation: 'init' as const };
			expect((await poll(trigger(), wrong)).returned).toBeNull();
			await expect(poll(trigger(), wrong)).rejects.toThrow(/does not accept/);
		});

		it('HB-28: a used-up reserve pauses the sync without failed executions', async () => {
			hubspot.limits.used = 249_000;
			expect((await poll(trigger())).emitted).toEqual([]);
			hubspot.requests.clear();
			expect((await poll(trigger())).returned).toBeNull();
			expect(hubspot.requests.total).toBe(0);
		});
	});

	describe('in the editor', () => {
		it('shows a handful of the newest members and keeps no state', async () => {
			const { returned } = await poll(trigger(), { mode: 'manual' });
			const shown = returned?.[0] ?? [];
			expect(shown).toHaveLength(10);
			const joined = [...hubspot.store.list('101').members.ids()].map(
				(id) => hubspot.store.list('101').members.times(id)?.last ?? 0,
			);
			expect(Date.parse(shown[0]?.json.changedAt as string)).toBe(Math.max(...joined));
			expect(staticData).toEqual({});
		});

		it('says what to do when the list is empty', async () => {
			const empty = poll(trigger({ list: { ...LIST, value: '103' } }), { mode: 'manual' });
			await expect(empty).rejects.toMatchObject({ message: expect.stringMatching(/no members yet/) as string });
		});

		it('HB-06: lists can be searched and paged, with type and size', async () => {
			const search = async (...args: unknown[]): Promise<INodeListSearchResult> =>
				(await callMethod(trigger(), 'listSearch', 'searchLists', {
					types: TYPES,
					credentials: credentials(),
					args,
				})) as INodeListSearchResult;
			const first = await search();
			expect(first.results).toHaveLength(100);
			expect(first.results[0]).toEqual({ name: 'Newsletter subscribers (active, 60 contacts)', value: '101' });
			const second = await search(undefined, first.paginationToken);
			expect(second.results).toHaveLength(33);
			expect(second.paginationToken).toBeUndefined();
			expect((await search('fair')).results.map(({ value }) => value)).toEqual(['102']);
		});

		it('IS-04: with active lists only, static lists are not offered', async () => {
			const found = (await callMethod(trigger({ options: { activeListsOnly: true } }), 'listSearch', 'searchLists', {
				types: TYPES,
				credentials: credentials(),
				args: ['fair'],
			})) as INodeListSearchResult;
			expect(found.results).toEqual([]);
		});

		it('HB-26: offers properties by label, without read-only ones', async () => {
			const found = (await callMethod(trigger(), 'loadOptions', 'getContactProperties', {
				types: TYPES,
				credentials: credentials(),
			})) as INodePropertyOptions[];
			expect(found).toContainEqual(expect.objectContaining({ value: 'email', name: 'Email' }));
			expect(found.map(({ value }) => value)).not.toContain('hs_email_domain');
			expect(found.map(({ value }) => value)).not.toContain('lastmodifieddate');
			expect(found.length).toBeGreaterThan(20);
		});
	});
});
