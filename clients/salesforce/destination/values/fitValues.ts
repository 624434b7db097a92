import type { FieldValue, Warning } from '../../../../core/contact/contact';
import { ownValue, setOwnValue } from '../../../../core/contact/ownValues';
import type { ReasonCode } from '../../../../core/outcome';
import { valueWarning, warning } from '../../../../core/upsert/contactResult';
import type { FittedValues } from '../../../../core/upsert/destination';
import type { SalesforceField, SalesforceObject } from '../../api/types';
import { instantOf, isDay } from '../../../../core/instant';
import { storedNumber } from '../../../../core/plainNumber';
import { isNumberField } from './toSalesforceValue';
import type { AddressFields } from './addressFields';
import { addressesOf, countryOf, stateOf } from './addressFields';

type Values = Readonly<Record<string, FieldValue>>;

/** Types whose `length` counts the characters of a text. */
const TEXTS: ReadonlySet<string> = new Set(['string', 'textarea', 'url', 'email', 'phone']);

/**
 * The values as a record of this object takes them: only fields that can be written on it, texts that fit, options it knows, and a
 * state only within its country. `held` are the values of the record; undefined for a new one.
 */
export function fitValues(object: SalesforceObject, attributes: Values, held: Values | undefined): FittedValues {
	const fields = new Map(object.fields.map((field) => [field.name, field]));
	const fitted: Record<string, FieldValue> = {};
	const warnings: Warning[] = [];
	for (const [name, given] of Object.entries(attributes)) {
		const field = fields.get(name);
		// A field that the contact behind a converted lead does not have (S10), or one for new records only.
		if (!field || !(held ? field.updateable : field.createable)) continue;
		const { value, unknown } = knownChoices(field, given);
		if (unknown > 0) warnings.push(valueWarning(name, 'OPTION_UNKNOWN', `${field.label} has no such option`));
		if (value === undefined) continue;
		const fault = faultOf(field, value);
		if (fault) warnings.push(valueWarning(name, fault.code, `${field.label} ${fault.event}`));
		else setOwnValue(fitted, name, inForm(field, value));
	}
	for (const address of addressesOf(object)) fitAddress(address, fitted, held, warnings);
	return { attributes: fitted, warnings };
}

/**
 * The choices that a restricted multi-select picklist knows, by value or label; one that it does not know would refuse all of them. Undefined
 * where none is left.
 */
function knownChoices(field: SalesforceField, value: FieldValue): { value: FieldValue | undefined; unknown: number } {
	if (field.type !== 'multipicklist' || !field.restrictedPicklist || isNothing(value)) return { value, unknown: 0 };
	const choices = (Array.isArray(value) ? (value as readonly string[]) : [String(value)])
		.flatMap((choice) => choice.split(';'))
		.map((choice) => choice.trim())
		.filter((choice) => choice !== '');
	const known = choices.flatMap((choice) => optionOf(field, choice) ?? []);
	return {
		value: known.length > 0 || choices.length === 0 ? known : undefined,
		unknown: choices.length - known.length,
	};
}

interface ValueFault {
	readonly code: ReasonCode;
	/** Completes the sentence that begins with the label of the field; never repeats the value. */
	readonly event: string;
}

function faultOf(field: SalesforceField, value: FieldValue): ValueFault | undefined {
	const length = typeof value === 'string' && TEXTS.has(field.type) && field.length > 0 ? [...value].length : 0;
	if (length > field.length)
		return { code: 'VALUE_TOO_LONG', event: `has ${length} characters; at most ${field.length} fit` };
	if (!isOfItsType(field, value))
		return { code: 'VALUE_NOT_CONVERTIBLE', event: `takes no such value: it is of the type ${field.type}` };
	if (!field.restrictedPicklist || value === null || field.type === 'multipicklist') return undefined;
	return optionOf(field, value) === undefined ? { code: 'OPTION_UNKNOWN', event: 'has no such option' } : undefined;
}

