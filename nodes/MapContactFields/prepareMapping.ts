import type { IExecuteFunctions } from 'n8n-workflow';
import type { MappingPlan, MappingSettings } from '../../core/mapping/mapping';
import { validateMapping } from '../../core/mapping/validateMapping';
import type { Result } from '../../core/result';
import { readBrevoFields, readHubSpotFields } from '../shared/fieldDefinitions';
import { hubSpotCredentialType } from '../shared/hubSpotAuthentication';
import { mergeRows, moreRows, tableRows } from '../shared/mappingRows';

/**
 * Reads the mapping and the definitions of both sides once per run and checks the one against the other, so that a field
 * that is gone stops the run before anything is emitted.
 */
export async function prepareMapping(context: IExecuteFunctions): Promise<Result<MappingPlan>> {
	const more = moreRows(context.getNodeParameter('moreMappings.row', 0, []));
	if (more.kind !== 'ok') return more;
	const rows = mergeRows(tableRows(context.getNode().parameters.mapping), more.value);
	if (rows.length === 0)
		return { kind: 'stop', code: 'NOTHING_MAPPED', reason: 'No Brevo attribute has a HubSpot field' };
	const [source, destination] = await Promise.all([
		readHubSpotFields(context, hubSpotCredentialType(context.getNodeParameter('authentication', 0, 'accessToken'))),
		readBrevoFields(context, 'contactSyncBrevoApi'),
	]);
	if (source.kind !== 'ok') return source;
	if (destination.kind !== 'ok') return destination;
	const definitions = {
		sourceFields: source.value,
		destinationFields: destination.value,
		sourceSystem: 'HubSpot',
		destinationSystem: 'Brevo',
	};
	return validateMapping(rows, definitions, readSettings(context));
}

function readSettings(context: IExecuteFunctions): MappingSettings {
	const options = context.getNodeParameter('options', 0, {}) as Partial<Record<keyof MappingSettings, string>>;
	return {
		emptyValues: options.emptyValues === 'clear' ? 'clear' : 'leave',
		unusablePhone: options.unusablePhone === 'leaveOut' ? 'leaveOut' : 'excludeContact',
		choicesAs: options.choicesAs === 'value' ? 'value' : 'label',
		...(options.defaultCountry ? { defaultCountry: options.defaultCountry } : {}),
	};
}
