import { foldChoice, sourceLabel, splitChoices } from './choices';
import { yesOrNo } from './toBoolean';
import type { Plain } from './plainValue';
import type { DestinationField, SourceField } from '../fields';
import type { Conversion, ConversionWarning } from '../mapping';

/** HB-27 lifted: one option of the destination, found by the label or value of the source's choice. */
export function convertToCategory(
	value: Plain,
	field: SourceField | undefined,
	destination: DestinationField,
): Conversion<string | number> {
	// A label may hold a semicolon, so the whole text is tried before its parts.
	const whole = Array.isArray(value) ? undefined : optionFor(String(value).trim(), field, destination);
	if (whole !== undefined) return { kind: 'value', value: whole };
	const choices = choicesOf(value, field);
	if (choices.length !== 1)
		return { kind: 'unusable', code: 'VALUE_NOT_CONVERTIBLE', reason: 'holds several choices, and only one fits' };
	const choice = choices[0] ?? '';
	const found = optionFor(choice, field, destination);
	return found === undefined
		? { kind: 'unusable', ...unknownOption([choice], field) }
		: { kind: 'value', value: found };
}

/** The options that exist are kept; a warning names the others. */
export function convertToMultipleChoice(
	value: Plain,
	field: SourceField | undefined,
	destination: DestinationField,
): Conversion<readonly string[]> {
	const found: string[] = [];
	const unknown: string[] = [];
	for (const choice of choicesOf(value, field)) {
		const option = optionFor(choice, field, destination);
		if (option === undefined) unknown.push(choice);
		else if (!found.includes(String(option))) found.push(String(option));
	}
	if (found.length === 0) return { kind: 'unusable', ...unknownOption(unknown, field) };
	return { kind: 'value', value: found, ...(unknown.length > 0 ? { warning: unknownOption(unknown, field) } : {}) };
}

/** Only what can hold several choices is split: a label of a single choice may contain a semicolon. */
function choicesOf(value: Plain, field: SourceField | undefined): readonly string[] {
	if (Array.isArray(value) || field === undefined || field.type === 'multipleChoice' || field.type === 'text')
		return splitChoices(value);
	return [String(value).trim()];
}

interface KnownOptions {
	readonly byLabel: ReadonlyMap<string, string | number>;
	readonly byValue: ReadonlyMap<string, string | number>;
	readonly yes?: string | number;
	readonly no?: string | number;
}

const known = new WeakMap<DestinationField, KnownOptions>();

function optionsOf(destination: DestinationField): KnownOptions {
	const found = known.get(destination);
	if (found) return found;
	const options = destination.options ?? [];
	const made: KnownOptions = {
		byLabel: new Map(options.map((option) => [foldChoice(option.label), option.value])),
		byValue: new Map(options.map((option) => [foldChoice(String(option.value)), option.value])),
		yes: options.find((option) => yesOrNo(option.label) === true)?.value,
		no: options.find((option) => yesOrNo(option.label) === false)?.value,
	};
	known.set(destination, made);
	return made;
}

/**
 * Labels are compared before internal values, and a number that is only HubSpot's internal value of a labelled option is
 * never taken for the destination's own number: `2` may be Silver on one side and Gold on the other.
 */
function optionFor(
	choice: string,
	field: SourceField | undefined,
	destination: DestinationField,
): string | number | undefined {
	const options = optionsOf(destination);
	const label = field ? sourceLabel(field, choice) : choice;
	const [foldedLabel, foldedChoice] = [foldChoice(label), foldChoice(choice)];
	const opaque = foldedLabel !== foldedChoice && /^\d+$/.test(foldedChoice);
	const match =
		options.byLabel.get(foldedLabel) ??
		(opaque ? undefined : (options.byLabel.get(foldedChoice) ?? options.byValue.get(foldedChoice))) ??
		options.byValue.get(foldedLabel);
	if (match !== undefined) return match;
	if (opaque && field?.type !== 'boolean') return undefined;
	const answer = yesOrNo(choice) ?? yesOrNo(label);
	return answer === undefined ? undefined : answer ? options.yes : options.no;
}

/** The choices of a closed list are named; free text is not, because it may hold anything. */
function unknownOption(choices: readonly string[], field: SourceField | undefined): ConversionWarning {
	const closed = field?.options !== undefined && field.options.length > 0;
	const names = closed ? choices.map((choice) => `'${sourceLabel(field, choice)}'`).join(', ') : '';
	return { code: 'OPTION_UNKNOWN', reason: names ? `has no option ${names}` : 'has no such option' };
}
