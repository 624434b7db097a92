import type { Field, Row, Value } from './schema/fields';
import type { SObject } from './schema/objects';
import { valueOf, type BoundField } from './soql/bind';
import type { SalesforceStore } from './records/store';

/** `2026-11-21T10:00:00.000+0000` */
export const dateTimeText = (at: number): string => new Date(at).toISOString().replace('Z', '+0000');

export const recordUrl = (object: string, id: Value | undefined, version: number): string =>
	`/services/data/v${version}.0/sobjects/${object}/${String(id)}`;

/** A record as queries and reads show it: attributes, then the fields asked for, related records nested. */
export function present(
	store: SalesforceStore,
	object: SObject,
	row: Row,
	fields: readonly BoundField[],
	version: number,
): Record<string, unknown> {
	const shown: Record<string, unknown> = { attributes: attributes(object, row, version) };
	for (const bound of fields) {
		let target = shown;
		let current: Row | undefined = row;
		for (const { name, object: related, field } of bound.relations) {
			current = store.lookup(related.name, current?.[field.name]);
			if (current === undefined) {
				target[name] ??= null;
				break;
			}
			target = (target[name] ??= { attributes: attributes(related, current, version) }) as Record<string, unknown>;
		}
		if (current !== undefined) target[bound.field.name] = formatted(store, current, bound.field);
	}
	return shown;
}

const attributes = (object: SObject, row: Row, version: number) => ({
	type: object.name,
	url: recordUrl(object.name, row['Id'], version),
});

/** A value in the form of JSON answers. */
export function formatted(store: SalesforceStore, row: Row, field: Field): unknown {
	if (field.type === 'address') return addressOf(row, field.name.slice(0, -'Address'.length), store);
	const value = valueOf(row, field, store);
	return field.type === 'datetime' && typeof value === 'number' ? dateTimeText(value) : value;
}

function addressOf(row: Row, prefix: string, store: SalesforceStore): object | null {
	const part = (name: string): Value => row[`${prefix}${name}`] ?? null;
	const names = ['City', 'Country', 'PostalCode', 'State', 'Street'];
	if (names.every((name) => part(name) === null)) return null;
	return {
		city: part('City'),
		country: part('Country'),
		...(store.settings.stateAndCountryPicklists && { countryCode: part('CountryCode') }),
		geocodeAccuracy: null,
		latitude: null,
		longitude: null,
		postalCode: part('PostalCode'),
		state: part('State'),
		...(store.settings.stateAndCountryPicklists && { stateCode: part('StateCode') }),
		street: part('Street'),
	};
}
