import type { Comparison, Condition, Literal, Named, OrderTerm, Query } from './ast';
import { isRangeName } from './dateRanges';
import { malformed, queryError } from './errors';
import { decodeString, tokensOf, type Token } from './lexer';

/** Longest statement and longest string in WHERE (SOQL and SOSL limits page). */
const MAX_STATEMENT = 100_000;
const MAX_STRING = 4_000;
/** Semi-joins and anti-joins in one query. */
const MAX_SEMI_JOINS = 2;

const RESERVED = new Set(['and', 'asc', 'desc', 'excludes', 'first', 'from', 'group', 'having', 'in', 'includes', 'last', 'like', 'limit', 'not', 'null', 'nulls', 'or', 'select', 'using', 'where', 'with']); // prettier-ignore
const COMPARISONS: ReadonlySet<string> = new Set(['=', '!=', '<>', '<', '<=', '>', '>=']);

/**
 * Reads the part of SOQL that the stand-in knows: SELECT of fields or COUNT(), FROM one object, USING SCOPE, WHERE, ORDER
 * BY, LIMIT, OFFSET. Everything else is MALFORMED_QUERY with its place.
 */
export function parseQuery(text: string): Query {
	if (text.length > MAX_STATEMENT)
		throw malformed(`SOQL statements cannot be longer than ${MAX_STATEMENT} characters.`);
	const parser = new Parser(text);
	const query = parser.query(false);
	parser.expectEnd();
	return query;
}

class Parser {
	private readonly tokens: Token[];
	private position = 0;
	private semiJoins = 0;
	private isInside = false;

	constructor(private readonly text: string) {
		this.tokens = tokensOf(text);
	}

	query(isInner: boolean): Query {
		this.keyword('SELECT');
		const counts = !isInner && this.isWord('COUNT') && this.peek(1).text === '(';
		const select = counts ? this.count() : this.fieldList();
		this.keyword('FROM');
		const object = this.name();
		if (object.name.includes('.')) throw this.unexpected(this.tokens[this.position - 1]);
		const mineOnly = !isInner && this.skipWord('USING') && this.scope();
		const where = this.skipWord('WHERE') ? this.condition(true) : undefined;
		const orderBy = !isInner && !counts && this.skipWord('ORDER') ? this.orderTerms() : [];
		const limit = !isInner && this.skipWord('LIMIT') ? this.wholeNumber() : undefined;
		const offset = !isInner && this.skipWord('OFFSET') ? this.wholeNumber() : undefined;
		return {
			counts,
			select,
			object,
			mineOnly,
			orderBy,
			...(where !== undefined && { where }),
			...(limit !== undefined && { limit }),
			...(offset !== undefined && { offset }),
		};
	}

	expectEnd(): void {
		if (this.peek().kind !== 'end') throw this.unexpected();
	}

	private count(): Named[] {
		this.position += 1;
		this.symbol('(');
		this.symbol(')');
		return [];
	}

	private fieldList(): Named[] {
		const fields: Named[] = [];
		do {
			// List views select the translated label of a picklist this way.
			const isLabel = this.isWord('toLabel') && this.peek(1).text === '(';
			if (isLabel) this.position += 2;
			fields.push(this.name());
			if (isLabel) this.symbol(')');
		} while (this.skipSymbol(','));
		return fields;
	}

	private scope(): boolean {
		this.keyword('SCOPE');
		const token = this.next();
		const scope = token.text.toLowerCase();
		if (scope === 'mine' || scope === 'everything') return scope === 'mine';
		throw this.unexpected(token);
	}

	/** One level: conditions joined by AND alone or by OR alone, or one negated condition. */
	private condition(isTop: boolean): Condition {
		if (this.skipWord('NOT')) {
			const part = this.operand(false);
			if (this.isWord('AND') || this.isWord('OR')) throw this.unexpected();
			return { kind: 'not', part };
		}
		const first = this.operand(isTop);
		const joiner = this.isWord('AND') ? 'AND' : this.isWord('OR') ? 'OR' : undefined;
		if (joiner === undefined) return first;
		if (joiner === 'OR') this.refuseSemiJoin(first);
		const parts = [first];
		while (this.skipWord(joiner)) parts.push(this.operand(isTop && joiner === 'AND'));
		// Salesforce wants parentheses where AND and OR meet.
		if (this.isWord('AND') || this.isWord('OR')) throw this.unexpected();
		return { kind: joiner === 'AND' ? 'and' : 'or', parts };
	}

	private operand(mayJoin: boolean): Condition {
		if (this.skipSymbol('(')) {
			const inner = this.condition(mayJoin);
			this.symbol(')');
			return inner;
		}
		const one = this.comparison();
		if (!mayJoin) this.refuseSemiJoin(one);
		return one;
	}

	private refuseSemiJoin(one: Condition): void {
		if (one.kind === 'semiJoin') {
			throw queryError(
				this.text,
				one.at,
				'Semi join sub-selects are only allowed at the top level WHERE expressions and not in nested WHERE expressions.',
			);
		}
		if (one.kind === 'and') one.parts.forEach((part) => this.refuseSemiJoin(part));
	}

