import type { Failure, Result } from '../../../core/result';
import { ok } from '../../../core/result';
import type { ConditionField, ConditionType } from './conditionFields';
import { conditionFields } from './conditionFields';
import { literalsOf, noSuchOption, RELATIVE_DATE } from './conditionLiterals';
import { allOf, anyOf, isFieldPath, likeText, soqlText } from '../soql/buildSoql';
import type { SalesforceObject } from '../api/types';

const ORDERED: readonly ConditionType[] = ['number', 'date', 'datetime'];
const SINGLE: readonly ConditionType[] = ['text', 'picklist', 'reference', ...ORDERED];
const ANY: readonly ConditionType[] = [...SINGLE, 'multipicklist'];

/** The comparisons of a condition, for the node's dropdown. */
export const CONDITION_OPERATORS = [
	{ value: 'equals', label: 'Is', takesValue: true, types: SINGLE },
	{ value: 'notEquals', label: 'Is Not', takesValue: true, types: SINGLE },
	{ value: 'contains', label: 'Contains', takesValue: true, types: ['text', 'multipicklist'] },
	{ value: 'startsWith', label: 'Starts With', takesValue: true, types: ['text'] },
	{ value: 'endsWith', label: 'Ends With', takesValue: true, types: ['text'] },
	{ value: 'isAnyOf', label: 'Is Any Of', takesValue: true, types: ['text', 'picklist', 'reference', 'number', 'multipicklist'] }, // prettier-ignore
	{ value: 'isEmpty', label: 'Is Empty', takesValue: false, types: ANY },
	{ value: 'isNotEmpty', label: 'Is Not Empty', takesValue: false, types: ANY },
	{ value: 'greaterThan', label: 'Is Greater Than (After)', takesValue: true, types: ORDERED },
	{ value: 'atLeast', label: 'Is at Least (On or After)', takesValue: true, types: ORDERED },
	{ value: 'lessThan', label: 'Is Less Than (Before)', takesValue: true, types: ORDERED },
	{ value: 'atMost', label: 'Is at Most (On or Before)', takesValue: true, types: ORDERED },
	{ value: 'isTrue', label: 'Is True', takesValue: false, types: ['boolean'] },
	{ value: 'isFalse', label: 'Is False', takesValue: false, types: ['boolean'] },
] as const satisfies ReadonlyArray<{
	value: string;
	label: string;
	takesValue: boolean;
	types: readonly ConditionType[];
}>;

export type ConditionOperator = (typeof CONDITION_OPERATORS)[number]['value'];
type OperatorWithValue = Extract<(typeof CONDITION_OPERATORS)[number], { takesValue: true }>['value'];

/** One condition, made with dropdowns. */
export interface Condition {
	readonly field: string;
	readonly operator: ConditionOperator;
	/** Several values of `isAnyOf` stand one a line, or with `;` between them. */
	readonly value?: string;
}

export interface CompiledConditions {
	/** Without WHERE. */
	readonly where: string;
	/** Whether a record can begin or stop to meet them without being changed. */
	readonly drifts: boolean;
	/** Values that no option has, in the order of the conditions; empty as a rule. */
	readonly unlisted: readonly UnlistedValue[];
}

/** A value that a picklist does not offer. Records may hold it all the same, so only they can tell whether it is a slip. */
export interface UnlistedValue {
	/** The records that hold it, without WHERE. */
	readonly where: string;
	/** What to say when there are none. */
	readonly failure: Failure;
}

/** The conditions as a WHERE text. One that is wrong stops everything: it is named by its number and field. */
export function compileConditions(
	object: SalesforceObject,
	conditions: readonly Condition[],
	combine: 'all' | 'any',
): Result<CompiledConditions> {
	if (conditions.length === 0) {
		return { kind: 'stop', code: 'SETTING_INVALID', reason: "No condition is set: add one, or choose 'All Records'" };
	}
	const known = new Map(conditionFields(object).map((field) => [field.name, field]));
	const compiled: string[] = [];
	const unlisted: UnlistedValue[] = [];
	let drifts = false;
	for (const [index, condition] of conditions.entries()) {
		const field = known.get(condition.field);
		if (field === undefined) return wrong(index, condition, whyNot(object, condition.field));
		const one = compileOne(field, condition);
		if (one.kind === 'wrong') return wrong(index, condition, one.why);
		compiled.push(one.where);
		for (const text of one.unlisted ?? [])
			unlisted.push({ where: holds(field, text), failure: wrong(index, condition, noSuchOption(field.field, text)) });
		drifts ||= field.drifts || isRelative(field, condition.value);
	}
	return ok({ where: combine === 'all' ? allOf(...compiled) : anyOf(...compiled), drifts, unlisted });
}

