import type { SourceField, SourceFieldType } from '../../../core/mapping/fields';
import { NEVER_STAMPED } from '../api/fields/recordFields';
import { relatedFields } from '../api/fields/relatedFields';
import type { SalesforceField, SalesforceObject } from '../api/types';

/**
 * The fields of an object as the mapping sees them, in Salesforce's order, then those of related records. All of them, so
 * that a row which names one that is not offered differs from a row which names one that is gone; what is not offered is
 * marked `readOnly` (SB-20) or `hidden`.
 */
export function toSourceFields(object: SalesforceObject): readonly SourceField[] {
	const labels = new Map(object.fields.map(({ name, label }) => [name, label]));
	const own = object.fields.map((field): SourceField => {
		const options = field.picklistValues.filter(({ active }) => active);
		return {
			name: field.name,
			label: field.label,
			type: TYPES[field.type] ?? 'text',
			...(options.length > 0 ? { options: options.map(({ value, label }) => ({ value, label })) } : {}),
			readOnly: field.calculated || NEVER_STAMPED.has(field.name),
			hidden: isHidden(field),
			group: groupOf(field, object, labels),
		};
	});
	const related = relatedFields(object).map(({ path, label, type }): SourceField => ({
		name: path,
		label,
		// Options of another object are not known here.
		type: type === 'picklist' ? 'text' : (TYPES[type] ?? 'text'),
		readOnly: false,
		hidden: false,
		group: 'Related records',
	}));
	return [...own, ...related];
}

const TYPES: Readonly<Record<string, SourceFieldType>> = {
	boolean: 'boolean',
	int: 'number',
	long: 'number',
	double: 'number',
	currency: 'number',
	percent: 'number',
	date: 'date',
	datetime: 'datetime',
	phone: 'phone',
	email: 'email',
	picklist: 'category',
	combobox: 'category',
	multipicklist: 'multipleChoice',
};

/** Ids, files, places on a map and values that are of use to programs alone. */
const HIDDEN_TYPES: ReadonlySet<string> = new Set([
	'id',
	'reference',
	'base64',
	'location',
	'anyType',
	'complexvalue',
	'json',
	'encryptedstring',
]);

/** Salesforce's own stamps and leftovers. `CreatedDate` is offered: the age of a contact is worth a mapping. */
const HIDDEN_NAMES: ReadonlySet<string> = new Set([
	'IsDeleted',
	'SystemModstamp',
	'LastModifiedDate',
	'PhotoUrl',
	'Jigsaw',
	'JigsawContactId',
	'CleanStatus',
	'IsUnreadByOwner',
	'IsPriorityRecord',
]);

/** Parts of an address that only a map can use. */
const MAP_PART = /(?:Latitude|Longitude|GeocodeAccuracy)$/;

const isHidden = ({ name, type, custom, deprecatedAndHidden }: SalesforceField): boolean =>
	deprecatedAndHidden || HIDDEN_TYPES.has(type) || (!custom && (HIDDEN_NAMES.has(name) || MAP_PART.test(name)));

/** The parts of an address beside the address itself; custom fields of their own. */
function groupOf(field: SalesforceField, { label }: SalesforceObject, labels: ReadonlyMap<string, string>): string {
	if (field.custom) return 'Custom fields';
	const compound = field.type === 'address' ? field.name : field.compoundFieldName;
	return compound !== undefined && compound !== 'Name' ? (labels.get(compound) ?? compound) : `${label} fields`;
}
