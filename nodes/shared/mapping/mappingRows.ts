import { OVERWRITES } from '../../../core/contact/contact';
import type { EmptyValues, MappingRow } from '../../../core/mapping/mapping';
import type { Result } from '../../../core/result';
import { ok } from '../../../core/result';
import { mappedTypes } from './savedTable';
import { isRecord, textOf } from '../../../core/json';
import { fieldsReadIn } from './namedFields';

/** Entries of a row's list that only tell something: there are more fields, or the list is not fresh. They map nothing. */
export const TABLE_NOTES = { moreFields: '__moreMappings', notRefreshed: '__notRefreshed' } as const;

const isTableNote = (value: unknown): boolean => Object.values<unknown>(TABLE_NOTES).includes(value);

/**
 * The rows of the mapping table as stored: a text that begins with `=` is an expression for the value, any other text the
 * name of a source field. Reads the raw parameter, because evaluating it costs n8n about 0.6 ms for each row and item.
 * A table that was never opened has no rows.
 */
export function tableRows(mapping: unknown): readonly MappingRow[] {
	const typesOf = mappedTypes(mapping);
	return Object.entries(tableValues(mapping)).map(([destination, value]): MappingRow => {
		if (value.startsWith('=')) return { destination, from: { kind: 'expression', expression: value.slice(1) } };
		const mappedAs = typesOf(destination, value);
		return { destination, from: { kind: 'field', name: value }, ...(mappedAs ? { mappedAs } : {}) };
	});
}

/** Source field or expression by destination field; empty rows are left out (HB-10). */
export function tableValues(mapping: unknown): Readonly<Record<string, string>> {
	const value = isRecord(mapping) ? mapping.value : undefined;
	if (!isRecord(value)) return {};
	const filled = Object.entries(value).filter(
		(entry): entry is [string, string] =>
			typeof entry[1] === 'string' && entry[1].trim() !== '' && !isTableNote(entry[1]),
	);
	return Object.fromEntries(filled);
}

/** The rows of 'More Mappings'. A half-filled one is refused: what was meant is unknown. */
export function moreRows(list: unknown): Result<readonly MappingRow[]> {
	const rows: MappingRow[] = [];
	for (const [index, row] of (Array.isArray(list) ? list : []).entries()) {
		if (!isRecord(row)) continue;
		const [destination, source] = [textOf(row.destinationField).trim(), textOf(row.sourceField).trim()];
		if (destination === '' && source === '') continue;
		if (destination === '' || source === '') {
			const missing = destination === '' ? 'attribute' : 'source field';
			return { kind: 'stop', code: 'SETTING_INVALID', reason: `Row ${index + 1} of 'More Mappings' has no ${missing}` };
		}
		const emptyValues: EmptyValues | undefined =
			row.emptyValues === 'leave' || row.emptyValues === 'clear' ? row.emptyValues : undefined;
		const overwrite = OVERWRITES.find((rule) => rule === row.overwrite);
		rows.push({
			destination,
			from: { kind: 'field', name: source },
			...(emptyValues ? { emptyValues } : {}),
			...(overwrite ? { overwrite } : {}),
		});
	}
	return ok(rows);
}

/** The rows with the rules of the options 'Fill Only If Empty' and 'Fill Only When Creating'; the more careful one counts. */
export function withOverwriteRules(
	rows: readonly MappingRow[],
	{ onlyIfEmpty, onlyWhenCreating }: Readonly<Record<string, unknown>>,
): readonly MappingRow[] {
	const [careful, most] = [onlyIfEmpty, onlyWhenCreating].map((names) => new Set(Array.isArray(names) ? names : []));
	return rows.map((row): MappingRow => {
		if (most?.has(row.destination)) return { ...row, overwrite: 'onCreate' };
		return careful?.has(row.destination) && !row.overwrite ? { ...row, overwrite: 'ifEmpty' } : row;
	});
}

/** What 'More Mappings' says about an attribute wins over the table. */
export function mergeRows(table: readonly MappingRow[], more: readonly MappingRow[]): readonly MappingRow[] {
	const overridden = new Set(more.map((row) => row.destination));
	return [...table.filter((row) => !overridden.has(row.destination)), ...more];
}

/**
 * The source fields that a Map Contact Fields node needs, from its raw parameters: the ones it names and the ones its
 * expressions read by name. A trigger reads these when nothing else is picked.
 */
export function mappedSourceFields(parameters: unknown): readonly string[] {
	const rows = rowsOf(parameters);
	return [
		...new Set(
			rows.flatMap(({ from }) => (from.kind === 'field' ? namedIn(from.name) : fieldsReadIn(from.expression))),
		),
	];
}

/** The source fields that a Map Contact Fields node names outright: each of them has to exist. */
export const namedSourceFields = (parameters: unknown): readonly string[] =>
	rowsOf(parameters).flatMap(({ from }) => (from.kind === 'field' && !from.name.startsWith('=') ? [from.name] : []));

/** Whether a Map Contact Fields node has no row at all, as when it was imported and never opened. */
export const mapsNothing = (parameters: unknown): boolean =>
	rowsOf(parameters).length === 0 && !(isRecord(parameters) && isRecord(parameters.moreMappings) && parameters.moreMappings.row); // prettier-ignore

function rowsOf(parameters: unknown): readonly MappingRow[] {
	if (!isRecord(parameters)) return [];
	const collection = isRecord(parameters.moreMappings) ? parameters.moreMappings.row : undefined;
	const more = moreRows(collection);
	return mergeRows(tableRows(parameters.mapping), more.kind === 'ok' ? more.value : []);
}

const namedIn = (name: string): readonly string[] => (name.startsWith('=') ? fieldsReadIn(name) : [name]);
