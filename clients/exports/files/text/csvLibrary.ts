import Papa from 'papaparse';

/**
 * The only import of PapaParse, which the build puts into this file (gulpfile.js): a community node has no dependencies of its own. The
 * parser works on text, answers what is wrong with quotes instead of guessing in silence, and wants no part of Node.
 */

/** What is left out of PapaParse's own types: the parser below its streams. */
interface TextParser {
	parse(
		text: string,
		base: number,
		ignoreLastRow: boolean,
	): {
		readonly data: string[][];
		readonly errors: readonly unknown[];
		readonly meta: { readonly cursor: number };
	};
}
type TextParserClass = new (settings: { delimiter: string; newline: '\n'; quoteChar: '"' }) => TextParser;

export interface ParsedText {
	readonly rows: string[][];
	/** Whether a quote stands where none may, or one is never closed. */
	readonly broken: boolean;
	/** Where the first row begins that is not among the rows. */
	readonly end: number;
}

/** Rows of a text whose line ends are `\n`. `more`: the last row is left out, because its rest is still to come. */
export function parseText(text: string, delimiter: string, more: boolean): ParsedText {
	const Parser = (Papa as unknown as { Parser: TextParserClass }).Parser;
	const { data, errors, meta } = new Parser({ delimiter, newline: '\n', quoteChar: '"' }).parse(text, 0, more);
	return { rows: data, broken: errors.length > 0, end: meta.cursor };
}
