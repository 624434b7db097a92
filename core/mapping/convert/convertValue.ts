import { normaliseEmail } from '../../contact/email';
import { normalisePhone } from '../../contact/phone';
import type { FieldValue } from '../../contact/contact';
import { convertToBoolean } from './toBoolean';
import { convertToDate, convertToInstant } from './toDate';
import { convertToCategory, convertToMultipleChoice } from './toOption';
import { convertToNumber } from './toNumber';
import { convertToText } from './toText';
import type { Plain } from './plainValue';
import { isEmpty, toPlain } from './plainValue';
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
		case 'datetime':
			return convertToInstant(value, settings.timeZone, row.sourceField?.type);
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
