/** A resource locator as a node's parameters hold it: how the person chose, and what. */
export interface Locator {
	/** `list`, `id` or `name`. */
	readonly mode: string;
	readonly value: string;
}

/** Reads a locator, also one that was written as the plain value. */
export function toLocator(parameter: unknown): Locator {
	if (typeof parameter !== 'object' || parameter === null) return { mode: 'id', value: textIn(parameter) };
	const { mode = 'list', value } = parameter as { mode?: string; value?: unknown };
	return { mode, value: textIn(value) };
}

/** What is chosen; empty: nothing. */
export const locatorId = (parameter: unknown): string => toLocator(parameter).value;

const textIn = (value: unknown): string =>
	typeof value === 'string' || typeof value === 'number' ? String(value).trim() : '';
