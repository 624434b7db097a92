import type { DestinationField, DestinationFieldType } from '../../../core/mapping/fields';
import { OPT_OUT_FIELD } from '../api/fields/recordFields';
import type { SalesforceField, SalesforceObject } from '../api/types';
import { isKeyField } from '../api/fields/recordFields';

export const EMAIL = 'Email';

/** Types that a mapping can fill. Ids, references, files and compound values are none of them. */
const TYPES: Readonly<Record<string, DestinationFieldType>> = {
	string: 'text',
	textarea: 'text',
	url: 'text',
	email: 'email',
	phone: 'phone',
	boolean: 'boolean',
	int: 'number',
	long: 'number',
	double: 'number',
	currency: 'number',
	percent: 'number',
	date: 'date',
	datetime: 'datetime',
	picklist: 'category',
	combobox: 'category',
	multipicklist: 'multipleChoice',
};

/** Opt-outs are carried apart; the others are Salesforce's own. */
const RESERVED: ReadonlySet<string> = new Set([
	OPT_OUT_FIELD,
	'Name',
	'RecordTypeId',
	'IsConverted',
	'Jigsaw',
	'CleanStatus',
	'IsUnreadByOwner',
	'EmailBouncedDate',
	'EmailBouncedReason',
]);

/** Parts of an address that only a map can use. */
const MAP_PART = /(?:Latitude|Longitude|GeocodeAccuracy)$/;

/** Salesforce's documentation of date fields names these. */
const DAYS = { first: '1700-01-01', last: '4000-12-31' } as const;

/**
 * What records can be mapped to: Email first, then the other fields that the user may fill, in Salesforce's order. A field is there
 * only if field-level security shows it (S19, S21). Required: what no record may be without (S25, SB-21).
 */
export function toDestinationFields(object: SalesforceObject): readonly DestinationField[] {
	const fields = object.fields.flatMap((field): DestinationField[] => {
		const type = TYPES[field.type];
		return type !== undefined && isOffered(field) ? [toDestinationField(field, type)] : [];
	});
	return fields.sort((a, b) => Number(b.name === EMAIL) - Number(a.name === EMAIL));
}

/** Fields that no record may be without, and that Salesforce does not fill itself. */
export const requiredFields = (object: SalesforceObject): readonly SalesforceField[] =>
	object.fields.filter((field) => field.name !== EMAIL && isOffered(field) && isRequired(field));

export function isOffered(field: SalesforceField): boolean {
	const { name, type, custom, createable, calculated, deprecatedAndHidden } = field;
	if (!createable || calculated || deprecatedAndHidden || RESERVED.has(name) || TYPES[type] === undefined) return false;
	return (custom || !MAP_PART.test(name)) && !isKeyField(field);
}

const isRequired = ({ nillable, defaultedOnCreate }: SalesforceField): boolean => !nillable && !defaultedOnCreate;

function toDestinationField(field: SalesforceField, type: DestinationFieldType): DestinationField {
	const { name, label, length, unique } = field;
	const isEmail = name === EMAIL;
	return {
		name,
		label,
		type,
		...(isEmail ? { identifier: 'email' } : {}),
		...(isRequired(field) && !isEmail ? { required: true } : {}),
		...(unique && !isEmail ? { unique: true } : {}),
		...more(field, type),
		...(length > 0 && (type === 'text' || type === 'phone' || type === 'email') ? { maxLength: length } : {}),
	};
}

function more({ picklistValues, precision, scale, digits }: SalesforceField, type: DestinationFieldType) {
	switch (type) {
		case 'category':
		case 'multipleChoice':
			return { options: picklistValues.filter(({ active }) => active).map(({ value, label }) => ({ value, label })) };
		case 'number': {
			const whole = digits > 0 ? digits : precision - scale;
			return whole > 0 && whole <= 15 ? { below: 10 ** whole } : {};
		}
		case 'date':
			return { days: DAYS };
		default:
			return {};
	}
}
