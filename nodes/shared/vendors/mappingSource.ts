/** The systems contacts come from, as the parameter 'Source' of Map Contact Fields names them. */
export type SourceName = 'hubSpot' | 'salesforce';

/** As contact items name the systems (`source.system`), and as people do. */
export const SOURCES: Readonly<Record<SourceName, { readonly system: string; readonly label: string }>> = {
	hubSpot: { system: 'hubspot', label: 'HubSpot' },
	salesforce: { system: 'salesforce', label: 'Salesforce' },
};

/** What our triggers follow, by the names that Map Contact Fields has for them. */
export type FollowedName = SourceName | 'brevo';

/** What Map Contact Fields maps from: a system, or the files that Read Contact Export reads. */
export type MappingSourceName = FollowedName | 'export';

export const MAPPING_SOURCES: Readonly<Record<MappingSourceName, { readonly system: string; readonly label: string }>> =
	{
		...SOURCES,
		brevo: { system: 'brevo', label: 'Brevo' },
		export: { system: 'export', label: 'Contact Export' },
	};

/** An expression that gives the label of the source chosen in a node. */
export const sourceLabelExpression = `(${JSON.stringify(
	Object.fromEntries(Object.entries(MAPPING_SOURCES).map(([name, { label }]) => [name, label])),
)})[$parameter["source"]]`;

export interface MappingSource {
	readonly name: MappingSourceName;
	/** Contact or Lead, of Salesforce. */
	readonly object?: string;
}

/** What a Map Contact Fields node maps from, from its raw parameters. Nodes older than the parameter map from HubSpot. */
export function mappingSource(parameters: Readonly<Record<string, unknown>> = {}): MappingSource {
	if (parameters.source === 'export' || parameters.source === 'brevo') return { name: parameters.source };
	if (parameters.source !== 'salesforce') return { name: 'hubSpot' };
	return { name: 'salesforce', object: parameters.salesforceObject === 'Lead' ? 'Lead' : 'Contact' };
}
