import type { MappingRow, MappingSettings } from '../../../core/mapping/mapping';

/** HubSpot property by Brevo attribute: one of each type there is. */
const FIELDS: Readonly<Record<string, string>> = {
	EMAIL: 'email',
	SMS: 'phone',
	WHATSAPP: 'mobilephone',
	LANDLINE_NUMBER: 'fax',
	FIRSTNAME: 'firstname',
	LASTNAME: 'lastname',
	LIFECYCLE: 'lifecyclestage',
	IS_CUSTOMER: 'vip',
	BIRTHDAY: 'birthday',
	ANNUAL_REVENUE: 'loyalty_points',
};

export const SOURCE_FIELDS: readonly string[] = Object.values(FIELDS);

export const MAPPING: readonly MappingRow[] = Object.entries(FIELDS).map(([destination, name]) => ({
	destination,
	from: { kind: 'field', name },
}));

/** Empty values are cleared, so that what Brevo should hold does not hang on what it held before. */
export const SETTINGS: MappingSettings = { emptyValues: 'clear', unusablePhone: 'excludeContact', choicesAs: 'label' };
