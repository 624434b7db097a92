import type { FieldValue } from '../../../../core/contact/contact';
import { instantOf } from '../../../../core/instant';
import { storedNumber } from '../../../../core/plainNumber';
import type { SalesforceField } from '../../api/types';

const NUMBERS: ReadonlySet<string> = new Set(['int', 'long', 'double', 'currency', 'percent']);

export const isNumberField = ({ type }: Pick<SalesforceField, 'type'>): boolean => NUMBERS.has(type);

/**
 * A value as the JSON of a write has it. A value of the wrong JSON type would refuse the whole call (JSON_PARSER_ERROR), so each is
 * brought into the form of its field; `null` clears, and an empty text becomes null, never `""`.
 */
export function toSalesforceValue(
	field: SalesforceField | undefined,
	value: FieldValue,
): string | number | boolean | null {
	const type = field?.type ?? 'string';
	if (type === 'boolean') return value === true || String(value).toLowerCase() === 'true';
	if (value === null || value === '') return null;
	if (Array.isArray(value)) {
		const choices = value as readonly string[];
		return choices.length === 0 ? null : choices.join(type === 'multipicklist' ? ';' : '; ');
	}
	if (NUMBERS.has(type)) {
		return storedNumber(value) ?? String(value);
	}
	const text = String(value);
	if (type === 'date') return text.slice(0, 10);
	if (type === 'datetime') {
		const instant = instantOf(text);
		return instant === undefined ? text : new Date(instant).toISOString();
	}
	return text;
}
