import { setTimeout as pause } from 'node:timers/promises';
import type { IDataObject, INode, INodePropertyOptions } from 'n8n-workflow';
import { BrevoContactTrigger } from '../../../nodes/BrevoContactTrigger/BrevoContactTrigger.node';
import { MapContactFields } from '../../../nodes/MapContactFields/MapContactFields.node';
import { writtenBySyncs } from '../../../nodes/shared/trigger/writtenBySyncs';
import type { RunningBrevo } from '../../../sandbox/brevo';
import { startBrevo } from '../../../sandbox/brevo';
import type { PollOptions, PollOutcome } from '../../support/n8n/engine';
import { callMethod, runPoll, testNode } from '../../support/n8n/engine';
import { SlowTime } from '../../support/n8n/slowTime';

const TYPE = 'n8n-nodes-contact-sync.brevoContactTrigger';
const MAP_TYPE = 'n8n-nodes-contact-sync.mapContactFields';
const TYPES = { [TYPE]: new BrevoContactTrigger(), [MAP_TYPE]: new MapContactFields() };

const trigger = (parameters: INode['parameters'] = {}): INode =>
	testNode('Brevo Contact Trigger', TYPE, { consentConfirmed: true, ...parameters }, ['contactSyncBrevoApi']);

/** Every test plays a process of its own. */
let processes = 0;

