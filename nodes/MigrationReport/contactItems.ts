import type { IDataObject } from 'n8n-workflow';
import type { FieldValue } from '../../core/contact/contact';
import type { FieldChange, Outcome } from '../../core/outcome';
import { isRecord, textOf } from '../../core/json';

/** Parts of items as the nodes of this package hand them on; an item of another kind has none. */

export const outcomeOf = ({ outcome }: IDataObject): Partial<Outcome> => (isRecord(outcome) ? outcome : {});

/** In a dry run what the real run would make of the contact. */
export function statusOf(item: IDataObject): string {
	const { status = 'failed', wouldBe = status } = outcomeOf(item);
	return wouldBe;
}

export const emailOf = ({ contact, email }: IDataObject): string =>
	isRecord(contact) && typeof contact.email === 'string' ? contact.email : textOf(email);

export const attributesOf = ({ contact }: IDataObject): Readonly<Record<string, FieldValue>> =>
	isRecord(contact) && isRecord(contact.attributes) ? (contact.attributes as Record<string, FieldValue>) : {};

export const changesOf = (item: IDataObject): ReadonlyArray<readonly [name: string, change: FieldChange]> =>
	Object.entries(outcomeOf(item).changes ?? {});

export const placeOf = ({ provenance }: IDataObject): { readonly file: string; readonly line: string } => {
	const place = isRecord(provenance) ? provenance : {};
	return { file: textOf(place.file), line: numberOf(place.row) };
};

/** A value as people read it. */
export const valueText = (value: FieldValue): string =>
	value === null ? '' : typeof value === 'object' ? value.join(';') : String(value);

/** A line or row of a file. */
export const numberOf = (value: unknown): string => (typeof value === 'number' ? String(value) : '');

export const isOptedOut = ({ optedOut }: IDataObject): boolean => optedOut === true;
