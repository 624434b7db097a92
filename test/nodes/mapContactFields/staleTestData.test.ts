import type { IDataObject, INode, INodeExecutionData, INodeType } from 'n8n-workflow';
import { HubSpotListTrigger } from '../../../nodes/HubSpotListTrigger/HubSpotListTrigger.node';
import type { RunOptions, RunResult } from '../../support/n8n/engine';
import { runWorkflow, testNode } from '../../support/n8n/engine';
import { change, mapNode, mappingOf, startVendors, types } from './mapNode';
import type { Vendors } from './mapNode';

let vendors: Vendors;

beforeAll(async () => {
	vendors = await startVendors();
});
afterAll(async () => await vendors.close());

const TRIGGER = 'n8n-nodes-contact-sync.hubSpotListTrigger';

const { properties, ...description } = new HubSpotListTrigger().description;
/** Passes the items of the test on, as n8n does with contacts that were fetched before or are pinned. */
const fetched = {
	description: {
		...description,
		properties: properties.filter(({ name }) => name === 'propertySelection'),
		credentials: [],
	},
	async execute(this: { getInputData(): INodeExecutionData[] }) {
		return [this.getInputData()];
	},
} as unknown as INodeType;

async function run(
	mapping: Record<string, string>,
	input: readonly IDataObject[],
	{ mode = 'manual', trigger = {} }: { mode?: RunOptions['mode']; trigger?: INode['parameters'] } = {},
): Promise<RunResult> {
	const map = mapNode({ mapping: mappingOf(mapping) });
	const connections = { Trigger: { main: [[{ node: map.name, type: 'main' as const, index: 0 }]] } };
	return await runWorkflow(
		{ nodes: [testNode('Trigger', TRIGGER, trigger), map], connections },
		{ types: { ...types, [TRIGGER]: fetched }, credentials: vendors.credentials, input, mode },
	);
}

const messagesOf = (result: RunResult): unknown[] =>
	result.json('Map', 1).map(({ outcome }) => (outcome as IDataObject).message);

const WITHOUT_BIRTHDAY = [change(1, { email: 'a@b.co', firstname: '' })];
const BEFORE_EMAIL = [change(1, { firstname: 'Ada' }), change(2, { firstname: 'Bob' })];

describe('test contacts that are older than the mapping', () => {
	it('a mapped field that none of them carries', async () => {
		const { hints } = await run({ EMAIL: 'email', FIRSTNAME: 'firstname', BIRTHDAY: 'birthday' }, WITHOUT_BIRTHDAY);
		expect(hints).toEqual([
			"These test contacts were fetched before 'Birthday' (birthday) was mapped. Press Fetch Test Event in the trigger again; what is still missing then, a node in between drops.",
		]);
	});

	it('several fields, one of them in an expression', async () => {
		const rows = { EMAIL: 'email', BIRTHDAY: 'birthday', NOTES: '={{ $json.fields.city }}' };
		const { hints } = await run(rows, WITHOUT_BIRTHDAY);
		expect(hints[0]).toContain("before 'Birthday' (birthday) and 'City' (city) were mapped.");
	});

	it('all are excluded because the address was mapped later: says that, and not to correct the contacts', async () => {
		const result = await run({ EMAIL: 'email', FIRSTNAME: 'firstname' }, BEFORE_EMAIL);
		const stale = "These test contacts were fetched before 'Email' (email) was mapped. Press Fetch Test Event in the";
		expect(messagesOf(result)).toEqual([expect.stringContaining(stale), expect.stringContaining(stale)]);
		expect(result.json('Map', 1)).toMatchObject([{ outcome: { code: 'NO_IDENTIFIER' } }, {}]);
		expect(result.hints).toEqual([
			expect.stringContaining(stale),
			"2 of 2 contacts were excluded. 2 × NO_IDENTIFIER: they lack 'Email' (email).",
		]);
	});

	it.each<[string, Parameters<typeof run>[2]]>([
		['a published workflow', { mode: 'trigger' }],
		['a trigger whose fields were picked by hand', { trigger: { propertySelection: 'selected' } }],
	])('%s: the words of production', async (_name, options) => {
		const { hints } = await run({ EMAIL: 'email', BIRTHDAY: 'birthday' }, WITHOUT_BIRTHDAY, options);
		expect(hints).toEqual([
			"None of the contacts carries 'Birthday' (birthday). Let the trigger read these fields, or remove their rows.",
		]);
		const excluded = await run({ EMAIL: 'email' }, BEFORE_EMAIL, options);
		expect(messagesOf(excluded)[0]).toMatch(
			/^The item does not carry the fields mapped to Email; was the trigger told/,
		);
		expect(excluded.hints.join()).toMatch(/2 × NO_IDENTIFIER: Give the contact an e-mail address/);
	});

	it('contacts that carry the field and have no value are told as such', async () => {
		const result = await run({ EMAIL: 'email' }, [change(1, { email: '' })]);
		expect(messagesOf(result)[0]).toMatch(/^Email is empty\. Give the contact an e-mail address/);
	});
});
