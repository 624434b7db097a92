import type { Plain } from './plainValue';
import type { SourceField } from '../fields';

/** The choices of a value: HubSpot joins several by `;`. */
export function splitChoices(value: Plain): readonly string[] {
	const parts = Array.isArray(value) ? (value as readonly string[]) : String(value).split(';');
	return parts.map((part) => part.trim()).filter((part) => part !== '');
}

/** Case, blanks and the form of accented letters do not tell two options apart. */
export const foldChoice = (text: string): string =>
	text.normalize('NFKC').toLowerCase().normalize('NFKC').trim().replace(/\s+/g, ' ');

const labels = new WeakMap<SourceField, ReadonlyMap<string, string>>();

/** The label people see for an internal value; the value itself when the source lists no such option. */
export function sourceLabel(field: SourceField, value: string): string {
	let known = labels.get(field);
	if (!known) {
		known = new Map((field.options ?? []).map((option) => [foldChoice(option.value), option.label]));
		labels.set(field, known);
	}
	return known.get(foldChoice(value)) ?? value;
}
