import type { PropertyDefinition } from '../entities';
import { validationError, type ErrorDetail, type HubSpotError } from '../errors';
import type { HubSpotSettings } from '../settings';
import { isEmail } from './emailAddress';
import { brokenRule, type ValidationRule } from './validationRules';

const MAX_TEXT = 65_536;

/** One value that is not taken. */
export interface Problem {
	readonly name: string;
	readonly error: string;
	readonly message: string;
}

/** Property values by name, as callers send them. */
export type SentValues = Readonly<Record<string, string | number | boolean | null>>;

/**
 * Checks values as HubSpot does on write and brings them into the stored form: dates as `YYYY-MM-DD`, date-times as ISO in
 * UTC, e-mails trimmed and lower-case; `''` clears. Returns HubSpot's error, which names every bad property, or the values.
 */
export function checkValues(
	definitions: ReadonlyMap<string, PropertyDefinition>,
	values: SentValues,
	settings: HubSpotSettings,
	rules: readonly ValidationRule[],
): Record<string, string> | HubSpotError {
	const problems: Problem[] = [];
	const checked: Record<string, string> = {};
	for (const [name, raw] of Object.entries(values)) {
		if (name === 'hs_email_optout' && settings.optOutPropertyWrites === 'ignored') continue;
		const result = checkValue(definitions.get(name), name, raw === null ? '' : String(raw));
		const broken = 'value' in result ? brokenRule(rules, name, result.value) : undefined;
		if (!('value' in result)) problems.push({ name, ...result });
		else if (broken !== undefined) problems.push({ name, error: 'VALIDATION_RULE_FAILED', message: broken });
		else checked[name] = result.value;
	}
	return problems.length === 0 ? checked : invalidValues(problems, settings.portalId);
}

function checkValue(definition: PropertyDefinition | undefined, name: string, text: string): Normalised {
	if (definition === undefined || definition.archivedAt !== undefined)
		return { error: 'PROPERTY_DOESNT_EXIST', message: `Property "${name}" does not exist` };
	if (definition.readOnlyValue)
		return { error: 'READ_ONLY_VALUE', message: `"${name}" is a read only property; its value cannot be set.` };
	return normalise(definition, text);
}

/** HubSpot's error for values that are not taken. */
export function invalidValues(problems: readonly Problem[], portalId: number): HubSpotError {
	const list = problems.map(({ name, error, message }) => ({
		isValid: false,
		message,
		error,
		name,
		localizedErrorMessage: message,
		portalId,
	}));
	const errors: ErrorDetail[] = problems.map(({ name, error, message }) => ({
		message,
		code: error,
		context: { propertyName: [name] },
	}));
	return validationError(`Property values were not valid: ${JSON.stringify(list)}`, errors);
}

type Normalised = { value: string } | { error: string; message: string };

function normalise(definition: PropertyDefinition, text: string): Normalised {
	if (text === '') return { value: '' };
	switch (definition.type) {
		case 'number':
			return Number.isFinite(Number(text)) && text.trim() !== ''
				? { value: text.trim() }
				: { error: 'INVALID_DOUBLE', message: `${text} was not a valid number.` };
		case 'bool':
		case 'enumeration':
			return normaliseOption(definition, text);
		case 'date': {
			const at = instantOf(text);
			return at === undefined || at % 86_400_000 !== 0
				? { error: 'INVALID_DATE', message: `${text} was not a valid date; it must be at midnight UTC.` }
				: { value: new Date(at).toISOString().slice(0, 10) };
		}
		case 'datetime': {
			const at = instantOf(text);
			return at === undefined
				? { error: 'INVALID_LONG', message: `${text} was not a valid long.` }
				: { value: new Date(at).toISOString() };
		}
		default:
			if (text.length > MAX_TEXT) {
				return { error: 'VALUE_TOO_LONG', message: `Property values may be at most ${MAX_TEXT} characters long.` };
			}
			return definition.name === 'email' ? normaliseEmail(text) : { value: text };
	}
}

function normaliseEmail(text: string): Normalised {
	const email = text.trim().toLowerCase();
	return isEmail(email) ? { value: email } : { error: 'INVALID_EMAIL', message: `Email address ${text} is invalid` };
}

function normaliseOption(definition: PropertyDefinition, text: string): Normalised {
	if (definition.externalOptions) return { value: text };
	const allowed = definition.options.map(({ value }) => value);
	const isMany = definition.fieldType === 'checkbox';
	const wanted = isMany ? text.split(';').filter((part) => part !== '') : [text];
	const bad = wanted.find((value) => !allowed.includes(value));
	if (bad !== undefined) {
		return { error: 'INVALID_OPTION', message: `${bad} was not one of the allowed options: [${allowed.join(', ')}]` };
	}
	return { value: wanted.join(';') };
}

/** ms since 1970 of an epoch-milliseconds text or an ISO date or date-time; undefined for anything else. */
export function instantOf(text: string): number | undefined {
	if (/^-?\d{1,16}$/.test(text)) return Number(text);
	if (!/^\d{4}-\d{2}-\d{2}(T.*)?$/.test(text)) return undefined;
	const at = Date.parse(text);
	return Number.isNaN(at) ? undefined : at;
}
