import { DateTime } from 'luxon';
import type { Plain } from './convertValue';
import type { DestinationField } from './fields';
import type { Conversion } from './mapping';

/**
 * A calendar day as YYYY-MM-DD (SB-19). HubSpot keeps days as YYYY-MM-DD or as ms since 1970 at midnight UTC, and
 * instants as ISO 8601 or ms; an instant is the day it falls on in `timeZone`. Days written the local way (04/05/1990)
 * are refused, because they mean different days in different countries.
 */
export function convertToDate(value: Plain, timeZone = 'UTC', days?: DestinationField['days']): Conversion<string> {
	const day = readDay(value, timeZone);
	if (day.kind !== 'value' || !days || (day.value >= days.first && day.value <= days.last)) return day;
	return { kind: 'unusable', code: 'VALUE_NOT_CONVERTIBLE', reason: `is not a day from ${days.first} to ${days.last}` };
}

function readDay(value: Plain, timeZone: string): Conversion<string> {
	if (typeof value === 'boolean' || Array.isArray(value)) return notADay;
	const text = String(value).trim();
	if (DAY.test(text)) return fromDateTime(DateTime.fromISO(text, { zone: 'UTC' }));
	if (MILLISECONDS.test(text)) return fromMilliseconds(Number(text), timeZone);
	if (INSTANT.test(text))
		return fromDateTime(DateTime.fromISO(text.replace(' ', 'T'), { zone: 'UTC' }).setZone(timeZone));
	return notADay;
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const INSTANT = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}/;
/** A year or another short number is no instant: ten digits of ms are the first four months of 1970. */
const MILLISECONDS = /^-?\d{10,14}$|^0$/;
const DAY_MS = 86_400_000;

/** Midnight UTC is a day, in every zone; anything else is an instant. */
function fromMilliseconds(ms: number, timeZone: string): Conversion<string> {
	return fromDateTime(DateTime.fromMillis(ms, { zone: ms % DAY_MS === 0 ? 'UTC' : timeZone }));
}

function fromDateTime(instant: DateTime): Conversion<string> {
	const day = instant.isValid && instant.year >= 1 && instant.year <= 9999 ? instant.toISODate() : null;
	return day === null ? notADay : { kind: 'value', value: day };
}

const notADay: Conversion<string> = {
	kind: 'unusable',
	code: 'VALUE_NOT_CONVERTIBLE',
	reason: 'is not a date (YYYY-MM-DD)',
};
