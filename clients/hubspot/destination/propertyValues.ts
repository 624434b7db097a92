import type { FieldValue } from '../../../core/contact/contact';
import { withPlainLineBreaks } from '../../../core/contact/valuePrint';
import { storedNumber } from '../../../core/plainNumber';
import { instantOf } from '../api/types';
import type { HubSpotProperty } from '../api/types';
import { destinationType } from './toDestinationFields';

/** A value as HubSpot takes it: always text (H14), several choices joined by `;`, an empty text clears. */
export function toStored(value: FieldValue): string {
	if (value === null) return '';
	return Array.isArray(value) ? value.join(';') : String(value);
}

/**
 * Whether a value read from HubSpot is what a written one becomes. Everything comes back as text: choices in any order, days as
 * YYYY-MM-DD or as ms of their midnight, instants as ISO 8601 or as ms, phone numbers with other marks between the digits. Line breaks are as
 * the source has them.
 */
export function sameHubSpotValue(
	property: HubSpotProperty | undefined,
	held: FieldValue | undefined,
	wanted: FieldValue,
): boolean {
	const plain = (value: FieldValue): string => withPlainLineBreaks(toStored(value)).trim();
	const [there, here] = [plain(held ?? null), plain(wanted)];
	if (there === here) return true;
	if (there === '' || here === '' || !property) return false;
	switch (destinationType(property)) {
		case 'boolean':
			return there.toLowerCase() === here.toLowerCase();
		case 'number':
			return storedNumber(there) !== undefined && storedNumber(there) === storedNumber(here);
		case 'multipleChoice':
			return sameSet(there.split(';'), here.split(';'));
		case 'date':
			return dayOf(there) === dayOf(here);
		case 'datetime':
			return secondOf(there) === secondOf(here);
		case 'phone':
			return digitsOf(there) === digitsOf(here);
		default:
			return false;
	}
}

function sameSet(held: readonly string[], wanted: readonly string[]): boolean {
	const [a, b] = [held, wanted].map((parts) => new Set(parts.map((part) => part.trim())));
	return a !== undefined && b !== undefined && a.size === b.size && [...a].every((part) => b.has(part));
}

function dayOf(text: string): string {
	const instant = /^\d{4}-\d{2}-\d{2}$/.test(text) ? undefined : instantOf(text);
	return instant === undefined ? text : new Date(instant).toISOString().slice(0, 10);
}

function secondOf(text: string): number | string {
	const instant = instantOf(text);
	return instant === undefined ? text : Math.floor(instant / 1_000);
}

const digitsOf = (text: string): string => text.replace(/^\s*\+/, '00').replace(/\D/g, '');
