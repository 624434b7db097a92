import type { Plain } from './convertValue';
import type { SourceField } from './fields';
import { sourceLabel } from './choices';
import type { Conversion } from './mapping';

/**
 * Digits with a point for decimals, as HubSpot writes numbers. Text with thousands marks or a decimal comma is refused:
 * `1.234` and `1,234` mean different things in different countries.
 */
export function convertToNumber(value: Plain, field: SourceField | undefined, below = Infinity): Conversion<number> {
	if (typeof value === 'number') return within(value, below);
	if (typeof value === 'boolean' || Array.isArray(value)) return notANumber;
	const text = (value as string).trim();
	const written = NUMBER.test(text) ? text : field ? sourceLabel(field, text).trim() : text;
	if (!NUMBER.test(written)) return notANumber;
	return within(Number(written), below);
}

function within(number: number, below: number): Conversion<number> {
	if (!Number.isFinite(number)) return notANumber;
	return Math.abs(number) < below ? { kind: 'value', value: number } : tooLarge;
}

const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?$/;

const notANumber: Conversion<number> = { kind: 'unusable', code: 'VALUE_NOT_CONVERTIBLE', reason: 'is not a number' };

const tooLarge: Conversion<number> = {
	kind: 'unusable',
	code: 'VALUE_NOT_CONVERTIBLE',
	reason: 'is too large a number',
};
