/** A rule that an admin of the account made for the values of a property; an empty value breaks none. */
export interface ValidationRule {
	readonly property: string;
	/** What a value has to match, as a regular expression. */
	readonly regex?: string | undefined;
	readonly minLength?: number | undefined;
	/** What HubSpot answers; default: a text of its own. */
	readonly message?: string | undefined;
}

/** The message of the first rule that the value breaks. */
export function brokenRule(rules: readonly ValidationRule[], name: string, value: string): string | undefined {
	if (value === '') return undefined;
	const broken = rules.find(
		({ property, regex, minLength }) =>
			property === name &&
			((regex !== undefined && !new RegExp(regex, 'u').test(value)) ||
				(minLength !== undefined && [...value].length < minLength)),
	);
	return broken && (broken.message ?? `${value} does not meet the validation rules of property ${name}.`);
}
