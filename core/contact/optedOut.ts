/**
 * Whether a contact opted out, as nodes in between may have rewritten it: yes/no values and their text or number. Null when
 * nothing is said; undefined for what is neither yes nor no, because a misread opt-out would be a lost one.
 */
export function readOptedOut(value: unknown): boolean | null | undefined {
	if (value === undefined || value === null) return null;
	if (typeof value === 'boolean') return value;
	if (typeof value !== 'string' && typeof value !== 'number') return undefined;
	const text = String(value).trim().toLowerCase();
	return text === '' ? null : WORDS.get(text);
}

const WORDS: ReadonlyMap<string, boolean> = new Map([
	['true', true],
	['yes', true],
	['1', true],
	['false', false],
	['no', false],
	['0', false],
]);
