import { refusal } from '../errors';
import { canonicalId } from '../records/ids';
import type { Field, Row, Value } from '../schema/fields';
import type { SObject } from '../schema/objects';
import type { Comparison, Condition, Literal, Named, Wildcard } from './ast';
import { bindField, type BoundField, type Scope } from './bind';
import { rangeOf, type Range } from './dateRanges';
import { queryError } from './errors';

export type Test = (row: Row) => boolean;

/** What a condition is worked out with; `subquery` gives the ids a sub-select finds. */
export interface ConditionContext {
	readonly text: string;
	readonly scope: Scope;
	readonly object: SObject;
	subquery(condition: Extract<Condition, { kind: 'semiJoin' }>, outer: BoundField): ReadonlySet<Value>;
}

const NUMBERS: ReadonlySet<string> = new Set(['int', 'double', 'currency']);

/** Turns a condition into a test of one row. Throws what Salesforce refuses: fields, operators, types of values. */
export function testOf(condition: Condition, context: ConditionContext): Test {
	switch (condition.kind) {
		case 'and': {
			const tests = condition.parts.map((part) => testOf(part, context));
			return (row) => tests.every((test) => test(row));
		}
		case 'or': {
			const tests = condition.parts.map((part) => testOf(part, context));
			return (row) => tests.some((test) => test(row));
		}
		case 'not': {
			const test = testOf(condition.part, context);
			return (row) => !test(row);
		}
		case 'compare':
			return comparison(filterable(condition.field, context), condition, context);
		case 'in': {
			const field = filterable(condition.field, context);
			if (field.field.type === 'multipicklist') throw operatorRefused(field.field, 'IN');
			const { negated } = condition;
			const plain = condition.values.every(({ kind }) => kind !== 'range');
			if (plain) {
				const wanted = new Set(
					condition.values.map((literal) => keyOf(literalValue(field.field, literal, context), field.field)),
				);
				return (row) => wanted.has(keyOf(field.read(row), field.field)) !== negated;
			}
			const tests = condition.values.map((value) => equals(field, value, context));
			return (row) => tests.some((test) => test(row)) !== negated;
		}
		case 'options':
			return options(filterable(condition.field, context), condition);
		case 'semiJoin': {
			const field = filterable(condition.field, context);
			const ids = context.subquery(condition, field);
			return (row) => {
				const value = field.read(row);
				return (value !== null && ids.has(value)) !== condition.negated;
			};
		}
	}
}

function filterable(named: Named, { text, scope, object }: ConditionContext): BoundField {
	const bound = bindField(text, scope, object, named);
	if (bound.field.filterable) return bound;
	throw queryError(text, named.at, `field '${bound.field.name}' can not be filtered in a query call`, 'INVALID_FIELD');
}

const operatorRefused = (field: Field, operator: string) =>
	refusal(400, 'INVALID_QUERY_FILTER_OPERATOR', `invalid operator ${operator} on ${field.type} field: ${field.name}`);

type Compare = Extract<Condition, { kind: 'compare' }>;

function comparison(bound: BoundField, { operator, value }: Compare, context: ConditionContext): Test {
	const { field } = bound;
	if (operator === 'LIKE') return like(bound, value, context);
	if (operator === '=') return equals(bound, value, context);
	if (operator === '!=') {
		const test = equals(bound, value, context);
		return (row) => !test(row);
	}
	if (field.type === 'boolean' || field.type === 'multipicklist') throw operatorRefused(field, operator);
	if (value.kind === 'range' && isTime(field))
		return inRange(bound, operator, rangeOf(value.name, value.n, context.scope.now()));
	const wanted = keyOf(literalValue(field, value, context), field);
	// An empty side makes every order comparison false.
	return (row) => {
		const actual = keyOf(bound.read(row), field);
		return actual !== null && wanted !== null && ordered(actual, operator, wanted);
	};
}

function equals(bound: BoundField, literal: Literal, context: ConditionContext): Test {
	const { field } = bound;
	if (literal.kind === 'range' && isTime(field))
		return inRange(bound, '=', rangeOf(literal.name, literal.n, context.scope.now()));
	const wanted = keyOf(literalValue(field, literal, context), field);
	return (row) => keyOf(bound.read(row), field) === wanted;
}

