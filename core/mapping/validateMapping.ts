import { isPhoneCountry } from '../contact/phoneLibrary';
import type { Failure, Result } from '../result';
import { ok } from '../result';
import type { DestinationField, SourceField } from './fields';
import type { MappingPlan, MappingRow, MappingSettings, PlannedRow } from './mapping';
import { retyping } from './typeDrift';

export interface MappingDefinitions {
	readonly sourceFields: readonly SourceField[];
	readonly destinationFields: readonly DestinationField[];
	/** How the two systems are called in messages. */
	readonly sourceSystem: string;
	readonly destinationSystem: string;
	/** What the destination calls one of its fields. */
	readonly fieldNoun: string;
}

/**
 * Checks a mapping once, before any contact: something is mapped, every field still exists on its side and still fits its
 * row (the message names all that do not), and e-mail or phone is among them (HB-11).
 */
export function validateMapping(
	rows: readonly MappingRow[],
	definitions: MappingDefinitions,
	settings: MappingSettings,
): Result<MappingPlan> {
	const fields = byName(definitions);
	const wrong = wrongSetting(rows, definitions, settings) ?? missingField(rows, definitions, fields);
	if (wrong) return wrong;
	const planned = rows.flatMap((row): PlannedRow[] => {
		const destination = fields.destinations.get(row.destination);
		const sourceField = row.from.kind === 'field' ? fields.sources.get(row.from.name) : undefined;
		const emptyValues = row.emptyValues ?? settings.emptyValues;
		const overwrite = row.overwrite === undefined ? {} : { overwrite: row.overwrite };
		return destination ? [{ destination, from: row.from, sourceField, emptyValues, ...overwrite }] : [];
	});
	const misfit = retypedField(rows, definitions, fields) ?? missingIdentifier(planned, definitions);
	return misfit ?? ok({ rows: planned, settings });
}

interface FieldsByName {
	readonly sources: ReadonlyMap<string, SourceField>;
	readonly destinations: ReadonlyMap<string, DestinationField>;
}

const byName = ({ sourceFields, destinationFields }: MappingDefinitions): FieldsByName => ({
	sources: new Map(sourceFields.map((field) => [field.name, field])),
	destinations: new Map(destinationFields.map((field) => [field.name, field])),
});

function wrongSetting(
	rows: readonly MappingRow[],
	{ sourceSystem, destinationSystem, fieldNoun }: MappingDefinitions,
	{ defaultCountry }: MappingSettings,
): Failure | undefined {
	if (rows.length === 0)
		return stop('NOTHING_MAPPED', `No ${destinationSystem} ${fieldNoun} has a ${sourceSystem} field`);
	if (defaultCountry && !isPhoneCountry(defaultCountry)) {
		return stop('SETTING_INVALID', `'Default Country' is not a country with known phone numbers: ${defaultCountry}`);
	}
	const twice = duplicateOf(rows.map((row) => row.destination));
	return twice === undefined
		? undefined
		: stop('SETTING_INVALID', `${twice} is mapped twice; each ${fieldNoun} takes one value`);
}

/** Fields that were deleted or renamed since they were mapped. */
function missingField(
	rows: readonly MappingRow[],
	{ sourceSystem, destinationSystem, fieldNoun }: MappingDefinitions,
	{ sources, destinations }: FieldsByName,
): Failure | undefined {
	const unknown = rows.flatMap(({ destination }) => (destinations.has(destination) ? [] : [`'${destination}'`]));
	if (unknown.length > 0)
		return stop('DESTINATION_FIELD_MISSING', `${destinationSystem} has no ${fieldNoun} ${unknown.join(', ')} any more`);
	const unread = rows.flatMap(({ from, destination }) =>
		from.kind === 'field' && !sources.has(from.name) ? [`'${from.name}' (mapped to ${destination})`] : [],
	);
	return unread.length === 0
		? undefined
		: stop('SOURCE_FIELD_MISSING', `${sourceSystem} has no field ${unread.join(', ')} any more`);
}

/** Fields that are of another type than when they were mapped, where that no longer fits. */
function retypedField(
	rows: readonly MappingRow[],
	definitions: MappingDefinitions,
	{ sources, destinations }: FieldsByName,
): Failure | undefined {
	const retyped = rows.flatMap(({ destination, from, mappedAs }) => {
		const field = from.kind === 'field' ? sources.get(from.name) : undefined;
		const attribute = destinations.get(destination);
		return mappedAs && field && attribute ? (retyping(mappedAs, field, attribute, definitions) ?? []) : [];
	});
	return retyped.length === 0 ? undefined : stop('FIELD_RETYPED', retyped.join('; '));
}

function missingIdentifier(
	planned: readonly PlannedRow[],
	{ destinationFields }: MappingDefinitions,
): Failure | undefined {
	if (planned.some((row) => row.destination.identifier)) return undefined;
	const labels = destinationFields.flatMap(({ identifier, label }) => (identifier ? [label] : []));
	const none = labels.length > 1 ? `Neither ${labels.join(' nor ')} is` : `${labels.join('')} is not`;
	return stop('NO_IDENTIFIER_MAPPED', `${none} mapped`);
}

const stop = (code: Failure['code'], reason: string): Failure => ({ kind: 'stop', code, reason });

function duplicateOf(names: readonly string[]): string | undefined {
	const seen = new Set<string>();
	for (const name of names) {
		if (seen.has(name)) return name;
		seen.add(name);
	}
	return undefined;
}
