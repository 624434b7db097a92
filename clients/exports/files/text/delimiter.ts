import { parseText } from './csvLibrary';
import { isEmailHeader } from '../../recognise/headerForm';

/** Semicolons come from Excel of most of Europe and from Brevo, tabs from Excel's Unicode text, the others from databases. */
const DELIMITERS = [',', ';', '\t', '|', '^', '~', '¦', '\x1f', '\x01'] as const;
const ROWS = 20;

export interface Dialect {
	readonly delimiter: string;
	/** Characters before the first row: Excel's line `sep=;`. */
	readonly skip: number;
}

/** How a text is delimited, from its beginning. A text of one column has no delimiter; then it is a comma. */
export function dialectOf(beginning: string): Dialect {
	// A spreadsheet program that saves the line again puts marks around it, and a delimiter for each further column behind it.
	const told = /^"?sep=([^\w"\r\n])"?\1*(?:\r\n|\r|\n|$)/i.exec(beginning);
	if (told?.[1] !== undefined) return { delimiter: told[1], skip: told[0].length };
	const text = beginning.replace(/\r\n?/g, '\n');
	let best: { readonly delimiter: string; readonly score: number } = { delimiter: ',', score: 0 };
	for (const delimiter of DELIMITERS) {
		const score = scoreOf(parseText(text, delimiter, false).rows.slice(0, ROWS));
		if (score > best.score) best = { delimiter, score };
	}
	return { delimiter: best.delimiter, skip: 0 };
}

/** Best is a header with an e-mail column, then rows of as many cells, then more cells. */
function scoreOf(rows: readonly (readonly string[])[]): number {
	const [first] = rows;
	if (!first || first.length < 2) return 0;
	const alike = rows.filter((cells) => cells.length === first.length).length / rows.length;
	return (first.some(isEmailHeader) ? 1_000_000 : 0) + alike * 1_000 + Math.min(first.length, 999);
}
