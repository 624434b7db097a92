/** A value that is there and not empty. */
export type Plain = string | number | boolean | readonly string[];

export function isEmpty(value: unknown): boolean {
	if (value === null) return true;
	if (typeof value === 'string') return value.trim() === '';
	return Array.isArray(value) && value.every(isEmpty);
}

/** Expressions can give anything: dates become ISO text, lists are flattened to texts, other objects are refused. */
export function toPlain(value: unknown): Plain | undefined {
	if (typeof value === 'string' || typeof value === 'boolean') return value;
	if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
	if (typeof value === 'bigint') return value.toString();
	if (value instanceof Date) return Number.isNaN(value.getTime()) ? undefined : value.toISOString();
	if (Array.isArray(value)) return toPlainList(value);
	return isoTextOf(value);
}

function toPlainList(values: readonly unknown[]): readonly string[] | undefined {
	const texts: string[] = [];
	for (const value of values) {
		if (isEmpty(value)) continue;
		if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') return undefined;
		texts.push(String(value));
	}
	return texts;
}

/** Luxon's DateTime, which n8n's expressions use; recognised by its method, since n8n's copy of luxon is another one. */
function isoTextOf(value: unknown): string | undefined {
	if (typeof value !== 'object' || value === null || !('isLuxonDateTime' in value) || !('toISO' in value))
		return undefined;
	const { toISO } = value;
	const text: unknown = typeof toISO === 'function' ? toISO.call(value) : undefined;
	return typeof text === 'string' ? text : undefined;
}
