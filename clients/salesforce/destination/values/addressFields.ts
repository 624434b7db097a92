import type { FieldValue } from '../../../../core/contact/contact';
import type { PicklistValue, SalesforceField, SalesforceObject } from '../../api/types';

/**
 * Names of the fields of one address with state and country picklists. The text fields (`MailingCountry`) are there as well and take
 * labels; those of codes (`MailingCountryCode`) are there in organisations with the picklists alone (S13).
 */
export interface AddressFields {
	readonly country: string;
	readonly countryCode: string;
	readonly state: string;
	readonly stateCode: string;
	readonly countries: readonly PicklistValue[];
	readonly states: readonly PicklistValue[];
}

/** The addresses of an object whose states and countries are picklists; none where the organisation has texts there. */
export function addressesOf({ fields }: SalesforceObject): readonly AddressFields[] {
	const byName = new Map(fields.map((field) => [field.name, field]));
	return fields.flatMap((field): AddressFields[] => {
		const prefix = /^(\w*)CountryCode$/.exec(field.name)?.[1];
		if (prefix === undefined || field.custom || field.type !== 'picklist') return [];
		const stateCode: SalesforceField | undefined = byName.get(`${prefix}StateCode`);
		return [
			{
				country: `${prefix}Country`,
				countryCode: field.name,
				state: `${prefix}State`,
				stateCode: `${prefix}StateCode`,
				countries: field.picklistValues,
				states: stateCode?.picklistValues ?? [],
			},
		];
	});
}

/** The fields that tell the country of a state, and the states of a country: a record is read with all of an address. */
export const addressNames = ({ country, countryCode, state, stateCode }: AddressFields): readonly string[] => [
	country,
	countryCode,
	state,
	stateCode,
];

/** A country by its code or its name. */
export const countryOf = ({ countries }: AddressFields, value: FieldValue | undefined): PicklistValue | undefined =>
	byCodeOrName(countries, value);

/** A state of this country by its code or its name: `FL` is Florida, and in Uruguay Flores (S15). */
export function stateOf(
	{ countries, states }: AddressFields,
	country: PicklistValue,
	value: FieldValue,
): PicklistValue | undefined {
	const place = countries.indexOf(country);
	return byCodeOrName(
		states.filter(({ validFor }) => validFor !== undefined && hasBit(validFor, place)),
		value,
	);
}

function byCodeOrName(options: readonly PicklistValue[], value: FieldValue | undefined): PicklistValue | undefined {
	if (typeof value !== 'string') return undefined;
	const wanted = value.trim().toLowerCase();
	const active = options.filter((option) => option.active);
	return (
		active.find((option) => option.value.toLowerCase() === wanted) ??
		active.find(({ label }) => label.toLowerCase() === wanted)
	);
}

const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** Whether a bit is set in a base64 text, the first one being the highest of its first character. */
function hasBit(text: string, place: number): boolean {
	const six = BASE64.indexOf(text.charAt(Math.floor(place / 6)));
	return six >= 0 && (six & (1 << (5 - (place % 6)))) !== 0;
}
