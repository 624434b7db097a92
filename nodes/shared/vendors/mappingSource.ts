/** The systems contacts come from, as the parameter 'Source' of Map Contact Fields names them. */
export type SourceName = 'hubSpot' | 'salesforce';

export interface MappingSource {
	readonly name: SourceName;
	/** Contact or Lead, of Salesforce. */
	readonly object?: string;
}

/** What a Map Contact Fields node maps from, from its raw parameters. Nodes older than the parameter map from HubSpot. */
export function mappingSource(parameters: Readonly<Record<string, unknown>> = {}): MappingSource {
	if (parameters.source !== 'salesforce') return { name: 'hubSpot' };
	return { name: 'salesforce', object: parameters.salesforceObject === 'Lead' ? 'Lead' : 'Contact' };
}
