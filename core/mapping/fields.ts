/** The fields of a source and the attributes of a destination, as the mapping sees them. */

export type SourceFieldType =
	'text' | 'number' | 'date' | 'datetime' | 'boolean' | 'category' | 'multipleChoice' | 'phone' | 'email';

export interface SourceOption {
	readonly value: string;
	readonly label: string;
}

export interface SourceField {
	readonly name: string;
	readonly label: string;
	readonly type: SourceFieldType;
	/** Of a category, a multiple choice or a yes/no field. */
	readonly options?: readonly SourceOption[];
	/** HB-26: the source computes the value itself. Such fields are not offered. */
	readonly readOnly: boolean;
	/** Hidden in the source's own pages, or a counter of its analytics. Not offered either. */
	readonly hidden: boolean;
	/** The source's own group of fields. */
	readonly group?: string;
}

export type DestinationFieldType =
	'text' | 'number' | 'date' | 'datetime' | 'boolean' | 'category' | 'multipleChoice' | 'phone' | 'email';

export interface DestinationOption {
	readonly label: string;
	/** What is written for this option. */
	readonly value: string | number;
}

export interface DestinationField {
	readonly name: string;
	readonly label: string;
	readonly type: DestinationFieldType;
	/** A field that identifies the contact; HB-11 asks for at least one of them. */
	readonly identifier?: 'email' | 'phone';
	/** A new contact needs it, and it is never emptied (S25, SB-21). */
	readonly required?: boolean;
	/** Two contacts cannot share a value, beside the identifiers: never suggested, because shared numbers are common. */
	readonly unique?: boolean;
	readonly options?: readonly DestinationOption[];
	/** Longest text in characters. */
	readonly maxLength?: number;
	/** First and last day that can be stored, YYYY-MM-DD. */
	readonly days?: { readonly first: string; readonly last: string };
	/** Numbers must be smaller than this, without their sign. */
	readonly below?: number;
}

/** HB-26 and SB-20: what a person may choose from. */
export const offeredFields = (fields: readonly SourceField[]): readonly SourceField[] =>
	fields.filter((field) => !field.readOnly && !field.hidden);

/** What people call a type. */
export const TYPE_NAMES: Readonly<Record<SourceFieldType | DestinationFieldType, string>> = {
	text: 'text',
	email: 'e-mail',
	phone: 'phone',
	number: 'number',
	date: 'date',
	datetime: 'date and time',
	boolean: 'yes/no',
	category: 'category',
	multipleChoice: 'multiple choice',
};

/** Source types whose values a destination type can take, the best first. */
const TAKES: Readonly<Record<DestinationFieldType, readonly SourceFieldType[]>> = {
	email: ['email', 'text'],
	phone: ['phone', 'text', 'number'],
	text: ['text', 'email', 'phone', 'category', 'multipleChoice', 'number', 'date', 'datetime', 'boolean'],
	number: ['number', 'text', 'category'],
	date: ['date', 'datetime', 'text'],
	datetime: ['datetime', 'date', 'text'],
	boolean: ['boolean', 'category', 'text', 'number'],
	category: ['category', 'boolean', 'text', 'multipleChoice', 'number'],
	multipleChoice: ['multipleChoice', 'category', 'text'],
};

/** 0 is the best fit; undefined means that the values cannot be converted. */
export function typeDistance(source: SourceFieldType, destination: DestinationFieldType): number | undefined {
	const distance = TAKES[destination].indexOf(source);
	return distance < 0 ? undefined : distance;
}

/** How a field is named to people. */
export const quoted = (field: { readonly name: string; readonly label: string }): string =>
	field.label === field.name ? `'${field.name}'` : `'${field.label}' (${field.name})`;
