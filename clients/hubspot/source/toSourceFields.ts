import type { SourceField, SourceFieldType } from '../../../core/mapping/fields';
import type { HubSpotProperty } from '../api/types';

/**
 * The contact properties as the mapping sees them, in HubSpot's order. All of them, so that a row which names one that is
 * not offered differs from a row which names one that is gone; what is not offered is marked `readOnly` or `hidden`.
 */
export function toSourceFields(properties: readonly HubSpotProperty[]): readonly SourceField[] {
	return properties.map((property) => ({
		name: property.name,
		label: property.label,
		type: typeOf(property),
		...(property.options.length > 0 ? { options: property.options.map(({ value, label }) => ({ value, label })) } : {}),
		readOnly:
			property.readOnly ||
			property.calculated ||
			(property.hubspotDefined && READ_ONLY.some((pattern) => pattern.test(property.name))),
		hidden:
			property.hidden ||
			property.type === 'json' ||
			property.type === 'object_coordinates' ||
			property.fieldType === 'file',
		...(property.groupName === undefined ? {} : { group: property.groupName }),
	}));
}

/**
 * HB-26 by name, for accounts whose definitions do not say `readOnlyValue`: what HubSpot counts, scores and stamps by
 * itself.
 */
const READ_ONLY: readonly RegExp[] = [
	/^hs_(?:analytics|email|time_in|time_between|date_entered|date_exited|v2_|lifecyclestage_.*_date|calculated|predictive|sequences|social|feedback|sa_|cross_sell|created_|updated_|object_)/,
	/^hs_(?:latest_|merged_|searchable_|is_|all_|user_ids|unique_creation_key|pinned|read_only|was_imported|marketable|membership)/,
	/^(?:hubspotscore|hubspotteam.*|createdate|lastmodifieddate|days_to_close|num_.*|notes_.*|first_conversion_.*|recent_.*|engagements_.*|first_deal_.*|total_revenue|surveymonkey.*|webinareventlastupdated|currentlyinworkflow|ip_.*|associatedcompany.*)$/,
];

const TYPES: Readonly<Record<string, SourceFieldType>> = {
	string: 'text',
	number: 'number',
	date: 'date',
	datetime: 'datetime',
	bool: 'boolean',
	phone_number: 'phone',
};

/** `checkbox` is a multiple choice, `booleancheckbox` a yes/no field even where its type is an enumeration. */
function typeOf({ name, type, fieldType }: HubSpotProperty): SourceFieldType {
	if (type === 'enumeration')
		return fieldType === 'checkbox' ? 'multipleChoice' : fieldType === 'booleancheckbox' ? 'boolean' : 'category';
	if (type === 'string' && fieldType === 'phonenumber') return 'phone';
	if (type === 'string' && (name === 'email' || name === 'work_email')) return 'email';
	return TYPES[type] ?? 'text';
}
