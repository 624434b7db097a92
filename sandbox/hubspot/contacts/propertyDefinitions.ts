import type { PropertyDefinition, PropertyOption, PropertyType } from '../entities';
import { STANDARD_PROPERTIES } from './standardProperties';

const DEFINED_AT = Date.UTC(2023, 3, 3, 9, 0, 0);

/** The definitions of a seeded account, plus `extra` custom ones of every type (`custom_field_1`, …). */
export function seedDefinitions(extra = 0): Map<string, PropertyDefinition> {
	const definitions = new Map<string, PropertyDefinition>();
	for (const line of STANDARD_PROPERTIES.trim().split('\n')) {
		const definition = parse(line, definitions.size);
		definitions.set(definition.name, definition);
	}
	const kinds = [
		'string|text',
		'number|number',
		'date|date',
		'bool|booleancheckbox',
		'enumeration|select',
		'string|textarea',
	];
	for (let n = 1; n <= extra; n += 1) {
		const kind = kinds[n % kinds.length] as string;
		const options = kind.startsWith('bool')
			? 'true=Yes;false=No'
			: kind.startsWith('enum')
				? 'a=Choice A;b=Choice B'
				: '';
		const line = `custom_field_${n}|Custom field ${n}|${kind}|extra_information|f-|${options}`;
		definitions.set(`custom_field_${n}`, parse(line, definitions.size));
	}
	return definitions;
}

function parse(line: string, displayOrder: number): PropertyDefinition {
	const [name = '', label = '', type = '', fieldType = '', groupName = '', flags = '', options = ''] = line.split('|');
	const isHubSpots = !flags.includes('-');
	return {
		name,
		label,
		type: type as PropertyType,
		fieldType,
		groupName,
		description: isHubSpots ? `${label} of the contact.` : '',
		options: parseOptions(options),
		displayOrder,
		hubspotDefined: isHubSpots,
		hidden: flags.includes('h'),
		calculated: flags.includes('c'),
		...(fieldType === 'calculation_equation' && { calculationFormula: 'time_between(last_purchase_at, now)' }),
		externalOptions: flags.includes('x'),
		hasUniqueValue: flags.includes('u'),
		formField: flags.includes('f'),
		readOnlyValue: flags.includes('r') || flags.includes('c'),
		createdAt: DEFINED_AT,
	};
}

function parseOptions(text: string): PropertyOption[] {
	if (text === '') return [];
	return text.split(';').map((option, displayOrder) => {
		const [value = '', label = value] = option.split('=');
		return { label, value, displayOrder, hidden: false };
	});
}

/** A definition in the form of `GET /crm/v3/properties/contacts`. */
export function definitionToJson(definition: PropertyDefinition): Record<string, unknown> {
	const { readOnlyValue, createdAt, archivedAt, options, ...rest } = definition;
	return {
		...rest,
		createdAt: new Date(createdAt).toISOString(),
		updatedAt: new Date(createdAt).toISOString(),
		options: options.map((option) => ({ ...option })),
		archived: archivedAt !== undefined,
		...(archivedAt !== undefined && { archivedAt: new Date(archivedAt).toISOString() }),
		modificationMetadata: {
			archivable: !definition.hubspotDefined,
			readOnlyDefinition: definition.hubspotDefined,
			readOnlyOptions: definition.hubspotDefined,
			readOnlyValue,
		},
	};
}
