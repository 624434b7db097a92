import { foldChoice, sourceLabel } from './choices';
import type { Plain } from './plainValue';
import type { SourceField } from '../fields';
import type { Conversion } from '../mapping';

/** HB-27 lifted: yes/no values, as booleans, as 1 and 0, or as the words for yes and no in the languages of the vendors. */
export function convertToBoolean(value: Plain, field: SourceField | undefined): Conversion<boolean> {
	if (typeof value === 'boolean') return { kind: 'value', value };
	if (Array.isArray(value)) return notYesOrNo;
	const text = String(value);
	const answer = yesOrNo(text) ?? (field ? yesOrNo(sourceLabel(field, text)) : undefined);
	return answer === undefined ? notYesOrNo : { kind: 'value', value: answer };
}

/** True for a word that means yes, false for one that means no. */
export function yesOrNo(text: string): boolean | undefined {
	const word = foldChoice(text);
	if (YES.has(word)) return true;
	return NO.has(word) ? false : undefined;
}

const YES: ReadonlySet<string> = new Set([
	'true',
	'yes',
	'y',
	'1',
	'on',
	'oui',
	'vrai',
	'ja',
	'wahr',
	'sí',
	'si',
	'sì',
	'sim',
	'vero',
	'tak',
	'da',
]);
const NO: ReadonlySet<string> = new Set([
	'false',
	'no',
	'n',
	'0',
	'off',
	'non',
	'faux',
	'nein',
	'falsch',
	'não',
	'nao',
	'nee',
	'falso',
	'nie',
	'ne',
]);

const notYesOrNo: Conversion<boolean> = {
	kind: 'unusable',
	code: 'VALUE_NOT_CONVERTIBLE',
	reason: 'is neither yes nor no',
};
