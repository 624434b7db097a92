/** Reading of values of unknown shape: parameters, static data, JSON of an answer. */

export type JsonObject = Readonly<Record<string, unknown>>;

/** An object with named values, no array and not null. */
export const isRecord = (value: unknown): value is JsonObject =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

/** The text itself; anything else counts as empty. */
export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Texts and numbers as text, as ids and cells come in both; anything else counts as empty. */
export const idTextOf = (value: unknown): string => (typeof value === 'number' ? String(value) : textOf(value));
