import type { SalesforceSettings } from '../settings';
import { COUNTRIES } from './countries';

/** A value as the organisation holds it: datetimes in ms since 1970 UTC, dates as `YYYY-MM-DD`. */
export type Value = string | number | boolean | null;

/** A record, never changed in place: one that is kept stays as it was. */
export type Row = Readonly<Record<string, Value>>;

export type FieldType =
	| 'id'
	| 'string'
	| 'email'
	| 'phone'
	| 'url'
	| 'textarea'
	| 'picklist'
	| 'multipicklist'
	| 'boolean'
	| 'int'
	| 'double'
	| 'currency'
	| 'date'
	| 'datetime'
	| 'reference'
	| 'address';

/** What a computed field may look at besides its own record. */
export interface Surroundings {
	lookup(object: string, id: Value | undefined): Row | undefined;
	/** Time of the organisation, ms since 1970. */
	now(): number;
}

export interface Option {
	readonly value: string;
	/** Absent: the value. */
	readonly label?: string;
	readonly active: boolean;
	readonly isDefault: boolean;
	/** Places of the controlling field's options that this one is valid for. */
	readonly validFor?: readonly number[];
}

/** What an organisation may have or not: settings that bring fields with them. */
export type Feature = keyof Pick<
	SalesforceSettings,
	'stateAndCountryPicklists' | 'personAccounts' | 'recordTypes' | 'middleNames'
>;

/** A field as `describe` and the checks of reads and writes need it. */
export interface Field {
	readonly name: string;
	readonly label: string;
	readonly type: FieldType;
	/** In characters; 0 for types without a length. */
	readonly length: number;
	readonly precision: number;
	readonly scale: number;
	readonly createable: boolean;
	readonly updateable: boolean;
	readonly nillable: boolean;
	readonly defaultedOnCreate: boolean;
	/** Value of a new record where none is given. */
	readonly initial: Value;
	readonly compute?: (row: Row, around: Surroundings) => Value;
	/** Text of a formula; its result is worked out on every read and never moves a stamp. */
	readonly formula?: string;
	/** The compound field this is a part of. */
	readonly partOf?: string;
	readonly externalId: boolean;
	readonly idLookup: boolean;
	readonly unique: boolean;
	readonly filterable: boolean;
	readonly sortable: boolean;
	readonly options?: readonly Option[];
	readonly restricted: boolean;
	readonly referenceTo?: string;
	readonly relationshipName?: string;
	/** SOQL compares day and month only. */
	readonly ignoresYear: boolean;
	/** The field whose value says which options are valid. */
	readonly controller?: string;
	/** Only there while the organisation has this. */
	readonly needs?: Feature;
}

export const isCustom = (field: Pick<Field, 'name'>): boolean => field.name.endsWith('__c');

type More = Partial<Omit<Field, 'name' | 'label' | 'type'>>;

/** A field that can be written, unless `more` says otherwise. */
export function field(name: string, label: string, type: FieldType, more: More = {}): Field {
	const isLongText = type === 'textarea' && (more.length ?? 255) > 255;
	const comparable = type !== 'address' && !isLongText;
	return {
		name,
		label,
		type,
		length: 0,
		precision: 0,
		scale: 0,
		createable: true,
		updateable: true,
		nillable: true,
		defaultedOnCreate: false,
		initial: null,
		externalId: false,
		idLookup: false,
		unique: false,
		filterable: comparable,
		sortable: comparable && type !== 'multipicklist',
		restricted: false,
		ignoresYear: false,
		...more,
	};
}

export const READ_ONLY = { createable: false, updateable: false } as const;

export const readOnly = (name: string, label: string, type: FieldType, more: More = {}): Field =>
	field(name, label, type, { ...READ_ONLY, ...more });

export const text = (name: string, label: string, length: number, more: More = {}): Field =>
	field(name, label, 'string', { length, ...more });

