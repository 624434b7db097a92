import { setTimeout as pause } from 'node:timers/promises';
import type { IDataObject, INode } from 'n8n-workflow';
import { HubSpotListTrigger } from '../../../nodes/HubSpotListTrigger/HubSpotListTrigger.node';
import { ContactListUpsert } from '../../../nodes/ContactListUpsert/ContactListUpsert.node';
import { MapContactFields } from '../../../nodes/MapContactFields/MapContactFields.node';
import type { RunningHubSpot } from '../../../sandbox/hubspot';
import { startHubSpot } from '../../../sandbox/hubspot';
import type { PollOptions, PollOutcome } from '../../support/n8n/engine';
import { runPoll, testNode } from '../../support/n8n/engine';
import { savedFor } from '../../support/restarted';
import { SlowTime } from '../../support/n8n/slowTime';

const TYPE = 'n8n-nodes-contact-sync.hubSpotListTrigger';
const MAP_TYPE = 'n8n-nodes-contact-sync.mapContactFields';
const UPSERT_TYPE = 'n8n-nodes-contact-sync.contactListUpsert';
const TYPES = {
	[TYPE]: new HubSpotListTrigger(),
	[MAP_TYPE]: new MapContactFields(),
	[UPSERT_TYPE]: new ContactListUpsert(),
};
const PICKED = { propertySelection: 'selected', properties: ['email', 'favourite_colour'] };

const trigger = (parameters: INode['parameters'] = {}, list = '101'): INode =>
	testNode(
		'HubSpot List Trigger',
		TYPE,
		{ list: { __rl: true, mode: 'list', value: list }, consentConfirmed: true, ...parameters },
		['contactSyncHubSpotApi'],
	);
const mapNode = (value: Record<string, string>): INode =>
	testNode('Map', MAP_TYPE, { mapping: { mappingMode: 'defineBelow', value } });

/** Every test plays a process of its own. */
let processes = 0;

describe('the check of the first poll', () => {
	let hubspot: RunningHubSpot;
	let staticData: IDataObject;
	let workflowId: string;
	const time = new SlowTime();

	beforeAll(() => {
		time.start();
	});
	beforeEach(async () => {
		hubspot = await startHubSpot({ members: 20 });
		staticData = {};
		workflowId = `first-poll-${++processes}`;
	});
	afterEach(async () => await hubspot.close());
	// A poll looks every half second whether its run has ended; with the real time back, such a look would last on.
	afterAll(async () => await pause(600));

	const poll = async (node: INode, options: Partial<PollOptions> = {}): Promise<PollOutcome> => {
		time.advance(61_000);
		const credentials = { contactSyncHubSpotApi: { accessToken: hubspot.token, baseUrl: hubspot.url } };
		return await runPoll(node, { types: TYPES, credentials, staticData, workflowId, ...options });
	};
	const refused = async (node: INode, options: Partial<PollOptions> = {}) => {
		const thrown = await poll(node, options).catch((error: unknown) => error as Error);
		expect(thrown).toBeInstanceOf(Error);
		return (thrown as Error).message;
	};

	it('a picked property that was deleted refuses the activation and is named', async () => {
		expect(await refused(trigger(PICKED))).toMatch(
			/no contact property 'favourite_colour' any more, which 'Property Names or IDs' uses\. Pick an existing field/,
		);
		expect(JSON.stringify(staticData)).not.toContain('contactSync');
	});

	it('also on a list nobody is on, where no contact would ever have shown it', async () => {
		expect(await refused(trigger(PICKED, '103'))).toContain("'favourite_colour'");
	});

	it('a mapped property that was deleted is named; what an expression reads may be anything', async () => {
		const downstream = [mapNode({ EMAIL: 'email', CITY: 'town', FIRSTNAME: '={{ $json.fields.nickname }}' })];
		const message = await refused(trigger(), { downstream });
		expect(message).toContain("no contact property 'town' any more, which Map Contact Fields uses");
		expect(message).not.toContain('nickname');
	});

	it('promise 1: opt-outs that the credential may not see refuse the activation, unless every destination ignores them', async () => {
		hubspot.store.definitions.delete('hs_email_optout');
		expect(await refused(trigger())).toMatch(/does not show the credential the property 'hs_email_optout'.*so opt-outs cannot be read/); // prettier-ignore
		const ignoring = testNode('Upsert', UPSERT_TYPE, { optOuts: 'ignore' }, []);
		expect((await poll(trigger(), { downstream: [ignoring] })).emitted.flat()).toHaveLength(20);
	});

	it('common properties that an account does not have are nobody’s fault', async () => {
		hubspot.store.definitions.delete('jobtitle');
		expect((await poll(trigger())).emitted.flat()).toHaveLength(20);
	});

	it('a property deleted while the workflow runs is told as soon as a contact changes, and none is lost', async () => {
		const reads = trigger({ propertySelection: 'selected', properties: ['email', 'lastname', 'city'] });
		await poll(reads);
		const city = hubspot.store.definitions.get('city');
		hubspot.store.definitions.delete('city');
		const [id] = [...hubspot.store.list('101').members.ids()];
		hubspot.store.changeContact(id ?? 0, { lastname: 'Changed' });
		expect(await refused(reads)).toContain("'city'");
		if (city) hubspot.store.definitions.set('city', city);
		expect((await poll(reads)).emitted.flat().map(({ json }) => json.fields)).toMatchObject([{ lastname: 'Changed' }]);
	});

	it('costs at most two further calls when a process starts, and none later', async () => {
		await poll(trigger());
		const calls = async (process: string): Promise<number> => {
			hubspot.requests.clear();
			workflowId = process;
			staticData = savedFor(process, staticData);
			await poll(trigger());
			return hubspot.requests.total;
		};
		const idle = await calls(workflowId);
		expect(idle).toBe(2);
		expect(await calls(`${workflowId}-restarted`)).toBeLessThanOrEqual(idle + 2);
		expect(await calls(workflowId)).toBe(idle);
	});

	it('Fetch Test Event checks the same, and that the reserve is not reached (HB-28)', async () => {
		expect(await refused(trigger(PICKED), { mode: 'manual' })).toContain("'favourite_colour'");
		hubspot.limits.used = 249_000;
		expect(await refused(trigger(), { mode: 'manual' })).toMatch(/fewer than the reserve of 10 %/);
		expect(staticData).toEqual({});
	});
});
