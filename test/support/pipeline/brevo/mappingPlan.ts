import type { BrevoClient } from '../../../../clients/brevo/api/brevoClient';
import { toDestinationFields } from '../../../../clients/brevo/destination/toDestinationFields';
import type { SourceField } from '../../../../core/mapping/fields';
import type { MappingPlan, MappingRow } from '../../../../core/mapping/mapping';
import { validateMapping } from '../../../../core/mapping/validateMapping';
import type { Result } from '../../../../core/result';
import { SETTINGS } from '../mapping';

/** A mapping to the attributes there are; undefined when one of the two sides could not be read. */
export async function planTo(
	client: BrevoClient,
	rows: readonly MappingRow[],
	sourceFields: Result<readonly SourceField[]>,
	sourceSystem: string,
): Promise<MappingPlan | undefined> {
	const attributes = await client.listAttributes();
	if (sourceFields.kind !== 'ok' || attributes.kind !== 'ok') return undefined;
	const definitions = {
		sourceFields: sourceFields.value,
		destinationFields: toDestinationFields(attributes.value),
		sourceSystem,
		destinationSystem: 'Brevo',
		fieldNoun: 'attribute',
	};
	const plan = validateMapping(rows, definitions, SETTINGS);
	if (plan.kind !== 'ok') throw new Error(plan.reason);
	return plan.value;
}
