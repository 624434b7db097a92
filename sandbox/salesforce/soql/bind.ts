import { invalidType } from '../errors';
import type { Field, Row, Surroundings, Value } from '../schema/fields';
import type { Schema, SObject } from '../schema/objects';
import type { Named } from './ast';
import { queryError } from './errors';

/** What a query is worked out against. */
export interface Scope extends Surroundings {
	readonly schema: Schema;
	/** Rows of an object the user may see; with deleted ones in queryAll. */
	rows(object: SObject, withDeleted: boolean): Iterable<Row>;
	readonly userId: string;
	readonly withDeleted: boolean;
	readonly subqueriesSeeDeleted: boolean;
}

/** A field of the query: its definition, the relations on the way to it, and how to read it. */
export interface BoundField {
	readonly field: Field;
	readonly relations: ReadonlyArray<{ readonly name: string; readonly object: SObject; readonly field: Field }>;
	/** Null too where a relation on the way is empty. */
	read(row: Row): Value;
}

/** Relations on the way to a field. */
const MAX_LEVELS = 5;

export function objectOf(schema: Schema, named: Named): SObject {
	const object = schema.object(named.name);
	if (object === undefined) throw invalidType(named.name);
	return object;
}

/** Finds a field or a field of a related record; INVALID_FIELD with its place when the user has no such field. */
export function bindField(text: string, scope: Scope, object: SObject, named: Named): BoundField {
	const path = named.name.split('.');
	// The object's own name may stand in front: Contact.Email.
	if (path.length > 1 && path[0]?.toLowerCase() === object.name.toLowerCase()) path.shift();
	if (path.length > MAX_LEVELS + 1) throw queryError(text, named.at, 'maximum 5 levels of relationships are allowed');
	const last = path.pop() as string;
	const relations: Array<{ name: string; object: SObject; field: Field }> = [];
	let current = object;
	for (const step of path) {
		const link = [...current.fields.values()].find(
			({ relationshipName }) => relationshipName?.toLowerCase() === step.toLowerCase(),
		);
		const visible = link === undefined ? undefined : scope.schema.field(current, link.name);
		if (visible?.referenceTo === undefined || visible.relationshipName === undefined) {
			const message = `Didn't understand relationship '${step}' in field path. If you are attempting to use a custom relationship, be sure to append the '__r' after the custom relationship name.`; // prettier-ignore
			throw queryError(text, named.at, message, 'INVALID_FIELD');
		}
		current = scope.schema.must(visible.referenceTo);
		relations.push({ name: visible.relationshipName, object: current, field: visible });
	}
	const field = scope.schema.field(current, last);
	if (field === undefined) {
		const message = `No such column '${last}' on entity '${current.name}'. If you are attempting to use a custom field, be sure to append the '__c' after the custom field name. Please reference your WSDL or the describe call for the appropriate names.`; // prettier-ignore
		throw queryError(text, named.at, message, 'INVALID_FIELD');
	}
	return { field, relations, read: reader(field, relations, scope) };
}

function reader(field: Field, relations: BoundField['relations'], scope: Scope): (row: Row) => Value {
	const own = (row: Row): Value => valueOf(row, field, scope);
	if (relations.length === 0) return own;
	return (row) => {
		let current: Row | undefined = row;
		for (const relation of relations) {
			if (current === undefined) return null;
			current = scope.lookup(relation.object.name, current[relation.field.name]);
		}
		return current === undefined ? null : own(current);
	};
}

/** A field's value, worked out where it is a formula. */
export function valueOf(row: Row, field: Field, around: Surroundings): Value {
	return field.compute === undefined ? (row[field.name] ?? null) : field.compute(row, around);
}
