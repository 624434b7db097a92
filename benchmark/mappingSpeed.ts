import type { INode, INodeExecutionData, INodeType } from 'n8n-workflow';
import { createRunExecutionData, Workflow } from 'n8n-workflow';
import type { ContactChange } from '../core/contact/contact';
import { applyMapping } from '../core/mapping/applyMapping';
import { validateMapping } from '../core/mapping/validateMapping';
import { valueOf } from './contestants/accounts';

export interface MappingSpeed {
	readonly contacts: number;
	readonly rows: number;
	/** Contacts a second. */
	readonly ours: number;
	/** The same rows as expressions, each worked out for each contact by the engine of n8n-workflow; n8n's server is slower. */
	readonly expressions: number;
}

const CONTACTS = 10_000;
const ROWS = 20;
/** Expressions are slow; this many are enough for a rate. */
const EXPRESSION_CONTACTS = 500;

/** How fast 20 rows are applied: as field names, which are read once, and as expressions, worked out per contact. */
export function measureMapping(): MappingSpeed {
	const contacts = Array.from({ length: CONTACTS }, (_, index) => contact(index));
	const names = ['email', ...Array.from({ length: ROWS - 1 }, (_, index) => `field_${index}`)];
	const plan = valueOf(
		validateMapping(
			names.map((name) => ({ destination: name.toUpperCase(), from: { kind: 'field', name } })),
			{
				sourceFields: names.map((name) => ({ name, label: name, type: 'text', readOnly: false, hidden: false })),
				destinationFields: names.map((name) =>
					name === 'email'
						? { name: 'EMAIL', label: 'Email', type: 'email', identifier: 'email' }
						: { name: name.toUpperCase(), label: name, type: 'text' },
				),
				sourceSystem: 'HubSpot',
				destinationSystem: 'Brevo',
				fieldNoun: 'attribute',
			},
			{ emptyValues: 'leave', unusablePhone: 'excludeContact', choicesAs: 'label' },
		),
	);
	const ours = rate(contacts, (change) => {
		const outcome = applyMapping(plan, change);
		if (outcome.kind !== 'mapped' || Object.keys(outcome.contact.contact.attributes).length !== ROWS - 1)
			throw new Error('A contact was not mapped');
	});
	const evaluate = expressionsOf(names, contacts.slice(0, EXPRESSION_CONTACTS));
	const expressions = rate(contacts.slice(0, EXPRESSION_CONTACTS), ({ fields }, index) => {
		const values = evaluate(index);
		if (values.some((value, row) => value !== fields[names[row] ?? ''])) throw new Error('A value is wrong');
	});
	return { contacts: CONTACTS, rows: ROWS, ours, expressions };
}

/** What a node does that reads a mapping of expressions with `getNodeParameter` for each item. */
function expressionsOf(names: readonly string[], contacts: readonly ContactChange[]): (index: number) => unknown[] {
	const node: INode = { id: '1', name: 'Map', type: 'map', typeVersion: 1, position: [0, 0], parameters: {} };
	const nodeType: INodeType = {
		description: {
			displayName: 'Map',
			name: 'map',
			group: ['transform'],
			version: 1,
			description: '',
			defaults: {},
			inputs: [],
			outputs: [],
			properties: [],
		},
	};
	const workflow = new Workflow({
		nodes: [node],
		connections: {},
		active: false,
		nodeTypes: { getByName: () => nodeType, getByNameAndVersion: () => nodeType, getKnownTypes: () => ({}) },
	});
	const run = createRunExecutionData();
	const input: INodeExecutionData[] = contacts.map((change) => ({ json: { fields: { ...change.fields } } }));
	return (index) =>
		names.map((name) =>
			workflow.expression.resolveSimpleParameterValue(
				`={{ $json.fields['${name}'] }}`,
				{},
				run,
				0,
				index,
				node.name,
				input,
				'manual',
				{},
			),
		);
}

function contact(index: number): ContactChange {
	const fields = Object.fromEntries(
		Array.from({ length: ROWS - 1 }, (_, field) => [`field_${field}`, `Value ${field} of ${index}`]),
	);
	const id = String(index);
	return {
		key: `hubspot:1:contact:${id}`,
		change: 'added',
		source: { system: 'hubspot', account: '1', object: 'contact', id },
		changedAt: '2026-11-20T10:00:00.000Z',
		fields: { ...fields, email: `person${id}@crowd.example` },
		optedOut: false,
	};
}

/** Calls a second, after a short warm-up. */
function rate<T>(items: readonly T[], work: (item: T, index: number) => void): number {
	items.slice(0, 200).forEach(work);
	const startedAt = performance.now();
	items.forEach(work);
	return items.length / ((performance.now() - startedAt) / 1_000);
}