describe('Brevo Contact Trigger', () => {
	let brevo: RunningBrevo;
	let staticData: IDataObject;
	let workflowId: string;
	// Never goes back, or waits under way would last on.
	const time = new SlowTime();

	beforeAll(() => {
		time.start();
	});
	beforeEach(async () => {
		brevo = await startBrevo({ people: [], strangers: 12 });
		staticData = {};
		workflowId = `brevo-workflow-${++processes}`;
	});
	afterEach(async () => await brevo.close());
	afterAll(async () => {
		// What a poll still waits by comes to its end.
		time.advance(60 * 60_000);
		await pause(600);
	});

	const credentials = (apiKey = brevo.apiKey) => ({ contactSyncBrevoApi: { apiKey, baseUrl: brevo.url } });
	const poll = async (node: INode, options: Partial<PollOptions> = {}): Promise<PollOutcome> => {
		time.advance(60_000);
		brevo.clock.set(Date.now());
		return await runPoll(node, { types: TYPES, credentials: credentials(), staticData, workflowId, ...options });
	};
	const told = ({ emitted }: PollOutcome) =>
		emitted.flat().map(({ json }) => `${(json.source as { id: string }).id} ${json.change as string}`);

	it('hands on every contact in batches, then opt-outs, and keeps no address in static data', async () => {
		const first = await poll(trigger({ options: { batchSize: 5 } }));
		expect(first.emitted.map((items) => items.length)).toEqual([5, 5, 2]);
		// Only the last batch closes the first sync.
		expect(first.emitted.map(([item]) => (item?.json.delivery as IDataObject).endsFirstSync)).toEqual([
			undefined,
			undefined,
			true,
		]);
		expect(first.emitted[0]?.[0]?.json).toMatchObject({
			key: 'brevo:65f0c0ffee0123456789abcd:contact:1',
			fields: { EMAIL: 'guest1@elsewhere.example', FIRSTNAME: 'Guest' },
			delivery: { phase: 'firstSync', sequence: 1 },
		});
		expect(JSON.stringify(staticData)).not.toMatch(/@|Guest/);
		const [one] = brevo.store.contacts.values();
		if (one) brevo.store.changeContact(one, { emailBlocked: true }, 'control');
		expect(told(await poll(trigger({ options: { batchSize: 5 } })))).toEqual(['1 optedOut']);
		expect(told(await poll(trigger({ options: { batchSize: 5 } })))).toEqual([]);
	});

	it('goes on with its memory under another name, and begins anew in a copy of the workflow (number 4)', async () => {
		const before = trigger();
		await poll(before);
		const [optsOut, gone] = [...brevo.store.contacts.values()];
		if (optsOut) brevo.store.changeContact(optsOut, { emailBlocked: true }, 'control');
		if (gone) brevo.store.deleteContact(gone, 'control');
		expect(told(await poll({ ...before, name: 'Contacts in Brevo' }))).toEqual(['1 optedOut', '2 deleted']);
		workflowId = `${workflowId}-copy`;
		expect(told(await poll(before))).toHaveLength(11);
	});

	it('hands on a contact that is as before because a person took back what a sync of this n8n wrote into it', async () => {
		await poll(trigger());
		const [one, two] = [...brevo.store.contacts.values()];
		if (!one || !two) throw new Error('Brevo has no contacts');
		for (const { id } of [one, two]) writtenBySyncs.stored(String(id), 'hubspot-1', [['FIRSTNAME', 'Edited']], true);
		brevo.store.changeContact(one, { attributes: { FIRSTNAME: 'Edited' } }, 'put');
		brevo.store.changeContact(one, { attributes: { FIRSTNAME: 'Guest' } }, 'control');
		time.advance(60_000);
		const taken = await poll(trigger());
		expect(told(taken)).toEqual([`${one.id} updated`]);
		expect(taken.emitted[0]?.[0]?.json.changedFields).toEqual(['modifiedAt']);
		expect(told(await poll(trigger()))).toEqual([]);
	});

	it('HB-07, SB-07: is refused without the consent, and reads nothing', async () => {
		await expect(poll(trigger({ consentConfirmed: false }))).rejects.toThrow(/Confirm Consent/);
		expect(brevo.requests.total).toBe(0);
	});

	it.each([
		['no list is picked', { scope: 'lists', lists: [] }, /No list is picked/],
		['a list that is none', { scope: 'lists', lists: ['Newsletter'] }, /whole numbers/],
		['an object among the lists', { scope: 'lists', lists: '={{ [{ id: 1 }, 2] }}' }, /'\{"id":1\}' is none/],
		['yes among the lists', { scope: 'lists', lists: '={{ [true, 2] }}' }, /'true' is none/],
		['a number with decimals', { scope: 'lists', lists: '={{ [1.5] }}' }, /'1\.5' is none/],
		['an expression that gives nothing', { scope: 'lists', lists: '={{ [null, " , "] }}' }, /No list is picked/],
		['one list in three forms', { scope: 'lists', lists: '={{ ["99", 99, " 99 "] }}' }, /no Brevo list with ID 99/],
		['a list that does not exist', { scope: 'lists', lists: ['99'] }, /no Brevo list with ID 99/],
	])('names what to change: %s', async (_name, parameters, message) => {
		await expect(poll(trigger(parameters))).rejects.toThrow(message);
	});

	it('passes on opt-outs alone where that is set', async () => {
		const { emitted } = await poll(trigger({ changes: 'optOuts' }));
		expect(emitted.flat().map(({ json }) => [json.change, json.optedOut])).toEqual([['optedOut', true]]);
	});

	it('reads the attributes that the mapping after it uses', async () => {
		const mapping = { mappingMode: 'defineBelow', value: { email: 'EMAIL', jobtitle: 'JOB_TITLE' } };
		const map = testNode('Map', MAP_TYPE, { source: 'brevo', destination: 'hubSpot', mapping });
		const { emitted } = await poll(trigger(), { downstream: [map] });
		expect(Object.keys((emitted[0]?.[0]?.json.fields ?? {}) as object).sort()).toEqual(['EMAIL', 'JOB_TITLE']);
	});

	it('offers lists and attributes', async () => {
		const call = async (name: string) =>
			(await callMethod(trigger(), 'loadOptions', name, {
				types: TYPES,
				credentials: credentials(),
			})) as INodePropertyOptions[];
		expect((await call('getBrevoLists')).map(({ name }) => name)).toEqual(['Customers (0)', 'Newsletter (12)']);
		const attributes = (await call('getBrevoAttributes')).map(({ value }) => value);
		expect(attributes).toEqual(expect.arrayContaining(['EMAIL', 'SMS', 'FIRSTNAME', 'BIRTHDAY']));
		expect(attributes).not.toContain('EXT_ID');
	});
});
