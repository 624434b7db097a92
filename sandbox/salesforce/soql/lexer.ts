import type { Wildcard } from './ast';
import { queryError } from './errors';

export type Token = { readonly at: number; readonly text: string } & (
	| { readonly kind: 'word' | 'symbol' | 'end' }
	| { readonly kind: 'number'; readonly number: number }
	| { readonly kind: 'date' }
	| { readonly kind: 'datetime'; readonly ms: number }
	| { readonly kind: 'string'; readonly raw: string }
);

const WORD = /[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*/y;
const DATETIME = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,3})?(?:Z|[+-]\d\d:\d\d)(?![\w:.])/y;
const DATE = /\d{4}-\d\d-\d\d(?![\w:.-])/y;
const NUMBER = /[+-]?\d+(?:\.\d+)?(?![\w.])/y;
const SYMBOL = /<=|>=|!=|<>|[=<>(),:]/y;
const BLANK = /[ \t\r\n]+/y;

/** Cuts a query into tokens. Throws MALFORMED_QUERY for what no token begins with, and for broken strings and dates. */
export function tokensOf(query: string): Token[] {
	const tokens: Token[] = [];
	let at = 0;
	const take = (pattern: RegExp): string | undefined => {
		pattern.lastIndex = at;
		return pattern.exec(query)?.[0];
	};
	while (at < query.length) {
		const blank = take(BLANK);
		if (blank !== undefined) {
			at += blank.length;
			continue;
		}
		const token = query[at] === "'" ? stringToken(query, at) : plainToken(query, at, take);
		tokens.push(token);
		at += token.text.length;
	}
	tokens.push({ kind: 'end', at: query.length, text: '<EOF>' });
	return tokens;
}

function plainToken(query: string, at: number, take: (pattern: RegExp) => string | undefined): Token {
	const datetime = take(DATETIME);
	if (datetime !== undefined) {
		const ms = isDay(datetime.slice(0, 10)) ? Date.parse(datetime) : NaN;
		if (Number.isNaN(ms)) throw queryError(query, at, `Invalid datetime: ${datetime}`);
		return { kind: 'datetime', at, text: datetime, ms };
	}
	const date = take(DATE);
	if (date !== undefined) {
		if (!isDay(date)) throw queryError(query, at, `Invalid date: ${date}`);
		return { kind: 'date', at, text: date };
	}
	const number = take(NUMBER);
	if (number !== undefined) return { kind: 'number', at, text: number, number: Number(number) };
	const word = take(WORD);
	if (word !== undefined) return { kind: 'word', at, text: word };
	const symbol = take(SYMBOL);
	if (symbol !== undefined) return { kind: 'symbol', at, text: symbol };
	throw queryError(query, at, `unexpected token: '${query.charAt(at)}'`);
}

/** Whether `YYYY-MM-DD` is a day of the calendar. */
export function isDay(text: string): boolean {
	const at = Date.parse(`${text}T00:00:00Z`);
	return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text);
}

function stringToken(query: string, at: number): Token {
	for (let end = at + 1; end < query.length; end += 1) {
		const char = query[end];
		if (char === '\\') end += 1;
		else if (char === "'") {
			const text = query.slice(at, end + 1);
			return { kind: 'string', at, text, raw: text.slice(1, -1) };
		} else if (char === '\n' || char === '\r') {
			throw queryError(query, end, 'Line breaks not allowed in string literals');
		}
	}
	throw queryError(query, at, "mismatched character '<EOF>' expecting '''");
}

const ESCAPES: Readonly<Record<string, string>> = {
	n: '\n',
	r: '\r',
	t: '\t',
	b: '\b',
	f: '\f',
	'"': '"',
	"'": "'",
	'\\': '\\',
};

/**
 * What a string literal says: its characters and, for LIKE, which of them are wildcards. `\_` and `\%` are legal for LIKE
 * only; every other unknown escape is an error.
 */
export function decodeString(
	query: string,
	token: Token & { kind: 'string' },
	isPattern: boolean,
): Array<string | Wildcard> {
	const { raw } = token;
	const parts: Array<string | Wildcard> = [];
	for (let n = 0; n < raw.length; n += 1) {
		const char = raw.charAt(n);
		if (char !== '\\') {
			parts.push(isPattern && (char === '%' || char === '_') ? { any: char } : char);
			continue;
		}
		n += 1;
		const next = raw.charAt(n);
		const code = next === 'u' ? /^[0-9A-Fa-f]{4}/.exec(raw.slice(n + 1))?.[0] : undefined;
		if (code !== undefined) {
			parts.push(String.fromCharCode(parseInt(code, 16)));
			n += 4;
		} else if (isPattern && (next === '%' || next === '_')) parts.push(next);
		else if (Object.hasOwn(ESCAPES, next)) parts.push(ESCAPES[next] as string);
		else {
			const message = `Invalid string literal '${raw}'. Illegal character sequence '\\${next}' in string literal.`;
			throw queryError(query, token.at, message);
		}
	}
	return parts;
}
