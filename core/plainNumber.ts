/** Digits with a point for decimals; JavaScript also takes blanks for 0, `true` for 1, `0x10` for 16 and `[5]` for 5. */
const PLAIN = /^[+-]?(?:\d+\.?\d*|\.\d+)$/;
const WITH_EXPONENT = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d{1,3})?$/i;

/** A number, or a text that is one as people write it, in a setting or a cell; undefined for anything else. */
export const plainNumber = (value: unknown): number | undefined => numberIn(value, PLAIN);

/** As `plainNumber`; what systems write may have an exponent (`1.0E7`). */
export const storedNumber = (value: unknown): number | undefined => numberIn(value, WITH_EXPONENT);

function numberIn(value: unknown, form: RegExp): number | undefined {
	const number = typeof value === 'string' && form.test(value.trim()) ? Number(value) : value;
	return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}
