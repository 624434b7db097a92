import type { INodeParameters, IPollFunctions, NodeTypeAndVersion } from 'n8n-workflow';
import { pollParameters } from '../../../../nodes/shared/n8n/parameters';
import { fieldsToRead } from '../../../../nodes/shared/trigger/fieldsToRead';

const COMMON = ['email', 'firstname', 'Account.Name'];

const node = (name: string, type: string, parameters: INodeParameters, disabled = false): NodeTypeAndVersion => ({
	name,
	type,
	typeVersion: 1,
	disabled,
	parameters,
});

const MAP = node('Map', 'n8n-nodes-contact-sync.mapContactFields', {
	source: 'hubSpot',
	mapping: { value: { EMAIL: 'email', NOTES: '={{ $json["fields"]["message"] }}' } },
});
/** n8n's Filter as it stores itself. */
const filter = (leftValue: string, disabled = false): NodeTypeAndVersion =>
	node(
		'Filter',
		'n8n-nodes-base.filter',
		{
			conditions: {
				options: { version: 2 },
				conditions: [{ leftValue, rightValue: 'Berlin', operator: { type: 'string', operation: 'equals' } }],
				combinator: 'and',
			},
		},
		disabled,
	);

function read(after: readonly NodeTypeAndVersion[], parameters: Record<string, unknown> = {}): unknown {
	const context = {
		getNodeParameter: (name: string, fallback: unknown) => parameters[name] ?? fallback,
		getChildNodes: () => after,
		getNode: () => ({ name: 'Trigger' }),
		logger: { debug: () => undefined },
	} as unknown as IPollFunctions;
	const answer = fieldsToRead(context, pollParameters(context), {
		source: 'hubSpot',
		selection: 'propertySelection',
		picked: 'properties',
		pickedLabel: 'Property Names or IDs',
		common: COMMON,
		isName: (text) => /^[\w.]+$/.test(text),
	});
	return answer.kind === 'ok' ? answer.value : answer;
}

describe('the fields a trigger reads by itself', () => {
	it.each<[string, string]>([
		['a Filter', '={{ $json.fields.city }}'],
		['with brackets', "={{ $json.fields['city'].trim() }}"],
		['with brackets all through', '={{ $json["fields"]["city"] }}'],
		['where it may be missing', '={{ $json?.fields?.city }}'],
		['where it may be missing, with brackets', "={{ $json.fields?.['city'] }}"],
		['of the trigger, by its name', "={{ $('Trigger').item.json.fields.city }}"],
		['of the first item', '={{ $input.first().json.fields.city }}'],
	])('what a node after it names: %s', (_name, expression) => {
		expect(read([filter(expression), MAP])).toEqual({
			fields: ['email', 'message', 'city'],
			required: ['email'],
			requiredBy: 'Map Contact Fields',
		});
	});

	it('what code names, and each field once', () => {
		const code = node('Code', 'n8n-nodes-base.code', {
			jsCode: "return items.filter(item => item.json.fields.city && item.json.fields['vip'] === 'true');",
		});
		expect(read([code, filter('={{ $json.fields.city }}'), MAP])).toMatchObject({
			fields: ['email', 'message', 'city', 'vip'],
		});
	});

	it('besides the common ones where nothing is mapped', () => {
		expect(read([filter('={{ $json.fields.city }}')])).toEqual({
			fields: [...COMMON, 'city'],
			required: [],
			requiredBy: '',
		});
		expect(read([])).toMatchObject({ fields: COMMON });
	});

	it('a name that the source may not have is never required', () => {
		expect(read([filter('={{ $json.fields.ctiy }}'), MAP])).toMatchObject({ required: ['email'] });
	});

	it('of related records the common ones', () => {
		expect(read([filter("={{ $json.fields['Account.Name'] }}"), MAP])).toMatchObject({
			fields: ['email', 'message', 'Account.Name'],
		});
	});

	it.each<[string, string, boolean]>([
		['a path that the source might refuse', "={{ $json.fields['Account.Nmae'] }}", false],
		['a node that is switched off', '={{ $json.fields.city }}', true],
		['a text', 'fields.city', false],
		['fields of something else', '={{ $json.body.fields.city }}', false],
		['what cannot be the name of a field', "={{ $json.fields['a b'] }}", false],
		['a name that is worked out', '={{ $json.fields[$json.which] }}', false],
	])('nothing because of %s', (_name, expression, disabled) => {
		expect(read([filter(expression, disabled), MAP])).toMatchObject({ fields: ['email', 'message'] });
	});

	it('IS-05: a mapping of another system is refused, unless Read Contacts before it reads that system', () => {
		const other = node('Other', 'n8n-nodes-contact-sync.mapContactFields', {
			source: 'salesforce',
			mapping: { value: { email: 'Email' } },
		});
		const readContacts = node('Read', 'n8n-nodes-contact-sync.readContacts', { source: 'salesforce' });
		expect(read([other])).toMatchObject({ code: 'SETTING_INVALID' });
		expect(read([readContacts, other])).toEqual({ fields: COMMON, required: [], requiredBy: '' });
		expect(read([{ ...readContacts, disabled: true }, other])).toMatchObject({ code: 'SETTING_INVALID' });
		expect(read([readContacts, other, MAP])).toMatchObject({ fields: ['email', 'message'] });
	});

	it('only those picked, where fields were picked', () => {
		const picked = { propertySelection: 'selected', properties: ['email'] };
		expect(read([filter('={{ $json.fields.city }}'), MAP], picked)).toMatchObject({ fields: ['email'] });
	});
});
