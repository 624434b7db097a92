import type { SourceField, SourceFieldType } from '../../../core/mapping/fields';
import { isHidden, isReadOnly } from '../api/propertyKinds';
import type { HubSpotProperty } from '../api/types';

/**
 * The contact properties as the mapping sees them, in HubSpot's order. All of them, so that a row which names one that is
 * not offered differs from a row which names one that is gone; what is not offered is marked `readOnly` or `hidden`.
 */
export function toSourceFields(properties: readonly HubSpotProperty[]): readonly SourceField[] {
	return properties.map((property) => ({
		name: property.name,
		label: property.label,
		type: typeOf(property),
		...(property.options.length > 0 ? { options: property.options.map(({ value, label }) => ({ value, label })) } : {}),
		readOnly: isReadOnly(property),
		hidden: isHidden(property),
		...(property.groupName === undefined ? {} : { group: property.groupName }),
	}));
}

const TYPES: Readonly<Record<string, SourceFieldType>> = {
	string: 'text',
	number: 'number',
	date: 'date',
	datetime: 'datetime',
	bool: 'boolean',
	phone_number: 'phone',
};

/** `checkbox` is a multiple choice, `booleancheckbox` a yes/no field even where its type is an enumeration. */
function typeOf({ name, type, fieldType }: HubSpotProperty): SourceFieldType {
	if (type === 'enumeration')
		return fieldType === 'checkbox' ? 'multipleChoice' : fieldType === 'booleancheckbox' ? 'boolean' : 'category';
	if (type === 'string' && fieldType === 'phonenumber') return 'phone';
	if (type === 'string' && (name === 'email' || name === 'work_email')) return 'email';
	return TYPES[type] ?? 'text';
}
