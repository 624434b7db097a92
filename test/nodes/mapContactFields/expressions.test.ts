import type { IDataObject, INode, INodeExecutionData, INodeType } from 'n8n-workflow';
import { runNodes, testNode } from '../../support/n8n/engine';
import { change, mapNode, mappingOf, runMap, startVendors, types } from './mapNode';
import type { Vendors } from './mapNode';

let vendors: Vendors;

beforeAll(async () => {
	vendors = await startVendors();
});
afterAll(async () => await vendors.close());

const contacts = (count: number): IDataObject[] =>
	Array.from({ length: count }, (_, index) =>
		change(index, { email: `p${index}@b.co`, firstname: 'Ada', lastname: 'Lovelace' }),
	);
const OPTED_OUT = change(90, { email: 'out@b.co' }, { change: 'optedOut', optedOut: true });
const LEFT = change(91, {}, { change: 'removed' });

const run = async (rows: Record<string, string>, input: readonly IDataObject[], more = {}) =>
	await runMap(vendors, { mapping: mappingOf({ EMAIL: 'email', ...rows }) }, input, more);
const attributesOf = (items: IDataObject[]): unknown[] =>
	items.map(({ contact }) => (contact as IDataObject).attributes);
const codesOf = (items: IDataObject[]): unknown[] =>
	items.map(({ warnings }) => (warnings as IDataObject[]).map(({ code }) => code));

describe('a row switched to Expression that holds the name of a field as text', () => {
	it.each<[string, Record<string, string>, string]>([
		[
			'its name',
			{ FIRSTNAME: '=firstname' },
			"Row 'FIRSTNAME' sends the text 'firstname' to every contact. To send the field, switch the row to Fixed and pick 'First Name', or write {{ $json.fields.firstname }}. To send this very text, write {{ 'firstname' }}",
		],
		['its name with blanks', { FIRSTNAME: '= firstname ' }, "Row 'FIRSTNAME' sends the text 'firstname' to every"],
		['its label', { FIRSTNAME: '=First Name' }, 'or write {{ $json.fields.firstname }}'],
		['an identifier', { EMAIL: '=email' }, "Row 'Email' sends the text 'email' to every contact."],
		[
			'an expression without its braces',
			{ CITY: '=$json.fields.city' },
			"Row 'CITY' sends the text '$json.fields.city' to every contact. To send its result, put it in double braces: {{ $json.fields.city }}",
		],
	])('%s: stops with what it sends and what to write, also for one contact', async (_name, rows, message) => {
		for (const count of [1, 3]) {
			const stopped = await run(rows, contacts(count));
			expect(stopped.error?.message).toContain(message);
			expect(stopped.error?.description).toMatch(/Correct the setting/);
			expect([...stopped.items('Map'), ...stopped.items('Map', 1)]).toEqual([]);
		}
	});

	it.each([OPTED_OUT, LEFT])('lets an opt-out and a contact that left pass, and leaves the text out', async (held) => {
		const went = await run({ FIRSTNAME: '=firstname' }, [...contacts(2), held]);
		expect(went.error).toBeUndefined();
		expect(went.json('Map')).toHaveLength(3);
		expect(attributesOf(went.json('Map'))).toEqual([{}, {}, {}]);
		expect(codesOf(went.json('Map')).slice(0, 2)).toEqual([['EXPRESSION_FAILED'], ['EXPRESSION_FAILED']]);
		expect(went.hints.join()).toContain("Row 'FIRSTNAME' sends the text 'firstname' to every contact.");
	});

	it('goes on without the text where the node is to continue', async () => {
		const went = await run({ FIRSTNAME: '=firstname' }, contacts(2), { onError: 'continueRegularOutput' });
		expect(attributesOf(went.json('Map'))).toEqual([{}, {}]);
	});

	it.each(['=Newsletter 2026', "={{ 'firstname' }}", '=firstname and more', '=$5 voucher'])(
		'a text that is meant passes: %s',
		async (text) => {
			const went = await run({ NOTES: text }, contacts(2));
			expect(went.error).toBeUndefined();
			expect(attributesOf(went.json('Map'))).toHaveLength(2);
			expect(codesOf(went.json('Map'))).toEqual([[], []]);
		},
	);
});

