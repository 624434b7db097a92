import { z } from 'zod';
import { valueOf } from '../contacts/contactValues';
import type { Contact, PropertyDefinition } from '../entities';
import { validationError } from '../errors';

/** Whether a contact belongs to a list by its filters. */
export type FilterTest = (contact: Contact) => boolean;

/** Decides about a value that a contact has, in the form of `formOf`. */
type ValueTest = (value: string, wanted: readonly string[]) => boolean;

const operationSchema = z.object({
	operationType: z.enum(['STRING', 'MULTISTRING', 'NUMBER', 'BOOL', 'ENUMERATION', 'ALL_PROPERTY']),
	operator: z.string(),
	value: z.union([z.string(), z.number(), z.boolean()]).optional(),
	values: z.array(z.string()).optional(),
	includeObjectsWithNoValueSet: z.boolean().default(false),
});
type Operation = z.output<typeof operationSchema>;

const filterSchema = z.object({
	filterType: z.literal('PROPERTY'),
	property: z.string(),
	operation: operationSchema,
});
type PropertyFilter = z.output<typeof filterSchema>;

interface Branch {
	filterBranchType: 'AND' | 'OR';
	filterBranches: Branch[];
	filters: PropertyFilter[];
}
const branchSchema: z.ZodType<Branch, z.ZodTypeDef, unknown> = z.object({
	filterBranchType: z.enum(['AND', 'OR']),
	filterBranches: z.lazy(() => z.array(branchSchema)).default([]),
	filters: z.array(filterSchema).default([]),
});

const anyOf =
	(holds: (value: string, wanted: string) => boolean): ValueTest =>
	(value, wanted) =>
		wanted.some((one) => holds(value, one));
const not =
	(test: ValueTest): ValueTest =>
	(value, wanted) =>
		!test(value, wanted);

const isEqual = anyOf((value, wanted) => value === wanted);
const contains = anyOf((value, wanted) => value.includes(wanted));
const TEXT: Readonly<Record<string, ValueTest>> = {
	IS_EQUAL_TO: isEqual,
	IS_NOT_EQUAL_TO: not(isEqual),
	CONTAINS: contains,
	DOES_NOT_CONTAIN: not(contains),
	STARTS_WITH: anyOf((value, wanted) => value.startsWith(wanted)),
	ENDS_WITH: anyOf((value, wanted) => value.endsWith(wanted)),
};
const hasAny: ValueTest = (value, wanted) => value.split(';').some((part) => wanted.includes(part));
const hasAll: ValueTest = (value, wanted) => wanted.every((one) => value.split(';').includes(one));
const isExactly: ValueTest = (value, wanted) =>
	hasAll(value, wanted) && value.split(';').every((part) => wanted.includes(part));
const known: ValueTest = () => true;

/**
 * Operators by type of operation (https://developers.hubspot.com/docs/api-reference/2026-03/crm/lists/list-filters). Those
 * on dates, on a property's past and on anything but the contact's own properties are not evaluated here.
 */
const OPERATORS: Readonly<Record<Operation['operationType'], Readonly<Record<string, ValueTest>>>> = {
	STRING: TEXT,
	MULTISTRING: TEXT,
	NUMBER: {
		IS_EQUAL_TO: anyOf((value, wanted) => Number(value) === Number(wanted)),
		IS_NOT_EQUAL_TO: anyOf((value, wanted) => Number(value) !== Number(wanted)),
		IS_GREATER_THAN: anyOf((value, wanted) => Number(value) > Number(wanted)),
		IS_GREATER_THAN_OR_EQUAL_TO: anyOf((value, wanted) => Number(value) >= Number(wanted)),
		IS_LESS_THAN: anyOf((value, wanted) => Number(value) < Number(wanted)),
		IS_LESS_THAN_OR_EQUAL_TO: anyOf((value, wanted) => Number(value) <= Number(wanted)),
	},
	BOOL: { IS_EQUAL_TO: isEqual, IS_NOT_EQUAL_TO: not(isEqual) },
	ENUMERATION: {
		IS_ANY_OF: hasAny,
		IS_NONE_OF: not(hasAny),
		IS_EXACTLY: isExactly,
		IS_NOT_EXACTLY: not(isExactly),
		CONTAINS_ALL: hasAll,
		DOES_NOT_CONTAIN_ALL: not(hasAll),
	},
	ALL_PROPERTY: { IS_KNOWN: known, HAS_PROPERTY: known, IS_UNKNOWN: not(known), IS_NOT_KNOWN: not(known) },
};

/** Makes a test of the filters of a list: an OR branch that holds AND branches. Throws HubSpot's error. */
export function testOfFilters(definitions: ReadonlyMap<string, PropertyDefinition>, filterBranch: unknown): FilterTest {
	const parsed = branchSchema.safeParse(filterBranch);
	if (!parsed.success) {
		const issue = parsed.error.issues[0];
		throw validationError(`Invalid filterBranch: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`);
	}
	const root = parsed.data;
	const isTree = root.filterBranchType === 'OR' && root.filterBranches.every((one) => one.filterBranchType === 'AND');
	if (!isTree || root.filters.length > 0)
		throw validationError('Invalid filterBranch: the root must be an OR branch that holds AND branches and no filters');
	return testOfBranch(definitions, root);
}

function testOfBranch(definitions: ReadonlyMap<string, PropertyDefinition>, branch: Branch): FilterTest {
	const tests = [
		...branch.filters.map((filter) => testOfFilter(definitions, filter)),
		...branch.filterBranches.map((inner) => testOfBranch(definitions, inner)),
	];
	return branch.filterBranchType === 'AND'
		? (contact) => tests.every((test) => test(contact))
		: (contact) => tests.some((test) => test(contact));
}

function testOfFilter(
	definitions: ReadonlyMap<string, PropertyDefinition>,
	{ property, operation }: PropertyFilter,
): FilterTest {
	const definition = definitions.get(property);
	if (definition === undefined || definition.archivedAt !== undefined)
		throw validationError(`Invalid filterBranch: property ${property} does not exist`);
	const { operationType, operator, value, values, includeObjectsWithNoValueSet } = operation;
	const operators = OPERATORS[operationType];
	const holds = Object.hasOwn(operators, operator) ? operators[operator] : undefined;
	if (holds === undefined)
		throw validationError(`Invalid filterBranch: operator ${operator} is not valid for ${operationType}`);
	const wanted = (values ?? (value === undefined ? [] : [String(value)])).map((text) => formOf(operationType, text));
	if (wanted.length === 0 && operationType !== 'ALL_PROPERTY')
		throw validationError(`Invalid filterBranch: operator ${operator} needs a value`);
	const ofEmpty = operationType === 'ALL_PROPERTY' ? operators[operator] !== known : includeObjectsWithNoValueSet;
	return (contact) => {
		const held = valueOf(contact, property);
		return held === undefined ? ofEmpty : holds(formOf(operationType, held), wanted);
	};
}

/** A value in the form in which it is compared: texts without regard to case, options as they are. */
function formOf(type: Operation['operationType'], text: string): string {
	return type === 'ENUMERATION' ? text : text.toLowerCase();
}
