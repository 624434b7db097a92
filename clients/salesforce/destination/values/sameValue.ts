import type { FieldValue } from '../../../../core/contact/contact';
import { withPlainLineBreaks } from '../../../../core/contact/valuePrint';
import { instantOf } from '../../../../core/instant';
import { storedNumber } from '../../../../core/plainNumber';
import type { SalesforceField } from '../../api/types';
import { isNumberField } from './toSalesforceValue';

/**
 * Whether a value read from Salesforce is what a written one becomes there: texts trimmed, numbers rounded to the field's scale,
 * phones in whatever form, a picklist by value or label, choices in any order, instants to the second.
 */
export function sameSalesforceValue(
	field: SalesforceField | undefined,
	held: FieldValue | undefined,
	wanted: FieldValue,
): boolean {
	const type = field?.type ?? 'string';
	if (type === 'boolean') return isTrue(held) === isTrue(wanted);
	if (isNothing(held) || isNothing(wanted)) return isNothing(held) && isNothing(wanted);
	if (type === 'multipicklist' || Array.isArray(held) || Array.isArray(wanted))
		return sameChoices(choicesOf(field, held), choicesOf(field, wanted));
	if (field && isNumberField(field)) return rounded(field, held) === rounded(field, wanted);
	const [a, b] = [textOf(held), textOf(wanted)];
	switch (type) {
		case 'date':
			return a.slice(0, 10) === b.slice(0, 10);
		case 'datetime':
			return secondOf(a) === secondOf(b);
		case 'phone':
			return digitsOf(a) === digitsOf(b);
		case 'email':
			return a.toLowerCase() === b.toLowerCase();
		case 'picklist':
		case 'combobox':
			return optionOf(field, a) === optionOf(field, b);
		default:
			return a === b;
	}
}

const isTrue = (value: FieldValue | undefined): boolean => String(value).toLowerCase() === 'true';

const isNothing = (value: FieldValue | undefined): boolean =>
	value === undefined || value === null || textOf(value) === '' || (Array.isArray(value) && value.length === 0);

/** Without blanks around it; Salesforce stores other line breaks than it gets. */
const textOf = (value: FieldValue | undefined): string => withPlainLineBreaks(String(value)).trim();

const choicesOf = (field: SalesforceField | undefined, value: FieldValue | undefined): ReadonlySet<string> => {
	const given = Array.isArray(value) ? (value as readonly string[]) : [textOf(value)];
	const choices = given.flatMap((one) => one.split(';'));
	return new Set(choices.map((one) => optionOf(field, one.trim())).filter((one) => one !== ''));
};

const sameChoices = (a: ReadonlySet<string>, b: ReadonlySet<string>): boolean =>
	a.size === b.size && [...a].every((option) => b.has(option));

/** The stored value of an option, from its value or its label, in lower case. */
function optionOf(field: SalesforceField | undefined, text: string): string {
	const wanted = text.toLowerCase();
	const options = field?.picklistValues ?? [];
	const option =
		options.find(({ value }) => value.toLowerCase() === wanted) ??
		options.find(({ label }) => label.toLowerCase() === wanted);
	return (option?.value ?? text).toLowerCase();
}

function rounded({ scale }: SalesforceField, value: FieldValue | undefined): string {
	const number = storedNumber(value);
	return number === undefined ? textOf(value) : String(Number(number.toFixed(Math.min(scale, 20))));
}

function secondOf(text: string): string {
	const instant = instantOf(text);
	return instant === undefined ? text : String(Math.floor(instant / 1_000));
}

/** Texts without digits, such as `n/a`, are compared as they are. */
const digitsOf = (text: string): string => text.replace(/^\s*(?:\+|00)/, '').replace(/\D/g, '') || text;
