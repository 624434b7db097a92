import type { DestinationField, DestinationFieldType, SourceField, SourceFieldType } from './fields';
import { quoted, TYPE_NAMES, typeDistance } from './fields';

/** The types of both fields of a row when it was made. */
export interface MappedTypes {
	readonly source: SourceFieldType;
	readonly destination: DestinationFieldType;
}

/**
 * What became of a row whose fields have other types than when it was made: names the field that changed, with both types.
 * Undefined when nothing changed, or when the values can still be converted (text to number, date and time to date).
 */
export function retyping(
	mappedAs: MappedTypes,
	field: SourceField,
	attribute: DestinationField,
	{ sourceSystem, destinationSystem }: { readonly sourceSystem: string; readonly destinationSystem: string },
): string | undefined {
	if (typeDistance(field.type, attribute.type) !== undefined) return undefined;
	const [before, now] = [mappedAs.source, field.type];
	const [beforeThere, nowThere] = [mappedAs.destination, attribute.type];
	const source = `${quoted(field)} of ${sourceSystem}`;
	const destination = `${attribute.label} of ${destinationSystem}`;
	if (before === now && beforeThere === nowThere) return undefined;
	if (before === now) return `${changed(destination, beforeThere, nowThere)} the ${TYPE_NAMES[now]} field ${source}`;
	return beforeThere === nowThere
		? `${changed(source, before, now)} the ${TYPE_NAMES[nowThere]} attribute ${destination}`
		: `${changed(source, before, now)} ${destination}, which was ${TYPE_NAMES[beforeThere]} and is now ${TYPE_NAMES[nowThere]}`;
}

const changed = (what: string, before: keyof typeof TYPE_NAMES, now: keyof typeof TYPE_NAMES): string =>
	`${what} was ${TYPE_NAMES[before]} and is now ${TYPE_NAMES[now]}, which no longer fits`;

/** Names of fields by their type. Text is left out, because most fields are, and a record is stored with its mapping. */
export type TypeRecord<T extends string> = Readonly<Partial<Record<T, readonly string[]>>>;

export function recordTypes<T extends string>(fields: ReadonlyArray<{ name: string; type: T }>): TypeRecord<T> {
	const record: Partial<Record<T, string[]>> = {};
	for (const { name, type } of fields) if (type !== 'text') (record[type] ??= []).push(name);
	return record;
}

/** By name; what is not named was text when the record was made. */
export function readTypes<T extends string>(record: TypeRecord<T>): ReadonlyMap<string, T> {
	return new Map(
		(Object.entries(record) as Array<[T, readonly string[]]>).flatMap(([type, names]) =>
			names.map((name) => [name, type] as const),
		),
	);
}
