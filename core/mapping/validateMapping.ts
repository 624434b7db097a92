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
	const { sourceSystem, destinationSystem, fieldNoun } = definitions;
	if (rows.length === 0)
		return stop('NOTHING_MAPPED', `No ${destinationSystem} ${fieldNoun} has a ${sourceSystem} field`);
	if (settings.defaultCountry && !isPhoneCountry(settings.defaultCountry)) {
		return stop(
			'SETTING_INVALID',
			`'Default Country' is not a country with known phone numbers: ${settings.defaultCountry}`,
		);
	}
	const twice = duplicateOf(rows.map((row) => row.destination));
	if (twice !== undefined)
		return stop('SETTING_INVALID', `${twice} is mapped twice; each ${fieldNoun} takes one value`);

	const destinations = new Map(definitions.destinationFields.map((field) => [field.name, field]));
	const sources = new Map(definitions.sourceFields.map((field) => [field.name, field]));
	const unknownDestinations = rows.filter((row) => !destinations.has(row.destination));
	if (unknownDestinations.length > 0) {
		const names = unknownDestinations.map((row) => `'${row.destination}'`).join(', ');
		return stop('DESTINATION_FIELD_MISSING', `${destinationSystem} has no ${fieldNoun} ${names} any more`);
	}
	const unknownSources = rows.filter((row) => row.from.kind === 'field' && !sources.has(row.from.name));
	if (unknownSources.length > 0) {
		const names = unknownSources.map((row) =>
			row.from.kind === 'field' ? `'${row.from.name}' (mapped to ${row.destination})` : '',
		);
		return stop('SOURCE_FIELD_MISSING', `${sourceSystem} has no field ${names.join(', ')} any more`);
	}

	const planned = rows.flatMap((row): PlannedRow[] => {
		const destination = destinations.get(row.destination);
		const sourceField = row.from.kind === 'field' ? sources.get(row.from.name) : undefined;
		return destination
			? [
					{
						destination,
						from: row.from,
						sourceField,
						emptyValues: row.emptyValues ?? settings.emptyValues,
						...(row.overwrite === undefined ? {} : { overwrite: row.overwrite }),
					},
				]
			: [];
	});
	const retyped = rows.flatMap(({ destination, from, mappedAs }) => {
		const field = from.kind === 'field' ? sources.get(from.name) : undefined;
		const attribute = destinations.get(destination);
		return mappedAs && field && attribute ? (retyping(mappedAs, field, attribute, definitions) ?? []) : [];
	});
	if (retyped.length > 0) return stop('FIELD_RETYPED', retyped.join('; '));
	const identifiers = definitions.destinationFields.filter((field) => field.identifier);
	if (!planned.some((row) => row.destination.identifier)) {
		const labels = identifiers.map((field) => field.label);
		const none = labels.length > 1 ? `Neither ${labels.join(' nor ')} is` : `${labels.join('')} is not`;
		return stop('NO_IDENTIFIER_MAPPED', `${none} mapped`);
	}
	return ok({ rows: planned, settings });
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
