import type { DestinationField, SourceField } from '../../../core/mapping/fields';
import { offeredFields, TYPE_NAMES } from '../../../core/mapping/fields';
import { rowsToShow } from '../../../core/mapping/suggest/rowsToShow';
import { layOutTable, tableLimit } from '../../../core/mapping/suggest/layOutTable';
import type { TableRow } from '../../../core/mapping/suggest/layOutTable';
import { rankFields } from '../../../core/mapping/suggest/suggestFields';
import type { MappedTypes } from '../../../core/mapping/typeDrift';
import { recordTypes, retyping } from '../../../core/mapping/typeDrift';
import { TABLE_NOTES, tableRows, tableValues } from '../../shared/mapping/mappingRows';
import type { SavedRow, SavedTypes } from '../../shared/mapping/savedTable';
import { savedRows } from '../../shared/mapping/savedTable';
import { isRecord } from '../../../core/json';

export interface Definitions {
	readonly sourceFields: readonly SourceField[];
	readonly destinationFields: readonly DestinationField[];
	/** How messages call the source and the destination. */
	readonly sourceSystem: string;
	readonly destinationSystem: string;
}

/** Names that n8n leaves out when it copies a node's parameters, without a word: 'More Mappings' takes such fields, the table cannot. */
const NOT_KEPT: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/** The rows of the table as n8n shows and stores them. `mapping` is what is stored now. */
export function mappingTable(mapping: unknown, all: Definitions): SavedRow[] {
	const definitions = { ...all, destinationFields: all.destinationFields.filter(({ name }) => !NOT_KEPT.has(name)) };
	const { sourceFields } = definitions;
	const stored = storedFields(mapping, sourceFields);
	const shown = rowsToShow(rankFields(sourceFields, definitions.destinationFields), tableValues(mapping));
	const destinationFields = [...shown.keys()];
	const retyped = retypedRows(mapping, definitions);
	const gone = goneRows(mapping, stored, definitions);
	const types = typesToSave(stored, retyped, { ...definitions, destinationFields });
	const budget =
		tableLimit(destinationFields.length) - bytesOf(types) - bytesOf(gone) - bytesBesideOptions(destinationFields);
	const rows = layOutTable(sourceFields, shown, stored, budget, new Set(retyped.keys())).map((row) =>
		toSavedRow(row, destinationFields, rawValue(mapping, row.field.name)),
	);
	const [first, ...others] = [...rows, ...gone];
	return first ? [{ ...first, types }, ...others] : [];
}

/**
 * The source field each row holds. The editor sends the result of an expression in its place, which may be anything of a
 * contact and must not end up in a list: only a field that exists counts, or one that was picked from the row's list.
 */
function storedFields(mapping: unknown, sourceFields: readonly SourceField[]): Readonly<Record<string, string>> {
	const names = new Set(sourceFields.map(({ name }) => name));
	const listed = new Map(savedRows(mapping).map(({ id, options }) => [id, options ?? []]));
	const isField = ([row, value]: [string, string]): boolean =>
		names.has(value) || listed.get(row)?.some((option) => option.value === value) === true;
	return Object.fromEntries(Object.entries(tableValues(mapping)).filter(isField));
}

/** Rows that stop the run with FIELD_RETYPED, with the types they were made for. */
function retypedRows(mapping: unknown, definitions: Definitions): ReadonlyMap<string, MappedTypes & { field: string }> {
	const sources = new Map(definitions.sourceFields.map((field) => [field.name, field]));
	const destinations = new Map(definitions.destinationFields.map((field) => [field.name, field]));
	const retyped = new Map<string, MappedTypes & { field: string }>();
	for (const { destination, from, mappedAs } of tableRows(mapping)) {
		const source = from.kind === 'field' ? sources.get(from.name) : undefined;
		const attribute = destinations.get(destination);
		if (source && attribute && mappedAs && retyping(mappedAs, source, attribute, definitions) !== undefined)
			retyped.set(destination, { ...mappedAs, field: source.name });
	}
	return retyped;
}

/**
 * Mapped attributes that the destination no longer has. The editor would silently drop their values; as rows they are seen,
 * and stay until a person removes them.
 */
