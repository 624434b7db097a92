import { refusal } from '../errors';
import type { Row, Value } from '../schema/fields';
import type { SObject } from '../schema/objects';
import type { Condition, Query } from './ast';
import { bindField, objectOf, type BoundField, type Scope } from './bind';
import { keyOf, testOf, type Test } from './conditions';
import { malformed, queryError } from './errors';
import { parseQuery } from './parser';

/** Highest OFFSET. */
const MAX_OFFSET = 2_000;

/** What a query found: rows in their order, and the fields to show of each. `count` alone is set for COUNT(). */
export interface Found {
	readonly object: SObject;
	readonly fields: readonly BoundField[];
	readonly rows: readonly Row[];
	readonly count?: number;
}

/** Parses, checks and works out a query. Throws what Salesforce refuses. */
export function runQuery(text: string, scope: Scope): Found {
	const query = parseQuery(text);
	const object = objectOf(scope.schema, query.object);
	const fields = boundSelect(text, query, object, scope);
	const sort = sorter(text, query, object, scope);
	const test = whereTest(text, query, object, scope);
	if ((query.offset ?? 0) > MAX_OFFSET) {
		throw refusal(400, 'NUMBER_OUTSIDE_VALID_RANGE', `Maximum SOQL offset allowed is ${MAX_OFFSET}`);
	}
	let rows: Row[] = [];
	for (const row of scope.rows(object, scope.withDeleted)) {
		if (query.mineOnly && row['OwnerId'] !== scope.userId) continue;
		if (test(row)) rows.push(row);
	}
	if (sort !== undefined) rows = sort(rows);
	const from = query.offset ?? 0;
	if (from > 0 || query.limit !== undefined)
		rows = rows.slice(from, query.limit === undefined ? undefined : from + query.limit);
	return { object, fields, rows, ...(query.counts && { count: rows.length }) };
}

/** Checks a query without running it, as for the definition of a list view. */
export function checkQuery(text: string, scope: Scope): void {
	const query = parseQuery(text);
	const object = objectOf(scope.schema, query.object);
	boundSelect(text, query, object, scope);
	sorter(text, query, object, scope);
	whereTest(text, query, object, scope);
}

function boundSelect(text: string, query: Query, object: SObject, scope: Scope): BoundField[] {
	const seen = new Set<string>();
	return query.select.map((named) => {
		const bound = bindField(text, scope, object, named);
		const path = [...bound.relations.map(({ name }) => name), bound.field.name].join('.');
		if (seen.has(path)) throw queryError(text, named.at, `duplicate field selected: ${named.name}`);
		seen.add(path);
		return bound;
	});
}

function whereTest(text: string, query: Query, object: SObject, scope: Scope): Test {
	if (query.where === undefined) return () => true;
	return testOf(query.where, {
		text,
		scope,
		object,
		subquery: (condition, outer) => subquery(text, condition, outer, object, scope),
	});
}

type SemiJoin = Extract<Condition, { kind: 'semiJoin' }>;

function subquery(
	text: string,
	condition: SemiJoin,
	outer: BoundField,
	outerObject: SObject,
	scope: Scope,
): Set<Value> {
	const { query, field, at } = condition;
	const isId = ({ field: { type } }: BoundField) => type === 'id' || type === 'reference';
	if (!isId(outer)) {
		const message = `The left operand '${field.name}' in the where expression for outer query should be an id field, cannot use: '${outer.field.name}'`;
		throw queryError(text, field.at, message);
	}
	const object = objectOf(scope.schema, query.object);
	if (object.name === outerObject.name) {
		throw queryError(text, at, 'The inner and outer selects should not be on the same object type');
	}
	const [inner, ...others] = query.select.map((named) => bindField(text, scope, object, named));
	if (inner === undefined || others.length > 0) throw malformed('Semi join sub-selects can only query one field');
	const kindOf = (bound: BoundField, own: SObject) => (bound.field.type === 'id' ? own.name : bound.field.referenceTo);
	if (!isId(inner) || kindOf(inner, object) !== kindOf(outer, outerObject)) {
		const message = `The inner select field '${inner.field.name}' and the outer field '${outer.field.name}' are not ids of the same object`;
		throw queryError(text, at, message);
	}
	const test = whereTest(text, query, object, scope);
	const ids = new Set<Value>();
	for (const row of scope.rows(object, scope.withDeleted && scope.subqueriesSeeDeleted)) {
		if (test(row)) ids.add(inner.read(row));
	}
	ids.delete(null);
	return ids;
}

/** Empty values come first unless NULLS LAST says otherwise, whatever the direction. */
function sorter(text: string, query: Query, object: SObject, scope: Scope): ((rows: Row[]) => Row[]) | undefined {
	const terms = query.orderBy.map(({ field: named, descending, nullsLast }) => {
		const bound = bindField(text, scope, object, named);
		if (!bound.field.sortable) {
			throw queryError(
				text,
				named.at,
				`field '${bound.field.name}' can not be sorted in a query call`,
				'INVALID_FIELD',
			);
		}
		return { bound, sign: descending ? -1 : 1, empty: nullsLast ? 1 : -1 };
	});
	if (terms.length === 0) return undefined;
	const compare = (a: readonly Value[], b: readonly Value[]): number => {
		for (let n = 0; n < terms.length; n += 1) {
			const left = a[n] as Value;
			const right = b[n] as Value;
			if (left === right) continue;
			const { sign, empty } = terms[n] as (typeof terms)[number];
			if (left === null) return empty;
			if (right === null) return -empty;
			return left < right ? -sign : sign;
		}
		return 0;
	};
	return (rows) => {
		const keyed = rows.map((row) => ({ row, keys: terms.map(({ bound }) => sortKey(bound, row)) }));
		return keyed.sort((a, b) => compare(a.keys, b.keys)).map(({ row }) => row);
	};
}

/** Dates sort with their year, also where filters ignore it. */
const sortKey = (bound: BoundField, row: Row): Value => {
	const value = bound.read(row);
	return bound.field.ignoresYear ? value : keyOf(value, bound.field);
};
