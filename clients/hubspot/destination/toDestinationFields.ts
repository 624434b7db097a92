import type { DestinationField, DestinationFieldType } from '../../../core/mapping/fields';
import type { HubSpotProperty } from '../api/types';
import { EMAIL_PROPERTY } from '../api/propertyNames';
import { isHidden, isReadOnly } from '../api/propertyKinds';

/** https://knowledge.hubspot.com/properties/property-field-types-in-hubspot: longest text of a text property. */
const MAX_TEXT_LENGTH = 65_536;

/** Opt-outs go through communication preferences (H24), marketing status only through imports (H20), the rest belongs to HubSpot. */
const RESERVED: ReadonlySet<string> = new Set([
	EMAIL_PROPERTY,
	'hs_email_optout',
	'hs_marketable_status',
	'hs_additional_emails',
	'hs_object_id',
	'hubspot_owner_id',
]);

/** Whether the value of a property can be written: not read-only, worked out, hidden or a file (HB-26). */
export const writableProperties = (properties: readonly HubSpotProperty[]): readonly HubSpotProperty[] =>
	properties.filter((property) => !isReadOnly(property) && !isHidden(property) && !RESERVED.has(property.name));

/**
 * What contacts can be mapped to: the address first, then every property of the account that can be written, in HubSpot's order
 * (H10). `keyProperty` carries our key and is not offered.
 */
export function toDestinationFields(
	properties: readonly HubSpotProperty[],
	keyProperty: string | undefined,
): readonly DestinationField[] {
	const email: DestinationField = { name: EMAIL_PROPERTY, label: 'Email', type: 'email', identifier: 'email' };
	const fields = writableProperties(properties)
		.filter(({ name }) => name !== keyProperty)
		.map(toDestinationField);
	return [email, ...fields];
}

function toDestinationField(property: HubSpotProperty): DestinationField {
	const { name, label, unique } = property;
	const type = destinationType(property);
	const options = property.options
		.filter(({ hidden }) => !hidden)
		.map((option) => ({ label: option.label, value: option.value }));
	return {
		name,
		label,
		type,
		...(unique ? { unique } : {}),
		...(type === 'category' || type === 'multipleChoice' ? { options } : {}),
		...(type === 'text' ? { maxLength: MAX_TEXT_LENGTH } : {}),
	};
}

const TYPES: Readonly<Record<string, DestinationFieldType>> = {
	string: 'text',
	number: 'number',
	date: 'date',
	datetime: 'datetime',
	bool: 'boolean',
	phone_number: 'phone',
};

/** `checkbox` is a multiple choice, `booleancheckbox` a yes/no field even where its type is an enumeration. */
export function destinationType({ type, fieldType }: HubSpotProperty): DestinationFieldType {
	if (type === 'enumeration')
		return fieldType === 'checkbox' ? 'multipleChoice' : fieldType === 'booleancheckbox' ? 'boolean' : 'category';
	if (type === 'string' && fieldType === 'phonenumber') return 'phone';
	return TYPES[type] ?? 'text';
}
