import type { ResourceMapperField } from 'n8n-workflow';
import type { DestinationFieldType, SourceFieldType } from '../../../core/mapping/fields';
import { TYPE_NAMES } from '../../../core/mapping/fields';
import type { MappedTypes, TypeRecord } from '../../../core/mapping/typeDrift';
import { readTypes } from '../../../core/mapping/typeDrift';
import { isRecord } from '../../../core/json';

/** The types of all fields as they were when the table was laid out, stored with its first row. */
export interface SavedTypes {
	readonly source: TypeRecord<SourceFieldType>;
	readonly destination: TypeRecord<DestinationFieldType>;
}

/** A row as n8n stores it: n8n keeps what we add to its own fields. */
export interface SavedRow extends ResourceMapperField {
	types?: SavedTypes;
	/** The destination has no such field any more; the row is kept so that people see it. */
	gone?: true;
}

/** The rows of the mapping table as stored with the node; none when it was never opened. */
export function savedRows(mapping: unknown): readonly SavedRow[] {
	const schema: unknown = isRecord(mapping) ? mapping.schema : undefined;
	return Array.isArray(schema) ? schema.filter(isSavedRow) : [];
}

/**
 * The types both fields of a row had when it was made: of a source field that was picked from the row's list. Undefined
 * when the table does not tell.
 */
export function mappedTypes(mapping: unknown): (row: string, sourceField: string) => MappedTypes | undefined {
	const rows = savedRows(mapping);
	const types = rows.map((row) => row.types).find(isSavedTypes);
	if (!types) return () => undefined;
	const [source, destination] = [readTypes(types.source), readTypes(types.destination)];
	const listed = new Map(rows.map((row) => [row.id, row.options ?? []]));
	return (row, sourceField) =>
		listed.get(row)?.some(({ value }) => value === sourceField)
			? { source: source.get(sourceField) ?? 'text', destination: destination.get(row) ?? 'text' }
			: undefined;
}

const isSavedRow = (value: unknown): value is SavedRow =>
	isRecord(value) && typeof value.id === 'string' && typeof value.displayName === 'string';

const isSavedTypes = (value: unknown): value is SavedTypes =>
	isRecord(value) && isTypeRecord(value.source) && isTypeRecord(value.destination);

const isTypeRecord = (value: unknown): boolean =>
	isRecord(value) &&
	Object.entries(value).every(
		([type, names]) =>
			Object.hasOwn(TYPE_NAMES, type) && Array.isArray(names) && names.every((name) => typeof name === 'string'),
	);
