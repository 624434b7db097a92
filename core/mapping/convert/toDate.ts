import { DateTime } from 'luxon';
import type { Plain } from './plainValue';
import type { DestinationField, SourceFieldType } from '../fields';
import type { Conversion } from '../mapping';

/**
 * A calendar day as YYYY-MM-DD (SB-19). HubSpot keeps days as YYYY-MM-DD or as ms since 1970 at midnight UTC, and
 * instants as ISO 8601 or ms; an instant is the day it falls on in `timeZone`, and a time without an offset is one there.
 * Days written the local way (04/05/1990) are refused, because they mean different days in different countries, and so are
 * numbers that may be seconds or milliseconds since 1970.
 */
export function convertToDate(
	value: Plain,
	timeZone = 'UTC',
	days?: DestinationField['days'],
	sourceType?: SourceFieldType,
): Conversion<string> {
	const day = readDay(value, sourceType, timeZone);
	if (day.kind !== 'value' || !days || (day.value >= days.first && day.value <= days.last)) return day;
	return { kind: 'unusable', code: 'VALUE_NOT_CONVERTIBLE', reason: `is not a day from ${days.first} to ${days.last}` };
}

function readDay(value: Plain, sourceType: SourceFieldType | undefined, timeZone: string): Conversion<string> {
	const [isDay, isInstant] = [sourceType === 'date', sourceType === 'datetime'];
	if (typeof value === 'boolean' || Array.isArray(value)) return notADay;
	const text = String(value).trim();
	if (SECONDS_OR_MILLISECONDS.test(text) && !isInstant && !(isDay && Number(text) % DAY_MS === 0)) return ofUnknownUnit;
	if (WITHOUT_MARKS.test(text) && !isInstant && !isDay) return withoutMarks;
	if (DAY.test(text)) return dayOf(DateTime.fromISO(text, { zone: 'UTC' }));
	const instant = readInstant(text, isDay ? 'UTC' : timeZone, isInstant);
	return instant ? dayOf(instant) : notADay;
}

/** An instant as ISO 8601 with the offset of `timeZone`, to the second; undefined when the text is none. */
export function toLocalTime(text: string, timeZone = 'UTC'): string | undefined {
	const instant = readInstant(text.trim(), timeZone, true);
	return instant?.isValid ? (instant.startOf('second').toISO({ suppressMilliseconds: true }) ?? undefined) : undefined;
}

/**
 * An instant as ISO 8601 in UTC, to the second (H12). A time without an offset is one in `timeZone`; a day is its midnight UTC, as
 * HubSpot and Salesforce write a day where they want an instant.
 */
export function convertToInstant(value: Plain, timeZone = 'UTC', sourceType?: SourceFieldType): Conversion<string> {
	if (typeof value === 'boolean' || Array.isArray(value)) return notAnInstant;
	const text = String(value).trim();
	if (SECONDS_OR_MILLISECONDS.test(text) && sourceType !== 'datetime') return ofUnknownUnit;
	if (WITHOUT_MARKS.test(text) && sourceType !== 'datetime' && sourceType !== 'date') return withoutMarks;
	const instant = DAY.test(text)
		? DateTime.fromISO(text, { zone: 'UTC' })
		: readInstant(text, timeZone, sourceType !== 'date');
	if (!instant?.isValid || instant.year < 1 || instant.year > 9999) return notAnInstant;
	const iso = instant.toUTC().startOf('second').toISO({ suppressMilliseconds: true });
	return iso === null ? notAnInstant : { kind: 'value', value: iso };
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const INSTANT = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}/;
/** A year or another short number is no instant: ten digits of ms are the first four months of 1970. */
const MILLISECONDS = /^-?\d{10,14}$|^0$/;
/**
 * As seconds these are days since 2001, which is what most systems mean; as milliseconds the first four months of 1970 or
 * the last of 1969, which HubSpot can mean. Only a source field that is a date or an instant tells them apart.
 */
const SECONDS_OR_MILLISECONDS = /^-?\d{10}$/;
const DAY_MS = 86_400_000;
/** `20240131120000`: as milliseconds a day in 2611, or with twelve digits one before 1977. */
const WITHOUT_MARKS = /^(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:[01]\d|2[0-3])[0-5]\d(?:[0-5]\d)?$/;

/** Midnight UTC in ms is a day, in every zone, unless the source says that the value is an instant. */
function readInstant(text: string, timeZone: string, isInstant: boolean): DateTime | undefined {
	if (MILLISECONDS.test(text)) {
		const ms = Number(text);
		return DateTime.fromMillis(ms, { zone: !isInstant && ms % DAY_MS === 0 ? 'UTC' : timeZone });
	}
	return INSTANT.test(text) ? DateTime.fromISO(text.replace(' ', 'T'), { zone: timeZone }) : undefined;
}

function dayOf(instant: DateTime): Conversion<string> {
	const day = instant.isValid && instant.year >= 1 && instant.year <= 9999 ? instant.toISODate() : null;
	return day === null ? notADay : { kind: 'value', value: day };
}

const notADay: Conversion<string> = {
	kind: 'unusable',
	code: 'VALUE_NOT_CONVERTIBLE',
	reason: 'is not a date (YYYY-MM-DD)',
};

const notAnInstant: Conversion<string> = {
	kind: 'unusable',
	code: 'VALUE_NOT_CONVERTIBLE',
	reason: 'is not a date and time (YYYY-MM-DDTHH:MM with an offset)',
};

const ofUnknownUnit: Conversion<string> = {
	kind: 'unusable',
	code: 'VALUE_NOT_CONVERTIBLE',
	reason: 'can be seconds or milliseconds since 1970; give it as YYYY-MM-DD, or in milliseconds from a date field',
};

const withoutMarks: Conversion<string> = {
	kind: 'unusable',
	code: 'VALUE_NOT_CONVERTIBLE',
	reason:
		'can be a day and a time without marks, or milliseconds since 1970; give it as YYYY-MM-DD or as YYYY-MM-DDTHH:MM',
};
