import type { ContactChange, FieldValue } from '../../../core/contact/contact';
import type { DestinationField, SourceField } from '../../../core/mapping/fields';
import type { MappingPlan, MappingRow, MappingSettings } from '../../../core/mapping/mapping';
import { validateMapping } from '../../../core/mapping/validateMapping';

export const source = (
	name: string,
	type: SourceField['type'] = 'text',
	more: Partial<SourceField> = {},
): SourceField => ({
	name,
	label: name,
	type,
	readOnly: false,
	hidden: false,
	...more,
});

export const destination = (
	name: string,
	type: DestinationField['type'] = 'text',
	more: Partial<DestinationField> = {},
): DestinationField => ({ name, label: name, type, ...more });

export const EMAIL = destination('EMAIL', 'email', { label: 'Email', identifier: 'email' });
export const SMS = destination('SMS', 'phone', { label: 'SMS', identifier: 'phone' });

export const SETTINGS: MappingSettings = { emptyValues: 'leave', unusablePhone: 'excludeContact', choicesAs: 'label' };

export const from = (to: string, name: string): MappingRow => ({ destination: to, from: { kind: 'field', name } });

/** A plan of `[destination, source]` pairs; throws when it is not valid. */
export function planOf(
	pairs: ReadonlyArray<readonly [DestinationField, SourceField]>,
	settings: Partial<MappingSettings> = {},
): MappingPlan {
	const plan = validateMapping(
		pairs.map(([to, field]) => from(to.name, field.name)),
		{
			sourceFields: pairs.map(([, field]) => field),
			destinationFields: pairs.map(([to]) => to),
			sourceSystem: 'HubSpot',
			destinationSystem: 'Brevo',
			fieldNoun: 'attribute',
		},
		{ ...SETTINGS, ...settings },
	);
	if (plan.kind !== 'ok') throw new Error(plan.reason);
	return plan.value;
}

export const contact = (fields: Record<string, FieldValue>, more: Partial<ContactChange> = {}): ContactChange => ({
	key: 'hubspot:1:contact:7',
	change: 'updated',
	source: { system: 'hubspot', account: '1', object: 'contact', id: '7', list: '12' },
	changedAt: '2026-11-20T10:00:00.000Z',
	fields,
	optedOut: false,
	...more,
});
