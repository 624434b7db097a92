import type { FieldValue } from '../../../core/contact/contact';
import type { ContactWrite } from '../../../core/upsert/destination';

/** Attributes that are identifiers: two contacts cannot share a number of one kind (https://developers.brevo.com/reference/create-contact). */
export const NUMBERS = ['WHATSAPP', 'LANDLINE_NUMBER'] as const;

type Attributes = ContactWrite['attributes'];

const isNumber = (name: string): boolean => (NUMBERS as readonly string[]).includes(name);

/**
 * Empty values of a write, and the call that clears each:
 *
 * | value | call |
 * | --- | --- |
 * | of an attribute | an import with `emptyContactsAttributes`: no single write is documented to clear |
 * | a number, which is an identifier | a single write with an empty text, as SMS is cleared (changelog of 2020-04-29) |
 *
 * Brevo documents for neither call what becomes of an empty WhatsApp or landline number. The single write is answered at once, so that a number that
 * stays costs a warning; an import that changes nothing would be waited for in vain.
 */
export function clearedByImport(attributes: Attributes): Record<string, FieldValue> {
	return Object.fromEntries(Object.entries(attributes).filter(([name, value]) => value === null && !isNumber(name)));
}

/** What a single write carries: every value, and an empty text for a number to clear. */
export function carriedSingly(attributes: Attributes): Record<string, FieldValue> {
	return Object.fromEntries(
		Object.entries(attributes).flatMap(([name, value]): Array<[string, FieldValue]> => {
			if (value !== null) return [[name, value]];
			return isNumber(name) ? [[name, '']] : [];
		}),
	);
}

export const clearsNumber = (attributes: Attributes): boolean => NUMBERS.some((name) => attributes[name] === null);
