/** Whole texts, parentheses, numbers with dates, words; a lone quote opens a text that does not end. */
const TOKENS = /'(?:[^'\\]|\\.)*'|[()']|\d[\w.:+-]*|[A-Za-z_][\w.:]*/gs;

/** A word of a query, in capitals, and where it begins. */
export interface Word {
	readonly text: string;
	readonly start: number;
}

/** Words outside of texts and parentheses; undefined when texts or parentheses do not close. */
export function topLevelWords(query: string): readonly Word[] | undefined {
	const words: Word[] = [];
	let depth = 0;
	for (const { 0: token, index } of query.matchAll(TOKENS)) {
		if (token === '(') depth += 1;
		else if (token === ')') depth -= 1;
		else if (token === "'") return undefined;
		else if (depth === 0 && isWord(token)) words.push({ text: token.toUpperCase(), start: index });
		if (depth < 0) return undefined;
	}
	return depth === 0 ? words : undefined;
}

/** Every word outside of texts, also within parentheses; names keep their capitals. */
export const allWords = (query: string): readonly string[] =>
	[...query.matchAll(TOKENS)].map(([token]) => token).filter(isWord);

function isWord(token: string): boolean {
	return /^[A-Za-z_]/.test(token);
}