export const phone = (name: string, label: string): Field => field(name, label, 'phone', { length: 40 });

export const checkbox = (name: string, label: string, more: More = {}): Field =>
	field(name, label, 'boolean', { nillable: false, defaultedOnCreate: true, initial: false, ...more });

export const longText = (name: string, label: string, length: number): Field =>
	field(name, label, 'textarea', { length });

export function picklist(name: string, label: string, values: readonly string[], more: More = {}): Field {
	const options = values.map((value) => ({ value, active: true, isDefault: value === more.initial }));
	return field(name, label, 'picklist', { length: 255, options, ...more });
}

export const reference = (name: string, label: string, to: string, relationshipName: string, more: More = {}): Field =>
	field(name, label, 'reference', { length: 18, referenceTo: to, relationshipName, ...more });

export const formula = (
	name: string,
	label: string,
	type: FieldType,
	expression: string,
	compute: (row: Row, around: Surroundings) => Value,
	more: More = {},
): Field => readOnly(name, label, type, { formula: expression, compute, ...more });

/** The parts of an address and the compound field that joins them. `prefix` is such as `Mailing`, or nothing. */
export function address(prefix: string, label: string): Field[] {
	const name = `${prefix}Address`;
	const part = (suffix: string, more: More & { length: number }) =>
		field(`${prefix}${suffix}`, `${label} ${suffix}`.trim(), suffix === 'Street' ? 'textarea' : 'string', {
			partOf: name,
			...more,
		});
	const code = (suffix: string, options: Option[], more: More = {}) =>
		field(`${prefix}${suffix}`, `${label} ${suffix.replace('Code', ' Code')}`.trim(), 'picklist', {
			length: 10,
			partOf: name,
			options,
			restricted: true,
			needs: 'stateAndCountryPicklists',
			...more,
		});
	return [
		part('Street', { length: 255 }),
		part('City', { length: 40 }),
		part('State', { length: 80 }),
		part('PostalCode', { length: 20 }),
		part('Country', { length: 80 }),
		code('CountryCode', countryOptions()),
		code('StateCode', stateOptions(), { controller: `${prefix}CountryCode` }),
		readOnly(name, `${label} Address`.trim(), 'address'),
	];
}

const countryOptions = (): Option[] =>
	Object.entries(COUNTRIES).map(([value, { name }]) => ({ value, label: name, active: true, isDefault: false }));

/** A code that two countries have is there twice. */
const stateOptions = (): Option[] =>
	Object.values(COUNTRIES).flatMap(({ states }, country) =>
		Object.entries(states).map(([value, label]) => ({
			value,
			label,
			active: true,
			isDefault: false,
			validFor: [country],
		})),
	);

/** Fields that every object begins and ends with. */
export function systemFields(options: { owned: boolean; deletable: boolean }): Field[] {
	const owner = reference('OwnerId', 'Owner ID', 'User', 'Owner', { nillable: false, defaultedOnCreate: true });
	return [
		readOnly('Id', 'Record ID', 'id', { length: 18, nillable: false, defaultedOnCreate: true, idLookup: true }),
		...(options.deletable ? [checkbox('IsDeleted', 'Deleted', READ_ONLY)] : []),
		...(options.owned ? [owner] : []),
		readOnly('CreatedDate', 'Created Date', 'datetime', { nillable: false, defaultedOnCreate: true }),
		reference('CreatedById', 'Created By ID', 'User', 'CreatedBy', { ...READ_ONLY, nillable: false }),
		readOnly('LastModifiedDate', 'Last Modified Date', 'datetime', { nillable: false, defaultedOnCreate: true }),
		reference('LastModifiedById', 'Last Modified By ID', 'User', 'LastModifiedBy', { ...READ_ONLY, nillable: false }),
		readOnly('SystemModstamp', 'System Modstamp', 'datetime', { nillable: false, defaultedOnCreate: true }),
	];
}
