import { NEVER_STAMPED } from '../api/fields/recordFields';
import { relatedFields } from '../api/fields/relatedFields';
import type { SalesforceField, SalesforceObject } from '../api/types';

/** Field types that are compared alike. */
export type ConditionType =
	'text' | 'picklist' | 'multipicklist' | 'boolean' | 'number' | 'date' | 'datetime' | 'reference';

/** A field that conditions can compare. */
export interface ConditionField {
	/** A name, or a path such as `Account.Name`. */
	readonly name: string;
	readonly label: string;
	readonly type: ConditionType;
	readonly field: SalesforceField;
	/** Its value can change without the record being changed. */
	readonly drifts: boolean;
}

const TYPES: Readonly<Record<string, ConditionType>> = {
	string: 'text',
	email: 'text',
	phone: 'text',
	url: 'text',
	textarea: 'text',
	combobox: 'text',
	picklist: 'picklist',
	multipicklist: 'multipicklist',
	boolean: 'boolean',
	int: 'number',
	long: 'number',
	double: 'number',
	currency: 'number',
	percent: 'number',
	date: 'date',
	datetime: 'datetime',
	id: 'reference',
	reference: 'reference',
};

/** The fields that conditions can compare, in Salesforce's order. */
export function conditionFields(object: SalesforceObject): readonly ConditionField[] {
	const own = object.fields.flatMap((field): ConditionField[] => {
		const type = TYPES[field.type];
		if (type === undefined || !field.filterable || field.deprecatedAndHidden) return [];
		return [
			{ name: field.name, label: field.label, type, field, drifts: field.calculated || NEVER_STAMPED.has(field.name) },
		];
	});
	const related = relatedFields(object).map(({ path, label, through }): ConditionField => ({
		name: path,
		label,
		type: 'text',
		field: through,
		drifts: true,
	}));
	return [...own, ...related];
}