describe('an expression that gives nothing for any contact', () => {
	it.each<[string, Record<string, string>, RegExp]>([
		[
			'a misspelt field',
			{ FIRSTNAME: '={{ $json.fields.frstname }}' },
			/^Row 'FIRSTNAME' gives no value for any of the 3 contacts: HubSpot has no field 'frstname'. Did you mean 'firstname'\? Then write \{\{ \$json\.fields\.firstname \}\}$/,
		],
		[
			'in capitals',
			{ FIRSTNAME: "={{ $json['fields']['FirstName'] }}" },
			/no field 'FirstName'. Did you mean 'firstname'/,
		],
		['with a fallback', { FIRSTNAME: "={{ $json.fields.frstname || '' }}" }, /Did you mean 'firstname'/],
		['an identifier', { EMAIL: '={{ $json.fields.emial }}' }, /^Row 'Email' gives no value.*Did you mean 'email'/],
	])('%s: stops, and names the field that is meant', async (_name, rows, message) => {
		const stopped = await run(rows, contacts(3));
		expect(stopped.error?.message).toMatch(message);
		expect([...stopped.items('Map'), ...stopped.items('Map', 1)]).toEqual([]);
	});

	it('one contact alone proves nothing: a hint', async () => {
		const went = await run({ FIRSTNAME: '={{ $json.fields.frstname }}' }, contacts(1));
		expect(went.json('Map')).toHaveLength(1);
		expect(went.hints.join()).toMatch(/Row 'FIRSTNAME' reads 'frstname', which .*Did you mean 'firstname'/);
	});

	it.each([OPTED_OUT, LEFT])('lets an opt-out and a contact that left pass, with a hint', async (held) => {
		const went = await run({ FIRSTNAME: '={{ $json.fields.frstname }}' }, [...contacts(2), held]);
		expect(went.json('Map')).toHaveLength(3);
		expect(went.hints.join()).toMatch(/Did you mean 'firstname'/);
	});

	it('a misspelt field in the middle of a value is a hint', async () => {
		const went = await run({ COMPANY_NAME: '={{ $json.fields.frstname }} {{ $json.fields.lastname }}' }, contacts(2));
		expect(went.json('Map')).toHaveLength(2);
		expect(went.hints.join()).toMatch(/Row 'COMPANY_NAME' reads 'frstname'/);
	});

	it.each<[string, string, IDataObject[], boolean]>([
		[
			'a field that is empty',
			'={{ $json.fields.lastname }}',
			contacts(2).map((one) => ({ ...one, fields: { email: 'a@b.co', lastname: '' } })),
			false,
		],
		[
			'a field that another node adds for some',
			'={{ $json.fields.frstname }}',
			[...contacts(1), change(7, { email: 'a@b.co', frstname: 'Bob' })],
			false,
		],
		['nothing on purpose', '={{ undefined }}', contacts(2), true],
		['a field of no known name', '={{ $json.fields.zodiac_sign }}', contacts(2), true],
	])('%s never stops', async (_name, expression, input, told) => {
		const went = await run({ NOTES: expression }, input);
		expect(went.error).toBeUndefined();
		expect(went.json('Map')).toHaveLength(2);
		expect(went.hints.join().includes("Row 'NOTES'")).toBe(told);
	});
});

describe('a node before this one that reads a field which does not exist', () => {
	const OTHER = 'n8n-nodes-base.filter';
	const description = {
		displayName: 'Filter',
		name: 'filter',
		group: ['transform'],
		description: 'Passes everything on',
		version: 1,
		defaults: { name: 'Filter' },
		inputs: ['main'],
		outputs: ['main'],
		properties: [{ displayName: 'Condition', name: 'condition', type: 'string', default: '' }],
	};
	const other = {
		description,
		async execute(this: { getInputData(): INodeExecutionData[] }) {
			return [this.getInputData()];
		},
	} as unknown as INodeType;
	const hintsOf = async (condition: string, more: Partial<INode> = {}): Promise<string> => {
		const filter = { ...testNode('Only Berlin', OTHER, { condition }), ...more };
		const nodes = [filter, mapNode({ mapping: mappingOf({ EMAIL: 'email' }) })];
		const options = { types: { ...types, [OTHER]: other }, credentials: vendors.credentials, input: contacts(2) };
		const went = await runNodes(nodes, options);
		expect(went.json('Map')).toHaveLength(2);
		return went.hints.join();
	};

	it('is told by a hint, with the field that is meant', async () => {
		expect(await hintsOf('={{ $json.fields.ctiy }}')).toBe(
			"Node 'Only Berlin' reads the field 'ctiy', which HubSpot does not have and no contact carries. Did you mean 'city'? Then write {{ $json.fields.city }}",
		);
		expect(await hintsOf("={{ $json.fields['zodiac'] }}")).toMatch(/reads the field 'zodiac', which .* carries\.$/);
	});

	it.each(['={{ $json.fields.firstname }}', '={{ $json.fields.city }}', '={{ $json.change }}'])(
		'nothing is said about %s',
		async (condition) => {
			expect(await hintsOf(condition)).toBe('');
		},
	);

	it('nor about a node that is switched off', async () => {
		expect(await hintsOf('={{ $json.fields.ctiy }}', { disabled: true })).toBe('');
	});
});
