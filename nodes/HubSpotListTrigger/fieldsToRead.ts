import type { IPollFunctions } from 'n8n-workflow';
import { mappedSourceFields, namedSourceFields } from '../shared/mappingRows';

/** Read when nothing else is known: what most destinations take. */
export const COMMON_PROPERTIES: readonly string[] = [
	'email',
	'firstname',
	'lastname',
	'phone',
	'mobilephone',
	'company',
	'jobtitle',
	'address',
	'zip',
	'city',
	'state',
	'country',
	'website',
	'lifecyclestage',
];

/** Our mapping node, whatever the name of the package it was loaded from. */
const MAPPING_NODE = /\.mapContactFields$/;

export interface FieldsToRead {
	readonly fields: readonly string[];
	/** Those of them that somebody chose by name, so that one which is gone has to be told. */
	readonly required: readonly string[];
	readonly chosenBy: 'person' | 'mapping' | 'default';
}

/**
 * The properties to read: those picked, or those that the Map Contact Fields nodes after this trigger use. A mapping that
 * was never opened names none; then the common ones are read.
 */
export function fieldsToRead(context: IPollFunctions): FieldsToRead {
	if (context.getNodeParameter('propertySelection', 'automatic') === 'selected') {
		const picked = context.getNodeParameter('properties', []);
		const fields = cleaned(Array.isArray(picked) ? picked : []);
		return { fields, required: fields, chosenBy: 'person' };
	}
	const mappings = context
		.getChildNodes(context.getNode().name, { includeNodeParameters: true })
		.filter((node) => MAPPING_NODE.test(node.type) && !node.disabled);
	const mapped = cleaned(mappings.flatMap((node) => [...mappedSourceFields(node.parameters)]));
	const required = cleaned(mappings.flatMap((node) => [...namedSourceFields(node.parameters)]));
	return mapped.length > 0
		? { fields: mapped, required, chosenBy: 'mapping' }
		: { fields: COMMON_PROPERTIES, required: [], chosenBy: 'default' };
}

const cleaned = (names: readonly unknown[]): string[] =>
	[...new Set(names.filter((name): name is string => typeof name === 'string').map((name) => name.trim()))].filter(
		(name) => /^\w+$/.test(name),
	);
