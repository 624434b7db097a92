import type { SourceField, SourceFieldType } from '../../../core/mapping/fields';
import type { Result } from '../../../core/result';
import { EMAIL, EXTERNAL_ID, PHONE } from '../api/contactValues';
import { OWN_ATTRIBUTE_PREFIX } from '../api/noteAttributes';
import type { BrevoAttribute } from '../api/types';

const TYPES: Readonly<Record<string, SourceFieldType>> = {
	text: 'text',
	date: 'date',
	float: 'number',
	id: 'number',
	boolean: 'boolean',
	'multiple-choice': 'multipleChoice',
	user: 'text',
};

/** They hold phone numbers although their type is text. */
const PHONES: ReadonlySet<string> = new Set([PHONE, 'WHATSAPP', 'LANDLINE_NUMBER']);

const IDENTIFIERS: readonly SourceField[] = [
	{ name: EMAIL, label: 'Email', type: 'email', readOnly: false, hidden: false },
	{ name: PHONE, label: 'SMS', type: 'phone', readOnly: false, hidden: false },
];

/**
 * What can be mapped from Brevo: Email and SMS first, whether the account lists them or not, then its attributes in Brevo's order.
 * Not offered: formulas (as HB-26), what belongs to orders, the external id, and notes of this package.
 */
export function toSourceFields(attributes: readonly BrevoAttribute[]): readonly SourceField[] {
	const others = attributes.filter(({ name }) => name !== EMAIL && name !== PHONE);
	return [...IDENTIFIERS, ...others.map(toSourceField)];
}

function toSourceField(attribute: BrevoAttribute): SourceField {
	const { name, category } = attribute;
	const options = optionsOf(attribute);
	return {
		name,
		label: name,
		type: typeOf(attribute),
		...(options.length > 0 ? { options } : {}),
		readOnly: category === 'calculated' || category === 'global',
		hidden: category === 'transactional' || name === EXTERNAL_ID || name.startsWith(OWN_ATTRIBUTE_PREFIX),
	};
}

function typeOf({ name, category, type }: BrevoAttribute): SourceFieldType {
	if (category === 'category') return 'category';
	if (PHONES.has(name)) return 'phone';
	return TYPES[type ?? 'text'] ?? 'text';
}

/** `value` reads 0 for every option whose stored value is a word; `valueStr` tells the word. */
const optionsOf = ({
	enumeration = [],
	multiCategoryOptions = [],
}: BrevoAttribute): SourceField['options'] & object => [
	...enumeration.map(({ label, value, valueStr }) => ({ label, value: valueStr ?? String(value ?? label) })),
	...multiCategoryOptions.map((option) => ({ label: option, value: option })),
];

/** The definitions as read, unless an attribute that must exist does not: then all such are named. */
export function withRequired(
	definitions: Result<readonly BrevoAttribute[]>,
	required: readonly string[],
	usedBy: string,
): Result<readonly BrevoAttribute[]> {
	if (definitions.kind !== 'ok') return definitions;
	const known = new Set([EMAIL, PHONE, ...definitions.value.map(({ name }) => name)]);
	const missing = required.filter((name) => !known.has(name));
	if (missing.length === 0) return definitions;
	const names = missing.map((name) => `'${name}'`).join(', ');
	const noun = missing.length === 1 ? 'attribute' : 'attributes';
	return {
		kind: 'stop',
		code: 'SOURCE_FIELD_MISSING',
		reason: `Brevo has no contact ${noun} ${names} any more, which ${usedBy} uses`,
	};
}