	private comparison(): Condition {
		const field = this.name();
		const token = this.next();
		if (COMPARISONS.has(token.text)) {
			const operator = (token.text === '<>' ? '!=' : token.text) as Comparison;
			return { kind: 'compare', field, operator, value: this.literal(false) };
		}
		switch (token.kind === 'word' ? token.text.toUpperCase() : '') {
			case 'LIKE':
				return { kind: 'compare', field, operator: 'LIKE', value: this.literal(true) };
			case 'IN':
				return this.membership(field, false);
			case 'NOT':
				this.keyword('IN');
				return this.membership(field, true);
			case 'INCLUDES':
				return { kind: 'options', field, excludes: false, values: this.literals() };
			case 'EXCLUDES':
				return { kind: 'options', field, excludes: true, values: this.literals() };
			default:
				throw this.unexpected(token);
		}
	}

	private membership(field: Named, negated: boolean): Condition {
		if (this.peek().text !== '(' || this.peek(1).text.toUpperCase() !== 'SELECT') {
			return { kind: 'in', field, negated, values: this.literals() };
		}
		const { at } = this.peek(1);
		this.semiJoins += 1;
		if (this.semiJoins > MAX_SEMI_JOINS) throw queryError(this.text, at, 'maximum 2 semi join sub-selects are allowed');
		if (this.isInside) throw queryError(this.text, at, 'Nesting of semi join sub-selects is not supported');
		this.symbol('(');
		this.isInside = true;
		const query = this.query(true);
		this.isInside = false;
		this.symbol(')');
		return { kind: 'semiJoin', field, negated, query, at };
	}

	private literals(): Literal[] {
		this.symbol('(');
		const values: Literal[] = [];
		do values.push(this.literal(false));
		while (this.skipSymbol(','));
		this.symbol(')');
		return values;
	}

	private literal(isPattern: boolean): Literal {
		const token = this.next();
		const { at } = token;
		switch (token.kind) {
			case 'string': {
				const pattern = decodeString(this.text, token, isPattern);
				const value = pattern.map((part) => (typeof part === 'string' ? part : part.any)).join('');
				if (value.length > MAX_STRING)
					throw queryError(this.text, at, `string literal longer than ${MAX_STRING} characters`);
				return { kind: 'string', value, pattern, at };
			}
			case 'number':
				return { kind: 'number', value: token.number, at };
			case 'date':
				return { kind: 'date', value: token.text, at };
			case 'datetime':
				return { kind: 'datetime', value: token.ms, at };
			case 'word':
				return this.wordLiteral(token);
			case 'symbol':
			case 'end':
				throw this.unexpected(token);
		}
	}

	private wordLiteral(token: Token): Literal {
		const { at } = token;
		const word = token.text.toUpperCase();
		if (word === 'NULL') return { kind: 'null', at };
		if (word === 'TRUE' || word === 'FALSE') return { kind: 'boolean', value: word === 'TRUE', at };
		const takesNumber = /^(LAST|NEXT)_N_/.test(word);
		if (!isRangeName(word)) throw this.unexpected(token);
		if (!takesNumber) return { kind: 'range', name: word, n: 0, at };
		this.symbol(':');
		return { kind: 'range', name: word, n: this.wholeNumber(), at };
	}

	private orderTerms(): OrderTerm[] {
		this.keyword('BY');
		const terms: OrderTerm[] = [];
		do {
			const field = this.name();
			const descending = this.skipWord('DESC');
			if (!descending) this.skipWord('ASC');
			let nullsLast = false;
			if (this.skipWord('NULLS')) {
				nullsLast = this.skipWord('LAST');
				if (!nullsLast) this.keyword('FIRST');
			}
			terms.push({ field, descending, nullsLast });
		} while (this.skipSymbol(','));
		return terms;
	}

	private wholeNumber(): number {
		const token = this.next();
		if (token.kind !== 'number' || !/^\d+$/.test(token.text)) throw this.unexpected(token);
		return token.number;
	}

	private name(): Named {
		const token = this.next();
		if (token.kind !== 'word' || RESERVED.has(token.text.toLowerCase())) throw this.unexpected(token);
		return { name: token.text, at: token.at };
	}

	private peek(ahead = 0): Token {
		return (this.tokens[this.position + ahead] ?? this.tokens.at(-1)) as Token;
	}

	private next(): Token {
		const token = this.peek();
		this.position = Math.min(this.position + 1, this.tokens.length);
		return token;
	}

	private isWord(word: string): boolean {
		const token = this.peek();
		return token.kind === 'word' && token.text.toUpperCase() === word.toUpperCase();
	}

	private skipWord(word: string): boolean {
		if (!this.isWord(word)) return false;
		this.position += 1;
		return true;
	}

	private keyword(word: string): void {
		if (!this.skipWord(word)) throw this.unexpected();
	}

	private skipSymbol(symbol: string): boolean {
		const token = this.peek();
		if (token.kind !== 'symbol' || token.text !== symbol) return false;
		this.position += 1;
		return true;
	}

	private symbol(symbol: string): void {
		if (this.skipSymbol(symbol)) return;
		const { at, text } = this.peek();
		throw queryError(this.text, at, `expecting a '${symbol}', found '${text}'`);
	}

	private unexpected(token = this.peek()) {
		return queryError(this.text, token.at, `unexpected token: '${token.text}'`);
	}
}
