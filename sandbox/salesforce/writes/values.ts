import type { SalesforceError } from '../errors';
import { RecordError, refusal } from '../errors';
import { canonicalId, KEY_PREFIXES } from '../records/ids';
import type { Field, Value } from '../schema/fields';
import type { SalesforceSettings } from '../settings';
import { isDay } from '../soql/lexer';

const DATETIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?(?:Z|[+-]\d\d:?\d\d)$/;
const EMAIL = /^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)+$/; // prettier-ignore
const MAX_INT = 2 ** 31;

/** The JSON of a body cannot be read as the field's type: refuses the whole request, or the row (see settings). */
export class JsonProblem extends RecordError {
	/** The refusal of a whole request. */
	get asRefusal(): SalesforceError {
		return refusal(400, this.statusCode, this.message, this.fields.length > 0 ? this.fields : undefined);
	}
}

/** A JSON value as the field holds it. Throws a JsonProblem for a wrong type and a RecordError for a wrong value. */
export function valueFromJson(field: Field, given: unknown, settings: SalesforceSettings): Value {
	const value = typed(field, given, settings);
	if (value === null) return null;
	if (typeof value === 'string') checkText(field, value);
	if (typeof value === 'number') checkNumber(field, value);
	return field.type === 'multipicklist' && typeof value === 'string' ? selection(field, value, settings) : value;
}

function typed(field: Field, given: unknown, settings: SalesforceSettings): Value {
	if (field.type === 'boolean') {
		if (typeof given === 'boolean') return given;
		if (given === null && settings.nullBoolean === 'false') return false;
		if (given === null) throw new RecordError('INVALID_TYPE_ON_FIELD_IN_RECORD', `${field.label}: value not of required type: null`, [field.name]); // prettier-ignore
		throw wrongJson(field, given);
	}
	if (given === null || given === undefined) return null;
	if (typeof given === 'object') throw wrongJson(field, given);
	switch (field.type) {
		case 'int':
		case 'double':
		case 'currency': {
			if (typeof given !== 'number' && !(typeof given === 'string' && /^-?\d+(\.\d+)?$/.test(given))) {
				throw wrongJson(field, given);
			}
			const number = Number(given);
			if (field.type === 'int' && !Number.isInteger(number)) throw wrongJson(field, given);
			return Number(number.toFixed(field.scale));
		}
		case 'date':
			if (typeof given === 'string' && /^\d{4}-\d\d-\d\d$/.test(given) && isDay(given)) return given;
			throw wrongJson(field, given);
		case 'datetime': {
			const at = typeof given === 'string' && DATETIME.test(given) ? Date.parse(withColon(given)) : NaN;
			if (Number.isNaN(at)) throw wrongJson(field, given);
			return Math.floor(at / 1_000) * 1_000;
		}
		default:
			if (typeof given !== 'string') throw wrongJson(field, given);
			return tidied(field, given, settings);
	}
}

/** A text without blanks at its ends; no-break spaces stay. */
export const withoutEdges = (text: string): string => text.replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, '');

/** A text as it is stored; what is empty without its blanks clears, as null does. */
function tidied(field: Field, given: string, { lineBreaks, emailCase }: SalesforceSettings): string | null {
	const text = withoutEdges(given);
	if (text === '') return null;
	if (field.type === 'email' && emailCase === 'lower') return text.toLowerCase();
	return field.type === 'textarea' && lineBreaks === 'crlf' ? text.replace(/\r?\n/g, '\r\n') : text;
}

/** `+0200` as Salesforce also takes it, in the form the calendar of the language takes. */
const withColon = (text: string): string => text.replace(/([+-]\d\d)(\d\d)$/, '$1:$2');

function wrongJson(field: Field, given: unknown): JsonProblem {
	const token = typeof given === 'object' && given !== null ? (Array.isArray(given) ? 'START_ARRAY' : 'START_OBJECT') : `VALUE_${(typeof given).toUpperCase()}`; // prettier-ignore
	const message = `Cannot deserialize instance of ${field.type} from ${token} value ${JSON.stringify(given)} or request may be missing a required field at [line:1, column:1]`;
	return new JsonProblem('JSON_PARSER_ERROR', message);
}

function checkText(field: Field, value: string): void {
	if (field.length > 0 && [...value].length > field.length && field.type !== 'reference') {
		throw new RecordError('STRING_TOO_LONG', `${field.label}: data value too large: ${value} (max length=${field.length})`, [field.name]); // prettier-ignore
	}
	if (field.type === 'email' && !EMAIL.test(value)) {
		throw new RecordError('INVALID_EMAIL_ADDRESS', `${field.label}: invalid email address: ${value}`, [field.name]);
	}
	if (field.type === 'picklist' || field.type === 'multipicklist') checkOptions(field, value);
	if (field.type === 'reference') checkReference(field, value);
}

function checkOptions(field: Field, value: string): void {
	// Codes of countries and states are checked together with their names.
	if (!field.restricted || field.needs === 'stateAndCountryPicklists') return;
	const chosen = field.type === 'multipicklist' ? value.split(';') : [value];
	const known = new Set(field.options?.filter(({ active }) => active).map((option) => option.value));
	const bad = chosen.find((one) => !known.has(one));
	if (bad === undefined) return;
	throw new RecordError('INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST', `${field.label}: bad value for restricted picklist field: ${bad}`, [field.name]); // prettier-ignore
}

/** The values of a multi-select picklist as they are stored: each once, and in the order of the options. */
function selection({ options = [] }: Field, value: string, { multiSelectOrder }: SalesforceSettings): string {
	const chosen = [...new Set(value.split(';'))];
	if (multiSelectOrder === 'asGiven') return chosen.join(';');
	const place = (one: string): number => {
		const index = options.findIndex((option) => option.value === one);
		return index === -1 ? options.length : index;
	};
	return chosen.sort((a, b) => place(a) - place(b)).join(';');
}

function checkReference(field: Field, value: string): void {
	const id = canonicalId(value);
	const prefix = KEY_PREFIXES[field.referenceTo as keyof typeof KEY_PREFIXES];
	if (id === undefined || !id.startsWith(prefix)) {
		throw new RecordError('MALFORMED_ID', `${field.label}: id value of incorrect type: ${value}`, [field.name]);
	}
}

function checkNumber(field: Field, value: number): void {
	const most = field.type === 'int' ? MAX_INT : 10 ** (field.precision - field.scale);
	if (!['int', 'double', 'currency'].includes(field.type) || Math.abs(value) < most) return;
	throw new RecordError('NUMBER_OUTSIDE_VALID_RANGE', `${field.label}: value outside of valid range on numeric field: ${value}`, [field.name]); // prettier-ignore
}