function inRange(bound: BoundField, operator: Comparison, range: Range): Test {
	return (row) => {
		const value = bound.read(row);
		const at = typeof value === 'string' ? Date.parse(value) : value;
		if (typeof at !== 'number') return false;
		if (operator === '=') return at >= range.start && at < range.end;
		if (operator === '<') return at < range.start;
		if (operator === '<=') return at < range.end;
		return operator === '>' ? at >= range.end : at >= range.start;
	};
}

function ordered(actual: string | number | boolean, operator: Comparison, wanted: string | number | boolean): boolean {
	if (operator === '<') return actual < wanted;
	if (operator === '<=') return actual <= wanted;
	return operator === '>' ? actual > wanted : actual >= wanted;
}

const isTime = ({ type }: Field): boolean => type === 'date' || type === 'datetime';

/** A value in the form that is compared: texts without regard to case, birthdays without their year. */
export function keyOf(value: Value, field: Field): Value {
	if (typeof value !== 'string') return value;
	if (field.type === 'id' || field.type === 'reference') return value;
	if (field.ignoresYear) return value.slice(5);
	return field.type === 'date' ? value : value.toLowerCase();
}

/** The literal as a value of the field's type; INVALID_FIELD where it is of another. */
function literalValue(field: Field, literal: Literal, { text }: ConditionContext): Value {
	if (literal.kind === 'null') return null;
	const wrong = (quotes: 'should be' | 'should not be') =>
		queryError(text, literal.at, `value of filter criterion for field '${field.name}' must be of type ${soapType(field)} and ${quotes} enclosed in quotes`, 'INVALID_FIELD'); // prettier-ignore
	if (field.type === 'id' || field.type === 'reference') {
		if (literal.kind !== 'string') throw wrong('should be');
		const id = canonicalId(literal.value);
		if (id === undefined) throw refusal(400, 'INVALID_QUERY_FILTER_OPERATOR', `invalid ID field: ${literal.value}`);
		return id;
	}
	if (field.type === 'boolean') {
		if (literal.kind !== 'boolean') throw wrong('should not be');
		return literal.value;
	}
	if (isTime(field)) {
		if (literal.kind !== field.type) throw wrong('should not be');
		return (literal as Extract<Literal, { kind: 'date' | 'datetime' }>).value;
	}
	if (NUMBERS.has(field.type)) {
		if (literal.kind !== 'number') throw wrong('should not be');
		return literal.value;
	}
	if (literal.kind !== 'string') throw wrong('should be');
	return literal.value === '' ? null : literal.value;
}

function soapType({ type }: Field): string {
	if (type === 'datetime') return 'dateTime';
	if (type === 'id' || type === 'reference') return 'ID';
	if (type === 'currency') return 'double';
	return NUMBERS.has(type) || type === 'boolean' || type === 'date' ? type : 'string';
}

function like(bound: BoundField, literal: Literal, { text }: ConditionContext): Test {
	const { field } = bound;
	if (soapType(field) !== 'string' || field.type === 'multipicklist') throw operatorRefused(field, 'LIKE');
	if (literal.kind !== 'string') {
		const message = `value of filter criterion for field '${field.name}' must be of type string and should be enclosed in quotes`;
		throw queryError(text, literal.at, message, 'INVALID_FIELD');
	}
	const pattern = new RegExp(`^${literal.pattern.map(asPattern).join('')}$`, 'isu');
	return (row) => {
		const value = bound.read(row);
		return typeof value === 'string' && pattern.test(value);
	};
}

const asPattern = (part: string | Wildcard): string => {
	if (typeof part === 'string') return part.replace(/[\\^$.*+?()[\]{}|/]/g, (char) => `\\${char}`);
	return part.any === '%' ? '.*' : '.';
};

/** `'A;B','C'`: A and B, or C. */
function options(bound: BoundField, condition: Extract<Condition, { kind: 'options' }>): Test {
	const { field } = bound;
	if (field.type !== 'multipicklist') throw operatorRefused(field, condition.excludes ? 'EXCLUDES' : 'INCLUDES');
	const groups = condition.values.map((literal) => {
		if (literal.kind !== 'string') throw operatorRefused(field, 'INCLUDES');
		return literal.value.toLowerCase().split(';');
	});
	return (row) => {
		const value = bound.read(row);
		const chosen = new Set(typeof value === 'string' ? value.toLowerCase().split(';') : []);
		return groups.some((group) => group.every((one) => chosen.has(one))) !== condition.excludes;
	};
}
