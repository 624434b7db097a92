import { DateTime } from 'luxon';
import type { ConditionField } from './conditionFields';
import { SALESFORCE_LIMITS } from '../api/limits';
import { soqlInstant, soqlText } from '../soql/buildSoql';
import type { SalesforceField } from '../api/types';
import { isSalesforceId } from '../api/types';

/** A value as a literal. */
export interface Literal {
	readonly text: string;
	/** Of a whole day compared with points in time: where the next day begins, as a literal. */
	readonly end?: string;
	/** Values among it that the picklist does not offer, though records may hold them: the list is no restricted one. */
	readonly unlisted?: readonly string[];
}

export type Literals =
	{ readonly kind: 'ok'; readonly values: readonly Literal[] } | { readonly kind: 'wrong'; readonly why: string };

/**
 * Days and spans relative to today: SOQL reference, "Date Formats and Date Literals". Fiscal ones are left out: they depend
 * on a setting of the organisation.
 */
export const RELATIVE_DATE =
	/^(?:YESTERDAY|TODAY|TOMORROW|(?:LAST|THIS|NEXT)_(?:WEEK|MONTH|QUARTER|YEAR)|(?:LAST|NEXT)_90_DAYS|(?:LAST|NEXT)_N_(?:DAYS|WEEKS|MONTHS|QUARTERS|YEARS):\d{1,4}|N_(?:DAYS|WEEKS|MONTHS|QUARTERS|YEARS)_AGO:\d{1,4})$/i;

/** What was typed, as literals of the field's type; or why it cannot be. Texts are trimmed and not empty. */
export function literalsOf(target: ConditionField, texts: readonly string[]): Literals {
	const values: Literal[] = [];
	for (const text of texts) {
		const literal = literalOf(target, text);
		if (typeof literal === 'string') return { kind: 'wrong', why: literal };
		values.push(literal);
	}
	return { kind: 'ok', values };
}

/** A literal, or why there is none. */
function literalOf({ type, field }: ConditionField, text: string): Literal | string {
	if (text.length > SALESFORCE_LIMITS.textLength) {
		return `has a value of more than ${SALESFORCE_LIMITS.textLength} characters`;
	}
	switch (type) {
		case 'text':
			return { text: soqlText(text) };
		case 'picklist':
			return optionOf(field, [text]);
		case 'multipicklist':
			return optionOf(
				field,
				text
					.split(';')
					.map((one) => one.trim())
					.filter((one) => one !== ''),
			);
		case 'reference':
			return isSalesforceId(text) ? { text: soqlText(text) } : 'needs the id of a record (15 or 18 characters)';
		case 'number':
			return numberOf(field, text);
		case 'date':
			return dayOf(field, text);
		case 'datetime':
			return instantOf(text);
		case 'boolean':
			return 'takes no value';
	}
}

/** Options are given by what Salesforce stores or by what its pages show; several stand for "all of these". */
function optionOf(field: SalesforceField, texts: readonly string[]): Literal | string {
	const { picklistValues, restrictedPicklist } = field;
	const found: string[] = [];
	const unlisted: string[] = [];
	for (const text of texts) {
		const same = (other: string): boolean => other.toLowerCase() === text.toLowerCase();
		const option = picklistValues.find(({ value }) => same(value)) ?? picklistValues.find(({ label }) => same(label));
		if (option === undefined && restrictedPicklist) return noSuchOption(field, text);
		if (option === undefined) unlisted.push(text);
		found.push(option?.value ?? text);
	}
	return { text: soqlText(found.join(';')), ...(unlisted.length > 0 ? { unlisted } : {}) };
}

/** Options that a message names. */
const MOST_OPTIONS = 20;

/** Why a condition finds nothing, or everything. */
export function noSuchOption({ label, picklistValues }: SalesforceField, text: string): string {
	const options = picklistValues.filter(({ active }) => active).map((option) => option.label);
	const named = options.slice(0, MOST_OPTIONS).join(', ');
	const more = options.length > MOST_OPTIONS ? ', …' : '';
	const all = options.length === 0 ? 'It has none' : `Its options: ${named}${more}`;
	return `is on a value that does not exist: '${label}' has no option '${text.slice(0, 80)}'. ${all}`;
}

function numberOf({ type }: SalesforceField, text: string): Literal | string {
	if (!/^[+-]?\d{1,18}(?:\.\d{1,18})?$/.test(text)) return 'needs a number, written like 1250 or 12.5';
	if ((type === 'int' || type === 'long') && text.includes('.')) return 'needs a whole number';
	return { text: text.replace(/^\+/, '') };
}

function dayOf({ name, custom }: SalesforceField, text: string): Literal | string {
	if (RELATIVE_DATE.test(text)) return { text: text.toUpperCase() };
	// Salesforce's own rule for the field Birthdate: its year is ignored in queries.
	if (name === 'Birthdate' && !custom) {
		return 'needs a day relative to today such as TODAY or LAST_N_DAYS:7, because Salesforce compares birthdays without their year';
	}
	// n8n's date picker adds a time of day.
	const day = wholeDay(text.replace(/T00:00:00(?:\.000)?Z?$/, ''));
	return day
		? { text: day.toISODate() ?? '' }
		: 'needs a date (YYYY-MM-DD), or one relative to today such as LAST_N_DAYS:30';
}

/** A point in time, or a whole day of UTC. */
function instantOf(text: string): Literal | string {
	if (RELATIVE_DATE.test(text)) return { text: text.toUpperCase() };
	const day = wholeDay(text);
	if (day) return { text: soqlInstant(day.toMillis()), end: soqlInstant(day.plus({ days: 1 }).toMillis()) };
	const instant = DateTime.fromISO(text.replace(' ', 'T'), { zone: 'utc' });
	if (/^\d{4}-/.test(text) && inRange(instant)) return { text: soqlInstant(instant.toMillis()) };
	return 'needs a date and time (2026-01-31T09:30:00Z), a date, or one relative to today such as LAST_N_DAYS:30';
}

function wholeDay(text: string): DateTime | undefined {
	if (!/^\d{4}-\d\d-\d\d$/.test(text)) return undefined;
	const day = DateTime.fromISO(text, { zone: 'utc' });
	return inRange(day) ? day : undefined;
}

/** The years Salesforce stores: field types, "date". */
const inRange = (day: DateTime): boolean => day.isValid && day.year >= 1700 && day.year <= 4000;