function goneRows(
	mapping: unknown,
	stored: Readonly<Record<string, string>>,
	{ destinationFields, destinationSystem }: Definitions,
): readonly SavedRow[] {
	const known = new Set(destinationFields.map(({ name }) => name));
	return Object.keys(tableValues(mapping))
		.filter((name) => !known.has(name))
		.map((name) => {
			const held = stored[name];
			return {
				...rowOf(name, `${name} (no longer in ${destinationSystem})`),
				options: held === undefined ? [] : [{ name: held, value: held }],
				gone: true,
			};
		});
}

/** The types of today, except where a row no longer fits: those are kept until it is mapped anew, so that the run stops. */
function typesToSave(
	stored: Readonly<Record<string, string>>,
	retyped: ReadonlyMap<string, MappedTypes & { field: string }>,
	{ sourceFields, destinationFields }: Definitions,
): SavedTypes {
	const held = new Set(Object.values(stored));
	const listed = new Set([...offeredFields(sourceFields), ...sourceFields.filter(({ name }) => held.has(name))]);
	const sources = new Map([...listed].map(({ name, type }) => [name, type]));
	const destinations = new Map(destinationFields.map(({ name, type }) => [name, type]));
	for (const [row, { field, source, destination }] of retyped) {
		sources.set(field, source);
		destinations.set(row, destination);
	}
	return {
		source: recordTypes([...sources].map(([name, type]) => ({ name, type }))),
		destination: recordTypes([...destinations].map(([name, type]) => ({ name, type }))),
	};
}

function toSavedRow(
	{ field, options, leftOut, suggestion }: TableRow,
	all: readonly DestinationField[],
	held?: unknown,
): SavedRow {
	return {
		...rowOf(field.name, labelOf(field, all)),
		options: [...options, ...notesFor(leftOut, held)],
		...(suggestion === undefined ? {} : { defaultValue: suggestion }),
	};
}

const rowOf = (id: string, displayName: string): SavedRow => ({
	id,
	displayName,
	required: false,
	defaultMatch: false,
	canBeUsedToMatch: false,
	display: true,
	type: 'options',
});

/** A note that a person picked stays in the list, or n8n would refuse to run the workflow. */
function notesFor(leftOut: number, held: unknown): Array<{ name: string; value: string }> {
	const { moreFields, notRefreshed } = TABLE_NOTES;
	return [
		...(leftOut > 0 ? [{ name: `${leftOut} more under 'More Mappings'`, value: moreFields }] : []),
		...(leftOut === 0 && held === moreFields ? [{ name: "Under 'More Mappings'", value: moreFields }] : []),
		...(held === notRefreshed ? [{ name: 'Nothing', value: notRefreshed }] : []),
	];
}

/** What the stored parameter holds besides the options: the rows, and a field name for each as value and suggestion. */
function bytesBesideOptions(fields: readonly DestinationField[]): number {
	const rows = fields.map((field) => ({ ...toSavedRow({ field, options: [], leftOut: 100 }, fields), removed: false }));
	return bytesOf(rows) + fields.length * BYTES_PER_VALUE;
}

const bytesOf = (value: unknown): number => new TextEncoder().encode(JSON.stringify(value)).length;

/** `"ATTRIBUTE":"field_name",` and `"defaultValue":"field_name",` of common length. */
const BYTES_PER_VALUE = 75;

/** A contact needs one of the identifiers, and a new one every required field; any other says its type. */
function labelOf(
	{ name, label, type, identifier, required }: DestinationField,
	all: readonly DestinationField[],
): string {
	if (identifier === undefined && required) return `${label} (required)`;
	if (identifier === undefined) return type === 'text' ? label : `${label} (${TYPE_NAMES[type]})`;
	const others = all.filter((field) => field.identifier !== undefined && field.name !== name);
	if (others.length === 0) return `${label} (required)`;
	return `${label} (${['this', ...others.map((field) => field.label)].join(' or ')} required)`;
}

function rawValue(mapping: unknown, name: string): unknown {
	const value: unknown = isRecord(mapping) ? mapping.value : undefined;
	return isRecord(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}
