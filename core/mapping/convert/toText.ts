import { cleanText } from '../../contact/cleanText';
import type { Plain } from './plainValue';
import type { SourceField } from '../fields';
import type { Conversion, MappingSettings } from '../mapping';
import { sourceLabel, splitChoices } from './choices';
import { toLocalTime } from './toDate';

/**
 * Text stays as written. Choices become their labels (or stay internal values), several of them joined by `; `. A date and
 * time is the same instant written in the time zone.
 */
export function convertToText(
	value: Plain,
	field: SourceField | undefined,
	maxLength: number | undefined,
	{ choicesAs, timeZone }: Pick<MappingSettings, 'choicesAs' | 'timeZone'>,
): Conversion<string> {
	const named = (one: string): string => {
		if (field?.type === 'datetime') return toLocalTime(one, timeZone) ?? one;
		return choicesAs === 'label' && field ? sourceLabel(field, one) : one;
	};
	const text = cleanText(
		Array.isArray(value) || field?.type === 'multipleChoice'
			? splitChoices(value).map(named).join('; ')
			: named(String(value)),
	);
	if (text.trim() === '') return { kind: 'empty' };
	if (maxLength !== undefined && text.length > maxLength) {
		const length = [...text].length;
		if (length > maxLength)
			return { kind: 'unusable', code: 'VALUE_TOO_LONG', reason: `has ${length} characters; at most ${maxLength} fit` };
	}
	return { kind: 'value', value: text };
}
