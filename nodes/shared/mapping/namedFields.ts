/** `json.fields` or `json["fields"]`, then `.name`, `?.name` or `['name']`. */
const FIELD_OF_ITEM =
	/\bjson(?:\?\.|\.)?(?:fields|\[\s*["'`]fields["'`]\s*\])(?:(?:\?\.)?\[\s*(["'`])(.+?)\1\s*\]|\??\.([\p{L}_$][\p{L}\p{N}_$]*))/gu;

/**
 * The source fields that an expression or a piece of code reads from a contact item by their names: as `$json.fields.name`,
 * `$json["fields"]["name"]`, `item.json.fields.name` or the like. What is not written out cannot be seen.
 */
export const fieldsReadIn = (text: string): readonly string[] => [
	...new Set([...text.matchAll(FIELD_OF_ITEM)].map((match) => match[2] ?? match[3] ?? '')),
];

/** The source fields that a node reads so anywhere in its stored parameters. */
export const fieldsReadBy = (parameters: unknown): readonly string[] => [
	...new Set(textsIn(parameters).flatMap(fieldsReadIn)),
];

function textsIn(value: unknown): readonly string[] {
	if (typeof value === 'string') return [value];
	return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

/** How an expression reads a field. */
export const readingOf = (name: string): string =>
	/^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(name) ? `$json.fields.${name}` : `$json.fields[${inQuotes(name)}]`;

/** The text as an expression writes it. */
export const inQuotes = (text: string): string => `'${text.replace(/[\\']/g, '\\$&')}'`;
