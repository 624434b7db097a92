import type { HubSpotProperty } from './types';

/** HB-26: the value is HubSpot's own, or worked out. */
export const isReadOnly = ({ name, readOnly, calculated, hubspotDefined }: HubSpotProperty): boolean =>
	readOnly || calculated || (hubspotDefined && READ_ONLY.some((pattern) => pattern.test(name)));

/** Hidden in HubSpot's pages, or of a kind that is no single value. */
export const isHidden = ({ hidden, type, fieldType }: HubSpotProperty): boolean =>
	hidden || type === 'json' || type === 'object_coordinates' || fieldType === 'file';

/**
 * HB-26 by name, for accounts whose definitions do not say `readOnlyValue`: what HubSpot counts, scores and stamps by
 * itself.
 */
const READ_ONLY: readonly RegExp[] = [
	/^hs_(?:analytics|email|time_in|time_between|date_entered|date_exited|v2_|lifecyclestage_.*_date|calculated|predictive|sequences|social|feedback|sa_|cross_sell|created_|updated_|object_)/,
	/^hs_(?:latest_|merged_|searchable_|is_|all_|user_ids|unique_creation_key|pinned|read_only|was_imported|marketable|membership)/,
	/^(?:hubspotscore|hubspotteam.*|createdate|lastmodifieddate|days_to_close|num_.*|notes_.*|first_conversion_.*|recent_.*|engagements_.*|first_deal_.*|total_revenue|surveymonkey.*|webinareventlastupdated|currentlyinworkflow|ip_.*|associatedcompany.*)$/,
];
