/** A word of the query with its place, for messages. */
export interface Named {
	readonly name: string;
	readonly at: number;
}

export type Comparison = '=' | '!=' | '<' | '<=' | '>' | '>=' | 'LIKE';

/** Instants and days in ms since 1970; `start` inclusive, `end` exclusive. */
export type Literal =
	| { readonly kind: 'string'; readonly value: string; readonly pattern: ReadonlyArray<string | Wildcard>; readonly at: number }
	| { readonly kind: 'number'; readonly value: number; readonly at: number }
	| { readonly kind: 'boolean'; readonly value: boolean; readonly at: number }
	| { readonly kind: 'null'; readonly at: number }
	| { readonly kind: 'date'; readonly value: string; readonly at: number }
	| { readonly kind: 'datetime'; readonly value: number; readonly at: number }
	| { readonly kind: 'range'; readonly name: string; readonly n: number; readonly at: number }; // prettier-ignore

/** `%` or `_` of a LIKE pattern that was not escaped. */
export interface Wildcard {
	readonly any: '%' | '_';
}

export type Condition =
	| { readonly kind: 'and' | 'or'; readonly parts: readonly Condition[] }
	| { readonly kind: 'not'; readonly part: Condition }
	| { readonly kind: 'compare'; readonly field: Named; readonly operator: Comparison; readonly value: Literal }
	| { readonly kind: 'in'; readonly field: Named; readonly negated: boolean; readonly values: readonly Literal[] }
	| { readonly kind: 'options'; readonly field: Named; readonly excludes: boolean; readonly values: readonly Literal[] }
	| { readonly kind: 'semiJoin'; readonly field: Named; readonly negated: boolean; readonly query: Query; readonly at: number }; // prettier-ignore

export interface OrderTerm {
	readonly field: Named;
	readonly descending: boolean;
	readonly nullsLast: boolean;
}

export interface Query {
	/** `SELECT COUNT()`. */
	readonly counts: boolean;
	readonly select: readonly Named[];
	readonly object: Named;
	readonly mineOnly: boolean;
	readonly where?: Condition;
	readonly orderBy: readonly OrderTerm[];
	readonly limit?: number;
	readonly offset?: number;
}
