import type { IExecuteFunctions } from 'n8n-workflow';
import type { SourceField } from '../../core/mapping/fields';
import type { MappingPlan, MappingSettings } from '../../core/mapping/mapping';
import { needsTimeZone } from '../../core/mapping/timeZone';
import { validateMapping } from '../../core/mapping/validateMapping';
import type { Result } from '../../core/result';
import { ok } from '../../core/result';
import { destinationSystem } from '../shared/vendors/destinationSystems';
import { sourceSystem } from '../shared/vendors/sourceSystems';
import { mergeRows, moreRows, tableRows, withOverwriteRules } from '../shared/mapping/mappingRows';
import { BRING_BACK } from './table/mappingHints';
import { chooseTimeZone } from './chooseTimeZone';

export interface PreparedMapping {
	readonly plan: MappingPlan;
	/** Every field of the source, and how messages call it. */
	readonly sourceFields: readonly SourceField[];
	readonly sourceSystem: string;
	readonly warnings: readonly string[];
}

/**
 * Reads the mapping and the definitions of both sides once per run and checks the one against the other, so that a field
 * that is gone or no longer fits stops the run before anything is emitted. The account's time zone is read only when a row
 * needs it.
 */
export async function prepareMapping(context: IExecuteFunctions): Promise<Result<PreparedMapping>> {
	const more = moreRows(context.getNodeParameter('moreMappings.row', 0, []));
	if (more.kind !== 'ok') return more;
	const parameter = (name: string): unknown => context.getNodeParameter(name, 0, '');
	const [source, destination] = [sourceSystem(context, parameter), destinationSystem(context, parameter)];
	const rules = context.getNodeParameter('options', 0, {}) as Record<string, unknown>;
	const merged = mergeRows(tableRows(context.getNode().parameters.mapping), more.value);
	const rows = withOverwriteRules(merged, rules);
	if (rows.length === 0)
		return {
			kind: 'stop',
			code: 'NOTHING_MAPPED',
			reason: `No ${destination.label} ${destination.fieldNoun} has a ${source.label} field`,
		};
	const [fields, destinationFields] = await Promise.all([
		source.fields(rows.flatMap(({ from }) => (from.kind === 'field' ? [from.name] : []))),
		destination.fields(rows.map((row) => row.destination)),
	]);
	if (fields.kind !== 'ok') return fields;
	if (destinationFields.kind !== 'ok') return destinationFields;
	const definitions = {
		sourceFields: fields.value,
		destinationFields: destinationFields.value,
		sourceSystem: source.label,
		destinationSystem: destination.label,
		fieldNoun: destination.fieldNoun,
	};
	const comeBack = destination.bothWays || context.getNodeParameter('options.editsComeBack', 0, false) === true;
	const settings = { ...readSettings(context), bothWays: comeBack };
	const plan = validateMapping(rows, definitions, settings);
	if (plan.kind !== 'ok') {
		const { code, reason } = plan;
		return code === 'NO_IDENTIFIER_MAPPED' ? { ...plan, reason: `${reason}. ${BRING_BACK}` } : plan;
	}
	const { sourceFields, sourceSystem: label } = definitions;
	const found = { sourceFields, sourceSystem: label };
	if (!needsTimeZone(plan.value)) return ok({ plan: plan.value, ...found, warnings: [] });
	const zone = await chooseTimeZone(context, source);
	if (zone.kind !== 'ok') return zone;
	const { timeZone, warning } = zone.value;
	const inZone = { ...plan.value.settings, timeZone };
	return ok({ plan: { ...plan.value, settings: inZone }, ...found, warnings: warning === undefined ? [] : [warning] });
}

function readSettings(context: IExecuteFunctions): MappingSettings {
	const options = context.getNodeParameter('options', 0, {}) as Partial<Record<keyof MappingSettings, string>>;
	return {
		emptyValues: options.emptyValues === 'clear' ? 'clear' : 'leave',
		unusablePhone: options.unusablePhone === 'excludeContact' ? 'excludeContact' : 'leaveOut',
		choicesAs: options.choicesAs === 'value' ? 'value' : 'label',
		...(options.defaultCountry ? { defaultCountry: options.defaultCountry } : {}),
	};
}
