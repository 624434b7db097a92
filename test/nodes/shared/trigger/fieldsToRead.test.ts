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

function read(
	after: readonly NodeTypeAndVersion[],
	parameters: Record<string, unknown> = {},
	mode: 'manual' | 'trigger' = 'trigger',
): unknown {
	const context = {
		getMode: () => mode,
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
			required: ['email', 'city'],
			requiredBy: "Map Contact Fields or 'Filter'",
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
			required: ['city'],
			requiredBy: "'Filter'",
		});
		expect(read([])).toMatchObject({ fields: COMMON });
	});

	it('a name in a filter is required, for a typo drops every contact in runs that succeed', () => {
		const typo = filter('={{ $json.fields.ctiy }}');
		expect(read([typo, MAP])).toMatchObject({
			required: ['email', 'ctiy'],
			requiredBy: "Map Contact Fields or 'Filter'",
		});
		expect(read([filter('={{ $json.fields.ctiy }}', true), MAP])).toMatchObject({ required: ['email'] });
	});

	it.each([
		['n8n-nodes-base.set', 'makes fields of its own'],
		['n8n-nodes-base.code', 'makes fields of its own'],
		['n8n-nodes-contact-sync.readContacts', 'reads other contacts'],
	])('but not where %s %s', (type) => {
		const between = node('Between', type, { source: 'hubSpot' });
		expect(read([between, filter('={{ $json.fields.ctiy }}'), MAP])).toMatchObject({ required: ['email'] });
	});

	it('nor is a name that another kind of node reads', () => {
		const mail = node('Send Email', 'n8n-nodes-base.emailSend', { text: '={{ $json.fields.ctiy }}' });
		expect(read([mail, MAP])).toMatchObject({ fields: ['email', 'message', 'ctiy'], required: ['email'] });
	});

	it.each<[string, INodeParameters, boolean]>([
		['was never opened', { source: 'hubSpot', mapping: { mappingMode: 'defineBelow', value: null } }, true],
		['has only empty rows', { source: 'hubSpot', mapping: { value: { EMAIL: '' } } }, true],
		[
			'has a half row below the table, of which the node itself speaks',
			{ source: 'hubSpot', moreMappings: { row: [{ destinationField: 'CITY' }] } },
			false,
		],
	])('HB-10: a mapping that %s refuses the publishing, and lets a test event through', (_how, parameters, refused) => {
		const unopened = node('Map', 'n8n-nodes-contact-sync.mapContactFields', parameters);
		const told = {
			code: 'NOTHING_MAPPED',
			reason: expect.stringMatching(/'Map' maps nothing yet: .* when it is opened/) as string,
		};
		expect(read([unopened])).toMatchObject(refused ? told : { fields: COMMON });
		expect(read([unopened], {}, 'manual')).toMatchObject({ fields: COMMON });
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
