import { normaliseEmail } from '../../contact/email';
import { normalisePhone } from '../../contact/phone';
import type { FieldValue } from '../../contact/contact';
import { convertToBoolean } from './toBoolean';
import { convertToDate } from './toDate';
import { convertToCategory, convertToMultipleChoice } from './toOption';
import { convertToNumber } from './toNumber';
import { convertToText } from './toText';
import type { Conversion, MappingSettings, PlannedRow } from '../mapping';

/**
 * Turns one source value into what the destination field of its row holds. Never throws, whatever the value is; the same
 * value always gives the same result.
 */
export function convertValue(value: unknown, row: PlannedRow, settings: MappingSettings): Conversion<FieldValue> {
	if (value === undefined) return { kind: 'absent' };
	try {
		if (isEmpty(value)) return { kind: 'empty' };
		const plain = toPlain(value);
		if (plain === undefined)
			return { kind: 'unusable', code: 'VALUE_NOT_CONVERTIBLE', reason: 'is an object, not a single value' };
		return dispatch(plain, row, settings);
	} catch {
		// Expressions can give objects that throw when they are looked at.
		return { kind: 'unusable', code: 'VALUE_NOT_CONVERTIBLE', reason: 'cannot be read' };
	}
}

/** A value that is there and not empty. */
export type Plain = string | number | boolean | readonly string[];

function dispatch(value: Plain, row: PlannedRow, settings: MappingSettings): Conversion<FieldValue> {
	switch (row.destination.type) {
		case 'email':
			return convertToEmail(value);
		case 'phone':
			return convertToPhone(value, settings.defaultCountry);
		case 'text':
			return convertToText(value, row.sourceField, row.destination.maxLength, settings);
		case 'number':
			return convertToNumber(value, row.sourceField, row.destination.below);
		case 'date':
			return convertToDate(value, settings.timeZone, row.destination.days, row.sourceField?.type);
		case 'boolean':
			return convertToBoolean(value, row.sourceField);
		case 'category':
			return convertToCategory(value, row.sourceField, row.destination);
		case 'multipleChoice':
			return convertToMultipleChoice(value, row.sourceField, row.destination);
	}
}

function convertToEmail(value: Plain): Conversion<FieldValue> {
	const reading = normaliseEmail(asLine(value));
	if (reading.kind === 'empty') return { kind: 'empty' };
	return reading.kind === 'email'
		? { kind: 'value', value: reading.email }
		: { kind: 'unusable', code: 'EMAIL_MALFORMED', reason: reading.reason };
}

function convertToPhone(value: Plain, defaultCountry: string | undefined): Conversion<FieldValue> {
	const reading = normalisePhone(asLine(value), defaultCountry);
	if (reading.kind === 'empty') return { kind: 'empty' };
	return reading.kind === 'phone'
		? { kind: 'value', value: reading.phone }
		: { kind: 'unusable', code: 'PHONE_LEFT_OUT', reason: reading.reason };
}

/** Several values stay apart, so that two addresses in one field are seen as such. */
const asLine = (value: Plain): string => (Array.isArray(value) ? value.join(';') : String(value));

function isEmpty(value: unknown): boolean {
	if (value === null) return true;
	if (typeof value === 'string') return value.trim() === '';
	return Array.isArray(value) && value.every(isEmpty);
}

/** Expressions can give anything: dates become ISO text, lists are flattened to texts, other objects are refused. */
function toPlain(value: unknown): Plain | undefined {
	if (typeof value === 'string' || typeof value === 'boolean') return value;
	if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
	if (typeof value === 'bigint') return value.toString();
	if (value instanceof Date) return Number.isNaN(value.getTime()) ? undefined : value.toISOString();
	if (Array.isArray(value)) return toPlainList(value);
	return isoTextOf(value);
}

function toPlainList(values: readonly unknown[]): readonly string[] | undefined {
	const texts: string[] = [];
	for (const value of values) {
		if (isEmpty(value)) continue;
		if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') return undefined;
		texts.push(String(value));
	}
	return texts;
}

/** Luxon's DateTime, which n8n's expressions use; recognised by its method, since n8n's copy of luxon is another one. */
function isoTextOf(value: unknown): string | undefined {
	if (typeof value !== 'object' || value === null || !('isLuxonDateTime' in value) || !('toISO' in value))
		return undefined;
	const { toISO } = value;
	const text: unknown = typeof toISO === 'function' ? toISO.call(value) : undefined;
	return typeof text === 'string' ? text : undefined;
}
