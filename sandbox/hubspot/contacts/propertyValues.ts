import type { PropertyDefinition } from '../entities';
import { validationError, type ErrorDetail, type HubSpotError } from '../errors';

const MAX_TEXT = 65_536;

interface Problem {
	readonly name: string;
	readonly error: string;
	readonly message: string;
}

/**
 * Checks values as HubSpot does on write and brings them into the stored form: dates as `YYYY-MM-DD`, date-times as ISO in
 * UTC, e-mails trimmed and lower-case; `''` clears. Returns HubSpot's error, which names every bad property, or the values.
 */
export function checkValues(
	definitions: ReadonlyMap<string, PropertyDefinition>,
	values: Readonly<Record<string, string | number | boolean | null>>,
	portalId: number,
): Record<string, string> | HubSpotError {
	const problems: Problem[] = [];
	const checked: Record<string, string> = {};
	for (const [name, raw] of Object.entries(values)) {
		const definition = definitions.get(name);
		if (definition === undefined || definition.archivedAt !== undefined) {
			problems.push({ name, error: 'PROPERTY_DOESNT_EXIST', message: `Property "${name}" does not exist` });
		} else if (definition.readOnlyValue) {
			const message = `"${name}" is a read only property; its value cannot be set.`;
			problems.push({ name, error: 'READ_ONLY_VALUE', message });
		} else {
			const text = raw === null ? '' : String(raw);
			const result = normalise(definition, text);
			if ('value' in result) checked[name] = result.value;
			else problems.push({ name, ...result });
		}
	}
	return problems.length === 0 ? checked : invalidValues(problems, portalId);
}

function invalidValues(problems: readonly Problem[], portalId: number): HubSpotError {
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
	return /^[^\s@,;<>"]+@[^\s@,;<>"]+\.[a-z]{2,}$/.test(email)
		? { value: email }
		: { error: 'INVALID_EMAIL', message: `Email address ${text} is invalid` };
}

function normaliseOption(definition: PropertyDefinition, text: string): Normalised {
	if (definition.externalOptions) return { value: text };
	const allowed = definition.options.map(({ value }) => value);
	const isMany = definition.fieldType === 'checkbox';
	const wanted = isMany ? text.split(';').filter((part) => part !== '') : [text];
	const bad = wanted.find((value) => !allowed.includes(definition.type === 'bool' ? value.toLowerCase() : value));
	if (bad !== undefined) {
		return { error: 'INVALID_OPTION', message: `${bad} was not one of the allowed options: [${allowed.join(', ')}]` };
	}
	return { value: definition.type === 'bool' ? text.toLowerCase() : wanted.join(';') };
}

/** ms since 1970 of an epoch-milliseconds text or an ISO date or date-time; undefined for anything else. */
export function instantOf(text: string): number | undefined {
	if (/^-?\d{1,16}$/.test(text)) return Number(text);
	if (!/^\d{4}-\d{2}-\d{2}(T.*)?$/.test(text)) return undefined;
	const at = Date.parse(text);
	return Number.isNaN(at) ? undefined : at;
}
