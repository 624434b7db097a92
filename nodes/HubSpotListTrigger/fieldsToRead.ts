import type { IPollFunctions } from 'n8n-workflow';
import { mappedSourceFields } from '../shared/mappingRows';

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
	readonly chosenBy: 'person' | 'mapping' | 'default';
}

/**
 * The properties to read: those picked, or those that the Map Contact Fields nodes after this trigger use. A mapping that
 * was never opened names none; then the common ones are read.
 */
export function fieldsToRead(context: IPollFunctions): FieldsToRead {
	if (context.getNodeParameter('propertySelection', 'automatic') === 'selected') {
		const picked = context.getNodeParameter('properties', []);
		return { fields: cleaned(Array.isArray(picked) ? picked : []), chosenBy: 'person' };
	}
	const mappings = context
		.getChildNodes(context.getNode().name, { includeNodeParameters: true })
		.filter((node) => MAPPING_NODE.test(node.type) && !node.disabled);
	const mapped = cleaned(mappings.flatMap((node) => [...mappedSourceFields(node.parameters)]));
	return mapped.length > 0
		? { fields: mapped, chosenBy: 'mapping' }
		: { fields: COMMON_PROPERTIES, chosenBy: 'default' };
}

const cleaned = (names: readonly unknown[]): string[] =>
	[...new Set(names.filter((name): name is string => typeof name === 'string').map((name) => name.trim()))].filter(
		(name) => /^\w+$/.test(name),
	);