/** Whether a value can be written in the JSON of its field; any other refuses the whole call, and names no field (JSON_PARSER_ERROR). */
function isOfItsType(field: SalesforceField, value: FieldValue): boolean {
	if (value === null || value === '') return true;
	if (typeof value === 'object') return value.length === 0 || (!isNumberField(field) && !HOLD_ONE.has(field.type));
	if (field.type === 'boolean') return /^(?:true|false)$/i.test(String(value));
	const text = String(value);
	const number = storedNumber(value);
	if (isNumberField(field)) return number !== undefined && fitsInto(field, number);
	if (field.type !== 'date' && field.type !== 'datetime') return true;
	return isDay(text.slice(0, 10)) && (field.type === 'date' || instantOf(text) !== undefined);
}

/** Types other than numbers of which several values make no text. */
const HOLD_ONE: ReadonlySet<string> = new Set(['boolean', 'date', 'datetime']);

/** Salesforce rounds to the decimals of a field, but reads no whole number in one with decimals, or of more than four bytes. */
const fitsInto = ({ type }: SalesforceField, number: number): boolean =>
	Number.isFinite(number) && (type !== 'int' || (Number.isInteger(number) && Math.abs(number) < 2 ** 31));

/** A checkbox is never empty; an option is written by its value. */
function inForm(field: SalesforceField, value: FieldValue): FieldValue {
	if (field.type === 'boolean' && value === null) return false;
	return field.restrictedPicklist && typeof value === 'string' ? (optionOf(field, value) ?? value) : value;
}

function optionOf({ picklistValues }: SalesforceField, value: FieldValue): string | undefined {
	const wanted = String(value).toLowerCase();
	const active = picklistValues.filter((option) => option.active);
	const option =
		active.find((one) => one.value.toLowerCase() === wanted) ??
		active.find(({ label }) => label.toLowerCase() === wanted);
	return option?.value;
}

/**
 * Writes country and state of one address by their codes, which is what Salesforce knows them by whatever its names are, and
 * leaves out what it would refuse the record for (S13, S14). The state is looked up within its country, that of the write or
 * else the held one (S15).
 */
function fitAddress(
	address: AddressFields,
	fitted: Record<string, FieldValue>,
	held: Values | undefined,
	warnings: Warning[],
): void {
	const { country, countryCode, state, stateCode } = address;
	const wantedCountry = taken(fitted, countryCode, country);
	const wantedState = taken(fitted, stateCode, state);
	const known = countryOf(address, wantedCountry?.value);
	if (wantedCountry && !isNothing(wantedCountry.value) && !known)
		warnings.push(warning(wantedCountry.name, 'OPTION_UNKNOWN'));
	const isNewCountry = wantedCountry !== undefined && (known !== undefined || isNothing(wantedCountry.value));
	const heldCountry = countryOf(address, heldValue(held, countryCode, country));
	const place = isNewCountry ? known : heldCountry;
	const found = place && wantedState ? stateOf(address, place, wantedState.value) : undefined;
	const clears = wantedState !== undefined && isNothing(wantedState.value);
	if (wantedState && !clears && !found) warnings.push(warning(wantedState.name, 'STATE_LEFT_OUT'));

	const heldState = heldValue(held, stateCode, state);
	const strands = isNewCountry && !isNothing(heldState) && !(place && stateOf(address, place, heldState ?? null));
	if (found) fitted[stateCode] = found.value;
	// A state of another country would refuse the record.
	else if (clears || (wantedState && strands)) fitted[stateCode] = null;
	if (!isNewCountry) return;
	if (strands && !wantedState) warnings.push(warning(wantedCountry.name, 'VALUE_REFUSED'));
	else fitted[countryCode] = known?.value ?? null;
}

/** Takes the value of the first of two fields out, and the other one with it. */
function taken(fitted: Record<string, FieldValue>, ...names: readonly string[]) {
	const found = names.flatMap((name) => {
		const value = ownValue(fitted, name);
		delete fitted[name];
		return value === undefined ? [] : [{ name, value }];
	});
	return found.find(({ value }) => !isNothing(value)) ?? found[0];
}

const heldValue = (held: Values | undefined, ...names: readonly string[]): FieldValue | undefined =>
	names.map((name) => ownValue(held, name)).find((value) => !isNothing(value));

const isNothing = (value: FieldValue | undefined): boolean => value === undefined || value === null || value === '';