const holds = ({ name, type }: ConditionField, text: string): string =>
	type === 'multipicklist' ? `${name} INCLUDES (${soqlText(text)})` : `${name} = ${soqlText(text)}`;

const wrong = (index: number, { field }: Condition, why: string): Failure => {
	const named = isFieldPath(field) ? ` (field '${field}')` : '';
	return { kind: 'stop', code: 'SETTING_INVALID', reason: `Condition ${index + 1}${named} ${why}` };
};

function whyNot(object: SalesforceObject, name: string): string {
	if (name.trim() === '') return 'names no field';
	const field = object.fields.find((one) => one.name === name);
	if (field === undefined) {
		return `asks for a field that ${object.label} does not have, or that field-level security hides`;
	}
	return field.filterable
		? `asks for a field of the type ${field.type}, which conditions cannot compare`
		: 'asks for a field that Salesforce cannot filter by';
}

type Compiled =
	| { readonly kind: 'ok'; readonly where: string; readonly unlisted?: readonly string[] }
	| { readonly kind: 'wrong'; readonly why: string };

function compileOne(target: ConditionField, { operator, value = '' }: Condition): Compiled {
	const { name, type } = target;
	const rule = CONDITION_OPERATORS.find((known) => known.value === operator);
	if (rule === undefined) return { kind: 'wrong', why: 'has an unknown operator' };
	if (!(rule.types as readonly ConditionType[]).includes(type)) {
		return { kind: 'wrong', why: `cannot use '${rule.label}': the field is of the type ${type}` };
	}
	const where = (text: string): Compiled => ({ kind: 'ok', where: text });
	switch (operator) {
		case 'isEmpty':
			return where(`${name} = null`);
		case 'isNotEmpty':
			return where(`${name} != null`);
		case 'isTrue':
			return where(`${name} = true`);
		case 'isFalse':
			return where(`${name} = false`);
		default:
			return compileWithValue(target, operator, value);
	}
}

const isRelative = ({ type }: ConditionField, value: string | undefined): boolean =>
	(type === 'date' || type === 'datetime') && RELATIVE_DATE.test(value?.trim() ?? '');

function compileWithValue(target: ConditionField, operator: OperatorWithValue, value: string): Compiled {
	const { name, type } = target;
	const given = operator === 'isAnyOf' ? value.split(/[\n;]/) : [value];
	const texts = given.map((text) => text.trim()).filter((text) => text !== '');
	if (texts.length === 0) return { kind: 'wrong', why: `has no value; to find empty fields use 'Is Empty'` };
	const literals = literalsOf(target, texts);
	if (literals.kind === 'wrong') return literals;
	const [first] = literals.values;
	if (first === undefined) return { kind: 'wrong', why: 'has no value' };
	const unlisted = literals.values.flatMap((literal) => literal.unlisted ?? []);
	const where = (text: string): Compiled => ({ kind: 'ok', where: text, unlisted });
	switch (operator) {
		case 'contains':
			return type === 'multipicklist'
				? where(`${name} INCLUDES (${first.text})`)
				: where(`${name} LIKE ${likeText(texts[0] ?? '', 'contains')}`);
		case 'startsWith':
		case 'endsWith':
			return where(`${name} LIKE ${likeText(texts[0] ?? '', operator)}`);
		case 'isAnyOf': {
			const list = literals.values.map(({ text }) => text).join(', ');
			return where(`${name} ${type === 'multipicklist' ? 'INCLUDES' : 'IN'} (${list})`);
		}
		case 'equals':
			return where(first.end ? allOf(`${name} >= ${first.text}`, `${name} < ${first.end}`) : `${name} = ${first.text}`);
		case 'notEquals':
			// "Is not Gold" is meant to find records without any level too.
			return where(
				first.end
					? anyOf(`${name} < ${first.text}`, `${name} >= ${first.end}`, `${name} = null`)
					: anyOf(`${name} != ${first.text}`, `${name} = null`),
			);
		case 'greaterThan':
			return where(first.end ? `${name} >= ${first.end}` : `${name} > ${first.text}`);
		case 'atMost':
			return where(first.end ? `${name} < ${first.end}` : `${name} <= ${first.text}`);
		case 'atLeast':
			return where(`${name} >= ${first.text}`);
		case 'lessThan':
			return where(`${name} < ${first.text}`);
	}
}
