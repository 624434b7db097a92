import type { Attribute, AttributeValue, DroppedValue } from '../entities';
import type { BrevoSettings } from '../settings';

/** Longest text value (help page 10582214160274). */
const MAX_TEXT_LENGTH = 10_000;
/** A float keeps 15 digits (same page). */
const MAX_FLOAT = 1e15;
const FIRST_DATE = '1900-01-01';
const LAST_DATE = '2050-12-31';

export type ReadValue = { value: AttributeValue } | { dropped: DroppedValue['why'] };
type ValueSettings = Pick<BrevoSettings, 'categoryByLabel'>;

const wrongType: ReadValue = { dropped: 'wrong type' };

/**
 * What Brevo would store for a value sent as JSON, or why it drops it without a word: a value of the wrong type is
 * ignored while the call succeeds. Text is never read as a number, yes/no or date of another form.
 */
export function readJsonValue(attribute: Attribute, raw: unknown, settings: ValueSettings): ReadValue {
	if (attribute.category === 'calculated' || attribute.category === 'global') return { dropped: 'not writable' };
	if (attribute.category === 'category') return readCategory(attribute, raw, settings);
	switch (attribute.type) {
		case 'float':
			return typeof raw === 'number' && Number.isFinite(raw) && Math.abs(raw) < MAX_FLOAT ? { value: raw } : wrongType;
		case 'id':
			return typeof raw === 'number' && Number.isInteger(raw) ? { value: raw } : wrongType;
		case 'boolean':
			return typeof raw === 'boolean' ? { value: raw } : wrongType;
		case 'date':
			return typeof raw === 'string' && isDate(raw) ? { value: raw } : wrongType;
		case 'multiple-choice':
			return readChoices(attribute, raw);
		default:
			if (typeof raw !== 'string') return wrongType;
			return [...raw].length > MAX_TEXT_LENGTH ? { dropped: 'too long' } : { value: raw };
	}
}

/** The same for a cell of a CSV import, where everything is text. Spelling of yes/no and of several choices is UNCONFIRMED. */
export function readCsvValue(attribute: Attribute, cell: string, settings: ValueSettings): ReadValue {
	if (attribute.category === 'normal' || attribute.category === 'transactional') {
		if (attribute.type === 'float' || attribute.type === 'id') {
			return /^[+-]?\d+(\.\d+)?$/.test(cell) ? readJsonValue(attribute, Number(cell), settings) : wrongType;
		}
		if (attribute.type === 'boolean') {
			if (/^(true|yes|1)$/i.test(cell)) return { value: true };
			return /^(false|no|0)$/i.test(cell) ? { value: false } : wrongType;
		}
		if (attribute.type === 'multiple-choice') {
			return readChoices(
				attribute,
				cell.split(',').map((option) => option.trim()),
			);
		}
	}
	return readJsonValue(attribute, cell, settings);
}

/** Whether a value says "nothing": what an import may erase with, and a single call does or does not. */
export function isEmptyValue(raw: unknown): boolean {
	return raw === '' || raw === null || (Array.isArray(raw) && raw.length === 0);
}

export function sameValue(a: AttributeValue | undefined, b: AttributeValue | undefined): boolean {
	if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((option) => b.includes(option));
	return a === b;
}

function readCategory(attribute: Attribute, raw: unknown, settings: ValueSettings): ReadValue {
	if (typeof raw !== 'string' && typeof raw !== 'number') return wrongType;
	const text = String(raw);
	const item =
		attribute.enumeration?.find(({ value }) => value === text) ??
		(settings.categoryByLabel
			? attribute.enumeration?.find(({ label }) => label.toLowerCase() === text.toLowerCase())
			: undefined);
	return item ? { value: item.value } : { dropped: 'unknown option' };
}

/** Options that do not exist are left out; when none is left the value is dropped. UNCONFIRMED. */
function readChoices(attribute: Attribute, raw: unknown): ReadValue {
	if (!Array.isArray(raw) || !raw.every((option): option is string => typeof option === 'string')) return wrongType;
	const known = raw.filter((option) => attribute.multiCategoryOptions?.includes(option));
	return known.length > 0 ? { value: [...new Set(known)] } : { dropped: 'unknown option' };
}

function isDate(text: string): boolean {
	if (!/^\d{4}-\d{2}-\d{2}$/.test(text) || text < FIRST_DATE || text > LAST_DATE) return false;
	const parsed = new Date(`${text}T00:00:00Z`);
	return !Number.isNaN(parsed.getTime()) && parsed.toISOString().startsWith(text);
}
