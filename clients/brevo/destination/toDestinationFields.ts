import type { DestinationField, DestinationFieldType, DestinationOption } from '../../../core/mapping/fields';
import type { BrevoAttribute } from '../api/types';

/** Help page 10582214160274 of help.brevo.com: longest text, largest number, first and last day. */
const MAX_TEXT_LENGTH = 10_000;
const NUMBERS_BELOW = 1e15;
const DAYS = { first: '1900-01-01', last: '2050-12-31' } as const;

const EMAIL: DestinationField = { name: 'EMAIL', label: 'Email', type: 'email', identifier: 'email' };
const SMS: DestinationField = { name: 'SMS', label: 'SMS', type: 'phone', identifier: 'phone' };

/** Both hold phone numbers although their type is text; two contacts cannot share one. */
const PHONES: ReadonlySet<string> = new Set(['WHATSAPP', 'LANDLINE_NUMBER']);

/** EXT_ID carries the key of the source record, and writing DOUBLE_OPT-IN would claim a consent that was not given. */
const RESERVED: ReadonlySet<string> = new Set(['EMAIL', 'SMS', 'EXT_ID', 'DOUBLE_OPT-IN']);

const TYPES: Readonly<Record<string, DestinationFieldType>> = {
	text: 'text',
	date: 'date',
	float: 'number',
	boolean: 'boolean',
	'multiple-choice': 'multipleChoice',
};

/**
 * What contacts can be mapped to: Email and SMS first, whether the account lists them or not, then the attributes of the
 * categories normal and category in Brevo's order. Calculated and global attributes are formulas, transactional ones
 * belong to orders.
 */
export function toDestinationFields(attributes: readonly BrevoAttribute[]): readonly DestinationField[] {
	const fields = attributes
		.filter(({ name }) => !RESERVED.has(name.toUpperCase()))
		.flatMap((attribute): DestinationField[] => {
			const field = toDestinationField(attribute);
			return field ? [field] : [];
		});
	return [EMAIL, SMS, ...fields];
}

function toDestinationField(attribute: BrevoAttribute): DestinationField | undefined {
	const named = { name: attribute.name, label: attribute.name };
	if (attribute.category === 'category') {
		return { ...named, type: 'category', options: (attribute.enumeration ?? []).map(toOption) };
	}
	if (attribute.category !== 'normal') return undefined;
	if (PHONES.has(attribute.name)) return { ...named, type: 'phone', unique: true };
	const type = TYPES[attribute.type ?? 'text'];
	switch (type) {
		case undefined:
			return undefined;
		case 'text':
			return { ...named, type, maxLength: MAX_TEXT_LENGTH };
		case 'number':
			return { ...named, type, below: NUMBERS_BELOW };
		case 'date':
			return { ...named, type, days: DAYS };
		case 'multipleChoice':
			return {
				...named,
				type,
				options: (attribute.multiCategoryOptions ?? []).map((option) => ({ label: option, value: option })),
			};
		default:
			return { ...named, type };
	}
}

/** `value` reads 0 for every option whose stored value is a word; `valueStr` tells the word. */
function toOption({ label, value, valueStr }: NonNullable<BrevoAttribute['enumeration']>[number]): DestinationOption {
	const stored = valueStr ?? String(value ?? label);
	return { label, value: /^(?:0|[1-9]\d{0,14})$/.test(stored) ? Number(stored) : stored };
}
