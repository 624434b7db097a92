import type { Plain } from './plainValue';
import type { SourceField } from '../fields';
import { sourceLabel } from './choices';
import type { Conversion } from '../mapping';

/**
 * Digits with a point for decimals, as HubSpot writes numbers. Text that people typed may have thousands marks and a
 * decimal comma, where there is only one way to read it: `1.234,56` and `1,234.56` are the same number. `1,234`, and
 * `1.234` in a text field, mean different numbers in different countries and are refused.
 */
export function convertToNumber(value: Plain, field: SourceField | undefined, below = Infinity): Conversion<number> {
	if (typeof value === 'number') return within(value, below);
	if (typeof value === 'boolean' || Array.isArray(value)) return notANumber;
	const text = (value as string).trim();
	// A number field holds digits with a point, and an expression mostly passes one of those on.
	if (field === undefined || field.type === 'number') {
		return NUMBER.test(text) ? within(Number(text), below) : typedNumber(text, below);
	}
	const typed = typedNumber(text, below);
	const label = typed === notANumber ? sourceLabel(field, text).trim() : text;
	return label === text ? typed : typedNumber(label, below);
}

function typedNumber(text: string, below: number): Conversion<number> {
	if (AMBIGUOUS.test(text)) return ambiguous;
	if (NUMBER.test(text)) return within(Number(text), below);
	const plain = POINT_LAST.test(text)
		? text.replace(/[,\s'’]/g, '')
		: COMMA_LAST.test(text)
			? text.replace(/[.\s'’]/g, '').replace(',', '.')
			: text.replace(THOUSANDS_ONLY, (digits) => digits.replace(/[.,\s'’]/g, ''));
	return NUMBER.test(plain) ? within(Number(plain), below) : notANumber;
}

function within(number: number, below: number): Conversion<number> {
	if (!Number.isFinite(number)) return notANumber;
	return Math.abs(number) < below ? { kind: 'value', value: number } : tooLarge;
}

const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?$/;

/** One mark before three digits: thousands or decimals, which cannot be told. A leading zero is never one of thousands. */
const AMBIGUOUS = /^[+-]?[1-9]\d{0,2}[.,]\d{3}$/;
/** `1,234.5`, `1 234.5`, `1'234.5`: one kind of mark between groups of three, then a point. */
const POINT_LAST = /^[+-]?\d{1,3}([,\s'’])\d{3}(?:\1\d{3})*\.\d+$/;
/** `1.234,5`, `1 234,5`, `1234,5`. */
const COMMA_LAST = /^[+-]?(?:\d{1,3}([.\s'’])\d{3}(?:\1\d{3})*|\d+),\d+$/;
/** `1 234`, `1'234`, `1.234.567`, `1,234,567`: a mark that comes twice, or a blank or an apostrophe, is no decimal mark. */
const THOUSANDS_ONLY = /^[+-]?\d{1,3}(?:([\s'’])\d{3}(?:\1\d{3})*|([.,])\d{3}(?:\2\d{3})+)$/;

const notANumber: Conversion<number> = { kind: 'unusable', code: 'VALUE_NOT_CONVERTIBLE', reason: 'is not a number' };

const ambiguous: Conversion<number> = {
	kind: 'unusable',
	code: 'VALUE_NOT_CONVERTIBLE',
	reason: 'can be read as two numbers (thousands or decimals)',
};

const tooLarge: Conversion<number> = {
	kind: 'unusable',
	code: 'VALUE_NOT_CONVERTIBLE',
	reason: 'is too large a number',
};
