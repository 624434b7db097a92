import { instantOf } from '../../../../core/instant';
import type { FieldValue } from '../../../../core/contact/contact';

/**
 * A value of Salesforce's JSON as the contact item carries it. `type` is the field's own (`SalesforceField.type`); fields of
 * related records are texts. What has no value is null.
 */
export function toFieldValue(raw: unknown, type: string): FieldValue {
	if (raw === null || raw === undefined || raw === '') return null;
	switch (type) {
		case 'multipicklist':
			return typeof raw === 'string' ? listOf(raw) : null;
		case 'address':
			return addressText(raw);
		case 'datetime':
			return typeof raw === 'string' ? instantText(raw) : null;
		case 'time':
			// 13:45:00.000Z, a time of day without a zone of its own.
			return typeof raw === 'string' ? raw.replace(/(?:\.\d+)?Z?$/, '') : null;
		default:
			if (typeof raw === 'boolean') return raw;
			if (typeof raw === 'number') return Number.isFinite(raw) ? raw : null;
			return typeof raw === 'string' ? raw : null;
	}
}

/** `Tea;Books` */
function listOf(text: string): readonly string[] | null {
	const values = text.split(';').filter((value) => value !== '');
	return values.length > 0 ? values : null;
}

/** ISO 8601 in UTC from `2026-01-01T10:00:00.000+0000`. */
function instantText(text: string): string | null {
	const instant = instantOf(text);
	return instant === undefined ? null : new Date(instant).toISOString();
}

/** One line: street, city, state, postal code, country, as far as they are there. */
function addressText(raw: unknown): string | null {
	if (typeof raw === 'string') return raw;
	if (typeof raw !== 'object' || raw === null) return null;
	const parts = raw as Readonly<Record<string, unknown>>;
	const lines = ['street', 'postalCode city', 'state', 'country'].map((names) =>
		names
			.split(' ')
			.map((name) => parts[name])
			.filter((part): part is string => typeof part === 'string')
			.map((part) => part.trim().replace(/\s*[\r\n]+\s*/g, ', '))
			.filter((part) => part !== '')
			.join(' '),
	);
	return lines.filter((line) => line !== '').join(', ') || null;
}
