import { setTimeout as pause } from 'node:timers/promises';
import type { IDataObject, INode } from 'n8n-workflow';
import { HubSpotListTrigger } from '../../../nodes/HubSpotListTrigger/HubSpotListTrigger.node';
import type { RunningHubSpot } from '../../../sandbox/hubspot';
import { startHubSpot } from '../../../sandbox/hubspot';
import type { RunningSalesforce } from '../../../sandbox/salesforce';
import { startSalesforce } from '../../../sandbox/salesforce';
import { writesOf } from '../../support/hubSpotAccount';
import { runNodes, runPoll, testNode } from '../../support/n8n/engine';
import { SlowTime } from '../../support/n8n/slowTime';
import { HUBSPOT, hubSpotCredential, MAP, picked, readNode, SALESFORCE, salesforceCredential, types, UPSERT } from './readRun'; // prettier-ignore

const TRIGGER = 'n8n-nodes-contact-sync.hubSpotListTrigger';
const allTypes = { ...types, [TRIGGER]: new HubSpotListTrigger() };

describe('Joined the Segment Later: HubSpot List Trigger, Read Contacts on Salesforce, Map Contact Fields, Contact List Upsert', () => {
	let hubspot: RunningHubSpot;
	let salesforce: RunningSalesforce;
	let segment: string;
	const staticData: IDataObject = {};
	// Never goes back, or waits under way would last on.
	const time = new SlowTime();

	beforeAll(() => {
		time.start();
	});
	beforeEach(async () => {
		hubspot = await startHubSpot({ members: 3, extraLists: 0 });
		salesforce = await startSalesforce({ contacts: 20, leads: 0, awkward: false });
		segment = hubspot.store.createList('Segment', 'DYNAMIC');
	});
	afterEach(async () => void (await Promise.all([hubspot.close(), salesforce.close()])));
	// A poll looks every half second whether its run has ended; with the real time back, such a look would last on.
	afterAll(async () => await pause(600));

	const credentials = () => ({ ...hubSpotCredential(hubspot), ...salesforceCredential(salesforce) });
	const trigger = (): INode =>
		testNode('Trigger', TRIGGER, { list: picked(segment), consentConfirmed: true }, [HUBSPOT]);
	const read = readNode({ source: 'salesforce', scope: 'named' });
	const map = testNode(
		'Map',
		MAP,
		{
			source: 'salesforce',
			salesforceAuthentication: 'clientCredentials',
			authentication: 'accessToken',
			destination: 'hubSpot',
			mapping: { mappingMode: 'defineBelow', value: { email: 'Email', firstname: 'FirstName', lastname: 'LastName' } },
		},
		[HUBSPOT, SALESFORCE],
	);
	const upsert = (): INode =>
		testNode(
			'Upsert',
			UPSERT,
			{ destination: 'hubSpot', authentication: 'accessToken', inclusionSegment: picked(segment) },
			[HUBSPOT],
		);
	const behind = (): INode[] => [read, map, upsert()];

	it('IS-05 IS-17: a contact that was held with its address alone gets its other fields once it joins the segment', async () => {
		const email = 'later@x.example';
		salesforce.store.insert('Contact', { FirstName: 'Lena', LastName: 'Later', Email: email });
		const id = hubspot.store.addContact({ email }, []);
		const poll = async () => {
			time.advance(60_000);
			return await runPoll(trigger(), {
				types: allTypes,
				credentials: credentials(),
				staticData,
				workflowId: 'joined-later',
				downstream: behind(),
			});
		};
		expect((await poll()).emitted).toEqual([]);
		hubspot.store.addToList(segment, [id]);
		hubspot.clock.advance(60_000);
		const [joined = []] = (await poll()).emitted;
		expect(joined.map(({ json }) => json.change)).toEqual(['added']);
		hubspot.requests.clear();
		const result = await runNodes(behind(), {
			types: allTypes,
			credentials: credentials(),
			mode: 'trigger',
			input: joined.map(({ json }) => json),
		});
		expect(result.error).toBeUndefined();
		expect(result.json('Read')).toMatchObject([{ source: { system: 'salesforce' }, delivery: { phase: 'resync' } }]);
		expect(result.json('Upsert')).toMatchObject([{ outcome: { status: 'updated' } }]);
		expect(hubspot.store.contact(id).properties).toMatchObject({ firstname: 'Lena', lastname: 'Later' });
		expect(Object.keys(writesOf(hubspot)).length).toBeGreaterThan(0);
	});

	it('IS-07: Resync Now passes mapping and upsert, and a second time changes nothing', async () => {
		const nodes = [readNode({ source: 'salesforce', scope: 'all', returnAll: true }), map, testNode('Upsert', UPSERT, { destination: 'hubSpot', authentication: 'accessToken' }, [HUBSPOT])]; // prettier-ignore
		const [changed] = salesforce.store.table('Contact').all();
		salesforce.store.change('Contact', changed?.['Id'] as string, { LastName: 'Ünlü' });
		const runs = [];
		for (let time = 0; time < 2; time++)
			runs.push(await runNodes(nodes, { types: allTypes, credentials: credentials() }));
		const statuses = runs.map((result) => result.json('Upsert').map(({ outcome }) => (outcome as IDataObject).status));
		expect(runs.map(({ error }) => error)).toEqual([undefined, undefined]);
		expect(statuses[0]?.length).toBeGreaterThan(10);
		expect(statuses[0]).toContain('updated');
		expect(new Set(statuses[1])).toEqual(new Set(['unchanged']));
		expect(statuses[1]).toHaveLength(statuses[0]?.length ?? 0);
	});

	it('a published workflow with Dry Run on ends well: no trigger counts what a read on demand delivers', async () => {
		const email = 'new@x.example';
		salesforce.store.insert('Contact', { LastName: 'New', Email: email });
		const options = { dryRun: true };
		const dry = testNode('Upsert', UPSERT, { destination: 'hubSpot', authentication: 'accessToken', options }, [HUBSPOT]); // prettier-ignore
		const published = { types: allTypes, credentials: credentials(), mode: 'trigger' as const, input: [{ email }] };
		const result = await runNodes([read, map, dry], published);
		expect(result.error).toBeUndefined();
		expect(result.json('Upsert')).toMatchObject([{ outcome: { status: 'planned' } }]);
		expect(writesOf(hubspot)).toEqual({});
	});
});
